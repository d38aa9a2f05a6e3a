"""`sql`: a query as an argument or on stdin, answered or refused in one document."""

import pytest

from tests.commands.terminal import Terminal

SHAPE = [
    *(
        "accepted",
        "columns",
        "duration_ms",
        "message",
        "notes",
        "returned",
        "rows",
        "rule",
        "sql",
        "time_zone",
        "total",
    ),
    *("truncated", "views"),
]


@pytest.mark.parametrize("arguments", [("SELECT count(*) FROM accounts;",), ("SELECT", "count(*)", "FROM", "accounts")])
def test_a_query_is_one_argument_or_several(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    ran = terminal.run("sql", "--json", *arguments)
    assert (ran.code, ran.json["rows"], ran.json["sql"]) == (0, [[120]], "SELECT count(*) FROM crm_read.accounts")
    assert sorted(ran.json) == SHAPE


def test_a_query_is_read_from_stdin(terminal: Terminal) -> None:
    ran = terminal.run("sql", "-", "--json", "--limit", "2", stdin="SELECT name -- all of them\nFROM accounts\n")
    assert (ran.code, ran.json["total"], ran.json["returned"], ran.json["truncated"]) == (0, 120, 2, True)


@pytest.mark.parametrize(
    ("stdin", "rule"),
    [
        ("", "one_statement"),
        (" \n\t", "one_statement"),
        (";", "read_only"),
        ("-- nothing", "one_statement"),
        ("SELECT " + "1," * 100_000 + "1", "text_size"),
        (b"SELECT '\x00'", "characters"),
        (b"SELECT '\xff\xfe'", "characters"),
        (bytes(range(256)), "characters"),
        ("\ufeffSELECT 1", "characters"),
        ("SELECT\u00a0name FROM accounts", "characters"),
        ("SELECT $1", "parameters"),
        ("SELECT name FROM acounts", "known_views"),
        ("SELECT 1 / 0", "division"),
    ],
)
def test_an_odd_text_is_refused_with_its_rule(terminal: Terminal, stdin: str | bytes, rule: str) -> None:
    ran = terminal.run("sql", "-", "--json", stdin=stdin)
    assert (ran.code, ran.json["accepted"], ran.json["rule"], ran.json["rows"]) == (1, False, rule, [])
    assert ran.json["message"].endswith(".")
    assert sorted(ran.json) == SHAPE
    assert ran.err == ""


@pytest.mark.parametrize("limit", ["0", "-1", "10001", "many", ""])
def test_a_limit_that_is_none_is_bad_usage(terminal: Terminal, limit: str) -> None:
    ran = terminal.run("sql", "SELECT 1", "--json", "--limit", limit)
    assert (ran.code, ran.error[0]) == (2, "invalid")


def test_rows_and_refusals_are_shown_to_people(terminal: Terminal) -> None:
    shown = terminal.run("sql", "SELECT stage, count(*) FROM opportunities GROUP BY 1 ORDER BY 1")
    refused = terminal.run("sql", "DELETE FROM accounts")
    summed = terminal.run("sql", "SELECT sum(amount) FROM opportunities")
    assert "negotiation" in shown.out
    assert (refused.code, refused.out) == (1, "")
    assert "(read_only)" in refused.err
    assert "group by currency" in summed.err
