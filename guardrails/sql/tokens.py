"""From PostgreSQL's lexemes to tokens that sqlglot can read in one way only.

sqlglot's parser knows thirty dialects, and rewrites what it knows: function names, intervals, JSON paths, casts. Here
every name, call, cast, operator and special form becomes a neutral token first, so that the parser finds clauses and
precedence and nothing else. What each neutral token stands for is in its text:

    :name         a name, of whatever
    f:name        a call of a function
    s:form|words  a call with words for commas: EXTRACT(x FROM y), INTERVAL '1' DAY, CURRENT_DATE
    'o:operator'  between two || signs: an operator of PostgreSQL's "any other" precedence
    'i:1'         a subscript
    'd:distinct'  the DISTINCT of GROUP BY DISTINCT
    'w:name'      in a window's PARTITION BY: the window that OVER (name) copies
    d:3           a column of an alias: the list of columns Tokens.columns[3]
    VARCHAR(n)    after :: the type Tokens.types[n]
"""

from dataclasses import dataclass, field
from itertools import pairwise

from sqlglot.tokenizer_core import Token, TokenType

from guardrails.sql import documents, types
from guardrails.sql.clauses import DOCUMENT_FORMS, Columns
from guardrails.sql.context import CONTEXT
from guardrails.sql.documents import Paren
from guardrails.sql.hints import INSTEAD_OF_STATEMENTS, NAMES_TOO, misplaced
from guardrails.sql.lexer import Kind, Lexeme
from guardrails.sql.refusal import RefusalError, shown
from guardrails.sql.words import (
    CLOCK_WORDS,
    COMPARISONS,
    FETCH_WORDS,
    FORMS,
    FRAME_WORDS,
    KEYWORD_TOKENS,
    MARKS,
    NOTS,
    OTHER_OPERATORS,
    PAIRS,
    PREFIXES,
    RESERVED,
    UNUSED,
    VALUE_ENDS,
    WRITES,
)

_TAILS = ("limit", "offset", "fetch")
"""In the order the parser knows; PostgreSQL takes any."""
DEEPEST = 40
DEEPEST_ARRAY = 4
"""The parser looks at each array twice, and at those inside four times, and so on."""
SUBSCRIPTS = "A subscript is written (array_agg(x))[1] or [1:3], or is a single value."
MOST_SUBSCRIPTS = 6
"""In a row; the parser looks at all before for each."""
LONGEST_PREFIX = 6
"""So many NOT or minus signs in a row; each is a call of the parser inside the last."""


@dataclass(slots=True)
class Tokens:
    """What the parser reads, and the types that its casts point at."""

    tokens: list[Token] = field(default_factory=list[Token])
    types: list[str] = field(default_factory=list[str])
    columns: list[Columns] = field(default_factory=list[Columns])
    """The lists of columns that functions in FROM are told to return."""


class Sieve:
    def __init__(self, lexemes: list[Lexeme]) -> None:
        self.lexemes = lexemes
        self.at = 0
        self.out = Tokens()
        self.parens: list[Paren] = []
        self.ground = Paren("ground")
        self.prefixes = 0
        self.subscripts = 0
        self.cases = 0
        self.fetching = False
        self.windows = False
        self.merged = -1
        """Where the parenthesis of the last USING closed."""

    # -- reading ------------------------------------------------------------------------------------------------

    def peek(self, ahead: int = 0) -> str:
        """The text of a keyword or mark ahead; empty for strings, numbers and quoted names, which are neither."""
        index = min(self.at + ahead, len(self.lexemes) - 1)
        lexeme = self.lexemes[index]
        return lexeme.text if lexeme.kind in {Kind.WORD, Kind.MARK} else ""

    def behind(self) -> str:
        return self.peek(-1) if self.at else ""

    def kind(self, ahead: int = 0) -> Kind:
        return self.lexemes[min(self.at + ahead, len(self.lexemes) - 1)].kind

    def emit(self, kind: TokenType, text: str) -> None:
        start = self.lexemes[self.at].start
        self.out.tokens.append(Token(kind, text, 1, 1, start, start))

    def empty_call(self, text: str) -> None:
        """What the parser shall take for a call without arguments."""
        self.emit(TokenType.VAR, text)
        self.emit(TokenType.L_PAREN, "(")
        self.emit(TokenType.R_PAREN, ")")

    def run(self) -> Tokens:
        while (lexeme := self.lexemes[self.at]).kind is not Kind.END:
            match lexeme.kind:
                case Kind.WORD:
                    self.word(lexeme.text)
                case Kind.NAME:
                    self.name(lexeme.text)
                case Kind.STRING:
                    self.emit(TokenType.STRING, f"'{lexeme.text}")
                case Kind.BITS:
                    self.empty_call(f"s:bits|{lexeme.text}")
                case Kind.NUMBER:
                    self.emit(TokenType.NUMBER, lexeme.text)
                case Kind.OPERATOR:
                    self.operator(lexeme.text)
                case _:
                    self.mark(lexeme.text)
            self.at += 1
        if self.parens or self.cases:
            raise RefusalError("syntax", "A parenthesis or CASE has no end.")
        self.order_tails(self.ground)
        return self.out

    # -- marks and operators ------------------------------------------------------------------------------------

    def mark(self, text: str) -> None:
        match text:
            case "(":
                self.open_plain()
            case ")":
                self.close()
            case "[":
                self.bracket()
            case "]":
                self.close_array()
            case "::":
                self.at += 1
                self.cast()
            case ";":
                self.end_of_statement()
            case ":":
                documents.colon(self)
            case _:
                if text == "," and self.parens:
                    self.parens[-1].commas += 1
                self.emit(MARKS[text], text)

    def open_plain(self) -> None:
        if documents.is_copied_window(self):
            documents.copied_window(self)
        elif documents.is_column_list(self):
            documents.column_list(self)
        elif self.opens_window():
            self.open(Paren("window"))
        else:
            self.open(Paren("using" if self.behind() == "using" else "plain"))

    def opens_window(self) -> bool:
        return self.behind() == "over" or (self.windows and self.behind() == "as")

    def open(self, paren: Paren) -> None:
        self.emit(TokenType.L_PAREN, "(")
        self.parens.append(paren)
        if len(self.parens) + self.cases > DEEPEST:
            raise RefusalError("nesting", f"The text is nested deeper than {DEEPEST}; use WITH to take it apart.")

    def close(self) -> None:
        if not self.parens:
            raise RefusalError("syntax", "A closing parenthesis has no opening one.")
        paren = self.parens.pop()
        self.order_tails(paren)
        if paren.form == "using":
            self.merged = self.at
        if paren.form in {"cast", "array", "subscript"}:
            raise RefusalError("syntax", "A bracket is open, or CAST is not written CAST(value AS type).")
        if paren.form in FORMS or paren.form in DOCUMENT_FORMS:
            token = self.out.tokens[paren.call]
            # A form without its words is an ordinary call: substring(name, 1, 3).
            kind, words = ("s", "|".join([paren.form, *paren.words])) if paren.words else ("f", paren.form)
            self.out.tokens[paren.call] = Token(TokenType.VAR, f"{kind}:{words}", 1, 1, token.start, token.end)
        self.emit(TokenType.R_PAREN, ")")

    def order_tails(self, paren: Paren) -> None:
        """`OFFSET 10 LIMIT 5` becomes `LIMIT 5 OFFSET 10`."""
        if paren.tails == sorted(paren.tails):
            return
        starts = [start for _, start in paren.tails]
        parts = zip(paren.tails, pairwise([*starts, len(self.out.tokens)]), strict=True)
        ordered = sorted(parts, key=lambda part: part[0])
        self.out.tokens[starts[0] :] = [token for _, (start, end) in ordered for token in self.out.tokens[start:end]]

    def close_array(self) -> None:
        form = self.parens.pop().form if self.parens else ""
        if form not in {"array", "subscript"}:
            raise RefusalError("syntax", "A closing bracket has no opening one.")
        if form == "subscript":
            self.emit(TokenType.R_PAREN, ")")
        self.emit(TokenType.R_BRACKET, "]")

    def bracket(self) -> None:
        """`ARRAY[…]` and the arrays inside it are the parser's; a constant subscript is kept whole, and any other hidden
        from the parser, which counts from 0, in a call."""
        if self.behind() in {"array", "[", ","}:
            self.emit(TokenType.L_BRACKET, "[")
            self.parens.append(Paren("array"))
            if sum(paren.form == "array" for paren in self.parens) > DEEPEST_ARRAY:
                raise RefusalError("nesting", f"Arrays are nested deeper than {DEEPEST_ARRAY}.")
            return
        if not self.follows_value() or self.peek(1) == "]":
            raise RefusalError("subscripts", SUBSCRIPTS)
        self.subscripts = self.subscripts + 1 if self.behind() == "]" else 1
        if self.subscripts > MOST_SUBSCRIPTS:
            raise RefusalError("nesting", f"At most {MOST_SUBSCRIPTS} subscripts stand in a row.")
        self.emit(TokenType.L_BRACKET, "[")
        said: list[str] = []
        while _whole(self.lexemes[self.at + 1 + len(said)]) and len(said) < 4:
            said.append(self.lexemes[self.at + 1 + len(said)].text)
        if self.peek(1 + len(said)) == "]":
            self.at += 1 + len(said)
            self.emit(TokenType.STRING, f"i:{''.join(said)}")
            self.emit(TokenType.R_BRACKET, "]")
        elif ":" in said:
            raise RefusalError("subscripts", SUBSCRIPTS)
        else:
            self.emit(TokenType.VAR, "s:subscript")
            self.open(Paren("subscript"))

    def cast(self) -> None:
        """A type after `::`; leaves off at its last lexeme."""
        name, after = types.read_type(self.lexemes, self.at)
        self.emit(TokenType.DCOLON, "::")
        self.emit(TokenType.VARCHAR, "VARCHAR")
        self.emit(TokenType.L_PAREN, "(")
        self.emit(TokenType.NUMBER, str(len(self.out.types)))
        self.emit(TokenType.R_PAREN, ")")
        self.out.types.append(name)
        self.at = after - 1

    def end_of_statement(self) -> None:
        """Stacked statements: `SELECT 1; DROP TABLE x` runs both where the simple protocol is used."""
        if self.kind(1) is not Kind.END:
            raise RefusalError("one_statement", "Send one statement at a time, without a semicolon inside.")

    def operator(self, text: str) -> None:
        if kind := COMPARISONS.get(text):
            is_plus = text == "+" and not self.follows_value()
            self.count_prefixes(is_prefix=is_plus or text == "-")
            # The parser drops a plus before a value, which changes nothing but the column's name; it keeps a tilde.
            self.emit(TokenType.TILDE if is_plus else kind, "<>" if text == "!=" else text)
        elif not self.follows_value() and text in PREFIXES:
            raise RefusalError("known_operators", f"{text} before a value is not read here; write {PREFIXES[text]}.")
        elif text in OTHER_OPERATORS:
            self.emit(TokenType.DPIPE, "||")
            self.emit(TokenType.STRING, f"o:{text}")
            self.emit(TokenType.DPIPE, "||")
        else:
            raise RefusalError("known_operators", f"There is no operator {text} here; put spaces between operators.")

    def follows_value(self) -> bool:
        """Whether an operator here stands between two values; before the first, + says nothing."""
        last = self.out.tokens[-1].token_type if self.out.tokens else TokenType.COMMA
        return last in VALUE_ENDS

    def count_prefixes(self, *, is_prefix: bool) -> None:
        follows = self.behind() == "not" or (self.at > 0 and self.kind(-1) is Kind.OPERATOR)
        self.prefixes = (self.prefixes if follows else 0) + 1 if is_prefix else 0
        if self.prefixes > LONGEST_PREFIX:
            raise RefusalError("nesting", "Too many NOT or minus signs in a row.")

    # -- words --------------------------------------------------------------------------------------------------

    def word(self, word: str) -> None:
        self.count_prefixes(is_prefix=word == "not")
        if self.is_label():
            self.name(word)
        elif not (self.statement_start(word) or self.in_form(word) or self.in_context(word)):
            self.keyword(word)

    def is_label(self) -> bool:
        """After a dot, and after AS where no query, type or window follows, any word is a name."""
        behind = self.behind()
        if behind == ".":
            return True
        in_cast = bool(self.parens) and self.parens[-1].form == "cast"
        return behind == "as" and not in_cast and self.peek(1) != "(" and self.peek() not in {"not", "materialized"}

    def statement_start(self, word: str) -> bool:
        if word == "table" or (self.at and (self.behind() != "(" or word not in WRITES - NAMES_TOO)):
            return False
        if self.at and self.lexemes[self.at + 1].kind not in {Kind.WORD, Kind.NAME}:
            return False
        if word in {"select", "with", "values"}:
            return False
        instead = INSTEAD_OF_STATEMENTS.get(word, "")
        raise RefusalError(
            "read_only", f"Only SELECT (or WITH … SELECT, VALUES) runs here, not {word.upper()}.{instead}"
        )

    def in_form(self, word: str) -> bool:
        """The words that stand for commas in EXTRACT(… FROM …) and its like, and the end of CAST(… AS …)."""
        paren = self.parens[-1] if self.parens else None
        if paren is None:
            return False
        if paren.form == "cast" and word == "as":
            self.emit(TokenType.R_PAREN, ")")
            self.at += 1
            self.cast()
            self.at += 1
            if self.peek() != ")":
                raise RefusalError("syntax", "CAST is written CAST(value AS type).")
            self.parens.pop()
            return True
        if paren.form in DOCUMENT_FORMS:
            return documents.document_word(self, paren, word)
        if paren.form == "normalize" and word in {"nfc", "nfd", "nfkc", "nfkd"}:
            self.emit(TokenType.STRING, f"'{word}")
            paren.words.append(word)
            return True
        if word in FORMS.get(paren.form, ()):
            paren.words.append(word)
            if self.out.tokens[-1].token_type is not TokenType.L_PAREN:
                self.emit(TokenType.COMMA, ",")
            return True
        return False

    def in_context(self, word: str) -> bool:
        """Words that are keywords in one place and names in all others."""
        after = self.peek(1)
        if pair := PAIRS.get((word, after)):
            self.emit(pair, f"{word} {after}".upper())
            self.at += 1
            if pair is TokenType.GROUP_BY:
                self.group_quantifier()
            return True
        if self.parens and self.parens[-1].form == "window" and self.parens[-1].in_frame and word in FRAME_WORDS:
            self.frame_word(word)
            return True
        if self.fetching and word in FETCH_WORDS:
            self.fetching = word not in {"only", "ties"}
            self.emit(KEYWORD_TOKENS.get(word, TokenType.VAR), word.upper())
            return True
        if reader := CONTEXT.get(word):
            return reader(self, word, after)
        return False

    def group_quantifier(self) -> None:
        """GROUP BY DISTINCT makes one of equal grouping sets; ALL says nothing."""
        if self.peek(1) == "distinct":
            self.emit(TokenType.STRING, "d:distinct")
            self.emit(TokenType.COMMA, ",")
        if self.peek(1) in {"distinct", "all"}:
            self.at += 1

    def frame_word(self, word: str) -> None:
        if word == "between":
            self.emit(TokenType.BETWEEN, "BETWEEN")
        else:
            self.emit(TokenType.VAR, word.upper())

    def keyword(self, word: str) -> None:
        kind = RESERVED.get(word)
        if kind is None or (word in {"left", "right"} and self.peek(1) == "("):
            self.name(word, is_word=True)
            return
        if word == "array" and self.parens and self.parens[-1].form == "array" and self.peek(1) == "[":
            return
        self.note(word)
        if self.cases < 0 or (word == "array" and self.peek(1) not in {"[", "("}):
            raise RefusalError("syntax", f"{word.upper()} does not stand alone here.")
        if len(self.parens) + self.cases > DEEPEST:
            raise RefusalError("nesting", f"The text is nested deeper than {DEEPEST}; use WITH to take it apart.")
        for _ in range(NOTS if word == "not" and self.behind() != "is" and not self.follows_value() else 1):
            self.emit(kind, "ANY" if word == "some" else word.upper())

    def note(self, word: str) -> None:
        """What a keyword changes for the words after it."""
        match word:
            case "join" | "on" | "using":
                self.join(word)
            case "case":
                self.cases += 1
            case "end":
                self.cases -= 1
            case "limit" | "offset" | "fetch":
                self.fetching = self.fetching or word == "fetch"
                (self.parens[-1] if self.parens else self.ground).tails.append(
                    (_TAILS.index(word), len(self.out.tokens))
                )
            case "select":
                (self.parens[-1] if self.parens else self.ground).tails.clear()
            case "window":
                self.windows = True
            case "as":
                if self.merged == self.at - 1:
                    raise RefusalError("known_syntax", "USING (…) takes no alias here; name the relations themselves.")
                if self.kind(1) not in {Kind.WORD, Kind.NAME} and self.peek(1) != "(":
                    raise RefusalError("syntax", "After AS stands a name.")
            case _:
                pass

    def join(self, word: str) -> None:
        """`a JOIN b JOIN c … ON … ON`: the parser tries every way to share the ONs out, twice as many for each JOIN."""
        level = self.parens[-1] if self.parens else self.ground
        if word == "using" and self.kind(1) is Kind.OPERATOR:
            raise RefusalError("known_syntax", "ORDER BY … USING is not read here; write ASC or DESC.")
        if word == "join" and self.peek(-2) != "natural" and self.behind() not in {"cross", "natural"}:
            if level.joins:
                raise RefusalError("syntax", "A JOIN needs ON or USING; put each ON right after its JOIN.")
            level.joins = True
        elif word != "join":
            level.joins = False

    def name(self, name: str, *, is_word: bool = False) -> None:
        if is_word and name in CLOCK_WORDS:
            self.clock_word(name)
        elif is_word and name in UNUSED:
            raise misplaced(name)
        elif self.peek(1) == "(" and self.behind() != "as":
            self.call(name, is_word=is_word)
        elif self.is_typed_literal(is_word=is_word):
            self.typed_literal()
        else:
            self.emit(TokenType.IDENTIFIER, f":{name}")

    def clock_word(self, name: str) -> None:
        if self.peek(1) == "(":
            self.emit(TokenType.VAR, f"s:{name}")
        else:
            self.empty_call(f"s:{name}")

    # -- calls and typed literals -------------------------------------------------------------------------------

    def call(self, name: str, *, is_word: bool) -> None:
        """A name before a parenthesis: a call, unless it names a table's columns, which reads the same either way."""
        if is_word and name.startswith("xml"):
            raise RefusalError("known_functions", f"There is no function {name} for queries. Use json_build_object.")
        if is_word and name == "operator":
            raise RefusalError("known_operators", "OPERATOR(…) is not read here; write the operator itself.")
        if is_word and self.is_sized_literal():
            self.typed_literal()
            return
        if is_word and name == "cast":
            self.at += 1
            self.open(Paren("cast"))
            return
        if [token.text for token in self.out.tokens[-2:]] == [":pg_catalog", "."]:
            del self.out.tokens[-2:]
        self.emit(TokenType.VAR, f"f:{name}")
        if is_word and (name in FORMS or name in DOCUMENT_FORMS):
            self.form(name)

    def form(self, name: str) -> None:
        paren = Paren(name, len(self.out.tokens) - 1)
        self.at += 1
        self.open(paren)
        if name == "trim" and self.peek(1) in {"both", "leading", "trailing"}:
            self.at += 1
            paren.words.append(self.peek())
        elif name == "extract":
            self.at += 1
            lexeme = self.lexemes[self.at]
            if lexeme.kind not in {Kind.WORD, Kind.STRING} or self.peek(1) != "from":
                raise RefusalError("syntax", "EXTRACT is written EXTRACT(month FROM value).")
            self.emit(TokenType.STRING, f"'{lexeme.text.lower()}")

    def is_typed_literal(self, *, is_word: bool) -> bool:
        """`DATE '2026-01-01'`: to PostgreSQL any name before a string is a type."""
        ahead = 1
        if is_word and self.peek() == "double" and self.peek(1) == "precision":
            ahead = 2
        if is_word and self.peek() in {"time", "timestamp"} and self.peek(2) == "time" and self.peek(3) == "zone":
            ahead = 4
        return self.kind(ahead) is Kind.STRING and self.behind() != "as"

    def is_sized_literal(self) -> bool:
        """`TIMESTAMP(3) '…'` and `INTERVAL(0) '…'`, of which a size is the whole difference to a call."""
        return (
            self.kind(2) is Kind.NUMBER
            and self.peek(3) == ")"
            and (self.kind(4) is Kind.STRING or (self.peek(4) in {"with", "without"} and self.kind(7) is Kind.STRING))
        )

    def typed_literal(self) -> None:
        if self.peek() == "interval" and self.kind(1) is Kind.STRING:
            self.interval()
            return
        name, self.at = types.read_type(self.lexemes, self.at)
        lexeme = self.lexemes[self.at]
        if lexeme.kind is not Kind.STRING or "[" in name:
            raise RefusalError("syntax", "A type before a string is written like DATE '2026-01-31'.")
        self.emit(TokenType.VAR, f"s:typed|{name}")
        self.wrapped_string(lexeme.text)

    def interval(self) -> None:
        self.at += 1
        value = self.lexemes[self.at].text
        fields, after = types.read_interval_fields(self.lexemes, self.at + 1)
        self.emit(TokenType.VAR, f"s:interval|{fields}")
        self.wrapped_string(value)
        self.at = after - 1

    def wrapped_string(self, value: str) -> None:
        self.emit(TokenType.L_PAREN, "(")
        self.emit(TokenType.STRING, f"'{value}")
        self.emit(TokenType.R_PAREN, ")")


def _whole(lexeme: Lexeme) -> bool:
    return (lexeme.kind is Kind.MARK and lexeme.text == ":") or (
        lexeme.kind is Kind.NUMBER and lexeme.text.isdigit() and len(lexeme.text) < 6
    )


def neutral(lexemes: list[Lexeme]) -> Tokens:
    """The tokens of a text. Raises RefusalError for what no query here may hold."""
    if lexemes[0].kind is Kind.END:
        raise RefusalError("one_statement", "The text is empty; write a SELECT.")
    first = lexemes[0]
    if first.text != "(" and (first.kind is not Kind.WORD or first.text not in {"select", "with", "values"} | WRITES):
        raise RefusalError("read_only", f"A query begins with SELECT, WITH or VALUES, not with {shown(first.text)}.")
    # Looking ahead of the last lexeme finds ends.
    return Sieve([*lexemes, *lexemes[-1:] * 4]).run()
