"""Arguments checked against a tool's model, with errors a model or a person can act on."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schema.errors import CrmError
from tools.registry import ToolArgs, ToolSpec

_ELSEWHERE = {
    said: ours.split()
    for line, ours in (
        ("deal deals sale sales", "opportunity opportunities"),
        ("customer customers client clients", "account accounts"),
        ("company companies firm firms", "account accounts organization organizations"),
        ("person people", "contact contacts individual individuals"),
        ("activity activities call calls email emails meeting meetings", "interaction interactions"),
        ("todo todos to-do to-dos reminder reminders", "task tasks"),
        ("lead leads", "opportunity job partnership"),
        ("colleague colleagues employee employees rep reps", "user users"),
    )
    for said in line.split()
}
"""What other CRMs, and people, call what has another name here."""


def parse_args(spec: ToolSpec, given: Mapping[str, Any]) -> ToolArgs:
    """The typed arguments; raises CrmError of kind invalid naming each argument that is wrong."""
    known = tuple(spec.args_model.model_fields)
    unknown = [name for name in given if name not in known]
    if unknown:
        raise CrmError("invalid", _unknown(f"{spec.name} has no argument", unknown, known, "It takes"))
    try:
        return spec.args_model.model_validate(dict(given))
    except ValidationError as error:
        raise CrmError("invalid", " ".join(_sentence(spec.name, each) for each in error.errors())) from None


def unknown_name(what: str, name: str, known: Iterable[str], listed: str = "It has") -> str:
    """`what` and the name, then the near ones or all there are."""
    return _unknown(what, [name], tuple(known), listed)


def _unknown(what: str, names: Iterable[str], known: tuple[str, ...], listed: str) -> str:
    sentences: list[str] = []
    for name in names:
        elsewhere = [word for word in _ELSEWHERE.get(name.lower(), ()) if word in known]
        near = elsewhere or get_close_matches(name, known, n=2, cutoff=0.6)
        sentences.append(f"{what} {name}" + (f"; did you mean {' or '.join(near)}?" if near else "."))
    return f"{' '.join(sentences)} {listed} {', '.join(known)}."


def _sentence(tool: str, error: ErrorDetails) -> str:
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "missing":
        return f"{tool} needs the argument {where}."
    message = error["msg"].removeprefix("Value error, ")
    return f"{where} of {tool}: {message[:1].lower()}{message[1:]}."
