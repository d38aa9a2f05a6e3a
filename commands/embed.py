"""`crm-agent embed`: the semantic index, from how it stands to building it anew."""

import signal
import sys
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar
from uuid import UUID

import click

from commands.environment import open_settings
from commands.invocation import Group, Invocation, end, pass_invocation
from commands.opening import operating
from commands.progress import bars
from commands.terminal import rows, say, short, working
from retrieval.indexing import models as model_store
from retrieval.indexing.background import indexing
from retrieval.indexing.beginning import begin
from retrieval.indexing.estimating import Estimate, estimate
from retrieval.indexing.models import Model, list_models
from retrieval.indexing.queue import retry as retry_queued
from retrieval.indexing.renewing import Renewal
from retrieval.indexing.sources import Sources
from retrieval.indexing.status import status as index_status
from retrieval.indexing.worker import Worker
from schema.database import Database
from schema.errors import CrmError

T = TypeVar("T")

_MODEL = click.option("--model", metavar="NAME", help="The embedder; CRM_AGENT_EMBEDDER otherwise.")
_YES = click.option("--yes", is_flag=True, help="Do not ask first.")


@click.group(cls=Group)
def embed() -> None:
    """Keep the semantic index: pieces of records' texts, and their vectors.

    While `serve` runs, what is written is indexed by itself. The index can be dropped and built again from the records.
    """


@embed.command()
@pass_invocation
def status(invocation: Invocation) -> None:
    """Say how much is indexed, what waits, and what was given up and why."""
    settings = open_settings()
    with operating(settings) as (db, _):
        tenant = _tenant_id(db, invocation.tenant)
        with db.across_tenants() as session:
            document = {"embedder": settings.embedder, **index_status(session, tenant)}
    invocation.answer(document, lambda: _show_status(document))


@embed.command()
@_MODEL
@_YES
@click.option("--dry-run", is_flag=True, help="Say how much there is to do, and do nothing.")
@pass_invocation
def backfill(invocation: Invocation, model: str | None, yes: bool, dry_run: bool) -> None:
    """Give every text a vector, and search with that model once all have one.

    Until then searches go on with the model before. What was done stays when this is stopped: the same command goes on.
    """
    with _renewing(model) as (renewal, name):
        with working("Looking at what there is"):
            found = estimate(renewal.db, renewal.sources.named(name).embedder)
        if dry_run:
            invocation.answer({"done": False, "estimate": found.to_json()}, lambda: _show_estimate(found))
            return
        _ask(invocation, found, yes=yes)
        done = _stoppable(lambda: renewal.backfill(name))
    _tell_done(invocation, renewal, done, found)


@embed.command()
@_MODEL
@_YES
@pass_invocation
def rebuild(invocation: Invocation, model: str | None, yes: bool) -> None:
    """Drop all vectors, read every record again, and embed it; searches go by words meanwhile."""
    with _renewing(model) as (renewal, name):
        with working("Looking at what there is"):
            found = estimate(renewal.db, renewal.sources.named(name).embedder, is_all=True)
        _ask(invocation, found, yes=yes, question="Drop all vectors and make them again?")
        done = _stoppable(lambda: renewal.rebuild(name))
    _tell_done(invocation, renewal, done, found)


@embed.command()
@click.option("--model", metavar="NAME", help="Only this one's vectors; all otherwise.")
@_YES
@pass_invocation
def drop(invocation: Invocation, model: str | None, yes: bool) -> None:
    """Drop vectors; texts stay, and are found by their words. `embed backfill` makes them again."""
    with operating() as (db, _):
        with db.across_tenants() as session:
            found = [each for each in list_models(session) if model in (None, each.name)]
        if model is not None and not found:
            raise CrmError("not_found", f"There are no vectors by {model}; `embed status` shows whose there are.")
        if found and not yes:
            _confirm(invocation, f"Drop the vectors by {', '.join(each.name for each in found)}?")
        for each in found:
            model_store.drop(db, each)
    document = {"dropped": [_named(each) for each in found]}
    sentence = "The vectors are dropped." if found else "There were no vectors."
    invocation.answer(document, lambda: say(sentence))


@embed.command()
@click.option("--once", is_flag=True, help="End when nothing waits any more.")
@pass_invocation
def worker(invocation: Invocation, once: bool) -> None:
    """Index what is written, as `serve` does; several may run, on several machines. Ctrl-C ends it after its batch."""
    settings = open_settings()
    with operating(settings) as (db, _), _until_told() as stopping:
        if once:
            sources = Sources()
            begin(db, sources, settings.embedder)
            done = Worker(db, sources).drain(stopping.is_set)
            invocation.answer({"indexed": done}, lambda: say(f"Indexed {_counted(done, 'record')}."))
            return
        say("Waiting for texts to index; Ctrl-C ends.", err=True)
        with indexing(db, settings):
            stopping.wait()
    invocation.answer({"stopped": True}, lambda: say("Stopped."))


@embed.command()
@pass_invocation
def retry(invocation: Invocation) -> None:
    """Try again what was given up."""
    with operating() as (db, _):
        tenant = _tenant_id(db, invocation.tenant)
        with db.across_tenants() as session:
            count = retry_queued(session, tenant)
    invocation.answer({"retried": count}, lambda: say(f"{_counted(count, 'record')} will be tried again."))


@contextmanager
def _renewing(model: str | None) -> Generator[tuple[Renewal, str]]:
    settings = open_settings()
    with operating(settings) as (db, _), bars() as tell:
        yield Renewal(db, Sources(), tell), model or settings.embedder


def _ask(invocation: Invocation, found: Estimate, *, yes: bool, question: str | None = None) -> None:
    """Asks before money is spent, and before what is there is dropped."""
    costs = found.cost_usd != 0 and found.texts > 0
    if yes or (not costs and question is None):
        return
    if not invocation.as_json:
        _show_estimate(found)
    _confirm(invocation, question or "Go on?")


def _confirm(invocation: Invocation, question: str) -> None:
    if invocation.as_json or not sys.stdin.isatty():
        raise CrmError("refused", f"{question} Give --yes to say so.")
    if not click.confirm(question, err=True):
        raise CrmError("refused", "Nothing was done.")


def _stoppable(work: Callable[[], T]) -> T:
    try:
        return work()
    except KeyboardInterrupt:
        raise CrmError(
            "refused", "Stopped; what was embedded stays, and the same command goes on from there."
        ) from None


def _tell_done(invocation: Invocation, renewal: Renewal, model: Model, found: Estimate) -> None:
    filled = renewal.filled
    document = {
        "done": filled.is_whole,
        "estimate": found.to_json(),
        "model": _named(model),
        "embedded": filled.texts,
        "refused": filled.refused,
    }

    def show() -> None:
        say(f"Embedded {_counted(filled.texts, 'text')} with {model.name}, which searches use now.")
        if filled.refused:
            say(f"{_counted(filled.refused, 'text')} could not be embedded; `embed status` says why.", fg="yellow")

    invocation.answer(document, show)
    if not filled.is_whole:
        end(1)


def _named(model: Model) -> dict[str, Any]:
    return {"name": model.name, "version": model.version, "dimensions": model.dimensions}


def _show_estimate(found: Estimate) -> None:
    cost = (
        "an unknown price"
        if found.cost_usd is None
        else f"about ${found.cost_usd:.2f}"
        if found.cost_usd
        else "no money"
    )
    say(
        f"{_counted(found.texts, 'text')} to embed with {found.model}: about {found.tokens:,} tokens,"
        f" {_duration(found.seconds)}, {cost}."
    )


def _show_status(document: Mapping[str, Any]) -> None:
    queue = document["queue"]
    lines = [
        (each["name"], each["version"], each["state"], f"{each['vectors']:,}", f"{each['coverage_percent']:g} %")
        for each in document["models"]
    ]
    none = "No vectors are kept: they were dropped." if document["switched_off"] else "No vectors are kept yet."
    rows(("model", "version", "state", "vectors", "of all chunks"), lines, empty=f"{none} `embed backfill` makes them.")
    kinds = [(kind, f"{each['records']:,}", f"{each['chunks']:,}") for kind, each in document["kinds"].items()]
    rows(("kind", "records", "chunks"), kinds, empty="There are no records.")
    if queue["depth"]:
        say(
            f"{_counted(queue['depth'], 'record')} to index; the oldest waits for {_duration(queue['oldest_seconds'])}."
        )
    else:
        say("Nothing waits to be indexed.")
    for why, count in queue["why"].items():
        say(f"{_counted(count, 'record')} wait because of this: {why}")
    if document["set_aside"]:
        say(f"{_counted(document['set_aside_total'], 'record')} given up; `embed retry` tries again:")
        given_up = [
            (short(each["record_id"]), each["kind"], each["label"], each["error"]) for each in document["set_aside"]
        ]
        rows(("id", "kind", "record", "why"), given_up, empty="")


@contextmanager
def _until_told() -> Generator[threading.Event]:
    """An event that is set by Ctrl-C and by whoever ends the process kindly."""
    told = threading.Event()

    def tell(_number: int, _frame: FrameType | None) -> None:
        told.set()

    earlier = {each: signal.signal(each, tell) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for each, handler in earlier.items():
            signal.signal(each, handler)


def _tenant_id(db: Database, slug: str | None) -> UUID | None:
    if slug is None:
        return None
    with db.across_tenants() as session:
        found = session.scalar("SELECT tenant_id FROM crm.tenants WHERE slug = :slug", slug=slug)
    if found is None:
        raise CrmError("not_found", f"No tenant {slug}.")
    return found


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
