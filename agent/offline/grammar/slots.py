"""The fields of a new record as they are strung together: "for Acme worth 45k closing 15 Dec, owned by Ben"."""

from collections.abc import Callable
from dataclasses import dataclass, field

from agent.offline.clause import Clause
from agent.offline.form import Mention, Scalar
from agent.offline.grammar.mentions import mention_of, name_in
from agent.offline.grammar.names import is_name
from agent.offline.grammar.roles import is_job_title
from agent.offline.grammar.values import iso_date, iso_moment, tag_words, value_of
from agent.offline.lexicon.fields import fields_of
from agent.offline.lexicon.kinds import COMPANIES, LEADS
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.lexicon.places import countries
from agent.offline.lexicon.statuses import status_at
from agent.offline.text import Shape
from agent.offline.values.contacts import bare_domain, phone_in_full
from agent.offline.words import word_set
from schema.fields import FieldType
from schema.kinds import KINDS

BREAKS = (",", ";", "(", ")", "-", ".", "!", "?", "\n")
_JOINS = (
    "and",
    "plus",
    "also",
    "as",
    "well",
    "&",
    "with",
    "it",
    "is",
    "has",
    "that",
    "who",
    "which",
    "the",
    "a",
    "an",
    "please",
    "in",
    "crm",
    "new",
    "his",
    "her",
    "their",
    "its",
    "should",
    "be",
    "to",
)
MARKERS: Phrases[str] = grouped(
    (
        (
            "named",
            "called, named, titled, entitled, call it, name it, by the name of, with the name, with name, under the name",
        ),
        (
            "account",
            (
                "for, at, with, from, of, who works at, who works for, working at, working for, that belongs to, "
                "belonging to, under, works at, works for, for the account, at the account, with the account, "
                "linked to, on"
            ),
        ),
        (
            "owner",
            (
                "owned by, assigned to, assign to, assign it to, managed by, owner is, handled by, assign it, "
                "to be done by, with owner, given to"
            ),
        ),
        (
            "close",
            (
                "closing, closes, close, expected to close, due to close, expected, expected close, closing on, "
                "closing in, closing by, to close, closing at, due, due on, due by, by, until, expiring, "
                "starting, starts, start, starting on, on"
            ),
        ),
        ("worth", "worth, valued at, for, at, of, value, priced at, worth about, worth around, with a value of, size"),
        ("place", "in, based in, located in, from, headquartered in, living in"),
        ("title", "as, working as, who is, who is the, who is our, the, our, is the, is a, is their"),
        ("tags", "tagged, tagged as, tagged with, with the tag, with tag, with tags, with the tags, labelled, labeled"),
        ("body", "saying, saying that, description, described as, details, notes"),
    )
)


@dataclass(slots=True)
class Slots:
    """The fields read so far, and the words that fitted none."""

    kind: str
    fields: dict[str, Scalar | Mention] = field(default_factory=dict[str, Scalar | Mention])
    unknown: list[str] = field(default_factory=list[str])

    def put(self, values: dict[str, Scalar | Mention] | None) -> bool:
        if not values or any(name in self.fields and name != "currency" for name in values):
            return False
        self.fields |= values
        return True


def read_slots(clause: Clause, slots: Slots, head: str | None) -> None:
    """Reads a clause into the slots; its first words are the value of the field `head`, unless they mark another."""
    at = clause.skip(0, ":", ",", "-", "the", "a", "an") if head else 0
    if head and at < len(clause) and not _rule_at(clause, at, slots, dry=True):
        end = chunk_end(clause, at, slots.kind)
        if head == "full_name" and end < len(clause) and is_job_title(clause.cut(at, end)):
            slots.put({"title": clause.said(at, end)})
        elif is_name(clause.cut(at, end)):
            slots.put({head: name_in(clause.cut(at, end))})
        else:
            slots.unknown.append(clause.said(at, end))
        at = end
    while at < len(clause):
        end = _rule_at(clause, at, slots)
        if end is None and clause.word(at) not in (*BREAKS, *_JOINS, ":"):
            end = chunk_end(clause, at, slots.kind)
            if not _loose(clause.cut(at, end), slots):
                slots.unknown.append(clause.said(at, end))
        at = end or at + 1


def chunk_end(clause: Clause, at: int, kind: str) -> int:
    """Where the words that start here end: at a break, a marker, a field's name or a value of unmistakable shape."""
    end = at + 1
    while end < len(clause) and clause.word(end) not in BREAKS:
        if clause.word(end) == ":" or clause.shape(end) in (Shape.EMAIL, Shape.PHONE, Shape.DOMAIN, Shape.TAG):
            break
        hit = clause.number(end)
        if hit and hit[0].looks_like_money:
            break
        marked = clause.at(MARKERS, end)
        if marked and marked[1] < len(clause) and not _inside_name(clause, end):
            break
        if clause.word(end) in ("and", "with", "whose") and clause.field_at(
            clause.skip(end + 1, "a", "an", "the"), (kind,)
        ):
            break
        if clause.word(end) in ("and", "&") and not (
            clause.tokens[end - 1].is_capitalised and end + 1 < len(clause) and clause.tokens[end + 1].is_capitalised
        ):
            break
        named = clause.field_at(end, (kind,))
        if (
            named
            and not clause.tokens[end].is_capitalised
            and named[1] < len(clause)
            and value_of(clause.cut(named[1], _value_limit(clause, named[1])), named[0], kind)
            and named[0].type not in (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.REFERENCE, FieldType.USER)
        ):
            break
        end += 1
    return end


def _inside_name(clause: Clause, at: int) -> bool:
    """ "of" and "the" inside a name: Bank of America, Head of Sales."""
    return clause.word(at) in ("of", "the", "our") and at + 1 < len(clause)


def _value_limit(clause: Clause, at: int) -> int:
    return next((i for i in range(at, len(clause)) if clause.word(i) in (",", ";")), len(clause))


def _rule_at(clause: Clause, at: int, slots: Slots, *, dry: bool = False) -> int | None:
    """The position after the first rule that reads something here; with `dry` nothing is kept."""
    target = Slots(slots.kind, dict(slots.fields)) if dry else slots
    for rule in _RULES:
        if (end := rule(clause, at, target)) is not None:
            return end
    return None


def _shaped(clause: Clause, at: int, slots: Slots) -> int | None:
    """E-mails, phone numbers, domains and hash tags say what they are."""
    token, own = clause.tokens[at], fields_of(slots.kind)
    if token.shape is Shape.EMAIL and "email" in own:
        return at + 1 if slots.put({"email": token.text.lower()}) else None
    if token.shape is Shape.PHONE and "phone" in own:
        return at + 1 if slots.put({"phone": phone_in_full(token.text, clause.situation.time_zone)}) else None
    if token.shape is Shape.DOMAIN and "domain" in own:
        return at + 1 if slots.put({"domain": bare_domain(token.text)}) else None
    if token.shape is Shape.TAG:
        known = slots.fields.get("tags")
        slots.fields["tags"] = [*(known if isinstance(known, list) else []), token.text.lstrip("#").lower()]
        return at + 1
    return None


_FIELD_SKIPPED = word_set("with whose a an the and has having his her their its")


_FIELD_SKIPPED_2 = word_set("is of : = to at are should be as set")


def _field(clause: Clause, at: int, slots: Slots) -> int | None:
    """ "tier enterprise", "with a probability of 40%", "title: CFO": the field's name, then its value."""
    start = clause.skip(at, *_FIELD_SKIPPED)
    hit = clause.field_at(start, (slots.kind,))
    if hit is None or hit[0].name not in clause.writable(slots.kind) or hit[0].name in slots.fields:
        return None
    begin = clause.skip(hit[1], *_FIELD_SKIPPED_2)
    limit = _value_limit(clause, begin)
    if hit[0].type in (FieldType.TEXT, FieldType.USER, FieldType.REFERENCE) and begin < len(clause):
        limit = min(limit, chunk_end(clause, begin, slots.kind))
    if hit[0].name == "salary_max" and (ranged := _salary(clause, begin, slots)):
        return ranged
    for end in range(limit, begin, -1):
        if slots.put(value_of(clause.cut(begin, end), hit[0], slots.kind)):
            return end
    return None


def _salary(clause: Clause, at: int, slots: Slots) -> int | None:
    """ "salary 70k to 90k", "between 70k and 90k"."""
    at = clause.skip(at, "between", "from")
    low = clause.number(at)
    high = clause.number(low[1] + 1) if low and clause.word(low[1]) in ("to", "-", "and") else None
    if low is None or high is None:
        return None
    scale = 1000 if high[0].is_scaled and not low[0].is_scaled and low[0].amount < 1000 else 1
    slots.put(
        {"salary_min": f"{(low[0].amount * scale).normalize():f}", "salary_max": f"{high[0].amount.normalize():f}"}
    )
    return high[1]


def _named(clause: Clause, at: int, slots: Slots) -> int | None:
    marked = clause.at(MARKERS, at)
    if marked is None or marked[0] != "named" or marked[1] >= len(clause):
        return None
    end = chunk_end(clause, marked[1], slots.kind)
    return end if slots.put({_label(slots.kind): name_in(clause.cut(marked[1], end))}) else None


def _label(kind: str) -> str:
    return KINDS[kind].label_field


def _owner(clause: Clause, at: int, slots: Slots) -> int | None:
    column = KINDS[slots.kind].owner_field
    marked = clause.at(MARKERS, at)
    if marked is None or marked[0] != "owner" or column is None or marked[1] >= len(clause):
        return None
    end = chunk_end(clause, marked[1], slots.kind)
    mention = mention_of(clause.cut(clause.skip(marked[1], "to"), end), ("user",))
    return end if mention and slots.put({column: mention}) else None


_MONEY_WORDS = word_set("worth valued for at of value priced with size")


def _money(clause: Clause, at: int, slots: Slots) -> int | None:
    """ "worth 45k", "for €1.2m", or the amount alone."""
    name = {"opportunity": "amount", "organization": "annual_revenue", "job": "salary_max"}.get(slots.kind)
    marked = clause.at(MARKERS, at) if clause.word(at) in _MONEY_WORDS else None
    start = marked[1] if marked else at
    start = clause.skip(start, "about", "around", "roughly", "approximately", "a", "value", "of")
    hit = clause.number(start)
    if name is None or hit is None or hit[0].is_percent or hit[0].is_ordinal or clause.when(start):
        return None
    if not (hit[0].looks_like_money or (marked and hit[0].amount >= 100) or clause.word(at) in ("worth", "valued")):
        return None
    end = hit[1]
    return (
        clause.skip(end, "opportunity", "deal")
        if slots.put(value_of(clause.cut(start, end), KINDS[slots.kind].fields[name], slots.kind))
        else None
    )


_PERCENT_SKIPPED = word_set("probability chance likelihood revenue share likely of winning commission")


def _percent(clause: Clause, at: int, slots: Slots) -> int | None:
    name = {"opportunity": "probability", "partnership": "revenue_share"}.get(slots.kind)
    start = clause.skip(at, "with", "a", "at", "probability", "of")
    hit = clause.number(start)
    if name is None or hit is None or not hit[0].is_percent:
        return None
    end = clause.skip(hit[1], *_PERCENT_SKIPPED)
    return end if slots.put({name: f"{hit[0].amount.normalize():f}"}) else None


def _employees(clause: Clause, at: int, slots: Slots) -> int | None:
    start = clause.skip(at, "with", "has", "about", "around")
    hit = clause.number(start)
    if slots.kind != "organization" or hit is None or clause.word(hit[1]) not in ("employees", "people", "staff"):
        return None
    return hit[1] + 1 if slots.put({"employee_count": int(hit[0].amount)}) else None


def _counted(clause: Clause, at: int, slots: Slots) -> int | None:
    """ "with 30 licensed seats": a number before the tenant's own field that it is."""
    start = clause.skip(at, "with", "has", "having", "about", "around", "and")
    hit = clause.number(start)
    named = clause.situation.own.at(clause.tokens, hit[1], (slots.kind,)) if hit else None
    if hit is None or named is None or named[0].type is not FieldType.NUMBER:
        return None
    return named[1] if slots.put(value_of(clause.cut(start, hit[1]), named[0], slots.kind)) else None


def _date(clause: Clause, at: int, slots: Slots) -> int | None:
    """ "closing 15 Dec", "due Friday", or the date alone."""
    name = {"opportunity": "expected_close_date", "job": "start_date", "task": "due_at"}.get(slots.kind)
    marked = clause.at(MARKERS, at)
    start = marked[1] if marked and marked[0] in ("close", "place", "account", "worth") else at
    start = clause.skip(start, "on", "by", "in", "at", "before", "date") if not clause.when(start) else start
    hit = clause.when(start)
    if name is None or hit is None:
        return None
    value = iso_moment(hit[0]) if slots.kind == "task" else iso_date(hit[0])
    return hit[1] if slots.put({name: value}) else None


_STATUS_SKIPPED = word_set("in at stage status the as a is : with")


def _status(clause: Clause, at: int, slots: Slots) -> int | None:
    column = KINDS[slots.kind].status_field
    start = clause.skip(at, *_STATUS_SKIPPED)
    hit = status_at(clause.tokens, start, slots.kind) if column else None
    if (
        hit is None
        or column is None
        or (hit[1] < len(clause) and clause.tokens[hit[1]].is_capitalised and clause.tokens[start].is_capitalised)
    ):
        return None
    end = clause.skip(hit[1], "stage", "status", "phase")
    return end if slots.put({column: hit[0]}) else None


def _choices(clause: Clause, at: int, slots: Slots) -> int | None:
    for own in clause.fields_of(slots.kind).values():
        hit = clause.choice_at(clause.skip(at, "with", "a", "an", "is", ":"), own) if own.choices else None
        if hit and slots.put({own.name: hit[0]}):
            return clause.skip(hit[1], own.name, "prio", "tier", "account")
    return None


def _place(clause: Clause, at: int, slots: Slots) -> int | None:
    """ "in Berlin", "in Berlin, Germany", "from France", "in the software industry"."""
    own = fields_of(slots.kind)
    marked = clause.at(MARKERS, at)
    start = (
        marked[1]
        if marked and marked[0] in ("place", "account") and clause.word(at) not in ("for", "with", "of")
        else at
    )
    if country := clause.at(countries(), start):
        writable = "country" in KINDS[slots.kind].fields
        return (
            country[1]
            if writable and clause.tokens[start].is_capitalised and slots.put({"country": country[0]})
            else None
        )
    if start == at or start >= len(clause):
        return None
    end = chunk_end(clause, start, slots.kind)
    words = clause.words(start, end - start)
    if words and words[-1] in ("industry", "sector", "space", "business") and "industry" in own:
        named = clause.said(clause.skip(start, "the"), end - 1)
        return end if slots.put({"industry": named}) else None
    if clause.word(start - 1) == "in" and "city" in own and clause.tokens[start].is_capitalised:
        return end if slots.put({"city": name_in(clause.cut(start, end))}) else None
    if clause.word(start - 1) == "in" and "industry" in KINDS[slots.kind].fields:
        return end if slots.put({"industry": name_in(clause.cut(start, end))}) else None
    return None


def _account(clause: Clause, at: int, slots: Slots) -> int | None:
    """ "for Acme Corp", "with Jan Novak at Globex": the account, or the contact, a record belongs to."""
    marked = clause.at(MARKERS, at)
    if (
        marked is None
        or marked[0] not in ("account", "worth", "title", "place")
        or marked[1] >= len(clause)
        or clause.word(at) in ("as", "the", "our", "in")
    ):
        return None
    end = chunk_end(clause, marked[1], slots.kind)
    mention = mention_of(clause.cut(marked[1], end), ())
    if mention is None:
        return None
    own = KINDS[slots.kind].fields
    if "account_id" in own:
        kinds = mention.kinds or (
            ("account", "organization")
            if clause.word(at) != "with" or slots.kind not in LEADS
            else (*COMPANIES, "contact")
        )
        named = Mention(mention.text, kinds, mention.refers, mention.at, as_said=mention.spoken)
        return end if slots.put({"contact_id" if "contact" in kinds[:1] else "account_id": named}) else None
    if "organization_id" in own:
        return end if slots.put({"organization_id": Mention(mention.text, ("organization",), mention.refers)}) else None
    return None


def _title(clause: Clause, at: int, slots: Slots) -> int | None:
    """ "as CFO", "who is the Head of Sales"."""
    marked = clause.at(MARKERS, at)
    if marked is None or marked[0] != "title" or marked[1] >= len(clause):
        return None
    start = clause.skip(marked[1], "a", "an", "the", "their", "our")
    end = chunk_end(clause, start, slots.kind) if start < len(clause) else start
    name = {"contact": "title", "partnership": "partner_type", "job": "position"}.get(slots.kind)
    if name is None or end <= start:
        return None
    return end if slots.put({name: clause.said(start, end)}) else None


def _tags(clause: Clause, at: int, slots: Slots) -> int | None:
    marked = clause.at(MARKERS, at)
    if marked is None or marked[0] != "tags" or marked[1] >= len(clause):
        return None
    end = chunk_end(clause, marked[1], slots.kind)
    return end if slots.put({"tags": tag_words(clause.cut(marked[1], end))}) else None


def _body(clause: Clause, at: int, slots: Slots) -> int | None:
    marked = clause.at(MARKERS, at)
    name = (
        "description"
        if "description" in KINDS[slots.kind].fields
        else "body"
        if "body" in KINDS[slots.kind].fields
        else None
    )
    if marked is None or marked[0] != "body" or name is None or marked[1] >= len(clause):
        return None
    return len(clause) if slots.put({name: clause.said(clause.skip(marked[1], ":"))}) else None


def _loose(part: Clause, slots: Slots) -> bool:
    """Words between commas that carry no marker: a contact's title, a quoted name, a city."""
    text = name_in(part)
    if part.shape(0) is Shape.QUOTE and _label(slots.kind) not in slots.fields:
        return slots.put({_label(slots.kind): text})
    if slots.kind == "contact" and "full_name" not in slots.fields and _is_persons(part):
        return slots.put({"full_name": text})
    if slots.kind == "contact" and len(part) <= 5 and "title" not in slots.fields:
        return slots.put({"title": text})
    if (
        "account_id" in KINDS[slots.kind].fields
        and _label(slots.kind) in slots.fields
        and part.tokens[0].is_capitalised
        and len(part) <= 5
    ):
        return slots.put({"account_id": Mention(text, ("account",))})
    if slots.kind == "partnership" and len(part) <= 3 and "partner_type" not in slots.fields:
        return slots.put({"partner_type": text})
    if (
        slots.kind == "organization"
        and "industry" not in slots.fields
        and len(part) <= 3
        and not part.tokens[0].is_capitalised
    ):
        return slots.put({"industry": text})
    if (
        slots.kind in ("organization", "individual")
        and part.tokens[0].is_capitalised
        and len(part) <= 3
        and "city" not in slots.fields
    ):
        return slots.put({"city": text})
    return False


def _is_persons(part: Clause) -> bool:
    """Whether words are a person's name rather than what they do."""
    large = all(token.is_capitalised and token.shape is Shape.WORD for token in part.tokens)
    return large and 2 <= len(part) <= 4 and not is_job_title(part) and is_name(part)


def _department(clause: Clause, at: int, slots: Slots) -> int | None:
    """ "in the Finance department"."""
    if slots.kind != "contact" or clause.word(at) not in ("in", "from", "of", "at"):
        return None
    start = clause.skip(at + 1, "the", "our", "their")
    end = next(
        (i for i in range(start + 1, min(start + 4, len(clause))) if clause.word(i) in ("department", "dept")), None
    )
    return end + 1 if end and slots.put({"department": clause.said(start, end)}) else None


_RULES: tuple[Callable[[Clause, int, Slots], int | None], ...] = (
    _department, _shaped, _named, _counted, _owner, _tags, _body, _percent, _employees, _money, _date, _field, _status, _choices, _place,
    _title, _account,
)  # fmt: skip
