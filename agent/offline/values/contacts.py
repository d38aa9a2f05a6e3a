"""Phone numbers and web addresses in the one form they are stored in."""

import phonenumbers

_REGIONS = {
    "Europe/Berlin": "DE", "Europe/London": "GB", "Europe/Paris": "FR", "Europe/Madrid": "ES", "Europe/Vienna": "AT",
    "Europe/Zurich": "CH", "Europe/Rome": "IT", "Europe/Prague": "CZ", "Europe/Amsterdam": "NL",
}  # fmt: skip


def phone_in_full(text: str, time_zone: str) -> str:
    """A phone number in E.164 form; numbers without a country are read where the user's clock hangs."""
    region = _REGIONS.get(time_zone, "US" if time_zone.startswith("America/") else "DE")
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return text
    if not phonenumbers.is_possible_number(parsed):
        return text
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def bare_domain(text: str) -> str:
    """A web address without scheme, www and path."""
    domain = text.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return domain.split("/", 1)[0].rstrip(".")
