"""Erasing one person's data for good: records, texts, transcripts and the log, which verifies as before."""

from schema.erasure.erase import Erased, erase
from schema.erasure.person import find_individuals
from schema.erasure.texts import ERASED

__all__ = ["ERASED", "Erased", "erase", "find_individuals"]
