"""Phone numbers in any form people write, as E.164."""

import phonenumbers
from babel.core import get_global

_SHORTEST = 5
"""German numbers may have any length; fewer digits are a slip."""


def region_of(time_zone: str) -> str | None:
    """The region a number with no country code belongs to, the country of a time zone; None for zones of none."""
    return get_global("zone_territories").get(time_zone)


def to_e164(text: str, region: str | None) -> str | None:
    """`+49301234567`, or None when it is no possible number; `region` is for numbers with no country code.

    Possible rather than valid: ranges kept for fiction (555-01xx) are never assigned, yet people and demos use them.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE or len(str(number.national_number)) < _SHORTEST:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
