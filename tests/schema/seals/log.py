"""A sealed log of two tenants, three seals each, with a key and a seals file of its own."""

import json
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from sqlalchemy import update

from schema.database import Database
from schema.seals import Sealer, verify
from schema.seals.keys import KEY_FILE
from schema.settings import Settings
from tests.schema.filled import Filled, change, table


@dataclass(frozen=True)
class Log:
    """The database, and what its log is sealed with."""

    database: Database
    settings: Settings
    near: Filled
    far: Filled

    @property
    def file(self) -> Path:
        assert self.settings.seals is not None
        return self.settings.seals

    @property
    def key_file(self) -> Path:
        return self.settings.home / KEY_FILE

    def change_notes(self, who: Filled) -> None:
        """One more event of the tenant."""
        notes = table("notes")
        with self.database.write(who.who, change(self.database, "Changed")) as session:
            session.execute(update(notes).values(version=notes.c.version + 1, body="Changed"))

    def seal(self) -> int:
        """Seals with a sealer that remembers nothing; returns how many events it sealed."""
        return Sealer(self.database, self.settings).seal(patience=10).events

    def verify(self, tenant: UUID | None = None) -> dict[str, Any]:
        return verify(self.database, self.settings, tenant).to_json()

    def events(self, who: Filled | None = None) -> list[int]:
        """The ids of a tenant's events, or of everybody's, as a superuser sees them."""
        tenant = who.who.tenant_id if who else None
        return [
            row[0]
            for row in self.admin(
                "SELECT event_id FROM crm.audit_events WHERE %(t)s::uuid IS NULL OR tenant_id = %(t)s ORDER BY 1",
                t=tenant,
            )
        ]

    def admin(self, statement: LiteralString, **values: Any) -> list[Any]:
        """What a superuser's statement returns; it commits."""
        with psycopg.connect(self.database.admin_url) as admin:
            done = admin.execute(statement, values)
            return done.fetchall() if done.description else []

    @contextmanager
    def put_back(self) -> Generator[None]:
        """Brings rows and file back to what they were, for the next test."""
        file, key = self.file.read_bytes(), self.key_file.read_bytes()
        self.admin("CREATE TABLE public.events AS SELECT * FROM crm.audit_events")
        self.admin("CREATE TABLE public.seals AS SELECT * FROM crm.audit_seals")
        yield
        self.admin("DELETE FROM crm.audit_events")
        self.admin("INSERT INTO crm.audit_events OVERRIDING SYSTEM VALUE SELECT * FROM public.events")
        self.admin("DELETE FROM crm.audit_seals")
        self.admin("INSERT INTO crm.audit_seals SELECT * FROM public.seals")
        self.admin("DROP TABLE public.events, public.seals")
        self.file.write_bytes(file)
        self.key_file.write_bytes(key)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file.read_text().splitlines()]

    def write_lines(self, lines: list[dict[str, Any]]) -> None:
        self.file.write_text("".join(json.dumps(line) + "\n" for line in lines))


def sealed_log(database: Database, template: Settings, near: Filled, far: Filled, folder: Path) -> Log:
    """Goes on from the template's seals, in files of the test's own."""
    assert template.seals is not None
    settings = replace(template, home=folder, seals=folder / "seals.jsonl")
    shutil.copy(template.home / KEY_FILE, folder)
    shutil.copy(template.seals, folder / "seals.jsonl")
    log = Log(database, settings, near, far)
    for _ in range(2):
        for who in (near, far):
            for _ in range(3):
                log.change_notes(who)
        log.seal()
    return log
