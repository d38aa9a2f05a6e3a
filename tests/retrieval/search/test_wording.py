"""What was asked, taken apart."""

import pytest

from retrieval.search.wording import LONGEST, Asked, read_query
from schema.errors import CrmError


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("angry about billing", Asked("angry about billing", ("angry", "about", "billing"), (), ())),
        ("Billing billing BILLING", Asked("Billing billing BILLING", ("BILLING",), (), ())),
        ('"data residency" cloud', Asked("data residency cloud", ("cloud",), ("data residency",), ())),
        ("“data residency”", Asked("data residency", (), ("data residency",), ())),
        ("price -discount", Asked("price", ("price",), (), ("discount",))),
        ('price -"set-up fee"', Asked("price", ("price",), (), ("set-up fee",))),
        ("follow-up e-mail", Asked("follow-up e-mail", ("follow-up", "e-mail"), (), ())),
        ('a 19" rack', Asked('a 19 " rack', ("a", "19", "rack"), (), ())),
        ("a & b | !c <-> d:*", Asked("a & b | !c <-> d:*", ("a", "b", "!c", "d:*"), (), ())),
        ("crash 💥 now", Asked("crash 💥 now", ("crash", "now"), (), ())),
        ("price\x00list \ud800", Asked("price list", ("price", "list"), (), ())),
        ("請求書 Rechnung счёт", Asked("請求書 Rechnung счёт", ("請求書", "Rechnung", "счёт"), (), ())),
    ],
)
def test_a_query_is_taken_apart(query: str, asked: Asked) -> None:
    assert read_query(query) == asked


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "is empty"),
        (" \n\t", "is empty"),
        ("💥😡", "holds no word"),
        ("-billing", "only says what must not occur"),
        ('""', "holds no word"),
        ("x" * (LONGEST + 1), "at most 10,000 characters"),
    ],
)
def test_a_query_with_nothing_to_look_for_is_told_in_a_sentence(query: str, words: str) -> None:
    with pytest.raises(CrmError, match=words) as refused:
        read_query(query)
    assert refused.value.kind == "invalid"


def test_a_long_text_is_looked_for_by_its_first_words() -> None:
    asked = read_query(" ".join(f"word{number}" for number in range(1000)))
    assert asked.terms[0] == "word0"
    assert len(asked.terms) == 32
    assert len(read_query("a" * 9000).words[0]) == 100


def test_a_long_phrase_is_looked_for_by_whole_words() -> None:
    sentence = " ".join(f"word{number}" for number in range(20))
    assert read_query(f'"{sentence}"').phrases == (sentence,)
    (phrase,) = read_query('"' + "something\n" * 100 + '"').phrases
    assert set(phrase.split()) == {"something"}
    assert len(phrase) <= 400
