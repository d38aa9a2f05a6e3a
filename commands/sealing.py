"""`crm-agent audit seal|verify|export`: proof that the log is as it was written."""

import json
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

import click

from commands.draft import draft
from commands.environment import open_settings
from commands.invocation import Command, Invocation, end, pass_invocation
from commands.opening import open_desk, operating
from commands.progress import bars
from commands.terminal import say
from schema.database import Database
from schema.errors import CrmError
from schema.seals import Sealer, export, verify, verify_export
from schema.seals.file import seals_path
from schema.seals.keys import find_key
from schema.settings import Settings

PATIENCE_SECONDS = 5
MAY_EXPORT = ("admin", "manager")


@click.command("seal", cls=Command)
@pass_invocation
def seal(invocation: Invocation) -> None:
    """Seal what was written since the last seal; `serve` does so by itself every other second."""
    settings = open_settings()
    with operating(settings) as (db, _), bars() as tell:
        done = Sealer(db, settings).seal(PATIENCE_SECONDS, partial(tell, "Sealing"))
    document = {"sealed": done.events, "seals": done.seals, "unsealed": done.unsealed}
    waiting = f" {done.unsealed:,} wait for transactions that are still open." if done.unsealed else ""
    invocation.answer(document, lambda: say(f"Sealed {_counted(done.events, 'event')}.{waiting}"))


@click.command("verify", cls=Command)
@click.option(
    "--file", "exported", metavar="EXPORT", help="Verify an export instead, without the database; - is stdin."
)
@click.option("--key", metavar="ID", help="With --file: the id of the key it must be signed with.")
@pass_invocation
def verify_log(invocation: Invocation, exported: str | None, key: str | None) -> None:
    """Recompute every seal, and name the first event that was changed, removed, inserted or reordered.

    All tenants are verified, or the one that --tenant names. The exit code is 1 when something is wrong.
    """
    if key is not None and exported is None:
        raise click.UsageError("--key goes with --file; the installation's own key is known.")
    settings = open_settings()
    if exported is not None:
        document = _verify_file(settings, exported, key)
    else:
        with operating(settings) as (db, _), bars() as tell:
            tenant = _tenant_id(db, invocation.tenant)
            document = verify(db, settings, tenant, partial(tell, "Verifying")).to_json()
    invocation.answer(document, lambda: _show(document))
    if not document["ok"]:
        end(1)


@click.command("export", cls=Command)
@click.argument("name", metavar="FILE|-")
@pass_invocation
def export_log(invocation: Invocation, name: str) -> None:
    """Write the tenant's log as JSON lines that verify without the database (audit verify --file)."""
    with open_desk(invocation) as desk:
        if desk.who.role not in MAY_EXPORT:
            raise CrmError("denied", f"Only an {' or a '.join(MAY_EXPORT)} may export the audit log.")
        documents = export(desk.db, desk.settings, desk.who)
        if name == "-":
            _write(sys.stdout, documents)
            return
        path = Path(name).absolute()
        if path.resolve() == seals_path(desk.settings).resolve():
            raise CrmError("invalid", f"{name} is the seals file itself; name another one.")
        with draft(path) as file, TextIOWrapper(file, encoding="utf-8") as text:
            counts = _write(text, documents)
    told = f"Wrote {_counted(counts['events'], 'event')} and {_counted(counts['seals'], 'seal')} to {path}."
    invocation.answer({"file": str(path), **counts}, lambda: say(told))


def _tenant_id(db: Database, slug: str | None) -> UUID | None:
    if slug is None:
        return None
    with db.across_tenants() as session:
        found = session.scalar("SELECT tenant_id FROM crm.tenants WHERE slug = :slug", slug=slug)
    if found is None:
        raise CrmError("not_found", f"No tenant {slug}.")
    return found


def _verify_file(settings: Settings, exported: str, trusted: str | None) -> dict[str, Any]:
    """The verdict over an export; where this installation has a key, the export's must be the same."""
    own = find_key(settings)
    trusted = trusted or (own.public.key_id if own else None)
    try:
        with click.open_file(exported, encoding="utf-8") as lines:
            verdict, key_id = verify_export(lines, trusted)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise CrmError("invalid", f"{exported} cannot be read: {why}.") from None
    return {**verdict.to_json(), "key_id": key_id, "trusted": trusted is not None}


def _write(file: TextIO, documents: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counts = {"events": 0, "seals": 0, "unsealed": 0}
    for document in documents:
        file.write(json.dumps(document, ensure_ascii=False) + "\n")
        counts["events"] += "event" in document
        counts["seals"] += "head" in document
        counts["unsealed"] += "event" in document and document["batch"] is None
    return counts


def _show(document: Mapping[str, Any]) -> None:
    bad = document["first_bad"]
    if bad is not None:
        where = f"Event {bad['event_id']}: " if bad["event_id"] is not None else ""
        say(f"{where}{bad['problem']}", fg="red")
    else:
        say(f"The log is as it was written: {_counted(document['checked'], 'sealed event')} checked.")
    if document["unsealed"]:
        say(f"{_counted(document['unsealed'], 'event')} came after the last seal.")
    if document["erased"]:
        say(f"{_counted(document['erased'], 'event')} had personal content erased, as signed erasures say.")
    if document.get("trusted") is False:
        say(f"The export brings its own key, {document['key_id']}; compare it with the one you know, or give --key.")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
