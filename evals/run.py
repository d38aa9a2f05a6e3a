"""The runner: a case is asked of the real agent in a world of its own, and what it led to is scored."""

import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from agent.loop import ask
from agent.models import OFFLINE, ModelChoice
from agent.result import AskResult
from evals import snapshot
from evals.case import Case, PersonCall
from evals.difference import difference
from evals.invariants import newest_event, records_since, unexplained, violations
from evals.observed import Observed
from evals.scorers import Score, score
from evals.values import Oracle, resolve
from evals.world import NOW, Clone, Worlds
from schema.database import Database
from schema.errors import CrmError
from schema.identity import Identity
from schema.settings import Settings
from schema.world import World
from tools.context import ToolContext
from tools.execute import execute

Asking = Callable[[ToolContext, str, str | None], AskResult]
"""Asks one request, in the conversation given or a new one."""


@dataclass(frozen=True)
class CaseResult:
    """One trial of a case."""

    case: Case
    scores: tuple[Score, ...]
    runs: tuple[AskResult, ...]
    seconds: float
    """From the first request to the last answer."""

    @property
    def is_passed(self) -> bool:
        return all(each.is_right for each in self.scores)

    @property
    def failures(self) -> str:
        return " ".join(f"[{each.scorer}] {each.told}" for each in self.scores if not each.is_right)


def run_suite(cases: Iterable[Case], worlds: Worlds, *, model: str | ModelChoice = OFFLINE) -> Iterator[CaseResult]:
    """The cases' results, one by one as they come in."""
    for case in cases:
        yield run_case(case, worlds, asking=in_process(model))


def in_process(model: str | ModelChoice) -> Asking:
    return lambda desk, request, conversation: ask(desk, request, conversation_id=conversation, model=model)


def run_case(case: Case, worlds: Worlds, *, asking: Asking | None = None) -> CaseResult:
    """Runs a case from the demo company's first state; what goes wrong in the agent is a score, never raised.

    Raises CrmError when the case itself cannot be set up.
    """
    with worlds.clone() as clone:
        trial = _Trial(case, clone, worlds.settings)
        try:
            return trial.run(asking or in_process(OFFLINE))
        finally:
            trial.database.close()


class _Trial:
    def __init__(self, case: Case, clone: Clone, settings: Settings) -> None:
        self.case = case
        self.clone = clone
        self.world = World.fixed(NOW, seed=zlib.crc32(case.id.encode()))
        self.database = Database.open(clone.admin_url, settings, self.world)
        self.who = self.database.sign_in(case.as_)

    def run(self, asking: Asking) -> CaseResult:
        for given in self.case.given:
            self._do(given)
        with psycopg.connect(self.clone.admin_url, autocommit=True) as admin:
            before = snapshot.take(admin, self.clone.base) if self.case.given else self.clone.base
            since = newest_event(admin)
        case = resolved(self.case, self.who, self._oracle)
        started = time.perf_counter()
        runs, failure = self._converse(asking)
        seconds = time.perf_counter() - started
        observed = self._observe(case, runs, before, since)
        return CaseResult(case, (*failure, *score(observed)), runs, seconds)

    def _converse(self, asking: Asking) -> tuple[tuple[AskResult, ...], list[Score]]:
        desk = ToolContext(self.database, self.world, self.who, channel="eval")
        runs: list[AskResult] = []
        try:
            for turn in self.case.turns:
                if isinstance(turn, PersonCall):
                    self._do(turn)
                else:
                    runs.append(asking(desk, turn, runs[-1].conversation_id if runs else None))
        except CrmError as error:
            return tuple(runs), [Score("answered", is_right=False, told=f"{error.kind}: {error.message}")]
        return tuple(runs), []

    def _do(self, call: PersonCall) -> None:
        """What a person does by hand, which must succeed."""
        who = self.database.sign_in(call.as_) if call.as_ else self.who
        args = resolve(call.args, NOW, ZoneInfo(who.time_zone), self._oracle)
        done = execute(ToolContext(self.database, self.world, who), call.tool, args)
        if done.outcome != "ok" or done.result.get("created") is False:
            raise CrmError("invalid", f"Case {self.case.id}: {call.tool} by hand: {done.result}")

    def _oracle(self, query: str) -> list[list[Any]]:
        return select(self.clone.admin_url, self.who, query)

    def _observe(self, case: Case, runs: tuple[AskResult, ...], before: snapshot.Snapshot, since: int) -> Observed:
        with psycopg.connect(self.clone.admin_url, autocommit=True) as admin:
            after = snapshot.take(admin, before)
            touched = {*before.changed_records(after), *records_since(admin, since)}
            problems = [*violations(admin, touched), *unexplained(admin, since)]
        return Observed(
            case=case,
            zone=ZoneInfo(self.who.time_zone),
            runs=runs,
            net=tuple(difference(before, after)),
            label_of=after.label_of,
            logged=tuple(f"{made['action']} {made['kind']} {made['label']}" for run in runs for made in run.changes),
            problems=tuple(problems),
            sql_rows=tuple(self._oracle(check.query) for check in case.sql),
        )


def resolved(case: Case, who: Identity, oracle: Oracle, now: datetime = NOW) -> Case:
    """The case with its days and oracles worked out, before anything is asked."""
    zone = ZoneInfo(who.time_zone)
    told = {
        "changes": tuple(
            change.model_copy(
                update={
                    name: resolve(getattr(change, name), now, zone, oracle)
                    for name in ("label", "id", "before", "after")
                }
            )
            for change in case.changes
        ),
        **{name: tuple(resolve(getattr(case, name), now, zone, oracle)) for name in ("answer_values", "answer_lacks")},
    }
    return case.model_copy(update=told)


def select(admin_url: str, who: Identity, query: str) -> list[list[Any]]:
    """The rows of one SELECT over the views, exactly as `who` sees them."""
    with psycopg.connect(admin_url) as connection:
        connection.execute("SELECT crm.enter(%s, %s)", [who.tenant_slug, who.email])
        connection.execute("SET ROLE crm_reader; SET search_path = crm_read; SET TRANSACTION READ ONLY")
        found = connection.execute(query.encode()).fetchall()
    return [[str(value) if isinstance(value, UUID) else value for value in row] for row in found]
