"""`tenant` and `user`: a company of one's own, and who signs in to it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from argon2 import PasswordHasher

from schema.database import Database
from schema.errors import CrmError
from schema.settings import Settings
from schema.tenants import NewTenant, create_tenant, list_tenants
from schema.world import World
from tests.commands.conversing import converse
from tests.commands.terminal import Terminal
from tests.commands.zygote import Zygote

ADMIN = "ada@quillfeather.example"
QUILLFEATHER = (
    "tenant",
    "create",
    "--name",
    "Quillfeather & Söhne",
    "--admin-email",
    ADMIN,
    "--admin-name",
    "Ada Quill",
)


@pytest.fixture(scope="module")
def bare(zygote: Zygote) -> Iterator[Terminal]:
    """A terminal with a database of its own that has no tenant in it."""
    with TemporaryDirectory(prefix="crm-") as folder:
        terminal = Terminal({"CRM_AGENT_HOME": str(Path(folder) / "home"), "CRM_AGENT_MODEL": "offline"}, zygote)
        terminal.json("db", "migrate")
        yield terminal
        terminal.run("db", "down")


def test_a_company_of_ones_own_works_at_once(bare: Terminal) -> None:
    nobody = bare.run("user", "list", "--json")
    none = bare.json("tenant", "list")
    made = bare.json(*QUILLFEATHER, "--time-zone", "europe/berlin", "--currency", "chf", "--fiscal-year-start", "4")
    again = bare.run(*QUILLFEATHER, "--json")
    listed = bare.json("tenant", "list")
    asked = bare.json("--as", ADMIN, "ask", "create an account Globex")
    bare.json("--as", ADMIN, "records", "create", "opportunity", "name=Globex rollout", "--reason", "Call")
    told = bare.json("--as", ADMIN, "ask", "move Globex rollout to qualified")
    bare.json("--as", ADMIN, "user", "create", "bo@quillfeather.example", "--name", "Bo", "--new-team", "Sales")
    users = bare.json("--as", ADMIN, "user", "list")["users"]

    assert (nobody.code, nobody.error[0]) == (1, "unauthenticated")
    assert "--as EMAIL" in nobody.error[1]
    assert "tenant list" in nobody.error[1]
    assert none == {"tenants": [], "total": 0}
    assert (made["slug"], made["time_zone"], made["currency"]) == ("quillfeather-sohne", "Europe/Berlin", "CHF")
    assert made["fiscal_year_start_month"] == 4
    assert len(made["password"]) >= 20
    assert (again.code, again.error[0]) == (1, "conflict")
    assert [(each["slug"], each["users"], each["admins"]) for each in listed["tenants"]] == [
        ("quillfeather-sohne", 1, [ADMIN])
    ]
    assert (asked["status"], asked["changes"][0]["kind"]) == ("completed", "account")
    assert (told["status"], told["changes"][0]["after"]["stage"]) == ("completed", "qualified")
    assert [(each["email"], each["role"], each["team"]) for each in users] == [
        (ADMIN, "admin", None),
        ("bo@quillfeather.example", "member", "Sales"),
    ]


def test_questions_are_asked_at_a_terminal_and_again_when_answered_wrong(bare: Terminal) -> None:
    program = Terminal(bare.environment)
    code, said = converse(
        program,
        ("tenant", "create", "--currency", "EUR"),
        [
            ("Name of the company: ", "Larkspur"),
            ("Slug, its short name for commands [larkspur]: ", ""),
            ("Time zone [UTC]: ", "New Yrok"),
            ("Time zone [UTC]: ", "New York"),
            ("Time zone [UTC]: ", "America/New York"),
            ("First month of its fiscal year [1]: ", "13"),
            ("First month of its fiscal year [1]: ", "2"),
            ("E-mail of the first admin: ", "lia@larkspur.example"),
            ("Full name of the first admin: ", "Lia Lark"),
            ("is made up): ", "correct horse"),
            ("Once more: ", "correct horse"),
        ],
    )

    assert code == 0, said
    assert "did you mean America/New_York?" in said
    assert "Larkspur is there, as tenant larkspur: America/New_York, EUR." in said
    assert "correct horse" not in said
    assert {"larkspur"} <= {each["slug"] for each in bare.json("tenant", "list")["tenants"]}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("tenant", "create"), 2, "--name, --admin-email, --admin-name"),
        (("tenant", "create", "--name", "株式会社", "--admin-email", ADMIN, "--admin-name", "A"), 2, "--slug"),
        ((*QUILLFEATHER, "--fiscal-year-start", "13"), 2, "13"),
        ((*QUILLFEATHER, "--slug", "Quill Feather"), 1, "quill-feather would do"),
        ((*QUILLFEATHER, "--slug", "q; drop"), 1, "q-drop would do"),
        ((*QUILLFEATHER, "--time-zone", "Mars"), 1, "no time zone 'Mars'"),
        ((*QUILLFEATHER, "--currency", "DEM"), 1, "no currency 'DEM' today"),
        ((*QUILLFEATHER, "--currency", "swiss franc"), 1, "did you mean CHF?"),
        ((*QUILLFEATHER[:4], "--admin-email", "ada@", "--admin-name", "Ada"), 1, "'ada@' is no e-mail address"),
        ((*QUILLFEATHER[:6], "--admin-name", " "), 1, "admin's name"),
    ],
)
def test_what_no_tenant_can_be_is_one_sentence(
    terminal: Terminal, arguments: tuple[str, ...], code: int, says: str
) -> None:
    ran = terminal.run(*arguments, "--json")

    assert ran.code == code
    assert says in ran.error[1]
    assert terminal.json("tenant", "list")["total"] == 2


def test_a_tenant_is_made_whole_or_not_at_all(empty_database: Database) -> None:
    create_tenant(empty_database, NewTenant("north", "North", "a@north.example", "Ada"))
    with pytest.raises(CrmError, match="north already"):
        create_tenant(empty_database, NewTenant("north", "Other", "b@north.example", "Bea"))

    assert [row["admins"] for row in list_tenants(empty_database)] == [["a@north.example"]]


def test_passwords_come_from_stdin_or_are_made_up_and_shown_once(terminal: Terminal, settings: Settings) -> None:
    made = ("user", "create", "--name", "Zoë Zander")
    given = terminal.json(*made, "zoe@brightwater.example", "--password-stdin", stdin="long enough\n")
    told = terminal.run(*made, "yan@brightwater.example", "--role", "viewer")
    short = terminal.run(*made, "x@brightwater.example", "--password-stdin", "--json", stdin="short\n")
    db = Database.open(terminal.environment["CRM_AGENT_DATABASE_URL"], settings, World.from_environment({}))
    kept = db.password_hash("zoe@brightwater.example")
    hidden = db.password_hash("yan@brightwater.example")
    db.close()

    assert given["password"] is None
    assert kept is not None
    assert PasswordHasher().verify(kept, "long enough")
    assert "Zoë Zander may sign in as yan@brightwater.example, viewer of brightwater." in told.out
    assert hidden is not None
    assert PasswordHasher().verify(hidden, told.out.split(" is ")[1].split(";")[0])
    assert (short.code, short.error) == (1, ("invalid", "A password has at least 8 characters."))


def test_a_user_is_kept_out_and_let_in_again(terminal: Terminal) -> None:
    token = terminal.json("token", "create", "--user", "manager@brightwater.example")
    off = terminal.json("user", "disable", "Manager@brightwater.example", "--reason", "On leave")
    refused = terminal.run("--as", "manager@brightwater.example", "records", "list", "task", "--json")
    listed = {each["email"]: each["is_active"] for each in terminal.json("user", "list")["users"]}
    change = terminal.json("audit", "list", "--limit", "1")["changes"][0]
    on = terminal.json("user", "enable", "manager@brightwater.example")
    last = terminal.run("user", "disable", "admin@kestrel.example", "--as", "admin@kestrel.example", "--json")

    assert token["user"] == "manager@brightwater.example"
    assert (off["is_active"], on["is_active"]) == (False, True)
    assert (refused.code, refused.error[0]) == (1, "unauthenticated")
    assert listed["manager@brightwater.example"] is False
    assert (change["action"], change["kind"], change["reason"]) == ("update", "user", "On leave")
    assert (last.code, last.error[0]) == (1, "refused")


@pytest.mark.promise("rights:user")
@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (("create", "x@y.example", "--name", "X", "--as", "manager@brightwater.example"), 1, "denied"),
        (("disable", "viewer@brightwater.example", "--as", "member@brightwater.example"), 1, "denied"),
        (("disable", "viwer@brightwater.example"), 1, "not_found"),
        (("create", "x@y.example", "--name", "X", "--role", "king"), 2, "invalid"),
        (("create", "x@y.example", "--name", "X", "--team", "A", "--new-team", "B"), 2, "invalid"),
        (("create", "x@y.example", "--name", "X", "--team", "Alliance"), 1, "not_found"),
    ],
)
def test_what_may_not_be_done_to_users_is_one_sentence(
    terminal: Terminal, arguments: tuple[str, ...], code: int, kind: str
) -> None:
    ran = terminal.run("user", *arguments, "--json")

    assert (ran.code, ran.error[0]) == (code, kind)
