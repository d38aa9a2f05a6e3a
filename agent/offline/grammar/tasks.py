"""Tasks and notes: "remind me to call Ben on Friday", "create a task for Ana: …", "add a note to Acme: …"."""

from agent.offline.clause import Clause
from agent.offline.form import Create, Mention, Puzzled, Scalar
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.names import is_title
from agent.offline.grammar.values import iso_moment
from agent.offline.lexicon.kinds import NAMED_KINDS, kind_at
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.lexicon.statuses import choice_at
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.text import Shape
from agent.offline.words import word_set
from schema.kinds import KINDS

_PRIORITY = KINDS["task"].fields["priority"]
_ABOUT_KINDS = ("account", "contact", "opportunity", "individual", "organization", "job", "partnership")
_DUE = (
    "by",
    "on",
    "due",
    "before",
    "until",
    "till",
    "for",
    "at",
    "deadline",
    "no later than",
    "due by",
    "due on",
    "in",
)
_PLANNING = ("schedule", "plan", "arrange", "book")
_FOLLOW: Phrases[str] = grouped(
    (
        (
            "follow",
            (
                "follow up with, follow up on, follow-up with, followup with, follow up, follow up about, "
                "follow-up on, chase, chase up, get back to, circle back with, check in with"
            ),
        ),
    )
)
_NOTES: Phrases[str] = grouped(
    (
        (
            "note",
            (
                "note that, note down that, jot down that, make a note that, add a note that, take a note that, "
                "make a note saying, leave a note that, add a note saying, write down that, please note that, for the record"
            ),
        ),
    )
)


def read_task(clause: Clause) -> Create | Puzzled | None:
    """The task a clause asks for, in whichever words."""
    if led := _asked_of(clause) or _led_by_date(clause) or _task_given(clause) or _task_after(clause):
        return led
    if clause.word(0) in _PLANNING:
        ahead = clause.cut(clause.skip(1, "a", "an", "the"))
        if ahead.at(_FOLLOW, 0):
            return read_task(ahead)
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    if follow := clause.at(_FOLLOW, 0):
        return (
            _task(clause, 0)
            if len(clause) > follow[1]
            else Puzzled("Say with whom or on what to follow up.", "a follow-up task")
        )
    if Verb.CREATE in verbs or Verb.LOG in verbs:
        head = _task_noun(clause, start)
        return _task(head[0], head[1], head[2]) if head else None
    if reminds_somebody(clause, 0):
        return _task(clause, 1)
    if Verb.REMIND not in verbs:
        return None
    noun = clause.word(0) in ("task", "todo", "to-do", "reminder", "follow-up", "followup") or clause.starts(0, "to do")
    if noun and clause.word(start) not in (":", "-", "for", "to", "due") and not clause.when(start):
        return None
    return _task(clause, start)


def reminds_somebody(clause: Clause, at: int) -> bool:
    """ "remind Jonas to call Ben", "remind her to": a task for somebody else."""
    return (
        clause.word(at) == "remind"
        and at + 2 < len(clause)
        and (clause.tokens[at + 1].is_capitalised or clause.word(at + 1) in ("him", "her", "them"))
        and any(clause.find("to", start=at + 2))
    )


def _asked_of(clause: Clause) -> Create | Puzzled | None:
    """ "ask Lena to prepare the workshop by Wednesday": a task for a colleague."""
    to = next(clause.find("to", start=2), 0)
    is_named = 1 < to <= 3 and all(token.is_capitalised for token in clause.tokens[1:to])
    if clause.word(0) not in ("ask", "tell", "get") or not is_named:
        return None
    user = mention_of(clause.cut(1, to), ("user",))
    return _task(clause, to, {"assignee_id": user}) if user and user.refers == "name" else None


def _led_by_date(clause: Clause) -> Create | Puzzled | None:
    """ "on 3 December at 14:30 remind me to ring Acme": the date comes first."""
    start = clause.skip(0, "on", "by", "at", "in")
    when = clause.when(0) or clause.when(start)
    if when is None or when[1] >= len(clause):
        return None
    rest = clause.cut(clause.skip(when[1], ",", ":", "please"))
    verbs, _ = rest.at(VERBS, 0) or ((), 0)
    if not len(rest) or not set(verbs) & {Verb.REMIND, Verb.CREATE}:
        return None
    task = read_task(rest)
    if not isinstance(task, Create) or "due_at" in task.fields:
        return task
    return Create(task.kind, {**task.fields, "due_at": iso_moment(when[0])})


def _task_given(clause: Clause) -> Create | Puzzled | None:
    """ "give Lena a task to visit Initech", "assign Ben a task: …"."""
    if clause.word(0) not in ("give", "assign", "set", "create", "make", "add") or len(clause) < 4:
        return None
    end = 1
    while end < len(clause) and clause.tokens[end].is_capitalised:
        end += 1
    noun = clause.skip(end, "a", "an", "the", "new", "another")
    hit = kind_at(clause.tokens, noun) if 1 < end < noun < len(clause) else None
    if hit is None or hit[0].kinds != ("task",) or hit[1] >= len(clause):
        return None
    user = mention_of(clause.cut(1, end), ("user",))
    return _task(clause, hit[1], {"assignee_id": user}) if user else None


_AS_A_TASK = Phrases.of(
    "make me a task, make that a task, make it a task, make a task, create a task, add a task, create a task for that, "
    "make a task for that, add a task for that, create a task for it, as a task, put it on my list, put that on my list, "
    "add it to my list, add that to my list, add it to my tasks, add that to my tasks"
)


def _task_after(clause: Clause) -> Create | Puzzled | None:
    """ "need to ring Dana tomorrow 11am, make me a task"."""
    for at in clause.find(",", "-", ".", start=2):
        length = clause.length(_AS_A_TASK, at + 1)
        if length and clause.skip(at + 1 + length, "please", "!", ".") == len(clause):
            begin = clause.skip(0, "i", "we", "need", "must", "should", "have", "to")
            return _task(clause.cut(begin, at), 0)
    return None


def ends_as_task(clause: Clause, at: int) -> bool:
    """Whether what comes from here only says that what came before is a task."""
    length = clause.length(_AS_A_TASK, at)
    return bool(length) and clause.skip(at + length, "please", "!", ".") == len(clause)


def reminder_after(clause: Clause, before: Create) -> Create | None:
    """ "remind me Thursday", said in one breath with an interaction: to follow up with whom it was with."""
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    if Verb.REMIND not in verbs or before.kind != "interaction" or not before.participants:
        return None
    when = clause.when(start) or clause.when(clause.skip(start, "on", "by", "about", "this", "it", "in"))
    if when is None or clause.skip(when[1], ".", "!", "about", "it", "this", "please") != len(clause):
        return None
    title = f"Follow up with {before.participants[0].spoken}"
    me = Mention("me", ("user",), "me")
    return Create("task", {"due_at": iso_moment(when[0]), "title": title, "assignee_id": me})


def task_of(clause: Clause) -> Create | Puzzled:
    """The task that a clause is, word for word: "call Maria tomorrow"."""
    return _task(clause, 0)


_TASK_NOUN_WORDS = word_set("a an the new me my another priority us")


def _task_noun(clause: Clause, start: int) -> tuple[Clause, int, dict[str, Scalar | Mention]] | None:
    """ "create [a high priority] task": where the rest begins, and the adjectives."""
    fields: dict[str, Scalar | Mention] = {}
    at = start
    while at < min(len(clause), start + 6):
        hit = kind_at(clause.tokens, at)
        if hit:
            return (clause, hit[1], fields) if hit[0].kinds == ("task",) else None
        if chosen := choice_at(clause.tokens, at, _PRIORITY):
            fields["priority"], at = chosen[0], chosen[1]
        elif clause.word(at) in _TASK_NOUN_WORDS:
            at += 1
        else:
            return None
    return None


def _task(clause: Clause, at: int, given: dict[str, Scalar | Mention] | None = None) -> Create | Puzzled:
    fields: dict[str, Scalar | Mention] = dict(given or {})
    if clause.word(at - 1) == "remind":
        to = next(clause.find("to", "about", start=at), len(clause))
        who = mention_of(clause.cut(at, to), ("user",))
        if who and to < len(clause):
            fields["assignee_id"], at = who, to
    rest = clause.cut(clause.skip(at, ":", "-", ",", "that", "me", "called", "titled", "named"))
    if rest.shape(0) is Shape.QUOTE and len(rest) > 1:
        return _quoted_task(rest, fields)
    rest = _lift_due(rest, fields)
    rest = _lift_priority(rest, fields)
    rest = _lift_assignee(rest, fields)
    rest_at = rest.skip(0, "4")
    linked_by = rest.word(rest_at)
    rest = _lift_link(rest.cut(rest_at), fields)
    start = rest.skip(
        0,
        "to",
        ":",
        "-",
        ",",
        "that",
        "called",
        "titled",
        "named",
        "i",
        "need",
        "should",
        "have",
        "must",
        "me",
        "saying",
        "about" if rest.word(1) == "" else ":",
    )
    title_part = rest.cut(start)
    title = _title(title_part)
    if not title:
        about = fields.get("about_id") or fields.get("whose")
        if isinstance(about, Mention) and (linked_by != "for" or _is_follow_up(clause)):
            title = f"Follow up {'with' if linked_by == 'with' else 'on'} {about.spoken}"
        else:
            return Puzzled(
                "Say what is to be done, for instance: create a task to call Maria Lopez on Friday.", "a new task"
            )
    fields["title"] = title
    if "about_id" not in fields and (hint := _hint(title_part)):
        fields["about_id"] = hint
    if "assignee_id" not in fields and "whose" not in fields:
        fields["assignee_id"] = Mention("me", ("user",), "me")
    return Create("task", fields)


def _is_follow_up(clause: Clause) -> bool:
    return any(clause.find("follow-up", "followup")) or any(clause.starts(i, "follow up") for i in range(len(clause)))


def _quoted_task(clause: Clause, fields: dict[str, Scalar | Mention]) -> Create:
    """ "'Send pricing' for Sofia due 1 December about Acme": the title is quoted, the rest says when, whose and about what."""
    fields["title"] = clause.tokens[0].inner
    rest = _lift_assignee(_lift_priority(_lift_due(clause.cut(1), fields), fields), fields)
    starts = [i for i in range(len(rest)) if rest.word(i) in _LINKS]
    for at, end in zip(starts, [*starts[1:], len(rest)], strict=False):
        _lift_link(rest.cut(at, end), fields)
    if "assignee_id" not in fields and "whose" not in fields:
        fields["assignee_id"] = Mention("me", ("user",), "me")
    return Create("task", fields)


_LINKS = ("for", "on", "about", "regarding", "with", "at", "under")


def _title(part: Clause) -> str:
    if (
        not len(part)
        or not is_title(part)
        or not any(token.shape in (Shape.WORD, Shape.QUOTE) for token in part.tokens)
    ):
        return ""
    title = part.tokens[0].inner if len(part) == 1 else " ".join(part.said().split())
    if part.word(0) in ("about", "regarding"):
        title = f"Follow up {title}"
    return title[0].upper() + title[1:] if title else ""


_LIFT_DUE_WORDS = word_set(", . to ; - : that at with assigned ( about high urgent for")


def _lift_due(clause: Clause, fields: dict[str, Scalar | Mention]) -> Clause:
    """Takes the due date out of the words: the one a preposition or its place at an end marks as such."""
    best: tuple[int, int, int] | None = None
    read = 0
    for at in range(len(clause)):
        # What stands inside a date ("3pm" in "tomorrow at 3pm") is no other one.
        if at < read or clause.shape(at) is Shape.QUOTE or (hit := clause.when(at)) is None:
            continue
        read = hit[1]
        start = at
        while start and clause.word(start - 1) in (*_DUE, "the", "not", "later", "than", "no"):
            start -= 1
        marked = start < at and clause.word(start) != "the"
        ends = hit[1] >= len(clause) or clause.word(hit[1]) in _LIFT_DUE_WORDS
        if not (marked or ends or at == 0) or (at and clause.word(at - 1) in ("from", "since") and not ends):
            continue
        if not ends and clause.tokens[min(hit[1], len(clause) - 1)].shape is Shape.WORD and at > 0 and not marked:
            continue
        rank = 2 * marked + ends
        if best is None or rank > best[0] or (rank == best[0] and hit[1] - at > best[2] - best[1]):
            best = (rank, start, hit[1])
            fields["due_at"] = iso_moment(hit[0])
    return _without(clause, best[1], best[2]) if best else clause


def _without(clause: Clause, start: int, end: int) -> Clause:
    """The clause without some of its tokens; their text is cut out too."""
    before, after = clause.tokens[:start], clause.tokens[end:]
    if not before:
        return clause.cut(end)
    if not after:
        return clause.cut(0, start)
    text = clause.text[: before[-1].end] + " " * (after[0].start - before[-1].end) + clause.text[after[0].start :]
    return Clause(text, before + after, clause.clock, clause.situation)


_LIFT_PRIORITY_SKIPPED = word_set(", with priority prio : it is it's that's -")


def _lift_priority(clause: Clause, fields: dict[str, Scalar | Mention]) -> Clause:
    for at in range(len(clause)):
        start = clause.skip(at, *_LIFT_PRIORITY_SKIPPED)
        hit = choice_at(clause.tokens, start, _PRIORITY) if start < len(clause) else None
        if hit is None or (
            hit[1] - start == 1
            and start == at
            and clause.word(hit[1]) not in ("priority", "prio")
            and not (hit[1] == len(clause) and clause.word(at) in ("urgent", "asap"))
        ):
            continue
        fields["priority"] = hit[0]
        return _without(clause, at, clause.skip(hit[1], "priority", "prio"))
    return clause


def _lift_assignee(clause: Clause, fields: dict[str, Scalar | Mention]) -> Clause:
    """ "assigned to Ben", "assign it to Ana", "owner Ben"; "for Ben" before the words of the task."""
    for at in range(len(clause)):
        length = clause.starts(
            at,
            "assigned to",
            "assign to",
            "assign it to",
            "and assign it to",
            "and assign to",
            "owner",
            "assignee",
            "to be done by",
            "give it to",
            ", assigned to",
            ", assign to",
            ", assign it to",
            "owned by",
            ", owner",
        )
        if not length or at + length >= len(clause):
            continue
        end = at + length + 1
        while end < len(clause) and clause.tokens[end].is_capitalised:
            end += 1
        mention = mention_of(clause.cut(at + length, end), ("user",))
        if mention:
            fields["assignee_id"] = mention
            return _without(clause, at, end)
    return clause


def _lift_link(clause: Clause, fields: dict[str, Scalar | Mention]) -> Clause:
    """ "for Acme: …", "on the Acme renewal to …": whom or what the task is for, said before the task itself."""
    if clause.word(0) not in _LINKS:
        return clause
    end = next(
        (
            i
            for i in range(1, len(clause))
            if clause.word(i) in (":", "to", "-", ",", "saying", "called", "titled", "that")
        ),
        len(clause),
    )
    mention = mention_of(clause.cut(1, end), ())
    if mention is None:
        return clause
    if mention.refers == "me":
        fields["assignee_id"] = mention
    elif clause.word(0) == "for" and not mention.kinds and mention.refers == "name":
        fields["whose"] = Mention(
            mention.text, ("user", "account", "contact", "opportunity"), at=mention.at, as_said=mention.spoken
        )
    else:
        fields["about_id"] = Mention(
            mention.text, mention.kinds or _ABOUT_KINDS, mention.refers, mention.at, mention.where, mention.spoken
        )
    return clause.cut(end) if end < len(clause) else clause.cut(len(clause))


def _hint(part: Clause) -> Mention | None:
    """The likeliest name inside a task's words: the longest run of capitalised words, or what a pronoun stands for."""
    best: tuple[int, int] | None = None
    at = 1
    while at < len(part):
        if part.word(at) in ("her", "him", "them"):
            return Mention(part.word(at), ("contact", "individual", "account"), "focus", is_hint=True)
        if (
            part.word(at) in ("that", "this")
            and (hit := kind_at(part.tokens, at + 1))
            and hit[0].kinds[0] not in _TITLED
        ):
            return Mention(part.said(at, hit[1]), hit[0].lookup, "focus", where=hit[0].where, is_hint=True)
        end = _name_run(part, at)
        if end > at and (best is None or _weight(part, at, end) > _weight(part, *best)):
            best = (at, end)
        at = max(end, at + 1)
    if best is None:
        return None
    mention = mention_of(part.cut(*best), _ABOUT_KINDS)
    if mention is None or mention.refers != "name":
        return None
    longer = part.said(best[0], _longer_end(part, best[1]))
    return Mention(
        mention.text,
        mention.kinds,
        at=mention.at,
        as_said=mention.spoken,
        is_hint=True,
        longer=longer if longer != mention.text else "",
    )


_TITLED = ("task", "note", "interaction", "user")
"""Kinds that a task is not about."""
_NAME_RUN_WORDS = word_set("de van von der den di la & of")


def _name_run(part: Clause, at: int) -> int:
    """Where a run of capitalised words that starts here ends."""
    end = at
    while (
        end < len(part)
        and part.tokens[end].is_capitalised
        and part.shape(end) is Shape.WORD
        and part.word(end) not in ("i", "q1", "q2", "q3", "q4")
        and not part.when(end)
    ):
        end += 1
        inside = part.skip(end, *_NAME_RUN_WORDS)
        if inside > end and inside < len(part) and part.tokens[inside].is_capitalised:
            end = inside
    return end


def _weight(part: Clause, start: int, end: int) -> tuple[int, bool]:
    """Longer names first; an acronym ("NDA") last."""
    return end - start, not (
        end - start == 1 and part.tokens[start].text.isupper() and len(part.tokens[start].text) <= 4
    )


def _longer_end(part: Clause, end: int) -> int:
    """A few plain words after a name that may belong to it: "Globex expansion"."""
    stop = end
    while (
        stop < min(len(part), end + 3)
        and part.shape(stop) is Shape.WORD
        and not part.tokens[stop].is_capitalised
        and part.word(stop) not in _NOT_IN_NAMES
    ):
        stop += 1
    return stop


_NOT_IN_NAMES = word_set(
    "the a an in on at by to for with about from of and or before after is are was will wants that which "
    "who as if when it they she he we"
)


_READ_NOTE_SKIPPED = word_set("a an the another new quick short this following")


def read_note(clause: Clause) -> Create | Puzzled | None:
    """The note a clause wants written, and about what."""
    if told := clause.at(_NOTES, 0):
        return _about_named(clause.cut(told[1]))
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    if clause.word(0) in ("note", "memo", "comment"):
        end = 1
    elif length := clause.starts(0, "write down", "jot down", "note down", "put down"):
        end = length
    elif set(verbs) & {Verb.CREATE, Verb.LOG, Verb.CONTACT, Verb.MOVE} or clause.starts(0, "leave", "take"):
        at = clause.skip(max(start, 1), *_READ_NOTE_SKIPPED)
        hit = kind_at(clause.tokens, at) if at < len(clause) else None
        if hit is None or hit[0].kinds != ("note",):
            return _quoted_note(clause, max(start, 1), verbs)
        end = hit[1]
    else:
        return None
    return _note(clause, end)


def _quoted_note(clause: Clause, at: int, verbs: tuple[Verb, ...]) -> Create | None:
    """ "add 'they are merging' to Acme as a note"."""
    if Verb.CREATE not in verbs or clause.shape(at) is not Shape.QUOTE or clause.word(at + 1) not in ("to", "as"):
        return None
    marker = next(clause.find("note", "notes", start=at), None)
    if marker is None:
        return None
    target = clause.cut(at + 2, next((i for i in range(at + 2, marker) if clause.word(i) in ("as", "'s")), marker))
    mention = mention_of(target, NAMED_KINDS[:7]) if len(target) else None
    return Create("note", {"body": clause.tokens[at].inner, **({"about_id": mention} if mention else {})})


_NOTE_WORDS = word_set("to on for about regarding against under in with")


def _note(clause: Clause, at: int) -> Create | Puzzled | None:
    if clause.shape(at) is Shape.QUOTE:
        body, at = clause.tokens[at].inner, at + 1
        about = _target(clause, at, len(clause))
        return Create("note", {"body": body, **({"about_id": about} if about else {})})
    if clause.word(at) in _NOTE_WORDS:
        end = next(
            (
                i
                for i in range(at + 1, len(clause))
                if clause.word(i) in (":", "-", "saying", "that", ",", "says", "stating", "with")
                or clause.shape(i) is Shape.QUOTE
            ),
            None,
        )
        about = _target(clause, at, end if end is not None else len(clause))
        if about is None or end is None:
            return Puzzled(
                "Say what the note is to say, for instance: add a note to Acme: they are moving offices.",
                f"a note about {about.spoken}" if about else "a note",
            )
        body = _rest(clause, end)
        return (
            Create("note", {"body": body, "about_id": about})
            if body
            else Puzzled("Say what the note is to say.", f"a note about {about.spoken}")
        )
    if clause.word(at) in (":", "-", "saying", "that"):
        return _about_named(clause.cut(clause.skip(at, ":", "-", "saying", "that")))
    return None


_TARGET_SKIPPED = word_set("to on for about regarding against under in with")


def _target(clause: Clause, at: int, end: int) -> Mention | None:
    start = clause.skip(at, *_TARGET_SKIPPED)
    mention = mention_of(clause.cut(start, end), _ABOUT_KINDS) if start < end else None
    return mention if mention and mention.refers != "me" else None


_REST_SKIPPED = word_set(": - saying that , says stating with the text")


def _rest(clause: Clause, at: int) -> str:
    start = clause.skip(at, *_REST_SKIPPED) if clause.shape(at) is not Shape.QUOTE else at
    if start >= len(clause):
        return ""
    if start == len(clause) - 1:
        return clause.tokens[start].inner
    text = clause.text[clause.tokens[start].start : clause.tokens[-1].end].strip()
    return text[0].upper() + text[1:]


def _about_named(body: Clause) -> Create | Puzzled:
    """A note whose own words name what it is about."""
    if not len(body):
        return Puzzled("Say what the note is to say.", "a note")
    text = _rest(body, 0) if body.word(0) not in (":", "-") else _rest(body, 1)
    padded = Clause(body.text, (body.tokens[0], *body.tokens), body.clock, body.situation)
    hint = _hint(padded)
    return Create("note", {"body": text, **({"about_id": hint} if hint else {})})
