"""Texts near the corpora: pieces taken out, doubled, exchanged, joined and spoiled, the same for a given seed."""

import re
from collections.abc import Sequence
from random import Random

from schema.views import VIEWS

_PIECE = re.compile(r"\s+|\w+|'(?:[^']|'')*'|\"[^\"]*\"|::|->>?|\|\||[<>=!]+|.", re.DOTALL)
_SPICE = (
    *"( ) , ; . * :: = < > || -> ->> @> ? ~ [ ] 'x' \"x\" 1 -1 0 NULL $1 -- /* */ $$ $q$ U&'a' E'a' \\ : % @ # !".split(),  # noqa: SIM905
    *"SELECT FROM WHERE WITH RECURSIVE AS UNION ALL INTERSECT LATERAL JOIN NATURAL ON USING GROUP ORDER BY LIMIT".split(),  # noqa: SIM905
    *"FOR UPDATE INTO TABLE ONLY DISTINCT OVER FILTER WITHIN VALUES ARRAY ROW CASE WHEN THEN END NOT IN IS LIKE".split(),  # noqa: SIM905
    *"BETWEEN AND OR EXISTS ANY SOME INTERVAL DATE CAST EXTRACT COLLATE TABLESAMPLE FETCH OFFSET WINDOW ESCAPE".split(),  # noqa: SIM905
    *"pg_sleep(1) set_config('a','b',true) pg_class crm.contacts pg_catalog. ctid tableoid regclass current_user".split(),  # noqa: SIM905
    *"RETURNING PASSING COLUMNS NESTED PATH DEFAULT EMPTY ERROR QUOTES WRAPPER ORDINALITY VALUE JSON KEYS LOCAL".split(),  # noqa: SIM905
    *"B'1' X'1F' 0x1F E'\\x41' U&\"a\" := x(a int) json_table( json_value( jsonb_to_record( json_object( TABLE".split(),  # noqa: SIM905
    *"\x00 \u00a0 \u2028 \ufeff é".split(" "),  # noqa: SIM905
    *VIEWS,
)


def mutants(texts: Sequence[str], rounds: int, seed: int) -> list[str]:
    """So many texts, each a few changes away from one or two of the given."""
    chance = Random(seed)
    return [_mutant(texts, chance) for _ in range(rounds)]


def _mutant(texts: Sequence[str], chance: Random) -> str:
    pieces = _PIECE.findall(chance.choice(texts))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        _change(pieces, texts, chance)
    return "".join(pieces)


def _change(pieces: list[str], texts: Sequence[str], chance: Random) -> None:
    at, other = chance.randrange(len(pieces) + 1), chance.randrange(len(pieces) + 1)
    low, high = sorted((at, min(other, at + 6)))
    match chance.randrange(8):
        case 0:
            del pieces[low:high]
        case 1:
            pieces[at:at] = pieces[low:high]
        case 2:
            pieces[at:at] = [" ", chance.choice(_SPICE), " "]
        case 3:
            pieces[at : at + 1] = [chance.choice(_SPICE)]
        case 4:
            taken = _PIECE.findall(chance.choice(texts))
            start = chance.randrange(len(taken))
            pieces[at : at + chance.randrange(4)] = taken[start : start + chance.randrange(1, 12)]
        case 5:
            pieces[low:high] = ["(", *pieces[low:high], ")"]
        case 6:
            pieces[at : at + 1] = [piece.swapcase() for piece in pieces[at : at + 1]]
        case _:
            pieces[at:at] = [chance.choice(("/**/", "\n", "--\n", " ", "/*x", "''", '""'))]
