"""Records as chunks: pieces of text short enough for an embedder to read whole, each with the hash of what it says."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

TARGET = 220
"""Tokens of a chunk, by estimate: the local model reads 256, and a shorter passage is found more precisely."""
_OVERLAP = 40
"""Tokens that a chunk repeats of the one before, at most, so that no thought is cut in two for both."""
_LONG_WORD = 20
"""Letters; what is longer is seldom a word."""
_TITLE = 60
_FACTS = 40
"""Tokens of them that are embedded; each chunk of a long text begins with its title."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """Which of a kind's view columns are embedded; no address, number or id, and nothing that changes without its text."""

    title: str | None
    facts: tuple[str, ...] = ()
    body: str | None = None


_PARTS: Mapping[str, _Parts] = {
    "organization": _Parts("name", ("industry", "city", "country"), "description"),
    "account": _Parts("name", ("tier", "industry", "country")),
    "individual": _Parts("full_name", ("city", "country")),
    "contact": _Parts("full_name", ("title", "department", "account_name")),
    "opportunity": _Parts("name", ("source", "loss_reason"), "description"),
    "job": _Parts("name", ("position",)),
    "partnership": _Parts("name", ("partner_type",)),
    "task": _Parts("title", (), "body"),
    "note": _Parts(None, (), "body"),
    "interaction": _Parts("subject", (), "body"),
}
KINDS = tuple(_PARTS)
"""The record kinds that have chunks."""


@dataclass(frozen=True, slots=True)
class Chunk:
    position: int
    """Counts a record's chunks from 0."""
    text: str
    """What is embedded: the record's title, then its facts or a piece of its text."""
    start: int
    """Where the piece begins in the record's long text, in characters; 0 when there is none."""
    end: int
    content_hash: str
    """SHA-256 of `text`: what says the same needs no new embedding."""


def columns_of(kind: str) -> tuple[str, ...]:
    """The columns of a kind's view that its chunks are made of."""
    parts = _PARTS[kind]
    return tuple(column for column in (parts.title, *parts.facts, parts.body) if column)


def chunks_of(kind: str, row: Mapping[str, object]) -> list[Chunk]:
    """The chunks of a record, given by the columns of its view; none when it says nothing.

    They depend on nothing but the row: the same row gives the same chunks.
    """
    parts = _PARTS[kind]
    title = _beginning(_line(row.get(parts.title or "")), _TITLE)
    facts = "; ".join(filter(None, (_line(row.get(fact)).replace("_", " ") for fact in parts.facts)))
    head = "\n".join(filter(None, (title, _beginning(facts, _FACTS))))
    body = _text(row.get(parts.body or ""))
    spans = _spans(body, TARGET - estimated_tokens(head))
    if not spans:
        return [_chunk(0, head, 0, 0)] if head else []
    return [
        _chunk(at, "\n".join(filter(None, (title if at else head, _tidy(body[start:end])))), start, end)
        for at, (start, end) in enumerate(spans)
    ]


def _beginning(text: str, tokens: int) -> str:
    text = text[: tokens * _LONG_WORD]
    while estimated_tokens(text) > tokens:
        text = text[: len(text) * 3 // 4].rstrip()
    return text


def estimated_tokens(text: str) -> int:
    """About how many tokens an embedder makes of a text: rather too many, and far cheaper than counting them."""
    return sum(_word_tokens(word) for word in re.findall(r"[^\W_]+|[^\w\s]|_", text))


def _word_tokens(word: str) -> int:
    # The vocabularies are English: other Latin words fall into pieces, and other scripts into letters, which in
    # Korean are parts of a character.
    if max(word) < "\u0250":
        return 1 + len(word) // (3 if len(word) <= _LONG_WORD else 2)
    return len(unicodedata.normalize("NFD", word))


def _chunk(position: int, text: str, start: int, end: int) -> Chunk:
    return Chunk(position, text, start, end, hashlib.sha256(text.encode()).hexdigest())


def _text(value: object) -> str:
    """The value as text that any encoder and PostgreSQL take, at its own length."""
    text = value if isinstance(value, str) else ""
    return re.sub(r"[\0\ud800-\udfff]", " ", text)


def _line(value: object) -> str:
    return " ".join(_text(value).split())


def _tidy(text: str) -> str:
    """Without the blanks and blank lines that say nothing."""
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"[^\S\n]+", " ", text)).strip()


def _spans(text: str, target: int) -> list[tuple[int, int]]:
    """Where each chunk begins and ends: whole sentences up to `target` tokens, beginning with the end of the one before."""
    sentences = [*_sentences(text, target)]
    sizes = [estimated_tokens(text[start:end]) for start, end in sentences]
    spans: list[tuple[int, int]] = []
    first = size = 0
    for at, tokens in enumerate(sizes):
        if size and size + tokens > target:
            spans.append((sentences[first][0], sentences[at - 1][1]))
            first = _overlapping(sizes, first, at, target - tokens)
            size = sum(sizes[first:at])
        size += tokens
    if size:
        spans.append((sentences[first][0], sentences[-1][1]))
    return spans


def _overlapping(sizes: Sequence[int], first: int, at: int, room: int) -> int:
    """The sentence that the chunk of the `at`th begins with: an earlier one, if it is short and leaves room."""
    begin, size = at, 0
    while begin - 1 > first and size + sizes[begin - 1] <= min(_OVERLAP, room):
        begin -= 1
        size += sizes[begin]
    return begin


_ENDS = re.compile(r"(?:(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?=\s)|[。！？]|\n)\s*+")


def _sentences(text: str, target: int) -> Iterator[tuple[int, int]]:
    """Sentences and lines, without the blanks around them; one longer than a chunk in pieces that fit."""
    borders = [0, *(end.end() for end in _ENDS.finditer(text)), len(text)]
    for start, end in pairwise(borders):
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        if start < end:
            yield from _fitting(text, start, end, target)


# A word longer than any is cut, so that each piece fits, whatever its script.
_WORDS = re.compile(r"\S{1,40}")


def _fitting(text: str, start: int, end: int, target: int) -> Iterator[tuple[int, int]]:
    if estimated_tokens(text[start:end]) <= target:
        yield start, end
        return
    size, last = 0, start
    for word in _WORDS.finditer(text, start, end):
        tokens = estimated_tokens(word[0])
        if size and size + tokens > target:
            yield start, last
            start, size = word.start(), 0
        size += tokens
        last = word.end()
    yield start, end
