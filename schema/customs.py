"""The fields of a tenant's own: what a declaration may say, and reading the tenant's declarations."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from schema.errors import CrmError
from schema.fields import Field, FieldType
from schema.kinds import KINDS
from schema.session import ReadSession
from schema.views import VIEWS

PREFIX = "custom."
"""What marks such a field where its name stands among others: in filters, conflicts and lists of changed fields."""
TYPES: Mapping[str, FieldType] = MappingProxyType(
    {
        "text": FieldType.TEXT,
        "number": FieldType.NUMBER,
        "boolean": FieldType.BOOLEAN,
        "date": FieldType.DATE,
        "datetime": FieldType.TIMESTAMP,
        "choice": FieldType.CHOICE,
    }
)
TYPE_NAMES: Mapping[FieldType, str] = MappingProxyType({field_type: name for name, field_type in TYPES.items()})
MOST_OPTIONS = 100
MOST_FIELDS = 50
"""Of one kind: each costs a model attention in every run."""

Customs = Mapping[str, Mapping[str, Field]]
"""Record kind → name → field, in the order declared; kinds without any are absent."""
NONE: Customs = MappingProxyType({})

_NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")
# What a label holds reaches instructions and pages: words and the marks between them, on one line, and no quotes.
_LABEL = re.compile(r"[^\W_](?:[\w /&%+.,()'#€$£?-]{0,58}[\w%+.)'#€$£?])?")
_SENTENCE = re.compile(r"[^\x00-\x1f\x7f-\x9f`<>{}\u2028\u2029]{1,200}")
_OPTION = re.compile(r"[^\W_](?:[^\x00-\x1f\x7f-\x9f`<>{}\"\u2028\u2029]{0,58}[^\s`<>{}\"])?")
_RESERVED = frozenset(
    (
        "id", "tenant_id", "kind", "record_kind", "record_id", "label", "version", "tag", "participant_id", "created_by",
        "updated_by", "deleted_at", "deleted", "merged_into_id", "whose", "and", "or", "not", "in", "is", "null", "true",
        "false", "me",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declaration:
    """One field to be, as an admin words it."""

    kind: str
    name: str
    type: str
    label: str
    options: tuple[str, ...] = ()
    description: str | None = None


def load_customs(session: ReadSession) -> Customs:
    """The declarations of the session's own tenant; read anew by every transaction, since another may add one."""
    rows = session.rows(
        "SELECT record_kind, name, label, type, options, description FROM crm.custom_fields"
        " WHERE tenant_id = (SELECT crm.current_tenant()) ORDER BY record_kind, created_at, id"
    )
    found: dict[str, dict[str, Field]] = {}
    for row in rows:
        found.setdefault(row["record_kind"], {})[row["name"]] = Field(
            row["name"],
            TYPES[row["type"]],
            row["description"] or "",
            column="custom",
            table=KINDS[row["record_kind"]].table,
            choices=tuple(row["options"] or ()),
            label=row["label"],
        )
    return found


def custom_named(fields: Mapping[str, Field], text: str) -> Field | None:
    """The field of a kind that `text` names: by its name, with or without `custom.`, or by its label in any case."""
    name = text.strip().removeprefix(PREFIX)
    if name in fields:
        return fields[name]
    folded = name.casefold()
    return next((field for field in fields.values() if folded in (field.label.casefold(), field.name)), None)


def check_declaration(told: Declaration, known: Mapping[str, Field]) -> None:
    """Raises CrmError (invalid, conflict) for what cannot be declared beside the kind's known fields."""
    if told.type not in TYPES:
        raise CrmError("invalid", f"There is no type {told.type!r}; the types are {', '.join(TYPES)}.")
    if len(known) >= MOST_FIELDS:
        raise CrmError("limit", f"The kind {told.kind} has {MOST_FIELDS} fields of your own, which is all it may have.")
    _check_words(told)
    _check_options(told)
    _check_clashes(told, known)


def _check_words(told: Declaration) -> None:
    if not _NAME.fullmatch(told.name):
        near = re.sub(r"[^a-z0-9]+", "_", told.name.lower()).strip("_")[:50]
        hint = f"; write {near}" if _NAME.fullmatch(near) else ""
        raise CrmError(
            "invalid",
            f"A field's name is lower case letters, digits and underscores, beginning with a letter{hint}.",
        )
    if not _LABEL.fullmatch(told.label) or "  " in told.label:
        raise CrmError(
            "invalid",
            "A label is one line of at most 60 letters, digits, blanks and plain marks, beginning with a letter or digit.",
        )
    if told.description is not None and not _SENTENCE.fullmatch(told.description):
        raise CrmError(
            "invalid", "A description is one line of at most 200 characters, without backticks and brackets."
        )


def _check_options(told: Declaration) -> None:
    if (told.type == "choice") != bool(told.options):
        raise CrmError(
            "invalid",
            "A choice needs its options, as --options North,South."
            if told.type == "choice"
            else f"Only a choice has options; a field of type {told.type} takes none.",
        )
    if len(told.options) > MOST_OPTIONS:
        raise CrmError("invalid", f"A choice has at most {MOST_OPTIONS} options.")
    for option in told.options:
        if not _OPTION.fullmatch(option):
            raise CrmError(
                "invalid", f"{option[:60]!r} cannot be an option: those are single lines of 1 to 60 characters."
            )
    if len({option.casefold() for option in told.options}) < len(told.options):
        raise CrmError("invalid", "Two of the options are the same but for capitals.")


def _check_clashes(told: Declaration, known: Mapping[str, Field]) -> None:
    kind = KINDS[told.kind]
    taken = {*kind.fields, *VIEWS[kind.view].by_name, *_RESERVED}
    if told.name in taken:
        raise CrmError("conflict", f"{told.name} is taken: the kind {told.kind} has it, or filters use the word.")
    words = re.sub(r"\W+", "_", told.label.casefold()).strip("_")
    if words in taken or f"{words}_id" in taken or f"{words}_at" in taken:
        raise CrmError("conflict", f"The label {told.label!r} says what a {told.kind} has already; choose another.")
    for other in known.values():
        if other.name == told.name:
            raise CrmError(
                "conflict", f"The kind {told.kind} has a field {told.name} already, labelled {other.label!r}."
            )
        if told.label.casefold() in (other.label.casefold(), other.name) or told.name == other.label.casefold():
            raise CrmError("conflict", f"The field {other.name} of {told.kind} is called {other.label!r} already.")


def default_label(name: str) -> str:
    """`renewal_date` → `Renewal date`."""
    return name.replace("_", " ").strip().capitalize()
