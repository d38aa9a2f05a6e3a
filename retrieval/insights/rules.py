"""What rules infer from one interaction, with no model and no network: a lexicon, commitments, words that mean trouble."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from retrieval.insights.claim import LONGEST_QUOTE, Claim, Evidence, Maker, Reading, Talk
from retrieval.insights.lexicon import language_of, lexicon_of, tokens_of
from retrieval.insights.passages import Passage, passages_of
from retrieval.insights.plans import next_steps_of
from retrieval.insights.sentiment import sentiment_of

VERSION = "1"
"""Counts up when rules or words change what is inferred, so that all of it is made anew."""
RULES = Maker("rules", VERSION)

_RISKS = {
    "leaving": "They may leave: they speak of ending or replacing the contract",
    "payment": "They withhold or dispute a payment",
    "competitor": "A competitor is in play",
    "budget": "The budget is in doubt",
    "escalation": "They escalate to managers or lawyers",
}
_ONE_CUE, _MORE_CUES = 0.6, 0.75


class RulesReader:
    """Reads every text at once, the same way each time."""

    maker = RULES

    def read(self, talks: Sequence[Talk], rejected: Mapping[UUID, Sequence[str]]) -> Sequence[Reading]:  # noqa: ARG002 — whoever stores them drops them
        return [Reading(claims_of(talk)) for talk in talks]


def claims_of(talk: Talk) -> list[Claim]:
    """Sentiment, risks and next steps; none for a text that says nothing."""
    return [*_sentiments(talk), *_risks(talk), *next_steps_of(talk)]


def _sentiments(talk: Talk) -> list[Claim]:
    # How we feel ourselves, in what we send, is no news of the customer; our notes of a call tell of theirs.
    if talk.direction == "internal" or (talk.direction == "outbound" and talk.kind in ("email", "chat")):
        return []
    felt = sentiment_of(talk.body)
    if felt.label is None:
        return []
    evidence = tuple(_evidence(talk, each.passage) for each in felt.felt)
    return [Claim("sentiment", felt.label, felt.confidence, evidence, felt.raw())]


def _risks(talk: Talk) -> list[Claim]:
    if talk.direction == "internal" or (talk.direction == "outbound" and talk.kind in ("email", "chat")):
        return []
    passages = passages_of(talk.body)
    language = language_of([token for passage in passages for token in tokens_of(passage.text)])
    found: dict[str, list[tuple[Passage, str]]] = {}
    for passage in passages:
        tokens = tokens_of(passage.text)
        for hit in lexicon_of(language).risks.within(tokens):
            cue = passage.text[tokens[hit.first].start : tokens[hit.after - 1].end]
            found.setdefault(hit.meaning, []).append((passage, cue))
    return [
        Claim(
            "risk",
            _RISKS[risk],
            _MORE_CUES if len(cues) > 1 else _ONE_CUE,
            tuple(dict.fromkeys(_evidence(talk, passage) for passage, _ in cues[:3])),
            {"risk": risk, "cues": [cue for _, cue in cues]},
        )
        for risk, cues in found.items()
    ]


def _evidence(talk: Talk, passage: Passage) -> Evidence:
    end = min(passage.end, passage.start + LONGEST_QUOTE)
    return Evidence(talk.record_id, "body", talk.body[passage.start : end], passage.start, end)
