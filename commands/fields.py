"""Field values as they are typed: `field=value`, `--data` with JSON, or JSON on stdin."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any, cast

import click

from schema.kinds import KINDS


def kind_named(text: str) -> str:
    """The record kind's singular name, however it was typed; an unknown one is left for the tool to name near ones."""
    word = text.strip().lower()
    plurals = {kind.plural: kind.name for kind in KINDS.values()} | {"users": "user"}
    return plurals.get(word, word)


def read_fields(pairs: Sequence[str], data: str | None) -> dict[str, Any]:
    """The values of all of them together, a typed pair before what JSON says.

    Stdin is read for `--data -`, and when there is nothing else and it is no terminal.
    """
    fields: dict[str, Any] = {}
    if data == "-" or (data is None and not pairs and not sys.stdin.isatty()):
        data = sys.stdin.read()
    if data is not None and data.strip():
        fields |= _object(data)
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f"{pair!r} is not field=value; quote it when the value holds blanks.")
        fields[name.strip()] = _value(name.strip(), value)
    if not fields:
        raise click.UsageError("Give at least one field=value, or JSON by --data or on stdin.")
    return fields


def _object(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"The data is not JSON: {error}.") from None
    if not isinstance(found, dict):
        raise click.UsageError('The data must be one JSON object, as in {"name": "Acme"}.')
    return cast("dict[str, Any]", found)


def _value(name: str, text: str) -> Any:
    """What is typed is text, and the tool reads it by the field's type; an empty one empties the field."""
    if text == "":
        return None
    if name == "participants" or (name == "tags" and text.startswith("[")):
        return _list(name, text)
    if name == "tags":
        return [tag.strip() for tag in text.split(",") if tag.strip()]
    return text


def _list(name: str, text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise click.UsageError(f"{name} takes a JSON list.")
    return cast("list[Any]", found)
