"""Records of every kind: read, checked, written and shown the same way for all tools."""
