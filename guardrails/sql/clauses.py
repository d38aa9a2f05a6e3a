"""The words inside SQL/JSON's functions, JSON_TABLE and column definition lists, kept whole beside the parser.

Each function becomes a call with commas; what else stood in it is told in the call's own token, as `at=WORD` for a word
in a comma's place, `at+WORDS` for words after an argument, and `at#n` for the n-th list of columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from guardrails.sql.arguments import known_path
from guardrails.sql.clock import is_moving
from guardrails.sql.lexer import Kind, Lexeme
from guardrails.sql.out import identifier, string
from guardrails.sql.refusal import RefusalError
from guardrails.sql.types import INTERVAL_FIELDS, read_type
from guardrails.sql.words import CONTEXT_WORDS, RESERVED, UNUSED, words

DOCUMENT_FORMS = words(
    "json_value json_query json_exists json_table json_object json_array json_objectagg json_arrayagg json_scalar"
    " json_serialize json"
)
_PHRASES: Mapping[str, Sequence[str]] = {
    "with": (
        "with wrapper",
        "with array wrapper",
        "with conditional wrapper",
        "with conditional array wrapper",
        "with unconditional wrapper",
        "with unconditional array wrapper",
        "with unique",
        "with unique keys",
    ),
    "without": ("without wrapper", "without array wrapper", "without unique", "without unique keys"),
    "keep": ("keep quotes", "keep quotes on scalar string"),
    "omit": ("omit quotes", "omit quotes on scalar string"),
    "null": ("null on null", "null on empty", "null on error"),
    "absent": ("absent on null",),
    "error": ("error on empty", "error on error"),
    "empty": (
        *("empty on empty", "empty on error", "empty array on empty", "empty array on error"),
        *("empty object on empty", "empty object on error"),
    ),
    "true": ("true on error",),
    "false": ("false on error",),
    "unknown": ("unknown on error",),
    "on": ("on empty", "on error"),
    "format": ("format json", "format json encoding utf8"),
}
"""What may stand after an argument, by its first word."""
IS_JSON = (
    "json",
    *(f"json {kind}" for kind in ("value", "scalar", "array", "object")),
    *(
        f"json {kind}{unique}"
        for kind in ("", "value ", "scalar ", "array ", "object ")
        for unique in ("with unique", "with unique keys", "without unique", "without unique keys")
    ),
)
DEEPEST_NESTED = 4
"""NESTED PATH in another: each multiplies the rows of the one around it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A list of columns that a function is told to return: their names, and the list as SQL."""

    names: Sequence[str]
    sql: str


def phrase(lexemes: Sequence[Lexeme], at: int, known: Sequence[str]) -> str:
    """The longest of the known phrases that begins at a lexeme, or nothing."""
    said = [lexeme.text if lexeme.kind is Kind.WORD else "" for lexeme in lexemes[at : at + 5]]
    found = [each for each in known if said[: len(each.split())] == each.split()]
    return max(found, key=len, default="")


def after_argument(lexemes: Sequence[Lexeme], at: int) -> str:
    """The words after an argument that begin here, such as `null on empty`; nothing where an argument goes on."""
    return phrase(lexemes, at, _PHRASES.get(lexemes[at].text, ()))


# -- column definition lists ------------------------------------------------------------------------------------


def is_definition(lexemes: Sequence[Lexeme], at: int) -> bool:
    """Whether `(a int, …` begins here: a name with another word after it, of which no expression is made."""
    opening, name, kind, after = lexemes[at : at + 4]
    if opening.text != "(" or opening.kind is not Kind.MARK or not (is_name(name) and is_name(kind)):
        return False
    return after.kind is Kind.MARK or after.text in {"precision", "with", "without", "varying", *INTERVAL_FIELDS}


def is_name(lexeme: Lexeme) -> bool:
    """Whether a lexeme can only be a name, before a parenthesis or another word."""
    is_keyword = lexeme.text in RESERVED or lexeme.text in UNUSED or lexeme.text in CONTEXT_WORDS
    return lexeme.kind is Kind.NAME or (lexeme.kind is Kind.WORD and not is_keyword)


def definition(lexemes: Sequence[Lexeme], at: int) -> tuple[Columns, int]:
    """The list `(a int, b text[])` that begins here, and where the text goes on. Raises RefusalError."""
    names: list[str] = []
    said: list[str] = []
    while lexemes[at].text in {"(", ","} and lexemes[at].kind is Kind.MARK:
        name = lexemes[at + 1]
        if not is_name(name):
            break
        kind, at = read_type(lexemes, at + 2)
        names.append(name.text)
        said.append(f"{identifier(name.text)} {kind}")
    if lexemes[at].text != ")" or not said:
        raise RefusalError("syntax", "A list of columns is written (name type, name type).")
    return Columns(names, ", ".join(said)), at + 1


# -- JSON_TABLE -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Table:
    """The columns of one JSON_TABLE while they are read."""

    lexemes: Sequence[Lexeme]
    at: int
    names: list[str] = field(default_factory=list[str])

    def word(self, ahead: int = 0) -> str:
        lexeme = self.lexemes[min(self.at + ahead, len(self.lexemes) - 1)]
        return lexeme.text if lexeme.kind in {Kind.WORD, Kind.MARK} else ""

    def take(self, wanted: str) -> bool:
        """Steps over words when they stand here."""
        expected = wanted.split()
        if [self.word(index) for index in range(len(expected))] != expected:
            return False
        self.at += len(expected)
        return True

    def expect(self, wanted: str) -> None:
        if not self.take(wanted):
            raise RefusalError(
                "syntax", "JSON_TABLE's columns are written COLUMNS (name type PATH '$.key', n FOR ORDINALITY)."
            )

    def columns(self, depth: int) -> str:
        if depth > DEEPEST_NESTED:
            raise RefusalError("nesting", f"NESTED PATH stands in at most {DEEPEST_NESTED} others.")
        self.expect("(")
        said = [self.column(depth)]
        while self.take(","):
            said.append(self.column(depth))
        self.expect(")")
        return f"COLUMNS ({', '.join(said)})"

    def column(self, depth: int) -> str:
        if self.word() == "nested" and (self.word(1) == "path" or self.lexemes[self.at + 1].kind is Kind.STRING):
            self.at += 1
            self.take("path")
            path = self.path()
            if self.take("as") and is_name(name := self.lexemes[self.at]):
                path += f" AS {identifier(name.text)}"
                self.at += 1
            self.expect("columns")
            return f"NESTED PATH {path} {self.columns(depth + 1)}"
        if not is_name(name := self.lexemes[self.at]):
            self.expect("a name")
        self.at += 1
        self.names.append(name.text)
        if self.take("for ordinality"):
            return f"{identifier(name.text)} FOR ORDINALITY"
        kind, self.at = read_type(self.lexemes, self.at)
        return f"{identifier(name.text)} {kind}{self.details()}"

    def details(self) -> str:
        said = ""
        while self.word() not in {",", ")"}:
            if self.take("path"):
                said += f" PATH {self.path()}"
            elif self.take("exists"):
                said += " EXISTS"
            elif self.take("default"):
                said += f" DEFAULT {self.constant()}"
            elif found := after_argument(self.lexemes, self.at):
                said += f" {found.upper()}"
                self.at += len(found.split())
            else:
                self.expect("path")
        return said

    def path(self) -> str:
        lexeme = self.lexemes[self.at]
        if lexeme.kind is not Kind.STRING:
            self.expect("a path")
        known_path(lexeme.text, "JSON_TABLE")
        if "**" in lexeme.text:
            raise RefusalError("patterns", "In JSON_TABLE's columns ** is not read here; write the keys.")
        self.at += 1
        return string(lexeme.text)

    def constant(self) -> str:
        minus = "-" if self.lexemes[self.at].text == "-" else ""
        self.at += len(minus)
        lexeme = self.lexemes[self.at]
        self.at += 1
        if lexeme.kind is Kind.NUMBER or (lexeme.kind is Kind.WORD and lexeme.text in {"true", "false"}):
            return minus + lexeme.text.upper()
        if lexeme.kind is not Kind.STRING:
            raise RefusalError("known_syntax", "DEFAULT in JSON_TABLE is a constant here.")
        if is_moving(lexeme.text):
            raise RefusalError("moving_moments", f"'{lexeme.text}' moves with the server's clock; write a date.")
        return string(lexeme.text)


def table_columns(lexemes: Sequence[Lexeme], at: int) -> tuple[Columns, int]:
    """JSON_TABLE's `COLUMNS (…)` from its parenthesis on, and where the text goes on. Raises RefusalError."""
    table = _Table(lexemes, at)
    said = table.columns(0)
    return Columns(table.names, said), table.at
