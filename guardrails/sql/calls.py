"""Reads calls: functions, aggregates with their ORDER BY, FILTER and OVER, and the forms that look like none."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from guardrails.sql import rules
from guardrails.sql.arguments import SHAPES, SMALL_CALLS, Call
from guardrails.sql.clauses import DOCUMENT_FORMS
from guardrails.sql.clock import CLOCK_CALLS
from guardrails.sql.expressions import RANGED, Read
from guardrails.sql.facts import ANY, Fact, Relation, Scope
from guardrails.sql.functions import OF_ROWS
from guardrails.sql.out import Out, identifier, string
from guardrails.sql.refusal import RefusalError
from guardrails.sql.tree import items, name_of, node_of, only
from guardrails.sql.types import CLOCK_TYPES
from guardrails.sql.words import words

if TYPE_CHECKING:
    from guardrails.sql.reader import Reader

_FIELDS = words(
    "century day decade dow doy epoch hour isodow isoyear julian microseconds millennium milliseconds minute month quarter"
    " second timezone timezone_hour timezone_minute week year"
)
_FIELDS_TOO = words("days hours minutes months seconds weeks years")
"""Spellings that PostgreSQL knows too."""
_NAMES: Mapping[str, str] = {"trim": "btrim"}
"""What PostgreSQL calls the column of a form, where it is not the form's word."""
_SIDE_NAMES: Mapping[str, str] = {"leading": "ltrim", "trailing": "rtrim"}
_INTERVAL_PARTS = words("years months weeks days hours mins secs")
_SIDES = frozenset({"PRECEDING", "FOLLOWING"})
_TEXT_RESULTS = words(
    "lower upper initcap btrim ltrim rtrim trim left right substr substring replace translate concat concat_ws split_part"
    " to_char string_agg format reverse lpad rpad regexp_replace regexp_substr"
)
_SAME_TYPE = words("coalesce greatest least nullif lag lead")
"""Functions whose arguments become of one type."""
_TIME_ARGUMENTS = words(
    "date_trunc date_part date_bin extract age date generate_series isfinite timezone justify_days justify_hours daterange"
    " tsrange tstzrange date_add date_subtract overlaps make_interval to_char"
)


def call(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    """Any call. Raises RefusalError."""
    only(node, "this", "expressions")
    kind, _, name = str(node.this).partition(":")
    if kind == "s":
        return _form(reader, node, name, scope, out)
    if kind == "ALL":
        return _every(reader, node, scope, out)
    if kind != "f":
        raise RefusalError("known_functions", f"There is no function {kind} here.")
    rules.known_functions(name)
    if name in CLOCK_CALLS:
        return _clock(reader, name, items(node, "expressions"), out)
    if name == "age" and len(items(node, "expressions")) == 1:
        return _age(reader, node, scope, out)
    out.add(f"{name}(", f"f:{name}", "(")
    facts = _arguments(reader, name, node, scope, out)
    out.add(")")
    return _called(name, items(node, "expressions"), facts)


def _every(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    """`x > ALL (ARRAY[…])`, which the parser takes for a call; over a query it does not."""
    (array,) = items(node, "expressions")
    out.add("ALL (", "ALL", "(")
    if isinstance(array, exp.Values):
        weight = rules.growth(*reader.query(array, scope, out))
    else:
        weight = rules.growth(reader.plain(array, scope, out))
    out.add(")")
    return Fact(weight=weight)


def _called(name: str, arguments: Sequence[exp.Expr], facts: Sequence[Fact]) -> Fact:
    if name in _TIME_ARGUMENTS:
        for fact in facts:
            rules.moving_moments((fact, Fact(type="timestamp")))
    if name in _SAME_TYPE:
        rules.moving_beside(facts)
    times = SHAPES[name](Call(name, arguments, facts)) if name in SHAPES else 1
    weight = rules.growth(*facts, times=times)
    far = name not in SMALL_CALLS or any(fact.far for fact in facts)
    return Fact(_NAMES.get(name, name), 2, weight=weight, type="text" if name in _TEXT_RESULTS else ANY, far=far)


def _clock(reader: "Reader", name: str, arguments: Sequence[exp.Expr], out: Out) -> Fact:
    """now() and its like say the run's time, so that an answer can be repeated."""
    precision = [str(each.this) for each in arguments]
    if len(precision) > 1 or any(not each.isdigit() for each in precision):
        raise RefusalError("known_functions", f"{name} takes no such argument.")
    shadow = "f" if name in {"now", "transaction_timestamp", "statement_timestamp", "clock_timestamp"} else "s"
    out.add(reader.clock.now(name, precision), f"{shadow}:{name}", "(", *precision, ")")
    return Fact(name, 2, type="timestamptz", rewritten=True)


def _age(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    """`age(x)` counts from the server's own midnight."""
    out.add("age(", "f:age", "(")
    out.text.append(f"{reader.clock.now('current_date', [])},")
    fact = reader.plain(items(node, "expressions")[0], scope, out)
    out.add(")")
    return _called("age", items(node, "expressions"), [fact])


def _arguments(reader: "Reader", name: str, node: exp.Expr, scope: Scope, out: Out) -> list[Fact]:
    """What stands between the parentheses, DISTINCT and ORDER BY of an aggregate too."""
    arguments = items(node, "expressions")
    if len(arguments) == 1 and isinstance(arguments[0], exp.Star):
        only(arguments[0])
        if name != "count":
            raise RefusalError("known_functions", f"{name}(*) means nothing; name a column.")
        out.add("*")
        return []
    facts: list[Fact] = []
    for index, argument in enumerate(arguments):
        if index:
            out.add(",")
        facts += _argument(reader, name, argument, scope, out)
    if name != "count":
        for fact in facts:
            rules.zoned_columns(reader, fact)
    return facts


def _argument(reader: "Reader", name: str, node: exp.Expr, scope: Scope, out: Out) -> list[Fact]:
    if isinstance(node, exp.Order):
        only(node, "this", "expressions")
        facts = _argument(reader, name, node_of(node, "this"), scope, out)
        reader.ordered(items(node, "expressions"), scope, out)
        return facts
    if isinstance(node, exp.Distinct):
        only(node, "expressions")
        out.add("DISTINCT")
        return [_after_comma(reader, index, each, scope, out) for index, each in enumerate(items(node, "expressions"))]
    if isinstance(node, exp.Kwarg):
        if name != "make_interval" or name_of(node.this) not in _INTERVAL_PARTS:
            raise RefusalError("function_arguments", "Only make_interval(days => 1) takes arguments by name here.")
        out.add(f"{identifier(name_of(node.this))} =>", f":{name_of(node.this)}", "=>")
        return [reader.plain(node_of(node, "expression"), scope, out)]
    if isinstance(node, exp.Column) and isinstance(node.this, exp.Star) and name == "count":
        relation = name_of(node.args.get("table"))
        scope.relation(relation)
        only(node, "this", "table")
        out.add(f"{identifier(relation)}.*", f":{relation}", ".", "*")
        return []
    if isinstance(node, exp.Query) and not isinstance(node, exp.Subquery):
        instead = "; for its rows in one array write json_agg" if name == "json_array" else ""
        raise RefusalError("syntax", f"A query inside a call stands in its own parentheses{instead}.")
    if name in OF_ROWS and (row := _row(node, scope)):
        out.add(identifier(row.name), f":{row.name}")
        return list(row.columns)
    return [reader.expression(node, scope, out)]


def _row(node: exp.Expr, scope: Scope) -> Relation | None:
    """`json_agg(t)`, of which t is the whole row: its columns are those that `t.*` has."""
    if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star) or node.args.get("table"):
        return None
    return scope.row(name_of(node.this))


def _after_comma(reader: "Reader", index: int, node: exp.Expr, scope: Scope, out: Out) -> Fact:
    if index:
        out.add(",")
    return reader.expression(node, scope, out)


# -- forms: what the sieve wrote as s:name|words ----------------------------------------------------------------


def _form(reader: "Reader", node: exp.Expr, name: str, scope: Scope, out: Out) -> Fact:
    form, *words = name.split("|")
    arguments = items(node, "expressions")
    if form == "bits":
        out.add(f"{words[0][0]}'{words[0][1:]}'", str(node.this), "(", ")")
        return Fact(type="bit", far=True)
    if form in DOCUMENT_FORMS and form != "json_table":
        return document(reader, node, scope, out)
    if form in {"interval", "typed"}:
        return _typed(reader, node, words[0], arguments, out)
    if form in CLOCK_CALLS:
        return _clock(reader, form, arguments, out)
    rules.known_functions(form)
    facts: list[Fact] = []
    out.add(f"{form.upper()}(", f"s:{name}", "(")
    if form == "extract":
        _field(arguments, out)
    elif form == "trim":
        words = _trim_side(words, out)
    for index, argument in enumerate(arguments):
        if form == "extract" and index == 0:
            continue
        if form == "normalize" and index:
            out.add(f", {words[0].upper()}", ",", f"'{words[0]}")
            continue
        _form_word(form, index, words, len(arguments), out)
        facts.append(reader.plain(argument, scope, out, above=RANGED if form == "position" else 0))
    out.add(")")
    named = next((_SIDE_NAMES[word] for word in name.split("|") if word in _SIDE_NAMES), _NAMES.get(form, form))
    fact = _called(form, arguments, facts)
    return Fact(named, 2, weight=fact.weight, type="numeric" if form in {"extract", "position"} else "text")


def document(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    """A function of SQL/JSON, with the words that `clauses` kept beside its arguments."""
    form, *told = str(node.this).removeprefix("s:").split("|")
    words, after = _told(reader, told)
    arguments = items(node, "expressions")
    out.add(f"{form.upper()}(", str(node.this), "(")
    facts: list[Fact] = []
    for index, argument in enumerate(arguments):
        if index:
            out.add(words.get(index - 1, ","), ",")
        facts += _argument(reader, form, argument, scope, out)
        out.text += after.get(index, ())
    if not arguments:
        out.text += after.get(0, ())
    out.add(")")
    for fact in facts:
        rules.zoned_columns(reader, fact)
        rules.moving_moments((fact, Fact(type="timestamp")))
    return _called(form, arguments, facts)


def _told(reader: "Reader", told: Sequence[str]) -> tuple[dict[int, str], dict[int, list[str]]]:
    """The words in the places of commas, and what stands after each argument."""
    words: dict[int, str] = {}
    after: dict[int, list[str]] = {}
    for each in told:
        digits = len(each) - len(each.lstrip("0123456789"))
        index, sign, said = int(each[:digits]), each[digits], each[digits + 1 :]
        if sign == "=":
            words[index] = said
        else:
            after.setdefault(index, []).append(reader.columns[int(said)].sql if sign == "#" else said)
    return words, after


def _form_word(form: str, index: int, words: list[str], count: int, out: Out) -> None:
    """The word that stood where the parser saw a comma."""
    if form == "trim":
        if words and (index == 1 or count == 1):
            out.add("FROM", *([","] if index else []))
            if not index:
                out.shadow.pop()
    elif index:
        if index > len(words) and form != "extract":
            raise RefusalError("syntax", f"{form.upper()} is written with its words, or as a call with commas.")
        out.add(words[index - 1].upper(), ",")


def _trim_side(words: list[str], out: Out) -> list[str]:
    sides = [word for word in words if word != "from"]
    if sides:
        out.text[-1] = f"TRIM({sides[0].upper()}"
    return [word for word in words if word == "from"]


def _field(arguments: Sequence[exp.Expr], out: Out) -> None:
    """EXTRACT's field is a word of a list; sqlglot's generator writes whatever stands there as it is."""
    field = str(arguments[0].this).removeprefix("'")
    if field not in _FIELDS | _FIELDS_TOO:
        raise RefusalError("function_arguments", f"EXTRACT knows {', '.join(sorted(_FIELDS))}.")
    out.add(field.upper(), f"'{field}")


def _typed(reader: "Reader", node: exp.Expr, kind: str, arguments: Sequence[exp.Expr], out: Out) -> Fact:
    value = str(arguments[0].this).removeprefix("'")
    shadow = (str(node.this), "(", f"'{value}", ")")
    rules.moving_inside(value, kind)
    if str(node.this).startswith("s:interval|"):
        out.add(f"INTERVAL {string(value)} {kind}".rstrip(), *shadow)
        return Fact("interval", 1, type="interval")
    if moment := reader.clock.literal(value, kind):
        out.add(moment, *shadow)
    elif kind in CLOCK_TYPES or "(" not in kind:
        out.add(f"{kind.upper() if kind in CLOCK_TYPES else kind} {string(value)}", *shadow)
    else:
        out.add(f"{string(value)}::{kind}", *shadow)
    return Fact(rules.internal_name(kind), 1, type=kind)


# -- windows ----------------------------------------------------------------------------------------------------


def filtered(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    """`f(x) FILTER (WHERE …)`."""
    only(node, "this", "expression")
    fact = reader.expression(node_of(node, "this"), scope, out)
    where = node_of(node, "expression")
    only(where, "this")
    out.add("FILTER (WHERE", "FILTER", "(", "WHERE")
    reader.plain(node_of(where, "this"), scope, out)
    out.add(")")
    return fact


def within_group(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    """`percentile_cont(0.5) WITHIN GROUP (ORDER BY x)`."""
    only(node, "this", "expression")
    fact = reader.expression(node_of(node, "this"), scope, out)
    order = node_of(node, "expression")
    only(order, "expressions")
    out.add("WITHIN GROUP (", "WITHIN", "GROUP", "(")
    reader.ordered(items(order, "expressions"), scope, out)
    out.add(")")
    return fact


def window(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> Fact:
    """`f(x) OVER w` or `OVER (…)`."""
    fact = reader.expression(node_of(node, "this"), scope, out)
    inline = [key for key in ("partition_by", "order", "spec") if node.args.get(key)]
    named = node.args.get("alias")
    if named is not None and not inline:
        only(node, "this", "alias", "over")
        out.add("OVER")
        out.add(identifier(name_of(named)), f":{name_of(named)}")
        return fact
    out.add("OVER (", "OVER", "(")
    definition(reader, node, scope, out)
    out.add(")")
    return fact


def definition(reader: "Reader", node: exp.Expr, scope: Scope, out: Out) -> None:
    """What stands in the parentheses of OVER, or of WINDOW w AS."""
    only(node, "this", "alias", "over", "partition_by", "order", "spec")
    named = node.args.get("alias")
    if named is not None:
        out.add(identifier(name_of(named)), f":{name_of(named)}")
    copied = next(iter(items(node, "partition_by")), None)
    if isinstance(copied, exp.Literal) and str(copied.this).startswith("w:"):
        out.add(identifier(str(copied.this)[2:]), "PARTITION BY", str(copied.this))
    elif copied is not None:
        out.add("PARTITION BY")
        reader.listed(items(node, "partition_by"), scope, out)
    order = node.args.get("order")
    if order is not None:
        only(order, "expressions")
        reader.ordered(items(order, "expressions"), scope, out)
    spec = node.args.get("spec")
    if spec is not None:
        _frame(reader, spec, scope, out)


def _frame(reader: "Reader", spec: exp.Expr, scope: Scope, out: Out) -> None:
    only(spec, "kind", "start", "start_side", "end", "end_side", "exclude")
    kind = str(spec.args.get("kind"))
    end = spec.args.get("end")
    out.add(kind)
    if end:
        out.add("BETWEEN")
    _edge(reader, spec, "start", scope, out)
    if end:
        out.add("AND")
        _edge(reader, spec, "end", scope, out)
    exclude = spec.args.get("exclude")
    if exclude is not None:
        said = str(exclude.this if isinstance(exclude, exp.Expr) else exclude)
        out.add(f"EXCLUDE {said}", "EXCLUDE", *said.split())


def _edge(reader: "Reader", spec: exp.Expr, key: str, scope: Scope, out: Out) -> None:
    value = spec.args.get(key)
    if isinstance(value, exp.Expr):
        reader.plain(value, scope, out, above=RANGED)
    else:
        said = str(value)
        out.add(said, *said.split())
    side = spec.args.get(f"{key}_side")
    if side in _SIDES:
        out.add(str(side))


READERS: Mapping[type[exp.Expr], Read] = {
    exp.Anonymous: call,
    exp.Window: window,
    exp.Filter: filtered,
    exp.WithinGroup: within_group,
}
