"""The demo company as rows: how much there is, that it hangs together, and that a seed fixes it."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from schema.demo.history import Version
from schema.demo.load import SEED
from schema.demo.names import FICTION_RANGES
from schema.demo.story import story
from schema.demo.tenants import BRIGHTWATER, KESTREL
from schema.kinds import transitions
from schema.models import Base
from schema.models.registry import RECORD_KINDS
from tests.conftest import NOW
from tests.schema.demo.conftest import Latest, latest_rows

RECORD_TABLES = (
    "organizations", "accounts", "individuals", "contacts", "leads", "tasks", "notes", "interactions",
)  # fmt: skip
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="session", params=["brightwater", "kestrel"])
def versions(request: pytest.FixtureRequest) -> list[Version]:
    return request.getfixturevalue(request.param)


def test_the_first_tenant_has_as_much_as_it_promises(latest: Latest) -> None:
    counts = {table: len(rows) for table, rows in latest.items()}
    expected = {
        "tenants": 1, "teams": 3, "users": 12, "organizations": 150, "accounts": 120, "contacts": 400,
        "leads": 550, "jobs": 25, "partnerships": 25, "interactions": 4000, "tasks": 600, "notes": 400,
    }  # fmt: skip
    assert {table: counts[table] for table in expected} == expected
    assert Counter(row["kind"] for row in latest["leads"]) == {"opportunity": 500, "job": 25, "partnership": 25}
    assert counts["record_tags"] > 200
    assert len({user["time_zone"] for user in latest["users"]}) == 2


def test_the_second_tenant_is_small_and_shares_names_with_the_first(kestrel: list[Version], latest: Latest) -> None:
    rows = latest_rows(kestrel)
    assert len(rows["users"]) == 4
    assert len(rows["interactions"]) == 120
    assert {row["name"] for row in rows["accounts"]} & {row["name"] for row in latest["accounts"]}
    assert set(_full_names(rows)) & set(_full_names(latest)) >= {"Maria Lopez", "Anna Schmidt"}


def _full_names(rows: Latest) -> Counter[str]:
    people = {row["id"]: f"{row['given_name']} {row['family_name']}" for row in rows["individuals"]}
    return Counter(people[row["individual_id"]] for row in rows["contacts"])


def test_only_the_second_tenant_speaks_of_regattas(brightwater: list[Version], kestrel: list[Version]) -> None:
    def mentions(told: list[Version]) -> int:
        return sum("regatta" in str(version.row).lower() for version in told)

    assert mentions(brightwater) == 0
    assert mentions(kestrel) > 40


def test_names_that_requests_use_mean_what_they_say(latest: Latest) -> None:
    names = _full_names(latest)
    assert names["Maria Lopez"] == 1
    assert names["Anna Schmidt"] == 3
    assert sum(row["name"].startswith("Nordwind") for row in latest["accounts"]) == 2
    assert sum(row["name"] == "Acme renewal" for row in latest["leads"]) == 1
    assert {"Patrick O'Brien", "Łukasz Wójcik", "太郎 山田", "Jean-Luc Moreau"} <= set(names)
    assert any(count == 2 for name, count in names.items() if name != "Anna Schmidt")


def test_the_admin_may_log_a_call_with_maria_lopez_and_means_one_open_opportunity(latest: Latest) -> None:
    [maria] = [row for row in latest["individuals"] if (row["given_name"], row["family_name"]) == ("Maria", "Lopez")]
    [contact] = [row for row in latest["contacts"] if row["individual_id"] == maria["id"]]
    [account] = [row for row in latest["accounts"] if row["id"] == contact["account_id"]]
    [lead] = [row for row in latest["leads"] if row["account_id"] == account["id"] and row["closed_at"] is None]
    admin = min(latest["users"], key=lambda row: row["created_at"])
    assert (account["tier"], lead["status"], lead["contact_id"]) == ("enterprise", "proposal", contact["id"])
    assert admin["email"] == "admin@brightwater.example"
    assert lead["owner_id"] == account["owner_id"] == admin["id"]


def test_the_funnel_is_believable(latest: Latest) -> None:
    leads = [row for row in latest["leads"] if row["kind"] == "opportunity"]
    stages = Counter(row["status"] for row in leads)
    assert 0.3 < stages["won"] / (stages["won"] + stages["lost"]) < 0.5
    assert all(stages[stage] >= 15 for stage in ("new", "qualified", "proposal", "negotiation"))
    won = Counter((row["closed_at"].year, (row["closed_at"].month - 1) // 3) for row in leads if row["status"] == "won")
    assert len(won) == 9
    assert min(won.values()) >= 2
    assert all((row["closed_at"] is None) == (row["status"] not in {"won", "lost"}) for row in leads)
    reasons = Counter(
        row["loss_reason"] for row in latest["opportunities"] if stages[row["kind"]] == 0 and row["loss_reason"]
    )
    assert len(reasons) >= 5


def test_amounts_grow_with_the_tier_and_come_in_four_currencies(latest: Latest) -> None:
    tiers = {row["id"]: row["tier"] for row in latest["accounts"]}
    account_of = {row["id"]: row["account_id"] for row in latest["leads"]}
    amounts: dict[str | None, list[float]] = {}
    for row in latest["opportunities"]:
        if row["amount"] is not None and row["id"] in account_of:
            amounts.setdefault(tiers[account_of[row["id"]]], []).append(float(row["amount"]))
    means = {tier: sum(values) / len(values) for tier, values in amounts.items()}
    assert means["enterprise"] > 2 * means["mid_market"] > 4 * means["smb"]
    assert {row["currency"] for row in latest["opportunities"]} == {"EUR", "USD", "GBP", "CHF"}


def test_something_is_due_this_week_and_something_happened_today_and_yesterday(latest: Latest) -> None:
    today = NOW.astimezone(BERLIN).date()
    monday = today - timedelta(days=today.weekday())
    due = [row["due_at"].astimezone(BERLIN).date() for row in latest["tasks"] if row["due_at"] and _is_open(row)]
    assert sum(monday <= day < monday + timedelta(days=7) for day in due) >= 10
    assert sum(day < today for day in due) >= 10
    days = Counter(row["occurred_at"].astimezone(BERLIN).date() for row in latest["interactions"])
    assert days[today] >= 2
    assert days[today - timedelta(days=1)] >= 2
    closes = Counter(_quarter(row["expected_close_date"]) for row in latest["opportunities"])
    assert closes[2026, 4] >= 20
    assert closes[2027, 1] >= 20


def _is_open(row: dict[str, object]) -> bool:
    return row["status"] in {"open", "in_progress"}


def _quarter(day: datetime | None) -> tuple[int, int] | None:
    return day and (day.year, (day.month + 2) // 3)


def test_the_same_seed_and_clock_give_the_same_rows(kestrel: list[Version]) -> None:
    again = list(story(KESTREL, SEED, NOW))
    assert [(version.table, version.row) for version in again] == [(version.table, version.row) for version in kestrel]
    assert [_told(version) for version in again] == [_told(version) for version in kestrel]
    other = [version.row for version in story(KESTREL, SEED + 1, NOW)]
    assert other != [version.row for version in kestrel]


def _told(version: Version) -> tuple[object, ...] | None:
    change = version.change
    return change and (change.operation_id, change.occurred_at, change.action, change.reason, change.prompt)


@pytest.mark.parametrize(
    "clock", ["2026-01-01T00:10:00+00:00", "2027-03-31T22:30:00+00:00", "2028-02-29T12:00:00+00:00"]
)
def test_another_clock_moves_the_story_with_it(clock: str) -> None:
    now = datetime.fromisoformat(clock)
    rows = latest_rows(list(story(BRIGHTWATER, SEED, now)))
    assert len(rows["interactions"]) == 4000
    assert max(row["occurred_at"] for row in rows["interactions"]) <= now
    assert max(row["occurred_at"] for row in rows["interactions"]) > now - timedelta(days=1)


def test_every_reference_is_to_a_row_that_was_there_before(versions: list[Version]) -> None:
    known: set[tuple[str, UUID]] = set()
    for version in _in_time(versions):
        table = Base.metadata.tables[f"crm.{version.table}"]
        for constraint in table.foreign_key_constraints:
            target = constraint.referred_table.name
            if target in {"tenants", "statuses"} or {"id"} == set(constraint.column_keys) - {"tenant_id"}:
                continue
            [column] = [name for name in constraint.column_keys if name not in {"tenant_id", "kind"}]
            value = version.row[column]
            assert value is None or (target, value) in known, (version.table, column, version.row)
        known.add((version.table, version.row.get("id")))  # pyright: ignore[reportArgumentType]
        if version.change is not None and version.change.record_kind in RECORD_KINDS:
            known.add(("records", version.change.record_id))


def _in_time(versions: list[Version]) -> list[Version]:
    return sorted(
        (version for version in versions if version.change is not None),
        key=lambda version: version.change.occurred_at if version.change else NOW,
    )


def test_versions_count_up_and_carry_their_change(versions: list[Version]) -> None:
    lives: dict[UUID, list[Version]] = {}
    for version in versions:
        if version.table in RECORD_TABLES:
            lives.setdefault(version.row["id"], []).append(version)
    for life in lives.values():
        assert [version.row["version"] for version in life] == list(range(1, len(life) + 1))
        for version in life:
            change = version.change
            assert change is not None
            assert change.user is not None
            assert version.row["updated_at"] == change.occurred_at <= NOW
            assert (version.row["updated_by"], version.row["via_agent"]) == (change.user.user_id, change.via_agent)
            assert change.user.works_at(change.occurred_at), (change.user.name, change)
            assert change.reason.endswith((".", "!"))
            assert (change.prompt is not None) == change.via_agent
        for before, after in pairwise(life):
            assert before.row["updated_at"] < after.row["updated_at"]
            assert before.row["created_at"] == after.row["created_at"]


def test_every_status_move_is_an_allowed_one(versions: list[Version]) -> None:
    standing: dict[UUID, str] = {}
    moves: Counter[str] = Counter()
    for version in versions:
        if version.table in {"leads", "accounts", "tasks"}:
            kind = version.row["kind"] if version.table == "leads" else version.row["record_kind"]
            before, after = standing.get(version.row["id"]), version.row["status"]
            if before not in {None, after}:
                assert (before, after) in transitions(kind)
                moves[kind] += 1
            standing[version.row["id"]] = after
    assert {"account", "opportunity", "task"} <= set(moves)


def test_agents_did_some_of_it(brightwater: list[Version]) -> None:
    changes = {id(version.change): version.change for version in brightwater if version.change is not None}.values()
    by_agents = Counter(change.action for change in changes if change.via_agent)
    assert by_agents["update"] > 100
    assert by_agents["create"] > 50
    assert by_agents["delete"] >= 1
    assert {change.action for change in changes} == {"create", "update", "delete", "restore"}


def test_addresses_and_numbers_reach_nobody(versions: list[Version]) -> None:
    prefixes = tuple(prefix for ranges in FICTION_RANGES.values() for prefix, _ in ranges)
    for version in versions:
        if version.table in {"individuals", "users"}:
            email, phone = version.row["email"], version.row.get("phone")
            assert email is None or (email.endswith(".example") and email == email.lower() and email.isascii())
            assert phone is None or phone.startswith(prefixes)


def test_mails_read_like_mails(latest: Latest) -> None:
    bodies = [row["body"] for row in latest["interactions"] if row["body"]]
    assert len(set(bodies)) > 0.97 * len(bodies)
    assert not any("{" in body or "}" in body for body in bodies)
    for words in ("Invoice", "Mit freundlichen Grüßen", "Bonjour", "factura"):
        assert sum(words in body for body in bodies) >= 5
    mails = [row for row in latest["interactions"] if row["kind"] == "email"]
    assert sum(row["subject"].startswith(("Re:", "AW:", "RE:")) for row in mails) > 800
    assert all(row["is_external"] == (row["direction"] == "inbound") for row in mails)


def test_nobody_takes_part_twice_in_one_role(latest: Latest) -> None:
    parts = Counter(
        (row["interaction_id"], row["individual_id"], row["user_id"], row["role"])
        for row in latest["interaction_participants"]
    )
    assert max(parts.values()) == 1
    assert {row["id"] for row in latest["interactions"]} <= {
        row["interaction_id"] for row in latest["interaction_participants"]
    }


def test_real_data_has_gaps(latest: Latest) -> None:
    for table, column in (
        ("organizations", "industry"), ("organizations", "domain"), ("accounts", "tier"), ("individuals", "email"),
        ("individuals", "phone"), ("contacts", "title"), ("leads", "contact_id"), ("opportunities", "amount"),
        ("opportunities", "expected_close_date"), ("tasks", "due_at"), ("tasks", "assignee_id"), ("tasks", "about_id"),
    ):  # fmt: skip
        assert any(row[column] is None for row in latest[table]), (table, column)


def test_scale_multiplies_records_and_keeps_names_apart() -> None:
    rows = latest_rows(list(story(BRIGHTWATER.scaled(3), SEED, NOW)))
    assert (len(rows["organizations"]), len(rows["contacts"]), len(rows["interactions"])) == (450, 1200, 12000)
    assert len({row["name"] for row in rows["organizations"]}) == 450
    names = Counter((row["given_name"], row["family_name"]) for row in rows["individuals"])
    assert sum(count > 1 for count in names.values()) < 0.1 * len(names)
