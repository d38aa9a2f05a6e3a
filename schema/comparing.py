"""What Alembic compares between models and database: everything but what is made outside its revisions."""

import re

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.sql.schema import SchemaItem


def is_compared(
    item: SchemaItem, name: str | None, type_: str, reflected: bool, _compared: SchemaItem | None = None
) -> bool:
    """Alembic's `include_object`: views are made again after every migration, partitions are their table's."""
    if not reflected:
        return True
    if type_ == "table":
        return name is None or not (name == "sales_facts" or _is_partition(name))
    # PostgreSQL keeps a foreign key to a partitioned table once more for each of its parts.
    if isinstance(item, ForeignKeyConstraint):
        return not any(_is_partition(element.target_fullname.split(".")[-2]) for element in item.elements)
    return True


def _is_partition(table: str) -> bool:
    return re.fullmatch(r"chunks_p\d\d|embeddings_m\d+(_p\d\d)?", table) is not None
