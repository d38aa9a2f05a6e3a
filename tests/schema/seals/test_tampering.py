"""What is sealed stays as it is, or `verify` says where it does not; who tampers here is a superuser."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from schema.errors import CrmError
from schema.seals import Sealer
from schema.seals.erasure import erase_parts
from schema.seals.head import encode
from tests.schema.filled import table
from tests.schema.seals.log import Log

promise = pytest.mark.promise


def test_an_untouched_log_verifies(kept: Log) -> None:
    count = len(kept.events())

    assert kept.verify() == {
        "ok": True, "checked": count, "sealed": count, "unsealed": 0, "erased": 0, "first_bad": None,
    }  # fmt: skip


EVENT: LiteralString = "tenant_id = %(near)s AND event_id = %(event)s"
TAMPERING: dict[str, tuple[LiteralString, str]] = {
    "the after-image": (f"UPDATE crm.audit_events SET after = after || '{{\"body\": \"x\"}}' WHERE {EVENT}", "changed"),
    "the before-image": (f"UPDATE crm.audit_events SET before = NULL WHERE {EVENT}", "changed"),
    "the reason": (f"UPDATE crm.audit_events SET reason = 'Another one' WHERE {EVENT}", "changed"),
    "a prompt put in": (f"UPDATE crm.audit_events SET prompt = 'Do it' WHERE {EVENT}", "changed"),
    "the actor": (f"UPDATE crm.audit_events SET actor = 'somebody@else.example' WHERE {EVENT}", "changed"),
    "the time": (f"UPDATE crm.audit_events SET occurred_at = occurred_at + interval '1 s' WHERE {EVENT}", "changed"),
    "the clock's time": (f"UPDATE crm.audit_events SET recorded_at = recorded_at - interval '1 us' WHERE {EVENT}", "changed"),
    "the transaction": (f"UPDATE crm.audit_events SET transaction_id = '1' WHERE {EVENT}", "changed"),
    "via_agent": (f"UPDATE crm.audit_events SET via_agent = NOT via_agent WHERE {EVENT}", "changed"),
    "the salt": (f"UPDATE crm.audit_events SET salt = gen_random_uuid() WHERE {EVENT}", "changed"),
    "a hash beside a changed part": (
        (f"UPDATE crm.audit_events SET reason = 'Another', erased = jsonb_build_object('reason',"
        f" encode(sha256(convert_to(salt::text || reason, 'UTF8')), 'hex')) WHERE {EVENT}"),
        "changed",
    ),
    "a part erased without a signature": (
        (f"UPDATE crm.audit_events SET reason = '', erased = jsonb_build_object('reason',"
        f" encode(sha256(convert_to(salt::text || reason, 'UTF8')), 'hex')) WHERE {EVENT}"),
        "no signed erasure",
    ),
    "a list in place of hashes": (
        f"UPDATE crm.audit_events SET reason = '', erased = '[\"reason\", \"\\\\ \"]' WHERE {EVENT}",
        "changed",
    ),
    "the event removed": (f"DELETE FROM crm.audit_events WHERE {EVENT}", "removed"),
    "the tail cut": ("DELETE FROM crm.audit_events WHERE tenant_id = %(near)s AND event_id >= %(event)s", "removed"),
    "the tail and its seals cut": (
        ("WITH gone AS (DELETE FROM crm.audit_events WHERE tenant_id = %(near)s AND event_id >= %(event)s)"
        " DELETE FROM crm.audit_seals WHERE tenant_id = %(near)s AND last_event >= %(event)s"),
        "removed",
    ),
    "everything removed": (
        ("WITH gone AS (DELETE FROM crm.audit_events WHERE tenant_id = %(near)s)"
        " DELETE FROM crm.audit_seals WHERE tenant_id = %(near)s"),
        "removed",
    ),
    "moved to another tenant": (f"UPDATE crm.audit_events SET tenant_id = %(far)s WHERE {EVENT}", "another tenant"),
    "given another id": (f"UPDATE crm.audit_events SET event_id = DEFAULT WHERE {EVENT}", "removed"),
}  # fmt: skip


@promise("audit:sealed")
@pytest.mark.parametrize("name", TAMPERING)
def test_an_event_that_a_superuser_touched_is_named(touched: Log, name: str) -> None:
    statement, word = TAMPERING[name]
    events = touched.events(touched.near)
    event = events[-5]
    touched.admin(statement, near=touched.near.who.tenant_id, far=touched.far.who.tenant_id, event=event)

    found = touched.verify()
    assert not found["ok"]
    assert found["first_bad"]["event_id"] == (events[0] if name == "everything removed" else event)
    assert word in found["first_bad"]["problem"]


@promise("audit:sealed")
def test_an_inserted_event_is_named(touched: Log) -> None:
    """In a gap that an aborted transaction left: no id is taken twice."""
    gap = touched.events(touched.near)[-3] - 1
    while gap in touched.events(touched.near):
        gap -= 1
    columns = ", ".join(sorted(set(table("audit_events").columns.keys()) - {"event_id"}))
    with psycopg.connect(touched.database.admin_url) as admin:
        admin.execute(
            sql.SQL(
                "INSERT INTO crm.audit_events (event_id, {columns}) OVERRIDING SYSTEM VALUE"
                " SELECT %s, {columns} FROM crm.audit_events WHERE tenant_id = %s ORDER BY event_id DESC LIMIT 1"
            ).format(columns=sql.SQL(columns)),  # pyright: ignore[reportArgumentType]
            [gap, touched.near.who.tenant_id],
        )

    found = touched.verify()
    assert found["first_bad"]["event_id"] == gap
    assert "inserted" in found["first_bad"]["problem"]


@promise("audit:sealed")
def test_two_events_in_each_others_places_are_named(touched: Log) -> None:
    first, second = touched.events(touched.near)[-2:]
    touched.admin("ALTER TABLE crm.audit_events ALTER COLUMN event_id SET GENERATED BY DEFAULT")
    for old, new in ((first, -1), (second, first), (-1, second)):
        touched.admin("UPDATE crm.audit_events SET event_id = %(new)s WHERE event_id = %(old)s", old=old, new=new)
    touched.admin("ALTER TABLE crm.audit_events ALTER COLUMN event_id SET GENERATED ALWAYS")

    found = touched.verify()
    assert found["first_bad"]["event_id"] == first
    assert "reordered" in found["first_bad"]["problem"]


@promise("audit:sealed")
def test_tenants_that_were_swapped_are_named(touched: Log) -> None:
    touched.admin(
        "UPDATE crm.audit_events SET tenant_id = CASE tenant_id WHEN %(near)s THEN %(far)s::uuid ELSE %(near)s END",
        near=touched.near.who.tenant_id,
        far=touched.far.who.tenant_id,
    )

    found = touched.verify()
    assert found["first_bad"]["event_id"] == touched.events()[0]
    assert "another tenant" in found["first_bad"]["problem"]
    assert not touched.verify(touched.near.who.tenant_id)["ok"]
    assert not touched.verify(touched.far.who.tenant_id)["ok"]


@promise("audit:sealed")
def test_sealing_anew_without_the_key_is_found(touched: Log, tmp_path: Path) -> None:
    """The superuser changes an event, and makes every seal again in database and file."""
    event = touched.events(touched.near)[-4]
    touched.admin("UPDATE crm.audit_events SET reason = 'Another one' WHERE event_id = %(event)s", event=event)
    touched.admin("DELETE FROM crm.audit_seals")
    forged = replace(touched.settings, home=tmp_path / "elsewhere", seals=tmp_path / "forged.jsonl")
    forged.home.mkdir()
    Sealer(touched.database, forged).seal(patience=10)
    touched.file.write_bytes((tmp_path / "forged.jsonl").read_bytes())

    found = touched.verify()
    assert found["first_bad"]["event_id"] == touched.events()[0]
    assert "not signed with this installation's key" in found["first_bad"]["problem"]


@promise("audit:sealed")
def test_the_event_is_named_even_where_a_forged_seal_agrees_with_it(touched: Log, tmp_path: Path) -> None:
    """With the database's seals rewritten by somebody who cannot reach the file."""
    event = touched.events(touched.near)[-4]
    touched.admin("UPDATE crm.audit_events SET reason = 'Another one' WHERE event_id = %(event)s", event=event)
    touched.admin("DELETE FROM crm.audit_seals")
    forged = replace(touched.settings, home=tmp_path / "elsewhere", seals=tmp_path / "forged.jsonl")
    forged.home.mkdir()
    Sealer(touched.database, forged).seal(patience=10)

    assert touched.verify()["first_bad"] == {"event_id": event, "problem": "It was changed after it was sealed."}


FILE_TAMPERING: dict[str, tuple[Callable[[list[dict[str, Any]]], list[dict[str, Any]]], str]] = {
    "cut": (lambda lines: lines[:-1], "lacks seal 3"),
    "emptied": (lambda _: [], "lacks seal"),
    "a line taken out": (lambda lines: [*lines[:2], *lines[3:]], "lacks seal 2"),
    "two lines in each other's places": (lambda lines: [*lines[:2], lines[4], lines[3], lines[2], lines[5]], "not follow"),
    "a line twice": (lambda lines: [*lines, lines[-1]], "does not follow"),
    "another count": (lambda lines: [*lines[:-1], _with_head(lines[-1], size=1)], "not signed"),
    "another time": (lambda lines: [*lines[:-1], _with_head(lines[-1], sealed_at="2020-01-01T00:00:00Z")], "not signed"),
    "no leaves": (lambda lines: [*lines[:-1], {**lines[-1], "leaves": ""}], "do not lead to its root"),
    "other leaves": (lambda lines: [*lines[:-1], {**lines[-1], "leaves": encode(bytes(96))}], "do not lead to its root"),
    "a line that is no seal": (lambda lines: [*lines, {"head": 1}], "cannot be read"),
    "a line that says nothing": (lambda lines: [*lines, {}], "cannot be read"),
}  # fmt: skip


def _with_head(line: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {**line, "head": {**line["head"], **changed}}


@promise("audit:sealed")
@pytest.mark.parametrize("name", FILE_TAMPERING)
def test_a_seals_file_that_was_touched_is_found(touched: Log, name: str) -> None:
    tamper, word = FILE_TAMPERING[name]
    touched.write_lines(tamper(touched.lines()))

    found = touched.verify()
    assert not found["ok"]
    assert word in found["first_bad"]["problem"]


@promise("audit:sealed")
def test_a_seals_file_that_is_gone_is_found(log: Log) -> None:
    log.file.unlink()

    found = log.verify()
    assert found["first_bad"] == {
        "event_id": log.events()[0],
        "problem": f"The seals file {log.file} is missing.",
    }
    log.change_notes(log.near)
    with pytest.raises(CrmError, match="do not agree"):
        log.seal()
    assert not log.verify()["ok"]


@promise("audit:sealed")
def test_a_key_that_is_gone_is_found(touched: Log) -> None:
    touched.key_file.unlink()

    assert "is missing" in touched.verify()["first_bad"]["problem"]


@promise("audit:sealed")
def test_another_key_in_the_environment_is_found(kept: Log) -> None:
    other = Log(kept.database, replace(kept.settings, seal_key="11" * 32), kept.near, kept.far)

    assert "not signed with this installation's key" in other.verify()["first_bad"]["problem"]


@promise("audit:sealed")
@pytest.mark.parametrize("role", ["app", "system", "owner", "reader"])
@pytest.mark.parametrize("statement", ["UPDATE crm.audit_seals SET head = ''", "DELETE FROM crm.audit_seals"])
def test_no_role_that_serves_changes_a_seal(kept: Log, role: str, statement: LiteralString) -> None:
    with psycopg.connect(kept.database.admin_url) as admin:
        admin.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(kept.database.roles.name(role))))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            admin.execute(statement)


@promise("audit:sealed")
def test_erasing_personal_parts_leaves_the_seals_whole(touched: Log) -> None:
    events = touched.events(touched.near)[-4:]
    assert erase_parts(touched.database, touched.settings, touched.near.who.tenant_id, events[:2]) == 2
    assert (
        erase_parts(touched.database, touched.settings, touched.near.who.tenant_id, events[2:], ["before", "after"])
        == 2
    )
    assert (
        erase_parts(touched.database, touched.settings, touched.near.who.tenant_id, events[2:], ["before", "after"])
        == 0
    )

    kept = touched.admin(
        "SELECT before, after, prompt, reasoning, reason, salt IS NULL FROM crm.audit_events"
        " WHERE event_id = ANY(%(events)s) ORDER BY event_id",
        events=events,
    )
    assert kept == [(None, None, None, None, "", True)] * 2 + [(None, None, None, None, "Changed", False)] * 2
    found = touched.verify()
    assert (found["ok"], found["erased"]) == (True, 4)

    touched.write_lines([line for line in touched.lines() if "erasure" not in line])
    assert touched.verify()["first_bad"] == {
        "event_id": events[0],
        "problem": "Its after was removed, and no signed erasure says so.",
    }


@promise("audit:sealed")
def test_an_erasure_that_somebody_else_signed_is_found(touched: Log) -> None:
    event = touched.events(touched.near)[-1]
    erase_parts(touched.database, touched.settings, touched.near.who.tenant_id, [event])
    *others, erasure = touched.lines()
    touched.write_lines([*others, {**erasure, "signature": encode(bytes(64))}])

    assert touched.verify()["first_bad"]["event_id"] == event
