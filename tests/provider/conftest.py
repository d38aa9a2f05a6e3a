"""A desk in a database of one's own, to ask a failing provider from."""

import pytest

from schema.database import Database
from tests.schema.filled import Filled, fill
from tools.context import ToolContext


@pytest.fixture
def near(empty_database: Database) -> Filled:
    """A tenant with one record of each kind."""
    return fill(empty_database, "near")


@pytest.fixture
def desk(empty_database: Database, near: Filled) -> ToolContext:
    return ToolContext(empty_database, empty_database.world, near.who)
