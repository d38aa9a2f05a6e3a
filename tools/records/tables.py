"""The tables that records live in, by the names the tools use."""

import sqlalchemy as sa

from schema.models import Base


def table_of(name: str) -> sa.Table:
    return Base.metadata.tables[f"crm.{name}"]


TABLES = (
    "organizations",
    "individuals",
    "accounts",
    "contacts",
    "leads",
    "opportunities",
    "jobs",
    "partnerships",
    "tasks",
    "notes",
    "interactions",
)
"""Those that hold records, in the order in which rows are locked and written: what is named comes before what names it."""

RECORDS = table_of("records")
ORGANIZATIONS = table_of("organizations")
ACCOUNTS = table_of("accounts")
INDIVIDUALS = table_of("individuals")
CONTACTS = table_of("contacts")
LEADS = table_of("leads")
TASKS = table_of("tasks")
INTERACTIONS = table_of("interactions")
PARTICIPANTS = table_of("interaction_participants")
TAGS = table_of("record_tags")
USERS = table_of("users")
STATUSES = table_of("statuses")
TRANSITIONS = table_of("status_transitions")
TOOL_CALLS = table_of("tool_calls")
