"""What records can be grouped by: words for it, and the column each kind keeps it in."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.offline.lexicon.phrases import Phrases, grouped
from schema.kinds import KINDS
from schema.views import VIEWS


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing to group by, in one view."""

    column: str
    """What is shown."""
    key: str = ""
    """The id beside it, where two may be called the same."""
    kind: str = ""
    """The kind of record the key names, where it has a page of its own."""
    is_of_company: bool = False
    """Whether the account of the record keeps it, and not the record."""


CALENDAR = ("day", "week", "month", "quarter", "year")
"""Stretches of time that records can be grouped by."""
AXIS_WORDS: Phrases[str] = grouped(
    (
        (
            "owner",
            (
                "owner, owners, rep, reps, sales rep, sales reps, salesperson, salespeople, colleague, colleagues, account manager, "
                "account managers, seller, sellers, deal owner, deal owners, owner name, account owner, account executive, ae, "
                "person, people, user, users, team member, team members, assignee, assignees, employee, employees, "
                "teammate, teammates, sales person, author, authors, individual rep, responsible, responsible person"
            ),
        ),
        (
            "account",
            "account, accounts, customer, customers, client, clients, company, companies, account name, firm, firms",
        ),
        ("contact", "contact, contacts, contact person"),
        (
            "stage",
            "stage, stages, pipeline stage, pipeline stages, deal stage, sales stage, phase, phases, status, statuses",
        ),
        ("outcome", "outcome, outcomes, result, results, won and lost, won or lost"),
        ("source", "source, sources, lead source, lead sources, origin, origins, channel source"),
        (
            "loss_reason",
            "reason, reasons, loss reason, loss reasons, lost reason, reason for loss, reason of loss, reasons for losing",
        ),
        ("currency", "currency, currencies"),
        (
            "industry",
            "industry, industries, sector, sectors, vertical, verticals, line of business, branch, account industry, customer industry",
        ),
        ("country", "country, countries, nation, nations, market, markets, geography"),
        (
            "tier",
            "tier, tiers, segment, segments, size class, account tier, customer tier, company size, customer segment",
        ),
        ("city", "city, cities, town, towns"),
        ("department", "department, departments"),
        ("title", "title, titles, job title, job titles"),
        (
            "kind",
            "type, types, kind, kinds, interaction type, interaction kind, channel, channels, activity type, medium",
        ),
        ("direction", "direction, directions"),
        ("priority", "priority, priorities, prio"),
        ("partner_type", "partner type, partner types"),
        ("position", "position, positions"),
        ("role", "role, roles"),
        ("about_kind", "kind of record, record kind"),
        ("day", "day, days, date"),
        ("week", "week, weeks, calendar week"),
        (
            "month",
            "month, months, calendar month, closing month, close month, expected close month, expected closing month",
        ),
        (
            "quarter",
            "quarter, quarters, fiscal quarter, calendar quarter, closing quarter, close quarter, expected close quarter",
        ),
        ("year", "year, years, calendar year"),
    )
)
ADVERBS: Phrases[str] = grouped(
    (
        ("day", "daily, day by day"),
        ("week", "weekly, week by week"),
        ("month", "monthly, month by month"),
        ("quarter", "quarterly, quarter by quarter"),
        ("year", "yearly, annually, year by year"),
    )
)
_USERS: Mapping[str, tuple[str, str]] = {
    "task": ("assignee_name", "assignee_id"),
    "note": ("author_name", "author_id"),
    "interaction": ("user_name", "user_id"),
}
_OF_COMPANY = ("industry", "country", "tier")
_HAVING_ACCOUNTS = ("opportunity", "job", "partnership", "contact", "interaction")


def axis_of(kind: str, name: str) -> Axis | None:
    """How a kind is grouped by something; None when it cannot be."""
    columns = VIEWS[view_of(kind)].by_name
    if name == "owner":
        column, key = _USERS.get(kind, ("owner_name", "owner_id"))
        return Axis(column, key) if column in columns else None
    if name in ("account", "contact"):
        shown = Axis("account_name" if name == "account" else "contact_name", f"{name}_id", name)
        return shown if shown.column in columns and shown.key in columns and kind != name else None
    if name == "outcome":
        return Axis("outcome") if "is_won" in columns else None
    if name == "stage":
        column = next((each for each in ("stage", "status") if each in columns), None)
        return Axis(column) if column else None
    if name == "kind" and "partner_type" in columns:
        return Axis("partner_type")
    if name in columns:
        return Axis(name)
    return Axis(name, is_of_company=True) if name in _OF_COMPANY and kind in _HAVING_ACCOUNTS else None


def view_of(kind: str) -> str:
    """The view that shows the records of a kind."""
    return KINDS[kind].plural if kind in KINDS else "users"
