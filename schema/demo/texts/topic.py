"""What a topic of conversation is made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """Sentences about one matter, by who says them and where in the text they stand.

    Placeholders: first, contact, client (whom we talk to), user, colleague (of theirs), product, amount, pct, n, seats,
    hours, date, weekday, month, rival, invoice, site.
    """

    name: str
    subjects: tuple[str, ...]
    opens: tuple[str, ...]
    """They begin."""
    details: tuple[str, ...]
    """They go on."""
    wishes: tuple[str, ...]
    """They end: what they want of us."""
    answers: tuple[str, ...]
    """We begin."""
    facts: tuple[str, ...]
    """We go on."""
    nexts: tuple[str, ...]
    """We end: what happens next."""
    calls: tuple[str, ...]
    """What was said, as noted by us afterwards."""
    outcomes: tuple[str, ...]
    """What came of it."""
