"""What must not leave in a text becomes a placeholder, and the rest of the text stays as it is."""

import pytest

from retrieval.embedders.placeholders import with_placeholders


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Write to anna.lopez+crm@mail.example.com.", "Write to [EMAIL]."),
        ("<MÜLLER@büro.example>; b@c.example", "<[EMAIL]>; [EMAIL]"),
        ("mailto:a_b%c@d-e.co.uk?subject=x", "mailto:[EMAIL]?subject=x"),
        ("anna (at) example (dot) com", "[EMAIL]"),
        ("anna[at]example.com", "[EMAIL]"),
        ("Call +49 30 1234567 today", "Call [PHONE] today"),
        ("+1 (415) 555-0132 or (415) 555-0132", "[PHONE] or [PHONE]"),
        ("415-555-0132, 415.555.0132", "[PHONE], [PHONE]"),
        ("0049301234567", "[PHONE]"),
        ("(030) 123 45 67 / abends 0171/1234567", "[PHONE] / abends [PHONE]"),
        ("+49 (0)30 1234-567", "[PHONE]"),
        ("06.12.34.56.78 und 06 12 34 56 78", "[PHONE] und [PHONE]"),
        ("612 34 56 78", "[PHONE]"),
        ("020 7946 0958", "[PHONE]"),
        ("My mobile is 98765 43210", "My mobile is [PHONE]"),
        ("Tel.: 555123", "Tel.: [PHONE]"),
        ("Durchwahl 123-45", "Durchwahl [PHONE]"),
        ("4915112345678", "[PHONE]"),
        ("4155550132", "[PHONE]"),
        ("+911234567890.", "[PHONE]."),
        ("On 05/06/2026 030 1234567 rang", "On 05/06/2026 [PHONE] rang"),
        ("IBAN DE89 3704 0044 0532 0130 00, please", "IBAN [IBAN], please"),
        ("gb82west12345698765432", "[IBAN]"),
        ("Card 4111 1111 1111 1111 expires 05/27", "Card [CARD] expires 05/27"),
        ("4111-1111-1111-1111", "[CARD]"),
    ],
)
def test_sensitive_values_become_placeholders(text: str, sent: str) -> None:
    assert with_placeholders(text) == sent


@pytest.mark.parametrize(
    "text",
    [
        "The offer of 1,250,000.00 EUR is 15 % under the list price.",
        "1.250.000,00 € in 2026, 12 500 000 kr in 2027, 300 000 000 later",
        "On 2026-11-20T09:30:00Z, on 20.11.2026, on 05/06/2026 and 05.06.26",
        "Q3 2025-2026; 100-200 seats; 24/7; room 4.12; version 2.0.1",
        "Invoice 2026-00417 for order 88123",
        "Python's matrix product is a @ b; meet @ five; @anna",
        "We will call at 15:30 and ring off at 16:00",
        "10.000.000 rows, 3.14159265358979",
        "a1b2c3d4-0000-4000-8000-00805f9b34fb",
        "",
    ],
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert with_placeholders(text) == text


@pytest.mark.parametrize(
    "text", ["x" * 500_000, "1 " * 200_000, "(" * 200_000, "a@" * 100_000, "DE12" * 100_000, "0." * 200_000]
)
def test_hostile_texts_take_no_long_time(text: str) -> None:
    assert with_placeholders(text)
