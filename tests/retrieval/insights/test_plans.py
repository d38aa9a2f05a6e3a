"""Next steps and risks as texts say them, with the day that is named and the passage that says so."""

from datetime import date
from uuid import UUID

import pytest

from retrieval.insights.claim import Talk
from retrieval.insights.due import due_in
from retrieval.insights.rules import claims_of

FRIDAY = date(2026, 11, 20)


def talk(body: str, direction: str = "inbound", kind: str = "email") -> Talk:
    return Talk(UUID(int=1), 1, kind, direction, "", body, FRIDAY.isoformat())


def steps(body: str, direction: str = "inbound", kind: str = "email") -> list[str]:
    return [claim.statement for claim in claims_of(talk(body, direction, kind)) if claim.kind == "next_step"]


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("I'll send it by Tuesday.", "en", "2026-11-24"),
        ("by Friday", "en", "2026-11-27"),
        ("tomorrow at ten", "en", "2026-11-21"),
        ("until 3 December", "en", "2026-12-03"),
        ("on December 3rd", "en", "2026-12-03"),
        ("by 2027-01-15", "en", "2027-01-15"),
        ("before the end of next week", "en", "2026-11-27"),
        ("on 15 January", "en", "2027-01-15"),
        ("bis zum 12. Dezember", "de", "2026-12-12"),
        ("bis 12.12.", "de", "2026-12-12"),
        ("am Dienstag", "de", "2026-11-24"),
        ("übermorgen", "de", "2026-11-22"),
        ("nächste Woche", "de", "2026-11-27"),
        ("avant le 3 mars", "fr", "2027-03-03"),
        ("el 12 de diciembre", "es", "2026-12-12"),
        ("Guten Morgen", "de", None),
        ("on 3 May last year", "en", "2027-05-03"),
        ("31.31.2026", "de", None),
        ("version 10.2.1", "en", None),
        ("", "en", None),
    ],
)
def test_a_day_to_come_is_read_as_people_name_it(text: str, language: str, day: str | None) -> None:
    assert due_in(text, FRIDAY, language) == (date.fromisoformat(day) if day else None)


def test_what_is_promised_asked_and_agreed_is_told_apart() -> None:
    assert steps("Hello Anna,\nI'll send the quote by Tuesday. We'll see about the rest.", "outbound") == [
        "We promised: I'll send the quote by Tuesday. (by 2026-11-24)"
    ]
    assert steps("We will send the contract back on Monday.") == [
        "They promised: We will send the contract back on Monday. (by 2026-11-23)"
    ]
    assert steps("Could you send us the usage figures?") == ["They ask: Could you send us the usage figures?"]
    assert steps("Demo went fine. Next call on 2 December.", kind="call") == [
        "Agreed: Next call on 2 December. (by 2026-12-02)"
    ]
    assert steps("Bitte schicken Sie uns bis Donnerstag ein Angebot.") == [
        "They ask: Bitte schicken Sie uns bis Donnerstag ein Angebot. (by 2026-11-26)"
    ]


def test_what_nobody_has_to_do_is_no_step() -> None:
    assert steps("I will be on holiday until Monday. Please note our new address.") == []
    assert steps("The audit took one day.") == []


def test_the_evidence_is_the_passage_itself() -> None:
    text = talk("Dear team,\n\nwe are looking at alternatives, since a competitor offered less.\n\nRegards")
    risks = [claim for claim in claims_of(text) if claim.kind == "risk"]
    assert {claim.raw["risk"] for claim in risks} == {"leaving", "competitor"}
    for claim in claims_of(text):
        for each in claim.evidence:
            assert each.start is not None
            assert text.body[each.start : each.end] == each.quote


def test_our_own_mails_tell_nothing_of_how_they_feel() -> None:
    assert claims_of(talk("I am sorry that you are unhappy; this was a disaster.", "outbound")) == []
    assert claims_of(talk("They are furious and look for another supplier.", "internal")) == []


@pytest.mark.parametrize(
    "body", ["", "😀" * 5000, "a " * 500_000, "\0\ud800", "by by by by" * 1000, "1.2.3.4. " * 10_000]
)
def test_no_text_is_too_odd_to_be_read(body: str) -> None:
    assert len(claims_of(talk(body))) <= 10
