"""What PostgreSQL answers to a query that failed, as a rule and a sentence that hold no data.

PostgreSQL's own words would: a cast that fails prints the value, and a division by zero tells of the rows it met.
"""

import psycopg

from schema.errors import CrmError

TOO_SLOW = "The query took too long and was stopped; narrow it by a period, a status or an owner."

FAILED = "The query failed; write it in a plainer way, such as json_agg for JSON_ARRAYAGG, or ask for fewer columns."

_BY_STATE: dict[str, tuple[str, str]] = {
    "57014": ("too_slow", TOO_SLOW),
    "55P03": ("too_slow", "The query waited too long for a lock and was stopped; try again."),
    "22012": ("division", "Something was divided by zero; write nullif(divisor, 0)."),
    "22P02": ("bad_value", "A text could not be read as the type it is cast to; filter first, or use CASE."),
    "22007": ("bad_value", "A text could not be read as a date or time; filter first, or use CASE."),
    "22008": ("bad_value", "A date or time lies outside what its type holds."),
    "22003": ("bad_value", "A number is too large for its type; cast to numeric."),
    "22001": ("bad_value", "A text is too long for its type."),
    "22023": ("bad_value", "An argument of a function lies outside what it allows."),
    "21000": ("one_row", "A subquery used as a value returned several rows; add LIMIT 1 or an aggregate."),
    "2201B": ("bad_value", "A regular expression is not valid."),
    "42883": ("known_types", "A function or operator does not take arguments of these types; cast one of them."),
    "42804": ("known_types", "Values of different types stand where one type is needed; cast them to the same."),
    "42725": ("known_types", "It is not clear which function is meant; cast its arguments."),
    "42846": ("known_types", "A value cannot be cast to that type."),
    "42803": ("grouping", "A column stands beside an aggregate and is not in GROUP BY; add it there, or aggregate it."),
    "0A000": (
        "bad_value",
        "PostgreSQL does not do that with values of these types; cast them, or take another function.",
    ),
    "42P20": ("grouping", "A window function stands where none may; put it into a subquery."),
    "42702": ("known_columns", "A column name fits several relations; write the relation before it."),
    "42703": ("known_columns", "A column does not exist."),
    "42704": (
        "known_collations",
        "The server has no such collation or configuration; COLLATE \"C\" and 'simple' are always there.",
    ),
    "42P22": ("known_collations", 'It is not clear how texts are compared; write COLLATE "C" after one of them.'),
    "42P10": ("known_columns", "ORDER BY or DISTINCT ON names a column that the select list does not have."),
    "42501": ("walls", "The database does not let a query do that."),
    "25006": ("read_only", "Only reading is allowed here."),
    "53400": ("too_big", "The query needs more space for sorting than it may have; narrow it."),
    "53200": ("too_big", "The query needs more memory than it may have; narrow it."),
    "54000": ("too_big", "A row or value is longer than it may be; select fewer columns, or left(body, 500)."),
    "54001": ("nesting", "The query is nested too deeply."),
}
_BY_CLASS: dict[str, tuple[str, str]] = {
    "22": ("bad_value", "A value does not fit where it is used; filter first, or use CASE."),
    "42": ("syntax", "PostgreSQL does not understand the query as it is written; write it in a plainer way."),
    "53": ("too_big", "The query needs more than it may have; narrow it."),
    "54": ("too_big", "The query goes beyond a limit of PostgreSQL; narrow it."),
}


def explained(error: psycopg.Error) -> CrmError:
    """The error as a sentence for the model or person who wrote the query."""
    state = error.sqlstate or ""
    is_gone = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    if (not state and is_gone) or state.startswith(("08", "57P")):
        return CrmError("unavailable", "The database cannot be reached; `crm-agent doctor` says why.")
    rule, message = _BY_STATE.get(state) or _BY_CLASS.get(state[:2]) or ("failed", FAILED)
    return CrmError("refused", message, rule=rule)
