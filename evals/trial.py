"""One trial of a case: a world of its own, in which turn after turn is taken and what each led to is kept."""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from agent.loop import resume
from agent.result import AskResult, load_result
from evals import snapshot
from evals.case import Case, Decision, Later, PersonCall, Turn
from evals.difference import difference
from evals.face import Asked, Face
from evals.invariants import newest_event
from evals.observed import Rehearsal, Told, Waiting
from evals.snapshot import Snapshot
from evals.values import resolve
from evals.world import NOW, Clone
from schema.database import Database
from schema.errors import CrmError
from schema.identity import Identity
from schema.settings import Settings
from schema.world import World, new_ids
from tools.approvals import get_approval
from tools.context import ToolContext
from tools.execute import execute


class Trial:
    def __init__(self, case: Case, clone: Clone, settings: Settings, face: Face) -> None:
        self.case = case
        self.clone = clone
        self.face = face
        self._now = NOW
        generator = Random(zlib.crc32(case.id.encode()))  # noqa: S311
        self.world = World(self._clock, new_ids(self._clock, generator))
        self.database = Database.open(clone.admin_url, settings, self.world)
        self.who = self.database.sign_in(case.as_)
        self.endings: list[AskResult] = []
        self.waited: list[Waiting] = []
        self.undecided: list[str] = []
        self._approved: list[Told] = []
        self._rehearsed: list[tuple[tuple[Told, ...], str]] = []
        self._last: Snapshot = clone.base

    def _clock(self) -> datetime:
        return self._now

    def prepare(self) -> None:
        for given in self.case.given:
            self._do(given)

    def take(self, turn: Turn) -> None:
        match turn:
            case str():
                self._request(turn)
            case PersonCall():
                self._do(turn)
            case Decision():
                self._decide(turn)
            case Later():
                self._now += timedelta(hours=turn.hours)

    def rehearsals(self) -> Iterator[Rehearsal]:
        """What each dry run showed beside what the same request then led to."""
        ended = {run.run_id: run for run in self.endings}
        for shown, run_id in self._rehearsed:
            yield Rehearsal(shown, tuple(ended[run_id].changes))

    def approved(self) -> Iterator[tuple[Told, tuple[Told, ...]]]:
        """Each proposal that was approved, and what its call then changed."""
        changes = [change for run in {run.run_id: run for run in self.endings}.values() for change in run.changes]
        for approval in self._approved:
            yield approval, tuple(c for c in changes if c["tool_call_id"] == approval["tool_call_id"])

    def snapshot(self) -> Snapshot:
        """The rows as they stand."""
        with psycopg.connect(self.clone.admin_url, autocommit=True) as admin:
            self._last = snapshot.take(admin, self._last)
        return self._last

    def newest_event(self) -> int:
        with psycopg.connect(self.clone.admin_url, autocommit=True) as admin:
            return newest_event(admin)

    def oracle(self, query: str) -> list[list[Any]]:
        return select(self.clone.admin_url, self.who, query)

    def _request(self, request: str) -> None:
        before = self.snapshot() if self.case.proposals or self.case.is_rehearsed else None
        asked = Asked(request, self.endings[-1].conversation_id if self.endings else None)
        shown: tuple[Told, ...] | None = None
        if before is not None and self.case.is_rehearsed:
            rehearsal = self.face.ask(self._desk(), replace(asked, is_dry_run=True))
            waiting = self._waiting(rehearsal, before)
            shown = tuple(change for proposal in waiting.proposals for change in proposal["changes"])
            # What it showed is judged by what is then done; what it did not leave alone is judged here.
            self.waited.append(replace(waiting, proposals=()))
        run = self.face.ask(self._desk(), asked)
        self.endings.append(run)
        if shown is not None:
            self._rehearsed.append((shown, run.run_id))
        if before is not None and run.status == "needs_approval":
            self.waited.append(self._waiting(run, before))

    def _waiting(self, run: AskResult, before: Snapshot) -> Waiting:
        told = {change["record_id"] for change in run.changes}
        done = [change for change in difference(before, self.snapshot()) if change.record_id not in told]
        return Waiting(self._proposals(run), tuple(done))

    def _proposals(self, run: AskResult) -> tuple[Told, ...]:
        desk = self._desk()
        return tuple(get_approval(desk, UUID(each["approval_id"])) for each in run.proposals)

    def _decide(self, decision: Decision) -> None:
        run = self.endings[-1]
        if run.status != "needs_approval":
            return
        if decision.decide == ("nothing",):
            self._went_on(resume(self._desk(decision.as_), UUID(run.run_id)))
            return
        verdicts = decision.decide * len(run.proposals) if len(decision.decide) == 1 else decision.decide
        if len(verdicts) != len(run.proposals):
            self.undecided.append(f"{len(run.proposals)} changes wait, and {len(verdicts)} decisions are given.")
            return
        desk = self._desk(decision.as_)
        gone_on: AskResult | None = None
        for proposal, verdict in zip(self._proposals(run), verdicts, strict=True):
            try:
                gone_on = self.face.decide(desk, UUID(run.run_id), UUID(proposal["approval_id"]), verdict)
            except CrmError as error:
                self._refused(decision, error.message)
                return
            self._approved += [proposal] if verdict == "approve" else []
        if decision.refused:
            self.undecided.append(f"A decision was taken that should be refused with: {decision.refused}.")
        if gone_on is not None:
            self._went_on(gone_on)

    def _refused(self, decision: Decision, message: str) -> None:
        if decision.refused is None or decision.refused not in message:
            self.undecided.append(f"A decision was refused: {message}")
        # A fresh proposal may have taken the place of the one that was refused.
        again = load_result(self._desk(), UUID(self.endings[-1].run_id))
        self.endings[-1] = again
        if again.proposals:
            self.waited.append(Waiting(self._proposals(again), ()))

    def _went_on(self, run: AskResult) -> None:
        self.endings.append(run)
        if run.status == "needs_approval":
            self.waited.append(Waiting(self._proposals(run), ()))

    def _desk(self, email: str | None = None) -> ToolContext:
        who = self.database.sign_in(email) if email else self.who
        return ToolContext(self.database, self.world, who, channel="eval")

    def _do(self, call: PersonCall) -> None:
        """What a person does by hand, which must succeed."""
        who = self.database.sign_in(call.as_) if call.as_ else self.who
        desk = ToolContext(self.database, self.world, who)
        args = resolve(call.args, self._now, ZoneInfo(desk.who.time_zone), self.oracle)
        done = execute(desk, call.tool, args)
        if done.outcome != "ok" or done.result.get("created") is False:
            raise CrmError("invalid", f"Case {self.case.id}: {call.tool} by hand: {done.result}")


def select(admin_url: str, who: Identity, query: str) -> list[list[Any]]:
    """The rows of one SELECT over the views, exactly as `who` sees them."""
    with psycopg.connect(admin_url) as connection:
        connection.execute("SELECT crm.enter(%s, %s)", [who.tenant_slug, who.email])
        connection.execute("SET ROLE crm_reader; SET search_path = crm_read; SET TRANSACTION READ ONLY")
        found = connection.execute(query.encode()).fetchall()
    return [[str(value) if isinstance(value, UUID) else value for value in row] for row in found]
