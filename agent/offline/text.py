"""The first stage: a request as clean text, and as tokens that know where they stand in it."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto

from agent.offline.words import word_set

_REPLACED = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u02bc": "'", "`": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
    "\u00ab": '"', "\u00bb": '"', "\u2013": "-", "\u2014": " - ", "\u2212": "-", "\u2026": "...", "\u00a0": " ", "\u2192": " to ",
})  # fmt: skip


def tidy(raw: str) -> str:
    """The request with one kind of quote, dash and space, and nothing invisible in it."""
    text = unicodedata.normalize("NFC", raw).translate(_REPLACED)
    text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char)[0] != "C")
    text = re.sub(r"[ \t]+", " ", re.sub(r"\s*\n\s*", "\n", text)).strip()
    return re.sub(r"(?:\s+[:;]-?[)(DPp/])+$", "", text)


class Shape(Enum):
    """What a token looks like, before anyone asks what it means."""

    WORD = auto()
    NUMBER = auto()
    QUOTE = auto()
    EMAIL = auto()
    DOMAIN = auto()
    PHONE = auto()
    RECORD_ID = auto()
    ISO_DATE = auto()
    SLASH_DATE = auto()
    TIME = auto()
    TAG = auto()
    POSSESSIVE = auto()
    MARK = auto()


_UNIT = r"(?:k|m|mn|mm|mio|mln|bn|b|tn|grand|thousand|million|billion)\b"
_SHAPES: tuple[tuple[Shape, str], ...] = (
    (Shape.QUOTE, r'"[^"\n]+"|(?<![\w\'])\'[^\'\n]+?\'(?!\w)'),
    (Shape.EMAIL, r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    (Shape.DOMAIN, r"https?://[^\s,;]+[\w/]|(?:www\.)?(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,}(?=$|[\s,;:)!?]|\.(?:\s|$))"),
    (Shape.RECORD_ID, r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[0-9a-f-]*[a-f])(?=[0-9a-f-]*\d)[0-9a-f]{8}[0-9a-f-]*\b"),
    (Shape.ISO_DATE, r"\b\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?\b|\b\d{4}/\d{1,2}/\d{1,2}\b"),
    (Shape.SLASH_DATE, r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})?(?!\d)|\b\d{1,2}-\d{1,2}-\d{4}\b"),
    (Shape.TIME, r"\b\d{1,2}(?:[:.]\d{2})?\s?[ap]\.?m\b\.?|\b\d{1,2}:\d{2}\b|\b\d{1,2}h\d{2}\b(?!\w)"),
    (Shape.PHONE, (r"\+\d{1,3}(?:[ ()./-]{0,2}\d){6,12}(?!\d)|\(\d{2,5}\)[\s-]?[\d\s/-]{4,}\d|\b0\d{1,5}[\s/-][\d\s/-]{4,}\d\b|"
                  r"\b0\d{7,}\b|\b\d{3}[-.\s]\d{3,4}[-.\s]\d{4}\b|\b\d{3}-\d{4}\b")),
    (Shape.NUMBER, rf"[€$£¥]?\d+(?:[.,]\d+)*(?:\s?{_UNIT})?(?:st|nd|rd|th)?\s?[%€$£¥]?"),
    (Shape.TAG, r"#[\w-]+"),
    (Shape.POSSESSIVE, r"'s\b|(?<=s)'(?=\s|$)"),
    (Shape.WORD, r"w/o\b|w/(?=\s?\w)|[^\W\d_](?:\w|(?!'s\b)[&'-](?=[^\W_]))*|\w+"),
    (Shape.MARK, r"\S"),
)  # fmt: skip
_TOKEN = re.compile("|".join(f"(?P<{shape.name}>{pattern})" for shape, pattern in _SHAPES), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, quotation or mark, with its place in the text."""

    text: str
    word: str
    """What lexicon and grammar compare: lower case, a typing error mended when that is tried."""
    shape: Shape
    start: int
    end: int

    @property
    def is_capitalised(self) -> bool:
        return self.text[:1].isupper()

    @property
    def inner(self) -> str:
        """The text without its quotation marks."""
        return self.text[1:-1].strip() if self.shape is Shape.QUOTE else self.text


SAID_SHORT = word_set("what who where when how that it there here which he she whats")
"""Words after which 's means "is" and possesses nothing."""


def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a text, each of the first shape that fits where it starts."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        piece = match.group().rstrip()
        shape, word = Shape[match.lastgroup or "MARK"], piece.lower()
        word = {"w/": "with", "w/o": "without"}.get(word, word)
        if shape is Shape.POSSESSIVE and found and found[-1].word in SAID_SHORT:
            shape, word = Shape.WORD, "is"
        found.append(Token(piece, word, shape, match.start(), match.start() + len(piece)))
    return tuple(found)
