"""Sums of money over several currencies, found and said."""

import re
from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from schema.fields import FieldType
from schema.kinds import KINDS

MONEY = frozenset(
    {name for kind in KINDS.values() for name, field in kind.fields.items() if field.type is FieldType.MONEY}
) | {"won_amount"}
_ADDED = ("sum", "avg", "min", "max", "percentile_cont", "percentile_disc", "stddev", "stddev_samp", "stddev_pop")
_ADDING = re.compile(rf"\b(?:{'|'.join(_ADDED)})\(")
_DIALECT = "postgres"
NOT_KNOWN = ""
"""No query: what the guard reads and sqlglot's own dialect does not, such as AT LOCAL, cannot be looked into."""


def currency_queries(sql: str) -> Iterator[str]:
    """For each place where a guarded query aggregates money over whatever currencies there are: SQL that lists them.

    A place that groups by the currency, or compares it with a constant, has one at a time. The SQL has to pass the
    guard again; where it cannot, nothing is known.
    """
    try:
        tree = sqlglot.parse_one(sql, dialect=_DIALECT)
    except SqlglotError:
        if _ADDING.search(sql) and any(re.search(rf"\b{name}\b", sql) for name in MONEY):
            yield NOT_KNOWN
        return
    selects = list(tree.find_all(exp.Select))
    money = MONEY | {name for select in selects for name in _made_of_money(select)}
    for select in selects:
        column = next(_money_aggregated(select, money), None)
        if column is not None and not _has_one_currency(select):
            yield _listing(tree, select, column)


UNCHECKED = "Whether amounts in several currencies were put together could not be told; group by currency to be sure."


def mixed_currencies(currencies: list[str]) -> str:
    """What is said of an aggregate over these."""
    named = f"{', '.join(currencies[:-1])} and {currencies[-1]}"
    return f"Amounts in {named} were put together as if they were one currency; group by currency to keep them apart."


def _made_of_money(select: exp.Select) -> Iterator[str]:
    """Other names for money that a query gives to those around it: `sum(amount) AS total … GROUP BY currency`."""
    if _has_constant_currency(select):
        return
    for projection in select.expressions:
        if isinstance(projection, exp.Alias) and _is_amount(projection.this):
            yield projection.alias


def _is_amount(value: exp.Expr) -> bool:
    """Whether a value computed from money is money still: no count, rank, bucket or comparison."""
    if isinstance(value, exp.Count | exp.Case | exp.Predicate):
        return False
    if isinstance(value, exp.Window) and _name(value.this) not in _ADDED:
        return False
    return any(column.name in MONEY for column in value.find_all(exp.Column))


def _money_aggregated(select: exp.Select, money: frozenset[str]) -> Iterator[exp.Column]:
    for projection in select.expressions:
        for call in projection.find_all(exp.Func, exp.WithinGroup):
            if call.parent_select is select and _name(call) in _ADDED:
                for column in call.find_all(exp.Column):
                    if column.name in money:
                        yield column


def _name(call: exp.Expr) -> str:
    if isinstance(call, exp.WithinGroup):
        return _name(call.this)
    return (
        (call.name if isinstance(call, exp.Anonymous) else call.sql_name()).lower()
        if isinstance(call, exp.Func)
        else ""
    )


def _has_one_currency(select: exp.Select) -> bool:
    group = select.args.get("group")
    if group is not None and any(_is_currency(select, key) for key in group.expressions):
        return True
    if any(column.name == "currency" for each in select.expressions for column in _windows(each)):
        return True
    return _has_constant_currency(select)


def _has_constant_currency(select: exp.Select) -> bool:
    where = select.args.get("where")
    return where is not None and any(
        isinstance(side, exp.Column) and side.name == "currency"
        for equal in where.find_all(exp.EQ)
        for side in (equal.left, equal.right)
    )


def _is_currency(select: exp.Select, key: exp.Expr) -> bool:
    """Whether a key of GROUP BY is the currency, by its name or by its place in the select list."""
    if isinstance(key, exp.Literal) and key.is_int and 0 < int(key.name) <= len(select.expressions):
        key = select.expressions[int(key.name) - 1]
    return any(column.name == "currency" for column in key.find_all(exp.Column))


def _windows(projection: exp.Expr) -> Iterator[exp.Column]:
    for window in projection.find_all(exp.Window):
        for key in window.args.get("partition_by") or ():
            yield from key.find_all(exp.Column)


def _listing(tree: exp.Expr, select: exp.Select, column: exp.Column) -> str:
    """The same rows, asked for their currencies alone."""
    listed = select.copy()
    for name in ("group", "having", "order", "limit", "offset", "distinct", "windows", "qualify"):
        listed.set(name, None)
    listed.set("expressions", [exp.column("currency", table=column.table or None)])
    listed.set("distinct", exp.Distinct())
    listed = listed.limit(10)
    above = tree.args.get("with_") or tree.args.get("with")
    if above is not None and select is not tree:
        listed.set("with_" if "with_" in tree.args else "with", above.copy())
    return listed.sql(dialect=_DIALECT)
