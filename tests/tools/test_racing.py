"""Merges that meet other changes: each is made whole or refused, nobody waits in a circle, nothing hangs on what is gone."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import psycopg
import pytest
from psycopg import sql

from evals.invariants import violations
from schema.kinds import KINDS
from tests.tools.desk import Desk
from tools.calls import ToolOutcome
from tools.records.pointers import pointers_to

promise = pytest.mark.promise

CIRCLE = "at the same time; repeat the change"
"""What a deadlock would be told as."""
ROUNDS = 3


def at_once(desk: Desk, *calls: tuple[str, dict[str, Any]]) -> list[ToolOutcome]:
    """The outcomes of calls (tool, arguments) made at the same moment."""
    start = Barrier(len(calls))

    def make_call(call: tuple[str, dict[str, Any]]) -> ToolOutcome:
        start.wait()
        return desk.call(call[0], **call[1])

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(make_call, calls))


def ids(*records: dict[str, Any]) -> list[str]:
    return [str(record["record_id"]) for record in records]


def make(desk: Desk, kind: str, /, **fields: Any) -> dict[str, Any]:
    return desk.ok("create_record", kind=kind, fields=fields, create_anyway=True)["record"]


def assert_whole(desk: Desk, outcomes: Sequence[ToolOutcome]) -> None:
    """Nobody was told of a deadlock, rows and log agree, and no living record names one that is gone."""
    told = [outcome.error[1] for outcome in outcomes if outcome.error]
    assert not [message for message in told if CIRCLE in message or "Something went wrong" in message]
    tenant = desk.who.tenant_id
    with psycopg.connect(desk.database.admin_url) as admin:
        rows = admin.execute("SELECT id FROM crm.records WHERE tenant_id = %s", [tenant]).fetchall()
        assert violations(admin, [str(row[0]) for row in rows]) == []
        for kind in ("organization", "account", "individual", "contact", "opportunity"):
            for pointer in pointers_to(kind):
                if pointer.is_of_record:
                    lost = admin.execute(
                        sql.SQL(
                            "SELECT count(*) FROM crm.{child} c JOIN crm.{gone} g ON g.tenant_id = c.tenant_id"
                            " AND g.id = c.{column} WHERE c.tenant_id = %s AND c.merged_into_id IS NULL"
                            " AND g.merged_into_id IS NOT NULL"
                        ).format(
                            child=sql.Identifier(pointer.table.name),
                            gone=sql.Identifier(KINDS[kind].table),
                            column=sql.Identifier(pointer.column),
                        ),
                        [tenant],
                    ).fetchone()
                    assert lost == (0,), (kind, pointer.table.name, pointer.column)


@promise("undo:any")
def test_two_merges_of_the_same_records_are_one_merge(desk: Desk, effort: int) -> None:
    for _ in range(ROUNDS + effort):
        first, second, third = (make(desk, "account", name=f"Nordlicht {name}") for name in "ABC")
        deal = make(desk, "opportunity", name="Wind", account_id=second["record_id"])
        outcomes = at_once(
            desk,
            ("merge_records", {"keep_id": first["record_id"], "other_ids": ids(second)}),
            ("merge_records", {"keep_id": second["record_id"], "other_ids": ids(first)}),
            ("merge_records", {"keep_id": third["record_id"], "other_ids": ids(second, first)}),
        )
        assert sum(outcome.outcome == "ok" for outcome in outcomes) in (1, 2)
        assert_whole(desk, outcomes)
        assert desk.fields(deal)["account_id"] in ids(first, second, third)


@promise("undo:any")
def test_a_merge_among_other_changes_loses_none_of_them(desk: Desk, effort: int) -> None:
    for number in range(ROUNDS + effort):
        keep, other = (make(desk, "account", name=f"Nordlicht {name}") for name in "AB")
        maria = make(desk, "contact", full_name="Maria Lopez", account_id=keep["record_id"])
        again = make(desk, "contact", full_name="Maria Lopez", account_id=other["record_id"])
        deal = make(desk, "opportunity", name="Wind", account_id=other["record_id"], contact_id=again["record_id"])
        named = {"account_id": other["record_id"], "contact_id": again["record_id"]}
        outcomes = at_once(
            desk,
            ("merge_records", {"keep_id": keep["record_id"], "other_ids": ids(other)}),
            ("merge_records", {"keep_id": maria["record_id"], "other_ids": ids(again)}),
            ("create_record", {"kind": "opportunity", "fields": {"name": f"New {number}", **named}}),
            ("create_record", {"kind": "interaction", "fields": {"kind": "call", "about_id": again["record_id"]}}),
            ("update_record", {"record_id": deal["record_id"], "fields": {"amount": "5", **named}}),
            ("update_record", {"record_id": again["record_id"], "fields": {"email": "m@n.example", "title": "CFO"}}),
            (
                "update_records",
                {"kind": "contact", "where": ["full_name ~ maria"], "fields": {"phone": "+49 30 1234567"}},
            ),
            (
                "update_records",
                {"kind": "opportunity", "where": ["stage = new"], "fields": {"source": f"fair {number}"}},
            ),
        )
        assert outcomes[0].outcome == outcomes[1].outcome == "ok"
        assert_whole(desk, outcomes)


@promise("undo:any")
def test_an_undo_of_a_merge_among_other_changes(desk: Desk, effort: int) -> None:
    for number in range(ROUNDS + effort):
        keep, other = (make(desk, "account", name=f"Nordlicht {name}") for name in "AB")
        deals = [make(desk, "opportunity", name=f"Deal {n}", account_id=other["record_id"]) for n in range(3)]
        merged = desk.ok("merge_records", keep_id=keep["record_id"], other_ids=ids(other))
        outcomes = at_once(
            desk,
            ("undo", {"change_id": merged["changes"][0]}),
            ("undo", {"change_id": merged["changes"][-1]}),
            ("update_record", {"record_id": deals[1]["record_id"], "fields": {"amount": str(number)}}),
            ("update_records", {"kind": "opportunity", "where": ["name ~ deal"], "fields": {"source": f"s {number}"}}),
            ("delete_record", {"record_id": deals[2]["record_id"]}),
        )
        assert sorted(outcome.outcome for outcome in outcomes[:2]) == ["failed", "ok"]
        assert_whole(desk, outcomes)
        assert {desk.fields(deal)["account_id"] for deal in deals[:2]} == {other["record_id"]}
