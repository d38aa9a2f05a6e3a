"""Users made, disabled and enabled: what they may do then, and what stays behind in the log."""

import threading

import pytest

from schema.audit import ChangeFilter, list_changes
from schema.database import Database
from schema.demo import DEMO_PASSWORD
from schema.errors import CrmError
from tests.web.conftest import Site
from web.users import NewUser, create_user, list_users, set_active

ADMIN, MEMBER = "admin@brightwater.example", "member@brightwater.example"


def test_a_disabled_users_session_and_token_stop_and_go_on_when_enabled(site: Site) -> None:
    admin = site.db.sign_in(ADMIN)
    with site.person(MEMBER) as browser, site.client(MEMBER) as program, site.visitor() as visitor:
        before = browser.get("/api/v1/records/task").status_code, program.get("/api/v1/records/task").status_code
        set_active(site.db, admin, MEMBER, is_active=False)
        during = browser.get("/api/v1/records/task").status_code, program.get("/api/v1/records/task").status_code
        page = browser.get("/ui").text
        with site.person(MEMBER, DEMO_PASSWORD) as again:
            refused = again.get("/ui").text
        set_active(site.db, admin, MEMBER, is_active=True)
        after = program.get("/api/v1/records/task").status_code
        assert visitor.get("/api/v1/records/task").status_code == 401

    assert (before, during, after) == ((200, 200), (401, 401), 200)
    assert "<h1>Sign in</h1>" in page
    assert "<h1>Sign in</h1>" in refused


def test_whoever_is_disabled_in_the_middle_is_told_so(demo_database: Database) -> None:
    member = demo_database.sign_in(MEMBER)
    set_active(demo_database, demo_database.sign_in(ADMIN), MEMBER, is_active=False)

    with pytest.raises(CrmError, match="disabled since") as caught, demo_database.read(member):
        pass
    assert caught.value.kind == "unauthenticated"


@pytest.mark.promise("audit:complete")
def test_each_change_of_a_user_is_in_the_log_with_its_reason(demo_database: Database) -> None:
    admin = demo_database.sign_in(ADMIN)
    new = NewUser("Zoe@Brightwater.Example", "  Zoë   Zander ", team="Quartet", makes_team=True, password_hash="secret")
    made = create_user(demo_database, admin, new)
    set_active(demo_database, admin, made["email"], is_active=False, reason="She left")
    unchanged = set_active(demo_database, admin, made["email"], is_active=False, reason="Again")
    with demo_database.read(admin) as session:
        changes = list_changes(session, ChangeFilter(limit=3))["changes"]

    assert (made["email"], made["name"], made["team"]) == ("zoe@brightwater.example", "Zoë Zander", "Quartet")
    assert unchanged["is_active"] is False
    assert [(each["action"], each["kind"], each["reason"]) for each in changes] == [
        ("update", "user", "She left"),
        ("create", "user", "Amelie Brandt added Zoë Zander."),
        ("create", "team", "Amelie Brandt added Zoë Zander."),
    ]
    assert changes[0]["after"] == {"is_active": False}
    assert changes[0]["actor"] == ADMIN
    assert "secret" not in str(changes)


@pytest.mark.promise("rights:user")
@pytest.mark.parametrize("role", ["manager", "member", "viewer"])
def test_only_an_admin_changes_users(demo_database: Database, role: str) -> None:
    who = demo_database.sign_in(f"{role}@brightwater.example")

    for attempt in (
        lambda: create_user(demo_database, who, NewUser("x@brightwater.example", "X")),
        lambda: set_active(demo_database, who, ADMIN, is_active=False),
    ):
        with pytest.raises(CrmError) as caught:
            attempt()
        assert caught.value.kind == "denied"


@pytest.mark.promise("tenant:sealed")
def test_another_tenants_users_are_not_there(demo_database: Database) -> None:
    admin = demo_database.sign_in("admin@kestrel.example")

    with pytest.raises(CrmError) as caught:
        set_active(demo_database, admin, MEMBER, is_active=False)

    assert caught.value.kind == "not_found"
    assert {row["email"].partition("@")[2] for row in list_users(demo_database, admin)} == {"kestrel.example"}


@pytest.mark.parametrize(
    ("new", "kind", "says"),
    [
        (NewUser(MEMBER.upper(), "Twin"), "conflict", "user enable"),
        (NewUser("no-mail", "X"), "invalid", "no-mail"),
        (NewUser("x@brightwater.example", " "), "invalid", "name"),
        (NewUser("x@brightwater.example", "X\x00"), "invalid", "name"),
        (NewUser("x@brightwater.example", "X", role="king"), "invalid", "admin, manager, member, viewer"),
        (NewUser("x@brightwater.example", "X", time_zone="Berln"), "invalid", "Europe/Berlin"),
        (NewUser("x@brightwater.example", "X", team="Enterprize"), "not_found", "did you mean Enterprise?"),
    ],
)
def test_what_no_user_can_be_is_one_sentence(demo_database: Database, new: NewUser, kind: str, says: str) -> None:
    with pytest.raises(CrmError) as caught:
        create_user(demo_database, demo_database.sign_in(ADMIN), new)

    assert caught.value.kind == kind
    assert says in caught.value.message


def test_the_last_admin_stays_even_when_two_disable_each_other_at_once(demo_database: Database) -> None:
    first = demo_database.sign_in(ADMIN)
    create_user(demo_database, first, NewUser("second@brightwater.example", "Second", role="admin"))
    second = demo_database.sign_in("second@brightwater.example")
    for row in list_users(demo_database, first):
        if row["role"] == "admin" and row["email"] not in {first.email, second.email}:
            set_active(demo_database, first, row["email"], is_active=False)
    start, outcomes = threading.Barrier(2), list[str]()

    def disable(who: str, other: str) -> None:
        actor = first if who == ADMIN else second
        start.wait()
        try:
            set_active(demo_database, actor, other, is_active=False)
            outcomes.append("done")
        except CrmError as error:
            outcomes.append(error.kind)

    pairs = ((first.email, second.email), (second.email, first.email))
    threads = [threading.Thread(target=disable, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with demo_database.across_tenants() as session:
        left = session.scalar(
            "SELECT count(*) FROM crm.users u JOIN crm.tenants t USING (tenant_id)"
            " WHERE t.slug = 'brightwater' AND u.role = 'admin' AND u.is_active"
        )

    assert left == 1
    assert outcomes.count("done") == 1
