"""Reads, for the sieve, what SQL/JSON's functions, column lists and copied windows hold beside their arguments."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import TokenType

from guardrails.sql import types
from guardrails.sql.clauses import after_argument, definition, is_definition, is_name, table_columns
from guardrails.sql.lexer import Kind
from guardrails.sql.out import identifier
from guardrails.sql.refusal import RefusalError, shown
from guardrails.sql.words import VALUE_ENDS

if TYPE_CHECKING:
    from guardrails.sql.tokens import Sieve


@dataclass(slots=True)
class Paren:
    """An open parenthesis: what it belongs to decides what words inside it mean."""

    form: str
    call: int = -1
    """Where the token of the call stands."""
    words: list[str] = field(default_factory=list[str])
    commas: int = 0
    in_frame: bool = False
    joins: bool = False
    """Whether a JOIN still waits for its ON."""
    tails: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """LIMIT, OFFSET and FETCH of the query inside: which, and where its token stands."""


def separator(sieve: "Sieve", word: str) -> None:
    """A word of a form that stands where a comma would."""
    paren = sieve.parens[-1]
    paren.words.append(f"{paren.commas}={word}")
    paren.commas += 1
    sieve.emit(TokenType.COMMA, ",")


def colon(sieve: "Sieve") -> None:
    """`'key': value`. Raises RefusalError elsewhere."""
    if not sieve.parens or sieve.parens[-1].form not in {"json_object", "json_objectagg"}:
        raise RefusalError("syntax", "A colon means nothing here; write values and casts (::) out.")
    separator(sieve, ":")


def document_word(sieve: "Sieve", paren: Paren, word: str) -> bool:
    """The words that SQL/JSON has beside its arguments."""
    if word in {"passing", "default"} or (word == "value" and paren.form in {"json_object", "json_objectagg"}):
        if sieve.out.tokens[-1].token_type not in VALUE_ENDS:
            return False
        separator(sieve, word.upper())
    elif word == "as":
        sieve.at += 1
        name = sieve.lexemes[sieve.at]
        if not is_name(name) or not name.text.replace("_", "").isalnum():
            raise RefusalError("names", f"Name the value that is passed in plain letters, not {shown(name.text)}.")
        paren.words.append(f"{paren.commas}+AS {identifier(name.text)}")
    elif word == "returning":
        kind, after = types.read_type(sieve.lexemes, sieve.at + 1)
        paren.words.append(f"{paren.commas}+RETURNING {kind}")
        sieve.at = after - 1
    elif word == "columns" and paren.form == "json_table":
        found, after = table_columns(sieve.lexemes, sieve.at + 1)
        paren.words.append(f"{paren.commas}#{len(sieve.out.columns)}")
        sieve.out.columns.append(found)
        sieve.at = after - 1
    elif found := after_argument(sieve.lexemes, sieve.at):
        paren.words.append(f"{paren.commas}+{found.upper()}")
        sieve.at += len(found.split()) - 1
    else:
        return False
    return True


def is_copied_window(sieve: "Sieve") -> bool:
    """Whether `(name)` stands here, after OVER."""
    return sieve.behind() == "over" and sieve.kind(1) in {Kind.WORD, Kind.NAME} and sieve.peek(2) == ")"


def copied_window(sieve: "Sieve") -> None:
    """To the parser OVER (name) and OVER name are one; a window with a frame can only be had by the second."""
    sieve.open(Paren("window"))
    sieve.emit(TokenType.PARTITION_BY, "PARTITION BY")
    sieve.emit(TokenType.STRING, f"w:{sieve.lexemes[sieve.at + 1].text}")
    sieve.at += 1


def _ends_alias(sieve: "Sieve") -> bool:
    """Whether here, after a function in FROM, its alias ends: `f(…) AS x (a int)`."""
    if sieve.behind() == "as":
        return sieve.at > 1 and sieve.peek(-2) == ")"
    return (
        sieve.at > 2
        and is_name(sieve.lexemes[sieve.at - 1])
        and (sieve.peek(-2) == ")" or (sieve.peek(-2) == "as" and sieve.peek(-3) == ")"))
    )


def column_list(sieve: "Sieve") -> None:
    """Keeps the list, and leaves the parser a name for it."""
    if sieve.behind() == "as":
        raise RefusalError("syntax", "Give it a name before its columns: AS x(name type, name type).")
    found, after = definition(sieve.lexemes, sieve.at)
    sieve.emit(TokenType.L_PAREN, "(")
    sieve.emit(TokenType.IDENTIFIER, f"d:{len(sieve.out.columns)}")
    sieve.emit(TokenType.R_PAREN, ")")
    sieve.out.columns.append(found)
    sieve.at = after - 1


def is_column_list(sieve: "Sieve") -> bool:
    """Whether `(a int, …)` begins here, after the alias of a function in FROM."""
    return _ends_alias(sieve) and is_definition(sieve.lexemes, sieve.at)
