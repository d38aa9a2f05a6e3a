"""Rules about what a function or operator is given, where the argument is the danger."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from guardrails.sql.facts import Fact
from guardrails.sql.refusal import RefusalError
from guardrails.sql.words import words

LONGEST_PATTERN = 200
MOST_REPEATS = 500
WIDEST = 500
LARGEST_POWER = 100
MOST_IN_SERIES = 100_000
SHORTEST_STEP = 1 / 24
"""In days: a calendar of hours is one, a calendar of seconds is a way to fill a disk."""

QUOTED = 2
"""How many times a text may grow when it is written inside a document, an array or a row: quotes are escaped, and in the
next one around it the escapes are."""

_REPETITION = re.compile(r"\{(\d*),?(\d*)\}")
_FORMAT = re.compile(r"(?:[^%]|%%|%(?:\d{1,2}\$)?[sIL])*")
_INTERVAL_PART = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*([a-z]+)")
_DAYS: Mapping[str, float] = {
    "mil": 0,
    "mic": 0,
    "cen": 36_500,
    "dec": 3_650,
    "y": 365,
    "mon": 30,
    "w": 7,
    "d": 1,
    "h": 1 / 24,
    "mi": 1 / 1440,
    "s": 1 / 86_400,
}
SMALL_CALLS = words(
    "count min max coalesce greatest least extract date_part length array_length typed interval now current_date"
    " current_timestamp localtimestamp date_trunc date make_date generate_series"
)


@dataclass(frozen=True, slots=True)
class Call:
    """A call with what is known of its arguments."""

    name: str
    arguments: Sequence[exp.Expr]
    facts: Sequence[Fact]

    def literal(self, index: int) -> str | None:
        return self.facts[index].literal if index < len(self.facts) else None

    def number(self, index: int) -> float | None:
        return number(self.arguments[index]) if index < len(self.arguments) else None

    def refused(self, rule: str, why: str) -> RefusalError:
        return RefusalError(rule, f"{self.name}(…): {why}")


def number(node: exp.Expr) -> float | None:
    """The value of a number, with a minus before it or not."""
    if isinstance(node, exp.Neg):
        inner = number(node.this)
        return None if inner is None else -inner
    if isinstance(node, exp.Paren):
        return number(node.this)
    return float(node.this) if isinstance(node, exp.Literal) and not node.is_string else None


def known_pattern(pattern: str | None, what: str) -> None:
    """Regular expressions that a row supplies, or that compile for minutes: `(((a{99}){99}){99})`, and backtracking."""
    if pattern is None:
        raise RefusalError("patterns", f"The pattern of {what} is a constant here; LIKE and position() take any text.")
    repeats = 1
    for low, high in _REPETITION.findall(pattern):
        repeats *= max(int(low or 1), int(high or 1), 1)
    if len(pattern) > LONGEST_PATTERN or repeats > MOST_REPEATS or pattern.startswith("***"):
        raise RefusalError("patterns", f"The pattern of {what} is too long, or repeats too often.")


def known_path(path: str | None, what: str) -> None:
    """A JSON path may hold a regular expression; and `$.**.**.**` puts all ways through a document into memory."""
    known_pattern(path, what)
    if path is not None and path.count("**") > 1:
        raise RefusalError("patterns", f"In the path of {what} ** stands once at most.")


def _pattern(call: Call) -> int:
    """The pattern is the second argument; the replacement, the fourth, is what makes a text grow."""
    known_pattern(call.literal(1), call.name)
    if call.name != "regexp_replace":
        return 1
    return _replacement(call, 2)


def _replacement(call: Call, index: int) -> int:
    """`replace(replace(x, 'a', 'aaaaaaaaaa'), 'a', 'aaaaaaaaaa')…` grows tenfold each time."""
    replacement = call.literal(index)
    if replacement is None or len(replacement) > WIDEST:
        raise call.refused("function_arguments", f"the replacement is a constant of at most {WIDEST} characters.")
    return max(1, len(replacement))


def _replace(call: Call) -> int:
    return _replacement(call, 2)


def _repeat(call: Call) -> int:
    """`repeat('x', 1000000000)` takes a gigabyte, and in EXPLAIN too."""
    times = call.number(1)
    if times is None or times > MOST_REPEATS:
        raise call.refused("function_arguments", f"how often is a number here, of at most {MOST_REPEATS}.")
    return max(1, int(times))


def _pad(call: Call) -> int:
    """`lpad('x', 1000000000)` likewise."""
    width = call.number(1)
    if width is None or width > WIDEST:
        raise call.refused("function_arguments", f"the width is a number here, of at most {WIDEST}.")
    return max(1, int(width) // 10)


def _format(call: Call) -> int:
    """`format('%1000000000s', 'x')` ran 18 seconds under a statement_timeout of one, and took 2.9 GB."""
    if (text := call.literal(0)) is None or not _FORMAT.fullmatch(text):
        raise call.refused("function_arguments", "the format is a constant with %s and %1$s alone, no widths.")
    return 1


def _power(call: Call) -> int:
    known_power(call.arguments[1] if len(call.arguments) > 1 else None)
    return 1


def known_power(exponent: exp.Expr | None) -> None:
    """`9.9 ^ 99999` is a number of a hundred thousand digits, multiplied without a look at the timeout."""
    numbers = (
        [] if exponent is None else [float(each.this) for each in exponent.find_all(exp.Literal) if not each.is_string]
    )
    if exponent is None or exponent.find(exp.Pow, exp.Mul, exp.Column) or any(each > LARGEST_POWER for each in numbers):
        raise RefusalError("function_arguments", f"An exponent is made of numbers up to {LARGEST_POWER} here.")


def _exp(call: Call) -> int:
    """exp(5000.0) is numeric, and has thousands of digits."""
    if (value := call.number(0)) is not None and value > LARGEST_POWER:
        raise call.refused("function_arguments", f"the exponent is at most {LARGEST_POWER}.")
    return 1


def _factorial(call: Call) -> int:
    """factorial(30000) has a hundred thousand digits."""
    if (value := call.number(0)) is None or value > LARGEST_POWER:
        raise call.refused("function_arguments", f"a number of at most {LARGEST_POWER}.")
    return 1


def _substring(call: Call) -> int:
    """`substring(x FROM '(a*)*b')` reads a pattern where another type of argument is a place."""
    if (pattern := call.literal(1)) is not None:
        known_pattern(pattern, call.name)
    return 1


def _bytes(call: Call) -> int:
    """An encoding is a name that is looked up; each byte is written as four at most."""
    if len(call.arguments) > 1 and call.literal(1) is None:
        raise call.refused("function_arguments", "the encoding is a constant, such as 'hex', 'base64' or 'UTF8'.")
    return QUOTED * 2


def _normalize(_call: Call) -> int:
    """NFKC writes some signs out as eighteen letters."""
    return 18


def _quoted(_call: Call) -> int:
    """`to_json(to_json(…)::text)::text` doubles its backslashes each time."""
    return QUOTED


def _joined(call: Call) -> int:
    """`array_to_string(string_to_array(body, NULL), <a page of text>)` writes the page between any two letters."""
    if (text := call.literal(1)) is None or len(text) > WIDEST:
        raise call.refused("function_arguments", f"the text between is a constant of at most {WIDEST} characters.")
    return max(1, len(text))


def _headline(call: Call) -> int:
    """Its options hold the texts around each word found."""
    if any(text is not None and len(text) > LONGEST_PATTERN for text in map(call.literal, range(2, 4))):
        raise call.refused("function_arguments", f"the options are at most {LONGEST_PATTERN} characters.")
    return QUOTED


def _to_char(call: Call) -> int:
    if (text := call.literal(1)) is None or len(text) > LONGEST_PATTERN:
        raise call.refused("function_arguments", "the format is a constant, such as 'YYYY-MM'.")
    return 1


def _configuration(call: Call) -> int:
    """The configuration is a name in the catalogs, looked up at run time when it is no constant."""
    if len(call.arguments) > 1 and call.literal(0) is None and call.name != "ts_headline":
        raise call.refused("function_arguments", "the configuration is a constant, such as 'english'.")
    return 1


def _path(call: Call) -> int:
    known_path(call.literal(1), call.name)
    return 1


def _document_path(call: Call) -> int:
    known_path(call.literal(1), call.name)
    return QUOTED


def bounded_series(call: Call) -> int:
    """`generate_series(1, 1000000000)` fills the disk; a calendar has a start, an end and a step of an hour or more."""
    start, end, step = (call.number(index) for index in range(3))
    if start is not None and end is not None:
        if step == 0 or abs(end - start) / abs(step or 1) > MOST_IN_SERIES:
            raise call.refused("bounded_series", f"at most {MOST_IN_SERIES} rows.")
        return 1
    if len(call.arguments) == 3 and step is None:
        days = days_of(call.arguments[2])
        if days is None or abs(days) < SHORTEST_STEP:
            raise call.refused(
                "bounded_series", "the step is a constant interval of an hour or more, such as '1 month'."
            )
        if any(_far(argument) for argument in call.arguments[:2]):
            raise call.refused("bounded_series", "the years lie between 1900 and 2200.")
        return 1
    if any(fact.far or fact.literal is not None for fact in call.facts):
        raise call.refused("bounded_series", "the bounds are numbers, or a count or column; write the numbers.")
    return 1


def is_small(node: exp.Expr) -> bool:
    """Whether a bound is made of small numbers, columns, counts and dates of our time, so that it is not far away."""
    if node.find(exp.Mul, exp.Pow, exp.DPipe) or _far(node):
        return False
    if any(_value(each) > MOST_IN_SERIES for each in node.find_all(exp.Literal)):
        return False
    calls = {str(each.this) for each in node.find_all(exp.Anonymous)}
    return all(call.removeprefix("f:").removeprefix("s:").partition("|")[0] in SMALL_CALLS for call in calls)


def _value(literal: exp.Literal) -> float:
    """A number, in quotes or not; 0 for any other text."""
    try:
        return abs(float(str(literal.this).removeprefix("'")))
    except ValueError:
        return 0


def _far(node: exp.Expr) -> bool:
    """A date of constants that is not of our time; `infinity` too."""
    for each in node.find_all(exp.Literal):
        text = str(each.this).removeprefix("'").strip().lower()
        year = re.match(r"\d+", text)
        if "inf" in text or "bc" in text.split() or (year and each.is_string and not _of_our_time(text, year.group())):
            return True
    return False


def _of_our_time(text: str, digits: str) -> bool:
    is_date = re.match(r"\d+[-/.]\d+[-/.]\d+", text) is not None
    return not is_date or len(digits) < 4 or (len(digits) == 4 and 1900 <= int(digits) <= 2200)


def days_of(node: exp.Expr) -> float | None:
    """How long a constant interval is, roughly; None for what is no constant or cannot be read."""
    if isinstance(node, exp.Paren):
        return days_of(node.this)
    if isinstance(node, exp.Cast):
        return days_of(node.this)
    if isinstance(node, exp.Literal) and node.is_string:
        return _days(str(node.this).removeprefix("'"), "")
    if isinstance(node, exp.Anonymous) and str(node.this).startswith("s:interval|"):
        return _days(str(node.expressions[0].this).removeprefix("'"), str(node.this).partition("|")[2])
    return None


def _days(text: str, unit: str) -> float | None:
    said = f"{text} {unit}".strip().lower()
    parts = _INTERVAL_PART.findall(said)
    if not parts or _INTERVAL_PART.sub("", said).strip(" ,"):
        return None
    total = 0.0
    for amount, word in parts:
        length = next((days for start, days in _DAYS.items() if word.startswith(start)), None)
        if length is None:
            return None
        total += float(amount) * length
    return total


SHAPES: Mapping[str, Callable[[Call], int]] = {
    **dict.fromkeys(
        words(
            "regexp_replace regexp_match regexp_matches regexp_count regexp_instr regexp_like regexp_substr"
            " regexp_split_to_array regexp_split_to_table"
        ),
        _pattern,
    ),
    **dict.fromkeys(
        words("jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first"),
        _path,
    ),
    **dict.fromkeys(
        words("to_tsvector to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery"), _configuration
    ),
    **dict.fromkeys(("lpad", "rpad"), _pad),
    **dict.fromkeys(("power", "pow"), _power),
    **dict.fromkeys(("to_char", "to_date"), _to_char),
    **dict.fromkeys(
        words(
            "to_json to_jsonb row_to_json json_build_object json_build_array jsonb_build_object jsonb_build_array json_agg jsonb_agg"
            " json_object_agg jsonb_object_agg array_to_json array_agg array_append array_prepend array_cat string_to_array"
            " jsonb_set jsonb_insert row quote_literal quote_ident quote_nullable json_object jsonb_object json_array"
            " json_objectagg json_arrayagg json_scalar json_serialize json unistr"
        ),
        _quoted,
    ),
    **dict.fromkeys(words("encode decode convert_to convert_from"), _bytes),
    **dict.fromkeys(words("json_value json_query json_exists json_table"), _document_path),
    "factorial": _factorial,
    "normalize": _normalize,
    "substring": _substring,
    "array_to_string": _joined,
    "ts_headline": _headline,
    "replace": _replace,
    "repeat": _repeat,
    "format": _format,
    "exp": _exp,
    "generate_series": bounded_series,
}
"""What is checked of a call; each answers how many times its text may grow."""
