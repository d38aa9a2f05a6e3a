"""Views of what was inferred and materialised: insights, sales_analytics."""

from schema.models import Insight
from schema.views.definition import Column, View, of
from schema.views.leads import opportunity_columns

INSIGHTS = View(
    "insights",
    "What models inferred about records, until a person verifies it",
    [
        Column("insight_id", "n.id", "uuid", "Key of the insight"),
        Column("record_kind", "r.kind", "text", "Kind of the record"),
        *of(
            Insight,
            "n",
            "record_id",
            "kind",
            "statement",
            "confidence",
            "model",
            "model_version",
            "verified_by_user",
            "verified_at",
            "created_at",
            "updated_at",
        ),
    ],
    "FROM crm.ai_insights n JOIN crm.records r ON r.tenant_id = n.tenant_id AND r.id = n.record_id\n"
    "WHERE NOT r.is_deleted",
)

_MATERIALIZED = (
    Column("industry", "o.industry", "text", "Line of business of the account's organization"),
    Column("country", "o.country", "text", "Country of the account's organization"),
    Column("tier", "a.tier", "text", "Size class of the account"),
    Column(
        "close_quarter",
        "q.close_quarter",
        "text",
        "Fiscal quarter of closing, or of the expected close while open, such as 2026-Q3",
    ),
    Column(
        "interaction_count",
        "coalesce(x.interaction_count, 0)::integer",
        "integer",
        "Number of interactions about the opportunity",
    ),
    Column("last_interaction_at", "x.last_interaction_at", "timestamptz", "When we last had an interaction about it"),
    Column("won_amount", "CASE WHEN s.is_won THEN p.amount END", "numeric", "Amount when won, else null"),
)
_CREATED = Column("created_at", "l.created_at", "timestamptz", "When the opportunity was created")
_FACTS = (*opportunity_columns(), *_MATERIALIZED, _CREATED)

# A fiscal year is named after the calendar year it ends in; with a January start both are the same.
MATERIALIZED_VIEW = (
    "CREATE MATERIALIZED VIEW crm.sales_facts AS\nSELECT l.tenant_id,\n    "
    + ",\n    ".join(f"{column.expression} AS {column.name}" for column in _FACTS)
    + """
FROM crm.leads l
JOIN crm.opportunities p ON p.tenant_id = l.tenant_id AND p.id = l.id
JOIN crm.tenants t ON t.tenant_id = l.tenant_id
JOIN crm.statuses s ON s.tenant_id = l.tenant_id AND s.record_kind = l.kind AND s.status = l.status
LEFT JOIN crm.accounts a ON a.tenant_id = l.tenant_id AND a.id = l.account_id AND a.deleted_at IS NULL
LEFT JOIN crm.organizations o ON o.tenant_id = a.tenant_id AND o.id = a.organization_id AND o.deleted_at IS NULL
LEFT JOIN crm.contacts c ON c.tenant_id = l.tenant_id AND c.id = l.contact_id AND c.deleted_at IS NULL
LEFT JOIN crm.individuals i ON i.tenant_id = c.tenant_id AND i.id = c.individual_id
LEFT JOIN crm.users u ON u.tenant_id = l.tenant_id AND u.id = l.owner_id
LEFT JOIN LATERAL (
    SELECT count(*) AS interaction_count, max(y.occurred_at) AS last_interaction_at
    FROM crm.interactions y WHERE y.tenant_id = l.tenant_id AND y.about_id = l.id AND y.deleted_at IS NULL
) x ON true
LEFT JOIN LATERAL (
    SELECT to_char(
        coalesce((l.closed_at AT TIME ZONE t.time_zone)::date, p.expected_close_date)
            + make_interval(months => (13 - t.fiscal_year_start_month) % 12), 'YYYY-"Q"Q') AS close_quarter
) q ON true
WHERE l.deleted_at IS NULL"""
)

SALES_ANALYTICS = View(
    "sales_analytics",
    "One row an opportunity, for analysis; materialised, so a little behind",
    [
        *(
            Column(fact.name, f"f.{fact.name}", fact.type, fact.comment)
            for fact in (*opportunity_columns(), *_MATERIALIZED)
        ),
        Column(
            "days_open",
            "greatest(0, (coalesce(f.closed_at, crm.now())::date - f.created_at::date))",
            "integer",
            "Days from creation to closing, or to now while open",
        ),
        Column("created_at", "f.created_at", "timestamptz", _CREATED.comment),
    ],
    "FROM crm.sales_facts f\nWHERE f.tenant_id = (SELECT crm.current_tenant())",
)
VIEWS = (INSIGHTS, SALES_ANALYTICS)
