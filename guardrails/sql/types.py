"""The types a query may cast to, under every name PostgreSQL has for them."""

from collections.abc import Mapping, Sequence

from guardrails.sql.lexer import Kind, Lexeme
from guardrails.sql.refusal import RefusalError, near, shown

NAMES: Mapping[str, str] = {
    "smallint": "smallint",
    "int2": "smallint",
    "integer": "integer",
    "int": "integer",
    "int4": "integer",
    "bigint": "bigint",
    "int8": "bigint",
    "numeric": "numeric",
    "decimal": "numeric",
    "dec": "numeric",
    "real": "real",
    "float4": "real",
    "float8": "double precision",
    "float": "double precision",
    "text": "text",
    "varchar": "varchar",
    "char": "char",
    "character": "char",
    "bpchar": "bpchar",
    "boolean": "boolean",
    "bool": "boolean",
    "date": "date",
    "time": "time",
    "timetz": "timetz",
    "timestamp": "timestamp",
    "timestamptz": "timestamptz",
    "interval": "interval",
    "uuid": "uuid",
    "json": "json",
    "jsonb": "jsonb",
    "jsonpath": "jsonpath",
    "tsvector": "tsvector",
    "tsquery": "tsquery",
    "int4range": "int4range",
    "int8range": "int8range",
    "numrange": "numrange",
    "daterange": "daterange",
    "tsrange": "tsrange",
    "tstzrange": "tstzrange",
    "int4multirange": "int4multirange",
    "int8multirange": "int8multirange",
    "nummultirange": "nummultirange",
    "datemultirange": "datemultirange",
    "tsmultirange": "tsmultirange",
    "tstzmultirange": "tstzmultirange",
    "bytea": "bytea",
    "bit": "bit",
    "varbit": "varbit",
}
"""Left out on purpose: reg… and oid types read the catalogs, name and xml have side doors, money rounds by locale,
and a view's own name is a row type."""
_INSTEAD: Mapping[str, str] = {
    "money": "Use numeric; to_char(value, 'FM999,999,990.00') writes it out.",
    "name": "Use text.",
    "citext": "Use text, with ILIKE or lower().",
    "inet": "Use text.",
    "cidr": "Use text.",
    "xml": "Use text or jsonb.",
    "oid": "describe_schema says what there is.",
    "regclass": "describe_schema says what there is.",
    "regtype": "describe_schema says what there is.",
    "datetime": "Use timestamptz or timestamp.",
    "double": "Use double precision or numeric.",
    "string": "Use text.",
    "nvarchar": "Use text.",
    "number": "Use numeric.",
    "signed": "Use integer.",
    "unsigned": "Use integer.",
}
CLOCK_TYPES = frozenset({"date", "time", "timetz", "timestamp", "timestamptz"})
_SIZED: Mapping[str, int] = {
    "numeric": 2,
    "varchar": 1,
    "char": 1,
    "bpchar": 1,
    "time": 1,
    "timetz": 1,
    "timestamp": 1,
    "timestamptz": 1,
    "bit": 1,
    "varbit": 1,
}
_LARGEST_SIZE = 10_000
INTERVAL_FIELDS = frozenset({"year", "month", "day", "hour", "minute", "second"})


def read_type(lexemes: Sequence[Lexeme], at: int) -> tuple[str, int]:
    """The type that begins at a lexeme, in PostgreSQL's words, and where the text goes on. Raises RefusalError."""
    if (lexemes[at].text, lexemes[at + 1].text) == ("pg_catalog", "."):
        at += 2
    word = lexemes[at]
    name = NAMES.get(word.text) if word.kind in {Kind.WORD, Kind.NAME} and word.text != "float" else None
    name = name or ("double precision" if word.text == "float" and lexemes[at + 1].text != "(" else None)
    at += 1
    if name == "char" and word.kind is Kind.NAME:
        name = None
    if word.kind is Kind.WORD and (word.text, lexemes[at].text) == ("double", "precision"):
        name, at = "double precision", at + 1
    if name is None:
        known = sorted(set(NAMES.values()))
        instead = _INSTEAD.get(word.text) or f"{near(word.text, known)} {_listed(known)}".strip()
        raise RefusalError("known_types", f"No cast to {shown(word.text)} here. {instead}")
    if word.text in {"char", "character"} and lexemes[at].text == "varying":
        name, at = "varchar", at + 1
    if word.text == "bit" and lexemes[at].text == "varying":
        name, at = "varbit", at + 1
    size, at = _size(name, lexemes, at)
    name, at = _zone(name, lexemes, at)
    if name == "interval":
        fields, at = read_interval_fields(lexemes, at)
        size = f" {fields}" if fields else ""
    dimensions, at = _dimensions(lexemes, at)
    return name + size + dimensions, at


def read_interval_fields(lexemes: Sequence[Lexeme], at: int) -> tuple[str, int]:
    """`DAY`, `DAY TO SECOND` or nothing after an interval."""
    if lexemes[at].kind is not Kind.WORD or lexemes[at].text not in INTERVAL_FIELDS:
        return "", at
    first = lexemes[at].text
    if lexemes[at + 1].text == "to" and lexemes[at + 2].text in INTERVAL_FIELDS:
        return f"{first} TO {lexemes[at + 2].text}".upper(), at + 3
    return first.upper(), at + 1


def _listed(known: Sequence[str]) -> str:
    return f"There are {', '.join(known)}."


def _size(name: str, lexemes: Sequence[Lexeme], at: int) -> tuple[str, int]:
    """`(10)` or `(10, 2)`, with numbers only."""
    if lexemes[at].text != "(" or lexemes[at].kind is not Kind.MARK:
        return "", at
    numbers: list[str] = []
    while lexemes[at].text in {"(", ","} and len(numbers) < _SIZED.get(name, 0):
        number = lexemes[at + 1]
        if number.kind is not Kind.NUMBER or not number.text.isdigit() or int(number.text) > _LARGEST_SIZE:
            break
        numbers.append(number.text)
        at += 2
    if not numbers or lexemes[at].text != ")":
        raise RefusalError("known_types", f"The size of {name} is not one PostgreSQL takes; leave it out.")
    return f"({', '.join(numbers)})", at + 1


def _zone(name: str, lexemes: Sequence[Lexeme], at: int) -> tuple[str, int]:
    said = [lexeme.text for lexeme in lexemes[at : at + 3]]
    if name not in {"time", "timestamp"} or said[1:] != ["time", "zone"] or said[0] not in {"with", "without"}:
        return name, at
    return name + ("tz" if said[0] == "with" else ""), at + 3


def _dimensions(lexemes: Sequence[Lexeme], at: int) -> tuple[str, int]:
    found = 0
    while lexemes[at].text == "[" and lexemes[at + 1].text == "]" and found < 2:
        found, at = found + 1, at + 2
    return "[]" * found, at
