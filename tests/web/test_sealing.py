"""`/audit/verify` over the API."""

from dataclasses import replace
from pathlib import Path

from schema.seals import Sealer
from tests.web.conftest import Site, running


def test_a_manager_verifies_the_log_of_their_own_tenant(site: Site, tmp_path: Path) -> None:
    settings = replace(site.service.settings, seals=tmp_path / "seals.jsonl", seal_key="11" * 32)
    done = Sealer(site.db, settings).seal(patience=10)
    with (
        running(replace(site.service, settings=settings)) as url,
        site.client("manager@kestrel.example") as manager,
        site.client("member@kestrel.example") as member,
    ):
        found = manager.get(f"{url}/api/v1/audit/verify").json()
        refused = member.get(f"{url}/api/v1/audit/verify")

    assert (found["ok"], found["unsealed"], found["first_bad"]) == (True, 0, None)
    assert 0 < found["checked"] == found["sealed"] < done.events
    assert refused.status_code == 403
