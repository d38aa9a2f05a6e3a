"""What the facts of a tenant and of its users must be: e-mail, name, slug, time zone, currency, password."""

import re
import unicodedata
from difflib import get_close_matches
from functools import cache
from typing import cast
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import get_territory_currencies
from email_validator import EmailNotValidError, validate_email

from schema.errors import CrmError

LONGEST_NAME = 200
LONGEST_SLUG = 40
LEAST_PASSWORD, LONGEST_PASSWORD = 8, 200

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PLACES = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def read_email(text: str) -> str:
    """The address in lower case, as people sign in with it. Raises CrmError (invalid)."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        why = str(error).rstrip(".")
        raise CrmError("invalid", f"{text!r} is no e-mail address that could be signed in with: {why}.") from None


def read_name(text: str, what: str) -> str:
    """The name with single blanks. Raises CrmError (invalid), calling it `what`."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or any(unicodedata.category(letter) == "Cc" for letter in name):
        raise CrmError("invalid", f"{what} needs 1 to {LONGEST_NAME} characters, none of them a control character.")
    return name


def read_slug(text: str) -> str:
    """The short name for commands. Raises CrmError (invalid)."""
    if not _SLUG.fullmatch(text) or len(text) > LONGEST_SLUG:
        near = slug_of(text)
        hint = f"; {near} would do" if near and near != text else ""
        raise CrmError(
            "invalid",
            f"{text!r} is no slug: up to {LONGEST_SLUG} small letters a to z and digits, with single hyphens between"
            f" them{hint}.",
        )
    return text


def slug_of(name: str) -> str:
    """A slug that reads like the name; '' when nothing of it can be kept."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:LONGEST_SLUG].strip("-")


def read_time_zone(text: str) -> str:
    """The IANA name, whatever its case and with blanks for underscores. Raises CrmError (invalid), naming near ones."""
    wanted = text.strip().replace(" ", "_").lower()
    known = {name.lower(): name for name in time_zones()}
    if wanted in known:
        return known[wanted]
    towns = {name.rpartition("/")[2]: full for name, full in known.items()}
    near = [towns[name] for name in get_close_matches(wanted.rpartition("/")[2], towns, n=2, cutoff=0.8)]
    hint = f"did you mean {' or '.join(near)}?" if near else "write its IANA name, such as Europe/Berlin."
    raise CrmError("invalid", f"There is no time zone {text!r}; {hint}")


def time_zones() -> list[str]:
    """The zones that have a place, and UTC: the rest are old spellings, and not every PostgreSQL knows those."""
    return sorted(name for name in available_timezones() if name == "UTC" or name.partition("/")[0] in _PLACES)


def read_currency(text: str) -> str:
    """The ISO 4217 code of money in use today. Raises CrmError (invalid), naming currencies that are called so."""
    code = text.strip().upper()
    names = cast("dict[str, str]", dict(Locale("en").currencies))
    spoken = {each: names.get(each, each).casefold() for each in currencies()}
    if code in spoken:
        return code
    word = text.strip().casefold()
    near = [each for each in sorted(spoken) if len(word) > 2 and word in spoken[each]]
    hint = "write its ISO 4217 code, such as EUR."
    if near:
        hint = f"did you mean {' or '.join(near)}?" if len(near) <= 3 else f"several are called so; {hint}"
    raise CrmError("invalid", f"There is no currency {text!r} today; {hint}")


@cache
def currencies() -> frozenset[str]:
    """The codes of all money that is legal tender somewhere today."""
    places = cast("dict[str, str]", dict(Locale("en").territories))
    return frozenset(code for place in places for code in get_territory_currencies(place, include_details=False))


def check_password(text: str) -> str:
    """The password as it is. Raises CrmError (invalid) for one that anybody could guess or no form could send."""
    if len(text) < LEAST_PASSWORD:
        raise CrmError("invalid", f"A password has at least {LEAST_PASSWORD} characters.")
    if len(text) > LONGEST_PASSWORD or any(unicodedata.category(letter) == "Cc" for letter in text):
        raise CrmError("invalid", f"A password has at most {LONGEST_PASSWORD} characters, and no control characters.")
    return text
