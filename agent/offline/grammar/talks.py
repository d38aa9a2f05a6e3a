"""What happened: "when did we last talk to Maria", "who did we last meet at Acme", "what changed on the Acme renewal"."""

from agent.offline.clause import Clause
from agent.offline.form import Happened, LastTalk, Mention
from agent.offline.grammar.mentions import mention_of
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.values.calendar import When
from agent.offline.words import word_set

_TALKED_TO = ("account", "contact", "individual", "organization", "opportunity")
_VERBS: Phrases[str] = grouped(
    (
        ("call", "call, called, phone, phoned, ring, rang, calling"),
        ("email", "email, emailed, e-mail, e-mailed, mail, mailed, write, wrote, written, emailing"),
        ("meeting", "met, meet, visit, visited, see, saw, seen, meeting"),
        ("chat", "chat, chatted"),
        (
            "",
            (
                "talk, talked, talking, speak, spoke, spoken, speaking, contact, contacted, hear, heard, in touch, touch, reach, "
                "reached, connect, connected, message, messaged, discuss, discussed, get in touch, got in touch, catch up, caught up, "
                "engage, engaged, interact, interacted, touch base, touched base, reach out, reached out, deal"
            ),
        ),
    )
)
_NOUNS: Phrases[str] = grouped(
    (
        ("call", "call, phone call"),
        ("email", "email, e-mail, mail, message"),
        ("meeting", "meeting, visit"),
        ("chat", "chat"),
        (
            "",
            (
                "contact, interaction, conversation, touchpoint, activity, communication, touch, talk, exchange, "
                "discussion, time we spoke, time we talked, contact date, interaction date"
            ),
        ),
    )
)
_LAST = ("last", "latest", "most recent", "recent", "previous")
_LEADS_IN = Phrases.of(
    "tell me, show me, let me know, do you know, can you tell me, check, find out, say, remember, see, look up, any idea, i wonder"
)
_LINKS = word_set("to with from in touch about at on for by out up of")
_TAIL = word_set("last lately recently time about ? . ! date ago been was we over regarding since then")
_OPENING = word_set("when what did have has who whom how with was is our the my we had date of it where")


def without_end_marks(clause: Clause) -> Clause:
    return clause.without_end("?", ".", "!")


def read_last_talk(clause: Clause) -> LastTalk | None:
    """ "when did we last talk to Maria Lopez", "last contact with Acme", "have we heard from Globex lately"."""
    clause = without_end_marks(clause)
    clause = clause.cut(clause.length(_LEADS_IN, 0))
    first = clause.word(0)
    if first not in _OPENING and first not in _LAST:
        return None
    return _by_noun(clause) or _by_verb(clause) or _gone_quiet(clause)


def _by_noun(clause: Clause) -> LastTalk | None:
    """ "when was our last contact with X", "last contact with X", "what was our last email with X about"."""
    at = clause.skip(
        0,
        "when",
        "what",
        "was",
        "is",
        "our",
        "the",
        "my",
        "did",
        "we",
        "have",
        "had",
        "date",
        "of",
        "how",
        "long",
        "ago",
    )
    length = clause.starts(at, *_LAST)
    hit = clause.at(_NOUNS, at + length) if length else None
    if hit is None or (hit[0] and not {"when", "what", "was", "how", "date"} & set(clause.words(0, at))):
        # "last call with X" is a list of one.
        return None
    kind, end = hit
    start = clause.skip(end, *_LINKS, "we", "had", "have", "the")
    return _talk(clause, start, kind or None) if start > end else None


def _by_verb(clause: Clause) -> LastTalk | None:
    """ "when we last spoke with X", "how long since we talked to X", "who was the last person we talked to at X"."""
    words = clause.words(0, len(clause))
    if not set(words) & {*_LAST, "lately", "recently", "since", "ago"} or not set(words) & {
        "we",
        "i",
        "you",
        "anyone",
        "us",
    }:
        return None
    asks_who = words[0] in ("who", "whom") or words[:2] == ("with", "whom")
    begin = next((i for i, word in enumerate(words) if word in ("we", "i", "anyone")), len(words))
    for at in range(begin, len(clause)):
        hit = clause.at(_VERBS, at)
        if hit is None or clause.tokens[at].is_capitalised:
            continue
        start = clause.skip(hit[1], *_LINKS, "anyone", "somebody", "someone")
        if asks_who and not {"at", "from", "of", "with", "in", "for", "about", "on"} & set(
            clause.words(hit[1], start - hit[1])
        ):
            return None
        return _talk(clause, start, hit[0] or None, asks_who=asks_who)
    return None


_QUIET = Phrases.of(
    "gone quiet, gone dark, gone silent, gone cold, been quiet, been silent, been in touch, been in contact, responded, replied, answered"
)


def _gone_quiet(clause: Clause) -> LastTalk | None:
    """ "has Globex gone quiet", "has Maria been in touch lately"."""
    if clause.word(0) not in ("has", "have", "is"):
        return None
    at = next((i for i in range(2, len(clause)) if clause.length(_QUIET, i)), None)
    mention = mention_of(clause.cut(1, at), _TALKED_TO) if at else None
    return LastTalk(mention) if mention else None


def _talk(clause: Clause, at: int, kind: str | None, *, asks_who: bool = False) -> LastTalk | None:
    end = len(clause)
    while end > at and clause.word(end - 1) in _TAIL:
        end -= 1
    if at >= end or any(clause.when(i) for i in range(at, end)):
        return None
    mention = mention_of(clause.cut(at, end), _TALKED_TO)
    return LastTalk(mention, kind, asks_who) if mention else None


_HAPPENED: Phrases[bool] = grouped(
    (
        (
            True,
            (
                "what changed on, what changed at, what changed with, what changed in, what has changed on, what has changed at, "
                "what has changed with, what has changed in, changes to, changes on, changes of, changes in, change history of, "
                "change log of, change history for, what was changed on, what did we change on, audit trail of, "
                "audit trail for, stage history of, what has been changed on, recent changes to, recent changes on, what's changed on, "
                "edits to, what is different on, history of changes of, history of changes to, what changed for"
            ),
        ),
        (
            False,
            (
                "what happened with, what happened at, what happened on, what happened to, what has happened with, what has happened at, "
                "what has happened on, what has been happening with, what has been happening at, what went on with, what's happened with, "
                "what did we do with, what did we do for, what did we do at, history of, the history of, history for, history with, "
                "timeline of, timeline for, the timeline of, activity on, activity at, activity with, activity for, "
                "recent activity on, recent activity at, recent activity with, recent activity for, activities with, "
                "what is been going on at, what is been going on with, what has been going on at, what has been going on with, "
                "what is been happening at, what is been happening with, what is going on with, "
                "what is going on at, what is happening with, what is happening at, happenings at, "
                "latest activity on, latest activity at, latest activity for, what is new with, what is new at, what is new on"
            ),
        ),
    )
)


def read_happened(clause: Clause) -> Happened | None:
    """ "what happened with Globex this month", "what changed on the Acme renewal since Monday"."""
    clause = without_end_marks(clause)
    lead = clause.length(_LEADS_IN, 0)
    hit = clause.at(_HAPPENED, clause.skip(lead, "the", "all", "me"))
    if hit is None:
        return None
    only_changes, start = hit
    end, bounds, said = len(clause), ("", ""), ""
    for at in range(start, len(clause)):
        skipped = clause.skip(at, "in", "during", "over", "since", "for", "on", "within", "the", "from", "after")
        when = clause.when(at) or (clause.when(skipped) if skipped > at else None)
        if when and when[1] == len(clause) and at > start:
            is_open = bool({"since", "after", "from"} & set(clause.words(at, skipped - at)))
            end, bounds, said = (
                at,
                _bounds(when[0].past, is_open=is_open),
                f"{'since ' if is_open else ''}{when[0].said}",
            )
            break
    while end > start and clause.word(end - 1) in ("lately", "recently", "so", "far", "latest", ","):
        end -= 1
    mention: Mention | None = mention_of(clause.cut(start, end), ())
    return Happened(mention, *bounds, said, only_changes) if mention else None


def _bounds(when: When, *, is_open: bool) -> tuple[str, str]:
    return when.start.isoformat(), "" if is_open else when.end.isoformat()
