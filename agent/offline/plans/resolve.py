"""From a mention to the one record it means, asking when there are several."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agent.offline.form import Mention
from agent.offline.grammar.roles import PRIMARY, readings
from agent.offline.lexicon.kinds import COMPANIES, LEADS
from agent.offline.phrasing import joined
from agent.offline.plans.steps import Ask, Call, CallFailed, Decline, Ended, Memory, Plan, Record, Seen
from agent.offline.situation import Situation
from agent.offline.text import tokens_of
from agent.offline.values.numbers import number_at

SURE = 0.75
"""Score under which a slip in a name is confirmed before anything is written."""
WHOLE = 0.99
"""Score from which a name was given in full: what destroying asks for."""
SAME = 0.005
"""Scores of whole names closer than this cannot be told apart."""
PARTLY = 0.05
"""The same for names given in part."""
_YES = (
    "yes",
    "y",
    "yep",
    "yeah",
    "sure",
    "ok",
    "okay",
    "do it",
    "go ahead",
    "please do",
    "correct",
    "right",
    "confirm",
    "yes please",
    "yup",
    "of course",
    "create it",
    "exactly",
    "that's right",
    "indeed",
)
_NO = (
    "no",
    "n",
    "nope",
    "stop",
    "cancel",
    "don't",
    "do not",
    "never mind",
    "nevermind",
    "forget it",
    "scrap it",
    "scrap that",
    "leave it",
    "no thanks",
    "none",
    "neither",
    "none of them",
    "no thank you",
    "abort",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a plan works with: who asks, what was shown, and the person's own words."""

    situation: Situation
    memory: Memory
    request: str
    is_writing: bool = False
    """True while the records of a change to many are looked for: slips in names are then confirmed."""
    known: dict[tuple[Mention, tuple[str, ...]], Record] = field(
        default_factory=dict[tuple[Mention, tuple[str, ...]], Record]
    )
    """What a name was found to mean, so that the person is asked once."""

    @property
    def reason(self) -> str:
        """Why a change is made, for its audit event: who asked for what."""
        words = " ".join(self.request.split())
        words = words if len(words) <= 300 else f"{words[:299]}…"
        return f"{self.situation.user_name} asked: {words}"


class Cancelled(Exception):
    """The person answered a question with no."""


def read_yes_no(text: str) -> bool | None:
    """True, False, or None when the words are neither."""
    said = re.sub(r"[.!,\s]+$", "", text.strip().lower())
    first = said.split(",")[0].strip()
    if said in _YES or first in _YES:
        return True
    return False if said in _NO or first in _NO else None


def read_choice(options: Sequence[str]) -> Callable[[str], int | None]:
    """A reader of answers: the option's number, ordinal, or words that only it has; -1 for none of them."""

    def read(text: str) -> int | None:
        said = re.sub(r"[.!?\s]+$", "", text.strip().lower())
        if read_yes_no(said) is False:
            return -1
        if len(options) == 1 and read_yes_no(said):
            return 0
        number = _by_number(said, len(options))
        return _by_words(said, options) if number is None else number

    return read


def _by_number(said: str, count: int) -> int | None:
    plain = re.sub(
        r"^(the|option|number|no\.?|#|choose|take|pick|i mean|i meant)\s+",
        "",
        re.sub(r"^(the|option|number|no\.?|#|choose|take|pick|i mean|i meant)\s+", "", said),
    )
    plain = re.sub(r"\s+(one|option|please)$", "", plain)
    if plain in ("last", "latter"):
        return count - 1
    if plain == "former" and count == 2:
        return 0
    tokens = tokens_of(plain)
    found = number_at(tokens, 0) if tokens else None
    if found and found[1] == len(tokens) and found[0].whole is not None and 1 <= found[0].whole <= count:
        return found[0].whole - 1
    return None


def _by_words(said: str, options: Sequence[str]) -> int | None:
    """The one option that holds every word said, leaving out words that only point."""
    pointing = {
        "the",
        "one",
        "at",
        "from",
        "of",
        "in",
        "with",
        "i",
        "mean",
        "meant",
        "it's",
        "its",
        "is",
        "a",
        "an",
        "please",
        "that",
        "for",
        "and",
        "who",
    }
    words = [word for word in re.findall(r"[\w.@'-]+", said) if word not in pointing]
    if not words or len(words) > 8:
        return None
    lowered = [set(re.findall(r"[\w.@'-]+", option.lower())) for option in options]
    hits = [index for index, held in enumerate(lowered) if all(word in held for word in words)]
    if not hits:
        # "the German one" of one that is in Germany.
        hits = [index for index, held in enumerate(lowered) if all(_begins_one(word, held) for word in words)]
    return hits[0] if len(hits) == 1 else None


def _begins_one(word: str, held: set[str]) -> bool:
    return word in held or (len(word) >= 4 and any(other.startswith(word) for other in held))


def resolve(
    desk: Desk, mention: Mention, kinds: Sequence[str] = (), *, writing: bool = False, whole: bool = False
) -> Plan[Record]:
    """The record; raises Ended when there is none and Cancelled when the person wants none of those offered."""
    wanted = tuple(mention.kinds or kinds)
    if mention.refers == "me":
        return {
            "kind": "user",
            "record_id": desk.situation.user_id,
            "label": desk.situation.user_name,
            "detail": "",
            "fields": {"email": desk.situation.user_email},
        }
    if mention.refers == "focus":
        return _focus(desk, mention, wanted)
    if mention.refers == "id":
        result = yield Call("get_record", {"record_id": mention.text}, "Read the record named by its id.")
        return result["record"]
    if mention.refers == "latest":
        return (yield from _latest(desk, mention))
    if mention.refers == "role":
        return (yield from _by_role(desk, mention))
    if known := desk.known.get((mention, wanted)):
        return known
    candidates = yield from _candidates(mention, wanted)
    if not candidates and wanted and not writing:
        candidates = yield from find(replace(mention, kinds=()), ())
    if not candidates:
        raise Ended(Decline(f"I found no {_kind_words(wanted)} called “{_query(mention)}”."))
    chosen = candidates[0] if len(candidates) == 1 else (yield from choose(candidates, mention))
    if writing and len(candidates) == 1:
        yield from _confirmed(chosen, whole=whole)
    desk.known[mention, wanted] = chosen
    return chosen


def _candidates(mention: Mention, wanted: tuple[str, ...]) -> Plan[list[Record]]:
    """What the name may mean: found as its kinds are spoken of, and last among colleagues."""
    if wanted in (("task",), ("note",)):
        return (yield from _written(mention, wanted[0]))
    candidates = yield from find(mention, wanted)
    if not candidates and set(wanted) & set(LEADS):
        candidates = yield from _of_account(mention, wanted)
    if not candidates and set(wanted) >= {"contact", "account", "opportunity"}:
        candidates = yield from find(replace(mention, kinds=("user",), where=()), ("user",))
    return candidates


def _focus(desk: Desk, mention: Mention, kinds: Sequence[str]) -> Record:
    if mention.nth:
        return _at_place(desk, mention, kinds)
    seen = desk.memory.latest(kinds) or (desk.memory.latest(()) if not mention.kinds else None)
    if seen is None or (kinds and seen.kind not in kinds):
        raise Ended(Decline(f"I do not know which record “{mention.spoken}” means; name it, please."))
    return _as_record(seen)


def _at_place(desk: Desk, mention: Mention, kinds: Sequence[str]) -> Record:
    """The record at a place of the last list that was shown."""
    listed = desk.memory.listed
    if not listed:
        raise Ended(Decline(f"There is no list that “{mention.spoken}” could be in; name the record, please."))
    if mention.nth > len(listed):
        raise Ended(Decline(f"The last list shows {len(listed)} records; there is no “{mention.spoken}” in it."))
    seen = listed[mention.nth - 1 if mention.nth > 0 else -1]
    if kinds and seen.kind not in kinds:
        raise Ended(
            Decline(f"“{mention.spoken}” of the last list is the {seen.kind} {seen.label}, no {_kind_words(kinds)}.")
        )
    return _as_record(seen)


def _as_record(seen: Seen) -> Record:
    return {
        "kind": seen.kind,
        "record_id": seen.record_id,
        "label": seen.label,
        "detail": "",
        "fields": seen.record.get("fields", {}),
    }


def _query(mention: Mention) -> str:
    return f"{mention.text} {mention.at.text}" if mention.at and mention.refers == "name" else mention.text


def _written(mention: Mention, kind: str) -> Plan[list[Record]]:
    """Tasks or notes as people speak of them: by their words, or by what they are about; open tasks before others."""
    named = yield from find(mention, (kind,))
    if named and (named[0].get("score") or 0) >= WHOLE and len(named) == 1:
        return named
    scopes: list[list[str]] = [["is_open = true"], []] if kind == "task" else [[]]
    for scope in scopes:
        found: dict[str, Record] = {}
        for where in ([], [f"about_label ~ {_quoted(mention.text)}"]):
            args: dict[str, Any] = {"kinds": [kind], "where": [*scope, *where], "limit": 8}
            if not where:
                args["query"] = _query(mention)[:500]
            if not where and not scope:
                for record in named:
                    found.setdefault(record["record_id"], record)
                continue
            result = yield Call("find_records", args, f"Find the {kind} about “{mention.text}”.")
            for record in result["records"]:
                found.setdefault(record["record_id"], {**record, "score": record.get("score") or _ABOUT_SCORE})
        if found:
            return list(found.values())
    return []


_ABOUT_SCORE = 0.9
"""Of what is found by what it is about: sure enough to change it, not to delete it."""


def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), "")}"'


def find(mention: Mention, kinds: Sequence[str]) -> Plan[list[Record]]:
    """The candidates that fit best: one, or several that cannot be told apart."""
    args: dict[str, Any] = {"query": _query(mention)[:500], "limit": 8}
    if kinds:
        args["kinds"] = list(kinds)
    if mention.where and len(kinds) == 1:
        args["where"] = [f"{column} = {value}" for column, value in mention.where]
    result = yield Call("find_records", args, f"Find “{_query(mention)}”.")
    records: list[Record] = result["records"]
    if not records or not result.get("ambiguous"):
        return records[:1]
    top = records[0].get("score") or 0
    # A name given in part fits every record it is part of: how long each one's name is decides nothing.
    margin = SAME if top >= WHOLE else PARTLY
    same_kind = [record for record in records if record["kind"] == records[0]["kind"] or top >= WHOLE]
    return _things([record for record in same_kind if top - (record.get("score") or 0) < margin])


def _things(records: Sequence[Record]) -> list[Record]:
    """Without the individual or organization behind a contact or account that is there too."""
    behind = {
        str(record["fields"].get(column)) for record in records for column in ("individual_id", "organization_id")
    }
    return [record for record in records if record["record_id"] not in behind]


def _of_account(mention: Mention, kinds: Sequence[str]) -> Plan[list[Record]]:
    """Leads of the account that the words name: "the Globex deal" may be called anything."""
    accounts = yield from find(replace(mention, kinds=("account",), where=()), ("account",))
    if len(accounts) != 1:
        return []
    found: list[Record] = []
    for kind in (k for k in kinds if k in LEADS):
        result = yield Call(
            "find_records",
            {"kinds": [kind], "where": [f"account_id = {accounts[0]['record_id']}", "is_open = true"], "limit": 8},
            f"List what is open at {accounts[0]['label']}.",
        )
        found.extend(result["records"])
    return found


def choose(candidates: Sequence[Record], mention: Mention) -> Plan[Record]:
    """The one the person picks."""
    options = tuple(option_text(record) for record in candidates)
    index: int = yield Ask(f"Which “{mention.text}” do you mean?", options, read_choice(options))
    if index < 0:
        raise Cancelled
    return candidates[index]


def option_text(record: Record) -> str:
    """A candidate with what tells it apart."""
    detail = f" ({record['detail']})" if record.get("detail") else ""
    return f"{record['label']}{detail} - {record['kind']}"


def _confirmed(record: Record, *, whole: bool) -> Plan[None]:
    score = record.get("score")
    if score is None or (score >= (WHOLE if whole else SURE) and not (whole and record.get("matched") == "typo")):
        return
    yield from confirmed(record)


def confirmed(record: Record) -> Plan[None]:
    """Asks whether this is the record that is meant; raises Cancelled when it is not."""
    answer = yield Ask(f"Do you mean {option_text(record)}?", ("Yes", "No"), _yes_no_choice)
    if not answer:
        raise Cancelled


def _yes_no_choice(text: str) -> bool | None:
    read = read_yes_no(text)
    if read is None and text.strip() in ("1", "2"):
        return text.strip() == "1"
    return read


def _latest(desk: Desk, mention: Mention) -> Plan[Record]:
    """The newest of a kind, with or about whatever it was said to be."""
    kind = mention.kinds[0]
    where = [f"{column} = {value}" for column, value in mention.where]
    if mention.at is not None:
        about = yield from resolve(desk, mention.at, ("contact", "individual", "account", "opportunity"))
        if kind == "interaction" and about["kind"] in ("contact", "individual"):
            return (yield from _latest_with(about, dict(mention.where).get("kind")))
        column = (
            "account_id"
            if kind == "interaction" and about["kind"] == "account"
            else "about_id"
            if kind in ("interaction", "task", "note")
            else "account_id"
        )
        where.append(f"{column} = {about['record_id']}")
    order = {"interaction": "occurred_at desc"}.get(kind, "created_at desc")
    result = yield Call(
        "find_records", {"kinds": [kind], "where": where, "order_by": order, "limit": 1}, f"Find the latest {kind}."
    )
    if not result["records"]:
        raise Ended(Decline(f"I found no such {kind}: {mention.spoken}."))
    return result["records"][0]


def _by_role(desk: Desk, mention: Mention) -> Plan[Record]:
    """The contact of an account that has the title; asks when several do."""
    if mention.at is None:
        raise Ended(Decline(f"I do not know where “{mention.spoken}” works."))
    account = yield from resolve(desk, mention.at, COMPANIES)
    column = "account_name" if account["kind"] == "organization" else "account_id"
    named = f'"{account["label"]}"' if account["kind"] == "organization" else account["record_id"]
    result = yield Call(
        "find_records",
        {"kinds": ["contact"], "where": [f"{column} = {named}"], "order_by": "full_name asc", "limit": 200},
        f"Look through the contacts of {account['label']}.",
    )
    people: list[Record] = result["records"]
    if mention.text == PRIMARY:
        fits = [person for person in people if person["fields"].get("is_primary")]
    else:
        wanted = readings(mention.text)
        fits = [person for person in people if any(words <= _title_words(person) for words in wanted)]
    if not fits:
        told = joined([f"{p['label']} ({p['fields'].get('title') or 'no title'})" for p in people[:8]])
        known = f" I know {told}." if people else ""
        raise Ended(Decline(f"{account['label']} has no contact who is {mention.text}.{known}"))
    return fits[0] if len(fits) == 1 else (yield from choose(fits, mention))


def _title_words(person: Record) -> set[str]:
    return set(re.findall(r"[\w&]+", str(person["fields"].get("title") or "").lower()))


def _latest_with(person: Record, kind: str | None) -> Plan[Record]:
    result = yield Call("get_record", {"record_id": person["record_id"]}, f"Read what happened with {person['label']}.")
    talks = interactions_in(result, kind)
    if not talks:
        raise Ended(Decline(f"There is no {kind or 'interaction'} with {person['label']} on record."))
    found = yield Call("get_record", {"record_id": talks[0]["record_id"]}, f"Read the latest {kind or 'interaction'}.")
    return found["record"]


def interactions_in(result: Record, kind: str | None) -> list[Record]:
    """The interactions of a timeline, newest first."""
    return [
        entry
        for entry in result["timeline"]
        if entry["type"] == "interaction" and (kind is None or str(entry["label"]).startswith(kind))
    ]


def _kind_words(kinds: Sequence[str]) -> str:
    words = list(dict.fromkeys({"individual": "person", "contact": "contact"}.get(kind, kind) for kind in kinds))
    return joined(words, "or") if 0 < len(words) <= 4 else "record"


def resolve_hint(desk: Desk, mention: Mention) -> Plan[Record | None]:
    """The record a hint means when there is exactly one that fits well; None otherwise, without a word."""
    try:
        if mention.refers == "focus":
            return _focus(desk, mention, mention.kinds)
        for longer in _shorter_and_shorter(mention):
            fuller = yield from find(replace(mention, text=longer), LEADS)
            if len(fuller) == 1 and (fuller[0].get("score") or 0) >= 0.9:
                return fuller[0]
        candidates = yield from find(mention, mention.kinds)
    except (Ended, CallFailed):
        return None
    return candidates[0] if len(candidates) == 1 and (candidates[0].get("score") or 0) >= SURE else None


def _shorter_and_shorter(mention: Mention) -> list[str]:
    """ "Globex expansion quote", "Globex expansion": a name with the plain words after it, the last one left out each time."""
    words, least = mention.longer.split(), len(mention.text.split())
    return [" ".join(words[:count]) for count in range(len(words), least, -1)]
