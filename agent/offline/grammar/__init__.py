"""The readers: each turns one sort of clause into its logical form, or leaves it to the next."""
