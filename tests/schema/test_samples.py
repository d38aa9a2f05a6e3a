"""Sample values of columns with few: from the tenant's own rows, never from private columns or free text."""

import pytest

from schema.database import Database
from schema.samples import SHOWN, samples_of
from schema.views import VIEWS
from tests.tools.desk import fill_tenant


def test_columns_with_few_values_show_them_the_most_frequent_first(demo_database: Database) -> None:
    who = demo_database.sign_in("admin@brightwater.example")
    with demo_database.read(who) as session:
        stages = [
            row["stage"] for row in session.rows("SELECT stage FROM opportunities GROUP BY 1 ORDER BY count(*) DESC")
        ]
        assert samples_of(session, VIEWS["opportunities"])["stage"] == stages
        industries = samples_of(session, VIEWS["organizations"])["industry"]
    assert len(industries) == SHOWN + 1
    assert industries[-1] == "…"


@pytest.mark.promise("tenant:sealed")
def test_private_columns_names_and_other_tenants_are_never_looked_at(demo_database: Database) -> None:
    fill_tenant(demo_database, "harbour")
    who = demo_database.sign_in("admin@harbour.example")
    admin = demo_database.sign_in("admin@brightwater.example")
    with demo_database.read(admin) as session:
        told = {view.name: set(samples_of(session, view)) for view in VIEWS.values()}
    assert not told["individuals"] & {"email", "phone", "full_name", "given_name"}
    assert not told["interactions"] & {"subject", "body", "account_name"}
    with demo_database.read(who) as session:
        assert dict(samples_of(session, VIEWS["opportunities"])) == {}
