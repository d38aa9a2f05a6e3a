"""What a person is looked for by: expressions for what is theirs alone, for what others share, and what is not theirs."""

import re
from dataclasses import dataclass

from schema.erasure import patterns
from schema.erasure.person import Person
from schema.erasure.texts import Redactor


@dataclass(frozen=True)
class Looking:
    """The same expressions for PostgreSQL and for Python."""

    unique: str | None
    shared: str | None
    lone: dict[str, str]
    """By the folded name; and whole texts about the person."""
    redactor: Redactor

    @property
    def sought(self) -> str | None:
        """Finds every text with what is unique, and maybe others: quick, for whole tables."""
        return patterns.loosely(self.unique) if self.unique else None


def look_for(person: Person) -> Looking:
    unique: list[str | None] = []
    shared: list[str | None] = []
    for given, family in person.names:
        whole = f"{given} {family}".strip()
        is_open = not any(_goes_on(whole, other.label) for other in person.called_alike)
        (shared if person.is_shared("name", whole) else unique).append(
            patterns.full_name(given, family, is_open=is_open)
        )
    for email in person.emails:
        (shared if person.is_shared("email", email) else unique).append(patterns.email(email))
    for phone in person.phones:
        (shared if person.is_shared("phone", phone) else unique).append(patterns.phone(phone))
    lone = {person.fold(word): patterns.lone_name(word) for word in person.words if person.fold(word)}
    # What was written about the person stands in the calls and requests that wrote it, too.
    lone |= {text: patterns.passage(text) for text in person.written if len(text) >= patterns.SHORTEST_PASSAGE}
    alone, common = patterns.either(unique), patterns.either(shared)
    return Looking(
        unique=alone,
        shared=common,
        lone=lone,
        redactor=Redactor(
            unique=re.compile(alone) if alone else None,
            shared=re.compile(common) if common else None,
            lone={word: re.compile(pattern) for word, pattern in lone.items()},
            protected=_protected(person),
            others_ids=frozenset(str(each.other_id) for each in person.called_alike),
        ),
    )


def _goes_on(whole: str, label: str) -> bool:
    """Whether somebody else's name begins with the person's: Anna Schmidtke, Anna Schmidt-Meyer."""
    return label.casefold().startswith(whole.casefold()) and label.casefold() != whole.casefold()


def _protected(person: Person) -> re.Pattern[str] | None:
    """What others are called that holds one of the person's names, and the addresses of namesakes.

    A company's name may stand without its last word, as in "Schmidt Logistik" for Schmidt Logistik GmbH.
    """
    wholes = {f"{given} {family}".strip().casefold() for given, family in person.names}
    told: set[str] = set()
    for other in person.called_alike:
        if other.label.casefold() in wholes:
            continue
        told.add(other.label)
        words = other.label.split()
        if other.kind in ("organization", "account") and len(words) > 1:
            told.add(" ".join(words[:-1]) if len(words) > 2 else words[0])
    told |= {value for other in person.others for value in (other.email, other.phone) if value}
    told -= {*person.emails, *person.phones}
    spelled = sorted(map(re.escape, told), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelled)})(?!\w)", re.IGNORECASE) if spelled else None
