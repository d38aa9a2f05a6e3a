"""Reads queries, scope by scope as PostgreSQL resolves them, and writes them anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from guardrails.sql import calls, expressions, recursion, relations
from guardrails.sql.clauses import Columns
from guardrails.sql.clock import Clock
from guardrails.sql.facts import Audience, Fact, Scope
from guardrails.sql.out import MAYBE_CLOSED, MAYBE_OPENED, Out, identifier
from guardrails.sql.refusal import RefusalError
from guardrails.sql.rules import growth, zoned_columns
from guardrails.sql.tree import items, name_of, node_of, only, unwrapped_values
from guardrails.sql.words import words

_SET_WORDS: Mapping[type[exp.Expr], str] = {exp.Union: "UNION", exp.Intersect: "INTERSECT", exp.Except: "EXCEPT"}
_GROUPING_WORDS: Mapping[type[exp.Expr], str] = {
    exp.GroupingSets: "GROUPING SETS",
    exp.Cube: "CUBE",
    exp.Rollup: "ROLLUP",
}
_READERS = {**expressions.READERS, **calls.READERS}
_SELECT_KEYS = words("with_ expressions distinct from_ joins where group having windows order limit offset laterals")


@dataclass(slots=True)
class Reader:
    """Reads one statement; what it has met is kept for whoever runs it."""

    clock: Clock
    audience: Audience
    types: Sequence[str]
    columns: Sequence[Columns] = ()
    views: set[str] = field(default_factory=set[str])

    def type_of(self, target: exp.Expr) -> tuple[str, str]:
        """The type that a cast of the sieve points at, and its number as the sieve wrote it."""
        parameters = items(target, "expressions")
        index = str(node_of(parameters[0], "this").this) if parameters else ""
        if not index.isdigit() or int(index) >= len(self.types):
            raise RefusalError("known_types", "A cast has no type.")
        return self.types[int(index)], index

    def query(self, node: exp.Expr, outer: Scope | None, out: Out) -> Sequence[Fact]:
        """Writes a query and answers with its columns. Raises RefusalError."""
        scope = Scope(outer)
        node = unwrapped_values(node)
        if isinstance(node, exp.Subquery):
            return self._parenthesised(node, scope, out)
        self._with(node, scope, out)
        if isinstance(node, exp.SetOperation):
            return self._set_operation(node, scope, out)
        if isinstance(node, exp.Values):
            only(node, "with_", "expressions", "order", "limit", "offset")
            columns = relations.values(self, node, scope, out)
            self._tail(node, Scope(None, [relations.made("", columns)]), columns, out)
            return columns
        if isinstance(node, exp.Select):
            return self._select(node, scope, out)
        raise RefusalError("read_only", "Only SELECT (or WITH … SELECT, VALUES) runs here.")

    def _parenthesised(self, node: exp.Expr, scope: Scope, out: Out) -> Sequence[Fact]:
        """`(SELECT …) ORDER BY … LIMIT …`"""
        only(node, "this", "with_", "order", "limit", "offset")
        self._with(node, scope, out)
        out.add("(")
        columns = self.query(node_of(node, "this"), scope, out)
        out.add(")")
        self._tail(node, Scope(None, [relations.made("", columns)]), columns, out)
        return columns

    # -- expressions --------------------------------------------------------------------------------------------

    def expression(self, node: exp.Expr, scope: Scope, out: Out) -> Fact:
        """Writes an expression and says what is known of it. Raises RefusalError."""
        if read := _READERS.get(type(node)):
            return read(self, node, scope, out)
        raise RefusalError("known_syntax", f"{node.key.upper()} is not read here; write it in plain PostgreSQL.")

    def plain(self, node: exp.Expr, scope: Scope, out: Out, above: int = 0) -> Fact:
        """An expression where no private value may stand, binding tighter than `above`."""
        fact = self.expression(node, scope, out)
        zoned_columns(self, fact)
        expressions.binds(fact, above)
        return fact

    def listed(self, nodes: Sequence[exp.Expr], scope: Scope, out: Out) -> int:
        """Expressions with commas between; answers what they weigh together."""
        facts: list[Fact] = []
        for index, node in enumerate(nodes):
            if index:
                out.add(",")
            facts.append(self.plain(node, scope, out))
        return growth(*facts)

    # -- WITH ---------------------------------------------------------------------------------------------------

    def _with(self, node: exp.Expr, scope: Scope, out: Out) -> None:
        clause = node.args.get("with_")
        if clause is None:
            return
        only(clause, "expressions", "recursive")
        is_recursive = bool(clause.args.get("recursive"))
        out.add("WITH RECURSIVE" if is_recursive else "WITH", *(["WITH", "RECURSIVE"] if is_recursive else ["WITH"]))
        for index, cte in enumerate(items(clause, "expressions")):
            if index:
                out.add(",")
            self._cte(cte, scope, out, is_recursive=is_recursive)

    def _cte(self, cte: exp.Expr, scope: Scope, out: Out, *, is_recursive: bool) -> None:
        """A query of WITH. Its name is known to those after it, and inside itself only when it is recursive."""
        only(cte, "this", "alias", "materialized")
        alias = node_of(cte, "alias")
        only(alias, "this", "columns")
        identifier_node = node_of(alias, "this")
        name, columns = name_of(identifier_node), [name_of(each) for each in items(alias, "columns")]
        if name in scope.ctes:
            raise RefusalError("known_views", f"WITH names {name} twice.")
        out.add(identifier(name), str(identifier_node.this))
        if columns:
            out.add(f"({', '.join(identifier(each) for each in columns)})", *_column_list(columns))
        out.add(*(["AS MATERIALIZED (", "MATERIALIZED", "("] if cte.args.get("materialized") else ["AS (", "("]))
        body = node_of(cte, "this")
        if is_recursive and recursion.names_itself(body, name):
            found = self._recursive(name, columns, body, scope, out)
        else:
            found = relations.renamed(name, self.query(body, scope, out), columns)
        out.add(")")
        scope.ctes[name] = found

    def _recursive(self, name: str, columns: list[str], body: exp.Expr, scope: Scope, out: Out) -> Sequence[Fact]:
        base, step = recursion.parts(name, body)
        inner = Scope(scope)
        found = relations.renamed(name, self.query(base, inner, out), columns)
        recursion.bounded_recursion(name, [column.name for column in found], base, step)
        out.add(
            "UNION" if body.args.get("distinct") else "UNION ALL",
            "UNION",
            *([] if body.args.get("distinct") else ["ALL"]),
        )
        inner.ctes[name] = found
        stepped = self.query(step, inner, out)
        # What a private column is after the first step, it is after every one.
        for column in stepped:
            zoned_columns(self, column)
        return [
            replace(column, weight=column.weight + other.weight) for column, other in zip(found, stepped, strict=False)
        ]

    # -- set operations -----------------------------------------------------------------------------------------

    def _set_operation(self, node: exp.Expr, scope: Scope, out: Out) -> Sequence[Fact]:
        """`a UNION b UNION c …`, the left ones in a row rather than in depth."""
        nodes: list[exp.Expr] = []
        each: exp.Expr = node
        while isinstance(each, exp.SetOperation) and (each is node or not each.args.get("with_")):
            nodes.append(each)
            each = node_of(each, "this")
        columns = self.query(each, scope, out)
        for operation in reversed(nodes):
            keys = ("order", "limit", "offset", "with_") if operation is node else ()
            only(operation, "this", "expression", "distinct", *keys)
            word = _SET_WORDS.get(type(operation))
            if word is None:
                raise RefusalError("known_syntax", f"{operation.key.upper()} is not read here.")
            distinct = operation.args.get("distinct")
            out.add(word if distinct else f"{word} ALL", word, *([] if distinct else ["ALL"]))
            columns = _merged(columns, self._right(operation, scope, out))
        self._tail(node, Scope(None, [relations.made("", columns)]), columns, out)
        return columns

    def _right(self, operation: exp.Expr, scope: Scope, out: Out) -> Sequence[Fact]:
        """The right side; sqlglot puts parentheses around an INTERSECT there, where PostgreSQL's precedence has it."""
        right = node_of(operation, "expression")
        if (
            isinstance(right, exp.Subquery)
            and isinstance(right.this, exp.Intersect)
            and not isinstance(operation, exp.Intersect)
        ):
            only(right, "this")
            out.add("(", MAYBE_OPENED)
            columns = self.query(right.this, scope, out)
            out.add(")", MAYBE_CLOSED)
            return columns
        return self.query(right, scope, out)

    # -- SELECT -------------------------------------------------------------------------------------------------

    def _select(self, node: exp.Expr, scope: Scope, out: Out) -> Sequence[Fact]:
        only(node, *_SELECT_KEYS)
        if node.args.get("laterals"):
            raise RefusalError("known_syntax", "Write LATERAL after a comma or JOIN.")
        from_text = Out()
        relations.read_from(self, node, scope, from_text)
        out.add("SELECT")
        body = Out()
        columns = self._projections(node, scope, body)
        self._distinct(node, scope, columns, out)
        out.extend(body)
        out.extend(from_text)
        where = node.args.get("where")
        if where is not None:
            self._clause("WHERE", where, scope, out)
        self._group(node, scope, columns, out)
        having = node.args.get("having")
        if having is not None:
            self._clause("HAVING", having, scope, out)
        self._windows(node, scope, out)
        self._tail(node, scope, columns, out)
        return columns

    def _clause(self, word: str, node: exp.Expr, scope: Scope, out: Out) -> None:
        only(node, "this")
        out.add(word)
        self.plain(node_of(node, "this"), scope, out)

    def _projections(self, node: exp.Expr, scope: Scope, out: Out) -> list[Fact]:
        columns: list[Fact] = []
        for index, each in enumerate(items(node, "expressions")):
            if index:
                out.add(",")
            columns += relations.star(each, scope, out) or [self._projection(each, scope, out)]
        return columns

    def _projection(self, node: exp.Expr, scope: Scope, out: Out) -> Fact:
        if isinstance(node, exp.Alias):
            only(node, "this", "alias")
            fact = self.expression(node_of(node, "this"), scope, out)
            name = name_of(node.args.get("alias"))
            out.add("AS")
            out.add(identifier(name), f":{name}")
            return fact.named(name)
        fact = self.expression(node, scope, out)
        if fact.rewritten:
            out.text.append(f"AS {identifier(fact.name)}")
        return fact

    def _distinct(self, node: exp.Expr, scope: Scope, columns: Sequence[Fact], out: Out) -> None:
        distinct = node.args.get("distinct")
        if distinct is None:
            return
        only(distinct, "on")
        out.add("DISTINCT")
        on = distinct.args.get("on")
        if on is not None:
            out.add("ON (", "ON", "(")
            for index, each in enumerate(items(on, "expressions")):
                if index:
                    out.add(",")
                self._sorted_by(each, scope, columns, out)
            out.add(")")

    def _group(self, node: exp.Expr, scope: Scope, columns: Sequence[Fact], out: Out) -> None:
        group = node.args.get("group")
        if group is None:
            return
        only(group, "expressions")
        out.add("GROUP BY", "GROUP BY")
        sets = items(group, "expressions")
        if isinstance(sets[0], exp.Literal) and sets[0].this == "d:distinct":
            out.add("DISTINCT", "d:distinct", ",")
            sets = sets[1:]
        for index, each in enumerate(sets):
            if index:
                out.add(",")
            self._grouping(each, scope, columns, out)

    def _grouping(self, node: exp.Expr, scope: Scope, columns: Sequence[Fact], out: Out) -> None:
        word = _GROUPING_WORDS.get(type(node))
        if word is None and not isinstance(node, exp.Tuple | exp.Paren):
            self._named_or_not(node, scope, columns, out, output_first=False)
            return
        only(node, "expressions", "this")
        inside = items(node, "expressions") or ([node_of(node, "this")] if node.args.get("this") else [])
        out.add(f"{word} (" if word else "(", *([word] if word else []), "(")
        for index, each in enumerate(inside):
            if index:
                out.add(",")
            self._grouping(each, scope, columns, out)
        out.add(")")

    def _windows(self, node: exp.Expr, scope: Scope, out: Out) -> None:
        for index, each in enumerate(items(node, "windows")):
            name = node_of(each, "this")
            out.add("," if index else "WINDOW")
            out.add(f"{identifier(name_of(name))} AS (", str(name.this), "(")
            calls.definition(self, each, scope, out)
            out.add(")")

    # -- ORDER BY, LIMIT ----------------------------------------------------------------------------------------

    def _tail(self, node: exp.Expr, scope: Scope, columns: Sequence[Fact], out: Out) -> None:
        order = node.args.get("order")
        if order is not None:
            only(order, "expressions")
            self.ordered(items(order, "expressions"), scope, out, columns)
        limit, offset = node.args.get("limit"), node.args.get("offset")
        if isinstance(limit, exp.Limit):
            self._count("LIMIT", limit, scope, out)
        if offset is not None:
            self._count("OFFSET", offset, scope, out)
        if isinstance(limit, exp.Fetch):
            self._fetch(limit, scope, out)

    def _count(self, word: str, node: exp.Expr, scope: Scope, out: Out) -> None:
        only(node, "expression")
        count = node_of(node, "expression")
        out.add(word)
        if isinstance(count, exp.Var) and count.this == "ALL":
            out.add("ALL")
            return
        self.plain(count, scope, out)

    def _fetch(self, node: exp.Expr, scope: Scope, out: Out) -> None:
        only(node, "direction", "count", "limit_options")
        options = node_of(node, "limit_options")
        only(options, "rows", "with_ties")
        count = node.args.get("count")
        out.add("FETCH FIRST", "FETCH")
        if count is not None:
            self.plain(count, scope, out)
        out.add("ROWS WITH TIES" if options.args.get("with_ties") else "ROWS ONLY", *_fetch_words(options))

    def ordered(self, terms: Sequence[exp.Expr], scope: Scope, out: Out, columns: Sequence[Fact] = ()) -> None:
        """ORDER BY, where a bare name means the query's own column first."""
        out.add("ORDER BY", "ORDER BY")
        for index, term in enumerate(terms):
            if index:
                out.add(",")
            if not isinstance(term, exp.Ordered):
                raise RefusalError("known_syntax", "ORDER BY takes expressions with ASC or DESC.")
            only(term, "this", "desc", "nulls_first")
            is_descending = bool(term.args.get("desc"))
            self._sorted_by(node_of(term, "this"), scope, columns, out)
            if is_descending:
                out.add("DESC")
            if bool(term.args.get("nulls_first")) != is_descending:
                out.add("NULLS LAST" if is_descending else "NULLS FIRST", "NULLS")

    def _sorted_by(self, node: exp.Expr, scope: Scope, columns: Sequence[Fact], out: Out) -> None:
        self._named_or_not(node, scope, columns, out, output_first=True)

    def _named_or_not(
        self, node: exp.Expr, scope: Scope, columns: Sequence[Fact], out: Out, *, output_first: bool
    ) -> None:
        """A bare name in ORDER BY or GROUP BY may mean a column of the result (findTargetlistEntrySQL92)."""
        if isinstance(node, exp.Column) and node.args.get("table") is None:
            name = name_of(node.this)
            mine = next((column for column in columns if column.name == name), None)
            if mine is not None and (output_first or not _has(scope, name)):
                zoned_columns(self, mine)
                out.add(identifier(name), f":{name}")
                return
        fact = self.plain(node, scope, out)
        if isinstance(node, exp.Literal) and not node.is_string:
            for column in columns[int(node.this) - 1 : int(node.this)] if str(node.this).isdigit() else ():
                zoned_columns(self, column)
        growth(fact)


def _has(scope: Scope, name: str) -> bool:
    return any(column.name == name for relation in scope.relations for column in relation.columns)


def _merged(left: Sequence[Fact], right: Sequence[Fact]) -> list[Fact]:
    """The columns of a set operation: names from the left, private when either side is."""
    return [
        replace(one, zone=one.zone or other.zone, weight=one.weight + other.weight, literal=None)
        for one, other in zip(left, right, strict=False)
    ]


def _fetch_words(options: exp.Expr) -> tuple[str, ...]:
    return ("WITH", "TIES") if options.args.get("with_ties") else ("ONLY",)


def _column_list(columns: Sequence[str]) -> list[str]:
    made = ["("]
    for index, column in enumerate(columns):
        made += [",", f":{column}"] if index else [f":{column}"]
    return [*made, ")"]
