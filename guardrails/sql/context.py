"""Words that PostgreSQL reads as keywords in one place and as names in all others."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import TokenType

from guardrails.sql.clauses import IS_JSON, phrase
from guardrails.sql.lexer import Kind
from guardrails.sql.refusal import RefusalError
from guardrails.sql.words import words

if TYPE_CHECKING:
    from guardrails.sql.tokens import Sieve


def _when(test: Callable[["Sieve", str], bool], kind: TokenType) -> Callable[["Sieve", str, str], bool]:
    def read(sieve: "Sieve", word: str, after: str) -> bool:
        if not test(sieve, after):
            return False
        sieve.emit(kind, word.upper())
        return True

    return read


def _materialized(sieve: "Sieve", _word: str, after: str) -> bool:
    if after != "(" or sieve.behind() not in {"as", "not"}:
        return False
    if sieve.behind() == "as":
        sieve.emit(TokenType.VAR, "MATERIALIZED")
    return True


def _not(sieve: "Sieve", _word: str, after: str) -> bool:
    """NOT MATERIALIZED says how to run, not what to find: it writes a query out wherever it is named, and a chain of
    such makes the planner use gigabytes. It is left out."""
    return after == "materialized" and sieve.behind() == "as"


def _nulls(sieve: "Sieve", _word: str, after: str) -> bool:
    if after not in {"first", "last"}:
        return False
    sieve.emit(TokenType.VAR, "NULLS")
    sieve.at += 1
    sieve.emit(TokenType.FIRST if after == "first" else TokenType.VAR, after.upper())
    return True


def _at_time_zone(sieve: "Sieve", _word: str, after: str) -> bool:
    if after == "local":
        for text in ("AT", "TIME", "ZONE"):
            sieve.emit(TokenType.VAR, text)
        sieve.empty_call("s:local")
        sieve.at += 1
        return True
    if (after, sieve.peek(2)) != ("time", "zone"):
        return False
    for text in ("AT", "TIME", "ZONE"):
        sieve.emit(TokenType.VAR, text)
    sieve.at += 2
    return True


def _frame(sieve: "Sieve", word: str, after: str) -> bool:
    paren = sieve.parens[-1] if sieve.parens else None
    if word == "rows" and after == "from" and sieve.behind() in {"from", ",", "join", "lateral"}:
        raise RefusalError(
            "known_syntax", "ROWS FROM is not read here; write unnest(a, b), or join on WITH ORDINALITY."
        )
    if word == "rows" and (sieve.fetching or sieve.peek(-2) == "offset"):
        sieve.emit(TokenType.ROWS, "ROWS")
        return True
    if paren is None or paren.form != "window" or paren.in_frame:
        return False
    begins = after in {"between", "unbounded", "current"} or sieve.kind(1) in {Kind.NUMBER, Kind.STRING}
    if not sieve.follows_value() and sieve.behind() not in {"asc", "desc", "first", "last"} and not begins:
        return False
    paren.in_frame = True
    sieve.emit({"rows": TokenType.ROWS, "range": TokenType.RANGE}.get(word, TokenType.VAR), word.upper())
    return True


def _row(sieve: "Sieve", _word: str, _after: str) -> bool:
    if sieve.fetching or sieve.peek(-2) != "offset":
        return False
    sieve.emit(TokenType.ROWS, "ROW")
    return True


def _null_test(sieve: "Sieve", word: str, _after: str) -> bool:
    sieve.emit(TokenType.IS, "IS")
    if word == "notnull":
        sieve.emit(TokenType.NOT, "NOT")
    sieve.emit(TokenType.NULL, "NULL")
    return True


def _is_tested(sieve: "Sieve") -> bool:
    """Whether IS or IS NOT stands before."""
    return sieve.behind() == "is" or (sieve.behind() == "not" and sieve.peek(-2) == "is")


def _unknown(sieve: "Sieve", _word: str, _after: str) -> bool:
    """To the parser IS UNKNOWN is a comparison with a call; it would take it for a type."""
    if not _is_tested(sieve):
        return False
    sieve.empty_call("s:unknown")
    return True


def _json(sieve: "Sieve", _word: str, _after: str) -> bool:
    """`IS JSON OBJECT` likewise."""
    if not _is_tested(sieve):
        return False
    found = phrase(sieve.lexemes, sieve.at, IS_JSON)
    sieve.empty_call(f"s:is|{found}")
    sieve.at += len(found.split()) - 1
    return True


def _table(sieve: "Sieve", _word: str, _after: str) -> bool:
    """`TABLE accounts` is short for SELECT * FROM accounts."""
    if sieve.behind() not in {"", "(", ")", "union", "intersect", "except", "all", "distinct"}:
        return False
    sieve.emit(TokenType.SELECT, "SELECT")
    sieve.emit(TokenType.STAR, "*")
    sieve.emit(TokenType.FROM, "FROM")
    end = 4 if sieve.peek(2) == "." else 2
    if sieve.kind(1) not in {Kind.WORD, Kind.NAME} or (
        sieve.kind(end) is not Kind.END and sieve.peek(end) not in _ENDS
    ):
        raise RefusalError("syntax", "TABLE is followed by a view's name alone; else write SELECT … FROM a view.")
    return True


_ENDS = words("; ) union intersect except order limit offset fetch for")


def _unread(pattern: str, instead: str) -> Callable[["Sieve", str, str], bool]:
    """A clause that begins with this word when these follow it, and what to write in its place."""

    def read(_sieve: "Sieve", word: str, after: str) -> bool:
        if after in pattern.split():
            raise RefusalError("known_syntax", f"{word.upper()} {after.upper()} is not read here; {instead}")
        return False

    return read


def _cycle(sieve: "Sieve", _word: str, _after: str) -> bool:
    if sieve.behind() == ")" and sieve.kind(1) in {Kind.WORD, Kind.NAME} and sieve.peek(2) in {",", "set"}:
        raise RefusalError(
            "known_syntax", "CYCLE is not read here; carry an array of ids along, and stop where NOT id = ANY (ids)."
        )
    return False


CONTEXT: Mapping[str, Callable[["Sieve", str, str], bool]] = {
    "recursive": _when(lambda sieve, _: sieve.behind() == "with", TokenType.RECURSIVE),
    "materialized": _materialized,
    "not": _not,
    "escape": _when(lambda sieve, _: sieve.kind(1) is Kind.STRING, TokenType.ESCAPE),
    "between": _when(lambda _sieve, _: True, TokenType.BETWEEN),
    "exists": _when(lambda _sieve, after: after == "(", TokenType.EXISTS),
    "values": _when(lambda _sieve, after: after == "(", TokenType.VALUES),
    "over": _when(lambda sieve, _: sieve.behind() == ")", TokenType.OVER),
    "filter": _when(lambda sieve, after: sieve.behind() == ")" and after == "(", TokenType.FILTER),
    "within": _when(lambda sieve, after: sieve.behind() == ")" and after == "group", TokenType.VAR),
    "table": _table,
    "json": _json,
    "row": _row,
    "cycle": _cycle,
    "search": _unread("depth breadth", "carry a depth or an array of ids along, and ORDER BY it."),
    "nfc": _unread("normalized", "write normalize(value) = value."),
    "group": _when(lambda sieve, after: sieve.behind() == "within" and after == "(", TokenType.VAR),
    "ordinality": _when(lambda sieve, _: sieve.behind() == "with", TokenType.ORDINALITY),
    "rollup": _when(lambda _sieve, after: after == "(", TokenType.ROLLUP),
    "cube": _when(lambda _sieve, after: after == "(", TokenType.CUBE),
    "isnull": _null_test,
    "notnull": _null_test,
    "unknown": _unknown,
    "nulls": _nulls,
    "at": _at_time_zone,
    "distinct": lambda sieve, _word, _after: sieve.behind() in {"union", "intersect", "except"},
    "all": lambda sieve, _, after: sieve.behind() == "select" or (sieve.behind() == "(" and after != ")"),
    "rows": _frame,
    "range": _frame,
    "groups": _frame,
}
