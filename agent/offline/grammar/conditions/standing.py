"""Where the records of a list stand: "open", "won", "overdue", "in negotiation", "enterprise", "high priority"."""

from agent.offline.clause import Clause
from agent.offline.form import Mention
from agent.offline.grammar.conditions.gathered import Gathered
from agent.offline.lexicon.fields import fields_of
from agent.offline.lexicon.kinds import LEADS
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.statuses import choice_at, outcome_of, status_at
from agent.offline.words import word_set
from schema.kinds import KINDS, STATUSES

_OUTCOME_SAID = Phrases.of(
    "open, active, still open, live, outstanding, ongoing, pending, unfinished, in the pipeline, "
    "in pipeline, in play, current, incomplete, not done, not closed, undone, left"
)


_NOT_OPEN = Phrases.of("not open, no longer open, not still open, that are not open")


def read_outcome(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "open", "won", "lost", "closed": outcomes of leads and tasks."""
    if found.kind not in (*LEADS, "task") or clause.when(at):
        return None
    length = clause.length(_OUTCOME_SAID, at)
    if length:
        if not found.has("is_open"):
            found.add("is_open", "=", "true", "open")
        return at + length
    if length := clause.length(_NOT_OPEN, at):
        found.add("is_open", "=", "false", "no longer open")
        return at + length
    if found.kind == "task":
        return None
    for words, column, said in (
        (
            (
                "won",
                "closed won",
                "closed-won",
                "we won",
                "we have won",
                "that we won",
                "successful",
                "signed",
                "did we win",
                "have we won",
                "win",
            ),
            "is_won",
            "won",
        ),
        (
            ("lost", "closed lost", "closed-lost", "we lost", "that we lost", "did we lose", "have we lost", "lose"),
            "is_lost",
            "lost",
        ),
    ):
        if length := clause.starts(at, *words):
            found.add(column, "=", "true", said)
            found.dated_by = "closed_at"
            return at + length
    return _closed(clause, at, found)


_CLOSED_SAID = Phrases.of("closed, we closed, that closed, did we close, have we closed")


def _closed(clause: Clause, at: int, found: Gathered) -> int | None:
    if not (length := clause.length(_CLOSED_SAID, at)):
        return None
    found.add("is_won", "=", "true", "won")
    found.dated_by = "closed_at"
    found.remark = "I counted the won ones as closed; lost ones are left out."
    return at + length


_OVERDUE_SAID = Phrases.of(
    "overdue, late, past due, past their due date, past the due date, past its due date, behind schedule, "
    "past their close date, past the close date, past their deadline, that are late, delayed, slipped, "
    "whose expected close date has passed, whose close date has passed, whose due date has passed, whose deadline has passed, "
    "with a close date in the past, with an expected close date in the past, with a due date in the past, "
    "whose close date is in the past, whose expected close date is in the past, whose close date is past, past their expected close date, "
    "behind, past their closing date, whose closing date has passed"
)


def read_overdue(clause: Clause, at: int, found: Gathered) -> int | None:
    length = clause.length(_OVERDUE_SAID, at)
    if not length or found.kind not in ("task", "opportunity"):
        return None
    now = clause.clock.now
    if found.kind == "task":
        found.add("due_at", "<", now.isoformat(), "overdue")
    else:
        found.add("expected_close_date", "<", now.date().isoformat(), "past their close date")
    if not found.has("is_open"):
        found.add("is_open", "=", "true", "open")
    return at + length


_STATUS_SKIPPED = word_set("in at the stage status with is are = in as marked phase whose")


def read_status(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "in negotiation", "at proposal stage", "done", "in proposal or negotiation", "not qualified"."""
    column = KINDS[found.kind].status_field if found.kind in KINDS else None
    if column is None:
        return None
    start = clause.skip(at, *_STATUS_SKIPPED)
    negated = clause.word(start) in ("not", "isn't", "aren't")
    hit = status_at(clause.tokens, start + negated, found.kind)
    if hit is None or (
        hit[0] == "new" and clause.word(start) == "new" and (start == at and found.kind != "opportunity")
    ):
        return None
    statuses, end = [hit[0]], clause.skip(hit[1], "stage", "status", "phase")
    while clause.word(end) in ("or", "and", ",") and (
        more := status_at(clause.tokens, clause.skip(end + 1, "or", "in", "the"), found.kind)
    ):
        statuses.append(more[0])
        end = clause.skip(more[1], "stage", "status", "phase")
    said = (" or ".join(statuses)).replace("_", " ")
    if negated or len(statuses) > 1:
        others = [status for status, _ in STATUSES[found.kind] if status not in statuses] if negated else statuses
        found.add(column, "in", ", ".join(others), f"{'not ' if negated else ''}{said}")
    else:
        found.conditions = [each for each in found.conditions if (each.column, each.op) != (column, "=")]
        found.add(column, "=", statuses[0], said)
        if found.kind in LEADS and outcome_of(found.kind, statuses[0]) != "open":
            found.dated_by = "closed_at"
        elif found.kind == "task" and statuses[0] in ("done", "cancelled"):
            found.dated_by = "completed_at"
    return end


_RECEIVED = Phrases.of("received, receive, did we receive, did i receive, came in, coming in, we received, we got")
_SENT = Phrases.of("sent, send, did we send, did i send, we sent, i sent, went out")


def read_direction(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "received" and "sent", where a date that follows says when."""
    if found.kind != "interaction" or found.has("direction"):
        return None
    for table, direction, said in ((_RECEIVED, "inbound", "received"), (_SENT, "outbound", "sent")):
        if length := clause.length(table, at):
            found.add("direction", "=", direction, said)
            if "i" in clause.words(at, length) and not found.has("user_id"):
                found.add("user_id", "=", Mention("me", ("user",), "me"), "yours")
            return at + length
    return None


def read_choices(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "enterprise", "high priority", "inbound"; several joined by "or"."""
    for own in fields_of(found.kind).values():
        hit = (
            choice_at(clause.tokens, clause.skip(at, "with", "in", "the", "of") if own.choices else at, own)
            if own.choices
            else None
        )
        if hit is None or (found.kind == "interaction" and own.name == "kind"):
            continue
        if own.name == "tier" and clause.word(at) in ("large", "small", "medium") and found.kind != "account":
            continue
        chosen, end = [hit[0]], clause.skip(hit[1], own.name, "prio", "tier", "segment")
        while clause.word(end) in ("or", "and", ",") and (
            more := choice_at(clause.tokens, clause.skip(end + 1, "or"), own)
        ):
            chosen.append(more[0])
            end = clause.skip(more[1], own.name, "prio", "tier")
        said = " or ".join(chosen).replace("_", " ") + (f" {own.name}" if own.name == "priority" else "")
        found.add(own.name, "in" if len(chosen) > 1 else "=", ", ".join(chosen), said)
        return end
    return None
