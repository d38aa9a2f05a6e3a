"""Reads FROM: views, queries, functions and VALUES, and how they are joined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from guardrails.sql import calls, rules
from guardrails.sql.facts import ANY, Fact, Relation, Scope
from guardrails.sql.functions import RECORDS, SET_COLUMNS, SETS
from guardrails.sql.out import Out, identifier
from guardrails.sql.refusal import RefusalError
from guardrails.sql.tree import items, name_of, node_of, only
from schema.views import View

if TYPE_CHECKING:
    from guardrails.sql.reader import Reader

MOST_RELATIONS = 20
"""In one FROM: the planner's time grows with every order they could be joined in."""


def made(name: str, columns: Sequence[Fact]) -> Relation:
    """A relation of a query's columns, whose values are now its own."""
    return Relation(name, [_own(column) for column in columns])


def _own(column: Fact) -> Fact:
    return Fact(column.name, 2, weight=column.weight, type=column.type, zone=column.zone, far=column.far)


def of_view(name: str, view: View) -> Relation:
    """A view as a relation."""
    columns = [Fact(column.name, 2, type=column.type, zone=column.zone) for column in view.columns]
    return Relation(name, columns, view.name)


def renamed(name: str, columns: Sequence[Fact], names: Sequence[str]) -> list[Fact]:
    """The columns under the names of an alias, which may be fewer."""
    if len(names) > len(columns):
        raise RefusalError("known_columns", f"{name} has {len(columns)} columns, and {len(names)} names for them.")
    owned = [_own(column) for column in columns]
    return [*(replace(column, name=new) for column, new in zip(owned, names, strict=False)), *owned[len(names) :]]


def star(node: exp.Expr, scope: Scope, out: Out) -> list[Fact] | None:
    """The columns of `*` or `t.*`; None for anything else."""
    is_qualified = isinstance(node, exp.Column) and isinstance(node.this, exp.Star)
    if not is_qualified and not isinstance(node, exp.Star):
        return None
    if not is_qualified:
        only(node)
        if not scope.relations:
            raise RefusalError("known_columns", "* needs a FROM.")
        out.add("*")
        return [_own(column) for column in scope.shown]
    only(node, "this", "table", "db")
    only(node_of(node, "this"))
    name, schema = name_of(node.args.get("table")), node.args.get("db")
    if schema is not None:
        rules.known_schema(name_of(schema), name)
        out.shadow += [f":{name_of(schema)}", "."]
    relation = scope.relation(name, view_only=schema is not None)
    out.add(f"{identifier(name)}.*", f":{name}", ".", "*")
    return [_own(column) for column in relation.columns]


def read_from(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> None:
    """FROM with its joins; the relations come to stand in the scope."""
    clause = node.args.get("from_")
    joins = items(node, "joins")
    if clause is None:
        if joins:
            raise RefusalError("syntax", "A JOIN has no FROM.")
        return
    only(clause, "this")
    out.add("FROM")
    _item(reader, node_of(clause, "this"), joins, scope, out)
    if len(scope.relations) > MOST_RELATIONS:
        raise RefusalError("nesting", f"At most {MOST_RELATIONS} relations are joined in one FROM.")


@dataclass(frozen=True, slots=True)
class _Joined:
    """A part of FROM: the relations that may be named, and the columns that `*` shows, in order."""

    relations: Sequence[Relation]
    shown: Sequence[Fact]

    @classmethod
    def of(cls, relation: Relation) -> "_Joined":
        return cls([relation], relation.columns)

    def beside(self, other: "_Joined") -> "_Joined":
        return _Joined([*self.relations, *other.relations], [*self.shown, *other.shown])


_NOTHING = _Joined([], [])


def _item(reader: "Reader", first: exp.Expr, joins: Sequence[exp.Expr], scope: Scope, out: Out) -> None:
    """Comma-separated items, each a chain of joins. ON sees its own chain; a lateral item sees all before it."""
    earlier = _NOTHING
    chain = _relation(reader, first, scope, out)
    _seen(scope, chain)
    for join in joins:
        only(join, "this", "side", "kind", "method", "on", "using")
        if _is_comma(join):
            earlier = earlier.beside(chain)
            out.add(",")
            chain = _relation(reader, node_of(join, "this"), scope, out)
        else:
            words = _join_words(join)
            out.add(" ".join(words), *(word for word in words if word not in {"INNER", "OUTER"}))
            right = _relation(reader, node_of(join, "this"), scope, out)
            chain = _joined(reader, join, chain, right, scope, out)
        _seen(scope, earlier.beside(chain))


def _seen(scope: Scope, joined: _Joined) -> None:
    scope.relations = []
    for relation in joined.relations:
        scope.add(relation)
    scope.shown = joined.shown


def _is_comma(join: exp.Expr) -> bool:
    return not any(join.args.get(key) for key in ("side", "kind", "method", "on", "using"))


def _join_words(join: exp.Expr) -> list[str]:
    method, side, kind = (str(join.args.get(key) or "").upper() for key in ("method", "side", "kind"))
    if (
        method not in {"", "NATURAL"}
        or side not in {"", "LEFT", "RIGHT", "FULL"}
        or kind not in {"", "INNER", "OUTER", "CROSS"}
    ):
        raise RefusalError("known_syntax", f"{method} {side} {kind} JOIN is not read here.".replace("  ", " "))
    return [word for word in (method, side, kind) if word] + ["JOIN"]


def _joined(reader: "Reader", join: exp.Expr, left: _Joined, right: _Joined, scope: Scope, out: Out) -> _Joined:
    on, using = join.args.get("on"), [name_of(each) for each in items(join, "using")]
    is_natural, is_cross = bool(join.args.get("method")), str(join.args.get("kind") or "").upper() == "CROSS"
    if on is not None:
        inner = Scope(scope.outer, [*left.relations, *right.relations], scope.ctes)
        out.add("ON")
        reader.plain(on, inner, out)
    elif using:
        out.add("USING (", "USING", "(")
        for index, name in enumerate(using):
            out.add(f"{', ' if index else ''}{identifier(name)}", *([","] if index else []), f":{name}")
        out.add(")")
    elif is_natural:
        of_right = {column.name for column in right.shown}
        using = list(dict.fromkeys(column.name for column in left.shown if column.name in of_right))
    elif not is_cross:
        raise RefusalError("syntax", "A JOIN needs ON or USING; put each ON right after its JOIN.")
    return _merged(left, right, using) if using else left.beside(right)


def _merged(left: _Joined, right: _Joined, using: Sequence[str]) -> _Joined:
    """USING and NATURAL make one column of two, which an unqualified name means; the right one steps back. It is private
    when either is: in a FULL JOIN it shows the right side's values."""
    zones: dict[str, str | None] = {}
    for name in using:
        found = [[column for column in side.shown if column.name == name] for side in (left, right)]
        if any(len(columns) != 1 for columns in found):
            raise RefusalError("known_columns", f"USING ({name}) needs one column {name} on either side.")
        zones[name] = found[0][0].zone or found[1][0].zone
    shown = [_zoned(column, zones) for column in left.shown]
    first = [next(column for column in shown if column.name == name) for name in using]
    rest = [column for column in [*shown, *right.shown] if column.name not in zones]
    relations = [
        *(replace(one, columns=[_zoned(column, zones) for column in one.columns]) for one in left.relations),
        *(replace(one, hidden=one.hidden | zones.keys()) for one in right.relations),
    ]
    return _Joined(relations, [*first, *rest])


def _zoned(column: Fact, zones: Mapping[str, str | None]) -> Fact:
    return replace(column, zone=column.zone or zones[column.name]) if column.name in zones else column


def _relation(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> _Joined:
    if isinstance(node, exp.Table):
        return _Joined.of(_table(reader, node, scope, out))
    if isinstance(node, exp.Values):
        return _Joined.of(_values_relation(reader, node, scope, out))
    if isinstance(node, exp.Subquery):
        return _subquery(reader, node, scope, out)
    if isinstance(node, exp.Lateral):
        return _lateral(reader, node, scope, out)
    raise RefusalError("known_syntax", f"{node.key.upper()} is not read in FROM here.")


def _table(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Relation:
    target = node.this
    if isinstance(target, exp.Anonymous):
        only(node, "this", "alias", "ordinality")
        return _function(reader, target, node, scope, out)
    only(node, "this", "db", "alias")
    name, schema = name_of(target), node.args.get("db")
    cte = scope.cte(name) if schema is None else None
    if schema is not None:
        rules.known_schema(name_of(schema), name)
        out.shadow += [f":{name_of(schema)}", "."]
    if cte is not None:
        out.add(identifier(name), f":{name}")
        alias, names = _alias(node, out)
        return Relation(alias or name, renamed(name, cte, names))
    view = rules.known_views(name)
    reader.views.add(name)
    out.add(f"crm_read.{identifier(name)}", f":{name}")
    alias, names = _alias(node, out)
    relation = of_view(alias or name, view)
    if names:
        relation = replace(relation, columns=renamed(name, relation.columns, names))
    return replace(relation, has_schema=alias is None)


def _alias(node: exp.Expr, out: Out) -> tuple[str | None, list[str]]:
    alias = node.args.get("alias")
    if alias is None:
        return None, []
    only(alias, "this", "columns")
    names = [name_of(each) for each in items(alias, "columns")]
    target = alias.args.get("this")
    if not isinstance(target, exp.Identifier):
        raise RefusalError("syntax", "An alias has no name.")
    name = name_of(target)
    out.add(f"AS {identifier(name)}", str(target.this))
    if names:
        shadow: list[str] = []
        for index, each in enumerate(names):
            shadow += [",", f":{each}"] if index else [f":{each}"]
        out.add(f"({', '.join(identifier(each) for each in names)})", "(", *shadow, ")")
    return name, names


def _function(reader: "Reader", call: exp.Expr, node: exp.Expr, scope: Scope, out: Out) -> Relation:
    """`generate_series(…) AS g(n)`: its one column is called like the alias, where nothing says otherwise."""
    name = str(call.this).removeprefix("f:")
    if name.startswith("s:json_table|"):
        return _json_table(reader, call, node, scope, out)
    rules.known_functions(name)
    if name not in SETS:
        raise RefusalError("known_functions", f"{name} does not stand in FROM here; call it in SELECT.")
    fact = reader.plain(call, scope, out)
    ordinality = [Fact("ordinality", 2)] if node.args.get("ordinality") else []
    if ordinality:
        out.add("WITH ORDINALITY", "WITH", "ORDINALITY")
    if name in RECORDS:
        return _record(reader, name, node, out)
    alias, names = _alias(node, out)
    own = SET_COLUMNS.get(name)
    count = len(items(call, "expressions")) if name == "unnest" else 1
    plain_names = list(own) if own else [name if count > 1 else alias or name] * count
    columns = [Fact(each, 2, weight=fact.weight, far=fact.far) for each in plain_names]
    is_scalar = len(columns) == 1 and not ordinality
    return Relation(alias or name, renamed(name, [*columns, *ordinality], names), is_scalar=is_scalar)


def _record(reader: "Reader", name: str, node: exp.Expr, out: Out) -> Relation:
    """`jsonb_to_record(…) AS x(a int, b text)`"""
    alias = node.args.get("alias")
    (column,) = items(alias, "columns") if alias is not None and len(items(alias, "columns")) == 1 else (None,)
    if alias is None or column is None or not str(column.this).startswith("d:") or node.args.get("ordinality"):
        raise RefusalError("syntax", f"{name}(…) needs the columns it makes: AS x(name type, name type).")
    only(alias, "this", "columns")
    target = node_of(alias, "this")
    found = reader.columns[int(str(column.this)[2:])]
    out.add(f"AS {identifier(name_of(target))}({found.sql})", str(target.this), "(", str(column.this), ")")
    return Relation(name_of(target), [Fact(each, 2, far=True) for each in found.names])


def _json_table(reader: "Reader", call: exp.Expr, node: exp.Expr, scope: Scope, out: Out) -> Relation:
    told = str(call.this).split("|")
    found = [reader.columns[int(each.partition("#")[2])] for each in told if each.partition("#")[0].isdigit()]
    if len(found) != 1 or node.args.get("ordinality"):
        raise RefusalError("syntax", "JSON_TABLE needs COLUMNS (name type PATH '$.key', n FOR ORDINALITY).")
    fact = calls.document(reader, call, scope, out)
    alias, names = _alias(node, out)
    columns = [Fact(each, 2, weight=fact.weight, far=True) for each in found[0].names]
    return Relation(alias or "json_table", renamed("json_table", columns, names))


def _lateral(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> _Joined:
    only(node, "this", "alias", "ordinality")
    out.add("LATERAL")
    target = node_of(node, "this")
    if isinstance(target, exp.Anonymous):
        return _Joined.of(_function(reader, target, node, scope, out))
    if not isinstance(target, exp.Subquery):
        raise RefusalError("known_syntax", "After LATERAL stands a query or a function.")
    only(target, "this")
    out.add("(")
    columns = reader.query(node_of(target, "this"), scope, out)
    out.add(")")
    return _Joined.of(_aliased(node, columns, out))


def _subquery(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> _Joined:
    """`(SELECT …) AS x`, or joins in parentheses; neither sees its neighbours."""
    only(node, "this", "alias")
    inner = node_of(node, "this")
    out.add("(")
    if isinstance(inner, exp.Table) or (
        isinstance(inner, exp.Subquery | exp.Values | exp.Lateral)
        and (inner.args.get("alias") or inner.args.get("joins"))
    ):
        nested = Scope(scope.outer, [], scope.ctes)
        joins = items(inner, "joins")
        inner.set("joins", None)
        _item(reader, inner, joins, nested, out)
        out.add(")")
        if node.args.get("alias"):
            raise RefusalError(
                "known_syntax", "Joins in parentheses take no alias here; write (SELECT … FROM a JOIN b …) AS x."
            )
        return _Joined(nested.relations, nested.shown)
    around = Scope(scope.outer, [], scope.ctes)
    columns = reader.query(inner, around, out)
    out.add(")")
    return _Joined.of(_aliased(node, columns, out))


def _aliased(node: exp.Expr, columns: Sequence[Fact], out: Out) -> Relation:
    alias, names = _alias(node, out)
    return Relation(alias or "", renamed(alias or "the query in FROM", columns, names))


def _values_relation(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Relation:
    only(node, "expressions", "alias")
    out.add("(")
    columns = values(reader, node, Scope(scope.outer, [], scope.ctes), out)
    out.add(")")
    return _aliased(node, columns, out)


def values(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> list[Fact]:
    """VALUES; its columns are called column1, column2 and so on."""
    out.add("VALUES")
    weights: list[int] = []
    far: set[int] = set()
    for index, row in enumerate(items(node, "expressions")):
        if index:
            out.add(",")
        if not isinstance(row, exp.Tuple):
            raise RefusalError("known_syntax", "VALUES holds rows in parentheses.")
        out.add("(")
        for at, each in enumerate(items(row, "expressions")):
            if at:
                out.add(",")
            fact = reader.plain(each, scope, out)
            weights += [0] * (at + 1 - len(weights))
            weights[at] = max(weights[at], fact.weight)
            far |= {at} if fact.far or fact.literal is not None else set()
        out.add(")")
    return [Fact(f"column{at + 1}", 2, weight=weight, type=ANY, far=at in far) for at, weight in enumerate(weights)]
