"""Decisions on proposals: listed, shown, approved once and for exactly what was shown, or rejected."""

import time
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from guardrails import rights
from guardrails.effects import Effect
from guardrails.gate import rule_named
from guardrails.rights import Reach
from schema import audit
from schema.database import sqlstate
from schema.errors import CrmError
from schema.identity import Identity
from schema.models.approvals import APPROVAL_STATUSES
from schema.session import ReadSession, Row, WriteSession
from tools import calls, proposals
from tools.arguments import parse_args
from tools.calls import ToolOutcome, storable
from tools.context import ToolContext
from tools.failures import as_crm_error
from tools.making import change_of, elapsed, make
from tools.proposals import APPROVALS, BRIEFLY, Preview
from tools.records.changes import changes_of
from tools.records.tables import TOOL_CALLS, USERS
from tools.registry import REGISTRY

PAGE = 50
_EXPIRED = "Nobody decided in time; the change was not made."


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, and what came of it."""

    approval: dict[str, Any]
    """As `show` words it, decided."""
    changes: list[dict[str, Any]]
    """What was changed; empty for a rejection."""
    run_id: UUID | None
    """The run that waits for it; `agent.loop.resume` takes it on when nothing else is pending."""


def list_approvals(
    desk: ToolContext, *, status: str | None = "pending", limit: int = PAGE, after: UUID | None = None
) -> dict[str, Any]:
    """One page of the proposals that `desk.who` may see, newest first: `{"approvals", "total", "next_cursor"}`."""
    expire(desk)
    wanted = [_seen_by(desk)]
    if status is not None:
        if status not in APPROVAL_STATUSES:
            known = ", ".join(APPROVAL_STATUSES)
            raise CrmError("invalid", f"There is no status {status!r} of approvals; there are {known}.")
        wanted.append(APPROVALS.c.status == status)
    page = [] if after is None else [APPROVALS.c.id < after]
    with desk.db.store(desk.who) as session:
        total = session.select(sa.select(sa.func.count().label("n")).select_from(APPROVALS).where(*wanted))[0]["n"]
        rows = session.select(
            sa.select(*BRIEFLY).where(*wanted, *page).order_by(APPROVALS.c.id.desc()).limit(limit + 1)
        )
        shown = [_brief(told) for told in _with_names(session, rows[:limit])]
    return {
        "approvals": shown,
        "total": total,
        "next_cursor": shown[-1]["approval_id"] if len(rows) > limit else None,
    }


def get_approval(desk: ToolContext, approval_id: UUID) -> dict[str, Any]:
    """One proposal in full, with each record's before and after. Raises CrmError (not_found)."""
    expire(desk)
    return _whole(desk, approval_id)


def _whole(desk: ToolContext, approval_id: UUID) -> dict[str, Any]:
    with desk.db.store(desk.who) as session:
        return _with_names(session, [_get(session, desk, approval_id)])[0]


def approve(desk: ToolContext, approval_id: UUID) -> Decided:
    """Makes exactly the change that was shown, in the transaction that claims the approval; `desk.who` decides.

    Raises CrmError: denied when the person may not decide or not do this; conflict when it was decided before, has
    expired, cannot be made any more, or rows have changed, in which case a fresh proposal takes its place.
    """
    started = time.perf_counter()
    expire(desk)
    with desk.db.store(desk.who) as session:
        row = _get(session, desk, approval_id)
        _check_decides(desk, row)
        asker = _asker(session, desk, row)
    context = _context_of(desk, row, asker)
    try:
        with desk.db.write(desk.who, change_of(desk, _told(row))) as session:
            _claim(session, desk, approval_id, "approved", None)
            changes = _make(session, context, row, started)
    except _Moved as moved:
        fresh = _propose_again(desk, context, row, moved.seen)
        raise CrmError(
            "conflict",
            f"Records have changed since this was proposed, so nothing was done; {fresh} shows what it would do now.",
        ) from None
    except _Impossible as impossible:
        _give_up(desk, row, impossible.why)
        raise CrmError("conflict", f"The change can no longer be made: {impossible.why.message}") from impossible
    except CrmError as error:
        if error.kind == "denied" and asker != desk.who:
            whose = f"Both {asker.email}, who asked for it, and whoever approves it must be allowed to do it"
            raise CrmError("denied", f"{whose}: {error.message}") from error
        raise
    return Decided(_whole(desk, approval_id), changes, row["run_id"])


def reject(desk: ToolContext, approval_id: UUID, reason: str | None = None) -> Decided:
    """Declines the proposal; the model is told the reason. Raises CrmError like `approve`."""
    expire(desk)
    told = str(storable(reason or "")).strip()
    with desk.db.store(desk.who) as session:
        row = _get(session, desk, approval_id)
        _check_decides(desk, row)
        _claim(session, desk, approval_id, "rejected", told or None)
        because = f": {told}" if told else "."
        _answer(session, row, "denied", f"{desk.who.name} rejected this change{because}")
    return Decided(_whole(desk, approval_id), [], row["run_id"])


def is_decided(desk: ToolContext, run_id: UUID) -> bool:
    """True when no proposal of the run waits any more."""
    waits = sa.select(APPROVALS.c.id).where(APPROVALS.c.run_id == run_id, APPROVALS.c.status == "pending").limit(1)
    with desk.db.store(desk.who) as session:
        return not session.select(waits)


def expire(desk: ToolContext) -> list[UUID]:
    """Closes the tenant's proposals whose time is up; returns the runs that waited for them."""
    now = desk.world.now()
    due = [APPROVALS.c.status == "pending", APPROVALS.c.expires_at <= now]
    with desk.db.store(desk.who) as session:
        if not session.select(sa.select(APPROVALS.c.id).where(*due).limit(1)):
            return []
        # One that somebody is deciding right now is left to them.
        free = sa.select(APPROVALS.c.id).where(*due).order_by(APPROVALS.c.id).with_for_update(skip_locked=True)
        rows = session.select(
            sa.update(APPROVALS)
            .where(*due, APPROVALS.c.id.in_(free))
            .values(status="expired", decided_at=now)
            .returning(APPROVALS)
        )
        for row in rows:
            _answer(session, row, "denied", _EXPIRED)
    return [row["run_id"] for row in rows if row["run_id"]]


class _Moved(Exception):
    """What the change would do now is not what was shown."""

    def __init__(self, seen: Preview) -> None:
        super().__init__("moved")
        self.seen = seen


class _Impossible(Exception):
    """The change cannot be made any more, whoever tries again."""

    def __init__(self, why: CrmError) -> None:
        super().__init__(why.message)
        self.why = why


_FINAL = frozenset({"not_found", "conflict", "invalid", "refused"})
_PASSING = frozenset({"40001", "40P01", "55P03", "57014", "CA003"})
"""What the database says of others at work at the same moment; the proposal goes on waiting."""


def _make(session: WriteSession, context: ToolContext, row: Row, started: float) -> list[dict[str, Any]]:
    """Makes the change on behalf of who asked, and tells it; raises _Moved, _Impossible or CrmError when it is not made."""
    spec = REGISTRY[row["tool"]]
    told = _told(row)
    try:
        context.db.speak(session, context.who, change_of(context, told, row["id"]))
        rights.check_scope(context.who.role, context.scopes, spec.scope)
        call, result = make(context, session, spec, parse_args(spec, row["args"]), proposals.binding_of(row["bound"]))
        seen = proposals.preview(call, spec.name, row["args"], result)
    except Exception as error:
        why = as_crm_error(error)
        if isinstance(error, DBAPIError) and sqlstate(error) in _PASSING:
            raise CrmError("unavailable", why.message) from error
        raise (_Impossible(why) if why.kind in _FINAL else why) from error
    if seen.fingerprint != row["fingerprint"]:
        raise _Moved(seen)
    result["changes"] = changes_of(call)
    calls.close(session, context, replace(told, outcome="ok", result=result, duration_ms=elapsed(started)))
    return audit.as_changes(session, audit.events_of(session, [UUID(each) for each in result["changes"]]))


def _propose_again(desk: ToolContext, context: ToolContext, row: Row, seen: Preview) -> UUID:
    """Puts what the change would do now in the place of what was shown; returns what the person decides on instead."""
    with desk.db.store(context.who) as session:
        _close_as_stale(session, desk, row)
        outcome = proposals.store(session, context, _told(row), seen, rule_named(row["rule"]))
        fresh = UUID(outcome.result["proposal"]["approval_id"])
        session.execute(sa.update(APPROVALS).where(APPROVALS.c.id == row["id"]).values(replaced_by=fresh))
        calls.close(session, context, outcome)
    return fresh


def _give_up(desk: ToolContext, row: Row, error: CrmError) -> None:
    with desk.db.store(desk.who) as session:
        _close_as_stale(session, desk, row)
        _answer(session, row, "failed", error.message, kind=error.kind)


def _close_as_stale(session: WriteSession, desk: ToolContext, row: Row) -> None:
    closed = session.execute(
        sa.update(APPROVALS)
        .where(APPROVALS.c.id == row["id"], APPROVALS.c.status == "pending")
        .values(status="stale", decided_at=desk.world.now())
    )
    if not closed:
        raise CrmError("conflict", "Somebody else decided this proposal a moment ago.")


def _claim(session: WriteSession, desk: ToolContext, approval_id: UUID, status: str, reason: str | None) -> None:
    """Takes the pending proposal for this decision alone: a second decider finds it taken."""
    now = desk.world.now()
    claimed = session.execute(
        sa.update(APPROVALS)
        .where(APPROVALS.c.id == approval_id, APPROVALS.c.status == "pending", APPROVALS.c.expires_at > now)
        .values(status=status, decided_by=desk.who.user_id, decided_at=now, decision_reason=reason)
    )
    if claimed:
        return
    row = session.select(sa.select(APPROVALS).where(APPROVALS.c.id == approval_id))[0]
    raise CrmError("conflict", _why_not_pending(_with_names(session, [row])[0]))


def _why_not_pending(told: dict[str, Any]) -> str:
    match told["status"]:
        case "approved" | "rejected":
            return f"This proposal was {told['status']} by {told['decided_by']} at {told['decided_at']}."
        case "stale" if told["replaced_by"]:
            return f"Records have changed since this was proposed; decide on {told['replaced_by']} instead."
        case "stale":
            return "This change can no longer be made."
        case "discarded":
            return "This was a dry run; ask again without it to get a proposal that can be approved."
        case _:
            return "This proposal expired; ask again."


def _answer(session: WriteSession, row: Row, outcome: str, message: str, kind: str = "denied") -> None:
    """Tells the waiting call how it ended."""
    session.execute(
        sa.update(TOOL_CALLS)
        .where(TOOL_CALLS.c.id == row["tool_call_id"])
        .values(outcome=outcome, result={"error": {"kind": kind, "message": message}})
    )


def _check_decides(desk: ToolContext, row: Row) -> None:
    if desk.run_id is not None or desk.via_agent or not rights.may_decide(desk.scopes):
        raise CrmError(
            "denied", "Only a person decides proposals: sign in, or use a token with the scope approval:write."
        )
    is_own = row["user_id"] == desk.who.user_id
    rights.check(desk.who.role, None, "approval", Effect.WRITE, is_own=is_own)


def _context_of(desk: ToolContext, row: Row, asker: Identity) -> ToolContext:
    """The call's own context once more: who asked, from where, and in which run."""
    return ToolContext(
        db=desk.db,
        world=desk.world,
        who=asker,
        scopes=None if row["scopes"] is None else frozenset(row["scopes"]),
        channel=row["channel"],
        run_id=row["run_id"],
        prompt=row["prompt"],
        reasoning=row["reasoning"],
        model=row["model"],
        via_agent=row["via_agent"],
        tool_call_id=row["tool_call_id"],
        decider=desk.who,
    )


def _told(row: Row) -> ToolOutcome:
    return ToolOutcome(
        tool_call_id=row["tool_call_id"],
        tool=row["tool"],
        args=row["args"],
        effect=REGISTRY[row["tool"]].effect,
        outcome="proposed",
        result={},
        reason=row["reason"],
    )


def _asker(session: ReadSession, desk: ToolContext, row: Row) -> Identity:
    if row["user_id"] == desk.who.user_id:
        return desk.who
    found = session.select(sa.select(USERS.c.email, USERS.c.is_active).where(USERS.c.id == row["user_id"]))[0]
    if not found["is_active"]:
        raise CrmError(
            "denied", f"{found['email']} asked for this and has been disabled since; it can be rejected only."
        )
    return desk.db.sign_in(found["email"], desk.who.tenant_slug)


def _seen_by(desk: ToolContext) -> sa.ColumnElement[bool]:
    if rights.reach(desk.who.role, "approval", Effect.READ) is Reach.ANY:
        return sa.true()
    return APPROVALS.c.user_id == desk.who.user_id


def _get(session: ReadSession, desk: ToolContext, approval_id: UUID) -> Row:
    found = session.select(sa.select(APPROVALS).where(APPROVALS.c.id == approval_id, _seen_by(desk)))
    if not found:
        raise CrmError("not_found", f"There is no proposal {approval_id}; `approvals list` shows those that wait.")
    return found[0]


def _with_names(session: ReadSession, rows: list[Row]) -> list[dict[str, Any]]:
    """The proposals as people and programs read them, with who asked and who decided."""
    ids = {row[name] for row in rows for name in ("user_id", "decided_by") if row[name]}
    found = session.select(sa.select(USERS.c.id, USERS.c.email).where(USERS.c.id.in_(ids))) if ids else []
    emails = {user["id"]: user["email"] for user in found}
    return [_shown(row, emails) for row in rows]


def _shown(row: Row, emails: dict[UUID, str]) -> dict[str, Any]:
    rule = rule_named(row["rule"]) if row["rule"] != "dry_run" else None
    return {
        **proposals.told_briefly(row),
        "status": row["status"],
        "tool": row["tool"],
        "args": row["args"],
        "reason": row["reason"],
        "rule": row["rule"],
        "why": rule.why if rule else "it is a dry run",
        "asked_by": emails.get(row["user_id"]),
        "run_id": audit.as_text(row["run_id"]),
        "tool_call_id": str(row["tool_call_id"]),
        "prompt": row["prompt"],
        "reasoning": row["reasoning"],
        "model": row["model"],
        "channel": row["channel"],
        "created_at": audit.as_text(row["created_at"]),
        "decided_at": audit.as_text(row["decided_at"]),
        "decided_by": emails.get(row["decided_by"]),
        "decision_reason": row["decision_reason"],
        "replaced_by": audit.as_text(row["replaced_by"]),
        "totals": row["result"].get("totals"),
        "conflicts": row["result"].get("conflicts", []),
        "changes": row["changes"],
    }


def _brief(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "changes"}
