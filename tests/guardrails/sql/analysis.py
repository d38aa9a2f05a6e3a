"""What PostgreSQL itself understood of a query: its analysed tree, and the functions and relations that stand in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg

from guardrails.sql.functions import FUNCTIONS
from guardrails.sql.words import words
from schema.views import VIEWS

SYNTAX = words(
    "timezone like_escape similar_to_escape overlaps btrim ltrim rtrim json_agg_strict jsonb_agg_strict"
    " json_object_agg_strict jsonb_object_agg_strict json_object_agg_unique json_object_agg_unique_strict"
    " jsonb_object_agg_unique jsonb_object_agg_unique_strict"
)
"""Functions that stand behind words of the language: AT TIME ZONE, ESCAPE, TRIM, ABSENT ON NULL."""
_POSITIONS = re.compile(r" :(?:(?:list_|name_|rexpr_list_)?(?:location|start|end)|stmt_location|stmt_len) -?\d+")
_CALLED = re.compile(
    r":(?:aggfnoid|winfnoid) (\d+)|:funcid (\d+) :funcresulttype \d+ :funcretset \w+ :funcvariadic \w+ :funcformat [03]\b"
)
_BEHIND = re.compile(r":(?:opfuncid|funcid|aggfnoid|winfnoid) (\d+)")
_RELATIONS = re.compile(r":relid (\d+)")


@dataclass
class Analyst:
    """Has PostgreSQL analyse queries, as rules of views that are never run."""

    connection: psycopg.Connection
    names: Mapping[int, tuple[str, str, str]] = field(init=False)
    """Each function's name, volatility and schema."""
    views: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        self.connection.execute("SET search_path = crm_read")
        functions = self.connection.execute(
            "SELECT oid::int8, proname, provolatile, pronamespace::regnamespace::text FROM pg_proc"
        )
        self.names = {oid: (name, volatile, schema) for oid, name, volatile, schema in functions}
        views = self.connection.execute(
            "SELECT oid::int8 FROM pg_class WHERE relnamespace = 'crm_read'::regnamespace AND relname = ANY (%s)",
            [list(VIEWS)],
        )
        self.views = frozenset(oid for (oid,) in views)

    def tree(self, text: str) -> str | None:
        """PostgreSQL's analysed tree without positions, or None where it sees an error."""
        try:
            with self.connection.transaction(force_rollback=True):
                # The text on a line of its own: a comment at its end would take the parenthesis away.
                self.connection.execute(
                    f"CREATE TEMP VIEW tried AS SELECT 1 FROM (\n{text}\n) AS q".encode(), prepare=False
                )
                (found,) = self.connection.execute(
                    "SELECT ev_action::text FROM pg_rewrite WHERE ev_class = 'tried'::regclass"
                ).fetchone() or ("",)
        except psycopg.Error:
            return None
        return _POSITIONS.sub("", found).replace(":ctematerialized 2", ":ctematerialized 0")

    def forbidden(self, tree: str) -> list[str]:
        """What stands in a tree that no query may hold."""
        called = {self.names[int(one or other)][0] for one, other in _CALLED.findall(tree)}
        behind = {self.names[int(oid)] for oid in _BEHIND.findall(tree)}
        relations = {int(oid) for oid in _RELATIONS.findall(tree)} - self.views - {0}
        return [
            *(f"calls {name}" for name in called - FUNCTIONS - SYNTAX),
            *(f"needs {name}" for name, volatile, schema in behind if volatile == "v" or schema != "pg_catalog"),
            *(f"reads {oid}" for oid in relations),
        ]
