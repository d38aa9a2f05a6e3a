"""What the guard answers when it will not have a text: the rule's id, and a sentence the writer can act on."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Refused:
    """A text that will not run."""

    rule: str
    """The id of the rule that refused; RULES says what each stops."""
    message: str
    """What is wrong and what to write instead. It holds words of the text itself, and nothing of the data."""


class RefusalError(Exception):
    """Carries a refusal out of the depth of a text; it never leaves the guard."""

    def __init__(self, rule: str, message: str) -> None:
        self.refused = Refused(rule, message)
        super().__init__(rule, message)


def near(word: str, known: Iterable[str], say: str = " Did you mean {}?") -> str:
    """The closest known words in a sentence, or nothing."""
    found = get_close_matches(word, list(known), n=3, cutoff=0.6)
    return say.format(" or ".join(found)) if found else ""


def shown(text: str, most: int = 40) -> str:
    """A piece of the text for a message: one line, cut when long."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
