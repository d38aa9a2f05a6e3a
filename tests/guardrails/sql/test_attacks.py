"""What must not run is refused, by the rule that was made for it, in a sentence that helps."""

import threading

import pytest

from guardrails.sql import RULES, GuardedQuery, Refused
from tests.guardrails.sql.corpus import ATTACKS, ELSEWHERE, PRIVATE, judged


def test_the_catalogue_is_large_and_names_every_rule() -> None:
    raised_by_other_tests = {"text_size", "precedence", "zoned_columns"}

    assert len(ATTACKS) >= 400
    assert {rule for rule, _ in ATTACKS} == set(RULES) - raised_by_other_tests


@pytest.mark.promise("sql:read-only")
@pytest.mark.parametrize(("rule", "text"), ATTACKS)
def test_an_attack_is_refused_by_its_rule(rule: str, text: str) -> None:
    answer = judged(text)

    assert isinstance(answer, Refused), answer
    assert answer.rule == rule
    assert "\n" not in answer.message
    assert 10 < len(answer.message) < 600


@pytest.mark.parametrize(("rule", "text"), PRIVATE)
def test_private_columns_stay_bare_for_a_model(rule: str, text: str) -> None:
    answer = judged(text, "model")

    assert (answer.rule if isinstance(answer, Refused) else "passes") == rule
    assert isinstance(judged(text), GuardedQuery) or rule == "passes" or "refused for anybody" in rule


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT amout FROM opportunities", "no column amout here. Did you mean amount?"),
        ("SELECT o.amout FROM opportunities o", "opportunities has no column amout. Did you mean amount?"),
        ("SELECT amount FROM accounts", "opportunities and sales_analytics would have it"),
        ("SELECT name FROM acounts", "no view acounts. Did you mean accounts"),
        (
            "SELECT name FROM accounts a JOIN contacts c USING (account_id) WHERE created_at > now()",
            "a.created_at or c",
        ),
        ("SELECT account FROM accounts account", "account is a whole row"),
        ("SELECT datediff(now(), created_at) FROM accounts", "Subtract the dates"),
        ("SELECT median(amount) FROM opportunities", "percentile_cont(0.5)"),
        ("SELECT lowr(name) FROM accounts", "Did you mean lower"),
        ("SELECT name::nvarchar FROM accounts", "varchar"),
        ("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r", "WHERE n < 100"),
        ("DELETE FROM accounts", "Only SELECT"),
        ("SELECT name FROM accounts; SELECT 1", "one statement at a time"),
        ("SELECT name FROM accounts WHERE a ?? b", "no operator ??"),
        ("SELECT max(name) FROM accounts WHERE FROM", "near"),
        ("SELECT n FROM generate_series(1, 10000000) n", "at most 100000 rows"),
    ],
)
def test_a_refusal_says_what_to_write_instead(text: str, words: str) -> None:
    answer = judged(text)

    assert isinstance(answer, Refused)
    assert words in answer.message


@pytest.mark.parametrize(("rule", "words", "text"), ELSEWHERE)
def test_what_is_not_read_here_is_told_in_what_is(rule: str, words: str, text: str) -> None:
    answer = judged(text)

    assert isinstance(answer, Refused), answer
    assert (answer.rule, words in answer.message) == (rule, True), answer.message


@pytest.mark.parametrize(
    "text",
    [
        "SELECT " + "(" * 5_000 + "1" + ")" * 5_000,
        "SELECT " + "NOT " * 5_000 + "true",
        "SELECT " + "- " * 5_000 + "1",
        "SELECT " + "CASE WHEN " * 1_000 + "true" + " THEN true END" * 1_000,
        "SELECT " + "1 + " * 1_400 + "1",
        "SELECT " + "1 = 1 AND " * 700 + "true",
        "SELECT " + "'a' || " * 1_400 + "'a'",
        "SELECT 1" + " UNION ALL SELECT 1" * 700,
        "SELECT 1 FROM " + "accounts JOIN " * 1_000 + "accounts",
        "SELECT " + "ARRAY[" * 700 + "1" + "]" * 700,
        "SELECT 1" + "::int" * 1_000,
        "SELECT 1 IN " + "(1 IN " * 500 + "(1)" + ")" * 500,
        "SELECT a" + ".a" * 1_000,
        "SELECT " + "1," * 1_400 + "1",
        "SELECT 1 WHERE 1 IN (" + "1," * 1_400 + "1)",
        "SELECT " + "EXISTS (SELECT " * 700 + "1" + ")" * 700,
        "WITH " + ", ".join(f"c{n} AS (SELECT 1)" for n in range(300)) + " SELECT 1",
        "SELECT 1 " + "IS NULL " * 1_000,
        "SELECT true" + " = true" * 1_000,
        "SELECT '" + "x" * 30_000 + "'",
        "SELECT " + "/*" * 9_000,
        "SELECT " + '"' * 9_999,
        "SELECT " + "'" * 9_999,
        "SELECT " + "[" * 2_000,
        "SELECT " + "x(" * 2_500,
        "SELECT (a)" + "[b]" * 900,
        "SELECT " + "a[" * 39 + "b" + "]" * 39,
        "SELECT true " + "IS UNKNOWN " * 1_400,
        "SELECT 1 " + "OFFSET 1 LIMIT 1 " * 700,
        "SELECT " + "+ " * 2_000 + "1",
        "SELECT json_object(" + "'a': " * 900 + "1)",
        "SELECT " + "json_object('a': " * 39 + "1" + ")" * 39,
        "SELECT json_value('{}', '$' " + "DEFAULT 1 ON EMPTY " * 700 + ")",
        "SELECT json_query('{}', '$' PASSING " + "1 AS a, " * 700 + "1 AS b)",
        "SELECT * FROM json_table('{}', '$' COLUMNS " + "(NESTED PATH '$' COLUMNS " * 400 + "(a int)" + ")" * 401,
        "SELECT * FROM jsonb_to_record('{}') AS x(" + ", ".join(f"a{n} int" for n in range(900)) + ")",
        "SELECT 1 " + "IS JSON " * 1_400,
        "SELECT created_at" + " AT LOCAL" * 1_400 + " FROM accounts",
        "SELECT " + "TABLE " * 2_900,
        "SELECT E'" + "\\x41" * 4_000 + "'",
        "SELECT U&'" + "\\0041" * 3_500 + "'",
        "SELECT U&'" + "''" * 9_000,
        "SELECT 0x" + "F" * 9_000,
        "SELECT count(*) OVER " + "(w) " * 900 + "FROM accounts",
        "SELECT " + "- NOT " * 1_000 + "true",
    ],
)
def test_a_monstrous_text_gets_an_answer_even_on_a_small_stack(text: str) -> None:
    """The parser is compiled, and calls itself for each level: a crash here would be the process's."""
    answers: list[object] = []
    before = threading.stack_size(1024 * 1024)
    try:
        thread = threading.Thread(target=lambda: answers.append(judged(text)))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)

    assert len(answers) == 1
    assert isinstance(answers[0], Refused | GuardedQuery)
