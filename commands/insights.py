"""`crm-agent insights`: what was inferred about records, a person's yes or no, and inferring it anew."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import click

from agent.insights.choosing import choose_reader
from agent.insights.estimate import Estimate, estimate
from commands.ids import record_id, whole_id
from commands.invocation import Group, Invocation, end, pass_invocation
from commands.opening import Desk, open_desk
from commands.terminal import cut, facts, page, rows, say, short, words, working
from retrieval.insights.claim import Reader
from retrieval.insights.making import BATCH, make_insights, make_insights_of_facts, today_in
from retrieval.insights.store import Counts, Wanted
from schema.errors import CrmError
from tools.insights import PAGE, VERDICTS, InsightFilter, check_may_infer, get_insight, judge_insight, list_insights

_MODEL_BATCH = 8
"""Texts that a model reads before what it inferred is stored."""


@click.group(cls=Group)
def insights() -> None:
    """Read what was inferred about records, and say yes or no to it."""


@insights.command("list")
@click.option("--where", multiple=True, metavar="FILTER", help="Such as 'kind = risk' or 'confidence >= 0.7'.")
@click.option("--record", metavar="ID", help="Only of this record.")
@click.option("--verdict", type=click.Choice(VERDICTS), default="all", show_default=True)
@click.option("--limit", type=click.IntRange(1, 200), default=PAGE, show_default=True)
@click.option("--cursor", metavar="CURSOR", help="Where the page before ended: its next_cursor.")
@pass_invocation
def list_(
    invocation: Invocation, where: Sequence[str], record: str | None, verdict: str, limit: int, cursor: str | None
) -> None:
    """List insights, newest first."""
    with open_desk(invocation) as desk:
        about = record_id(desk, record) if record else None
        after = _whole(desk, cursor) if cursor else None
        found = list_insights(desk.context, InsightFilter(where, verdict, about, limit, after))
    invocation.answer(found, lambda: _show_list(found))


@insights.command()
@click.argument("id_", metavar="INSIGHT")
@pass_invocation
def show(invocation: Invocation, id_: str) -> None:
    """Show an insight with the passages it rests on."""
    with open_desk(invocation) as desk:
        found = get_insight(desk.context, _whole(desk, id_))
    invocation.answer(found, lambda: _show(found))


@insights.command()
@click.argument("id_", metavar="INSIGHT")
@pass_invocation
def verify(invocation: Invocation, id_: str) -> None:
    """Say that an insight is right; it stays, whatever later versions infer."""
    _judge(invocation, id_, is_right=True)


@insights.command()
@click.argument("id_", metavar="INSIGHT")
@pass_invocation
def reject(invocation: Invocation, id_: str) -> None:
    """Say that an insight is wrong; the same is never proposed again of that record."""
    _judge(invocation, id_, is_right=False)


@insights.command()
@click.option("--record", "records", multiple=True, metavar="ID", help="Only of this interaction; may be repeated.")
@click.option("--again", is_flag=True, help="Read again what this version has read already.")
@click.option("--limit", type=click.IntRange(1), help="At most so many texts, the newest first.")
@click.option("--model", metavar="NAME", help="Who reads; rules read with no key, as they do for offline.")
@click.option("--dry-run", is_flag=True, help="Say how much there is to read and what it may cost; read nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before a model is paid.")
@pass_invocation
def make(
    invocation: Invocation, records: Sequence[str], again: bool, limit: int | None, model: str | None, dry_run: bool, yes: bool
) -> None:  # fmt: skip
    """Infer sentiment, risks, next steps and topics from texts not read yet, or read by an older version.

    What people verified stays, what they rejected is not proposed again. Stopped at any point, it goes on from there.
    """
    with open_desk(invocation) as desk:
        check_may_infer(desk.context)
        reader = choose_reader(model or desk.settings.model)
        wanted = Wanted(desk.who.tenant_id, reader.maker, [record_id(desk, each) for each in records] or None, again)
        told = estimate(desk.db, wanted, limit)
        if dry_run or not _may_spend(told, yes=yes, as_json=invocation.as_json):
            invocation.answer(told.to_json(), lambda: say(told.sentence()))
            return end(0 if dry_run else 1)
        batch = BATCH if reader.maker.model == "rules" else _MODEL_BATCH
        counts = _made(desk, wanted, reader, batch, limit, told)
    invocation.answer({"model": reader.maker.model, **counts.to_json()}, lambda: _show_made(counts))
    return end(1 if counts.failed and not counts.read else 0)


def _made(desk: Desk, wanted: Wanted, reader: Reader, batch: int, limit: int | None, told: Estimate) -> Counts:
    with working(f"Reading {told.texts} texts") as tell:
        counts = make_insights(
            desk.db,
            wanted,
            reader,
            batch=batch,
            limit=limit,
            progress=lambda so_far: tell(f"Read {so_far.read} of {told.texts} texts"),
        )
        if wanted.records is None:
            counts.add(make_insights_of_facts(desk.db, wanted.tenant_id, today_in(desk.db, desk.who.time_zone)))
    return counts


def _may_spend(told: Estimate, *, yes: bool, as_json: bool) -> bool:
    """Raises CrmError (refused) where nobody is there to be asked."""
    if told.is_free or yes or not told.texts:
        return True
    if as_json or not sys.stdin.isatty():
        raise CrmError("refused", f"{told.sentence()} Give --yes to go on.")
    return click.confirm(f"{told.sentence()} Go on?", err=True)


def _judge(invocation: Invocation, id_: str, *, is_right: bool) -> None:
    with open_desk(invocation) as desk:
        done = judge_insight(desk.context, _whole(desk, id_), is_right=is_right)
    verb = "Verified" if is_right else "Rejected"
    invocation.answer(done, lambda: say(f"{verb}: {_what(done['insight'])}", bold=True))


def _whole(desk: Desk, id_: str) -> UUID:
    return whole_id(desk, id_, ("insight",))[1]


def _what(insight: Mapping[str, Any]) -> str:
    return f"{words(insight['kind'])} of {insight['record_kind']} {insight['label']}: {insight['statement']}"


def _show_list(found: Mapping[str, Any]) -> None:
    rows(
        ("insight", "about", "kind", "inferred", "confidence", "model", "a_person_says"),
        [
            [
                # Made many at a time, they begin alike.
                each["insight_id"],
                cut(f"{each['record_kind']} {each['label']}"),
                words(each["kind"]),
                cut(each["statement"]),
                each["confidence"],
                each["model"],
                _verdict(each),
            ]
            for each in found["insights"]
        ],
        empty="Nothing has been inferred; `crm-agent insights make` does it.",
    )
    page(len(found["insights"]), found["total"], f"go on with --cursor {found['next_cursor']}")


def _verdict(insight: Mapping[str, Any]) -> str:
    return {None: "", True: "yes", False: "no"}[insight["verified_by_user"]]


def _show(found: Mapping[str, Any]) -> None:
    say(f"Inferred, not written by anybody: {_what(found)}", bold=True)
    names = ("insight_id", "record_id", "confidence", "model", "model_version", "prompt_version", "created_at",
             "verified_by", "verified_at")  # fmt: skip
    verdict = {"a person says": _verdict(found) or "nothing yet"}
    facts({name: found[name] for name in names if found.get(name) is not None} | verdict)
    for each in found["evidence"]:
        place = f"{each['start']}-{each['end']} of " if each["start"] is not None else ""
        say(f"\n{each['kind']} {each['label']} ({short(each['record_id'])}), {place}{each['field']}:", dim=True)
        say(f"  {each['quote']}")


def _show_made(counts: Counts) -> None:
    say(
        f"Read {counts.read} texts; {counts.made} insights are new, {counts.renewed} were made anew, {counts.removed} no longer hold."
    )
    if counts.suppressed:
        say(f"{counts.suppressed} were not proposed, because a person has rejected them.")
    if counts.failed:
        say(f"{counts.failed} texts could not be read; the next `insights make` tries them again.")
