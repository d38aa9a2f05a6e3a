"""What comes next, as a text says it: what we promised, what they promised, what they ask of us, what was agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from retrieval.insights.claim import LONGEST_STATEMENT, Claim, Evidence, Talk
from retrieval.insights.due import due_in
from retrieval.insights.lexicon import language_of, lexicon_of, tokens_of
from retrieval.insights.passages import Passage, passages_of

MOST = 3
"""Next steps of one text; a list of more is a plan, and stands in the text."""
_LEAD = {"ours": "We promised", "theirs": "They promised", "request": "They ask", "agreement": "Agreed"}
_SURE = {"ours": 0.7, "theirs": 0.65, "request": 0.55, "agreement": 0.6}
_DATED = 0.15
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class _Plan:
    role: str
    passage: Passage
    due: date | None

    @property
    def confidence(self) -> float:
        return round(_SURE[self.role] + (_DATED if self.due else 0), 3)


def next_steps_of(talk: Talk) -> list[Claim]:
    """At most MOST claims, the dated and the surer ones first."""
    passages = passages_of(talk.body)
    language = language_of([token for passage in passages for token in tokens_of(passage.text)])
    plans = [plan for passage in passages if (plan := _plan(talk, passage, language))]
    plans.sort(key=lambda plan: (plan.due is None, -plan.confidence, plan.passage.start))
    return [_claim(talk, plan) for plan in plans[:MOST]]


def _plan(talk: Talk, passage: Passage, language: str) -> _Plan | None:
    tokens = tokens_of(passage.text)
    if len(tokens) < _SHORTEST:
        return None
    hits = lexicon_of(language).plans.within(tokens)
    meanings = [hit.meaning for hit in hits if hit.meaning != "none"]
    due = due_in(passage.text, date.fromisoformat(talk.day), language)
    role = _role(talk, meanings, is_question=passage.text.endswith("?"), is_dated=due is not None)
    return _Plan(role, passage, due) if role else None


def _role(talk: Talk, meanings: Sequence[str], *, is_question: bool, is_dated: bool) -> str | None:
    if "promise" in meanings and not is_question:
        return "theirs" if talk.is_theirs else "ours"
    if "request" in meanings and talk.is_theirs:
        return "request"
    # In a note of ours every "agreed" is a step; in somebody's mail only a dated one is sure to be.
    if "agreement" in meanings and (talk.kind in ("call", "meeting") or is_dated) and not is_question:
        return "agreement"
    return None


def _claim(talk: Talk, plan: _Plan) -> Claim:
    until = f" (by {plan.due.isoformat()})" if plan.due else ""
    lead = f"{_LEAD[plan.role]}: "
    room = LONGEST_STATEMENT - len(lead) - len(until)
    said = " ".join(plan.passage.text.split())
    said = said if len(said) <= room else f"{said[: room - 1].rstrip()}…"
    raw = {"role": plan.role, "due_on": plan.due.isoformat() if plan.due else None}
    where = Evidence(talk.record_id, "body", plan.passage.text, plan.passage.start, plan.passage.end)
    return Claim("next_step", f"{lead}{said}{until}", plan.confidence, (where,), raw)
