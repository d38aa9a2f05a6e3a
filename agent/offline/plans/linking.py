"""Which kinds a name in a condition may be of, and which column then names the record."""

from agent.offline.lexicon.fields import fields_of
from agent.offline.phrasing import article, link
from agent.offline.plans.steps import Decline, Ended, Record
from schema.kinds import KINDS


def kinds_for(column: str, kind: str) -> tuple[str, ...]:
    field = fields_of(kind).get(column)
    if field and field.references:
        return field.references
    return (
        ("user",)
        if column.endswith(("owner_id", "assignee_id"))
        else ("account", "contact", "opportunity", "individual", "organization", "job", "partnership")
    )


def linking(column: str, kind: str, record: Record) -> str:
    """The column of a kind that names a record of another kind."""
    own = fields_of(kind)
    if column != "whose" and not (column == "account_id" and record["kind"] != "account"):
        return column
    if record["kind"] == "user":
        return KINDS[kind].owner_field or "owner_id"
    if record["kind"] == "organization" and "account_id" in own:
        return "account_name"
    linked = f"{record['kind']}_id"
    if linked in own:
        return linked
    if "about_id" in own:
        return "about_id"
    raise Ended(
        Decline(f"{link(record)} is {article(record['kind'])} and not something that {KINDS[kind].plural} belong to.")
    )
