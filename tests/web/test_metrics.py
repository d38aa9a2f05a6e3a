"""`/metrics`: who reads it, what it measures, and that it names nobody."""

import re
from pathlib import Path

import httpx
import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from guardrails.rights import METRICS
from schema.database import Database
from tests.web.conftest import Site
from tools.registry import REGISTRY
from web.metrics import Everything

ALERTS = Path(__file__).resolve().parents[2] / "docs" / "alerts.yml"
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("_total",), "gauge": ("",)}
Labels = dict[str, str]


def scraped(site: Site) -> dict[str, list[tuple[Labels, float]]]:
    """Sample name → its labels and values."""
    with site.client("admin@brightwater.example", f"{METRICS}:read") as watcher:
        response = watcher.get("/metrics")
    assert response.status_code == 200, response.text
    found: dict[str, list[tuple[Labels, float]]] = {}
    for family in text_string_to_metric_families(response.text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((dict(sample.labels), sample.value))
    return found


def value(site: Site, name: str, **labels: str) -> float:
    told = scraped(site).get(name, [])
    return sum(number for found, number in told if labels.items() <= found.items())


@pytest.mark.promise("rights:user")
@pytest.mark.parametrize(
    ("email", "scopes", "status"),
    [
        ("admin@brightwater.example", ("metrics:read",), 200),
        ("admin@brightwater.example", (), 200),
        ("admin@brightwater.example", ("*:read",), 200),
        ("admin@brightwater.example", ("opportunity:read",), 403),
        ("manager@brightwater.example", (), 403),
        ("member@brightwater.example", ("metrics:read",), 403),
    ],
)
def test_only_an_administrators_token_with_the_scope_reads_them(
    site: Site, email: str, scopes: tuple[str, ...], status: int
) -> None:
    with site.client(email, *scopes) as watcher:
        assert watcher.get("/metrics").status_code == status


def test_this_machine_reads_them_without_a_token(site: Site) -> None:
    with site.visitor() as visitor:
        assert "embedding_queue_depth" in visitor.get("/metrics").text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.7"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=203.0.113.7"},
        {"Via": "1.1 front"},
        {"Authorization": "Bearer nobody-knows-it"},
    ],
)
def test_a_stranger_behind_a_proxy_reads_nothing(site: Site, headers: dict[str, str]) -> None:
    with site.visitor() as visitor:
        assert visitor.get("/metrics", headers=headers).status_code == 401


@pytest.mark.promise("rights:user")
@pytest.mark.parametrize("path", ["runs", "audit", "approvals", "records/account"])
def test_a_token_for_metrics_reads_no_records(site: Site, path: str) -> None:
    with site.client("admin@brightwater.example", "metrics:read") as watcher:
        assert watcher.get(f"/api/v1/{path}").status_code == 403


def ask(caller: httpx.Client, request: str) -> None:
    caller.post("/api/v1/ask", json={"request": request})


@pytest.mark.parametrize(
    ("request_", "name", "labels"),
    [
        ("how many open deals are there", "crm_agent_run_duration_seconds_count", {"status": "completed"}),
        ("xyzzy plugh", "crm_agent_run_duration_seconds_count", {"status": "refused"}),
        ("overdue tasks", "crm_tool_call_duration_seconds_count", {"tool": "find_records", "outcome": "ok"}),
        ("delete the contact Maria Lopez", "crm_pending_approvals", {}),
    ],
)
def test_what_an_agent_does_is_counted(
    site: Site, admin: httpx.Client, request_: str, name: str, labels: Labels
) -> None:
    before = value(site, name, **labels)
    ask(admin, request_)
    assert value(site, name, **labels) == before + 1


@pytest.mark.parametrize(
    ("method", "path", "labels"),
    [
        (
            "GET",
            "/api/v1/records/contact/not-an-id",
            {"method": "GET", "route": "/records/{kind}/{record_id}", "status": "422"},
        ),
        ("PROPFIND", "/coffee/7f3a", {"method": "other", "route": "other", "status": "404"}),
        ("GET", "/ui/records/account/7f3a", {"method": "GET", "route": "/ui"}),
    ],
)
def test_requests_are_counted_by_route(site: Site, admin: httpx.Client, method: str, path: str, labels: Labels) -> None:
    before = value(site, "crm_http_request_duration_seconds_count", **labels)
    admin.request(method, path)
    assert value(site, "crm_http_request_duration_seconds_count", **labels) == before + 1


def test_a_search_is_measured(site: Site, admin: httpx.Client) -> None:
    before = value(site, "embedding_search_duration_seconds_count", entity_type="note")
    found = admin.get("/api/v1/search/semantic", params={"q": "late invoice", "kind": "note"})
    assert found.status_code == 200
    assert value(site, "embedding_search_duration_seconds_count", entity_type="note") == before + 1


def test_without_its_database_it_says_so(site: Site) -> None:
    nowhere = site.db.admin_url.rpartition("/")[0] + "/nowhere"
    lost = Database.open(f"{nowhere}?{site.db.admin_url.partition('?')[2]}", site.service.settings, site.service.world)
    told = generate_latest(Everything(lost)).decode()
    lost.close()

    assert "crm_database_up 0.0" in told
    assert "crm_http_request_duration_seconds" in told
    assert "crm_pending_approvals" not in told


def test_what_waits_in_the_database_is_told(site: Site, admin: httpx.Client) -> None:
    admin.post("/api/v1/records/note", json={"fields": {"body": "Measure this."}, "reason": "Test"})
    told = scraped(site)

    assert told["crm_database_up"] == [({}, 1.0)]
    assert told["crm_unsealed_events"][0][1] > 0
    assert told["crm_unsealed_events_oldest_age_seconds"][0][1] > 0
    assert told["embedding_queue_depth"][0][1] > 0
    assert {labels["role"] for labels, _ in told["crm_database_connections"]} == {"app", "system", "reader"}


@pytest.mark.promise("tenant:sealed")
def test_labels_come_from_fixed_sets(site: Site, admin: httpx.Client) -> None:
    ask(admin, "show Maria Lopez")
    for number in range(20):
        admin.get(f"/nowhere/{number}")
    told = scraped(site)
    values = {(name, text) for samples in told.values() for labels, _ in samples for name, text in labels.items()} - {
        ("tool", "unknown")
    }
    tools = {text for name, text in values if name == "tool"}

    assert tools <= set(REGISTRY)
    assert {name for name, _ in values} <= {
        "le", "entity_type", "method", "route", "status", "tool", "outcome", "direction", "role", "use", "version"
    }  # fmt: skip
    assert not [text for name, text in values if name == "route" and re.search(r"\d", text)]


def test_every_metric_of_an_alert_is_there(site: Site) -> None:
    with site.client("admin@brightwater.example") as watcher:
        families = list(text_string_to_metric_families(watcher.get("/metrics").text))
    known = {"up"} | {f"{each.name}{suffix}" for each in families for suffix in SUFFIXES[each.type]}
    rules = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    expressions = [re.sub(r"\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)", "", rule["expr"]) for rule in rules]
    # What is followed by a parenthesis is a function.
    named = {name for text in expressions for name in re.findall(r"\b[a-z_]{2,}\b(?!\s*\()", text)} - {"and"}

    assert len(named) > 10
    assert named <= known
    assert all(rule["annotations"]["summary"] for rule in rules)
    assert len({rule["alert"] for rule in rules}) == len(rules)
