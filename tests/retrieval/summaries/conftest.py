"""A tenant of one's own whose accounts are summarised."""

import pytest

from schema.database import Database
from tests.tools.desk import Desk, fill_tenant


@pytest.fixture
def desk(empty_database: Database) -> Desk:
    """Calls tools as the admin of a tenant with five users and no records."""
    fill_tenant(empty_database, "harbour")
    return Desk.of(empty_database, "harbour")
