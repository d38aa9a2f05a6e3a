"""Reading a field's value from words: what "60k", "next Friday", "CFO" or "high" is for that field."""

from datetime import timedelta

from agent.offline.clause import Clause
from agent.offline.form import Mention, Scalar
from agent.offline.grammar.mentions import mention_of
from agent.offline.lexicon.statuses import status_at
from agent.offline.text import Shape
from agent.offline.values.calendar import When
from agent.offline.values.contacts import bare_domain, phone_in_full
from agent.offline.values.numbers import currency_of
from schema.fields import Field, FieldType

_YES = ("yes", "true", "on", "y")
_NO = ("no", "false", "off", "n", "not")


def value_of(clause: Clause, field: Field, kind: str) -> dict[str, Scalar | Mention] | None:
    """The field's value and any that comes with it (a currency with an amount); None when the words are no such value."""
    clause = _bare(clause)
    if not len(clause):
        return None
    if field.type is FieldType.STATUS:
        return _status(clause, field, kind)
    reader = _READERS.get(field.type)
    return reader(clause, field) if reader else None


def _bare(clause: Clause) -> Clause:
    start = clause.skip(0, ":", "=", ",", "is", "to")
    end = len(clause)
    while end > start and clause.word(end - 1) in (".", ",", "!", "?", ";"):
        end -= 1
    return clause.cut(start, end)


def iso_date(when: When) -> str:
    """The day something is planned for: a period's last."""
    when = when.ahead
    return when.last_day.isoformat() if not when.is_instant else when.day.isoformat()


def iso_moment(when: When) -> str:
    """A moment; as a deadline a day or longer means its last day at the end of work, and a week its Friday."""
    when = when.ahead
    if when.is_instant:
        return when.start.isoformat()
    if (
        when.start.weekday() == 0
        and when.end - when.start > timedelta(days=6)
        and when.end - when.start < timedelta(days=8)
    ):
        return (when.start + timedelta(days=4)).replace(hour=17).isoformat()
    return when.start.replace(
        year=when.last_day.year, month=when.last_day.month, day=when.last_day.day, hour=17
    ).isoformat()


def _text(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    text = clause.said() if len(clause) > 1 else clause.tokens[0].inner
    if field.name == "domain":
        return {field.name: bare_domain(clause.tokens[0].inner)} if len(clause) == 1 and "." in text else None
    if len(clause) == 1:
        text = text.strip(" ,;:!?")
    return {field.name: text} if text else None


def _money(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    code = currency_of(clause.tokens[0].text) if len(clause) > 1 else None
    start = clause.skip(1 if code else 0, "about", "around", "roughly", "approximately", "~")
    hit = clause.number(start)
    if hit is None or hit[0].is_percent or hit[0].is_ordinal or hit[1] != len(clause):
        return None
    currency = code or hit[0].currency
    value: dict[str, Scalar | Mention] = {field.name: f"{hit[0].amount.normalize():f}"}
    return value | ({"currency": currency} if currency and currency != clause.situation.currency else {})


def _percent(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    hit = clause.number(0)
    if hit is None or hit[1] != len(clause) or hit[0].currency or not 0 <= hit[0].amount <= 100:
        return None
    return {field.name: f"{hit[0].amount.normalize():f}"}


def _number(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    sign = clause.skip(0, "-", "minus")
    hit = clause.number(sign)
    if hit is None or hit[1] != len(clause) or hit[0].currency or hit[0].is_ordinal or sign > 1:
        return None
    return {field.name: f"{'-' if sign else ''}{hit[0].amount.normalize():f}"}


def _integer(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    if field.name == "duration_seconds":
        lasting = clause.duration(0)
        return {field.name: lasting[0]} if lasting and lasting[1] == len(clause) else None
    hit = clause.number(0)
    if hit is None or hit[0].whole is None or hit[0].currency or hit[0].is_percent:
        return None
    end = clause.skip(hit[1], "people", "employees", "staff")
    return {field.name: hit[0].whole} if end == len(clause) else None


def _date(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    hit = clause.when(clause.skip(0, "on", "by", "until"))
    return {field.name: iso_date(hit[0])} if hit and hit[1] == len(clause) else None


def _moment(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    hit = clause.when(clause.skip(0, "on", "by", "until", "at"))
    if hit is None or hit[1] != len(clause):
        return None
    return {field.name: iso_moment(hit[0].past if field.name == "occurred_at" else hit[0])}


def _choice(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    hit = clause.choice_at(clause.skip(0, "the", "a"), field)
    return (
        {field.name: hit[0]}
        if hit and clause.skip(hit[1], field.name, "account", "one", "prio") == len(clause)
        else None
    )


def _status(clause: Clause, field: Field, kind: str) -> dict[str, Scalar | Mention] | None:
    start = clause.skip(0, "the", "a", "as", "in")
    hit = status_at(clause.tokens, start, kind)
    return (
        {field.name: hit[0]}
        if hit and clause.skip(hit[1], "stage", "status", "phase", "state") == len(clause)
        else None
    )


def _boolean(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    word = clause.word(0) if len(clause) == 1 else ""
    return {field.name: word in _YES} if word in _YES + _NO else None


def _user(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    mention = mention_of(clause, ("user",))
    return {field.name: mention} if mention and (mention.refers == "me" or mention.kinds == ("user",)) else None


def _reference(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    mention = mention_of(clause, field.references)
    return {field.name: mention} if mention else None


def _email(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    return {field.name: clause.tokens[0].text.lower()} if len(clause) == 1 and clause.shape(0) is Shape.EMAIL else None


def _phone(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    text = clause.said()
    digits = sum(char.isdigit() for char in text)
    if digits < 5 or any(char.isalpha() for char in text):
        return None
    return {
        field.name: phone_in_full(
            ("+" if clause.text[clause.tokens[0].start] == "+" else "") + text.lstrip("+"), clause.situation.time_zone
        )
    }


def _currency(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    code = currency_of(clause.said().upper()) or currency_of(clause.word(0))
    return {field.name: code} if code and len(clause) == 1 else None


def _tags(clause: Clause, field: Field) -> dict[str, Scalar | Mention] | None:
    return {field.name: tag_words(clause)} if len(clause) else None


def tag_words(clause: Clause) -> list[str]:
    """The tags a clause lists: "hot", "vip and key account", "#renewal"."""
    tags: list[str] = []
    start = 0
    for at in [*clause.find(",", "and", "&"), len(clause)]:
        if tag := clause.said(start, at).strip("\"'#").lower():
            tags.append(tag)
        start = at + 1
    return tags


_READERS = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.MONEY: _money,
    FieldType.PERCENT: _percent,
    FieldType.INTEGER: _integer,
    FieldType.DATE: _date,
    FieldType.TIMESTAMP: _moment,
    FieldType.CHOICE: _choice,
    FieldType.BOOLEAN: _boolean,
    FieldType.USER: _user,
    FieldType.REFERENCE: _reference,
    FieldType.EMAIL: _email,
    FieldType.PHONE: _phone,
    FieldType.CURRENCY: _currency,
    FieldType.TAGS: _tags,
    FieldType.NUMBER: _number,
}
