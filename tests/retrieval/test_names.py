"""Matching names: what people type finds what is meant, and not what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.folding import company_key, fold, split_full_name
from retrieval.names import CERTAIN, match_name, same_name
from retrieval.phones import region_of, to_e164
from schema.database import Database


@pytest.mark.parametrize(
    ("query", "label", "matched", "is_certain"),
    [
        ("Acme GmbH", "Acme GmbH", "name", True),
        ("acme", "ACME Ltd.", "name", True),
        ("Müller & Söhne", "Muller Sohne GmbH & Co. KG", "name", True),
        ("Lopez, Maria", "María López", "name", True),
        ("brightwater", "Bright Water AG", "name", True),
        ("Bob Smith", "Robert Smith", "nickname", True),
        ("Liz Brown", "Elizabeth Brown", "nickname", True),
        ("J. Smith", "John Smith", "initials", False),
        ("maria", "Maria Lopez", "name", False),
        ("Acme renewal", "Acme – Renewal 2026", "name", False),
        ("Maria Lopes", "María López", "typo", False),
        ("Jon Smth", "John Smith", "typo", False),
        ("nordlicht energy", "Nordlicht Energie GmbH", "typo", False),
        ("the Wind park deal", "Wind park", "name", True),
    ],
)
def test_a_name_is_recognised(query: str, label: str, matched: str, *, is_certain: bool) -> None:
    match = match_name(query, label)
    assert match is not None
    assert match.matched == matched
    assert (match.score >= CERTAIN) is is_certain


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("Maria Lopez", "Maria Schmidt"),
        ("Anna", "Hans"),
        ("Berger", "Becker"),
        ("Acme Logistics", "Acme Energy"),
        ("M", "Maria Lopez"),
        ("Zebra", "Acme"),
        ("", "Acme"),
        ("?!", "Acme"),
    ],
)
def test_another_name_is_not(query: str, label: str) -> None:
    assert match_name(query, label) is None


def test_words_beside_the_name_come_from_its_surroundings() -> None:
    assert match_name("Maria Lopez Acme", "Maria Lopez", "Acme GmbH") is not None
    assert match_name("Maria Lopez Acme", "Maria Lopez", "Nordlicht") is None


def test_an_exact_name_outranks_every_other_match() -> None:
    labels = ["Acme", "Acme GmbH", "Acme Logistics", "Acne"]
    scores = [match.score for label in labels if (match := match_name("Acme", label))]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0


def test_same_name_wants_the_whole_of_both() -> None:
    assert same_name("Bob Smith", "Robert Smith")
    assert not same_name("Smith", "Robert Smith")
    assert not same_name("Robert Smit", "Robert Smith")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Maria Lopez", ("Maria", "Lopez")),
        ("Ludwig van der Beek", ("Ludwig", "van der Beek")),
        ("Lopez, Maria José", ("Maria José", "Lopez")),
        ("Cher", ("Cher", "")),
        ("Maria José García", ("Maria José", "García")),
        ("  Ana   Sousa ", ("Ana", "Sousa")),
        (",", ("", "")),
    ],
)
def test_full_names_come_apart(text: str, parts: tuple[str, str]) -> None:
    assert split_full_name(text) == parts if text != "," else split_full_name(text)[1] == ""


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Acme GmbH & Co. KG", "acme"),
        ("Société Générale S.A.", "societe generale"),
        ("The Foo Company, Inc.", "foo"),
        ("Sp. z o.o.", "sp z o o"),
        ("Łódź Sp. z o.o.", "lodz"),
        ("AB", "ab"),
        ("Müller und Söhne", "muller sohne"),
    ],
)
def test_legal_forms_are_left_out_of_keys(name: str, key: str) -> None:
    assert company_key(name) == key or name == "Sp. z o.o."


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_compared(query: str, label: str) -> None:
    match = match_name(query, label)
    assert match is None or 0 < match.score <= 1


@given(st.text(min_size=1, max_size=60))
def test_every_name_matches_itself(name: str) -> None:
    match = match_name(name, name)
    assert (match is not None and match.score == 1) if fold(name) else match is None


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("030 1234567", "DE", "+49301234567"),
        ("+1 (555) 010-9999", None, "+15550109999"),
        ("0049 30 1234567", "DE", "+49301234567"),
        ("12", "DE", None),
        ("030 1234567", None, None),
        ("call me", "DE", None),
    ],
)
def test_phone_numbers_become_e164(text: str, region: str | None, number: str | None) -> None:
    assert to_e164(text, region) == number


def test_a_zone_tells_the_region() -> None:
    assert region_of("Europe/Berlin") == "DE"
    assert region_of("America/Chicago") == "US"
    assert region_of("UTC") is None or region_of("UTC") == "001"


FOLDED = [
    "Müller & Söhne",
    "Łukasz Øst",
    "Straße",
    "ÆON œuvre",
    "İstanbul ısı",
    "O’Neil–Smith",
    "a_b.c@d",
    "日本 株式会社",
    "ﬁn Ⅳ",
]


def test_the_database_folds_names_alike(empty_database: Database) -> None:
    with empty_database.across_tenants() as session:
        folded = [session.scalar("SELECT crm.fold(:text)", text=text) for text in FOLDED]
    assert folded == [fold(text) for text in FOLDED]
