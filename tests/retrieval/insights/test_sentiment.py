"""The feeling in texts of many voices, by rules that name the words they go by; how often they are right is kept to."""

from pathlib import Path

import pytest
import yaml

from retrieval.insights.sentiment import sentiment_of

TEXTS: dict[str, dict[str, list[str]]] = yaml.safe_load((Path(__file__).parent / "sentiments.yaml").read_text())


def precision_and_recall(part: str, label: str) -> tuple[float, float]:
    told = [(wanted, sentiment_of(text).label or "none") for wanted, texts in TEXTS[part].items() for text in texts]
    right = sum(wanted == got == label for wanted, got in told)
    return right / sum(got == label for _, got in told), right / sum(wanted == label for wanted, _ in told)


@pytest.mark.parametrize(
    ("part", "label", "precision", "recall"),
    [
        ("tuned", "negative", 0.95, 0.90),
        ("tuned", "positive", 0.95, 0.95),
        ("unseen", "negative", 0.70, 0.30),
        ("unseen", "positive", 0.85, 0.65),
    ],
)
def test_it_is_right_as_often_as_the_documentation_says(part: str, label: str, precision: float, recall: float) -> None:
    reached = precision_and_recall(part, label)
    assert reached[0] >= precision, reached
    assert reached[1] >= recall, reached


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("We are happy.", "positive"),
        ("We are not happy.", "negative"),
        ("We are not unhappy, nothing is wrong.", None),
        ("I never had a problem with it.", None),
        ("If anything breaks, the hotline helps.", None),
        ("Wir sind nicht zufrieden.", "negative"),
        ("Das gefällt uns nicht.", "negative"),
        ("Kein Problem, bis morgen.", None),
        ("", None),
        ("   \n\t", None),
        ("😡😡😡 🎉", None),
        ("1234 5678", None),
    ],
)
def test_negation_turns_a_feeling(text: str, label: str | None) -> None:
    assert sentiment_of(text).label == label


def test_every_feeling_names_words_that_stand_in_the_text() -> None:
    text = "Hi,\n\nyour hotline is a nightmare.  Nobody answers!\n\nBest regards\nHappy Smith"
    felt = sentiment_of(text)
    assert (felt.label, felt.language) == ("negative", "en")
    assert [text[each.passage.start : each.passage.end] for each in felt.felt] == [
        "your hotline is a nightmare.",
        "Nobody answers!",
    ]
    assert all(cue.text in each.passage.text for each in felt.felt for cue in each.cues)


def test_what_is_quoted_or_signed_counts_for_nobody() -> None:
    assert sentiment_of("See you on Tuesday.\n> I am furious about this mess").label is None
    assert sentiment_of("See you on Tuesday.\n\nOn 3 May 2026 Anna wrote:\nThis is a disaster.").label is None
    assert sentiment_of("Bis Dienstag.\n\nMit freundlichen Grüßen\nFrau Wütend").label is None


@pytest.mark.parametrize(
    "text", ["bad " * 250_000, "x" * 1_000_000, "not " * 250_000, "a.b" * 330_000, "\n" * 1_000_000]
)
def test_a_megabyte_is_read_as_far_as_anybody_would(text: str) -> None:
    felt = sentiment_of(text)
    assert felt.label in (None, "negative")
    assert 0 <= felt.confidence <= 1
