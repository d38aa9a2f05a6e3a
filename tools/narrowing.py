"""Filters over records of several kinds at once: by their own fields, and by those of the account that they concern."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from guardrails.where import ColumnType, Condition, Filterable, parse_filters, split_filters
from retrieval.folding import fold
from retrieval.names import CERTAIN
from schema.errors import CrmError
from schema.kinds import KINDS
from schema.views import VIEWS
from tools.context import Call
from tools.finding import filterables
from tools.records.candidates import find_candidates

OF_ACCOUNT = ("tier", "industry", "country", "account_name")
"""Fields of the account that filter whatever concerns it; what a kind has of its own comes first."""
WHEN = "date"
"""When it happened: an interaction's moment, else when the record was created."""
_MEANT: Mapping[str, Mapping[str, str]] = {
    "account": {"account_id": "account_id", "account_name": "name", WHEN: "created_at"},
    "opportunity": {"status": "stage"},
    "task": {"owner_id": "assignee_id", "owner_name": "assignee_name"},
    "note": {"owner_id": "author_id", "owner_name": "author_name"},
    "interaction": {"owner_id": "user_id", "owner_name": "user_name", WHEN: "occurred_at"},
}
"""What a kind calls by another name."""
_TYPES: Mapping[str, ColumnType] = {
    **dict.fromkeys((*OF_ACCOUNT, "status", "owner_name"), ColumnType.TEXT),
    "account_id": ColumnType.UUID,
    "owner_id": ColumnType.UUID,
    WHEN: ColumnType.TIMESTAMP,
}
_SHORT = {"owner": "owner_id", "account": "account_id"}
"""Names that people would use; both take a name as well as an id."""
_ABOUT = ("interaction", "task", "note")


@dataclass(frozen=True)
class Narrowed:
    """Which records the filters keep."""

    kept: Mapping[str, sa.Select[Any]]
    """By kind, what selects their ids as `record_id`; kinds that the filters rule out are absent."""
    conditions: Sequence[str]
    """The filters as they were understood."""


def narrow(call: Call, kinds: Sequence[str], where: Sequence[str], own: Mapping[str, Sequence[str]]) -> Narrowed:
    """The records of these kinds that all filters keep; `own` are further ones of single kinds.

    A field that some of the kinds do not have rules those out. Raises CrmError (invalid) for one that none of them has,
    and for a value that fits none of them.
    """
    finders = {"owner": cache(partial(_users, call)), "account": cache(partial(_accounts, call))}
    finders |= {name: finders[short] for short, name in _SHORT.items()}
    sources = {kind: _filterable(source, kind, finders) for kind, source in filterables(call, kinds).items()}
    union = _union(sources)
    parts = split_filters(union, where)
    fitting = {
        kind: source
        for kind, source in sources.items()
        if all(name in source.columns or name in source.linked for name, _ in parts)
    }
    if not fitting:
        fields = ", ".join(dict.fromkeys(name for name, _ in parts))
        raise CrmError("invalid", f"No kind of record has all of {fields}; search kind by kind.")
    texts = [text for _, text in parts]
    conditions: dict[str, list[Condition]] = {}
    refusal: CrmError | None = None
    for kind, source in fitting.items():
        try:
            conditions[kind] = parse_filters(source, [*texts, *own.get(kind, ())])
        except CrmError as error:
            refusal = refusal or error
    if refusal is not None and not conditions:
        raise refusal
    return Narrowed(
        {kind: _select(call, kind, each) for kind, each in conditions.items()},
        list(dict.fromkeys(str(condition) for each in conditions.values() for condition in each)),
    )


def _union(sources: Mapping[str, Filterable]) -> Filterable:
    """Everything that any of the kinds may be asked for; good for telling names apart, not for values."""
    first = next(iter(sources.values()))
    return replace(
        first,
        view="what is searched",
        columns={name: type_ for source in sources.values() for name, type_ in source.columns.items()},
        linked={name: link for source in sources.values() for name, link in source.linked.items()},
        customs={name: told for source in sources.values() for name, told in source.customs.items()},
    )


def _filterable(source: Filterable, kind: str, finders: Mapping[str, Callable[[str], Sequence[UUID]]]) -> Filterable:
    """What the kind may be asked for, its account's fields and other names of its own among them."""
    columns = {**_TYPES, **source.columns}
    for short, name in _SHORT.items():
        columns[short] = columns[name]
    choices = dict(source.choices)
    if "status" not in choices and "stage" in choices:
        choices["status"] = choices["stage"]
    if "status" not in source.columns and "status" not in _MEANT.get(kind, {}):
        del columns["status"]
    if "tier" not in choices:
        choices["tier"] = KINDS["account"].fields["tier"].choices
    return replace(source, columns=columns, choices=choices, finders=finders)


def _users(call: Call, text: str) -> Sequence[UUID]:
    return _named(call, text, "user")


def _accounts(call: Call, text: str) -> Sequence[UUID]:
    """The accounts of that name; all of them, where several are called so."""
    return _named(call, text, "account")


def _named(call: Call, text: str, kind: str) -> Sequence[UUID]:
    if kind == "user" and fold(text) in {"me", "mine", "my"}:
        return [call.who.user_id]
    try:
        return [UUID(text)]
    except ValueError:
        found = find_candidates(call, text, (kind,))
    if not found:
        raise CrmError("not_found", f"There is no {kind} {text}; find_records with kind {kind} lists them.")
    best = found[0].match.score
    close = [each for each in found if each.match.score >= best - 0.005]
    if best < CERTAIN and len(close) > 1:
        names = ", ".join(str(each.row["name"]) for each in close[:5])
        raise CrmError("invalid", f"{text} may be {names}; write the whole name.")
    return [each.record_id for each in close]


def _select(call: Call, kind: str, conditions: Sequence[Condition]) -> sa.Select[Any]:
    """The ids of the kind's records that hold all conditions; joins their account only when it is asked for."""
    told = KINDS[kind]
    view = _view(told.view)
    asked = {condition.field for condition in conditions}
    meant = _MEANT.get(kind, {})
    missing = {_SHORT.get(name, name) for name in asked if _SHORT.get(name, name) in _TYPES} - set(view.c.keys())
    joined = {name for name in missing if name not in meant and name != WHEN}
    needed = {told.id_column, *asked, *(name.partition(".")[0] for name in asked), *_SHORT.values()}
    shown: dict[str, sa.ColumnElement[Any]] = {column.name: column for column in view.c if column.name in needed}
    shown |= {name: view.c[meant[name]] for name in missing if name in meant}
    if WHEN in missing and WHEN not in meant:
        shown[WHEN] = view.c.created_at
    source: sa.FromClause = view
    if joined:
        source, found = _with_account(call, kind, view)
        shown |= {name: found[name] for name in joined}
    shown |= {short: shown[name] for short, name in _SHORT.items() if short in asked}
    whole = sa.select(*(column.label(name) for name, column in shown.items())).select_from(source).subquery("narrowed")
    return sa.select(whole.c[told.id_column].label("record_id")).where(*(condition.sql for condition in conditions))


def _with_account(
    call: Call, kind: str, view: sa.TableClause
) -> tuple[sa.FromClause, Mapping[str, sa.ColumnElement[Any]]]:
    """The view with each record's account beside it, and the account's fields."""
    account = _its_account()
    source: sa.FromClause = view
    if kind == "organization":
        its = account.c.organization_id == view.c.organization_id
    elif kind == "individual":
        person = _table("contacts", "individual_id", "deleted_at")
        mine = person.c.tenant_id == call.tenant_id, person.c.individual_id == view.c.individual_id
        source = source.outerjoin(person, sa.and_(*mine, person.c.deleted_at.is_(None)))
        its = account.c.account_id == person.c.account_id
    elif kind in _ABOUT:
        place = _account_of_subject(call, view)
        own = sa.func.coalesce(view.c.account_id, place) if kind == "interaction" else place
        its = account.c.account_id == own
    else:
        its = account.c.account_id == view.c.account_id
    names = {name: account.c["name" if name == "account_name" else name] for name in (*OF_ACCOUNT, "account_id")}
    return source.outerjoin(account, its), {**names, "owner_id": account.c.owner_id, "owner_name": account.c.owner_name}


@cache
def _view(name: str) -> sa.TableClause:
    # Describing a view to SQLAlchemy takes longer than asking it.
    return VIEWS[name].clause()


@cache
def _its_account() -> sa.FromClause:
    return _view("accounts").alias("its_account")


@cache
def _table(name: str, *columns: str) -> sa.FromClause:
    """Those columns of a table, under another name than the view has that is called the same."""
    told = (sa.column(column, sa.Uuid()) for column in ("tenant_id", "id", "account_id", *columns))
    return sa.table(name, *{column.name: column for column in told}.values(), schema="crm").alias(f"its_{name}")


def _account_of_subject(call: Call, view: sa.TableClause) -> sa.ColumnElement[UUID]:
    """The account of what the record is about: looked up row by row, since a join would read all there are for each row
    that a search tries."""
    looked_up: dict[str, sa.ColumnElement[UUID]] = {"account": view.c.about_id}
    for kind in ("contact", "opportunity", "job", "partnership", "interaction"):
        table = _table(KINDS[kind].table)
        here = table.c.tenant_id == call.tenant_id, table.c.id == view.c.about_id
        looked_up[kind] = sa.select(table.c.account_id).where(*here).correlate(view).scalar_subquery()
    return sa.case(*((view.c.about_kind == kind, found) for kind, found in looked_up.items()))
