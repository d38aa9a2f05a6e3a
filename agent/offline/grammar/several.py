"""Changes to several records at once, and merging: understood, and declined with what they would touch."""

from dataclasses import replace

from agent.offline.clause import Clause
from agent.offline.form import ListOf, Mention, Puzzled, Several
from agent.offline.grammar.listing import read_list
from agent.offline.lexicon.kinds import kind_at
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.text import Shape
from agent.offline.words import word_set

_MERGING = Phrases.of("merge, combine, consolidate, dedupe, deduplicate, de-duplicate, unify, join together, fuse")
_CHANGING = {
    Verb.SET, Verb.MOVE, Verb.MARK, Verb.ASSIGN, Verb.CLOSE, Verb.COMPLETE, Verb.DELETE, Verb.POSTPONE, Verb.CANCEL,
    Verb.REOPEN, Verb.TAG, Verb.UNTAG, Verb.RENAME,
}  # fmt: skip
_EVERY = word_set("all every each both")
_NOT_A_NAME = word_set(
    "the my our these those open won lost overdue old new done closed active of other this last next"
)


def read_merge(clause: Clause) -> Puzzled | None:
    """ "merge the two Nordwind accounts"."""
    length = clause.length(_MERGING, 0)
    if not length or length >= len(clause):
        return None
    why = (
        "I cannot merge records. Open both, move what is worth keeping to one of them (set its fields, "
        "reassign its leads), and delete the other"
    )
    return Puzzled(f"{why}.", clause.said())


def read_several(clause: Clause) -> Several | Puzzled | None:
    """ "reassign all of Oliver's deals to Sofia", "complete my overdue tasks"."""
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    told = clause.word(0).endswith("ed") or clause.word(0) in ("won", "lost", "done")
    if told or not set(verbs) & _CHANGING or set(verbs) & {Verb.LOG, Verb.SHOW}:
        return None
    noun = _noun(clause, start)
    if noun is None:
        return None
    begin, at, end, is_every = noun
    if Verb.CREATE in verbs and not is_every:
        return None
    stop = next(
        (i for i in reversed(range(end, len(clause))) if clause.word(i) in ("to", "as", "by", "with", "from")),
        len(clause),
    )
    wanted = read_list(_plural(clause.cut(begin, stop), at - begin, end - begin))
    if isinstance(wanted, ListOf):
        return Several(_ours(wanted) if Verb.ASSIGN in verbs else wanted, clause.said())
    return Puzzled(
        "I change one record at a time; changes to several at once come with approvals. Name the one.", clause.said()
    )


def _noun(clause: Clause, start: int) -> tuple[int, int, int, bool] | None:
    """Where the records begin, the word for them and its end; only of several."""
    every = next((i for i in range(start, min(len(clause), start + 6)) if clause.word(i) in _EVERY), None)
    for at in range(start, min(len(clause), start + 10)):
        if clause.shape(at) is Shape.QUOTE or clause.word(at) in ("to", "as", "about", "called", "named", ":"):
            return None
        hit = kind_at(clause.tokens, at)
        if hit is None:
            continue
        last = clause.tokens[hit[1] - 1]
        is_plural = last.word.endswith("s") and not last.word.endswith("ss")
        is_every = every is not None and every < at
        if clause.tokens[at].is_capitalised or not (is_plural or is_every) or clause.word(hit[1]) in ("'s", "'"):
            return None
        begin = every if is_every and every is not None else _begin(clause, start, at)
        return (
            (clause.skip(begin, "all", "every", "each", "both", "of"), at, hit[1], is_every)
            if begin is not None
            else None
        )
    return None


def _begin(clause: Clause, start: int, at: int) -> int | None:
    """Where the words before a plural begin; None when they are no conditions but a name."""
    of = next((i for i in range(start, at) if clause.word(i) in ("of", "for", "on")), None)
    begin = start if of is None else of + 1
    plain = all(
        clause.word(i) in _NOT_A_NAME or clause.shape(i) is Shape.POSSESSIVE or clause.shape(i + 1) is Shape.POSSESSIVE
        or clause.tokens[i].is_capitalised
        for i in range(begin, at)
    )  # fmt: skip
    return begin if plain else None


def _plural(part: Clause, at: int, end: int) -> Clause:
    """The list with its word in the plural: "every task" is of tasks."""
    last = part.tokens[end - 1]
    if last.word.endswith("s"):
        return part
    tokens = (*part.tokens[: end - 1], replace(last, word=f"{last.word}s"), *part.tokens[end:])
    return replace(part, tokens=tokens) if kind_at(tokens, at) else part


def _ours(wanted: ListOf) -> ListOf:
    """Records that are handed on are a colleague's or an account's, not a contact's: "Oliver's deals"."""
    conditions = tuple(
        replace(each, value=replace(each.value, kinds=("user", "account")))
        if each.column == "whose" and isinstance(each.value, Mention) and each.value.refers == "name"
        else each
        for each in wanted.conditions
    )
    return replace(wanted, conditions=conditions)
