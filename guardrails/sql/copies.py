"""How a recursive query's values grow from step to step, where what each step makes is made from the last one's.

`SELECT n + 1, d || d FROM r` doubles a text each time: thirty steps are a gigabyte, and PostgreSQL looks at no timeout
while it copies. A path that grows by a name at each step, as people write it, stays small.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from guardrails.sql.arguments import QUOTED, SMALL_CALLS
from guardrails.sql.refusal import RefusalError
from guardrails.sql.words import words

MOST_COPIES = 20_000
"""Of a value of the first row; a path of a thousand steps is a thousand."""
_NUMBERS = (exp.Add, exp.Mul, exp.Div, exp.Mod, exp.Pow, exp.Neg, exp.Predicate, exp.Not, exp.Exists, exp.Connector)
_EITHER = words("coalesce greatest least nullif")
_GROWING = words(
    "replace regexp_replace repeat format array_to_string string_to_array encode quote_literal quote_ident quote_nullable"
    " normalize to_json to_jsonb row_to_json array_to_json json_build_object json_build_array jsonb_build_object"
    " jsonb_build_array json_object jsonb_object json_array json_scalar json_serialize row"
)
"""Functions that write a text longer than it was: each quote in it twice, or a pattern in another's place."""
_COLLECTED = 1_000
"""An aggregate puts as many values together as there are rows."""

Copies = Counter[str]


def bounded_growth(name: str, columns: Sequence[str], alias: str, step: exp.Select) -> None:
    """Raises RefusalError for a step whose values hold the last step's several times over."""
    reading = _Reading(frozenset(columns), alias)
    beside = _sum(reading.of(join) for join in step.args.get("joins") or () if isinstance(join, exp.Expr))
    reading.beside = beside
    made = [reading.of(each) for each in step.expressions[: len(columns)]]
    sizes: Mapping[str, int] = dict.fromkeys(columns, 1)
    for _ in range(1_000):
        sizes = {
            column: 1 + sum(times * sizes[other] for other, times in copies.items())
            for column, copies in zip(columns, made, strict=False)
        } | dict.fromkeys(columns[len(made) :], 1)
        if max(sizes.values(), default=0) > MOST_COPIES:
            raise RefusalError(
                "growth", f"Each step of {name} makes its values several times as long; let a step add to them once."
            )


class _Reading:
    """What one step reads of the last."""

    def __init__(self, columns: frozenset[str], alias: str) -> None:
        self.columns = columns
        self.alias = alias
        self.beside = Copies()
        """What a column of a query beside the recursive relation may hold, when that query reads it."""

    def of(self, node: exp.Expr) -> Copies:
        """How often each column of the last step may stand in a value."""
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, _NUMBERS):
            return Copies()
        if isinstance(node, exp.Sub):
            return self.of(node.this)
        if isinstance(node, exp.Anonymous):
            return self._call(node)
        parts = [self.of(each) for each in node.iter_expressions()]
        if isinstance(node, exp.Case):
            return _most(parts)
        found = _sum(parts)
        if isinstance(node, exp.Array) and isinstance(next(node.iter_expressions(), None), exp.Query):
            return _times(found, _COLLECTED)
        return _times(found, QUOTED) if isinstance(node, exp.Array | exp.Tuple) else found

    def _column(self, node: exp.Column) -> Copies:
        table, name = node.args.get("table"), str(getattr(node.this, "this", "")).removeprefix(":")
        is_mine = table is None or getattr(table, "this", None) == f":{self.alias}"
        return Copies({name: 1}) if is_mine and name in self.columns else Copies(self.beside)

    def _call(self, node: exp.Anonymous) -> Copies:
        name = str(node.this).partition(":")[2].partition("|")[0]
        parts = [self.of(each) for each in node.iter_expressions()]
        if name in _EITHER:
            return _most(parts)
        if name in SMALL_CALLS:
            return Copies()
        if name.endswith("agg"):
            return _times(_sum(parts), _COLLECTED)
        return _times(_sum(parts), QUOTED if name in _GROWING else 1)


def _sum(parts: Iterable[Copies]) -> Copies:
    found = Copies()
    for part in parts:
        found += part
    return found


def _most(parts: Sequence[Copies]) -> Copies:
    found = Copies()
    for part in parts:
        found |= part
    return found


def _times(copies: Copies, times: int) -> Copies:
    return Copies({name: count * times for name, count in copies.items()})
