"""A terminal in front of the demo company."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from schema.embedded_place import AdminUrl
from schema.migrate import protect_database
from schema.roles import load
from schema.settings import Settings
from tests.commands.terminal import Terminal
from tests.commands.zygote import Zygote
from tests.conftest import NOW


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """What commands are forked from."""
    zygote = Zygote.start()
    yield zygote
    zygote.stop()


@pytest.fixture(scope="module")
def terminal(admin_url: AdminUrl, settings: Settings, demo_template: str, zygote: Zygote) -> Iterator[Terminal]:
    """Runs commands on a demo company that the tests of a module share."""
    name = f"commands_{uuid4().hex}"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, demo_template))))
    url = named(admin_url, name)
    with psycopg.connect(url) as admin:
        protect_database(admin, load(settings))
    yield Terminal(
        {
            "CRM_AGENT_HOME": str(settings.home),
            "CRM_AGENT_DATABASE_URL": url,
            "CRM_AGENT_NOW": NOW.isoformat(),
            "CRM_AGENT_MODEL": "offline",
            "CRM_AGENT_SEALS": str(settings.home / f"{name}.jsonl"),
        },
        zygote,
    )
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def named(admin_url: AdminUrl, database: str) -> str:
    """The embedded server's URL for another of its databases."""
    return admin_url.replace("/postgres?", f"/{database}?", 1)
