"""What to write instead of other databases' SQL, added to a refusal that would only say where reading ended."""

from collections.abc import Mapping, Sequence

from guardrails.sql.lexer import Kind, Lexeme
from guardrails.sql.refusal import RefusalError, Refused, near, shown
from guardrails.sql.words import RESERVED

NAMES_TOO = frozenset({"end", "fetch", "close", "show", "set"})
"""Words that begin a statement, and name things too."""
INSTEAD_OF_STATEMENTS: Mapping[str, str] = {
    "show": " Times are in the asker's zone; tenants.time_zone and users.time_zone say which there are.",
    "explain": " Run the query itself; one that would be too expensive is refused.",
    "desc": " Call describe_schema for the columns of a view.",
    "describe": " Call describe_schema for the columns of a view.",
}
_VAGUE = frozenset({"syntax", "faithful", "known_syntax", "known_types", "known_operators", "subscripts", "read_only"})
_WORDS: Mapping[str, str] = {
    "top": "Write LIMIT 10 at the end instead of TOP.",
    "qualify": "Instead of QUALIFY put the query into FROM (…) AS q, and filter it with WHERE.",
    "rlike": "Write ~ or ~* instead of RLIKE.",
    "regexp": "Write ~ or ~* instead of REGEXP.",
    "separator": "Write string_agg(value, ', ').",
    "minus": "Write EXCEPT instead of MINUS.",
    "pivot": "Instead of PIVOT write sum(value) FILTER (WHERE …) for each column.",
    "unpivot": "Instead of UNPIVOT join LATERAL (VALUES ('a', a), ('b', b)) AS v(name, value).",
    "ignore": "IGNORE NULLS is not known; filter the rows first, or take max(value) OVER a group.",
    "percent": "Instead of PERCENT compute the number of rows, or use ntile(100) OVER (…).",
    "contains": "Write ILIKE '%text%', or call search.",
    "isnull": "Write coalesce(value, 0), or value IS NULL.",
    "exclude": "Name the columns; * has no exceptions.",
    "straight_join": "Write JOIN.",
    "iif": "Write CASE WHEN … THEN … ELSE … END.",
    "nolock": "Leave NOLOCK out; nothing waits for readers.",
    "explode": "Write unnest(…), or jsonb_array_elements(…).",
    "rownum": "Write LIMIT, or row_number() OVER (…).",
    "sysdate": "Write now().",
    "getdate": "Write now().",
}
_AT = {"`": 'Names stand in "double quotes".', "==": "Write = to compare."}


def with_hint(refused: Refused, lexemes: Sequence[Lexeme]) -> Refused:
    """The refusal, with a sentence on the first thing in the text that another database reads."""
    if refused.rule == "known_columns":
        hint = _quoted(refused.message, lexemes)
    else:
        found = (_hint(*three) for three in zip(lexemes, lexemes[1:], lexemes[2:], strict=False))
        hint = next((each for each in found if each), "") if refused.rule in _VAGUE else ""
    return Refused(refused.rule, " ".join(f"{refused.message} {hint}".split()))


def _hint(lexeme: Lexeme, after: Lexeme, then: Lexeme) -> str:
    if lexeme.kind is Kind.OPERATOR:
        return _AT.get(lexeme.text[:1], _AT.get(lexeme.text, ""))
    if lexeme.kind is not Kind.WORD:
        return ""
    match lexeme.text:
        case "interval" if after.kind is Kind.NUMBER:
            return f"Write INTERVAL '{shown(after.text)} {shown(then.text)}'."
        case "in" if after.kind is Kind.STRING:
            return "Write IN ('…'), with parentheses."
        case "limit" if then.text == "," and then.kind is Kind.MARK:
            return f"Write LIMIT … OFFSET {shown(after.text)}."
        case "select" | "join" | "from" if after.text == "[":
            return 'Names stand in "double quotes".'
        case "isnull" if after.text != "(":
            return ""
        case word:
            return _WORDS.get(word, "")


def _quoted(message: str, lexemes: Sequence[Lexeme]) -> str:
    """`WHERE tier = "smb"`"""
    for lexeme in lexemes:
        if lexeme.kind is Kind.NAME and f"no column {lexeme.text} " in message:
            return f"In double quotes {lexeme.text} is a name; a text stands in 'single quotes'."
    if "called custom;" in message:
        return "Write custom ->> 'key'."
    unknown = next((lexeme.text for lexeme in lexemes if f"no column {lexeme.text} " in message), "")
    return _WORDS.get(unknown, "")


def misplaced(word: str) -> RefusalError:
    """Why a reserved word may not stand where it does."""
    if word == "for":
        return RefusalError("read_only", "FOR UPDATE and other locks are not for reading; leave them out.")
    if word == "into":
        return RefusalError("read_only", "SELECT … INTO makes a table; leave INTO out.")
    if word == "tablesample":
        return RefusalError("syntax", "TABLESAMPLE is not for views; ORDER BY md5(id::text) LIMIT 100 takes a sample.")
    if word in {"table", "only"}:
        return RefusalError("syntax", f"{word.upper()} is not read here; write SELECT … FROM a view.")
    if word in {"user", "current_user", "session_user", "current_role", "current_schema", "current_catalog"}:
        return RefusalError(
            "known_functions", f"{word.upper()} is the database's own; filter by owner_id, or by users.email."
        )
    return RefusalError("syntax", f"{word.upper()} is not read here{near(word, RESERVED, '; did you mean {}?')}")
