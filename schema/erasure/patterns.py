"""Regular expressions that find a person's name, e-mail address or phone number in a text as people write them.

They keep to what Python and PostgreSQL read alike, so that one expression both finds the rows and edits the texts.
Letters stand for themselves with any accent and in either case, `ü` for `ue` too; case is spelled out, since not every
locale of a database folds it.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

import phonenumbers

_PAIRS = {"ae": "äæ", "oe": "öøœ", "ue": "ü", "ss": "ß", "aa": "å", "th": "þ"}
_SINGLE = {letter: pair for pair, letters in _PAIRS.items() for letter in letters}
_BASES = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i"}
_ESCAPE = r"\\+u[0-9a-fA-F]{4}"
"""A letter beyond ASCII inside a JSON document that is itself a text."""
_GAP = r"(?:[\W_]|\\+[nrt])"
_INFLECTED = r"[^\W\d_]{0,3}"
_ADDRESS = r"(?:[\w.+-]{0,30}@[\w-]+(?:\.[\w-]+)+)?"
"""The rest of an e-mail address that a name is the beginning of."""
_MARKS = "[\u0300-\u036f]?"
_SHORTEST_PHONE = 6
SHORTEST_PASSAGE = 8
"""Characters of a text that is looked for by itself; "Call" is anybody's."""
_SHORTEST_CUT = 3
"""Letters that a name must have left to be told from other words where a text was cut."""


def full_name(given: str, family: str, *, is_open: bool = True) -> str | None:
    """The whole name in either order, and an e-mail address made of it; None for a name of one word.

    Unless somebody else's name begins with it, it may be inflected (`is_open`): "Anna Schmidts Angebot".
    """
    if not given.strip() or not family.strip():
        return None
    firsts = dict.fromkeys([given.strip(), given.split(maxsplit=1)[0]])
    orders: list[str] = []
    start, ending, turned, gap = "", "", "", f"{_GAP}{{0,4}}"
    if _is_cased(given + family):
        start, ending, gap = r"(?<!\w)", _INFLECTED if is_open else r"(?!\w)", f"{_GAP}{{1,4}}"
        # In "Peter Schmidt, Anna Weber" nobody is called Anna Schmidt.
        turned = r"(?!\w)(?! +[A-Z\u00c0-\u00de])"
    for first in firsts:
        orders += [f"{_words(first)}{gap}{_words(family)}{ending}", f"{_words(family)}{gap}{_words(first)}{turned}"]
    start = ending = ""
    if _is_cased(given + family):
        start, ending = r"(?<!\w)", r"\w{0,3}" if is_open else r"(?!\w)"
    return f"{start}(?:{'|'.join(orders)}){_ADDRESS}"


def lone_name(name: str) -> str:
    """One of the names by itself, capitalised as it is, neither part of a longer word nor of an address."""
    start = r"(?<![\w@.+-])" if _is_cased(name) else ""
    end = r"(?:['’]?s)?(?!\w|@|[.-]\w)" if _is_cased(name) else ""
    return f"{start}(?:{_words(name, keeps_case=True)}{end}{_cut_short(name)})"


def _cut_short(name: str) -> str:
    """The name's beginning where a text was cut: `O'Conno…`."""
    parts = _parts(name)
    rest = ""
    for part in reversed(parts[_SHORTEST_CUT:]):
        rest = f"(?:{part}{rest})?"
    return f"|{''.join(parts[:_SHORTEST_CUT])}{rest}(?=…)" if len(parts) > _SHORTEST_CUT else ""


def email(address: str) -> str:
    spelled = "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() and c.isascii() else re.escape(c) for c in address)
    return rf"(?<![\w.+-]){spelled}(?![\w-])"


def passage(text: str) -> str:
    """A whole text, however its lines are broken."""
    return r"(?i:" + r"\s+".join(map(re.escape, text.split())) + ")"


def phone(number: str) -> str | None:
    """The number with or without its country, in groups of any size; None for one too short to be told from others."""
    try:
        parsed = phonenumbers.parse(number, None)
        country, digits = str(parsed.country_code), str(parsed.national_number)
    except phonenumbers.NumberParseException:
        country, digits = "", re.sub(r"\D", "", number)
    if len(digits) < _SHORTEST_PHONE:
        return None
    between = r"[ .()/\u00a0-]{0,3}"
    prefix = rf"(?:(?:\+|00){between}{country}{between}(?:\(0\){between})?|0)?" if country else r"\+?"
    return rf"(?<![\d+])\(?{prefix}\(?{between.join(digits)}(?!\d)"


def either(patterns: Iterable[str | None]) -> str | None:
    """One expression for all of them; None for none."""
    known = [f"(?:{pattern})" for pattern in dict.fromkeys(patterns) if pattern]
    return "|".join(known) or None


def loosely(pattern: str) -> str:
    """An expression that finds at least what the pattern does: without looking around it, PostgreSQL is four times as fast."""
    return re.sub(r"\(\?<?[!=][^()]*\)", "", pattern).replace(_INFLECTED, "").replace(_ADDRESS, "")


def _is_cased(name: str) -> bool:
    """Whether it is written in a script with words apart; names in Chinese or Japanese stand within running text."""
    return any(letter.lower() != letter.upper() for letter in name)


def _words(name: str, *, keeps_case: bool = False) -> str:
    return "".join(_parts(name, keeps_case=keeps_case))


def _parts(name: str, *, keeps_case: bool = True) -> list[str]:
    """An expression for each letter of a name, or pair of them, with the gap between two words before the second."""
    parts: list[str] = []
    for word in re.findall(r"[^\W_]+", unicodedata.normalize("NFC", name)):
        first, *others = _word(word, keeps_case=keeps_case)
        parts += [f"{_GAP}{{0,3}}{first}" if parts else first, *others]
    return parts


def _word(word: str, *, keeps_case: bool) -> list[str]:
    spelled: list[str] = []
    place = 0
    while place < len(word):
        pair = word[place : place + 2].lower()
        first = keeps_case and place == 0
        if pair in _PAIRS:
            letters = "".join(f"{each}{each.upper()}" for each in _PAIRS[pair] if len(each.upper()) == 1) + (
                "ß" if pair == "ss" else ""
            )
            spelled.append(f"(?:{_letter(word[place], first)}{_letter(word[place + 1], False)}|[{letters}])")
            place += 2
            continue
        spelled.append(_letter(word[place], first))
        place += 1
    return spelled


def _letter(letter: str, keeps_case: bool) -> str:
    low = letter.lower()
    base = _base(low)
    family = _accented(base) if len(base) == 1 and base.isascii() and base.isalpha() else letter
    members = {*family, letter} if keeps_case else {*family.lower(), *family.upper(), low, letter.upper(), letter}
    if keeps_case:
        members = {each for each in members if each.isupper() == letter.isupper()} | {letter}
    choices = [f"[{''.join(sorted(each for each in members if len(each) == 1))}]{_MARKS}"]
    if low in _SINGLE:
        pair = _SINGLE[low]
        choices.append("".join(f"[{each}{each.upper()}]" for each in pair))
    if not letter.isascii():
        choices.append(_ESCAPE)
    return choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"


def _base(letter: str) -> str:
    if letter in _BASES:
        return _BASES[letter]
    return "".join(each for each in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(each))


@cache
def _accented(base: str) -> str:
    """The letter and all that are made of it by accents, in both cases."""
    ranges = (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    return "".join(chr(code) for code in ranges if chr(code).isalpha() and _base(chr(code).lower()) == base.lower())
