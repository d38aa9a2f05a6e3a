"""Alembic runs on the connection that `schema.migrate` hands it, inside that connection's transaction."""

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import MetaData

from schema.comparing import is_compared
from schema.models import Base

TARGET: MetaData = Base.metadata


def tell(ctx: MigrationContext, step: MigrationInfo, heads: object, run_args: object) -> None:  # noqa: ARG001 — alembic names them
    """Passes on how far a migration has come."""
    progress = context.config.attributes.get("progress")
    if progress is not None:
        progress(str(step.up_revision_id if step.is_upgrade else step.source_revision_ids[0]))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TARGET,
    include_schemas=True,
    include_name=lambda name, type_, _parents: name == "crm" if type_ == "schema" else True,
    include_object=is_compared,
    version_table_schema="crm_private",
    compare_type=True,
    compare_server_default=False,
    transactional_ddl=True,
    on_version_apply=tell,
)
with context.begin_transaction():
    context.run_migrations()
