"""Numbers, in digits or words, with the unit or currency they carry."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import cast

from babel import Locale

from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.text import Shape, Token
from agent.offline.words import word_set

_SMALL = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
)
_SCALES = {
    "k": 10**3, "grand": 10**3, "thousand": 10**3, "m": 10**6, "mm": 10**6, "mn": 10**6, "mio": 10**6, "mln": 10**6,
    "million": 10**6, "millions": 10**6, "b": 10**9, "bn": 10**9, "billion": 10**9, "tn": 10**12,
}  # fmt: skip
_ORDINALS = {
    word: value
    for value, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        start=1,
    )
}
_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_CURRENCY_WORDS = {
    "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "bucks": "USD", "usd": "USD", "pound": "GBP",
    "pounds": "GBP", "quid": "GBP", "sterling": "GBP", "francs": "CHF", "yen": "JPY",
}  # fmt: skip
_CODES = frozenset(cast("dict[str, str]", dict(Locale("en").currencies)))
_DIGITS = re.compile(
    rf"(?P<symbol>[€$£¥]?)(?P<digits>\d+(?:[.,]\d+)*)\s?(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})?"
    r"(?P<ordinal>st|nd|rd|th)?\s?(?P<after>[%€$£¥]?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was said: plain, scaled ("45k"), with a currency, a percentage or an ordinal."""

    amount: Decimal
    currency: str | None = None
    is_percent: bool = False
    is_ordinal: bool = False
    is_scaled: bool = False

    @property
    def looks_like_money(self) -> bool:
        return not self.is_percent and not self.is_ordinal and (self.currency is not None or self.is_scaled)

    @property
    def whole(self) -> int | None:
        """The number as an integer, when it is one."""
        return int(self.amount) if self.amount == self.amount.to_integral_value() else None


def number_at(tokens: Sequence[Token], at: int) -> tuple[Number, int] | None:
    """The number that starts at a token, and the index after it."""
    code = currency_of(tokens[at].text) if tokens[at].shape is not Shape.NUMBER and at + 1 < len(tokens) else None
    if code and tokens[at + 1].shape is Shape.NUMBER and (after := number_at(tokens, at + 1)):
        said = after[0]
        return Number(said.amount, said.currency or code, is_scaled=said.is_scaled), after[1]
    found = _digits_at(tokens, at) or _words_at(tokens, at)
    if found is None:
        return None
    number, end = found
    return _with_currency(tokens, end, number)


def currency_of(word: str) -> str | None:
    """The ISO 4217 code a word, symbol or code stands for."""
    if word in _SYMBOLS:
        return _SYMBOLS[word]
    if word.lower() in _CURRENCY_WORDS:
        return _CURRENCY_WORDS[word.lower()]
    return word.upper() if word.upper() in _CODES and len(word) == 3 and (word.isupper() or word in _COMMON) else None


_COMMON = word_set("eur gbp chf jpy sek nok dkk pln czk")


def decimal_of(digits: str) -> Decimal | None:
    """Digits with either separator: the last of two kinds, or one not before exactly three digits, is decimal."""
    marks = [char for char in digits if char in ".,"]
    if len(set(marks)) == 2:
        last = marks[-1]
        digits = digits.replace("," if last == "." else ".", "").replace(last, ".")
    elif len(marks) > 1 or (marks and re.search(r"^[1-9]\d{0,2}[.,]\d{3}$", digits)):
        digits = digits.replace(",", "").replace(".", "")
    else:
        digits = digits.replace(",", ".")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _digits_at(tokens: Sequence[Token], at: int) -> tuple[Number, int] | None:
    token = tokens[at]
    if token.shape is not Shape.NUMBER or (match := _DIGITS.fullmatch(token.text)) is None:
        return None
    amount = decimal_of(match["digits"])
    if amount is None or len(match["digits"]) > 18:
        return None
    scale = _SCALES[match["scale"].lower()] if match["scale"] else 1
    currency = _SYMBOLS.get(match["symbol"]) or _SYMBOLS.get(match["after"])
    return Number(amount * scale, currency, match["after"] == "%", bool(match["ordinal"]), scale > 1), at + 1


def _words_at(tokens: Sequence[Token], at: int) -> tuple[Number, int] | None:
    """Number words: "twenty five thousand", "a hundred and twenty", "half a million", "third"."""
    if tokens[at].word in _ORDINALS:
        return Number(Decimal(_ORDINALS[tokens[at].word]), is_ordinal=True), at + 1
    words = [part for token in tokens[at : at + 10] for part in [token.word]]
    part = _PARTS.at(tokens, at)
    if part and part[1] < len(tokens) and (scale := _SCALES.get(tokens[part[1]].word)):
        return Number(Decimal(scale) * part[0] / 4, is_scaled=True), part[1] + 1
    return _sum_of_words(words, at)


_PARTS: Phrases[int] = grouped(
    ((1, "a quarter of a, quarter of a, a quarter"), (2, "half a"), (3, "three quarters of a"))
)
"""Parts of a million, as people say them, in quarters."""


def _sum_of_words(words: list[str], at: int) -> tuple[Number, int] | None:
    total, group, used, scaled = 0, 0, 0, False
    for index, word in enumerate(words):
        value = _value_of(word)
        if value is not None:
            group += value
        elif (
            word == "a"
            and index == 0
            and words[1:2]
            and words[1] in ("hundred", "thousand", "million", "billion", "dozen", "couple")
        ):
            group = 1
        elif word == "dozen" and index:
            group *= 12
        elif word == "hundred" and index:
            group *= 100
        elif word in _SCALES and len(word) > 2 and index:
            total, group, scaled = total + group * _SCALES[word], 0, True
        elif word == "couple" and index == 1:
            group = 2
        elif not (word == "and" and words[index - 1 : index] in (["hundred"], ["thousand"])):
            break
        used = index + 1
    while used and words[used - 1] == "and":
        used -= 1
    return (Number(Decimal(total + group), is_scaled=scaled), at + used) if used else None


def _value_of(word: str) -> int | None:
    """A number word below a hundred, hyphenated or not."""
    if word in _SMALL or word in _TENS:
        return _SMALL.get(word, _TENS.get(word))
    tens, dash, ones = word.partition("-")
    return _TENS[tens] + _SMALL[ones] if dash and tens in _TENS and 0 < _SMALL.get(ones, 0) < 10 else None


def _with_currency(tokens: Sequence[Token], end: int, number: Number) -> tuple[Number, int]:
    """The number with a scale, percent sign or currency that follows as a word of its own."""
    word = tokens[end].word if end < len(tokens) else ""
    if not number.is_scaled and not number.is_ordinal and word in _SCALES and len(word) > 1:
        number, end = Number(number.amount * _SCALES[word], number.currency, is_scaled=True), end + 1
        word = tokens[end].word if end < len(tokens) else ""
    if word in ("percent", "%") or (word == "per" and end + 1 < len(tokens) and tokens[end + 1].word == "cent"):
        return Number(number.amount, is_percent=True), end + (2 if word == "per" else 1)
    if (
        not number.is_ordinal
        and number.currency is None
        and end < len(tokens)
        and (code := currency_of(tokens[end].text))
    ):
        return Number(number.amount, code, is_scaled=number.is_scaled), end + 1
    return number, end
