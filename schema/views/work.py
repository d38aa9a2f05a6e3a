"""Views of work about records: tasks, notes, interactions and their participants."""

from schema.models import Interaction, Note, Participant, Task
from schema.views.definition import STAMPS, Column, View, key, of

ABOUT = (
    Column("about_kind", "r.kind", "text", "Kind of the record it is about"),
    Column("about_id", "r.id", "uuid", "Record it is about"),
    Column("about_label", "r.label", "text", "What people call that record"),
)


def _about(alias: str) -> str:
    return (
        f"LEFT JOIN crm.records r ON r.tenant_id = {alias}.tenant_id AND r.id = {alias}.about_id AND NOT r.is_deleted\n"
    )


def _user(alias: str, column: str) -> str:
    return f"LEFT JOIN crm.users u ON u.tenant_id = {alias}.tenant_id AND u.id = {alias}.{column}\n"


TASKS = View(
    "tasks",
    "Work to do",
    [
        key(Task, "t", "task_id", "task"),
        *of(Task, "t", "title", "body", "status"),
        Column("is_open", "s.is_open", "boolean", "True while neither done nor cancelled"),
        *of(Task, "t", "priority", "due_at", "completed_at", "assignee_id"),
        Column("assignee_name", "u.name", "text", "Name of the assignee"),
        *ABOUT,
        *of(Task, "t", *STAMPS),
    ],
    "FROM crm.tasks t\n"
    "JOIN crm.statuses s ON s.tenant_id = t.tenant_id AND s.record_kind = t.record_kind AND s.status = t.status\n"
    + _about("t")
    + _user("t", "assignee_id")
    + "WHERE t.deleted_at IS NULL",
    "task",
)
NOTES = View(
    "notes",
    "Things written down about records",
    [
        key(Note, "n", "note_id", "note"),
        *of(Note, "n", "body", "author_id"),
        Column("author_name", "u.name", "text", "Name of the author"),
        *ABOUT,
        *of(Note, "n", *STAMPS),
    ],
    "FROM crm.notes n\n" + _about("n") + _user("n", "author_id") + "WHERE n.deleted_at IS NULL",
    "note",
)
INTERACTIONS = View(
    "interactions",
    "What happened: e-mails, calls, meetings and chats",
    [
        key(Interaction, "x", "interaction_id", "interaction"),
        *of(
            Interaction,
            "x",
            "kind",
            "direction",
            "subject",
            "body",
            "occurred_at",
            "duration_seconds",
            "source",
            "is_external",
            "user_id",
        ),
        Column("user_name", "u.name", "text", "Name of the user who took part"),
        *of(Interaction, "x", "account_id"),
        Column("account_name", "a.name", "text", "Name of the account"),
        *ABOUT,
        *of(Interaction, "x", *STAMPS),
    ],
    "FROM crm.interactions x\n"
    + _about("x")
    + _user("x", "user_id")
    + "LEFT JOIN crm.accounts a ON a.tenant_id = x.tenant_id AND a.id = x.account_id AND a.deleted_at IS NULL\n"
    "WHERE x.deleted_at IS NULL",
    "interaction",
)
PARTICIPANTS = View(
    "interaction_participants",
    "Who took part in which interaction",
    [
        *of(Participant, "p", "interaction_id", "individual_id", "user_id"),
        Column(
            "full_name", "coalesce(btrim(i.given_name || ' ' || i.family_name), u.name)", "text", "Name of the person"
        ),
        *of(Participant, "p", "role"),
    ],
    "FROM crm.interaction_participants p\n"
    "JOIN crm.interactions x ON x.tenant_id = p.tenant_id AND x.id = p.interaction_id AND x.deleted_at IS NULL\n"
    "LEFT JOIN crm.individuals i ON i.tenant_id = p.tenant_id AND i.id = p.individual_id\n"
    "LEFT JOIN crm.users u ON u.tenant_id = p.tenant_id AND u.id = p.user_id",
)
VIEWS = (TASKS, NOTES, INTERACTIONS, PARTICIPANTS)
