"""The runner: a case is asked of the real agent in a world of its own, and what it led to is scored."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg

from agent.models import OFFLINE, ModelChoice
from agent.result import AskResult
from evals import snapshot
from evals.case import Case
from evals.difference import difference
from evals.face import Face, in_process
from evals.invariants import records_since, unexplained, violations
from evals.observed import Observed
from evals.scorers import Score, score
from evals.trial import Trial
from evals.values import Oracle, resolve
from evals.world import NOW, Worlds
from schema.errors import CrmError
from schema.identity import Identity


@dataclass(frozen=True)
class CaseResult:
    """One trial of a case."""

    case: Case
    scores: tuple[Score, ...]
    endings: tuple[AskResult, ...]
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
        yield run_case(case, worlds, face=in_process(model))


def run_case(case: Case, worlds: Worlds, *, face: Face | None = None) -> CaseResult:
    """Runs a case from the demo company's first state; what goes wrong in the agent is a score, never raised.

    Raises CrmError when the case itself cannot be set up.
    """
    with worlds.clone() as clone:
        trial = Trial(case, clone, worlds.settings, face or in_process(OFFLINE))
        try:
            return _run(trial)
        finally:
            trial.database.close()


def _run(trial: Trial) -> CaseResult:
    trial.prepare()
    before = trial.snapshot() if trial.case.given else trial.clone.base
    since = trial.newest_event()
    case = resolved(trial.case, trial.who, trial.oracle)
    started = time.perf_counter()
    failure: list[Score] = []
    try:
        for turn in case.turns:
            trial.take(turn)
    except CrmError as error:
        failure = [Score("answered", is_right=False, told=f"{error.kind}: {error.message}")]
    seconds = time.perf_counter() - started
    observed = _observe(trial, case, before, since)
    return CaseResult(case, (*failure, *score(observed)), tuple(trial.endings), seconds)


def _observe(trial: Trial, case: Case, before: snapshot.Snapshot, since: int) -> Observed:
    with psycopg.connect(trial.clone.admin_url, autocommit=True) as admin:
        after = snapshot.take(admin, before)
        touched = {*before.changed_records(after), *records_since(admin, since)}
        problems = [*violations(admin, touched), *unexplained(admin, since)]
    observed = Observed(
        case=case,
        zone=ZoneInfo(trial.who.time_zone),
        endings=tuple(trial.endings),
        waited=tuple(trial.waited),
        rehearsed=tuple(trial.rehearsals()),
        approved=tuple(trial.approved()),
        undecided=tuple(trial.undecided),
        net=tuple(difference(before, after)),
        label_of=after.label_of,
        logged=(),
        problems=tuple(problems),
        sql_rows=tuple(trial.oracle(check.query) for check in case.sql),
    )
    logged = (f"{made['action']} {made['kind']} {made['label']}" for run in observed.runs for made in run.changes)
    return replace(observed, logged=tuple(logged))


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
        "proposals": case.proposals
        and tuple(
            proposal.model_copy(
                update={
                    name: resolve(getattr(proposal, name), now, zone, oracle)
                    for name in ("count", "labels", "before", "after")
                }
            )
            for proposal in case.proposals
        ),
        "sql": tuple(check.model_copy(update={"rows": resolve(check.rows, now, zone, oracle)}) for check in case.sql),
        **{name: tuple(resolve(getattr(case, name), now, zone, oracle)) for name in ("answer_values", "answer_lacks")},
    }
    return case.model_copy(update=told)
