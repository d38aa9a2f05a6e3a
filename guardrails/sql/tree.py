"""Typed looks at sqlglot's nodes, whose arguments have no types; what is not expected is refused."""

from typing import Any, cast

from sqlglot import exp

from guardrails.sql.refusal import RefusalError


def only(node: exp.Expr, *expected: str) -> None:
    """What the parser read beyond what is written again: PIVOT, QUALIFY, TABLESAMPLE, hints of thirty dialects."""
    for key, value in node.args.items():
        if value and key not in expected:
            what = f"{node.key.upper()} with {key.strip('_').upper()}"
            raise RefusalError("known_syntax", f"{what} is not read here; write it in plain PostgreSQL.")


def node_of(node: exp.Expr, key: str) -> exp.Expr:
    """The node under a key. Raises RefusalError when there is none."""
    found = node.args.get(key)
    if not isinstance(found, exp.Expr):
        raise RefusalError("syntax", f"Something is missing in {node.key.upper()}.")
    return found


def items(node: exp.Expr, key: str) -> list[exp.Expr]:
    """The nodes of a list."""
    found: Any = node.args.get(key) or []
    if not isinstance(found, list) or not all(isinstance(each, exp.Expr) for each in cast("list[object]", found)):
        raise RefusalError("syntax", f"Something is missing in {node.key.upper()}.")
    return cast("list[exp.Expr]", found)


def name_of(node: object) -> str:
    """A name as the lexer read it. Raises RefusalError when something else stands there."""
    text = node.this if isinstance(node, exp.Identifier | exp.Var) else None
    if isinstance(node, exp.ColumnDef) or (isinstance(text, str) and text.startswith("d:")):
        raise RefusalError(
            "syntax", "Columns have types only after jsonb_to_record(…) and its like; write names alone."
        )
    if not isinstance(text, str):
        raise RefusalError("syntax", "A name is missing.")
    if text.startswith("f:"):
        return text[2:]
    if not text.startswith(":"):
        raise RefusalError("syntax", f"{text.lstrip(chr(39))} stands where a name belongs.")
    return text[1:]


def unwrapped_values(node: exp.Expr) -> exp.Expr:
    """VALUES as a query of its own, which sqlglot wraps into SELECT * FROM (VALUES …) AS _values."""
    clause = node.args.get("from_") if isinstance(node, exp.Select) else None
    found = clause.this if isinstance(clause, exp.From) else None
    if not isinstance(found, exp.Values) or getattr(node_of(found, "alias").this, "this", None) != "_values":
        return node
    only(node, "expressions", "from_", "with_", "order", "limit", "offset")
    plain = exp.Values(expressions=found.expressions)
    for key in ("with_", "order", "limit", "offset"):
        plain.set(key, node.args.get(key))
    return plain
