"""Views of leads: all of them, and opportunities, jobs and partnerships each in full."""

from schema.models import Job, Lead, Opportunity, Partnership
from schema.views.definition import STAMPS, Column, View, key, of

ACCOUNT_NAME = Column("account_name", "a.name", "text", "Name of the account")
CONTACT_NAME = Column("contact_name", "btrim(i.given_name || ' ' || i.family_name)", "text", "Name of the contact")
OWNER_NAME = Column("owner_name", "u.name", "text", "Name of the owner")
OUTCOMES = (
    Column("is_open", "s.is_open", "boolean", "True while neither won nor lost"),
    Column("is_won", "s.is_won", "boolean", "True when won"),
    Column("is_lost", "s.is_lost", "boolean", "True when lost"),
)
_JOINS = (
    "JOIN crm.statuses s ON s.tenant_id = l.tenant_id AND s.record_kind = l.kind AND s.status = l.status\n"
    "LEFT JOIN crm.accounts a ON a.tenant_id = l.tenant_id AND a.id = l.account_id AND a.deleted_at IS NULL\n"
    "LEFT JOIN crm.contacts c ON c.tenant_id = l.tenant_id AND c.id = l.contact_id AND c.deleted_at IS NULL\n"
    "LEFT JOIN crm.individuals i ON i.tenant_id = c.tenant_id AND i.id = c.individual_id\n"
    "LEFT JOIN crm.users u ON u.tenant_id = l.tenant_id AND u.id = l.owner_id\n"
)
_ALIVE = "WHERE l.deleted_at IS NULL"
LAST_INTERACTION = Column(
    "last_interaction_at",
    "(SELECT max(x.occurred_at) FROM crm.interactions x WHERE x.tenant_id = l.tenant_id"
    " AND x.about_id = l.id AND x.deleted_at IS NULL)",
    "timestamptz",
    "When we last had an interaction about it",
)


def _source(part: str) -> str:
    return f"FROM crm.leads l\nJOIN crm.{part} p ON p.tenant_id = l.tenant_id AND p.id = l.id\n{_JOINS}{_ALIVE}"


def _parties() -> list[Column]:
    """Name, account, contact and owner, as every lead shows them."""
    return [
        *of(Lead, "l", "name", "account_id"),
        ACCOUNT_NAME,
        *of(Lead, "l", "contact_id"),
        CONTACT_NAME,
        *of(Lead, "l", "owner_id"),
        OWNER_NAME,
    ]


def opportunity_columns() -> list[Column]:
    """The columns of an opportunity, which sales_analytics shows too."""
    return [
        key(Opportunity, "l", "opportunity_id", "opportunity"),
        *_parties(),
        Column("stage", "l.status", "text", "new, qualified, proposal, negotiation, won or lost"),
        *OUTCOMES,
        *of(Opportunity, "p", "amount", "currency", "probability", "expected_close_date"),
        *of(Lead, "l", "closed_at", "source"),
        *of(Opportunity, "p", "loss_reason", "description"),
    ]


LEADS = View(
    "leads",
    "Everything we may win: opportunities, jobs and partnerships together",
    [
        key(Lead, "l", "lead_id", "lead"),
        *of(Lead, "l", "kind"),
        *_parties(),
        *of(Lead, "l", "status"),
        *OUTCOMES,
        *of(Lead, "l", "source", "closed_at", *STAMPS),
    ],
    f"FROM crm.leads l\n{_JOINS}{_ALIVE}",
)
OPPORTUNITIES = View(
    "opportunities",
    "Possible sales; people also say deals",
    [*opportunity_columns(), LAST_INTERACTION, *of(Lead, "l", *STAMPS)],
    _source("opportunities"),
    "opportunity",
)
JOBS = View(
    "jobs",
    "Positions we may fill",
    [
        key(Job, "l", "job_id", "job"),
        *_parties(),
        *of(Lead, "l", "status"),
        *OUTCOMES,
        *of(Job, "p", "position", "salary_min", "salary_max", "currency", "start_date"),
        *of(Lead, "l", *STAMPS),
    ],
    _source("jobs"),
    "job",
)
PARTNERSHIPS = View(
    "partnerships",
    "Companies we may work with",
    [
        key(Partnership, "l", "partnership_id", "partnership"),
        *_parties(),
        *of(Lead, "l", "status"),
        *OUTCOMES,
        *of(Partnership, "p", "partner_type", "revenue_share"),
        *of(Lead, "l", *STAMPS),
    ],
    _source("partnerships"),
    "partnership",
)
VIEWS = (LEADS, OPPORTUNITIES, JOBS, PARTNERSHIPS)
