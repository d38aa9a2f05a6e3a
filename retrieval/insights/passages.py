"""The sentences of a text that its writer wrote: without greeting, signature, and what is quoted of earlier mails."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_CHARACTERS = 50_000
"""Of one text; what comes after them is a log or an attachment, and nobody's feeling."""
_MOST_SENTENCES = 400

_END = re.compile(
    r"""^[ \t]*(?:-{2,}\s*(?:original|weiter|forwarded|ursprüng|message\ d|mensaje\ o).*
    |_{10,}|--[ \t]*
    |(?:on|am|le|el)\b.{5,120}\b(?:wrote|schrieb|a\ écrit|escribió)\b.*:
    |(?:kind|best|warm|many\ thanks\ and\ best)\ regards.*|(?:yours\ )?sincerely.*|best\ wishes.*|cheers,?|talk\ soon,?
    |(?:mit\ )?(?:freundlichen|besten|herzlichen|vielen)\ grüßen.*|(?:viele|beste|herzliche|liebe|schöne|freundliche)\ grüße.*
    |cordialement.*|bien\ à\ vous.*|(?:un\ saludo|saludos).*|sent\ from\ my\ .*|von\ meinem\ .*\ gesendet.*)[ \t]*$""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_SKIPPED = re.compile(
    r"""^[ \t]*(?:>|(?:dear|hi|hello|hey|good\ morning|guten\ (?:tag|morgen)|hallo|liebe[rs]?|sehr\ geehrte[rs]?|bonjour|hola)\b
    [^.!?\n]{0,40}[,!:]?[ \t]*$)""",
    re.IGNORECASE | re.VERBOSE,
)
# A full stop within a number, an abbreviation or "12. Dezember" ends nothing.
_SENTENCE = re.compile(
    r"""[^\s.!?…](?:[^.!?…]|[.!?…](?=[^\s.!?…])
    |\.(?=\ (?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez))
    |(?:(?<=\bDr)|(?<=\bMr)|(?<=\bMrs)|(?<=\bNr)|(?<=\bSt)|(?<=\bca)|(?<=\bbzw))\.(?=\ ))*[.!?…]*""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, and where it stands in the text."""

    text: str
    start: int
    end: int


def passages_of(text: str) -> list[Passage]:
    """The sentences in order, blanks around them left out; nothing for a text that holds no word."""
    text = text[:MOST_CHARACTERS]
    found: list[Passage] = []
    for passage in _sentences(text):
        found.append(passage)
        if len(found) == _MOST_SENTENCES:
            break
    return found


def _sentences(text: str) -> Iterator[Passage]:
    end = _ending(text)
    at = 0
    for line in text[:end].splitlines(keepends=True):
        if not _SKIPPED.match(line):
            for sentence in _SENTENCE.finditer(line):
                told = sentence[0].rstrip()
                if any(char.isalnum() for char in told):
                    yield Passage(told, at + sentence.start(), at + sentence.start() + len(told))
        at += len(line)


def _ending(text: str) -> int:
    """Where the farewell or an earlier mail begins; the whole length when what comes before it says nothing."""
    found = _END.search(text)
    return found.start() if found and any(char.isalnum() for char in text[: found.start()]) else len(text)
