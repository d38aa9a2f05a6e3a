"""OpenAI's embeddings, seen from the server: texts that share words get vectors that lie near each other.

Format: https://platform.openai.com/docs/api-reference/embeddings
"""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from evals.standin.script import Message, Reply

DIMENSIONS = {"text-embedding-3-large": 3072, "text-embedding-3-small": 1536}
OTHERS = 64
"""Dimensions of a model that OpenAI does not have."""
_MOST_TEXTS = 2048


def read_messages(body: dict[str, Any]) -> tuple[Message, ...]:
    """The texts to embed, as a person's messages."""
    return tuple(Message("user", text) for text in _texts(body))


def refusal(body: dict[str, Any]) -> str | None:
    """Why OpenAI would not embed these texts; None when it would."""
    texts = _texts(body)
    if not 1 <= len(texts) <= _MOST_TEXTS or not all(texts):
        return f"'$.input' is invalid: 1 to {_MOST_TEXTS} texts, and none of them empty."
    if int(body.get("dimensions") or 1) > _own_dimensions(body):
        return f"Invalid value for 'dimensions': at most {_own_dimensions(body)}."
    return None


def whole(body: dict[str, Any], reply: Reply) -> dict[str, Any]:
    """The answer: the reply's own vectors if it has any, else one for each text."""
    vectors = [_vector(text, body) for text in _texts(body)] if reply.vectors is None else reply.vectors
    data = [
        {"object": "embedding", "index": at, "embedding": _encoded(vector, body)} for at, vector in enumerate(vectors)
    ]
    tokens = sum(len(text.split()) for text in _texts(body))
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "model": str(body.get("model", "")), "data": data, "usage": usage}


def _texts(body: dict[str, Any]) -> list[str]:
    given = body.get("input", [])
    return [given] if isinstance(given, str) else cast("list[str]", given)


def _own_dimensions(body: dict[str, Any]) -> int:
    return DIMENSIONS.get(str(body.get("model")), OTHERS)


def _vector(text: str, body: dict[str, Any]) -> Sequence[float]:
    """The sum of a direction for each word; like OpenAI's own, cut to fewer dimensions and at length one again."""
    total = np.zeros(_own_dimensions(body))
    for word, times in Counter(re.findall(r"\w+", text.lower()) or [text]).items():
        total += times * _direction(word, len(total))
    cut = total[: int(body.get("dimensions") or len(total))]
    return cast("list[float]", (cut / np.linalg.norm(cut)).tolist())


def _direction(word: str, dimensions: int) -> NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(word.encode(errors="replace")).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(dimensions)


def _encoded(vector: Sequence[float], body: dict[str, Any]) -> str | list[float]:
    if body.get("encoding_format") == "base64":
        return base64.b64encode(np.asarray(vector, "<f4").tobytes()).decode()
    return [*vector]
