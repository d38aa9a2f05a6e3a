"""`crm-agent insights`: inferring, listing, saying yes and no."""

from typing import Any

from tests.commands.terminal import Terminal


def test_what_is_inferred_is_listed_shown_and_judged(terminal: Terminal) -> None:
    def told(*arguments: str) -> dict[str, Any]:
        ran = terminal.run(*arguments, "--json")
        assert ran.code == 0, ran.out
        return ran.json

    would = told("insights", "make", "--dry-run", "--limit", "40")
    assert (would["texts"], would["cost_usd"], would["model"]) == (40, "0.0000", "rules")
    assert told("insights", "list")["total"] == 0
    made = told("insights", "make", "--limit", "40")
    assert (made["read"], made["failed"]) == (40, 0)
    found = told("insights", "list", "--where", "kind = sentiment", "--limit", "2")
    assert found["total"] > 2
    first, second = (each["insight_id"] for each in found["insights"])
    assert told("insights", "verify", first)["insight"]["verified_by_user"] is True
    assert told("insights", "reject", second)["insight"]["verified_by_user"] is False
    assert [each["insight_id"] for each in told("insights", "list", "--verdict", "verified")["insights"]] == [first]
    assert told("insights", "list", "--verdict", "rejected")["total"] == 1
    shown = terminal.run("insights", "show", first)
    assert shown.out.startswith("Inferred, not written by anybody: ")
    assert "Nothing" not in terminal.run("insights", "list").out


def test_a_member_reads_and_judges_and_does_not_infer(terminal: Terminal) -> None:
    member = ("--as", "member@brightwater.example")
    assert terminal.run("insights", "list", *member).code == 0
    refused = terminal.run("insights", "make", "--json", *member)
    assert (refused.code, refused.error[0]) == (1, "denied")
    unknown = terminal.run("insights", "reject", "deadbeef", "--json")
    assert (unknown.code, unknown.error[0]) == (1, "not_found")


def test_a_model_is_not_paid_before_somebody_said_yes(terminal: Terminal) -> None:
    told = ("--model", "openai-compatible:some@http://127.0.0.1:9", "--limit", "2", "--json")
    would = terminal.run("insights", "make", "--dry-run", *told)
    assert (would.code, would.json["texts"], would.json["cost_usd"]) == (0, 2, None)
    assert would.json["input_tokens"] > 1000
    refused = terminal.run("insights", "make", *told)
    assert (refused.code, refused.error[0]) == (1, "refused")
    assert "--yes" in refused.error[1]
    unreachable = terminal.run("insights", "make", "--yes", *told)
    assert (unreachable.code, unreachable.error[0]) == (1, "unavailable")


def test_clusters_and_summaries_are_made_and_shown(terminal: Terminal) -> None:
    assert terminal.run("clusters", "list", "--json").json == {"clusters": [], "total": 0}
    early = terminal.run("clusters", "make", "--json")
    assert (early.code, early.error[0]) == (1, "unavailable")
    account = terminal.run("records", "list", "account", "--limit", "1", "--json").json["records"][0]["record_id"]
    assert terminal.run("summaries", "show", account, "--json").error[0] == "not_found"
    assert terminal.run("summaries", "make", account, "--json").json["changed"] == 1
    shown = terminal.run("summaries", "show", account, "--json").json
    assert shown["account_id"] == account
    assert shown["label"] in shown["text"]
