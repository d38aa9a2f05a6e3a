"""The rule that a recursive query ends: it counts towards a bound, in steps that arrive there."""

from collections.abc import Sequence

from sqlglot import exp

from guardrails.sql.arguments import SHORTEST_STEP, days_of, is_small, number
from guardrails.sql.copies import bounded_growth
from guardrails.sql.functions import SETS
from guardrails.sql.refusal import RefusalError
from guardrails.sql.tree import items, name_of, node_of, unwrapped_values

MOST_STEPS = 1_000
MOST_JOINED_STEPS = 50
"""Where each step joins other rows, and may find more than it started from."""


def names_itself(body: exp.Expr, name: str) -> bool:
    """Whether a query reads from a relation of its own name."""
    return any(getattr(table.this, "this", None) == f":{name}" for table in body.find_all(exp.Table))


def parts(name: str, body: exp.Expr) -> tuple[exp.Expr, exp.Select]:
    """Where the recursion starts and what each step does. Raises RefusalError."""
    if isinstance(body, exp.Union) and not any(body.args.get(key) for key in ("order", "limit", "offset", "with_")):
        base, step = node_of(body, "this"), node_of(body, "expression")
        if isinstance(step, exp.Select) and not names_itself(base, name):
            return base, step
    raise _unbounded(name)


def bounded_recursion(name: str, columns: Sequence[str], base: exp.Expr, step: exp.Select) -> None:
    """`WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) …` never ends, and one whose steps join
    rows doubles them each time."""
    alias = _called(name, step)
    bounded_growth(name, columns, alias, step)
    most = MOST_JOINED_STEPS if step.args.get("joins") or _makes_rows(step) else MOST_STEPS
    for index, projection in enumerate(items(step, "expressions")[: len(columns)]):
        direction, length = _step_of(projection, alias, columns[index])
        if length is None:
            continue
        start = _start_at(base, index)
        if any(_arrives(start, bound, length, most) for bound in _bounds(step, alias, columns, index, direction)):
            return
    raise _unbounded(name)


def _makes_rows(step: exp.Select) -> bool:
    """Whether a function in SELECT makes several rows of one, as a join does."""
    calls = {str(each.this).removeprefix("f:") for part in step.expressions for each in part.find_all(exp.Anonymous)}
    return not calls.isdisjoint(SETS)


def _unbounded(name: str) -> RefusalError:
    return RefusalError(
        "bounded_recursion",
        f"The recursive {name} needs a counter: SELECT 1 AS n UNION ALL SELECT n + 1 FROM {name} WHERE n < 100"
        f" (at most {MOST_STEPS} steps, {MOST_JOINED_STEPS} where it joins).",
    )


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Alias | exp.Paren | exp.Cast):
        node = node_of(node, "this")
    return node


def _called(name: str, step: exp.Select) -> str:
    """What the step calls the recursive relation, which stands in its own FROM and keeps its columns' names: what a
    query inside FROM calls n may be another n, that stands still."""
    from_ = step.args.get("from_")
    sources = [from_.this] if isinstance(from_, exp.From) else []
    sources += [join.this for join in items(step, "joins")]
    for source in sources:
        if (
            isinstance(source, exp.Table)
            and getattr(source.this, "this", None) == f":{name}"
            and not source.args.get("db")
        ):
            alias = source.args.get("alias")
            if not isinstance(alias, exp.TableAlias):
                return name
            if not alias.args.get("columns"):
                return name_of(alias.this)
    raise _unbounded(name)


def _is_column(node: exp.Expr, alias: str, column: str) -> bool:
    node = _bare(node)
    if not isinstance(node, exp.Column) or getattr(node.this, "this", None) != f":{column}":
        return False
    table = node.args.get("table")
    return table is None or (name_of(table) == alias and not node.args.get("db"))


def _step_of(projection: exp.Expr, alias: str, column: str) -> tuple[int, exp.Expr | None]:
    """Up, down or neither; and by how much, in numbers or as an interval."""
    node = _bare(projection)
    if not isinstance(node, exp.Add | exp.Sub) or not _is_column(node_of(node, "this"), alias, column):
        return 0, None
    length = node_of(node, "expression")
    size = number(length)
    if size is None:
        days = days_of(length)
        size = days if days is not None and days >= SHORTEST_STEP else 0
    if size <= 0 or (number(length) is not None and size < 1):
        return 0, None
    return (1 if isinstance(node, exp.Add) else -1), length


def _bounds(step: exp.Select, alias: str, columns: Sequence[str], index: int, direction: int) -> list[exp.Expr]:
    """What the counter is compared with in the conditions that must all hold."""
    where = step.args.get("where")
    waiting = [where.this] if where is not None else []
    found: list[exp.Expr] = []
    below = (exp.LT, exp.LTE) if direction > 0 else (exp.GT, exp.GTE)
    above = (exp.GT, exp.GTE) if direction > 0 else (exp.LT, exp.LTE)
    while waiting:
        node = waiting.pop()
        if isinstance(node, exp.And):
            waiting += [node.this, node.expression]
        elif isinstance(node, exp.Paren):
            waiting.append(node.this)
        elif isinstance(node, below) and _is_counter(node.this, alias, columns[index]):
            found.append(node.expression)
        elif isinstance(node, above) and _is_counter(node.expression, alias, columns[index]):
            found.append(node.this)
    own = {f":{column}" for column in columns}
    return [bound for bound in found if not any(each.this.this in own for each in bound.find_all(exp.Column))]


def _is_counter(node: exp.Expr, alias: str, column: str) -> bool:
    """The counter, or the counter after its step."""
    node = _bare(node)
    if isinstance(node, exp.Add | exp.Sub):
        node = node_of(node, "this")
    return _is_column(node, alias, column)


def _start_at(base: exp.Expr, index: int) -> exp.Expr | None:
    """What a counter starts from."""
    base = unwrapped_values(base)
    rows = items(base, "expressions")
    if isinstance(base, exp.Values):
        rows = items(rows[0], "expressions") if len(rows) == 1 else []
    return rows[index] if index < len(rows) else None


def _arrives(start: exp.Expr | None, end: exp.Expr, length: exp.Expr, most: int) -> bool:
    """Whether so many steps lead from start to end, as far as constants say; dates are of our time."""
    if start is None:
        return False
    first, last, size = number(_bare(start)), number(_bare(end)), number(length)
    if first is not None and last is not None:
        return size is not None and abs(last - first) / size <= most
    return is_small(start) and is_small(end)
