"""Records grouped by what they say: from the stored vectors, named by their own words, the same again on every run."""
