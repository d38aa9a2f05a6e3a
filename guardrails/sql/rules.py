"""The rules: one reason to refuse each, with the attack it stops, and what to write instead.

Rules that are decided while a text is cut into lexemes and tokens are raised there, under the ids listed in RULES.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from guardrails.sql.clock import has_moving, is_moving
from guardrails.sql.facts import Fact
from guardrails.sql.functions import FUNCTIONS, INSTEAD
from guardrails.sql.refusal import RefusalError, near
from guardrails.sql.types import CLOCK_TYPES
from schema.views import VIEWS, View

if TYPE_CHECKING:
    from guardrails.sql.reader import Reader

RULES: Mapping[str, str] = {
    "text_size": "A text of ordinary length.",
    "characters": "No control characters, and none that look like others.",
    "syntax": "It can be read.",
    "names": "Names that PostgreSQL keeps whole.",
    "literals": "Constants written in the plain form.",
    "parameters": "No parameters.",
    "one_statement": "One statement.",
    "read_only": "SELECT alone, without INTO and locks.",
    "nesting": "Not nested deeper than anyone writes.",
    "known_syntax": "Clauses that PostgreSQL has and the guard knows.",
    "precedence": "Operators whose order is plain.",
    "faithful": "Nothing lost between what was written and what runs.",
    "known_operators": "Operators of the list.",
    "known_types": "Casts to types of the list.",
    "known_collations": "Collations of the list.",
    "known_views": "Views of the catalog.",
    "known_columns": "Columns that are there.",
    "whole_rows": "Columns, not whole rows.",
    "known_functions": "Functions of the list.",
    "function_arguments": "Arguments that cannot make a text or a number grow without bound.",
    "patterns": "Regular expressions that are constants, and short.",
    "subscripts": "Subscripts that are whole numbers.",
    "bounded_series": "Series with an end.",
    "bounded_recursion": "Recursion with an end.",
    "growth": "Expressions that stay small when every subquery is written out.",
    "moving_moments": "No 'now' or 'today' that the server's clock would decide.",
    "zoned_columns": "Private columns only bare, compared for equality, tested for NULL or counted, for a model.",
}
"""Every rule's id, and what a text has that it lets through."""

HEAVIEST = 20_000
"""Several times what the longest chain of ordinary WITH queries comes to."""
_INTERNAL_NAMES: Mapping[str, str] = {
    "integer": "int4",
    "smallint": "int2",
    "bigint": "int8",
    "real": "float4",
    "double precision": "float8",
    "boolean": "bool",
    "char": "bpchar",
}
_SCHEMA = "crm_read"
_COLLATIONS = frozenset({"C", "POSIX", "default", "C.UTF-8", "ucs_basic"})


def known_schema(schema: str, name: str) -> None:
    """Catalogs and tables: `pg_catalog.pg_authid`, `crm.contacts`, `information_schema.tables`."""
    if schema != _SCHEMA:
        raise RefusalError("known_views", f"{schema}.{name} is not for queries; the views have no schema. {_views()}")


def known_views(name: str) -> View:
    """Anything that is not a view of the catalog: `pg_shadow`, `audit_events`, or a guess."""
    if view := VIEWS.get(name):
        return view
    raise RefusalError("known_views", f"There is no view {name}.{near(name, VIEWS)} {_views()}")


def known_functions(name: str) -> None:
    """`pg_sleep(9)`, `set_config('crm.context', …)`, `pg_read_file(…)`, `query_to_xml('DELETE …')`, and what nobody
    has looked at yet."""
    if name in FUNCTIONS:
        return
    instead = INSTEAD.get(name)
    hint = f" {instead[0].upper()}{instead[1:]}." if instead else near(name, FUNCTIONS)
    raise RefusalError("known_functions", f"There is no function {name} for queries.{hint or _some_functions()}")


def known_collations(name: str) -> None:
    """A collation is a name in the catalogs."""
    if name not in _COLLATIONS and not name.endswith("-x-icu"):
        raise RefusalError(
            "known_collations",
            f"Collate by {', '.join(sorted(_COLLATIONS))}, or a name such as de-x-icu where the server has it.",
        )


def growth(*facts: Fact, times: int = 1) -> int:
    """What an expression weighs. `WITH a AS (SELECT x||x AS x …), b AS (SELECT x||x FROM a) …` doubles thirty times in
    a line each: the planner writes all of it out, at an estimated cost of nothing."""
    weight = (1 + sum(fact.weight for fact in facts)) * times
    if weight > HEAVIEST:
        raise RefusalError("growth", "An expression grows too large through its subqueries; compute it in fewer steps.")
    return weight


def moving_moments(facts: Sequence[Fact]) -> None:
    """`due_at < 'now'` would ask the server's clock, not the run's. Beside a text, 'today' is a word."""
    for fact in facts:
        if fact.literal is not None and is_moving(fact.literal) and not any(each.type == "text" for each in facts):
            raise RefusalError(
                "moving_moments", f"'{fact.literal}' moves with the server's clock; write now() or current_date."
            )


def moving_inside(text: str, kind: str) -> None:
    """`'{now}'::date[]` and `'[today,]'::daterange` likewise."""
    is_container = kind.endswith(("[]", "range")) and kind.startswith(("date", "ts", "time"))
    if is_container and has_moving(text):
        raise RefusalError("moving_moments", f"'{text}' moves with the server's clock; write now() or current_date.")


def moving_beside(facts: Sequence[Fact]) -> None:
    """`coalesce(closed_at, 'now')`: what stands beside a time becomes one. Beside anything else 'today' is a label."""
    if any(fact.type in CLOCK_TYPES for fact in facts):
        moving_moments(facts)


def zoned_columns(reader: "Reader", fact: Fact) -> None:
    """`substring(email, 1, 3)`, `email LIKE 'a%'` or `ORDER BY phone` say to a model what the token hides."""
    if fact.zone is not None and reader.audience == "model":
        raise RefusalError(
            "zoned_columns",
            f"{fact.name} is private: it may be shown as it is, compared with =, tested for NULL or counted, no more.",
        )


def internal_name(kind: str) -> str:
    """What PostgreSQL calls a column that is a cast to this type."""
    base = kind.partition("(")[0].partition("[")[0].partition(" DAY")[0]
    base = base if base in _INTERNAL_NAMES else base.partition(" ")[0]
    return _INTERNAL_NAMES.get(base, base)


def _views() -> str:
    return f"There are {', '.join(VIEWS)}."


def _some_functions() -> str:
    return (
        " Dates: date_trunc, extract, age, to_char; texts: lower, split_part, concat; the usual aggregates and windows."
    )
