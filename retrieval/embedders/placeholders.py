"""Fixed placeholders for what must not leave in a text: e-mail addresses, phone numbers, accounts and cards."""

import re

import phonenumbers

VERSION = 1
"""Counts up when other texts are sent for the same ones, so that they are embedded again."""

_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%'’-]{1,256}(?:@|[ ]?[\[({]at[\])}][ ]?)[\w-]+(?:(?:\.|[ ]?[\[({](?:dot|punkt)[\])}][ ]?)[\w-]+)+",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?!\w)", re.IGNORECASE)
_CARD = re.compile(r"(?<![\w.,])\d(?:[ -]?\d){14,18}(?![\w]|[.,]\d)")
# Dates and ids are looked for first, so that no part of one is taken for a number that starts with 0.
_OTHER_OR_NUMBER = re.compile(
    r"(?P<other>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<![\w./-])(?:\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2}))(?![./-]?\d))"
    r"|(?P<said>\b(?:tele?(?:fone?|phone)?|phone|mobile?|mob|handy|cell|fax|whatsapp|call|ring|durchwahl|ext)\b[^\w\n+(]{0,3}"
    r"(?:(?:is|ist|me|us|at|on|under|unter|no|nr|number|nummer)\b[^\w\n+(]{0,3}){0,3})?"
    r"(?P<number>(?<![\w.,])[+＋(]{0,2}\d[\d \t\u00a0().\u2010-\u2015/-]{3,40}\d(?!\w|[.,]\d))",
    re.IGNORECASE,
)
_COUNTRY = re.compile(r"[(]?(?:[+＋]|00)")
_NORTH_AMERICAN = re.compile(r"(?:1[ .-])?[(]?[2-9]\d\d[)]?[ .-]{1,2}\d{3}[ .-]\d{4}|\d{3}-\d{4}")
_IN_PAIRS = re.compile(r"\d{3}(?:[ .-]\d\d){3}")
_SHORTEST, _SHORTEST_SAID, _SHORTEST_BARE = 7, 5, 10


def with_placeholders(text: str) -> str:
    """The text with `[EMAIL]`, `[IBAN]`, `[CARD]` and `[PHONE]` where such values stood.

    In doubt a number is taken for a phone number: a search misses it less than its owner would mind.
    """
    text = _EMAIL.sub("[EMAIL]", text)
    text = _IBAN.sub(lambda found: "[IBAN]" if _is_iban(found[0]) else found[0], text)
    text = _CARD.sub(lambda found: "[CARD]" if _is_card(found[0]) else found[0], text)
    return _OTHER_OR_NUMBER.sub(_without_phone, text)


def _without_phone(found: re.Match[str]) -> str:
    if found["other"]:
        return found[0]
    said, number = found["said"] or "", found["number"]
    return f"{said}[PHONE]" if _is_phone(number, is_said=bool(said)) else found[0]


def _is_phone(number: str, *, is_said: bool) -> bool:
    digits = re.sub(r"\D", "", number)
    if is_said and len(digits) >= _SHORTEST_SAID:
        return True
    if len(digits) < _SHORTEST:
        return False
    if _COUNTRY.match(number) or digits.startswith("0"):
        return True
    if _NORTH_AMERICAN.fullmatch(number) or _IN_PAIRS.fullmatch(number):
        return True
    return len(digits) >= _SHORTEST_BARE and (_is_valid(f"+{digits}") or _is_valid(f"+1{digits}"))


def _is_valid(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def _is_iban(text: str) -> bool:
    """ISO 13616: the number that its letters and digits make leaves 1 when divided by 97."""
    plain = re.sub(r"[ -]", "", text).upper()
    return int("".join(str(int(each, 36)) for each in plain[4:] + plain[:4])) % 97 == 1


def _is_card(text: str) -> bool:
    """Luhn's sum, ISO/IEC 7812."""
    digits = [int(each) for each in reversed(re.sub(r"\D", "", text))]
    return sum(each if at % 2 == 0 else sum(divmod(2 * each, 10)) for at, each in enumerate(digits)) % 10 == 0
