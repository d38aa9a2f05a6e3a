"""The logical form: what a request means, before anyone looks anything up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class Shift:
    """So many days or months later (or earlier) than the field says now."""

    days: int
    months: int


@dataclass(frozen=True, slots=True)
class Growth:
    """So much more (or less) than the field says now: by per cent, or by an amount of money."""

    percent: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    currency: str = ""


Scalar = Shift | Growth | str | int | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class Mention:
    """A record as it was named: by words, by a pronoun, as oneself, or by what stands beside it."""

    text: str
    kinds: tuple[str, ...] = ()
    """Where to look; empty means anywhere."""
    refers: Literal["name", "focus", "me", "id", "latest", "role"] = "name"
    """`focus`: "it", "that deal"; `latest`: the newest of the kind; `role`: by title at an account ("COO of Initech")."""
    at: "Mention | None" = None
    """The account it is at, or the record it is about."""
    where: tuple[tuple[str, str], ...] = ()
    as_said: str = ""
    is_hint: bool = False
    """Linked when it is found beyond doubt, and no more said of it otherwise."""
    nth: int = 0
    """Its place in the list before, from 1, or -1 for the last: "the second one"; with `focus`."""
    longer: str = ""
    """The name with the plain words after it, which may belong to it ("Globex expansion")."""

    @property
    def spoken(self) -> str:
        return self.as_said or self.text

    def among(self, kinds: tuple[str, ...]) -> "Mention":
        """The same, looked for among other kinds."""
        return replace(self, kinds=kinds, as_said=self.spoken, is_hint=False, longer="")


Fields = Mapping[str, Scalar | Mention]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on a column; a mention stands for the id of the record it names."""

    column: str
    op: str
    value: "str | Mention | ListOf | AnyOf"
    """A list stands for the ids of its records: "contacts at accounts in Germany"."""
    said: str


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Groups of conditions of which one must hold whole; with the operator `not`, none may."""

    groups: tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Show a record, or some of its fields."""

    mention: Mention
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LastTalk:
    """When, and about what, somebody was last spoken to."""

    mention: Mention
    kind: str | None = None
    asks_who: bool = False
    """Whom was asked for besides: who took part is told."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened to a record, or changed on it, newest first."""

    mention: Mention
    since: str = ""
    until: str = ""
    """ISO moments; empty means open."""
    said: str = ""
    only_changes: bool = False


@dataclass(frozen=True, slots=True)
class SearchFor:
    """Records by what their texts say, or by how alike they are to one."""

    query: str
    kinds: tuple[str, ...] = ()
    """Empty means all."""
    conditions: "tuple[Condition, ...]" = ()
    account: Mention | None = None
    like: Mention | None = None
    like_best: bool = False
    """The like of the biggest won opportunity is wanted."""
    best_within: tuple[str, str] | None = None
    """ISO moments between which that one was won."""
    said: str = ""
    """How the record was named that others shall be like."""

    @property
    def is_like(self) -> bool:
        return self.like is not None or self.like_best


@dataclass(frozen=True, slots=True)
class ListOf:
    """Records of a kind under conditions, or how many there are."""

    kinds: tuple[str, ...]
    noun: str
    conditions: tuple[Condition, ...] = ()
    order_by: str | None = None
    limit: int | None = None
    counting: bool = False
    remark: str = ""
    """A reading the person should know of, such as what "closed" was taken to mean."""
    linked_by: str = ""
    """Inside another list: the column whose ids are meant, where it is not the records' own."""
    counted: tuple[str, int] | None = None
    """Inside another list: how many of these records one of that list must have, as `(">", 3)`."""


@dataclass(frozen=True, slots=True)
class Refine:
    """The list before, with one part of it changed; read for each kind it may have been of."""

    by_kind: Mapping[str, ListOf]
    said: str
    counting: bool | None = None
    in_past: Mapping[str, ListOf] = field(default_factory=dict[str, ListOf])
    """The same words where the list was about what has been: "Q3" is then the one behind us."""
    alone: ListOf | None = None
    """What the words ask for where no list of that kind came before."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is worked out over the records of a group."""

    how: Literal["count", "missing", "sum", "average", "median", "most", "least", "rate", "weighted", "share", "ratio"]
    """`missing`: how many have no such value; `rate`: won of all that were won or lost; `weighted`: amounts times their
    probability; `share` and `ratio`: how many of the analysis' part are in the whole, or to what it is set against."""
    column: str = ""
    """Empty for a count and a rate; `cycle`: from creation to the end of a lead, `age`: from creation until now."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days that are compared with others."""

    start: str
    end: str
    """ISO moments, from the first up to but not including the second."""
    said: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """Numbers worked out over the records of a list, by groups if need be."""

    of: ListOf
    measures: tuple[Measure, ...]
    """What was asked for first, and what belongs beside it."""
    groups: tuple[str, ...] = ()
    """Names of axes, or calendar units."""
    dated_by: str = ""
    """The date that calendar units and compared periods are about."""
    periods: tuple[Period, ...] = ()
    """Compared with one another, in the order of time."""
    ranked: Literal["", "most", "least"] = ""
    limit: int | None = None
    """How many groups of the ranking; ties are all kept."""
    shares: bool = False
    growing: bool = False
    """How each calendar unit compares with the one before."""
    part: tuple[Condition, ...] = ()
    """What a share or a ratio is of."""
    against: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Reshape:
    """The analysis before, grouped or measured in another way."""

    said: str
    groups: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    periods: tuple[Period, ...] = ()
    shares: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """The records that the last number was worked out over."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """How a record was at a moment, and what changed since."""

    mention: Mention
    moment: str
    """ISO."""
    said: str
    changes: bool = False
    """Whether who changed it since, and why, was asked for too."""


@dataclass(frozen=True, slots=True)
class More:
    """The next page of the list before."""


@dataclass(frozen=True, slots=True)
class Create:
    """A new record with its fields; mentions become ids."""

    kind: str
    fields: Fields
    participants: tuple[Mention, ...] = ()
    role: str = ""
    """What the participants were in an interaction: attendee, callee …"""
    offer: str = ""
    """What may be wanted next, told in the answer and not done."""


@dataclass(frozen=True, slots=True)
class Update:
    """Some fields of one record; what the words come to is kept for each kind the record may turn out to be."""

    mention: Mention
    by_kind: Mapping[str, Fields]
    does: str = "Update"
    """The change as a person would put it, without the record: "move to negotiation"."""
    asks: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict[str, tuple[str, tuple[str, ...]]])
    """By kind: a field that is still to be asked for, with the choices ("reopen" a lead to which stage?)."""
    is_terse: bool = False
    """Said without a full sentence: a name given in part is confirmed first."""
    is_correction: bool = False
    """Of the very record last spoken of, and no other of its kind before it."""


@dataclass(frozen=True, slots=True)
class Several:
    """One change to every record of a list; with no fields, all of them are to be deleted."""

    what: ListOf
    does: str
    fields: Fields = field(default_factory=dict[str, "Scalar | Mention"])


@dataclass(frozen=True, slots=True)
class Those:
    """One change to every record of the list before."""

    by_kind: Mapping[str, Fields]
    """What the words come to for each kind that the list may have been of."""
    does: str


@dataclass(frozen=True, slots=True)
class Each:
    """The same done to records that were named one by one: "close A, B and C"."""

    commands: tuple["Update | Tag | Delete", ...]
    whole: "Update | Tag | Delete | None" = None
    """The reading in which it all is one name, which counts where a record is called that."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Records that are one and the same: which one stays, and which go into it."""

    others: tuple[Mention, ...] = ()
    keep: Mention | None = None
    """None when the person is still to say."""
    same: Mention | None = None
    """All records of this name, instead of others named one by one."""
    keeps_with: str = ""
    """The one that has this field stays: "keep the one with the phone number"."""


@dataclass(frozen=True, slots=True)
class Decide:
    """An approval or a rejection, typed: a model never takes it for a decision."""

    is_yes: bool


@dataclass(frozen=True, slots=True)
class Tag:
    mention: Mention
    tags: tuple[str, ...]
    remove: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    mention: Mention


@dataclass(frozen=True, slots=True)
class Restore:
    mention: Mention


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back a run or a change by its id, or the last one of the conversation."""

    target: str = ""
    is_run: bool = False
    mention: Mention | None = None
    """The record whose latest change is meant."""
    only_last: bool = False
    """Only the last change, where a request made several."""
    is_merge: bool = False
    """The last merge is meant, or the record's."""


@dataclass(frozen=True, slots=True)
class Help:
    """What the planner can do was asked."""


@dataclass(frozen=True, slots=True)
class Choose:
    """Meant in one of several ways: the person is to say which."""

    question: str
    options: tuple[str, ...]
    commands: tuple["Command", ...]


Command = (
    Look
    | LastTalk
    | Happened
    | SearchFor
    | ListOf
    | Refine
    | More
    | Create
    | Update
    | Several
    | Those
    | Each
    | Merge
    | Decide
    | Tag
    | Delete
    | Restore
    | Undo
    | Help
    | Choose
    | Analysis
    | Reshape
    | Behind
    | AsOf
)
WRITES = (Create, Update, Several, Those, Each, Merge, Tag, Delete, Restore, Undo)


@dataclass(frozen=True, slots=True)
class Puzzled:
    """Not understood, or not doable: what was understood, and what was not."""

    why: str
    understood: str = ""


Meaning = tuple[Command, ...] | Puzzled
