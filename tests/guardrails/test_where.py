"""The filter grammar: what it means in SQL, what it refuses, and that values never become SQL."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql

from guardrails.where import ColumnType, Condition, Filterable, parse_filters, parse_order, split_filters
from schema.errors import CrmError
from schema.views import VIEWS

ME = UUID(int=7)
SOURCE = Filterable(
    "opportunities",
    {
        "name": ColumnType.TEXT,
        "stage": ColumnType.TEXT,
        "amount": ColumnType.NUMBER,
        "employee_count": ColumnType.INTEGER,
        "is_open": ColumnType.BOOLEAN,
        "expected_close_date": ColumnType.DATE,
        "closed_at": ColumnType.TIMESTAMP,
        "owner_id": ColumnType.UUID,
    },
    now=datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
    zone=ZoneInfo("Europe/Berlin"),
    user_id=ME,
    choices={"stage": ("new", "won", "in_progress")},
)


def compiled(*filters: str) -> tuple[str, list[object]]:
    """The SQL of the filters and what it binds."""
    statement = sa.and_(*(condition.sql for condition in parse_filters(SOURCE, filters)))
    made = statement.compile(dialect=postgresql.dialect(paramstyle="named"))
    return str(made), list(made.params.values())


def answered(text: str) -> CrmError | list[Condition]:
    try:
        return parse_filters(SOURCE, [text])
    except CrmError as error:
        return error


def refusal(*filters: str) -> str:
    with pytest.raises(CrmError) as caught:
        parse_filters(SOURCE, filters)
    assert caught.value.kind == "invalid"
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "sql", "values"),
    [
        ("amount >= 10000.50", "amount >= ", ["10000.50"]),
        ("amount>=10000", "amount >= ", ["10000"]),
        ("amount <> 1", "amount IS DISTINCT FROM ", ["1"]),
        ("name = 'Acme and stage = won'", "name = ", ["Acme and stage = won"]),
        ("name = x and amount > 5", "name = ", ["x", "5"]),
        ("stage = In Progress", "stage = ", ["in_progress"]),
        ("stage in (New, won)", "stage = ", ["new", "won"]),
        ("stage IN new", "stage = ", ["new"]),
        ('name in ("a, b", c)', "name = ", ["a, b", "c"]),
        ("is_open = yes", "is_open = true", []),
        ("is_open is true", "is_open IS true", []),
        ("is_open is not false", "is_open IS NOT false", []),
        ("amount is null", "amount IS NULL", []),
        ("amount is not null", "amount IS NOT NULL", []),
        ("amount IS  NOT  NULL", "amount IS NOT NULL", []),
        ("expected_close_date <= today", "expected_close_date <= ", ["2026-11-21"]),
        ("expected_close_date > today - 7", "expected_close_date > ", ["2026-11-14"]),
        ("expected_close_date < today + 30 days", "expected_close_date < ", ["2026-12-21"]),
        ("owner_id = me", "owner_id = ", [str(ME)]),
        ("owner_id != 00000000-0000-0000-0000-000000000001", "owner_id IS DISTINCT FROM ", [str(UUID(int=1))]),
        ("employee_count < 50", "employee_count < ", ["50"]),
        ("closed_at < now", "closed_at < ", ["2026-11-20 23:30:00+00:00"]),
        ("closed_at >= 2026-11-20T09:00", "closed_at >= ", ["2026-11-20 09:00:00+01:00"]),
        ("name ~ 100%", "ILIKE", ["100/%"]),
        ("name ~ Müller", "crm.fold(name) LIKE", ["Müller"]),
    ],
)
def test_a_filter_means(text: str, sql: str, values: list[str]) -> None:
    made, bound = compiled(text)
    assert sql in made
    assert [str(value) for value in bound if value != "%"] == values


def test_a_day_covers_the_whole_of_it_where_the_person_is() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start, end = datetime(2026, 11, 20, tzinfo=berlin), datetime(2026, 11, 21, tzinfo=berlin)
    assert compiled("closed_at = 2026-11-20")[1] == [start, end]
    assert compiled("closed_at <= 2026-11-20")[1] == [end]
    assert compiled("closed_at < 2026-11-20")[1] == [start]
    assert compiled("closed_at > 2026-11-20")[1] == [end]
    assert compiled("closed_at >= 2026-11-20")[1] == [start]
    assert compiled("closed_at = yesterday")[1] == [start, end]


def test_filters_read_back_as_they_were_understood() -> None:
    texts = ["amount >= 10000", "stage in (New, won)", "name is not null", "expected_close_date < today"]
    assert [str(condition) for condition in parse_filters(SOURCE, texts)] == [
        "amount >= 10000",
        "stage in (new, won)",
        "name is not null",
        "expected_close_date < 2026-11-21",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("amout > 1", "opportunities has no field amout; did you mean amount?"),
        ("colour = red", "it has name, stage, amount"),
        ("amount", "is not a filter"),
        ("", "is not a filter"),
        ("amount >", "has no value"),
        ("amount > lots", "amount of opportunities is a number"),
        ("amount > 10,000", "is a number"),
        ("amount > NaN", "is a number"),
        ("amount > 1e999999", "is a number"),
        ("employee_count = 1.5", "a whole number"),
        ("employee_count = 99999999999999999999", "a whole number"),
        ("is_open = perhaps", "is true or false"),
        ("is_open > true", "has no order"),
        ("owner_id = Ada", "takes a full UUID"),
        ("owner_id > me", "has no order"),
        ("expected_close_date = soon", "takes a date such as"),
        ("expected_close_date = 2026-02-30", "takes a date such as"),
        ("expected_close_date = 9999-12-31", "takes a date such as"),
        ("closed_at = soonish", "takes a date such as"),
        ("closed_at = 2026-11-20T25:00", "takes a date or a time"),
        ("amount ~ 5", "looks inside text, and amount is a number"),
        ("amount = null", "write amount is null"),
        ("amount != null", "write amount is not null"),
        ("amount is 5", "write amount = 5"),
        ("stage = closed", "stage is one of new, won, in_progress"),
        ("stage in ()", "list of stage is empty"),
        ("name = a or amount > 1", "Filters are and-ed"),
        ("amount between 1 and 2", "is not a filter"),
        ("name = a\x00b", "null byte"),
    ],
)
def test_what_cannot_be_understood_says_what_to_write(text: str, words: str) -> None:
    assert words in refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "name = x'; DROP TABLE crm.accounts; --",
        "name ~ %' OR true --",
        "name in (a); SELECT 1",
        "stage = won) OR (true",
    ],
)
def test_a_value_never_becomes_sql(text: str) -> None:
    try:
        made, _ = compiled(text)
    except CrmError:
        return
    assert "DROP" not in made
    assert "true" not in made
    assert "SELECT" not in made


@given(st.text(max_size=80))
def test_any_text_is_a_filter_or_a_sentence(text: str) -> None:
    answer = answered(text)
    assert answer.kind == "invalid" if isinstance(answer, CrmError) else answer


@given(st.sampled_from(sorted(SOURCE.columns)), st.sampled_from(["=", "!=", "<", ">=", "~", "in", "is"]), st.text())
def test_any_value_is_bound_or_refused(name: str, op: str, value: str) -> None:
    try:
        made, bound = compiled(f"{name} {op} {value}")
    except CrmError:
        return
    assert made.count(":") >= len(bound)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_every_number_survives(number: object) -> None:
    assert compiled(f"amount = {number}")[1] == [number]


def test_orders_are_columns_with_a_direction() -> None:
    order = parse_order(SOURCE, "amount DESC, name")
    assert [str(each) for each in order] == ["amount DESC NULLS LAST", "name ASC NULLS LAST"]
    for text in ("amount sideways", "", "amount desc nulls first", "amount; drop", "colour"):
        with pytest.raises(CrmError):
            parse_order(SOURCE, text)


@pytest.mark.parametrize("view", list(VIEWS))
def test_every_view_can_be_filtered(view: str) -> None:
    source = Filterable.of(VIEWS[view], now=SOURCE.now, zone=SOURCE.zone, user_id=ME, choices={})
    assert parse_filters(source, [f"{name} is not null" for name in source.columns])


def test_an_id_may_be_given_by_a_name_where_one_can_be_found() -> None:
    def find(text: str) -> list[UUID]:
        return [UUID(int=len(text))]

    source = replace(SOURCE, finders={"owner_id": find})
    (condition,) = parse_filters(source, ["owner_id in (Ada, Grace Kim)"])
    assert str(condition) == "owner_id in (Ada, Grace Kim)"
    bound = condition.sql.compile(dialect=postgresql.dialect(), compile_kwargs={"render_postcompile": True}).params
    assert set(bound.values()) == {UUID(int=3), UUID(int=9)}
    assert "IS NULL" in str(parse_filters(source, ["owner_id != Ada"])[0].sql)
    assert str(parse_filters(source, ["owner_id is null"])[0]) == "owner_id is null"
    assert str(parse_filters(source, ["owner_id is not null"])[0]) == "owner_id is not null"


def test_filters_are_told_apart_with_the_field_that_each_names() -> None:
    told = split_filters(SOURCE, ["amount > 5 and stage = new", 'name = "a and amount > 5"'])
    assert told == [("amount", "amount > 5"), ("stage", "stage = new"), ("name", 'name = "a and amount > 5"')]
    for wrong in ("amout > 5", "gibberish"):
        with pytest.raises(CrmError):
            split_filters(SOURCE, [wrong])
