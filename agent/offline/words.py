"""Sets of words, written as a line."""


def word_set(line: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(line.split())
