"""Fields of one's own over the API: written, filtered and refused as every other field."""

import httpx
import pytest

from schema.customs import Declaration
from tests.web.conftest import Site
from tests.web.test_api import created, problem_of
from tools import customs
from tools.context import ToolContext

ACCOUNTS = "/api/v1/records/account"


@pytest.fixture
def declared(site: Site) -> None:
    """Accounts of the demo company have a region, whichever test asks first."""
    who = site.db.sign_in("admin@brightwater.example")
    context = ToolContext(site.db, site.db.world, who)
    if not customs.declared(context):
        customs.declare(context, Declaration("account", "region", "choice", "Region", ("North", "South")))


@pytest.mark.usefixtures("declared")
def test_a_field_is_written_and_filtered(admin: httpx.Client) -> None:
    record_id = created(admin, "account", name="Quillfeather Kilns", custom={"region": "north"})
    patched = admin.patch(
        f"{ACCOUNTS}/{record_id}", json={"fields": {"Region": "South"}, "reason": "They moved"}
    ).json()
    found = admin.get(ACCOUNTS, params={"where": ["custom.region = South", "name ~ quillfeather"]}).json()

    assert patched["changed"] == ["custom.region"]
    assert [each["fields"]["custom"] for each in found["items"]] == [{"region": "South"}]
    assert admin.get(ACCOUNTS, params={"where": "region = North"}).json()["total"] == 0


@pytest.mark.usefixtures("declared")
def test_what_does_not_fit_is_a_problem(admin: httpx.Client) -> None:
    body = {"fields": {"name": "Quillfeather", "region": "West"}, "reason": "Test"}
    refused = admin.post(ACCOUNTS, json=body)
    assert problem_of(refused)[1] == "invalid"
    assert "one of North, South" in refused.json()["detail"]
    assert problem_of(admin.get(ACCOUNTS, params={"where": "regoin = North"}))[1] == "invalid"
