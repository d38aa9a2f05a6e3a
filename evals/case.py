"""The check language: a case is requests and decisions in their order, and what the database must hold after them."""

import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from agent.result import Status
from schema.errors import CrmError
from schema.kinds import KINDS

ADMIN = "admin@brightwater.example"
OPEN = "open.yaml"
"""The file that says of each case known to fail why: with the case itself, or by `id` for one of another file."""

Json = str | int | float | bool | None | list[Any] | dict[str, Any]
"""What a check expects of a field; `evals.values` says what each form means."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _alternatives(value: object) -> object:
    """`completed or needs_input` as a set."""
    if not isinstance(value, str):
        raise ValueError("a status is a word, or several joined by `or`")  # noqa: TRY004  pydantic passes a TypeError on
    return frozenset(value.split(" or "))


Statuses = Annotated[frozenset[Status], BeforeValidator(_alternatives)]


class PersonCall(Strict):
    """A tool that a person uses by hand, before the first request or between two."""

    tool: str
    args: dict[str, Any]
    as_: str | None = Field(default=None, alias="as")
    """Who; the case's own user unless said."""


class Rejection(Strict):
    reject: str
    """Why, as the person puts it."""


Verdict = Literal["approve", "nothing"] | Rejection
"""`nothing`: the run goes on without a decision, because the proposal's time is up."""


def _each(value: object) -> object:
    return cast("list[object]", value) if isinstance(value, list | tuple) else [value]


class Decision(Strict):
    """What the person decides on what the last request proposed; the run goes on when nothing of it waits any more."""

    decide: Annotated[tuple[Verdict, ...], BeforeValidator(_each), Field(min_length=1)]
    """One for all proposals that wait, or one for each in the order proposed."""
    as_: str | None = Field(default=None, alias="as")
    """Who; the case's own user unless said."""
    refused: str | None = None
    """Part of the sentence with which the decision must be refused; the run then goes on waiting."""


class Later(Strict):
    """Time that goes by."""

    hours: float


Turn = str | PersonCall | Decision | Later


class ExpectedProposal(Strict):
    """One change that must have waited for a person."""

    action: Literal["create", "update", "delete", "restore", "merge", "undo"]
    kind: Json
    count: Json = 1
    labels: Json = None
    """What the records are called, in any order."""
    before: dict[str, Json] = {}
    """Fields as each of the records has them."""
    after: dict[str, Json] = {}
    """Fields as each of the records would have them."""


class ExpectedChange(Strict):
    """One record that must have changed, and how; the fields in `after` are all that may differ."""

    action: Literal["create", "update", "delete", "restore"]
    kind: Literal[
        "organization", "account", "individual", "contact", "opportunity", "job", "partnership", "task", "note",
        "interaction", "user",
    ]  # fmt: skip
    label: Json = None
    id: Json = None
    before: dict[str, Json] = {}
    after: dict[str, Json] = {}
    also: tuple[str, ...] = ()
    """Fields that may have changed too, to whatever value."""
    is_optional: bool = False
    """True for a change that a good agent may make or leave."""

    @model_validator(mode="after")
    def _fields_exist(self) -> Self:
        if self.kind in KINDS:
            known = {*KINDS[self.kind].fields, "closed_at", "completed_at"}
            unknown = {*self.before, *self.after, *self.also} - known
            if unknown:
                raise ValueError(f"{self.kind} has no field {', '.join(sorted(unknown))}")
        return self


class SqlCheck(Strict):
    query: str
    """One SELECT over the views, as the case's user sees them."""
    rows: list[list[Json]]


class Case(Strict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    tags: Annotated[tuple[str, ...], Field(min_length=1)]
    as_: str = Field(default=ADMIN, alias="as")
    """E-mail of the user who asks."""
    given: tuple[PersonCall, ...] = ()
    """What stands in the database beside the demo company before the case begins."""
    turns: Annotated[tuple[Turn, ...], Field(min_length=1)]
    status: Statuses | tuple[Statuses, ...]
    """How the last run may end; or one for each time that a run ended or came to wait."""
    is_rehearsed: bool = False
    """True to ask each request as a dry run first, which must show what is then really done."""
    proposals: tuple[ExpectedProposal, ...] | None = None
    """What waited, in the order proposed: exactly these. None only where nothing is decided: then it does not matter."""
    changes: tuple[ExpectedChange, ...] = ()
    """The net difference between the database before and after: exactly these, so none unless named."""
    is_as_proposed: bool = False
    """True where the net difference is every record of the approved proposals, beside those in `changes`."""
    log: tuple[str, ...] | None = None
    """Every change the runs logged, in order: `action kind label`, with `{any}` for a label that does not matter."""
    sql: tuple[SqlCheck, ...] = ()
    answer_values: tuple[Json, ...] = ()
    """Numbers, names and dates that the last answer must hold."""
    answer_lacks: tuple[Json, ...] = ()
    """What no answer and no tool result may hold."""
    open: str | None = None
    """Why the case is known to fail; said only in `open.yaml`."""

    @property
    def requests(self) -> tuple[str, ...]:
        return tuple(turn for turn in self.turns if isinstance(turn, str))

    @property
    def endings(self) -> int:
        """How often a run ends or comes to wait: after each request, and after each decision that is taken."""
        return sum(isinstance(turn, str) or (isinstance(turn, Decision) and not turn.refused) for turn in self.turns)

    @property
    def statuses(self) -> tuple[frozenset[Status], ...]:
        """How each run may end."""
        if isinstance(self.status, tuple):
            return self.status
        anything = frozenset(get_args(Status))
        waiting = frozenset[Status](["needs_approval"])
        is_decided = [isinstance(turn, Decision) for turn in (*self.turns[1:], "")]
        told = [
            waiting if isinstance(turn, str) and decided else anything
            for turn, decided in zip(self.turns, is_decided, strict=True)
            if isinstance(turn, str) or (isinstance(turn, Decision) and not turn.refused)
        ]
        return (*told[:-1], self.status)

    @model_validator(mode="after")
    def _one_status_an_ending(self) -> Self:
        if isinstance(self.status, tuple) and len(self.status) != self.endings:
            raise ValueError("status must be one, or one for each request and each decision that is taken")
        return self

    @model_validator(mode="after")
    def _decisions_are_on_proposals(self) -> Self:
        decisions = any(isinstance(turn, Decision) for turn in self.turns)
        if decisions and not self.proposals:
            raise ValueError("a case with decisions says in `proposals` on what")
        return self


def load_cases(paths: Iterable[Path] | None = None) -> list[Case]:
    """The cases of the files in order, or all of `evals/cases`. Raises CrmError (invalid) naming file and case."""
    folder = Path(str(files("evals") / "cases"))
    cases: list[Case] = []
    reasons: dict[str, str] = {}
    for path in paths or sorted(folder.glob("*.yaml")):
        documents: list[dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or []
        reasons |= {each["id"]: each["open"] for each in documents if _is_mark(path, each)}
        cases += _read(path, [each for each in documents if not _is_mark(path, each)])
    ids = [case.id for case in cases]
    if repeated := sorted({name for name in ids if ids.count(name) > 1}):
        raise CrmError("invalid", f"Case ids must differ: {', '.join(repeated)}.")
    if unknown := sorted(reasons.keys() - set(ids)):
        raise CrmError("invalid", f"{OPEN}: no case is called {', '.join(unknown)}.")
    return [case.model_copy(update={"open": reasons.get(case.id, case.open)}) for case in cases]


def _is_mark(path: Path, document: dict[str, Any]) -> bool:
    """Whether it says of a case of another file why it fails."""
    return path.name == OPEN and document.keys() == {"id", "open"}


def _read(path: Path, documents: list[dict[str, Any]]) -> list[Case]:
    try:
        cases = [Case.model_validate(document) for document in documents]
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        title = re.sub(r"\s+", " ", str(first["input"]))[:80]
        raise CrmError("invalid", f"{path.name}: {where}: {first['msg']} (found {title}).") from None
    misplaced = [case.id for case in cases if (case.open is not None) != (path.name == OPEN)]
    if misplaced:
        raise CrmError("invalid", f"{path.name}: `open` says why, and belongs in {OPEN}: {', '.join(misplaced)}.")
    return cases
