"""New records: "create an opportunity Acme renewal for Acme Corp worth 45k", "add Jan Novak as a contact at Globex"."""

from agent.offline.clause import Clause
from agent.offline.form import Choose, Command, Create, Mention, Puzzled, Scalar
from agent.offline.grammar.slots import MARKERS, Slots, read_slots
from agent.offline.lexicon.kinds import LEADS, KindWord, kind_at
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.text import Shape
from schema.kinds import KINDS

_SKIPPED = ("a", "an", "the", "new", "another", "me", "us", "up", "some", ":", "our", "my", "one", "record", "for")
_HEADS = {"contact": "full_name", "individual": "full_name"}
_ELSEWHERE = ("task", "note", "interaction")


def read_create(clause: Clause) -> Command | Puzzled | None:
    """The record a clause wants made; tasks, notes and interactions have readers of their own."""
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    if told := clause.length(_THERE_IS, 0):
        start = told
    elif not set(verbs) & {Verb.CREATE, Verb.LOG} and not (start := _opened(clause)):
        return None
    noun = _noun(clause, start)
    if noun is None:
        return _named_first(clause, start) or _as_title(clause, start)
    word, at, end = noun
    kind = word.kinds[0]
    if kind in _ELSEWHERE:
        return None
    if kind == "user":
        return Puzzled("People who sign in are added by an administrator (crm-agent user create).", "a new user")
    if word.kinds == LEADS:
        return _which_lead(clause, start, at, end)
    return _created(clause, word, kind, (start, at), end)


_THERE_IS = Phrases.of(
    "we have a new, we've got a new, we have got a new, i have a new, i've got a new, there is a new, there's a new, got a new, "
    "we got a new, i got a new, just got a new, have a new, we landed a new, we opened a new, i opened a new"
)


def _opened(clause: Clause) -> int:
    """Where a new record begins after "open": only with a name, a value or a date, for "open deals" are a list."""
    if clause.word(0) not in ("open", "begin", "save", "store", "keep", "file"):
        return 0
    at = clause.skip(1, "a", "an", "new", "up", "the")
    if clause.word(0) in ("save", "store", "keep", "file"):
        return 1 if any(clause.find("as", start=1)) else 0
    hit = kind_at(clause.tokens, at) if at < len(clause) else None
    if hit is None or clause.word(hit[1] - 1).endswith("s") or hit[0].kinds[0] in (*_ELSEWHERE, "user"):
        return 0
    named = clause.find("called", "named", "titled", "worth", "closing", "valued", ":", start=hit[1])
    return 1 if at > 1 or any(named) or clause.shape(hit[1]) is Shape.QUOTE else 0


def _as_title(clause: Clause, start: int) -> Command | None:
    """ "add Tom Becker as CTO at Larkfield Health": a person with a title somewhere is a contact."""
    begin = clause.skip(start, *_SKIPPED)
    at = next(clause.find("as", start=begin + 1), None)
    if at is None:
        return None
    name_end = next((i for i in clause.find("to", "at", "from", start=begin) if i < at), at)
    if not all(token.is_capitalised for token in clause.tokens[begin:name_end]) or not 2 <= name_end - begin <= 4:
        return None
    slots = Slots("contact")
    read_slots(clause.cut(begin, at), slots, "full_name")
    read_slots(clause.cut(at), slots, None)
    made = finished(slots)
    return made if isinstance(made, Create) and {"full_name", "title", "account_id"} <= set(made.fields) else None


def _noun(clause: Clause, start: int) -> tuple[KindWord, int, int] | None:
    """The kind to be made, a few words after the verb and before any name."""
    at = start
    while at < min(len(clause), start + 7):
        if clause.shape(at) is Shape.QUOTE or clause.word(at) in ("as", "to", "with", "called", "named", ","):
            return None
        if hit := kind_at(clause.tokens, at):
            follows = clause.word(hit[1])
            if not (
                clause.word(hit[1] - 1).endswith("s") and hit[1] - at == 1 and clause.word(at) != "business"
            ) or follows in (":", ""):
                return hit[0], at, hit[1]
        if clause.tokens[at].is_capitalised and at > start and not clause.number(at):
            return _after_name(clause, at)
        at += 1
    return None


def _after_name(clause: Clause, start: int) -> tuple[KindWord, int, int] | None:
    """ "create Globex renewal opportunity": the kind after the name, at the clause's end or before a marker."""
    del clause, start
    return None


def _named_first(clause: Clause, start: int) -> Command | Puzzled | None:
    """ "add Maria Lopez as a contact at Acme"."""
    at = next(clause.find("as", start=start), None)
    if at is None:
        return None
    noun = clause.skip(at + 1, *_SKIPPED)
    hit = kind_at(clause.tokens, noun) if noun < len(clause) else None
    if hit is None or hit[0].kinds[0] in (*_ELSEWHERE, "user") or at == start:
        return None
    kind = hit[0].kinds[0] if hit[0].kinds != LEADS else "opportunity"
    slots = Slots(kind, dict(_of_word(hit[0])))
    head = clause.cut(clause.skip(start, *_SKIPPED), at)
    read_slots(head, slots, _HEADS.get(kind, KINDS[kind].label_field))
    read_slots(clause.cut(hit[1]), slots, None)
    return finished(slots)


def _of_word(word: KindWord) -> dict[str, Scalar | Mention]:
    return dict(word.where)


def _created(clause: Clause, word: KindWord, kind: str, before: tuple[int, int], end: int) -> Command | Puzzled:
    slots = Slots(kind, _of_word(word))
    adjectives = clause.cut(clause.skip(before[0], *_SKIPPED), before[1])
    read_slots(adjectives, slots, None)
    if kind in _HEADS and clause.word(end) == "for" and end + 1 < len(clause) and clause.tokens[end + 1].is_capitalised:
        end += 1
    head = _HEADS.get(kind, KINDS[kind].label_field)
    colon = _name_after(clause, end, kind)
    if colon:
        read_slots(clause.cut(end, colon), slots, None)
    read_slots(clause.cut(colon or end), slots, head)
    return finished(slots)


def _name_after(clause: Clause, start: int, kind: str) -> int:
    """The colon the name stands after, where only marked words stand before it: "at Globex: Peter Lange, VP Sales"."""
    colon = next(clause.find(":", start=start), 0)
    if colon <= start or colon + 1 >= len(clause) or clause.at(MARKERS, start) is None:
        return 0
    is_field = any(
        (hit := clause.field_at(at, (kind,))) and hit[1] == colon for at in range(max(start, colon - 3), colon)
    )
    return 0 if is_field or (clause.at(MARKERS, colon - 1) or ("", 0))[1] == colon else colon


def finished(slots: Slots) -> Command | Puzzled:
    """The record to be made, unless words are left that fit none of its fields."""
    told = ", ".join(
        f"{name.removesuffix('_id').replace('_', ' ')} {value.spoken if isinstance(value, Mention) else value}"
        for name, value in slots.fields.items()
    )
    company = slots.fields.get("organization_id")
    if slots.kind == "account" and "name" not in slots.fields and isinstance(company, Mention):
        slots.fields["name"] = company.text
        del slots.fields["organization_id"]
    slots.unknown = [said for said in slots.unknown if not _takes(said, slots)]
    if slots.unknown:
        return Puzzled(
            f'I do not know which field "{slots.unknown[0]}" is for.',
            f"a new {slots.kind}" + (f" ({told})" if told else ""),
        )
    return Create(slots.kind, slots.fields)


_FOR_A = ("for a ", "for an ", "for the ")


def _takes(said: str, slots: Slots) -> bool:
    """What "for" says where the account is known already: the position of a job, or the colleague a lead is for."""
    if not said.startswith("for ") or "account_id" not in slots.fields:
        return False
    if slots.kind == "job" and said.startswith(_FOR_A):
        return slots.put({"position": said.split(" ", 2)[2]})
    names = said.split()[1:]
    if slots.kind in (*LEADS, "account") and 1 <= len(names) <= 3 and all(name[:1].isupper() for name in names):
        return slots.put({"owner_id": Mention(" ".join(names), ("user",))})
    return False


def _which_lead(clause: Clause, start: int, at: int, end: int) -> Command | Puzzled:
    """A lead is one of three kinds: the person says which."""
    made: list[Command] = []
    names: list[str] = []
    for kind in LEADS:
        result = _created(clause, KindWord((kind,)), kind, (start, at), end)
        if isinstance(result, Create):
            made.append(result)
            names.append(kind)
    if not made:
        return _created(clause, KindWord(("opportunity",)), "opportunity", (start, at), end)
    return Choose("Which kind of lead is it?", tuple(names), tuple(made))
