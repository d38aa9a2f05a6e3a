"""Insights by a model: what it is told, what it may answer, and how its words are tied to the text."""
