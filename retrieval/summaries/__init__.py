"""Where things stand with each account, in a few sentences: facts counted by SQL, and what was said in its own words."""
