"""Words for where records stand: statuses, outcomes and the choices of other fields."""

from collections.abc import Sequence

from agent.offline.lexicon.phrases import Phrases
from agent.offline.text import Token
from schema.fields import Field
from schema.kinds import KINDS, STATUSES

_STATUS_SYNONYMS: dict[str, str] = {
    "opportunity.new": "new, brand new, fresh",
    "opportunity.qualified": "qualification, qualify, qualifying, qualified lead",
    "opportunity.proposal": (
        "proposal sent, proposed, quote, quoted, quote sent, offer, offer sent, proposals, "
        "proposal stage, proposal phase"
    ),
    "opportunity.negotiation": (
        "negotiations, negotiating, negotiate, in negotiation, in negotiations, contract negotiation, "
        "negotiation stage, negotiation phase"
    ),
    "opportunity.won": "closed won, closed-won, close won, win, signed, a win, successfully closed, closed as won",
    "opportunity.lost": "closed lost, closed-lost, close lost, lose, a loss, dead, closed as lost",
    "job.in_progress": "in progress, progress, started, ongoing, under way, underway, running, active",
    "job.won": "filled, win, closed won, placed",
    "job.lost": "lose, closed lost, cancelled",
    "partnership.in_progress": "in progress, progress, started, ongoing, under way, underway, running, active",
    "partnership.won": "signed, win, closed won",
    "partnership.lost": "lose, closed lost, ended",
    "task.open": "to do, todo, pending, not started, outstanding, not done, undone, incomplete",
    "task.in_progress": (
        "in progress, progress, started, ongoing, under way, underway, doing, being worked on, in-progress"
    ),
    "task.done": "complete, completed, finished, closed, accomplished, ticked off",
    "task.cancelled": "canceled, cancel, dropped, abandoned, obsolete, called off",
    "account.prospect": "prospective, potential customer, lead, prospects",
    "account.customer": "client, active, active customer, paying customer, customers",
    "account.former": "churned, ex-customer, former customer, inactive, lost, gone, past customer",
}
_CHOICE_SYNONYMS: dict[str, str] = {
    "tier.enterprise": "enterprise tier, large, big enterprise",
    "tier.mid_market": "mid market, mid-market, midmarket, medium, mid-sized, midsize, mid size",
    "tier.smb": "small business, small, sme, small and medium, smbs, small businesses",
    "priority.low": "low priority, low prio, not urgent, unimportant",
    "priority.normal": "normal priority, medium, medium priority, standard",
    "priority.high": "high priority, high prio, important, high-priority",
    "priority.urgent": "urgent priority, critical, top priority, highest, asap, very urgent",
    "direction.inbound": "incoming, received",
    "direction.outbound": "outgoing, sent",
    "direction.internal": "in-house",
    "kind.call": "phone call, phone",
    "kind.email": "e-mail, mail",
    "kind.meeting": "in person, face to face",
    "kind.chat": "message, sms",
}


def _table(values: Sequence[str], prefix: str, synonyms: dict[str, str]) -> Phrases[str]:
    entries: dict[str, str] = {}
    for value in values:
        for phrase in synonyms.get(f"{prefix}.{value}", "").split(","):
            entries[phrase.strip()] = value
    for value in values:
        entries[value] = entries[value.replace("_", " ")] = entries[f"{value.replace('_', '-')}-stage"] = value
    entries.pop("", None)
    return Phrases(entries)


STATUS_WORDS: dict[str, Phrases[str]] = {
    kind: _table([status for status, _ in rows], kind, _STATUS_SYNONYMS) for kind, rows in STATUSES.items()
}
_CHOICES: dict[tuple[str, tuple[str, ...]], Phrases[str]] = {
    (field.name, field.choices): _table(field.choices, field.name, _CHOICE_SYNONYMS)
    for kind in KINDS.values()
    for field in kind.fields.values()
    if field.choices
}


def status_at(tokens: Sequence[Token], at: int, kind: str) -> tuple[str, int] | None:
    """The status of a kind that is named at a token, and the index after it."""
    return STATUS_WORDS[kind].at(tokens, at) if kind in STATUS_WORDS else None


def choice_at(tokens: Sequence[Token], at: int, field: Field) -> tuple[str, int] | None:
    """The choice of a field that is named at a token, and the index after it."""
    table = _CHOICES.get((field.name, field.choices))
    return table.at(tokens, at) if table else None


def outcome_of(kind: str, status: str) -> str:
    """open, won or lost."""
    return dict(STATUSES[kind])[status]
