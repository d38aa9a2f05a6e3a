"""What becomes of leads and tasks: won, lost, closed, done, reopened, cancelled."""

from agent.offline.clause import Clause
from agent.offline.form import Mention, Puzzled, Update
from agent.offline.grammar.assignments import Values, named_record
from agent.offline.lexicon.kinds import LEADS
from agent.offline.lexicon.statuses import status_at
from agent.offline.words import word_set
from schema.kinds import KINDS, STATUSES

_OPEN_STAGES = tuple(status for status, outcome in STATUSES["opportunity"] if outcome == "open")


def _status_update(
    mention: Mention | None, statuses: dict[str, str], does: str, extra: Values | None = None
) -> Update | None:
    if mention is None:
        return None
    by_kind: dict[str, Values] = {}
    for kind in mention.kinds or tuple(statuses):
        column = KINDS[kind].status_field if kind in KINDS else None
        if kind in statuses and column:
            by_kind[kind] = {column: statuses[kind], **(extra or {})}
    return Update(mention, by_kind, does) if by_kind else None


def win(clause: Clause, start: int) -> Update | None:
    end = next(clause.find("with", "for", "at", start=start + 1), len(clause))
    extra: Values = {}
    if end < len(clause) and (hit := clause.number(end + 1)) and hit[1] == len(clause) and hit[0].looks_like_money:
        extra = {"amount": f"{hit[0].amount.normalize():f}"}
    else:
        end = len(clause)
    mention = named_record(clause.cut(start, end), LEADS)
    return _status_update(
        mention,
        dict.fromkeys(LEADS, "won"),
        "mark as won",
        extra if mention and "opportunity" in mention.kinds else None,
    )


def lose(clause: Clause, start: int) -> Update | None:
    end, reason = _reason(clause, start)
    mention = named_record(clause.cut(start, end), LEADS)
    update = _status_update(mention, dict.fromkeys(LEADS, "lost"), "mark as lost")
    return _with_reason(update, reason)


def _with_reason(update: Update | None, reason: str) -> Update | None:
    if update is None or not reason:
        return update
    by_kind = {
        kind: {**fields, **({"loss_reason": reason} if kind == "opportunity" and fields.get("stage") == "lost" else {})}
        for kind, fields in update.by_kind.items()
    }
    return Update(update.mention, by_kind, update.does)


_REASON_SKIPPED = word_set(": is reason because of , due to")


def _reason(clause: Clause, start: int) -> tuple[int, str]:
    """Where a stated reason begins, and the reason: "because of the price", "to a competitor", "- too expensive"."""
    for at in range(start + 1, len(clause)):
        length = clause.starts(
            at,
            "because of",
            "because",
            "due to",
            "since",
            "as they",
            "on price",
            ", reason",
            "reason",
            ": ",
            "-",
            ":",
            ", because",
            "owing to",
            "over",
            "with reason",
            "with the reason",
        )
        if clause.word(at) == "to" and clause.word(at + 1) in ("a", "the", "another", "competitor", "our"):
            return at, f"Lost {clause.said(at)}"
        if length or clause.word(at) == ",":
            begin = clause.skip(at + max(length, 1), *_REASON_SKIPPED)
            said = clause.said(begin)
            return at, said[0].upper() + said[1:] if said else ""
    return len(clause), ""


def close(clause: Clause, start: int) -> Update | Puzzled | None:
    """ "close the Acme deal as won"; a task that is closed is done; a lead must be won or lost."""
    for at in range(start + 1, len(clause)):
        outcome = clause.word(clause.skip(at, "as", "it", "out"))
        if outcome in ("won", "lost", "win", "loss"):
            status = "won" if outcome.startswith("w") else "lost"
            mention = named_record(clause.cut(start, at), LEADS)
            _, reason = _reason(clause, at)
            return _with_reason(_status_update(mention, dict.fromkeys(LEADS, status), f"mark as {status}"), reason)
    mention = named_record(clause.cut(start), ())
    if mention is None:
        return None
    update = _status_update(
        Mention(
            mention.text, mention.kinds or ("task", *LEADS), mention.refers, mention.at, mention.where, mention.spoken
        ),
        {"task": "done"},
        "close",
    )
    asks = {
        kind: (KINDS[kind].status_field or "", ("won", "lost"))
        for kind in LEADS
        if not mention.kinds or kind in mention.kinds
    }
    target = update.mention if update else mention
    return Update(target, update.by_kind if update else {}, "close", asks) if update or asks else None


def marked_lost(clause: Clause, start: int) -> Update | None:
    """ "mark the Globex deal lost, reason budget cut": a status, then why."""
    for at in clause.find("lost", start=start + 1):
        if at + 1 < len(clause):
            _, reason = _reason(clause, at)
            stop = at - 1 if clause.word(at - 1) == "as" else at
            return (
                _with_reason(
                    _status_update(
                        named_record(clause.cut(start, stop), LEADS), dict.fromkeys(LEADS, "lost"), "mark as lost"
                    ),
                    reason,
                )
                if reason
                else None
            )
    return None


def lost_with_reason(mention: Mention, after: Clause) -> Update | None:
    """Lost, with why, where that is said: "because of the price"."""
    padded = Clause(after.text, (after.tokens[0], *after.tokens), after.clock, after.situation) if len(after) else after
    at, reason = _reason(padded, 0) if len(after) else (0, "")
    if len(after) and (at != 1 or not reason):
        return None
    return _with_reason(_status_update(mention, dict.fromkeys(LEADS, "lost"), "mark as lost"), reason)


def complete(clause: Clause, start: int) -> Update | None:
    end = len(clause)
    mention = named_record(clause.cut(clause.skip(start, "with", "off"), end), ("task",))
    return _status_update(mention, {"task": "done"}, "mark as done") if mention and "task" in mention.kinds else None


def reopen(clause: Clause, start: int) -> Update | None:
    for at in clause.find("as", "in", "to", "at", start=start + 1):
        status = status_at(clause.tokens, at + 1, "opportunity")
        lead = named_record(clause.cut(start, at), ("opportunity",)) if status else None
        if status and lead and status[0] in _OPEN_STAGES and clause.skip(status[1], "stage", "again") == len(clause):
            return Update(lead, {"opportunity": {"stage": status[0]}}, f"reopen as {status[0]}")
    mention = named_record(clause.cut(start), ("task", *LEADS))
    update = _status_update(mention, {"task": "open"}, "reopen")
    asks: dict[str, tuple[str, tuple[str, ...]]] = {}
    if mention and "opportunity" in mention.kinds:
        asks = {"opportunity": ("stage", _OPEN_STAGES)}
    if mention is None or not (update or asks):
        return None
    reopened = {kind: {"status": "in_progress"} for kind in ("job", "partnership") if kind in mention.kinds}
    return Update(mention, {**(update.by_kind if update else {}), **reopened}, "reopen", asks)


def cancel(clause: Clause, start: int) -> Update | None:
    mention = named_record(clause.cut(start), ("task",))
    return (
        _status_update(mention, {"task": "cancelled"}, "cancel")
        if mention and "task" in mention.kinds and mention.refers != "focus"
        else None
    )


def fallen_through(clause: Clause) -> Update | None:
    """ "Nordwind depot scheduling fell through, no budget"."""
    at = next((at for at in clause.find("fell", start=1) if clause.word(at + 1) == "through"), None)
    if at is None:
        return None
    _, reason = _reason(clause, at + 1)
    lost = _status_update(named_record(clause.cut(0, at), LEADS), dict.fromkeys(LEADS, "lost"), "mark as lost")
    return _with_reason(lost, reason)
