"""What runs, written piece by piece from the parsed tree, beside the tokens each piece answers for."""

import re
from collections.abc import Sequence
from typing import Self

from sqlglot.tokenizer_core import Token

from guardrails.sql.refusal import RefusalError, shown
from guardrails.sql.words import words

_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_NO_SPACE_AFTER = ("(", "[", ".")
_NO_SPACE_BEFORE = (")", "]", ",", ".", "::")
_RESERVED = words(
    "all analyse analyze and any array as asc asymmetric authorization between binary bit boolean both case cast char"
    " character check coalesce collate collation column concurrently constraint create cross current_catalog current_date"
    " current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct"
    " do else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping having"
    " ilike in initially inner inout int integer intersect interval into is isnull join json json_array json_arrayagg"
    " json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value lateral leading"
    " least left like limit localtime localtimestamp merge_action national natural nchar none normalize not notnull null"
    " nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real references"
    " returning right row select session_user setof similar smallint some substring symmetric system_user table"
    " tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose"
    " when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot"
    " xmlserialize xmltable"
)
_NOISE = words("AS INNER OUTER ASC NULLS FIRST LAST NEXT ROW ROWS")
"""Words that say nothing more."""
MAYBE_OPENED, MAYBE_CLOSED = "(?", ")?"
"""Parentheses around an INTERSECT, of which the tree does not say whether they were written."""
_MAYBE = {MAYBE_OPENED: "(", MAYBE_CLOSED: ")"}


class Out:
    """Pieces of text, and the neutral tokens that they were read from."""

    __slots__ = ("shadow", "text")

    def __init__(self) -> None:
        self.text: list[str] = []
        self.shadow: list[str] = []

    def add(self, text: str, *shadow: str) -> None:
        """A piece; where it answers for other tokens than its own text, these are said."""
        self.text.append(text)
        self.shadow.extend(shadow or (text,))

    def extend(self, other: Self) -> None:
        self.text += other.text
        self.shadow += other.shadow

    def __str__(self) -> str:
        made: list[str] = []
        for piece in self.text:
            if made and not made[-1].endswith(_NO_SPACE_AFTER) and not piece.startswith(_NO_SPACE_BEFORE):
                made.append(" ")
            made.append(piece)
        return "".join(made)


def identifier(name: str) -> str:
    """A name as SQL, in quotes where it needs them."""
    if _PLAIN_NAME.fullmatch(name) and name not in _RESERVED:
        return name
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def string(value: str) -> str:
    """A text as a SQL constant; standard_conforming_strings is on, so a backslash is a backslash."""
    escaped = value.replace("'", "''")
    return f"'{escaped}'"


def faithful(tokens: Sequence[Token], out: Out) -> None:
    """What the parser dropped, moved or read as something else: every token of the text stands, in order, in what runs."""
    said = [token.text for token in tokens if token.text not in _NOISE]
    runs = [word for word in out.shadow if word not in _NOISE]
    written = [_MAYBE.get(word, word) for word in runs]
    left_out = [word for word in runs if word not in _MAYBE]
    if said in (written, left_out):
        return
    at = next(
        (index for index, (one, other) in enumerate(zip(said, runs, strict=False)) if one != other), len(runs) - 1
    )
    where = " ".join(word.lstrip(":'").removeprefix("f:").removeprefix("s:") for word in said[max(0, at - 2) : at + 3])
    raise RefusalError("faithful", f"This can be read in two ways near '{shown(where)}'; write it in plainer SQL.")
