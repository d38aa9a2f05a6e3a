"""The sentences of the demo company, written for it."""
