"""From a request to its logical form: clauses are split, courtesies dropped, and each reader tried in turn."""

from collections.abc import Callable

from agent.offline.clause import Clause, whole
from agent.offline.form import (
    WRITES,
    Choose,
    Command,
    Create,
    Delete,
    Help,
    ListOf,
    Look,
    Meaning,
    Mention,
    Puzzled,
    Tag,
    Update,
)
from agent.offline.grammar.analytics import read_analysis, read_total
from agent.offline.grammar.analytics.as_of import read_as_of
from agent.offline.grammar.analytics.going_on import read_behind, read_reshape
from agent.offline.grammar.changes import read_change
from agent.offline.grammar.corrections import read_correction, read_employer
from agent.offline.grammar.create import read_create
from agent.offline.grammar.deciding import read_decision, read_likely
from agent.offline.grammar.followups import read_more, read_refine
from agent.offline.grammar.listing import read_list, read_sum
from agent.offline.grammar.logging import read_log
from agent.offline.grammar.lookup import read_look
from agent.offline.grammar.merging import read_merge
from agent.offline.grammar.questions import read_question, read_reach, read_topic_first
from agent.offline.grammar.removal import (
    read_clear,
    read_delete,
    read_restore,
    read_tag,
    read_undo,
    without_excuse,
    without_false_start,
)
from agent.offline.grammar.said_of import read_said_of
from agent.offline.grammar.searching import read_search
from agent.offline.grammar.several import one_by_one, read_several
from agent.offline.grammar.spelling_out import spelt_out
from agent.offline.grammar.talks import read_happened, read_last_talk
from agent.offline.grammar.tasks import ends_as_task, read_note, read_task, reminder_after, reminds_somebody, task_of
from agent.offline.grammar.those import read_left_out, read_remeasured, read_same_for, read_those
from agent.offline.grammar.ticked import read_ticked
from agent.offline.grammar.told import is_told
from agent.offline.lexicon.kinds import kind_at
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.verbs import OPENERS, POLITE, TRAILING, VERBS, Verb
from agent.offline.situation import Situation
from agent.offline.text import Shape, tidy
from agent.offline.typos import mended, with_first_word
from agent.offline.words import word_set

Reader = Callable[[Clause], Command | Puzzled | None]
_REACHING = ("call", "email", "e-mail", "phone", "ring", "meet", "message", "text", "ping", "mail", "dial")
LONGEST = 4000
"""Characters of a request that are read; a longer one is not a request."""
_ENDS = (".", "!", "?", ";", "\n")
_JOINING = (
    "add",
    "create",
    "set",
    "change",
    "update",
    "move",
    "mark",
    "assign",
    "tag",
    "delete",
    "remind",
    "log",
    "make",
    "put",
    "schedule",
    "rename",
    "close",
    "reopen",
    "push",
    "reassign",
    "note",
    "complete",
    "show",
    "list",
)


def understand(raw: str, situation: Situation) -> Meaning:
    """What a request means: commands in order, or what of it was not understood."""
    if len(raw) > LONGEST:
        return Puzzled(f"That is longer than {LONGEST} characters; say in a sentence or two what is to be done.")
    said = whole(tidy(raw), situation)
    if decision := read_decision(said):
        return (decision,)
    clause = spelt_out(_without_appeal(without_excuse(without_false_start(with_first_word(said)))))
    meaning = _read_all(clause)
    if not isinstance(meaning, Puzzled) and not _names_oddly(meaning):
        return meaning
    better = mended(clause)
    again = _read_all(better) if better else meaning
    if not isinstance(meaning, Puzzled):
        return again if not isinstance(again, Puzzled) and _asks_for_some(again[0]) else meaning
    return again if not isinstance(again, Puzzled) or again.understood else meaning


_APPEAL = Phrases.of(
    "update it, update that, update this, update the record, change it, change that, fix it, fix that, correct it, correct that, "
    "update accordingly, note it, adjust it, adjust that, update the crm, update it accordingly"
)


def _without_appeal(clause: Clause) -> Clause:
    """News without the appeal after it, which says nothing more: "…, could you update that please"."""
    for at in clause.find(",", ".", "-", ";", start=2):
        begin = clause.skip(at + 1, "so", "please", "could", "can", "would", "you", "and")
        length = clause.length(_APPEAL, begin)
        if length and clause.skip(begin + length, "please", "thanks", "for", "me", "thx", ".", "!", "?") == len(clause):
            return clause.cut(0, at)
    return clause


def _names_oddly(meaning: tuple[Command, ...]) -> bool:
    """Whether what is looked up is called like no record: the "deels of Tomasz" may be a list of deals."""
    match meaning:
        case (Look(mention=Mention(refers="name", text=text)),):
            words = text.split()
            link = next((at for at, word in enumerate(words[:4]) if word in ("of", "for", "at", "from", "with")), 0)
            return bool(link) and all(word.islower() for word in words[:link])
        case _:
            return False


def _asks_for_some(command: Command) -> bool:
    """Whether it is a list, or some fields of a record."""
    return isinstance(command, ListOf) or (isinstance(command, Look) and bool(command.wanted))


def _read_all(clause: Clause) -> Meaning:
    commands: list[Command] = []
    # "… on 1 October, and who changed it since": one question, although it could be cut in two.
    if (then := read_as_of(_without_courtesies(clause))) is not None:
        return then if isinstance(then, Puzzled) else (then,)
    for part in _clauses(clause):
        stripped = _without_courtesies(part)
        if not len(stripped):
            continue
        last = commands[-1] if commands else None
        command = (reminder_after(stripped, last) if isinstance(last, Create) else None) or _read(stripped)
        if isinstance(command, Puzzled):
            return (
                command
                if not commands
                else Puzzled(
                    command.why, f"{len(commands)} other thing(s), and {command.understood or stripped.said()}"
                )
            )
        commands.append(command)
    return tuple(commands) if commands else (Help(),)


def _read(clause: Clause) -> Command | Puzzled:
    """The first reader's answer; a puzzle is kept only if no later reader understands."""
    if _is_negated(clause):
        return Puzzled("That says what not to do; I changed nothing.", clause.said())
    puzzle: Puzzled | None = None
    for reader in _READERS:
        found = reader(clause)
        if isinstance(found, Puzzled):
            puzzle = puzzle or found
        elif isinstance(found, WRITES) and _breaks_off(clause, found):
            return Puzzled(
                f"The request seems to break off after “{clause.tokens[-1].text}”.", understood=clause.said()
            )
        elif found is not None and not (puzzle and isinstance(found, WRITES)):
            return one_by_one(found) if isinstance(found, Update | Tag | Delete) else found
        if puzzle and reader in _LAST_WORD:
            break
    return puzzle or Puzzled("", "")


def _breaks_off(clause: Clause, command: Command) -> bool:
    """Whether a change ends where no sentence does; a text that is only kept may end as it likes."""
    if isinstance(command, Create) and command.kind == "interaction" and clause.word(len(clause) - 1) == "called":
        return False
    if isinstance(command, Create) and command.kind == "task" and clause.words(len(clause) - 2, 2) in _PHRASAL:
        return False
    body = command.fields.get("body") if isinstance(command, Create) else None
    if isinstance(body, str) and body.lower().endswith(clause.tokens[-1].inner.lower()):
        return body.split()[-1].lower() in _UNFINISHED
    return clause.tokens[-1].word in _DANGLING and not clause.tokens[-1].is_capitalised


_PHRASAL = frozenset(
    (verb, particle)
    for particle, verbs in (
        ("in", "check log sign dial call chime hand fill step drop come send turn jump"),
        ("by", "stop drop come swing pass"),
        ("on", "move sign log carry"),
    )
    for verb in verbs.split()
)
"""Verbs that are whole with the little word after them: "remind me to check in"."""
_UNFINISHED = word_set(
    "the a an and or my our their is are she he they we wants want needs about this with to of at from by"
)
_DANGLING = word_set(
    ": - to for with the a an of from by at and or as my our about is are into than because between in on called named"
)


_IS_NEGATED_SAID = Phrases.of("do not, don't, dont, never, not, please do not, you should not, stop")


def _is_negated(clause: Clause) -> bool:
    return bool(clause.length(_IS_NEGATED_SAID, 0) and not clause.at(VERBS, 0))


def _clauses(clause: Clause) -> list[Clause]:
    """The request cut where a new command begins: after a full stop, or after "and" or a comma before a verb."""
    parts: list[Clause] = []
    start = 0
    open_text = False
    for at in range(1, len(clause)):
        begins = _begins(clause, at, in_text=open_text or _is_title(clause.cut(start, at)))
        if begins:
            parts.append(clause.cut(start, at))
            start, open_text = begins, False
        elif clause.word(at) == ":" and at > start + 1:
            open_text = True
    parts.append(clause.cut(start))
    return [_trimmed(part) for part in parts if len(_trimmed(part))]


def _is_title(part: Clause) -> bool:
    """Whether what came so far is the free text of a task or an interaction, which "and" goes on with."""
    verbs, _ = part.at(VERBS, 0) or ((), 0)
    return (
        is_told(part, 0)
        or Verb.REMIND in verbs
        or part.starts(0, "follow up") > 0
        or (
            bool({Verb.CREATE, Verb.LOG} & set(verbs))
            and any(
                hit and hit[0].kinds[0] in ("task", "interaction", "note")
                for i in range(1, min(6, len(part)))
                if (hit := kind_at(part.tokens, i))
            )
        )
    )


_BEGINS_SAID = Phrases.of(
    "create a task, add a task, create a follow-up, set a follow-up, add a note, log a, move the, "
    "create a reminder, add a reminder, make a task, set a task, create a follow up"
)


def _begins(clause: Clause, at: int, *, in_text: bool) -> int:
    """The token a new command begins with when the one here separates it from the last; else 0."""
    word = clause.word(at)
    if word == "-" and in_text and is_told(clause, 0) and clause.word(at + 1) in ("move", "set", "mark", "remind"):
        return at + 1
    if word not in (*_ENDS, "and", "then", ","):
        return 0
    after = clause.skip(at, *_ENDS, ",", "and", "then", "also", "please")
    if after >= len(clause) or ends_as_task(clause, after):
        return 0
    if clause.starts(after, "remind me", "set a reminder", "set me a reminder") or reminds_somebody(clause, after):
        return after
    named_field = clause.names_at(after)
    joined = clause.word(after) in _JOINING and clause.at(VERBS, after)
    if word == "and" and not in_text and clause.word(after) in _ASKING and _points_back(clause, after):
        return after
    if named_field and named_field[1] > after + 1 and word not in _ENDS:
        return 0
    if in_text:
        sentence = word in _ENDS and joined and clause.word(after) not in ("note", "show", "list", "make", "put")
        named = clause.length(_BEGINS_SAID, after) or _heads_note(clause, after)
        return after if sentence or named else 0
    if word in _ENDS:
        return after if clause.at(VERBS, after) or clause.at(POLITE, after) or is_told(clause, after) else 0
    return after if joined else 0


def _heads_note(clause: Clause, at: int) -> bool:
    """Whether a note on something named begins here, with a colon before its text: "… and note on Globex: …"."""
    colon = next(clause.find(":", start=at), 0)
    return (
        clause.word(at) == "note" and clause.word(at + 1) in ("on", "for", "to", "about") and at + 2 < colon <= at + 7
    )


_ASKING = ("who", "when", "what", "where", "which", "how")


def _points_back(clause: Clause, at: int) -> bool:
    """Whether a question goes on about what the one before it named: "… and who owns it"."""
    return any(
        clause.word(i) in ("it", "its", "he", "she", "they", "them", "her", "his", "their")
        for i in range(at, len(clause))
    )


def _trimmed(part: Clause) -> Clause:
    end = len(part)
    while end and (part.word(end - 1) in (*_ENDS, ",")):
        end -= 1
    return part.cut(part.skip(0, *_ENDS, ","), end)


def _without_courtesies(clause: Clause) -> Clause:
    """The clause without "could you please" before it and "thanks" after."""
    at = 0
    while at < len(clause):
        after = _reminded_of(clause, at) or clause.skip(at, ",", "!", "-", ".")
        if after != at:
            at = after
            continue
        hit = clause.at(POLITE, at)
        if hit is None or (clause.at(VERBS, at) and (clause.at(VERBS, at) or ((), 0))[1] > hit[1]):
            break
        if clause.word(at) == "next" and (clause.when(at) or clause.word(at + 1) in ("page", "ones")):
            break
        if clause.word(hit[1]) == ":" and clause.length(OPENERS, at):
            at = hit[1] + 1
            continue
        if (clause.shape(hit[1]) is Shape.MARK and clause.word(hit[1]) == ":") or (
            clause.tokens[at].is_capitalised and at > 0 and hit[1] < len(clause)
        ):
            break
        at = hit[1]
    end = len(clause)
    if any(clause.find(":", start=at)):
        # What follows a colon is kept word for word, courtesies too.
        return clause.cut(at)
    while (
        cut := next(
            (i for i in range(max(at + 1, end - 5), end) if (hit := clause.at(TRAILING, i)) and hit[1] == end), None
        )
    ) is not None:
        end = cut
        while end > at and clause.word(end - 1) in (",", ".", "!", "-"):
            end -= 1
    return clause.cut(at, end)


def _reminded_of(clause: Clause, at: int) -> int:
    """Where a question begins that "remind me" only leads in: "remind me, what does Ana do at Globex?"; else 0."""
    if clause.words(at, 2) != ("remind", "me"):
        return 0
    begin = clause.skip(at + 2, ",", ":", "-", "again")
    is_apart = begin > at + 2 or clause.text.rstrip().endswith("?")
    return begin if is_apart and clause.word(begin) in (*_ASKING, "whose", "which", "whats") else 0


_READ_HELP_SAID = Phrases.of("how do i, how can i, how to, how does one, how would i")


def _read_help(clause: Clause) -> Help | None:
    verbs, end = clause.at(VERBS, 0) or ((), 0)
    if Verb.HELP in verbs and clause.length(_READ_HELP_SAID, 0):
        return Help()
    return (
        Help()
        if Verb.HELP in verbs and clause.skip(end, "?", "!", ".", "here", "with", "for", "me") == len(clause)
        else None
    )


def _names_a_field(clause: Clause) -> bool:
    """Whether a clause begins with a field and not with a deed: "phone number Hannah Meyer", "email of Ben"."""
    field = clause.names_at(0)
    return bool(field and (field[1] > 1 or clause.word(field[1]) in ("of", "for")))


def _read_contact(clause: Clause) -> Choose | Puzzled | None:
    """ "email Maria about the offer": sending and calling are not among the tools; a task is."""
    verbs, end = clause.at(VERBS, 0) or ((), 0)
    if (
        Verb.CONTACT not in verbs
        or _names_a_field(clause)
        or end >= len(clause)
        or ((hit := kind_at(clause.tokens, 0)) and clause.word(hit[1]) in ("with", "from", ":"))
    ):
        return None
    what = clause.said()
    if clause.word(0) in ("schedule", "book", "plan", "arrange"):
        ahead = read_log(clause.cut(clause.skip(end, "a", "an", "the")))
        if isinstance(ahead, Choose):
            return ahead
    named = end < len(clause) and clause.word(0) in _REACHING and clause.tokens[end].is_capitalised
    task = task_of(clause) if named else None
    if isinstance(task, Create):
        title = str(task.fields["title"])
        return Choose(
            f"I cannot call or write to anyone myself. Shall I make a task “{title}”?",
            (f"Create the task “{title}”",),
            (task,),
        )
    why = (
        "I cannot call, write or book anything myself. I can log it once it is done (log a call with …), "
        f"or keep it as a task (remind me to {what[0].lower() + what[1:]})."
    )
    return Puzzled(why, what)


_READERS: tuple[Reader, ...] = (
    read_reach, _read_help, read_likely, read_topic_first, read_merge, read_more, read_undo, read_restore, read_correction,
    read_those, read_remeasured, read_same_for, read_left_out, read_several, read_tag, read_search, read_happened, read_last_talk,
    read_behind, read_reshape, read_refine, read_note, read_task, read_ticked, read_log, read_said_of, read_analysis, read_question,
    read_total, read_sum, read_list, read_clear, read_delete, read_employer, read_create, _read_contact, read_change, read_look,
)  # fmt: skip
_LAST_WORD: tuple[Reader, ...] = (
    read_merge,
    read_several,
    read_analysis,
    read_sum,
    read_list,
    read_undo,
    read_restore,
    read_tag,
    read_note,
    read_task,
    read_delete,
    read_create,
    _read_contact,
    read_change,
)
"""Readers whose puzzle ends the search: the verb was theirs, and a later reader would only guess."""
