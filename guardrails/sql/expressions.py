"""Reads operators, constants and the other expressions that are no calls; what is not here is refused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from guardrails.sql import rules
from guardrails.sql.arguments import MOST_IN_SERIES, QUOTED, known_path, known_pattern, known_power
from guardrails.sql.facts import ANY, LEAF, NAMELESS, Fact, Scope
from guardrails.sql.out import Out, identifier, string
from guardrails.sql.refusal import RefusalError
from guardrails.sql.tree import items, name_of, node_of, only
from guardrails.sql.words import NOTS

if TYPE_CHECKING:
    from guardrails.sql.reader import Reader

OR, AND, NOT, IS, COMPARED, RANGED, OTHER, ADDED, TIMES, RAISED, ZONED, COLLATED, NEGATED, SUBSCRIPTED = range(1, 15)
"""PostgreSQL's precedence, from the loosest."""

_BINARY: Mapping[type[exp.Expr], tuple[str, int, bool]] = {
    exp.Or: ("OR", OR, True),
    exp.And: ("AND", AND, True),
    exp.EQ: ("=", COMPARED, False),
    exp.NEQ: ("<>", COMPARED, False),
    exp.LT: ("<", COMPARED, False),
    exp.LTE: ("<=", COMPARED, False),
    exp.GT: (">", COMPARED, False),
    exp.GTE: (">=", COMPARED, False),
    exp.Add: ("+", ADDED, True),
    exp.Sub: ("-", ADDED, True),
    exp.Mul: ("*", TIMES, True),
    exp.Div: ("/", TIMES, True),
    exp.Mod: ("%", TIMES, True),
    exp.Pow: ("^", RAISED, True),
    exp.Like: ("LIKE", RANGED, False),
    exp.ILike: ("ILIKE", RANGED, False),
    exp.SimilarTo: ("SIMILAR TO", RANGED, False),
    exp.NullSafeEQ: ("IS NOT DISTINCT FROM", IS, False),
    exp.NullSafeNEQ: ("IS DISTINCT FROM", IS, False),
    exp.Overlaps: ("OVERLAPS", IS, False),
}
"""Sign, precedence, and whether it groups to the left (else two in a row are an error)."""
_NEGATED: Mapping[str, tuple[str, ...]] = {
    "LIKE": ("NOT", "LIKE"),
    "ILIKE": ("NOT", "ILIKE"),
    "SIMILAR TO": ("NOT", "SIMILAR TO"),
}
_SHADOWS: Mapping[str, tuple[str, ...]] = {
    "IS NOT DISTINCT FROM": ("IS", "NOT", "DISTINCT", "FROM"),
    "IS DISTINCT FROM": ("IS", "DISTINCT", "FROM"),
}
_PATTERNS = frozenset({"~", "~*", "!~", "!~*"})
_PATHS = frozenset({"@?", "@@"})


def binds(fact: Fact, above: int) -> None:
    """Where sqlglot and PostgreSQL group operators differently: `a NOT IN (…) < b`, `a @> b || c`."""
    if fact.level <= above:
        raise RefusalError("precedence", "Which operator comes first is not plain here; put parentheses around parts.")


def _spine(node: exp.Expr) -> tuple[exp.Expr, list[exp.Expr]]:
    """The operators of one kind of precedence down the left, so that a long sum is no deep recursion."""
    nodes: list[exp.Expr] = []
    while _joins_left(node):
        nodes.append(node)
        node = node_of(node, "this")
    return node, nodes[::-1]


def _joins_left(node: exp.Expr) -> bool:
    known = _BINARY.get(type(node))
    return isinstance(node, exp.DPipe) or (known is not None and known[2])


def _binary(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    sign, level, is_left = _BINARY[type(node)]
    if is_left:
        return _chain(reader, node, scope, out)
    only(node, "this", "expression", "negate")
    compares = isinstance(node, exp.EQ | exp.NEQ)
    left = reader.expression(node_of(node, "this"), scope, out)
    binds(left, level)
    words = _NEGATED[sign] if node.args.get("negate") else _SHADOWS.get(sign, (sign,))
    out.add(" ".join(words), *words)
    right = reader.expression(node_of(node, "expression"), scope, out)
    binds(right, level)
    for fact in (left, right):
        if not compares:
            rules.zoned_columns(reader, fact)
    if isinstance(node, exp.SimilarTo):
        known_pattern(right.literal, "SIMILAR TO")
    elif not isinstance(node, exp.Like | exp.ILike):
        rules.moving_moments((left, right))
    name, strength = ("overlaps", 2) if isinstance(node, exp.Overlaps) else (NAMELESS, 0)
    return Fact(name, strength, level, rules.growth(left, right), "boolean")


def _chain(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    first, nodes = _spine(node)
    fact = reader.plain(first, scope, out)
    index = 0
    while index < len(nodes):
        each = nodes[index]
        only(each, "this", "expression", "safe", "typed")
        right_node = node_of(each, "expression")
        if isinstance(each, exp.DPipe):
            fact = _other(reader, fact, nodes[index : index + 2], scope, out)
            index += 2
            continue
        sign, level, _ = _BINARY[type(each)]
        binds(fact, level - 1)
        out.add(sign)
        right = reader.plain(right_node, scope, out, above=level)
        if isinstance(each, exp.Pow):
            known_power(right_node)
        if level == ADDED:
            rules.moving_moments((fact, right))
        far = fact.far or right.far or level in {TIMES, RAISED}
        fact = Fact(level=level, weight=rules.growth(fact, right), type="boolean" if level <= AND else ANY, far=far)
        index += 1
    return fact


def _other(reader: "Reader", left: Fact, pair: Sequence[exp.Expr], scope: Scope, out: Out) -> Fact:
    """`a || 'o:->' || b` as the sieve wrote it for `a -> b`."""
    marker = pair[0].args.get("expression")
    if len(pair) < 2 or not isinstance(marker, exp.Literal) or not str(marker.this).startswith("o:"):
        raise RefusalError("known_syntax", "An operator has nothing to its right here.")
    operator = str(marker.this)[2:]
    binds(left, OTHER - 1)
    out.add(operator, "||", f"o:{operator}", "||")
    right = reader.plain(node_of(pair[1], "expression"), scope, out, above=OTHER)
    if operator in _PATTERNS:
        known_pattern(right.literal, operator)
    if operator in _PATHS and right.literal is not None:
        known_path(right.literal, operator)
    return Fact(level=OTHER, weight=rules.growth(left, right))


def _column(_reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    only(node, "this", "table", "db")
    if isinstance(node.this, exp.Star):
        raise RefusalError("whole_rows", "A star stands alone between SELECT and FROM; name the columns here.")
    name = name_of(node.this)
    table, schema = node.args.get("table"), node.args.get("db")
    if table is None:
        fact = scope.column(name)
        out.add(identifier(name), f":{name}")
        return fact
    relation = name_of(table)
    if schema is not None:
        rules.known_schema(name_of(schema), relation)
        out.shadow += [f":{name_of(schema)}", "."]
    out.add(identifier(relation), f":{relation}")
    out.add(".")
    out.add(identifier(name), f":{name}")
    return scope.qualified(relation, name, view_only=schema is not None)


def _literal(_reader: "Reader", node: exp.Expr, _scope: Scope, out: Out) -> Fact:
    text = str(node.this)
    if not node.args.get("is_string"):
        # Written after a word, a point alone would look like one between names.
        out.add(f"0{text}" if text.startswith(".") else text, text)
        return Fact(type="numeric", far=float(text) > MOST_IN_SERIES)
    if not text.startswith("'"):
        raise RefusalError("known_syntax", "A sign stands where a value belongs.")
    out.add(string(text[1:]), text)
    return Fact(literal=text[1:])


def _word(word: str, kind: str, name: str = NAMELESS) -> "Read":
    def read(_reader: "Reader", node: exp.Expr, _scope: Scope, out: Out) -> Fact:
        only(node, "this")
        text = word or ("TRUE" if node.this else "FALSE")
        out.add(text)
        return Fact(name, 1 if name != NAMELESS else 0, type=kind)

    return read


def _paren(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    only(node, "this")
    out.add("(")
    fact = reader.expression(node_of(node, "this"), scope, out)
    out.add(")")
    return replace(fact, level=LEAF)


def _tuple(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    only(node, "expressions")
    out.add("(")
    weight = reader.listed(items(node, "expressions"), scope, out)
    out.add(")")
    return Fact("row", 2, weight=weight * QUOTED)


def _not(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    """`NOT x`, which the sieve writes three times over, and once `x NOT IN (…)`, which the parser turns around."""
    count, inner = 0, node
    while isinstance(inner, exp.Not):
        only(inner, "this")
        count, inner = count + 1, node_of(inner, "this")
    prefixes, is_turned = divmod(count, NOTS)
    for _ in range(prefixes):
        out.add("NOT", *["NOT"] * NOTS)
    if is_turned:
        if is_turned > 1 or not isinstance(inner, exp.In | exp.Between | exp.SimilarTo | exp.Is):
            raise RefusalError("known_syntax", "NOT stands where it says nothing.")
        inner.set("negate", True)
    fact = reader.expression(inner, scope, out)
    if not prefixes:
        return fact
    rules.zoned_columns(reader, fact)
    binds(fact, NOT - 1)
    return Fact(level=NOT, weight=rules.growth(fact), type="boolean")


def _signed(sign: str) -> "Read":
    def read(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
        only(node, "this")
        out.shadow.append(sign)
        at = len(out.text)
        fact = reader.plain(node_of(node, "this"), scope, out, above=NEGATED - 1)
        # Two minus signs side by side would begin a comment, and two of any kind are another operator.
        out.text[at] = f"{sign} {out.text[at]}" if out.text[at].startswith(("-", "+")) else f"{sign}{out.text[at]}"
        return Fact(level=NEGATED, weight=rules.growth(fact), far=fact.far)

    return read


def _is(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    only(node, "this", "expression", "negate")
    left = reader.expression(node_of(node, "this"), scope, out)
    binds(left, IS)
    right = node_of(node, "expression")
    negated = ("NOT",) if node.args.get("negate") else ()
    if isinstance(right, exp.Null):
        out.add("IS NOT NULL" if negated else "IS NULL", "IS", *negated, "NULL")
    elif isinstance(right, exp.Anonymous) and right.this == "s:unknown":
        rules.zoned_columns(reader, left)
        only(right, "this")
        out.add("IS NOT UNKNOWN" if negated else "IS UNKNOWN", "IS", *negated, "s:unknown", "(", ")")
    elif isinstance(right, exp.Anonymous) and str(right.this).startswith("s:is|json"):
        rules.zoned_columns(reader, left)
        only(right, "this")
        said = str(right.this).removeprefix("s:is|").upper()
        out.add(f"IS NOT {said}" if negated else f"IS {said}", "IS", *negated, str(right.this), "(", ")")
    elif isinstance(right, exp.Boolean):
        rules.zoned_columns(reader, left)
        said = "TRUE" if right.this else "FALSE"
        out.add(f"IS NOT {said}" if negated else f"IS {said}", "IS", *negated, said)
    else:
        raise RefusalError("known_syntax", "After IS stands NULL, TRUE, FALSE, UNKNOWN, JSON or DISTINCT FROM here.")
    return Fact(level=IS, weight=rules.growth(left), type="boolean")


def _in(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    only(node, "this", "expressions", "query", "negate")
    left = reader.plain(node_of(node, "this"), scope, out, above=RANGED)
    negated = ("NOT",) if node.args.get("negate") else ()
    out.add("NOT IN (" if negated else "IN (", *negated, "IN", "(")
    query = node.args.get("query")
    weight = 1
    listed = items(node, "expressions")
    if isinstance(query, exp.Subquery) or (len(listed) == 1 and isinstance(listed[0], exp.Values)):
        inside = node_of(query, "this") if isinstance(query, exp.Subquery) else listed[0]
        for column in reader.query(inside, scope, out):
            rules.zoned_columns(reader, column)
    else:
        facts: list[Fact] = []
        for index, item in enumerate(listed):
            if index:
                out.add(",")
            facts.append(reader.plain(item, scope, out))
            rules.moving_moments((left, facts[-1]))
        weight = rules.growth(*facts)
    out.add(")")
    return Fact(level=RANGED, weight=left.weight + weight, type="boolean")


def _between(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    only(node, "this", "low", "high", "symmetric", "negate")
    facts = [reader.plain(node_of(node, "this"), scope, out, above=RANGED)]
    words = [*(["NOT"] if node.args.get("negate") else []), "BETWEEN"]
    words += ["SYMMETRIC"] if node.args.get("symmetric") else []
    out.add(" ".join(words), *words)
    facts.append(reader.plain(node_of(node, "low"), scope, out, above=RANGED))
    out.add("AND")
    facts.append(reader.plain(node_of(node, "high"), scope, out, above=RANGED))
    rules.moving_moments(facts)
    return Fact(level=RANGED, weight=rules.growth(*facts), type="boolean")


def _escape(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    only(node, "this", "expression")
    fact = reader.expression(node_of(node, "this"), scope, out)
    out.add("ESCAPE")
    reader.plain(node_of(node, "expression"), scope, out)
    return fact


def _case(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    only(node, "this", "ifs", "default")
    facts: list[Fact] = []
    results: list[Fact] = []
    out.add("CASE")
    operand = node.args.get("this")
    if operand is not None:
        facts.append(reader.plain(operand, scope, out))
    for branch in items(node, "ifs"):
        only(branch, "this", "true")
        out.add("WHEN")
        facts.append(reader.plain(node_of(branch, "this"), scope, out))
        rules.moving_moments(facts if operand is not None else ())
        out.add("THEN")
        results.append(reader.plain(node_of(branch, "true"), scope, out))
    default = node.args.get("default")
    last = Fact()
    if default is not None:
        out.add("ELSE")
        last = reader.plain(default, scope, out)
    out.add("END")
    rules.moving_beside((*results, last))
    name = last.name if last.strength > 1 else "case"
    kind = "text" if all(fact.literal is not None for fact in results) else ANY
    far = any(fact.far for fact in (*results, last))
    return Fact(name, max(last.strength, 1), weight=rules.growth(*facts, *results, last), type=kind, far=far)


def _cast(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    only(node, "this", "to")
    mark = len(out.text)
    inner = node_of(node, "this")
    fact = reader.plain(inner, scope, out, above=SUBSCRIPTED)
    name, index = reader.type_of(node_of(node, "to"))
    if fact.literal is not None:
        rules.moving_inside(fact.literal, name)
    if moment := reader.clock.literal(fact.literal, name):
        out.text[mark:] = [moment]
        out.shadow += ["::", "VARCHAR", "(", index, ")"]
    else:
        out.add(f"::{name}", "::", "VARCHAR", "(", index, ")")
    named = fact if fact.strength > 1 else Fact(rules.internal_name(name), 1)
    far = fact.far or fact.literal is not None
    return Fact(named.name, named.strength, weight=rules.growth(fact), type=name, rewritten=fact.rewritten, far=far)


def _bracket(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    only(node, "this", "expressions")
    fact = reader.plain(node_of(node, "this"), scope, out, above=SUBSCRIPTED)
    (index,) = items(node, "expressions")
    said = str(index.this)
    if isinstance(index, exp.Anonymous) and said == "s:subscript":
        out.text[-1] += "["
        out.shadow += ["[", said, "("]
        (value,) = items(index, "expressions")
        inside = reader.plain(value, scope, out)
        out.add("]", ")", "]")
        return Fact(fact.name, fact.strength, weight=rules.growth(fact, inside), far=True)
    if not said.startswith("i:"):
        raise RefusalError("subscripts", "A subscript is a constant here, or a single value.")
    out.text[-1] += f"[{said[2:]}]"
    out.shadow += ["[", said, "]"]
    return Fact(fact.name, fact.strength, weight=rules.growth(fact), far=True)


def _array(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    only(node, "expressions", "bracket_notation", "value_constructor")
    inside = items(node, "expressions")
    if len(inside) == 1 and isinstance(inside[0], exp.Query) and not node.args.get("value_constructor"):
        out.add("ARRAY(", "ARRAY", "(")
        for column in reader.query(inside[0], scope, out):
            rules.zoned_columns(reader, column)
        out.add(")")
        return Fact("array", 2)
    out.add("ARRAY[", "ARRAY", "[")
    return Fact("array", 2, weight=_elements(reader, inside, scope, out))


def _elements(reader: "Reader", nodes: Sequence[exp.Expr], scope: Scope, out: Out) -> int:
    """The elements of an array and its closing bracket; an array right inside it needs no word before it."""
    facts: list[Fact] = []
    for index, node in enumerate(nodes):
        if index:
            out.add(",")
        if isinstance(node, exp.Array) and not isinstance(next(iter(items(node, "expressions")), None), exp.Query):
            only(node, "expressions", "bracket_notation", "value_constructor")
            out.add("[")
            facts.append(Fact(weight=_elements(reader, items(node, "expressions"), scope, out)))
        else:
            facts.append(reader.plain(node, scope, out))
    out.add("]")
    return rules.growth(*facts, times=QUOTED)


def _exists(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    only(node, "this")
    out.add("EXISTS (", "EXISTS", "(")
    reader.query(node_of(node, "this"), scope, out)
    out.add(")")
    return Fact("exists", 2, type="boolean")


def _any(word: str) -> "Read":
    def read(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
        only(node, "this")
        inner = node_of(node, "this")
        out.add(word)
        if isinstance(inner, exp.Query) and not isinstance(inner, exp.Subquery):
            out.text[-1] += " ("
            out.shadow.append("(")
            for column in reader.query(inner, scope, out):
                rules.zoned_columns(reader, column)
            out.add(")")
            return Fact()
        if not isinstance(inner, exp.Paren | exp.Subquery):
            raise RefusalError("known_syntax", f"{word} is followed by a parenthesis.")
        return Fact(weight=rules.growth(reader.plain(inner, scope, out)))

    return read


def _subquery(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    """A query as a value: it has one column."""
    only(node, "this")
    out.add("(")
    inner = node_of(node, "this")
    if isinstance(inner, exp.Subquery):
        fact = _subquery(reader, inner, scope, out)
    else:
        columns = reader.query(inner, scope, out)
        fact = columns[0] if columns else Fact()
        for column in columns[1:]:
            rules.zoned_columns(reader, column)
    out.add(")")
    return Fact(fact.name, 2, weight=fact.weight, type=fact.type, zone=fact.zone, far=fact.far)


def _at_time_zone(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    only(node, "this", "zone")
    fact = reader.plain(node_of(node, "this"), scope, out, above=ZONED - 1)
    rules.moving_moments((fact, Fact(type="timestamp")))
    target = node_of(node, "zone")
    if isinstance(target, exp.Anonymous) and target.this == "s:local":
        only(target, "this")
        out.add("AT LOCAL", "AT", "TIME", "ZONE", "s:local", "(", ")")
        return Fact("timezone", 2, ZONED, weight=rules.growth(fact), type="timestamp")
    out.add("AT TIME ZONE", "AT", "TIME", "ZONE")
    zone = reader.plain(node_of(node, "zone"), scope, out, above=ZONED)
    return Fact("timezone", 2, ZONED, weight=rules.growth(fact, zone), type="timestamp")


def _collate(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    only(node, "this", "expression")
    fact = reader.plain(node_of(node, "this"), scope, out, above=COLLATED - 1)
    target = node.args.get("expression")
    name = name_of(target.this if isinstance(target, exp.Column) and not target.args.get("table") else target)
    rules.known_collations(name)
    out.add("COLLATE")
    out.add(identifier(name), f":{name}")
    return Fact(fact.name, fact.strength, COLLATED, weight=fact.weight, type=fact.type)


def _whole_row(_reader: "Reader", node: exp.Expr, _scope: Scope, _out: Out) -> Fact:
    """`(t).c` and `(t).*` reach into a whole row, past the list of columns."""
    if isinstance(node.args.get("expression"), exp.Anonymous):
        raise RefusalError("known_functions", "Functions have no schema here; write the name alone.")
    raise RefusalError("whole_rows", "Write table.column, without parentheses; rows are not taken apart here.")


Read = Callable[["Reader", exp.Expr, Scope, Out], Fact]
READERS: Mapping[type[exp.Expr], Read] = {
    exp.Column: _column,
    exp.Literal: _literal,
    exp.Null: _word("NULL", ANY),
    exp.Boolean: _word("", "boolean", "bool"),
    exp.Paren: _paren,
    exp.Tuple: _tuple,
    exp.Not: _not,
    exp.Neg: _signed("-"),
    exp.BitwiseNot: _signed("+"),
    exp.Is: _is,
    exp.In: _in,
    exp.Between: _between,
    exp.Escape: _escape,
    exp.Case: _case,
    exp.Cast: _cast,
    exp.DPipe: _chain,
    exp.Bracket: _bracket,
    exp.Array: _array,
    exp.Exists: _exists,
    exp.Any: _any("ANY"),
    exp.All: _any("ALL"),
    exp.Subquery: _subquery,
    exp.AtTimeZone: _at_time_zone,
    exp.Collate: _collate,
    exp.Dot: _whole_row,
    **dict.fromkeys(_BINARY, _binary),
}
