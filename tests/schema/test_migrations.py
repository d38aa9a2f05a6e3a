"""Models, migrations, views and comments say the same."""

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from schema.comparing import is_compared
from schema.database import Database
from schema.migrate import migrate
from schema.models import Base
from schema.settings import Settings
from schema.views import VIEWS

PUBLIC_SHAPE = {
    "tenants": "tenant_id name slug time_zone currency fiscal_year_start_month",
    "users": "user_id name email role time_zone is_active",
    "organizations": "organization_id name domain industry employee_count annual_revenue currency city country description custom",
    "accounts": "account_id organization_id name tier status industry country owner_id owner_name last_interaction_at custom",
    "individuals": "individual_id given_name family_name full_name email phone city country custom",
    "contacts": "contact_id individual_id full_name title department email phone account_id account_name is_primary custom",
    "leads": "lead_id kind name account_id account_name contact_id contact_name owner_id owner_name status is_open is_won"
    " is_lost source closed_at custom",
    "opportunities": "opportunity_id name account_id account_name contact_id contact_name owner_id owner_name stage is_open"
    " is_won is_lost amount currency probability expected_close_date closed_at source loss_reason description"
    " last_interaction_at custom",
    "jobs": "job_id name account_id account_name contact_id contact_name owner_id owner_name status is_open is_won is_lost"
    " position salary_min salary_max currency start_date custom",
    "partnerships": "partnership_id name account_id account_name contact_id contact_name owner_id owner_name status is_open"
    " is_won is_lost partner_type revenue_share custom",
    "tasks": "task_id title body status is_open priority due_at completed_at assignee_id assignee_name about_kind about_id"
    " about_label custom",
    "notes": "note_id body author_id author_name about_kind about_id about_label custom",
    "interactions": "interaction_id kind direction subject body occurred_at duration_seconds source is_external user_id"
    " user_name account_id account_name about_kind about_id about_label custom",
    "interaction_participants": "interaction_id individual_id user_id full_name role",
    "tags": "tag record_kind record_id",
    "statuses": "record_kind status position is_open is_won is_lost",
    "status_changes": "record_kind record_id from_status to_status changed_at changed_by via_agent",
    "insights": "insight_id record_kind record_id kind statement confidence model model_version verified_by_user verified_at",
    "sales_analytics": "opportunity_id name account_id account_name contact_id contact_name owner_id owner_name stage is_open"
    " is_won is_lost amount currency probability expected_close_date closed_at source loss_reason description industry"
    " country tier close_quarter days_open interaction_count last_interaction_at won_amount",
}
"""The contract of design §3.1, written out a second time on purpose: a view may gain columns, never lose one."""


def test_migrations_make_what_the_models_say(empty_database: Database) -> None:
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(empty_database.admin_url), poolclass=NullPool
    )
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": _is_ours,
                "include_object": is_compared,
                "include_schemas": True,
                "compare_type": True,
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "schema" or name == "crm"


def test_migrating_again_changes_nothing_and_keeps_rows(empty_database: Database, settings: Settings) -> None:
    with psycopg.connect(empty_database.admin_url) as admin:
        before = admin.execute("SELECT * FROM crm_private.signing_key").fetchall()
    migrate(empty_database.admin_url, settings)
    with psycopg.connect(empty_database.admin_url) as admin:
        assert admin.execute("SELECT * FROM crm_private.signing_key").fetchall() == before


def test_views_have_the_contracts_columns() -> None:
    assert set(VIEWS) == set(PUBLIC_SHAPE)
    for name, columns in PUBLIC_SHAPE.items():
        assert set(columns.split()) <= set(VIEWS[name].by_name), name


def test_database_shows_the_views_as_defined(empty_database: Database) -> None:
    with psycopg.connect(empty_database.admin_url) as admin:
        found = admin.execute(
            "SELECT c.relname, a.attname, format_type(a.atttypid, -1), col_description(c.oid, a.attnum)"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
            " WHERE c.relnamespace = 'crm_read'::regnamespace ORDER BY c.relname, a.attnum"
        ).fetchall()
    shown = {(view, column): (kind, comment) for view, column, kind, comment in found}
    spelled = {"timestamptz": "timestamp with time zone"}
    assert shown == {
        (view.name, column.name): (spelled.get(column.type, column.type), column.comment)
        for view in VIEWS.values()
        for column in view.columns
    }
    assert all(comment for _, comment in shown.values())
