"""The demo company told once, as plain rows."""

from collections.abc import Mapping

import pytest

from schema.demo.history import Row, Version
from schema.demo.load import SEED
from schema.demo.story import story
from schema.demo.tenants import BRIGHTWATER, KESTREL
from tests.conftest import NOW


@pytest.fixture(scope="session")
def brightwater() -> list[Version]:
    return list(story(BRIGHTWATER, SEED, NOW))


@pytest.fixture(scope="session")
def kestrel() -> list[Version]:
    return list(story(KESTREL, SEED, NOW))


Latest = Mapping[str, list[Row]]


def latest_rows(versions: list[Version]) -> Latest:
    """By table, every row as it stands at the end, deleted ones left out."""
    rows: dict[str, dict[tuple[object, ...], Row]] = {}
    for version in versions:
        key = tuple(version.row.get(name) for name in ("id", "tenant_id", "record_id", "tag", "record_kind", "status"))
        key = (version.row["id"],) if "id" in version.row else (*key, version.row.get("to_status"))
        rows.setdefault(version.table, {})[key] = version.row
    return {table: [row for row in by_key.values() if not row.get("deleted_at")] for table, by_key in rows.items()}


@pytest.fixture(scope="session")
def latest(brightwater: list[Version]) -> Latest:
    return latest_rows(brightwater)
