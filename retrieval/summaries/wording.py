"""An account's facts as sentences."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from retrieval.chunks import Chunk, chunks_of
from retrieval.summaries.facts import Facts
from retrieval.summaries.sentences import Sentence


def summary_of(facts: Facts, last_talk: Mapping[str, Any] | None, sentences: Sequence[Sentence]) -> str:
    """The summary; it says nothing twice, and the same facts give the same words."""
    parts = [_who(facts), *_deals(facts), *_tasks(facts), *_talks(facts, last_talk), *_inferred(facts)]
    if sentences:
        quotes = "; ".join(f"on {each.day}: “{each.quote}”" for each in sentences)
        parts.append(f"They said {quotes}")
    return "\n".join(parts)


def summary_chunks(name: str, text: str) -> list[Chunk]:
    """The summary as it is searched and embedded, cut as every text is."""
    return chunks_of("interaction", {"subject": name, "body": text})


def _who(facts: Facts) -> str:
    about = ", ".join(str(facts[name]).replace("_", " ") for name in ("tier", "industry", "country") if facts.get(name))
    owner = f", looked after by {facts['owner_name']}" if facts.get("owner_name") else ""
    return f"{facts['name']} ({facts['status']}{f'; {about}' if about else ''}){owner}."


def _deals(facts: Facts) -> list[str]:
    if "open" not in facts:
        return ["No opportunity."]
    deals: Mapping[str, Any] = facts["open"]
    parts: list[str] = []
    if deals["count"]:
        close = f", the next expected to close on {deals['next_close']}" if deals["next_close"] else ""
        names = ", ".join(deals["names"])
        parts.append(f"{_many(deals['count'], 'open opportunity')}{_worth(deals)}: {names}{close}.")
    parts += [
        f"{_many(facts[outcome]['count'], f'{outcome} opportunity')}{_worth(facts[outcome])}."
        for outcome in ("won", "lost")
        if facts[outcome]["count"]
    ]
    return parts


def _worth(deals: Mapping[str, Any]) -> str:
    sums: Mapping[str, str] = deals.get("worth", {})
    told = " and ".join(f"{currency} {_amount(Decimal(sums[currency]))}" for currency in sums)
    return f" worth {told}" if told else ""


def _amount(amount: Decimal) -> str:
    is_whole = amount == amount.to_integral_value()
    return format_decimal(amount, "#,##0" if is_whole else "#,##0.00", locale="en")


def _tasks(facts: Facts) -> list[str]:
    if "tasks" not in facts:
        return []
    due = f", the next due on {facts['tasks']['next_due']}" if facts["tasks"]["next_due"] else ""
    return [f"{_many(facts['tasks']['open'], 'open task')}{due}."]


def _talks(facts: Facts, last: Mapping[str, Any] | None) -> list[str]:
    if last is None:
        return ["No interaction yet."]
    return [
        f"{_many(facts['interactions'], 'interaction')}, the last on {last['day']} ({last['kind']}, {last['direction']})."
    ]


def _inferred(facts: Facts) -> list[str]:
    told: Sequence[str] = facts.get("inferred", ())
    return [f"Inferred, not verified by a person unless they said so: {'; '.join(told)}."] if told else []


def _many(count: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"
