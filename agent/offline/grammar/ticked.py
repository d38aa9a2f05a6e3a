"""Tasks that are told of as done: "I've visited Granite Systems, tick off that task"."""

from agent.offline.clause import Clause
from agent.offline.form import Mention, Update
from agent.offline.grammar.told import teller_end
from agent.offline.lexicon.kinds import kind_at
from agent.offline.lexicon.verbs import VERBS, Verb

_TICKS = {Verb.COMPLETE, Verb.MARK, Verb.CLOSE}
_IRREGULAR = {
    "sent": "send", "met": "meet", "wrote": "write", "written": "write", "spoke": "speak", "spoken": "speak", "got": "get",
    "made": "make", "found": "find", "gave": "give", "given": "give", "did": "do", "done": "do", "rang": "ring", "rung": "ring",
    "told": "tell", "took": "take", "agreed": "agree", "invited": "invite", "updated": "update", "prepared": "prepare",
    "revised": "revise", "congratulated": "congratulate", "arranged": "arrange", "chased": "chase", "planned": "plan",
}  # fmt: skip


def read_ticked(clause: Clause) -> Update | None:
    """The task that what was done was the task of, when the clause ends by ticking it off."""
    for at in clause.find(",", "-", "and", "so", start=2):
        begin = clause.skip(at, ",", "-", "and", "so", "please", "you", "can", "could")
        if _ticks_off(clause, begin):
            deed = clause.cut(teller_end(clause, 0), at)
            title = _as_title(deed)
            return Update(Mention(title, ("task",)), {"task": {"status": "done"}}, "mark as done") if title else None
    return None


def _ticks_off(clause: Clause, at: int) -> bool:
    """ "tick off that task", "mark the task as done"."""
    verbs, end = clause.at(VERBS, at) or ((), at)
    noun = clause.skip(end, "off", "that", "the", "this", "my")
    hit = kind_at(clause.tokens, noun) if _TICKS & set(verbs) and noun > end else None
    if hit is None or hit[0].kinds != ("task",):
        return False
    return clause.skip(hit[1], "off", "as", "done", "complete", "completed", "finished", "please", ".", "!") == len(
        clause
    )


def _as_title(deed: Clause) -> str:
    """What was done, as the task for it begins: "visited Acme" → "visit Acme"."""
    past = deed.word(0)
    if len(deed) < 2 or (deed.tokens[0].is_capitalised and deed.tokens[0].start > 0):
        return ""
    base = _IRREGULAR.get(past) or (past.removesuffix("ed") if past.endswith("ed") else "")
    return f"{base} {deed.said(1)}" if base else ""
