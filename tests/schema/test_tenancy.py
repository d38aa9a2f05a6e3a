"""Nothing of one tenant reaches another: every table, every view, every role."""

from typing import LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError

from schema.database import Database, role_url
from schema.errors import CrmError
from schema.identity import Identity
from schema.models import Base
from schema.session import WriteSession
from schema.views import VIEWS
from tests.schema.filled import Filled, change, table

TABLES = sorted(
    name.removeprefix("crm.") for name, table in Base.metadata.tables.items() if "tenant_id" in table.columns
)
READ_ONLY = {
    "account_summaries",
    "audit_events",
    "audit_seals",
    "chunks",
    "cluster_members",
    "clusters",
    "embedding_queue",
    "embeddings",
    "insight_evidence",
    "insight_readings",
    "interaction_participants",
    "nightly_work",
    "record_tags",
    "records",
    "statuses",
    "status_transitions",
    "steps",
    "tenants",
}
"""Tables the application may not update at all."""

promise = pytest.mark.promise


def seen_tenants(database: Database, who: Identity, name: str) -> set[UUID]:
    with database.read(who) as session:
        return {row["tenant_id"] for row in session.select(select(table(name).c.tenant_id))}


@promise("tenant:sealed")
@pytest.mark.parametrize("name", TABLES)
def test_the_application_sees_its_tenants_rows_and_no_others(
    shared: Database, near: Filled, far: Filled, name: str
) -> None:
    assert seen_tenants(shared, near.who, name) == {near.who.tenant_id}
    assert seen_tenants(shared, far.who, name) == {far.who.tenant_id}


@promise("tenant:sealed")
@pytest.mark.parametrize("role", ["app", "reader", "view", "audit", "owner"])
def test_without_a_context_no_role_that_serves_sees_a_row(
    shared: Database, near: Filled, far: Filled, role: str
) -> None:
    with psycopg.connect(shared.admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(shared.roles.name(role))))
        readable = [("crm", name) for name in TABLES] + [("crm_read", name) for name in VIEWS]
        seen = {f"{schema}.{name}": _count(admin, schema, name) for schema, name in readable}
    # The owner of the log and the registry's reader look across tenants to write the log; nobody can log in as it.
    across = {"crm.audit_events", "crm.records"} if role == "audit" else set[str]()
    assert {name for name, count in seen.items() if count} <= across


def _count(admin: psycopg.Connection, schema: str, name: str) -> int:
    try:
        found = admin.execute(sql.SQL("SELECT count(*) FROM {}.{}").format(*map(sql.Identifier, (schema, name))))
    except psycopg.errors.InsufficientPrivilege:
        return 0
    row = found.fetchone()
    return int(row[0]) if row else 0


@promise("tenant:sealed")
@pytest.mark.parametrize("view", VIEWS)
def test_a_models_sql_sees_its_tenants_rows_and_no_others(
    shared: Database, near: Filled, far: Filled, view: str
) -> None:
    own = {str(value) for value in near.ids.values()} | {str(near.who.tenant_id)}
    foreign = {str(value) for value in far.ids.values()} | {str(far.who.tenant_id)}
    with psycopg.connect(shared.admin_url, autocommit=True) as admin:
        admin.execute("SELECT crm.enter('near', audience => 'model')")
        admin.execute("SET ROLE crm_reader")
        rows = admin.execute(sql.SQL("SELECT * FROM crm_read.{}").format(sql.Identifier(view))).fetchall()
    shown = {str(value) for row in rows for value in row}
    assert rows
    assert not shown & foreign
    assert view == "statuses" or shown & own


@promise("tenant:sealed")
@pytest.mark.parametrize("name", [name for name in TABLES if name not in READ_ONLY])
def test_no_update_reaches_another_tenants_rows(shared: Database, near: Filled, far: Filled, name: str) -> None:
    foreign = table(name)
    with shared.write(near.who, change(shared)) as session:
        steal = update(foreign).where(foreign.c.tenant_id == far.who.tenant_id).values(tenant_id=near.who.tenant_id)
        assert session.execute(steal) == 0


@promise("tenant:sealed")
def test_no_insert_can_name_another_tenant(shared: Database, near: Filled, far: Filled) -> None:
    with pytest.raises(DBAPIError, match="row-level security"), shared.write(near.who, change(shared)) as session:
        _insert_account(session, shared, far.who.tenant_id)


def _insert_account(session: WriteSession, shared: Database, tenant_id: UUID, **values: object) -> None:
    now = shared.world.now()
    session.execute(
        insert(table("accounts")).values(
            tenant_id=tenant_id, id=shared.world.new_id(), name="X", created_at=now, updated_at=now, **values
        )
    )


@promise("tenant:sealed")
@pytest.mark.parametrize(("column", "target"), [("owner_id", "users"), ("organization_id", "organizations")])
def test_a_foreign_key_cannot_cross(shared: Database, near: Filled, far: Filled, column: str, target: str) -> None:
    with pytest.raises(DBAPIError, match="foreign key"), shared.write(near.who, change(shared)) as session:
        _insert_account(session, shared, near.who.tenant_id, **{column: far.ids[target]})


@promise("tenant:sealed")
def test_every_table_has_forced_row_level_security(shared: Database) -> None:
    with psycopg.connect(shared.admin_url) as admin:
        loose = admin.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'crm'::regnamespace AND relkind = 'r'"
            " AND NOT (relrowsecurity AND relforcerowsecurity)"
        ).fetchall()
    # Which embedders there are is the installation's, and the same for all tenants.
    assert loose == [("embedding_models",)]


ATTACKS: dict[str, LiteralString] = {
    "a plain setting": "SELECT set_config('crm.context', %(tenant)s, true)",
    "another payload under the old signature": (
        "SELECT set_config('crm.context', replace(current_setting('crm.context'), %(own)s, %(tenant)s), true)"
    ),
    "no signature": "SELECT set_config('crm.context', repeat('0', 64) || '.' || %(payload)s, true)",
    "a short token": "SELECT set_config('crm.context', '{}', true)",
    "the setting itself": "SET LOCAL crm.context = 'x'",
}


@promise("tenant:sealed")
@pytest.mark.parametrize("attack", ATTACKS)
def test_set_config_switches_a_plain_policy_but_not_a_signed_context(
    database: Database, near: Filled, far: Filled, attack: str
) -> None:
    """Hardening is taken away first, so that the signature alone is tried."""
    told = {
        "own": str(near.who.tenant_id),
        "tenant": str(far.who.tenant_id),
        "payload": f'{{"tenant": "{far.who.tenant_id}", "pid": 1, "expires": 99999999999}}',
    }
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        admin.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pg_catalog TO crm_reader")
        admin.execute("CREATE TABLE public.plain AS SELECT * FROM crm.accounts")
        admin.execute("ALTER TABLE public.plain ENABLE ROW LEVEL SECURITY")
        admin.execute(
            "CREATE POLICY p ON public.plain USING (tenant_id::text = current_setting('app.tenant_id', true))"
        )
        admin.execute("GRANT SELECT ON public.plain TO crm_reader; GRANT USAGE ON SCHEMA public TO crm_reader")
        admin.execute("SELECT crm.enter('near')")
        with admin.transaction():
            admin.execute("SET LOCAL ROLE crm_reader")
            switched = admin.execute(
                "SELECT name FROM public.plain WHERE set_config('app.tenant_id', %(tenant)s, true) IS NOT NULL", told
            ).fetchall()
            assert switched == [("Far Account",)]
            admin.execute(ATTACKS[attack], told)
            seen = admin.execute("SELECT name FROM crm_read.accounts").fetchall()
            within = admin.execute(
                "SELECT name FROM crm_read.accounts WHERE set_config('crm.context', %(tenant)s, true) IS NOT NULL", told
            ).fetchall()
    assert ("Far Account",) not in seen + within


@promise("tenant:sealed")
def test_a_context_is_worth_nothing_in_another_backend_or_after_its_time(shared: Database, near: Filled) -> None:
    tenant, user = near.who.tenant_id, near.who.user_id
    with psycopg.connect(shared.admin_url, autocommit=True) as admin:
        for next_backend, seconds in ((1, 60), (0, -1)):
            admin.execute(
                "SELECT set_config('crm.context',"
                " crm.sign(%s, %s, 'person', 'person', pg_backend_pid() + %s, %s, NULL), false)",
                [tenant, user, next_backend, seconds],
            )
            assert admin.execute("SELECT crm.current_tenant()").fetchone() == (None,)
        admin.execute("SELECT crm.enter('near')")
        assert admin.execute("SELECT crm.current_tenant()").fetchone() == (tenant,)


@promise("tenant:sealed")
def test_the_application_cannot_sign_for_the_system_or_for_a_stranger(
    shared: Database, near: Filled, far: Filled
) -> None:
    with psycopg.connect(role_url(shared.admin_url, shared.roles, "app"), autocommit=True) as app:
        for tenant, user, via in (
            (near.who.tenant_id, None, "system"),
            (near.who.tenant_id, far.who.user_id, "person"),
            (near.who.tenant_id, None, "person"),
        ):
            with pytest.raises(psycopg.Error):
                app.execute("SELECT crm.sign(%s, %s, 'person', %s, pg_backend_pid(), 60, NULL)", [tenant, user, via])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT * FROM crm_private.signing_key")


def test_signing_in_names_the_tenant_when_an_address_is_in_two(database: Database, near: Filled, far: Filled) -> None:
    with database.write(far.who, change(database)) as session:
        session.execute(update(table("users")).values(email=near.who.email))
    with pytest.raises(CrmError, match="--tenant"):
        database.sign_in(near.who.email)
    assert database.sign_in(near.who.email, "far").tenant_id == far.who.tenant_id


def test_nobody_disabled_or_unknown_signs_in(database: Database, near: Filled) -> None:
    with pytest.raises(CrmError, match=r"No user nobody@near\.example"):
        database.sign_in("nobody@near.example")
    with database.write(near.who, change(database)) as session:
        session.execute(update(table("users")).values(is_active=False))
    with pytest.raises(CrmError, match="disabled"):
        database.sign_in(near.who.email)


def test_hidden_columns_stay_hidden_from_the_application(shared: Database, near: Filled) -> None:
    for name, column in (("users", "password_hash"), ("api_tokens", "secret_hash")):
        with pytest.raises(DBAPIError, match="permission denied"), shared.read(near.who) as session:
            session.select(select(func.max(table(name).c[column])))
