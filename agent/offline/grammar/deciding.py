"""Words that approve or reject what waits, and questions of what would happen: neither is ever a change."""

import re

from agent.offline.clause import Clause
from agent.offline.form import Decide, Puzzled
from agent.offline.lexicon.phrases import Phrases, grouped

_DECIDING: Phrases[bool] = grouped(
    (
        (
            True,
            (
                "yes, yep, yeah, yup, ok, okay, sure, go ahead, ok go ahead, okay go ahead, yes go ahead, approve, approve it, "
                "approve that, "
                "approve this, approve them, approve all, approve all of them, approved, i approve, i hereby approve, i approve it, "
                "i approve that, "
                "i approve this, do it, yes do it, please do it, confirm, confirm it, confirm that, confirmed, i confirm, accept, "
                "accept it, "
                "accepted, agreed, i agree, proceed, please proceed, yes please, yes approve, yes approve it, make it so, fine, "
                "looks good, sounds good, that sounds good, that is fine, that's fine, that is right, that's right, correct, lgtm, "
                "go for it, please go ahead, "
                "you may, you have my approval, approval granted, permission granted, i allow it, allow it, release it, "
                "yes i approve, yes confirm, execute it, apply it, make the change, make the changes, approve the change, "
                "approve the changes, "
                "approve the proposal, approve the deletion, approve the merge"
            ),
        ),
        (
            False,
            (
                "no, nope, reject, reject it, reject that, reject this, reject them, reject all, rejected, i reject it, i reject that, "
                "decline, "
                "decline it, decline that, declined, do not do that, don't do that, do not do it, don't do it, don't, no don't, "
                "no don't do that, no don't do it, stop, cancel, cancel it, cancel that, cancel this, never mind, nevermind, forget it, "
                "discard it, discard that, drop it, no thanks, leave it, leave them, i do not approve, i don't approve, not approved, "
                "deny it, deny, denied, refuse, refuse it, no way, better not, reject the change, reject the proposal, "
                "withdraw it, withdraw that"
            ),
        ),
    )
)
_AGAIN = Phrases.of(
    "delete it, delete that, delete them, merge them, merge it, do that, change it, change them, remove it, the deletion, the change, "
    "the changes, the merge, undo it, go for it, i am sure, i'm sure, you can, keep it, keep them"
)
"""What waits, named again after a yes or no."""
_SURELY = ("approve", "approved", "reject", "rejected", "approval")
_MARKS = (",", ".", "!", "-", ";", ":")
_LIKELY = Phrases.of(
    "what would happen if, what happens if, what will happen if, what would change if, what changes if, what will change if, "
    "show me what would change if, show what would change if, show me what would happen if, tell me what would happen if, "
    "tell me what would change if, what if, which records would change if, what would be changed if, what would be deleted if, "
    "how many records would change if, simulate, dry run, dry-run, do a dry run, do a dry run of, make a dry run of, preview, "
    "a dry run of, as a dry run, just simulate, only simulate"
)
_RUN_DRY = (
    "On a what-if I change nothing. Ask for it as a dry run and you see each record before and after, and nothing is changed: "
    "crm-agent ask --dry-run “…”. Deletes, merges and changes to many records are shown to you before they are made in any case."
)


def read_decision(clause: Clause) -> Decide | None:
    """ "yes", "approve it", "reject that, wrong customer": the decision alone, or with its reason behind a mark."""
    at, is_yes = 0, None
    while at < len(clause):
        hit = clause.at(_DECIDING, at)
        if hit is None and is_yes and (again := clause.length(_AGAIN, at)):
            at = clause.skip(at + again, *_MARKS, "please")
            continue
        if hit is None:
            break
        is_yes = hit[0] if is_yes is None or clause.word(at) in _SURELY else is_yes
        at = clause.skip(hit[1], *_MARKS, "and", "please")
    if is_yes is None or at == 0:
        return None
    surely = any(clause.word(i) in _SURELY for i in range(at))
    return Decide(is_yes) if at == len(clause) or (surely and _is_reason(clause, at)) else None


def _is_reason(clause: Clause, at: int) -> bool:
    """Whether a mark or a "because" stands between the decision and what follows."""
    return clause.word(at - 1) in _MARKS or clause.word(at) in ("because", "since", "as", "it", "they", "that")


def read_likely(clause: Clause) -> Puzzled | None:
    """ "what would happen if I deleted it": answered with how to see it."""
    return Puzzled(_RUN_DRY, "a question of what would change") if clause.length(_LIKELY, 0) else None


_SPOKEN = re.compile(
    r"\b(?:(?P<yes>approv\w*|confirm\w*|go ahead)|(?P<no>reject\w*|declin\w*|refus\w*))\b", re.IGNORECASE
)


def spoken_decision(text: str) -> tuple[Decide] | None:
    """A decision in words that were not understood otherwise, while something waits."""
    found = _SPOKEN.search(text)
    return (Decide(found["yes"] is not None),) if found else None
