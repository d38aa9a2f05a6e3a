"""Takes a database back to an earlier revision, for whoever goes back to an earlier version of the program."""

from dataclasses import dataclass
from importlib.resources import files
from typing import LiteralString

from alembic import command
from alembic.script import ScriptDirectory

from schema.errors import CrmError
from schema.migrate import MIGRATION_LOCK, NewerDatabase, Progress, alembic_config, as_admin, driver_connection

BASE = "base"
"""Before the first revision: nothing is left."""

# What is made again after every migration goes first: views and functions may name what is to be dropped, and the earlier
# version, which makes its own, does not know this one's triggers. Nothing is audited until then, so nobody but the admin
# may touch a row: row level security stays forced, and there is no policy left. Columns are computed with crm.fold.
_TAKE_AWAY: LiteralString = """
DO $$
DECLARE
    named text;
    policy record;
BEGIN
    DROP SCHEMA IF EXISTS crm_read CASCADE;
    DROP MATERIALIZED VIEW IF EXISTS crm.sales_facts;
    FOREACH named IN ARRAY (
        SELECT coalesce(array_agg(p.oid::regprocedure::text), '{}') FROM pg_proc p
        WHERE p.pronamespace = 'crm'::regnamespace AND p.proname <> 'fold'
    ) LOOP
        EXECUTE 'DROP FUNCTION IF EXISTS ' || named || ' CASCADE';
    END LOOP;
    FOR policy IN SELECT polname, polrelid::regclass AS relation FROM pg_policy
        JOIN pg_class ON pg_class.oid = polrelid WHERE relnamespace = 'crm'::regnamespace LOOP
        EXECUTE format('DROP POLICY %I ON %s', policy.polname, policy.relation);
    END LOOP;
END
$$
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One revision, and what it brought."""

    revision: str
    told: str


def steps_down(current: str, to: str) -> list[Step]:
    """The revisions between, the newest first: what going back from `current` to `to` takes away.

    Empty when the two are the same. Raises CrmError: not_found for a revision that is not known, invalid when `to` is
    the later one, setup when the database is ahead of this version.
    """
    known = list(ScriptDirectory(str(files("schema") / "migrations")).walk_revisions())
    if current not in {script.revision for script in known}:
        raise NewerDatabase
    places = {script.revision: place for place, script in enumerate(known)} | {BASE: len(known)}
    if to not in places:
        names = ", ".join(sorted(places))
        raise CrmError("not_found", f"There is no revision {to}; there are {names}.")
    if places[to] < places[current]:
        raise CrmError(
            "invalid", f"The database is at revision {current}, before {to}; without --to it is brought up to date."
        )
    between = known[places[current] : places[to]]
    return [Step(script.revision, (script.doc or "").splitlines()[0]) for script in between]


def downgrade(admin_url: str, to: str, progress: Progress | None = None) -> None:
    """Goes back to the revision in one transaction; what later ones added is gone with all that was in it.

    Nobody but the database's owner sees a row after that, until some version's `migrate` brings it up to date.
    """
    with as_admin(admin_url) as connection:
        admin = driver_connection(connection)
        admin.execute("SELECT pg_advisory_xact_lock(%s)", [MIGRATION_LOCK])
        admin.execute(_TAKE_AWAY)
        command.downgrade(alembic_config(connection, progress), to)
