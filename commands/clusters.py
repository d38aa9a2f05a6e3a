"""`crm-agent clusters`: complaints and leads grouped by what they say, and the tags that follow from it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import click

from commands.ids import whole_id
from commands.invocation import Group, Invocation, end, pass_invocation
from commands.opening import Desk, open_desk
from commands.terminal import cut, rows, say, short, working
from retrieval.clusters.making import Clustered, make_clusters
from retrieval.clusters.topics import make_topics
from schema.models.intelligence import CLUSTER_SUBJECTS
from tools.clusters import Tagged, get_cluster, list_clusters, tag_cluster
from tools.insights import check_may_infer


@click.group(cls=Group)
def clusters() -> None:
    """Read what complaints and leads have in common, in their own words."""


@clusters.command("list")
@click.option("--subject", type=click.Choice(CLUSTER_SUBJECTS), help="Only these.")
@pass_invocation
def list_(invocation: Invocation, subject: str | None) -> None:
    """List clusters, the largest first, each with an example."""
    with open_desk(invocation) as desk:
        found = list_clusters(desk.context, subject)
    invocation.answer(found, lambda: _show_list(found))


@clusters.command()
@click.argument("id_", metavar="CLUSTER")
@pass_invocation
def show(invocation: Invocation, id_: str) -> None:
    """Show a cluster with its records."""
    with open_desk(invocation) as desk:
        found = get_cluster(desk.context, _whole(desk, id_))
    invocation.answer(found, lambda: _show(found))


@clusters.command()
@pass_invocation
def make(invocation: Invocation) -> None:
    """Group complaints and leads anew; clusters that stay alike keep their ids and names."""
    with open_desk(invocation) as desk, working("Grouping"):
        check_may_infer(desk.context)
        made = make_clusters(desk.db, desk.who.tenant_id)
        topics = make_topics(desk.db, desk.who.tenant_id)
    told = {"clusters": [each.to_json() for each in made], "topics": topics.to_json()}
    invocation.answer(told, lambda: _show_made(made))


@clusters.command()
@click.argument("id_", metavar="CLUSTER")
@click.option("--tag", metavar="WORD", help="Another tag than the one suggested.")
@click.option("--dry-run", is_flag=True, help="Say which records would get which tag; change nothing.")
@pass_invocation
def tag(invocation: Invocation, id_: str, tag: str | None, dry_run: bool) -> None:
    """Put the cluster's tag on its records, in your name; each is a logged change that `undo` takes back."""
    with open_desk(invocation) as desk:
        cluster_id = _whole(desk, id_)
        if dry_run:
            found = get_cluster(desk.context, cluster_id)
            would = {"tag": tag or found["suggested_tag"], "records": found["records"]}
            invocation.answer(would, lambda: say(f"Would tag {len(would['records'])} records {would['tag']!r}."))
            return None
        done = tag_cluster(desk.context, cluster_id, tag)
    invocation.answer(done.to_json(), lambda: _show_tagged(done))
    return end(1 if done.failures else 0)


def _whole(desk: Desk, id_: str) -> UUID:
    return whole_id(desk, id_, ("cluster",))[1]


def _show_list(found: Mapping[str, Any]) -> None:
    rows(
        ("cluster", "of", "records", "name", "such_as"),
        [
            [
                each["cluster_id"],
                each["subject"],
                each["size"],
                each["name"],
                cut(each["examples"][0]["quote"]) if each["examples"] else "",
            ]
            for each in found["clusters"]
        ],
        empty="Nothing has been grouped; `crm-agent clusters make` does it.",
    )


def _show(found: Mapping[str, Any]) -> None:
    say(f"{found['size']} {found['subject']} that speak alike: {found['name']}", bold=True)
    say(f"In their own words: {', '.join(found['terms'])}. Suggested tag: {found['suggested_tag']}")
    for each in found["examples"]:
        say(f"  {each['label']}: {each['quote']}")
    columns = ("record", "kind", "label", "similarity")
    rows(
        columns,
        [[short(each["record_id"]), each["kind"], cut(each["label"]), each["similarity"]] for each in found["records"]],
        empty="No record of it is left.",
    )


def _show_made(made: list[Clustered]) -> None:
    for each in made:
        kept = f", {each.kept} of them known before" if each.kept else ""
        say(f"{each.records} {each.subject}: {each.clusters} clusters{kept}; {each.alone} are like no two others.")


def _show_tagged(done: Tagged) -> None:
    say(f"Tagged {done.tagged} records {done.tag!r}; {done.had_it} had it.", bold=True)
    for each in done.failures:
        say(f"  {short(each['record_id'])}: {each['message']}")
