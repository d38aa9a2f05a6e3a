"""PostgreSQL's own way of cutting a text into lexemes (its scan.l), for what a query may hold."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from guardrails.sql.escapes import with_codes, with_escapes
from guardrails.sql.refusal import RefusalError, shown

LONGEST_TEXT = 20_000
MOST_LEXEMES = 3_000
LONGEST_NAME = 63
"""PostgreSQL cuts longer names off, so that two of them may become one."""
LONGEST_NUMBER = 60
LARGEST_EXPONENT = 30
LONGEST_BITS = 1_000


class Kind(Enum):
    """What a lexeme is."""

    WORD = auto()
    """An unquoted name or a keyword, in lower case as PostgreSQL folds it."""
    NAME = auto()
    """A quoted name."""
    STRING = auto()
    BITS = auto()
    """B'101' or X'1F'; `text` is the letter and what stands between the quotes."""
    NUMBER = auto()
    OPERATOR = auto()
    MARK = auto()
    """One of ( ) [ ] , . ; : and ::"""
    END = auto()


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One piece of the text; for strings and quoted names `text` is what they mean, not how they were written."""

    kind: Kind
    text: str
    start: int


_PIECES = re.compile(
    r"""
    (?P<space>[ \t\n\r\f\v]+|--[^\n\r]*)
    |(?P<comment>/\*)
    |(?P<prefixed>[eE](?=')|[bBxXnN](?=')|[uU]&(?=['"]))
    |(?P<word>[A-Za-z_\u0080-\U0010ffff][A-Za-z0-9_$\u0080-\U0010ffff]*)
    |(?P<string>'[^']*(?:''[^']*)*')
    |(?P<name>"(?:[^"]|"")+")
    |(?P<dollar>\$(?:[A-Za-z_\u0080-\U0010ffff][A-Za-z0-9_\u0080-\U0010ffff]*)?\$)
    |(?P<radix>0(?:[xX](?:_?[0-9A-Fa-f])+|[oO](?:_?[0-7])+|[bB](?:_?[01])+))
    |(?P<number>(?:[0-9]+(?:_[0-9]+)*(?:\.(?!\.)(?:[0-9]+(?:_[0-9]+)*)?)?|\.[0-9]+(?:_[0-9]+)*)(?:[eE][+-]?[0-9]+)?)
    |(?P<mark>::|:=|[()\[\],.;:])
    |(?P<operator>[-+*/<>=~!@\#%^&|`?]+)
    """,
    re.VERBOSE,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_ESCAPED = re.compile(r"'((?:[^'\\]|''|\\.)*)'", re.DOTALL)
_CODED = re.compile(r"""'((?:[^']|'')*)'|"((?:[^"]|"")+)\"""")
_BITS = re.compile(r"[bB]'[01]*'|[xX]'[0-9A-Fa-f]*'")
_UPPER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_POINT_ALONE = re.compile(r"\.(?=$|[eE])")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def lexemes(text: str) -> list[Lexeme]:
    """The text in lexemes, an END after the last; comments are gone. Raises RefusalError."""
    if len(text) > LONGEST_TEXT:
        raise RefusalError("text_size", f"The text has {len(text)} characters; at most {LONGEST_TEXT} may be sent.")
    if found := _FORBIDDEN.search(text):
        raise RefusalError("characters", f"Control character U+{ord(found.group()):04X} may not be in the text.")
    made: list[Lexeme] = []
    at = 0
    while at < len(text):
        found = _PIECES.match(text, at)
        if found is None:
            raise _unreadable(text, at)
        at = _take(text, found, made)
        if len(made) > MOST_LEXEMES:
            raise RefusalError("text_size", f"The text has over {MOST_LEXEMES} words; ask for less at once.")
    made.append(Lexeme(Kind.END, "", len(text)))
    return made


def _take(text: str, found: re.Match[str], made: list[Lexeme]) -> int:
    """Adds what was found, and returns where the text goes on."""
    at, piece = found.start(), found.group()
    match found.lastgroup:
        case "space":
            return found.end()
        case "comment":
            return _after_comment(text, at)
        case "word":
            made.append(Lexeme(Kind.WORD, _word(piece), at))
        case "name":
            made.append(Lexeme(Kind.NAME, _length_checked(piece[1:-1].replace('""', '"')), at))
        case "string":
            return _string(piece[1:-1].replace("''", "'"), at, found.end(), made)
        case "prefixed":
            return _prefixed_string(text, found, made)
        case "dollar":
            return _dollar_string(text, found, made)
        case "number" | "radix":
            _number(text, found, made)
        case "mark":
            # := is the older spelling of => before an argument.
            made.append(Lexeme(Kind.OPERATOR, "=>", at) if piece == ":=" else Lexeme(Kind.MARK, piece, at))
        case _:
            operator = _operator(piece)
            made.append(Lexeme(Kind.OPERATOR, operator, at))
            return at + len(operator)
    return found.end()


def _word(piece: str) -> str:
    """Folded as PostgreSQL does: ASCII letters alone. What is no letter to us is one to PostgreSQL (a no-break space)."""
    if not piece.isascii() and not piece.replace("$", "_").isidentifier():
        raise RefusalError("characters", f"'{shown(piece)}' holds a character that only looks like a space or a sign.")
    word = _length_checked(piece.translate(_UPPER))
    if word == "uescape":
        raise RefusalError("literals", "UESCAPE is not read here; the codes of U&'…' begin with a backslash.")
    return word


def _length_checked(name: str) -> str:
    if len(name.encode()) > LONGEST_NAME:
        raise RefusalError("names", f"The name {shown(name)} is longer than PostgreSQL's {LONGEST_NAME} bytes.")
    return name


def _after_comment(text: str, at: int) -> int:
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, at):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    raise RefusalError("syntax", "A comment has no end; leave comments out.")


def _string(value: str, at: int, end: int, made: list[Lexeme]) -> int:
    """PostgreSQL joins strings on two lines into one and refuses them on one line; nobody means either."""
    if made and made[-1].kind in {Kind.STRING, Kind.BITS}:
        raise RefusalError("literals", "Two strings stand side by side; join them with ||.")
    made.append(Lexeme(Kind.STRING, value, at))
    return end


def _prefixed_string(text: str, found: re.Match[str], made: list[Lexeme]) -> int:
    """E'…', U&'…' and U&"…" are read for what their codes mean, and judged as that; B'…' and X'…' are bits."""
    prefix, at = found.group().upper(), found.start()
    if prefix == "E" and (body := _ESCAPED.match(text, found.end())):
        return _string(with_escapes(body.group(1)), at, body.end(), made)
    if prefix == "U&" and (body := _CODED.match(text, found.end())):
        if body.group(2) is None:
            return _string(with_codes(body.group(1).replace("''", "'")), at, body.end(), made)
        made.append(Lexeme(Kind.NAME, _length_checked(with_codes(body.group(2).replace('""', '"'))), at))
        return body.end()
    if prefix in "BX" and (body := _BITS.match(text, at)) and len(body.group()) < LONGEST_BITS:
        made.append(Lexeme(Kind.BITS, prefix + body.group()[2:-1], at))
        return body.end()
    raise RefusalError("literals", f"Strings written {found.group()}'…' are not read here; write plain '…'.")


def _dollar_string(text: str, found: re.Match[str], made: list[Lexeme]) -> int:
    end = text.find(found.group(), found.end())
    if end < 0:
        raise RefusalError("syntax", f"The string that {found.group()} begins has no end; write plain '…'.")
    return _string(text[found.end() : end], found.start(), end + len(found.group()), made)


def _number(text: str, found: re.Match[str], made: list[Lexeme]) -> None:
    """Numbers as everybody reads them: 1_000 becomes 1000, 0x1F becomes 31, and 1. becomes 1e0, which has the same type
    and scale. 12abc is read differently here and there."""
    piece = found.group().replace("_", "")
    piece = str(int(piece, 0)) if found.lastgroup == "radix" else _POINT_ALONE.sub(_whole_number, piece)
    after = text[found.end() : found.end() + 1]
    if after and (after.isalnum() or after in "_$" or not after.isascii()):
        raise RefusalError(
            "literals", f"'{shown(text[found.start() : found.end() + 8])}' is no plain number; write 1000."
        )
    _, _, exponent = piece.lower().partition("e")
    if len(piece) > LONGEST_NUMBER or abs(int(exponent or 0)) > LARGEST_EXPONENT:
        raise RefusalError("literals", f"The number {shown(piece)} is too long.")
    made.append(Lexeme(Kind.NUMBER, piece, found.start()))


def _whole_number(found: re.Match[str]) -> str:
    return "" if found.end() < len(found.string) else "e0"


def _operator(run: str) -> str:
    """The operator that PostgreSQL reads at the head of a run of signs: comments end it, and a trailing + or - is
    another operator unless a sign that standard SQL has no use for stands before it."""
    for opener in ("--", "/*"):
        if (cut := run.find(opener)) > 0:
            run = run[:cut]
    while len(run) > 1 and run[-1] in "+-" and not set(run) & set("~!@#%^&|`?"):
        run = run[:-1]
    return run


def _unreadable(text: str, at: int) -> RefusalError:
    if text[at] == "$":
        return RefusalError("parameters", "Parameters such as $1 have no value here; write the value itself.")
    if text[at] in "'\"":
        return RefusalError("syntax", f"The quote before {shown(text[at + 1 : at + 21])} has no end.")
    return RefusalError("characters", f"'{shown(text[at])}' may not stand in a query.")
