"""A transaction in one round trip holds to what every other one does."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from schema.database import Database
from schema.errors import CrmError
from tests.schema.filled import Filled, change, table

promise = pytest.mark.promise

BEGIN_CONVERSATION = """
INSERT INTO crm.conversations (tenant_id, id, user_id, title, created_at, updated_at)
VALUES (%(tenant_id)s, %(id)s, %(user_id)s, %(title)s, %(now)s, %(now)s)
"""


def keep(database: Database, who: Filled, of: Filled, title: str) -> None:
    database.keep(
        who.who,
        BEGIN_CONVERSATION,
        tenant_id=of.who.tenant_id,
        id=database.world.new_id(),
        user_id=of.who.user_id,
        title=title,
        now=database.world.now(),
    )


def titles(database: Database, of: Filled) -> set[str]:
    with database.read(of.who) as session:
        return {row["title"] for row in session.select(select(table("conversations").c.title))}


@pytest.mark.parametrize("title", ["it's", "\\'; COMMIT; --", "100 %s %(now)s :now", "$$ “ü” 🎉"])
def test_what_people_write_is_kept_as_written(database: Database, near: Filled, title: str) -> None:
    keep(database, near, near, title)
    assert title in titles(database, near)


@promise("tenant:sealed")
def test_nothing_is_kept_in_another_tenant(database: Database, near: Filled, far: Filled) -> None:
    with pytest.raises(DBAPIError, match="row-level security") as refused:
        keep(database, near, far, "Slipped in")
    assert "Slipped in" not in str(refused.value)
    assert "Slipped in" not in titles(database, far)


def test_nothing_is_kept_for_a_user_disabled_meanwhile(database: Database, near: Filled) -> None:
    with database.write(near.who, change(database)) as session:
        session.execute(update(table("users")).values(is_active=False))
    with pytest.raises(CrmError, match="disabled since"):
        keep(database, near, near, "Too late")
