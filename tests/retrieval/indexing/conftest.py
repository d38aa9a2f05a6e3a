"""A small tenant whose records are indexed by an embedder that needs no model."""

import pytest

from schema.database import Database
from tests.retrieval.indexing.hashing import HashEmbedder
from tests.retrieval.indexing.office import Office
from tests.tools.desk import Desk, fill_tenant


@pytest.fixture
def office(empty_database: Database) -> Office:
    """A tenant with one account, which is indexed, and a model that serves."""
    fill_tenant(empty_database, "harbour")
    office = Office(Desk.of(empty_database, "harbour"), HashEmbedder())
    office.serve()
    office.account()
    office.index()
    return office
