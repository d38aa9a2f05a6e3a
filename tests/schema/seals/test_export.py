"""An export verifies by itself, and what was touched in it is named."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from schema.seals import erase_parts, export, verify_export
from schema.seals.verdict import Verdict
from tests.schema.seals.log import Log

promise = pytest.mark.promise
Lines = list[dict[str, Any]]


def exported(log: Log) -> Lines:
    return [json.loads(json.dumps(each)) for each in export(log.database, log.settings, log.near.who)]


def verified(lines: Lines) -> Verdict:
    return verify_export(json.dumps(line) for line in lines)[0]


def test_the_export_of_a_tenant_verifies(kept: Log) -> None:
    lines = exported(kept)
    count = len(kept.events(kept.near))

    verdict = verified(lines)
    assert verdict.to_json() == {
        "ok": True, "checked": count, "sealed": count, "unsealed": 0, "erased": 0, "first_bad": None,
    }  # fmt: skip
    assert {line["event"]["tenant_id"] for line in lines if "event" in line} == {str(kept.near.who.tenant_id)}


def test_erased_parts_leave_an_export_whole(touched: Log) -> None:
    events = touched.events(touched.near)[-2:]
    erase_parts(touched.database, touched.settings, touched.near.who.tenant_id, events)
    lines = exported(touched)

    assert (verified(lines).is_ok, verified(lines).erased) == (True, 2)
    without = verified([line for line in lines if "erasure" not in line]).first_bad
    assert without
    assert without.event_id == events[0]


def _changed(lines: Lines, place: int, **values: Any) -> Lines:
    line = lines[place]
    return [*lines[:place], {**line, "event": {**line["event"], **values}}, *lines[place + 1 :]]


TAMPERING: dict[str, Callable[[Lines], Lines]] = {
    "changed": lambda lines: _changed(lines, -2, reason="Another one"),
    "a hash kept beside another part": lambda lines: _changed(lines, -2, erased='{"reason": "00"}', reason="Another"),
    "removed": lambda lines: [*lines[:-2], lines[-1]],
    "tail cut": lambda lines: lines[:-2],
    "inserted": lambda lines: [*lines[:-2], lines[-2], *lines[-2:]],
    "reordered": lambda lines: [*lines[:-2], lines[-1], lines[-2]],
    "head removed": lambda lines: [line for line in lines if line.get("head", {}).get("batch") != 2],
    "head changed": lambda lines: [
        {**line, "head": {**line["head"], "sealed_at": ""}} if "head" in line else line for line in lines
    ],
    "no key": lambda lines: [{"log": {**lines[0]["log"], "public_key": None}}, *lines[1:]],
    "said to be unsealed": lambda lines: [*lines[:-1], {**lines[-1], "batch": None}],
}


@promise("audit:sealed")
@pytest.mark.parametrize("name", TAMPERING)
def test_an_export_that_was_touched_is_found(kept: Log, name: str) -> None:
    assert not verified(TAMPERING[name](exported(kept))).is_ok


def test_one_event_is_proved_by_its_own_line(kept: Log) -> None:
    """The changed event is named although every other line of its seal is still there."""
    lines = exported(kept)
    bad = verified(_changed(lines, -2, actor="somebody@else.example")).first_bad

    assert bad
    assert (bad.event_id, bad.problem) == (int(lines[-2]["event"]["event_id"]), "It was changed after it was sealed.")
