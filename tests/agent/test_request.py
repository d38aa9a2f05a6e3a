"""What may be asked: every text either becomes a request or gets one sentence."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.request import check_request
from guardrails.limits import DEFAULT_LIMITS
from schema.errors import CrmError


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "invalid"),
        (" \n\t ", "invalid"),
        ("\u200b\ufeff\u00a0", "invalid"),
        ("\x1b\x07", "invalid"),
        ("find\0Maria", "invalid"),
        ("half \ud83d a pair", "invalid"),
        ("a" * 1_000_000, "limit"),
        ("\0" * 1_000_000, "limit"),
    ],
)
def test_what_is_no_request_gets_one_sentence(text: str, kind: str) -> None:
    with pytest.raises(CrmError) as caught:
        check_request(text, DEFAULT_LIMITS)
    assert caught.value.kind == kind
    assert caught.value.message.endswith(".")
    assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Find Zoë 🦊\r\nplease\r", "Find Zoë 🦊\nplease"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("bell\x07 and \x1b[31mcolour", "bell and [31mcolour"),
        ("?", "?"),
        ("a" * 32_000, "a" * 32_000),
    ],
)
def test_everything_else_is_kept_as_it_was_meant(text: str, kept: str) -> None:
    assert check_request(text, DEFAULT_LIMITS) == kept


@given(st.text())
def test_any_text_is_told_or_can_be_stored(text: str) -> None:
    with suppress(CrmError):
        kept = check_request(text, DEFAULT_LIMITS)
        assert kept.strip() == kept != ""
        assert "\0" not in kept.encode().decode()
