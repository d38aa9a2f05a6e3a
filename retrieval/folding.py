"""Names as keys: without case, accents, punctuation and legal forms."""

import re
import unicodedata

_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "þ": "t"})
_MARKS = re.compile("[\u0300-\u036f]")
# The same ranges as crm.fold in schema/sql, and a test compares the two.
_PUNCTUATION = re.compile(r"[\]\[\s!-/:-@\\^_`{-~\u2010-\u2015\u2018-\u201d]+")

_LEGAL_FORMS = frozenset(
    [
        "ab",
        "ag",
        "aps",
        "as",
        "asa",
        "bv",
        "co",
        "company",
        "corp",
        "corporation",
        "cv",
        "eg",
        "ek",
        "ev",
        "gbr",
        "gmbh",
        "holding",
        "holdings",
        "inc",
        "incorporated",
        "kg",
        "kgaa",
        "limited",
        "llc",
        "llp",
        "lp",
        "ltd",
        "mbh",
        "nv",
        "ohg",
        "oy",
        "oyj",
        "plc",
        "pty",
        "sa",
        "sarl",
        "sas",
        "sasu",
        "se",
        "sl",
        "sp",
        "spa",
        "srl",
        "ug",
        "zoo",
    ]
)
_SPELLED_FORMS = (
    re.compile(r"\bs a r l\b"),
    re.compile(r"\bs p a\b"),
    re.compile(r"\bs r l\b"),
    re.compile(r"\bs a s\b"),
    re.compile(r"\bsp z o o\b"),
    re.compile(r"\bs r o\b"),
    re.compile(r"\bs a\b$"),
    re.compile(r"\bs l\b$"),
    re.compile(r"\bn v\b$"),
    re.compile(r"\bb v\b$"),
)
_PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "das",
        "du",
        "la",
        "le",
        "bin",
        "ibn",
        "al",
        "el",
        "ter",
        "ten",
        "zu",
        "zur",
        "af",
    ]
)


def fold(text: str) -> str:
    """The same key as crm.fold: `Müller & Söhne GmbH` → `muller sohne gmbh`."""
    plain = unicodedata.normalize("NFKD", text).lower().translate(_LETTERS)
    return _PUNCTUATION.sub(" ", _MARKS.sub("", plain)).strip()


def company_key(text: str) -> str:
    """The folded name without its legal forms at the end: `Acme Ltd.`, `ACME GmbH & Co. KG` → `acme`."""
    key = re.sub(r"\band\b|\bund\b|\bet\b", " ", fold(text))
    for form in _SPELLED_FORMS:
        key = form.sub(" ", key)
    words = key.split()
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def split_full_name(text: str) -> tuple[str, str]:
    """Given and family name; `van`, `de` and their like belong to the family; `Lopez, Maria` is turned round."""
    if text.count(",") == 1:
        family, given = (" ".join(part.split()) for part in text.split(","))
        if family and given:
            return given, family
    words = text.split()
    if len(words) < 2:
        return " ".join(words), ""
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])
