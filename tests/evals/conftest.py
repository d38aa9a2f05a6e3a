"""Worlds on the session's server."""

from collections.abc import Iterator

import pytest

from evals.world import Worlds
from schema.embedded_place import AdminUrl
from schema.settings import Settings


@pytest.fixture(scope="session")
def worlds(admin_url: AdminUrl, settings: Settings, demo_template: str) -> Iterator[Worlds]:
    """The demo company, for one case after another."""
    with Worlds(admin_url, settings, demo_template) as worlds:
        yield worlds
