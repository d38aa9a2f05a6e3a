"""Values that PostgreSQL has and Python or JSON has not, as PostgreSQL's own regression tests bring them up."""

from typing import Any

import pytest

from tools.context import ToolContext
from tools.execute import execute
from tools.sql.answer import as_sql_answer


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("'24:00'::time", "24:00:00"),
        ("ARRAY['24:00'::time, NULL]", ["24:00:00", None]),
        ("'24:00+01'::timetz", "24:00:00+01"),
        ("'10:00+15:59:59'::timetz", "10:00:00+15:59:59"),
        ("'4713-01-01 BC'::date", "4713-01-01 BC"),
        ("'9999-12-31 23:59-12'::timestamptz", "10000-01-01 12:59:00+01"),
        ("date_trunc('century', DATE '0002-02-04')", "0001-01-01T00:00:00+00:53:28"),
        ("'-infinity'::timestamptz", "-infinity"),
        ("'infinity'::interval", "infinity"),
        ("'NaN'::numeric", "NaN"),
        ("'NaN'::float8", "nan"),
        ("'[0:1]={1,2}'::int[]", [1, 2]),
        ("ROW('24:00'::time, NULL, 'a')", ["24:00:00", None, "a"]),
        ("ARRAY[(1, 2)]", [["1", "2"]]),
        ("'empty'::daterange", "empty"),
        ("'{}'::int[]", []),
    ],
)
def test_any_value_is_told(desk: ToolContext, expression: str, told: Any) -> None:
    answer = as_sql_answer(execute(desk, "query_sql", {"sql": f"SELECT {expression} AS value"}))

    assert answer["accepted"], answer
    assert answer["rows"] == [[told]]


@pytest.mark.parametrize(
    ("sql", "rules"),
    [
        ("SELECT array_position(ARRAY[[1, 2], [3, 4]], 3)", {"bad_value"}),
        ("SELECT extract(hour FROM DATE '2020-08-11')", {"bad_value"}),
        ("SELECT jsonb_path_query('\"2023-08-15\"', '$.timestamp_tz()')", {"bad_value"}),
        ("SELECT 'NaN'::numeric::int", {"bad_value"}),
        ('SELECT name COLLATE "xx-x-icu" FROM accounts', {"known_collations"}),
        ("SELECT to_tsvector('klingon', name) FROM accounts", {"known_collations"}),
        (
            "SELECT t.a FROM leads l, json_table(CASE WHEN l.name = 'x' THEN '1' ELSE '{}' END::jsonb, '$' COLUMNS (a int)) t",
            {"known_collations", None},
        ),
        # PostgreSQL 18 fails to write this plan out.
        (
            "SELECT json_arrayagg(i RETURNING jsonb) OVER (ORDER BY i DESC), ntile(2) OVER (ORDER BY i) FROM generate_series(1, 3) i",
            {"failed", None},
        ),
    ],
)
def test_what_postgresql_does_not_do_is_told_without_its_words(
    desk: ToolContext, sql: str, rules: set[str | None]
) -> None:
    answer = as_sql_answer(execute(desk, "query_sql", {"sql": sql}))

    assert answer["rule"] in rules
    assert all(word not in (answer["message"] or "") for word in ("2020", "2023", "NaN", "klingon", "node type"))
