"""Views of tenancy: tenants, users, statuses, status_changes, tags."""

from schema.models import RecordTag, Status, Tenant, User
from schema.views.definition import Column, View, key, of

TENANTS = View(
    "tenants",
    "One's own company: one row",
    of(
        Tenant,
        "t",
        "tenant_id",
        "name",
        "slug",
        "time_zone",
        "currency",
        "fiscal_year_start_month",
        "created_at",
        "updated_at",
    ),
    "FROM crm.tenants t",
)
USERS = View(
    "users",
    "Colleagues who sign in; owners, assignees and authors are users",
    [
        key(User, "u", "user_id", "user"),
        *of(User, "u", "name", "email", "role"),
        Column("time_zone", "coalesce(u.time_zone, t.time_zone)", "text", "IANA name of the user's time zone"),
        *of(User, "u", "is_active", "created_at", "updated_at"),
    ],
    "FROM crm.users u JOIN crm.tenants t ON t.tenant_id = u.tenant_id",
)
STATUSES = View(
    "statuses",
    "Where accounts, leads and tasks can stand, in order",
    of(Status, "s", "record_kind", "status", "position", "is_open", "is_won", "is_lost"),
    "FROM crm.statuses s",
)
TAGS = View(
    "tags",
    "Words put on records",
    [
        *of(RecordTag, "g", "tag"),
        Column("record_kind", "r.kind", "text", "Kind of the record"),
        *of(RecordTag, "g", "record_id"),
    ],
    "FROM crm.record_tags g JOIN crm.records r ON r.tenant_id = g.tenant_id AND r.id = g.record_id\n"
    "WHERE NOT r.is_deleted",
)
STATUS_CHANGES = View(
    "status_changes",
    "Every move from one status or stage to another",
    [
        Column("record_kind", "e.record_kind", "text", "Kind of the record"),
        Column("record_id", "e.record_id", "uuid", "The record that moved"),
        Column("from_status", "e.before ->> 'status'", "text", "Where it stood; null when it was created"),
        Column("to_status", "e.after ->> 'status'", "text", "Where it went"),
        Column("changed_at", "e.occurred_at", "timestamptz", "When it moved"),
        Column(
            "changed_by",
            "coalesce(e.on_behalf_of, e.actor)",
            "text",
            "E-mail of the user who moved it, or for whom an agent did",
        ),
        Column("via_agent", "e.via_agent", "boolean", "True when an agent moved it"),
    ],
    "FROM crm.audit_events e JOIN crm.records r ON r.tenant_id = e.tenant_id AND r.id = e.record_id\n"
    "WHERE e.table_name IN ('leads', 'accounts', 'tasks') AND e.after IS NOT NULL AND NOT r.is_deleted\n"
    "  AND (e.before ->> 'status') IS DISTINCT FROM (e.after ->> 'status')",
)
VIEWS = (TENANTS, USERS, STATUSES, TAGS, STATUS_CHANGES)
