"""Interactions that happened: "log a call with Maria Lopez: …", "spoke to Jan yesterday about pricing", "Ana called"."""

import re
from dataclasses import dataclass, field, replace

from agent.offline.clause import Clause
from agent.offline.form import Choose, Create, Mention, Puzzled, Scalar
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.told import THEY_DID, Told, given_at, teller_end, told_at
from agent.offline.grammar.values import iso_moment
from agent.offline.lexicon.kinds import kind_at
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.text import Shape
from agent.offline.typos import vocabulary
from agent.offline.values.calendar import When
from agent.offline.words import word_set

_DIRECTION = {
    "inbound": "inbound",
    "incoming": "inbound",
    "outbound": "outbound",
    "outgoing": "outbound",
    "internal": "internal",
    "received": "inbound",
    "sent": "outbound",
}
_SUBJECTS = word_set(
    "she he they we it i there you wants wanted asked said says told mentioned needs needed agreed "
    "confirmed is are was were will would has had they're she's he's it's discussed who where interested "
    "promised likes liked wondered explained complained requested decided thinks believes hopes still not "
    "also but because so saying that regarding asking wanting telling requesting complaining confirming offering "
    "thanking inviting proposing may might can cannot can't won't should"
)
_ABOUT = ("about", "regarding", "re", "concerning", "on", "over")
_SOURCES = ("with", "to", "from", "by", "w/", "at", "and")


_WITH = ("contact", "individual", "account", "organization", "opportunity")


@dataclass(slots=True)
class _Heard:
    """What has been read of an interaction so far."""

    kind: str
    direction: str = ""
    people: list[Mention] = field(default_factory=list[Mention])
    fields: dict[str, Scalar | Mention] = field(default_factory=dict[str, Scalar | Mention])
    about: Mention | None = None
    topic: str = ""
    body: str = ""
    default: str = ""
    """The text when no other is given: "No answer"."""
    is_ordered: bool = False
    """Asked for in so many words, so that it may lie ahead: "log a meeting with Globex for tomorrow"."""
    is_bare: bool = False
    """Without a verb, so that it may have happened or be planned: "meeting with Globex on Friday"."""
    ahead: When | None = None
    """A day that is still to come, or may be."""

    @classmethod
    def of(cls, told: Told) -> "_Heard":
        return cls(told.kind, told.direction, default=told.body)


Read = Create | Choose | Puzzled


def read_log(clause: Clause) -> Read | None:
    """The interaction a clause tells of."""
    if with_colleague := _with_colleague(clause):
        return with_colleague
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    at = clause.skip(start, "that", ":", "down") if set(verbs) & {Verb.LOG, Verb.CREATE} else 0
    logged = bool(at) or bool(set(verbs) & {Verb.LOG})
    told = told_at(clause, at) or told_at(clause, 0)
    if told:
        return _read(clause, told[1], _Heard.of(told[0]))
    if given := given_at(clause, at):
        who = mention_of(given.who, _WITH)
        heard = _Heard.of(given.told)
        heard.people = [who] if who else []
        return _read(clause, given.end, heard) if who else None
    if set(verbs) & {Verb.LOG, Verb.CREATE} and (noun := _noun(clause, start)):
        return noun
    if (theirs := _they_did(clause, at)) is not None:
        return theirs
    return _terse(clause) if not logged else None


def _with_colleague(clause: Clause) -> Read | None:
    """ "Lena and I had a call with Viktor Hansen": the colleague took part as well."""
    at = next(clause.find("and", start=1), 0)
    if not 0 < at <= 2 or clause.word(at + 1) not in ("i", "me") or not clause.tokens[0].is_capitalised:
        return None
    colleague, rest = mention_of(clause.cut(0, at), ("user",)), clause.cut(at + 1)
    made = read_log(rest) if colleague and len(rest) > 2 else None
    return (
        replace(made, participants=(*made.participants, colleague)) if isinstance(made, Create) and colleague else None
    )


_NOUN_WORDS = word_set(
    "a an the my our this new short quick long brief 's today yesterday another good great productive "
    "intro introductory discovery follow-up me zoom teams kickoff in having"
)


def _noun(clause: Clause, start: int) -> Read | None:
    """ "log [a 20 minute inbound] call …": the words before the noun say how long and which way."""
    heard = _Heard("", is_ordered=teller_end(clause, 0) == 0)
    at = start
    while at < min(len(clause), start + 9):
        if lasting := clause.duration(at):
            heard.fields["duration_seconds"] = lasting[0]
            at = clause.skip(lasting[1], "long", "-")
        elif clause.word(at) in _DIRECTION:
            heard.direction, at = _DIRECTION[clause.word(at)], at + 1
        elif (hit := kind_at(clause.tokens, at)) and hit[0].kinds == ("interaction",):
            heard.kind = dict(hit[0].where).get("kind", "")
            return (
                _read(clause, hit[1], heard)
                if heard.kind
                else Puzzled("Say whether it was a call, an e-mail, a meeting or a chat.", "log an interaction")
            )
        elif hit or clause.tokens[at].is_capitalised:
            return None
        elif (when := clause.when(at)) and when[1] > at:
            heard.fields["occurred_at"], at = _occurred(when[0].past, clause), when[1]
        elif clause.word(at) in _NOUN_WORDS:
            at += 1
        else:
            return None
    return None


def _occurred(when: When, clause: Clause) -> str:
    """The instant something happened: what was said, or noon of the day; now when it was today."""
    if when.is_instant:
        return when.start.isoformat()
    if when.day == clause.clock.today:
        return clause.clock.now.isoformat()
    return when.start.replace(hour=12).isoformat()


_THEY_DID_WORDS = word_set("when who what : did has have to is if")


def _they_did(clause: Clause, at: int) -> Read | None:
    """ "Maria Lopez called: …", "log that Jan emailed about pricing"."""
    for verb in range(at + 1, min(len(clause), at + 6)):
        hit = clause.at(THEY_DID, verb)
        if hit is None:
            continue
        if clause.shape(verb) is not Shape.WORD or any(t.word in _THEY_DID_WORDS for t in clause.tokens[at:verb]):
            return None
        stop = verb
        while stop > at and clause.word(stop - 1) in ("just", "also", "then", "finally"):
            stop -= 1
        mention = mention_of(clause.cut(clause.skip(at, "that"), stop), ("contact", "individual", "account"))
        if (
            mention is None
            or mention.refers == "me"
            or not (
                mention.refers == "focus"
                or any(t.is_capitalised for t in clause.tokens[at:verb])
                or _is_small_name(clause.cut(at, stop), clause.word(hit[1]))
            )
        ):
            return None
        rest = clause.skip(hit[1], "me", "us", "in", "back", "again", "up")
        if rest < len(clause) and clause.tokens[rest].is_capitalised and not clause.when(rest):
            return None
        heard = _Heard.of(hit[0])
        heard.people = [mention]
        return _read(clause, rest, heard)
    return None


def _is_small_name(named: Clause, after: str) -> bool:
    """A full name written small, where it says whom they called: "robert chen called me"."""
    words = named.words(0, len(named))
    return after in ("me", "us") and len(words) == 2 and all(word.isalpha() and word not in _NO_NAME for word in words)


_NO_NAME = frozenset(vocabulary()) | word_set(
    "my our the a an his her their this that and or who what some any no all i we he she they it"
)
_ADJECTIVES = word_set("quick short long brief good great a an productive the")


def _terse(clause: Clause) -> Read | None:
    """ "Call with Maria Lopez: she wants the proposal", "20 min call with Jan - pricing", "demo at Acme yesterday"."""
    heard = _Heard("", is_bare=True)
    at = clause.skip(0, *_ADJECTIVES)
    if lasting := clause.duration(at):
        heard.fields["duration_seconds"] = lasting[0]
        at = clause.skip(lasting[1], "-")
    hit = kind_at(clause.tokens, at) if at < len(clause) else None
    if hit is None or hit[0].kinds != ("interaction",) or not hit[0].where or clause.word(hit[1] - 1).endswith("s"):
        return None
    after = range(hit[1] + 1, len(clause))
    when = next((found[0] for i in after if (found := clause.when(i))), None)
    timed = when is not None or bool(heard.fields) or any(clause.duration(i) for i in after)
    link = clause.word(hit[1])
    if link in ("with", "from", "w/"):
        told = timed or any(
            clause.word(i) in (":", "-", "about", "regarding") or clause.word(i) in _SUBJECTS for i in after
        )
    else:
        told = link in ("at", "for") and timed and hit[0].where[0][1] == "meeting"
    if not told:
        return None
    heard.kind = hit[0].where[0][1]
    return _read(clause, hit[1], heard)


_DISCUSSING = Phrases.of(
    "to discuss, to talk about, to go over, discussing, talking about, covering, to review, going over, "
    "on the subject of, where we discussed"
)


def _read(clause: Clause, at: int, heard: _Heard) -> Read:
    """Everything after the noun: with whom, when, how long, about what, and the text."""
    at = clause.skip(at, "i", "had")
    while at < len(clause):
        after = next((end for step in _STEPS if (end := step(clause, at, heard)) is not None), None)
        if after is None:
            return Puzzled("Say with whom it was.", f"log a {heard.kind}")
        at = after
    return _logged(clause, heard)


_TO_SAY = Phrases.of(
    "to say, to say that, to tell us, to tell us that, to tell me, to tell me that, to let us know, to let us know that, "
    "to let me know, to let me know that, to ask, to confirm, to request"
)
_ASIDE = Phrases.of(
    "when i called, when i rang, when i phoned, when i tried, by phone, on the phone, over the phone, by email, by mail, "
    "via email, via zoom, over zoom, on zoom, on teams, via teams, in person, on site, onsite, over lunch, over coffee, just now, "
    "on the line, via phone, via linkedin"
)


def _aside(clause: Clause, at: int, heard: _Heard) -> int | None:
    """Words that tell no more than the kind does already."""
    del heard
    length = clause.length(_ASIDE, at)
    return at + length if length else None


def _text_begins(clause: Clause, at: int, heard: _Heard) -> int | None:
    """From a colon, a dash or a new sentence on, or from "she wants", everything is the text."""
    word = clause.word(at)
    if heard.people and (length := clause.length(_TO_SAY, at)):
        said = {"ask": "Asked", "confirm": "Confirmed", "request": "Requested"}.get(clause.word(at + 1), "")
        heard.body = f"{said} {_raw(clause, at + length)}".strip()
        return len(clause)
    ends = word in (".", ",", "\n", "!") and at + 1 < len(clause) and not _more(clause, at + 1)
    if word in (":", ";", "-") or ends:
        heard.body = _raw(clause, at + 1)
        return len(clause)
    if word in _SUBJECTS and word not in _ABOUT and not clause.starts(at, "that lasted"):
        heard.body = _raw(clause, clause.skip(at, "saying", "that", "who", "where", "so", "because"))
        return len(clause)
    if clause.shape(at) is Shape.QUOTE and heard.people:
        heard.body = clause.tokens[at].inner
        return at + 1
    return None


def _topic_said(clause: Clause, at: int, heard: _Heard) -> int | None:
    """ "about pricing", "to discuss the Acme renewal"."""
    length = clause.length(_DISCUSSING, at) or (clause.word(at) in _ABOUT or clause.word(at) == "in")
    if not heard.people or not length or at + length >= len(clause):
        return None
    end = _topic_end(clause, at + length)
    heard.topic, heard.about = clause.said(at + length, end), _about(clause.cut(at + length, end))
    return end


def _person_said(clause: Clause, at: int, heard: _Heard) -> int | None:
    """One who took part, or where the last one is."""
    word = clause.word(at)
    if word not in _SOURCES and heard.people:
        return None
    # "an email with the new quote": with what, not with whom.
    if word == "with" and heard.people and clause.word(at + 1) in ("the", "a", "an", "our", "some", "new"):
        return None
    if word == "from" and not heard.direction and not heard.people:
        heard.direction = "inbound"
    start = clause.skip(at, *_SOURCES) if heard.people else clause.skip(at, *_SOURCES, "for")
    end = _name_end(clause, start)
    kinds = ("user",) if heard.direction == "internal" else _WITH
    mention = mention_of(clause.cut(start, end), kinds) if end > start else None
    if mention is None:
        return None
    heard.people = _joined(heard.people, mention, word)
    return end


def _mark_or_rest(clause: Clause, at: int, heard: _Heard) -> int | None:
    """A stray mark is passed over; once it is known with whom it was, any other words are the text."""
    if clause.word(at) in (",", ".", "!", "(", ")", "\n", "today", "just"):
        return at + 1
    named = any(token.is_capitalised for token in clause.tokens[at + 1 : at + 3])
    if not heard.people or (clause.word(at) in _SOURCES and (named or clause.word(at) != "with")):
        return None
    end = _text_end(clause, at, heard)
    heard.body = _raw(clause.cut(0, end), at)
    return len(clause)


def _text_end(clause: Clause, at: int, heard: _Heard) -> int:
    """Where text that nothing announced ends: a time or a length behind it is none of it."""
    end = len(clause)
    for start in range(len(clause) - 1, at, -1):
        lasting, when = clause.duration(start), clause.when(start)
        if lasting and lasting[1] == end and "duration_seconds" not in heard.fields:
            heard.fields["duration_seconds"] = lasting[0]
        elif when and when[1] == end and "occurred_at" not in heard.fields and when[0].past.start <= clause.clock.now:
            heard.fields["occurred_at"] = _occurred(when[0].past, clause)
        else:
            continue
        end = start
        while end > at and clause.word(end - 1) in (",", "for", "on", "(", "in"):
            end -= 1
    return end


def _joined(people: list[Mention], mention: Mention, word: str) -> list[Mention]:
    """One more taking part, or where the last one is ("with Jan at Globex")."""
    if word in ("at", "from") and people and people[-1].at is None and people[-1].refers == "name":
        last = people[-1]
        return [
            *people[:-1],
            Mention(
                last.text,
                last.kinds,
                last.refers,
                Mention(mention.text, ("account", "organization")),
                as_said=last.as_said,
            ),
        ]
    return [*people, mention]


def _detail(clause: Clause, at: int, heard: _Heard) -> int | None:
    """When it was and how long it took."""
    fields = heard.fields
    start = clause.skip(at, "for", "(", "lasting", "that", "lasted", "took", ",")
    if lasting := clause.duration(start):
        fields["duration_seconds"] = lasting[0]
        return clause.skip(lasting[1], ")", "long")
    start = clause.skip(at, "on", "at", "earlier", "this", "(") if not clause.when(at) else at
    when = clause.when(start) or clause.when(clause.skip(start, "for"))
    if when and "occurred_at" not in fields:
        planned = clause.word(start) == "for" or clause.word(start - 1) == "for"
        said = when[0] if planned and heard.is_ordered else when[0].past
        fields["occurred_at"] = _occurred(said, clause)
        heard.ahead = when[0] if when[0].start > clause.clock.now else None
        return clause.skip(when[1], ")")
    return at + 1 if clause.word(at) in ("earlier", "recently") else None


def _more(clause: Clause, at: int) -> bool:
    """Whether the head still goes on after a comma: a date, a length, one more person."""
    return bool(clause.when(at) or clause.duration(at) or (clause.word(at) in ("about", "regarding", "and")))


def _name_end(clause: Clause, start: int) -> int:
    at = start
    while at < len(clause):
        token = clause.tokens[at]
        stop = token.word in _SUBJECTS or token.word in (
            ":",
            ",",
            ";",
            ".",
            "!",
            "-",
            "(",
            "about",
            "regarding",
            "re",
            "concerning",
            "and",
            "&",
            "for",
            "at",
            "on",
            "from",
            "today",
            "yesterday",
            "in",
            "\n",
            "this",
            "over",
            "when",
            "while",
            "after",
            "asking",
            "via",
            "by",
            "to",
            "last",
        )
        if stop and not (token.is_capitalised and at == start) and not (token.word in ("is", "was") and at == start):
            break
        if (
            token.word in ("the", "a", "an", "our", "my")
            and at > start
            and clause.tokens[at - 1].is_capitalised
            and not token.is_capitalised
        ):
            break
        if not token.is_capitalised and at > start and (clause.when(at) or clause.duration(at)):
            break
        if (
            at > start
            and token.is_capitalised
            and clause.when(at)
            and clause.word(at) not in ("may", "april", "june", "august")
        ):
            break
        at += 1
    return at


def _topic_end(clause: Clause, start: int) -> int:
    at = start
    while (
        at < len(clause)
        and clause.word(at) not in (":", ";", ".", ",", "-", "\n")
        and not (at > start and clause.word(at) in _SUBJECTS and clause.word(at) not in ("so", "not", "also"))
    ):
        if (
            at > start
            and (clause.when(at) or clause.duration(clause.skip(at, "for")))
            and not clause.tokens[at - 1].is_capitalised
        ):
            break
        at += 1
    return at


def _about(part: Clause) -> Mention | None:
    """The record a topic names, when it looks like one; "pricing" is only a topic."""
    mention = mention_of(part, ("opportunity", "account", "job", "partnership"))
    named = mention and (mention.refers == "focus" or any(token.is_capitalised for token in part.tokens))
    if not mention or not named:
        return None
    return Mention(
        mention.text,
        mention.kinds,
        mention.refers,
        mention.at,
        as_said=mention.spoken,
        is_hint=True,
    )


def _raw(clause: Clause, at: int) -> str:
    """The text from a token on, exactly as it was written."""
    at = clause.skip(at, ":", "-", ",", ".", "\n") if at < len(clause) else at
    if at >= len(clause):
        return ""
    if at == len(clause) - 1 and clause.shape(at) is Shape.QUOTE:
        return clause.tokens[at].inner
    return clause.text[clause.tokens[at].start : clause.tokens[-1].end].strip()


def _logged(clause: Clause, heard: _Heard) -> Read:
    if not heard.people:
        asked = "Say with whom it was, for instance: log a call with Maria Lopez: she wants the proposal."
        return Puzzled(asked, f"log a {heard.kind}")
    fields, body, topic = heard.fields, heard.body, heard.topic
    moment = fields.get("occurred_at")
    fields |= {"kind": heard.kind, "occurred_at": moment or clause.clock.now.isoformat()}
    if heard.direction:
        fields["direction"] = heard.direction
    if body or topic or heard.default:
        fields["body"] = _sentence(body or heard.default or f"About {topic}")
    if topic:
        fields["subject"] = topic[0].upper() + topic[1:]
    if heard.about:
        fields["about_id"] = heard.about
    made = Create("interaction", fields, tuple(heard.people), offer=_promise(body))
    now = clause.clock.now.isoformat()
    is_ahead = isinstance(moment, str) and (moment[:10] > now[:10] or (heard.is_bare and moment > now))
    if is_ahead and not heard.is_ordered:
        return planned(made, heard.people[0], iso_moment(heard.ahead) if heard.ahead else str(moment))
    return made


def planned(made: Create, who: Mention, due: str) -> Choose:
    """What has not happened yet may be wanted as a task, or logged ahead: the person says which."""
    noun = str(made.fields["kind"])
    title = f"{noun.capitalize()} with {who.spoken}"
    topic = made.fields.get("subject")
    title += f" about {topic[0].lower()}{topic[1:]}" if isinstance(topic, str) else ""
    linked = Mention(who.text, who.kinds, who.refers, who.at, who.where, who.spoken, is_hint=True)
    task: dict[str, Scalar | Mention] = {
        "title": title, "due_at": due, "about_id": linked, "assignee_id": Mention("me", ("user",), "me"),
    }  # fmt: skip
    return Choose(
        f"That is still to come, and I cannot send invitations. Shall I keep it as a task, or log the {noun} for that time?",
        (f"Create the task “{title}”", f"Log the {noun}"),
        (Create("task", task), made),
    )


def _sentence(body: str) -> str:
    return body[0].upper() + body[1:]


_BY_A_DAY = re.compile(
    r"\b(by|before|until|on)\s+((?:next |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|"
    r"end of (?:the )?(?:week|month)|next week)\b",
    re.IGNORECASE,
)


def _promise(body: str) -> str:
    """What the text promises by a day, when it does: worth offering a task for."""
    match = _BY_A_DAY.search(body)
    return match.group() if match else ""


_STEPS = (_aside, _text_begins, _detail, _topic_said, _person_said, _mark_or_rest)
