"""Taking the person out of every table of the tenant but the log."""

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from schema.erasure.looking import Looking
from schema.erasure.person import Person
from schema.erasure.reach import Links
from schema.erasure.texts import ERASED, Reach
from schema.models import Base
from schema.session import Row, WriteSession
from schema.triggers import AUDITED

NAME = "Erased person"
"""What the individual is called afterwards."""

# The log and the semantic index have their own ways; users, tenants and what a tenant's administrators set up are not the person's.
_NOT_SEARCHED = frozenset(
    [
        "audit_events",
        "audit_seals",
        "chunks",
        "embedding_queue",
        "embeddings",
        "records",
        "record_tags",
        "statuses",
        "status_transitions",
        "tenants",
        "users",
    ]
)
_MAIN = {table.name for table in AUDITED if table.is_record}
_LEADS = ("opportunities", "jobs", "partnerships")
_BLOCK = 1000


@dataclass
class Rows:
    """One pass over the tables; counts what it changed, by table."""

    session: WriteSession
    person: Person
    looking: Looking
    links: Links
    now: datetime
    user_id: UUID
    counts: dict[str, int] = field(default_factory=dict[str, int])

    def erase(self) -> None:
        self._forget()
        for name in sorted(_searched() - {"approvals"}):
            self._redact(_table(name))
        with self._as_system():
            self._redact(_table("approvals"))
        self._retitle()

    def delete(self) -> None:
        """Marks the person's own records as deleted: a change of its own, which holds nothing personal any more."""
        for name, ids in (("contacts", self.person.contacts), ("individuals", self.person.individuals)):
            table = _table(name)
            self._update(table, table.c.id.in_(ids), {"deleted_at": sa.func.coalesce(table.c.deleted_at, self.now)})

    def _forget(self) -> None:
        """The person's own records keep their ids and where they belong, and lose everything else."""
        individuals, contacts = _table("individuals"), _table("contacts")
        emptied: dict[str, Any] = {"email": None, "phone": None, "city": None, "country": None, "custom": {}}
        gone: dict[str, Any] = {"given_name": NAME, "family_name": "", **emptied}
        self._count("individuals", self._update(individuals, individuals.c.id.in_(self.person.individuals), gone))
        gone = {"title": None, "department": None, "custom": {}}
        self._count("contacts", self._update(contacts, contacts.c.id.in_(self.person.contacts), gone))
        tags = _table("record_tags")
        mine = tags.c.record_id.in_(self.person.own)
        if self.looking.unique:
            mine = sa.or_(mine, tags.c.tag.op("~")(self.looking.unique))
        self._count("record_tags", self.session.execute(sa.delete(tags).where(self._is_here(tags), mine)))

    def _redact(self, table: sa.Table) -> None:
        columns = [
            column for column in table.columns if isinstance(column.type, sa.Text | JSONB) and column.computed is None
        ]
        for row in self._candidates(table, columns):
            record_id = row.get("id")
            reach, without = self._reach(table, row), self.links.without(record_id)
            if table.name in ("notes", "tasks") and record_id in self.links.about:
                changed: dict[str, Any] = {name: ERASED for name in ("body", "title") if row.get(name)}
            else:
                changed = {
                    column.name: value
                    for column in columns
                    if (value := self.looking.redactor.value(row[column.name], reach, without)) != row[column.name]
                }
            if table.name == "approvals" and row["status"] == "pending" and (changed or reach):
                changed["status"] = "discarded"
            if changed:
                self._update(
                    table, sa.and_(*(table.c[key.name] == row[key.name] for key in table.primary_key)), changed
                )
                self._count(table.name, 1)
                if table.name in _LEADS:
                    leads = _table("leads")
                    self._update(leads, leads.c.id == record_id, {})

    @contextmanager
    def _as_system(self) -> Generator[None]:
        """No person may rewrite a proposal, for it is what was decided on; only the system itself is let."""
        person = self.session.scalar("SELECT current_setting('crm.context')")
        self.session.rows(
            "SELECT set_config('crm.context',"
            " crm.sign(:tenant, NULL, 'person', 'system', pg_backend_pid(), 900, NULL), true)",
            tenant=self.person.tenant_id,
        )
        yield
        self.session.rows("SELECT set_config('crm.context', :person, true)", person=person)

    def _candidates(self, table: sa.Table, columns: list[sa.Column[Any]]) -> Iterator[Row]:
        """Rows that may name the person: those that hang together with it, and those with what is its alone."""
        found = [sa.cast(column, sa.Text).op("~")(self.looking.sought) for column in columns if self.looking.sought]
        if "run_id" in table.c:
            found.append(table.c.run_id.in_(list(self.links.runs)))
            # A person's own call has no run: it is linked by the ids it names.
            found += [
                sa.cast(column, sa.Text).op("~")(self._ids) for column in columns if isinstance(column.type, JSONB)
            ]
        if table.name == "runs":
            found.append(table.c.id.in_(list(self.links.runs)))
        if table.name in _MAIN or table.name in _LEADS:
            found.append(table.c.id.in_([each for each, reach in self.links.records.items() if reach]))
        if "record_id" in table.c:
            found.append(table.c.record_id.in_([each for each, reach in self.links.records.items() if reach]))
        keys = list(table.primary_key)
        ids = self.session.select(sa.select(*keys).where(self._is_here(table), sa.or_(sa.false(), *found)))
        for start in range(0, len(ids), _BLOCK):
            block = [tuple(row[key.name] for key in keys) for row in ids[start : start + _BLOCK]]
            wanted = sa.select(*keys, *columns, *(each for each in table.c if each.name == "run_id"))
            yield from self.session.select(wanted.where(sa.tuple_(*keys).in_(block)))

    def _reach(self, table: sa.Table, row: Row) -> Reach:
        if table.name == "runs":
            return self.links.of_run(row["id"])
        if "run_id" in table.c:
            names_it = re.search(self._ids, " ".join(map(str, row.values())))
            return Reach.LINKED if names_it else self.links.of_run(row["run_id"])
        return self.links.of_record(row.get("record_id") or row.get("id"))

    def _retitle(self) -> None:
        """A conversation's title is the start of its first prompt, and may end within a name."""
        self.session.rows(
            "UPDATE crm.conversations c SET title = left(regexp_replace(r.prompt, '\\s+', ' ', 'g'), length(c.title))"
            " FROM (SELECT DISTINCT ON (conversation_id) conversation_id, prompt FROM crm.runs WHERE tenant_id = :tenant"
            "       ORDER BY conversation_id, started_at, id) r"
            " WHERE c.tenant_id = :tenant AND c.id = r.conversation_id AND r.prompt LIKE :erased RETURNING c.id",
            tenant=self.person.tenant_id,
            erased=f"%{ERASED}%",
        )

    @property
    def _ids(self) -> str:
        return "|".join(map(str, self.person.own))

    def _is_here(self, table: sa.Table) -> sa.ColumnElement[bool]:
        return table.c.tenant_id == self.person.tenant_id

    def _update(self, table: sa.Table, which: sa.ColumnElement[bool], values: Mapping[str, Any]) -> int:
        changed = dict(values)
        if table.name in _MAIN:
            changed |= {
                "version": table.c.version + 1,
                "updated_at": self.now,
                "updated_by": self.user_id,
                "via_agent": False,
            }
        return self.session.execute(sa.update(table).where(self._is_here(table), which).values(changed))

    def _count(self, name: str, rows: int) -> None:
        if rows:
            self.counts[name] = self.counts.get(name, 0) + rows


def _table(name: str) -> sa.Table:
    return Base.metadata.tables[f"crm.{name}"]


def _searched() -> set[str]:
    return {table.name for table in Base.metadata.tables.values() if "tenant_id" in table.c} - _NOT_SEARCHED
