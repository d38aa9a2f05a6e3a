"""The guard: a model's text in, a query that may run or a refusal out. It knows no database and no framework."""

import logging
from datetime import datetime
from typing import Any, Final, NoReturn, final
from zoneinfo import ZoneInfo

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import ParseError, SqlglotError

from guardrails.sql.clock import Clock
from guardrails.sql.facts import Audience
from guardrails.sql.hints import with_hint
from guardrails.sql.lexer import Lexeme, lexemes
from guardrails.sql.out import Out, faithful
from guardrails.sql.reader import Reader
from guardrails.sql.refusal import RefusalError, Refused
from guardrails.sql.tokens import Tokens, neutral

_DIALECT = Postgres()
# It warns with the whole text of what it gives up on, and that is the user's.
logging.getLogger("sqlglot").setLevel(logging.ERROR)
_ONLY_THE_GUARD: Final = object()


@final
class GuardedQuery:
    """SQL that passed the guard. Nothing else can make one, so that whatever takes one need not ask again."""

    __slots__ = ("_columns", "_limit", "_sql", "_views")

    def __init__(self, key: object, sql: str, limit: int, columns: tuple[str, ...], views: frozenset[str]) -> None:
        if key is not _ONLY_THE_GUARD:
            raise TypeError("only the guard makes a GuardedQuery")
        self._sql, self._limit, self._columns, self._views = sql, limit, columns, views

    def __reduce__(self) -> NoReturn:
        raise TypeError("a GuardedQuery is not copied out of its process")

    @property
    def sql(self) -> str:
        """The query, written anew from its parsed tree: views with their schema, moments as constants, no parameters."""
        return self._sql

    @property
    def limit(self) -> int:
        return self._limit

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns, as PostgreSQL names them."""
        return self._columns

    @property
    def views(self) -> frozenset[str]:
        """The views it reads."""
        return self._views

    def __repr__(self) -> str:
        return f"GuardedQuery({self._sql!r})"


def guard(
    text: str, *, clock: datetime, zone: ZoneInfo, limit: int = 200, audience: Audience = "person"
) -> GuardedQuery | Refused:
    """The query that `text` means, or why it will not run.

    `clock` (with a time zone) and `zone` are what now(), CURRENT_DATE and their like say; the session's TimeZone must
    be `zone` too. For the audience "model", private columns may stand in few places. It never raises.
    """
    read: list[Lexeme] = []
    try:
        read += lexemes(text)
        return _guarded(text, read, Clock(clock, zone), limit, audience)
    except RefusalError as error:
        return with_hint(error.refused, read)
    except RecursionError:
        return Refused("nesting", "The text is nested too deeply; use WITH to take it apart.")
    except (SqlglotError, AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError, AssertionError):
        # A shape that no code here foresaw is a shape that nobody has judged.
        return Refused("syntax", "This cannot be read as PostgreSQL; write it in a plainer way.")


def _guarded(text: str, read: list[Lexeme], clock: Clock, limit: int, audience: Audience) -> GuardedQuery:
    found = neutral(read)
    tree = _parsed(found, text)
    reader = Reader(clock, audience, found.types, found.columns)
    out = Out()
    columns = reader.query(tree, None, out)
    faithful(found.tokens, out)
    return GuardedQuery(
        _ONLY_THE_GUARD, str(out), limit, tuple(column.name for column in columns), frozenset(reader.views)
    )


def _parsed(found: Tokens, text: str) -> exp.Expr:
    try:
        trees: list[Any] = _DIALECT.parser().parse(found.tokens, text)
    except ParseError as error:
        raise RefusalError("syntax", _explained(error)) from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query | exp.Values):
        raise RefusalError("read_only", "Only SELECT (or WITH … SELECT, VALUES) runs here.")
    return trees[0]


def _explained(error: ParseError) -> str:
    told = error.errors[0] if error.errors else {}
    before = str(told.get("start_context") or "").strip()[-30:]
    at = str(told.get("highlight") or "").strip()
    return f"This cannot be read as PostgreSQL near '{before} {at}'.".replace("  ", " ").replace("' ", "'")
