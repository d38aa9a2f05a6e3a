"""How long something took: "20 minute", "half an hour", "1.5 hours", "1h30"."""

import re
from collections.abc import Sequence
from decimal import Decimal

from agent.offline.text import Shape, Token
from agent.offline.values.numbers import number_at

_SECONDS = {
    "second": 1, "seconds": 1, "sec": 1, "secs": 1, "minute": 60, "minutes": 60, "min": 60, "mins": 60, "hour": 3600,
    "hours": 3600, "hr": 3600, "hrs": 3600, "h": 3600,
}  # fmt: skip


def duration_at(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """Seconds of the duration that starts at a token, and the index after it."""
    words = [token.word for token in tokens[at : at + 6]]
    if words[:2] in (["half", "an"], ["half", "a"]) and words[2:3] == ["hour"]:
        return 1800, at + 3
    if words[:2] == ["half", "hour"]:
        return 1800, at + 2
    if words[:3] == ["quarter", "of", "an"] and words[3:4] == ["hour"]:
        return 900, at + 4
    if match := re.fullmatch(r"(\d{1,2})h(\d{2})", words[0]):
        return int(match[1]) * 3600 + int(match[2]) * 60, at + 1
    if tokens[at].shape in (Shape.WORD, Shape.NUMBER) and (
        match := re.fullmatch(r"(\d{1,3})\s?(mins?|hrs?|h|minutes?)", words[0])
    ):
        return int(match[1]) * (60 if match[2].startswith("m") else 3600), at + 1
    return _counted(tokens, at, words)


def _counted(tokens: Sequence[Token], at: int, words: list[str]) -> tuple[int, int] | None:
    if words[0] in ("an", "a", "one") and words[1:2] and words[1] in _SECONDS:
        amount, end = Decimal(1), at + 1
    else:
        number = number_at(tokens, at)
        if number is None or number[0].is_ordinal or number[0].is_percent or number[0].looks_like_money:
            return None
        amount, end = number[0].amount, number[1]
    if end < len(tokens) and tokens[end].word == "-":
        end += 1
    if end >= len(tokens) or tokens[end].word not in _SECONDS:
        return None
    seconds = amount * _SECONDS[tokens[end].word]
    end += 1
    if [t.word for t in tokens[end : end + 3]] == ["and", "a", "half"]:
        return int(seconds + _SECONDS[tokens[end - 1].word] // 2), end + 3
    return int(seconds), end
