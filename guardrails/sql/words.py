"""The words and signs of PostgreSQL's SELECT, and the tokens that the parser knows them by."""

from collections.abc import Mapping

from sqlglot.tokenizer_core import TokenType


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


NOTS = 3
"""How often a NOT before its value is written for the parser, to tell it from the one in NOT IN."""
COMPARISONS: Mapping[str, TokenType] = {
    "=": TokenType.EQ,
    "<": TokenType.LT,
    ">": TokenType.GT,
    "<=": TokenType.LTE,
    ">=": TokenType.GTE,
    "<>": TokenType.NEQ,
    "!=": TokenType.NEQ,
    "+": TokenType.PLUS,
    "-": TokenType.DASH,
    "*": TokenType.STAR,
    "/": TokenType.SLASH,
    "%": TokenType.MOD,
    "^": TokenType.CARET,
    "=>": TokenType.FARROW,
}
OTHER_OPERATORS = words(
    "|| -> ->> #> #>> @> <@ ? ?| ?& && @@ @? #- ~ ~* !~ !~* ~~ ~~* !~~ !~~* -|- << >> &< &> & | # ^@ <->"
)
PREFIXES: Mapping[str, str] = {
    "|/": "sqrt(x)",
    "||/": "cbrt(x)",
    "@": "abs(x)",
    "@-": "abs(x)",
    "~": "x # -1",
    "!!": "the ! into the query: 'a & !b'",
}
"""Operators before a value, and what says the same."""
MARKS: Mapping[str, TokenType] = {
    "(": TokenType.L_PAREN,
    ")": TokenType.R_PAREN,
    ",": TokenType.COMMA,
    ".": TokenType.DOT,
    "]": TokenType.R_BRACKET,
}
RESERVED: Mapping[str, TokenType] = {
    "select": TokenType.SELECT,
    "from": TokenType.FROM,
    "where": TokenType.WHERE,
    "and": TokenType.AND,
    "or": TokenType.OR,
    "not": TokenType.NOT,
    "null": TokenType.NULL,
    "true": TokenType.TRUE,
    "false": TokenType.FALSE,
    "as": TokenType.ALIAS,
    "on": TokenType.ON,
    "using": TokenType.USING,
    "join": TokenType.JOIN,
    "left": TokenType.LEFT,
    "right": TokenType.RIGHT,
    "full": TokenType.FULL,
    "inner": TokenType.INNER,
    "outer": TokenType.OUTER,
    "cross": TokenType.CROSS,
    "natural": TokenType.NATURAL,
    "lateral": TokenType.LATERAL,
    "union": TokenType.UNION,
    "intersect": TokenType.INTERSECT,
    "except": TokenType.EXCEPT,
    "all": TokenType.ALL,
    "distinct": TokenType.DISTINCT,
    "having": TokenType.HAVING,
    "limit": TokenType.LIMIT,
    "offset": TokenType.OFFSET,
    "fetch": TokenType.FETCH,
    "with": TokenType.WITH,
    "window": TokenType.WINDOW,
    "case": TokenType.CASE,
    "when": TokenType.WHEN,
    "then": TokenType.THEN,
    "else": TokenType.ELSE,
    "end": TokenType.END,
    "in": TokenType.IN,
    "is": TokenType.IS,
    "like": TokenType.LIKE,
    "ilike": TokenType.ILIKE,
    "any": TokenType.ANY,
    "some": TokenType.ANY,
    "asc": TokenType.ASC,
    "desc": TokenType.DESC,
    "array": TokenType.ARRAY,
    "collate": TokenType.COLLATE,
    "overlaps": TokenType.OVERLAPS,
    "symmetric": TokenType.VAR,
}
CONTEXT_WORDS = words(
    "at between by cube escape exists filter group groups isnull materialized notnull nulls operator order ordinality over"
    " partition range recursive rollup rows sets similar unknown values within without"
)
"""Words that go on with an expression or a clause where a name stands before them."""
UNUSED = words(
    "analyse analyze asymmetric both check column constraint create current_catalog current_role current_schema"
    " current_user default deferrable do for foreign grant initially into leading only placing primary references"
    " returning session_user system_user table to trailing unique user variadic authorization binary collation"
    " concurrently freeze tablesample verbose"
)
"""The other words PostgreSQL reserves: none of them belongs in a query here, except inside special forms."""
WRITES = words(
    "insert update delete merge create drop alter truncate grant revoke set reset begin start commit rollback abort end"
    " savepoint release prepare execute deallocate copy call do lock listen notify unlisten load vacuum analyze analyse"
    " cluster reindex refresh comment security discard declare fetch move close explain show table import checkpoint"
    " reassign"
)
CLOCK_WORDS = frozenset({"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"})
FRAME_WORDS = words("between unbounded preceding following current row exclude no others ties group")
FETCH_WORDS = words("first next row rows only with ties")
PAIRS: Mapping[tuple[str, str], TokenType] = {
    ("group", "by"): TokenType.GROUP_BY,
    ("order", "by"): TokenType.ORDER_BY,
    ("partition", "by"): TokenType.PARTITION_BY,
    ("similar", "to"): TokenType.SIMILAR_TO,
    ("grouping", "sets"): TokenType.GROUPING_SETS,
}
VALUE_ENDS = frozenset(
    {TokenType.IDENTIFIER, TokenType.NUMBER, TokenType.STRING, TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.END}
    | {TokenType.NULL, TokenType.TRUE, TokenType.FALSE}
)
FORMS: Mapping[str, frozenset[str]] = {
    "extract": frozenset({"from"}),
    "position": frozenset({"in"}),
    "substring": frozenset({"from", "for", "similar", "escape"}),
    "overlay": frozenset({"placing", "from", "for"}),
    "trim": frozenset({"from"}),
    "normalize": frozenset(),
}


KEYWORD_TOKENS: Mapping[str, TokenType] = {
    "first": TokenType.FIRST,
    "next": TokenType.NEXT,
    "row": TokenType.ROW,
    "rows": TokenType.ROWS,
    "with": TokenType.WITH,
    "between": TokenType.BETWEEN,
}
