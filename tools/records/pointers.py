"""Which rows may name a record of a kind: read off the foreign keys of the models, so that no table is forgotten."""

from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa

from schema.kinds import KINDS
from schema.models import Base
from schema.triggers import AUDITED
from tools.records.tables import TABLES


@dataclass(frozen=True, slots=True)
class Pointer:
    """A column that names a record."""

    table: sa.Table
    column: str

    @property
    def is_of_record(self) -> bool:
        """Whether the row belongs to a record's own; else it hangs on one, as a participant does."""
        return self.table.name in TABLES


_LOGGED = {table.name for table in AUDITED}


@cache
def pointers_to(kind: str) -> tuple[Pointer, ...]:
    """Every column that may name a record of the kind and can be made to name another one.

    What is derived from records and not logged (an index, say) follows its own record. A row's key cannot change: tags are
    copied. Where a record was merged into stays, as the history it is.
    """
    targets = {"records", KINDS[kind].table}
    return tuple(
        Pointer(table, column.name)
        for table in Base.metadata.sorted_tables
        if table.name in _LOGGED
        for key in table.foreign_key_constraints
        if key.referred_table.name in targets and len(key.columns) == 2
        for column in key.columns
        if not column.primary_key and column.name != "merged_into_id"
    )
