"""The catalog: the same for all but for a tenant's own fields."""

import pytest

from schema.catalog import compact_catalog, view_catalog
from schema.customs import NONE, Customs
from schema.errors import CrmError
from schema.fields import Field, FieldType

CUSTOMS: Customs = {
    "account": {
        "region": Field("region", FieldType.CHOICE, "Where we serve it", choices=("North", "South"), label="Region"),
        "seats": Field("seats", FieldType.NUMBER, "", label="Licensed seats"),
        "renewal": Field("renewal", FieldType.DATE, "", label="Renewal date"),
    }
}


def test_without_fields_of_ones_own_the_catalog_is_the_same_for_all() -> None:
    assert compact_catalog() == compact_catalog(NONE) == compact_catalog({})
    assert "company's own" not in compact_catalog()


def test_a_tenants_own_fields_come_after_what_is_the_same_for_all() -> None:
    told = compact_catalog(CUSTOMS)
    assert told.startswith(compact_catalog())
    assert told.splitlines()[-1] == (
        "account: region (one of North, South), seats “Licensed seats” (number), renewal “Renewal date” (date)"
    )
    assert "custom->>'name'" in told


def test_one_view_says_how_each_is_queried() -> None:
    told = view_catalog("accounts", CUSTOMS)
    assert "- region “Region” (one of North, South): Where we serve it; in SQL custom->>'region'" in told
    assert "- seats “Licensed seats” (number); in SQL (custom->>'seats')::numeric" in told
    assert "in SQL (custom->>'renewal')::date" in told
    assert "region" not in view_catalog("contacts", CUSTOMS)
    assert view_catalog("account", CUSTOMS) == told


def test_a_view_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(CrmError, match="There are: "):
        view_catalog("galaxies", CUSTOMS)
