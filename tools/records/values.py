"""Field values as people and models give them, read strictly into what the tables store."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Never, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.numbers import is_currency
from email_validator import EmailNotValidError, validate_email

from retrieval.phones import region_of, to_e164
from schema.errors import CrmError
from schema.fields import Field, FieldType
from schema.models.work import PARTICIPANT_ROLES

LONGEST = {FieldType.TEXT: 500, FieldType.LONG_TEXT: 200_000}
MOST_TAGS = 50
END_OF_WORK = time(17)
NOON = time(12)


@dataclass(frozen=True)
class Reader:
    """Whose words the values are in."""

    now: datetime
    zone: ZoneInfo
    user_id: UUID
    statuses: Sequence[str] = ()
    """Of the kind being read, in the tenant's own order."""

    @property
    def region(self) -> str | None:
        return region_of(self.zone.key)


def parse_value(field: Field, value: Any, reader: Reader) -> Any:
    """The value as its column stores it, None when empty; raises CrmError of kind invalid naming the field."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return _PARSERS[field.type](field, value, reader)


def _text(field: Field, value: Any, _reader: Reader) -> str:
    if not isinstance(value, str):
        _invalid(field, "text", value)
    text = value.strip()
    if "\x00" in text or re.search("[\ud800-\udfff]", text):
        raise CrmError("invalid", f"{field.name} holds a character that cannot be stored.")
    longest = LONGEST.get(field.type, 500)
    if len(text) > longest:
        raise CrmError("invalid", f"{field.name} takes at most {longest} characters, and this has {len(text)}.")
    return text


def _number(field: Field, value: Any, what: str) -> Decimal:
    number = _decimal(field, value, what)
    if number < 0:
        raise CrmError("invalid", f"{field.name} cannot be negative.")
    return number


def _decimal(field: Field, value: Any, what: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        _invalid(field, what, value)
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        _invalid(field, what, value)
    if not number.is_finite():
        _invalid(field, what, value)
    return number


MOST_DIGITS = 20
MOST_PLACES = 9


def _any_number(field: Field, value: Any, _reader: Reader) -> str:
    """The number without leading and trailing zeros, so that one number is written in one way."""
    number = _decimal(field, value, "a plain number such as 12, -3.5 or 45000")
    if number.adjusted() >= MOST_DIGITS:
        raise CrmError("invalid", f"{field.name} takes at most {MOST_DIGITS} digits before the decimal point.")
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if len(text.partition(".")[2]) > MOST_PLACES:
        raise CrmError("invalid", f"{field.name} takes at most {MOST_PLACES} decimal places, not {value}.")
    return "0" if number == 0 else text


def _money(field: Field, value: Any, _reader: Reader) -> Decimal:
    number = _number(field, value, "a plain amount such as 45000 or 45000.50, with the currency in its own field,")
    return _with_places(field, number, 2, Decimal(10) ** 16)


def _percent(field: Field, value: Any, _reader: Reader) -> Decimal:
    stripped = value.strip().removesuffix("%") if isinstance(value, str) else value
    number = _number(field, stripped, "a per cent from 0 to 100")
    if number > 100:
        raise CrmError("invalid", f"{field.name} is a per cent from 0 to 100, not {value}.")
    return _with_places(field, number, 2, Decimal(1000))


def _with_places(field: Field, number: Decimal, places: int, below: Decimal) -> Decimal:
    """Rounding would change what was said, so more places than the column holds are an error."""
    if number >= below:
        raise CrmError("invalid", f"{field.name} is too large.")
    exact = number.quantize(Decimal(1).scaleb(-places))
    if exact != number:
        raise CrmError("invalid", f"{field.name} takes at most {places} decimal places, not {number}.")
    return exact


def _integer(field: Field, value: Any, _reader: Reader) -> int:
    number = _number(field, value, "a whole number")
    if number != number.to_integral_value() or number >= 2**31:
        _invalid(field, "a whole number below two thousand million", value)
    return int(number)


def _date(field: Field, value: Any, _reader: Reader) -> date:
    try:
        day = date.fromisoformat(str(value).strip())
    except ValueError:
        _invalid(field, "a date such as 2026-11-27", value)
    if not 1900 <= day.year <= 2200:
        raise CrmError("invalid", f"{field.name} lies too far off: {day}.")
    return day


def _timestamp(field: Field, value: Any, reader: Reader) -> datetime:
    """A time with no offset is the user's; a bare date means the end of work for what is due, else noon."""
    if isinstance(value, datetime):
        moment = value
    else:
        try:
            moment = _moment(field, value.strip())
        except (ValueError, AttributeError):
            _invalid(field, "a time such as 2026-11-27T15:00 or 2026-11-27T15:00+01:00", value)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=reader.zone)
    if not 1900 <= moment.year <= 2200:
        raise CrmError("invalid", f"{field.name} lies too far off: {moment.date()}.")
    return moment.astimezone(ZoneInfo("UTC"))


def _moment(field: Field, text: str) -> datetime:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return datetime.combine(date.fromisoformat(text), END_OF_WORK if field.name == "due_at" else NOON)
    return datetime.fromisoformat(text)


_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _boolean(field: Field, value: Any, _reader: Reader) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in _BOOLEANS:
        _invalid(field, "true or false", value)
    return _BOOLEANS[word]


def _choice(field: Field, value: Any, reader: Reader) -> str:
    words = reader.statuses if field.type is FieldType.STATUS else field.choices
    word = _spelled(value) if isinstance(value, str) else value
    for known in words:
        if _spelled(known) == word:
            return known
    raise CrmError("invalid", f"{field.name} is one of {', '.join(words)}, not {value!r}.")


def _spelled(word: str) -> str:
    return re.sub(r"[\s_-]+", "_", word.strip().casefold())


def _reference(field: Field, value: Any, reader: Reader) -> UUID:
    if isinstance(value, UUID):
        return value
    if field.type is FieldType.USER and value == "me":
        return reader.user_id
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        kinds = "user" if field.type is FieldType.USER else " or ".join(field.references) or "record"
        _invalid(field, f"the full id of a {kinds}, which find_records gives for a name,", value)


def _email(field: Field, value: Any, reader: Reader) -> str:
    try:
        return validate_email(_text(field, value, reader), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise CrmError("invalid", f"{field.name}: {value!r} is not an e-mail address.") from None


def _phone(field: Field, value: Any, reader: Reader) -> str:
    number = to_e164(_text(field, str(value), reader), reader.region)
    if number is None:
        raise CrmError(
            "invalid",
            f"{field.name}: {value!r} is not a phone number; write it with its country code, such as +49 30 1234567.",
        )
    return number


def _currency(field: Field, value: Any, _reader: Reader) -> str:
    code = value.strip().upper() if isinstance(value, str) else ""
    if not is_currency(code):
        _invalid(field, "an ISO 4217 code such as EUR", value)
    return code


def _tags(field: Field, value: Any, reader: Reader) -> list[str]:
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in cast("list[Any]", words)):
        _invalid(field, "a list of words", value)
    tags = sorted({" ".join(_text(field, word, reader).lower().split()) for word in cast("list[str]", words)} - {""})
    if any(tag[0] in "+-" for tag in tags):
        if not all(tag[0] in "+-" and tag[1:].strip("+- ") for tag in tags):
            _invalid(field, "either words, or words that each have + or - before them to add or take off", value)
        tags = [tag[0] + tag[1:].strip() for tag in tags]
    if len(tags) > MOST_TAGS or any(len(tag) > 60 for tag in tags):
        raise CrmError("invalid", f"A record takes at most {MOST_TAGS} tags of at most 60 characters.")
    return tags


def _participants(field: Field, value: Any, reader: Reader) -> list[dict[str, Any]]:
    given = cast("list[Any]", value) if isinstance(value, list) else [None]
    if not all(isinstance(each, dict) for each in given):
        _invalid(field, "a list such as [{contact_id, role}]", value)
    return [_participant(cast("Mapping[str, Any]", each), reader) for each in given]


_PERSON_KEYS = ("individual_id", "contact_id", "user_id")


def _participant(given: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    people = [key for key in _PERSON_KEYS if given.get(key) is not None]
    if len(people) != 1 or set(given) - {*_PERSON_KEYS, "role"}:
        raise CrmError(
            "invalid", "A participant has one of individual_id, contact_id or user_id, and a role; nothing else."
        )
    key = people[0]
    user = FieldType.USER if key == "user_id" else FieldType.REFERENCE
    told = Field(f"participants.{key}", user, "", references=(key.removesuffix("_id"),))
    role = Field("participants.role", FieldType.CHOICE, "", choices=PARTICIPANT_ROLES)
    return {
        key: _reference(told, given[key], reader),
        "role": None if given.get("role") is None else _choice(role, given["role"], reader),
    }


_PARSERS: Mapping[FieldType, Callable[[Field, Any, Reader], Any]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.INTEGER: _integer,
    FieldType.MONEY: _money,
    FieldType.PERCENT: _percent,
    FieldType.DATE: _date,
    FieldType.TIMESTAMP: _timestamp,
    FieldType.BOOLEAN: _boolean,
    FieldType.CHOICE: _choice,
    FieldType.STATUS: _choice,
    FieldType.REFERENCE: _reference,
    FieldType.USER: _reference,
    FieldType.EMAIL: _email,
    FieldType.PHONE: _phone,
    FieldType.CURRENCY: _currency,
    FieldType.TAGS: _tags,
    FieldType.PARTICIPANTS: _participants,
    FieldType.NUMBER: _any_number,
}


def _invalid(field: Field, what: str, value: Any) -> Never:
    shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "…"
    raise CrmError(
        "invalid", f"{field.name} takes {what}{'' if what.endswith(',') else ','} not {shown}.".replace(",,", ",")
    )
