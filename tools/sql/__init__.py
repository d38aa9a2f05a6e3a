"""Guarded SQL run as the reader: its rows, what they are worth, and its errors without the data in them."""
