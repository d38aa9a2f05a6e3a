"""`ask`: a request in plain language, from the terminal to the audit log."""

import pytest

from tests.commands.terminal import Terminal

KEYS = {
    "run_id", "conversation_id", "status", "answer", "understood", "tool_calls", "changes", "proposals", "citations",
    "sql", "ungrounded", "model", "usage", "duration_ms",
}  # fmt: skip


@pytest.mark.promise("audit:joined")
def test_a_request_becomes_a_change_that_can_be_explained_and_undone(terminal: Terminal) -> None:
    prompt = "Log a call with Maria Lopez: she wants the proposal by Friday"
    result = terminal.json("ask", prompt)
    logged = terminal.json("audit", "list", "--run", result["run_id"][:18])["changes"]
    rehearsed = terminal.json("undo", result["run_id"], "--dry-run")
    still_there = terminal.json("audit", "list", "--record", result["changes"][0]["record_id"])["total"]
    undone = terminal.json("undo", result["run_id"])

    assert result.keys() == KEYS
    assert (result["status"], result["model"]) == ("completed", "offline")
    assert [(each["action"], each["kind"]) for each in result["changes"]] == [("create", "interaction")]
    assert [each["change_id"] for each in logged] == [each["change_id"] for each in result["changes"]]
    assert (logged[0]["prompt"], logged[0]["via_agent"], logged[0]["model"]) == (prompt, True, "offline")
    assert logged[0]["reasoning"]
    assert (logged[0]["actor"], logged[0]["on_behalf_of"]) == ("agent:offline", "admin@brightwater.example")
    assert logged[0]["tool_call_id"] in {each["tool_call_id"] for each in result["tool_calls"]}
    assert len(undone["undone"]) == 1
    assert (still_there, rehearsed["changes"]) == (1, [])
    assert rehearsed["undone"] == undone["undone"]


def test_people_see_answer_change_and_how_to_undo(terminal: Terminal) -> None:
    ran = terminal.run("ask", "move the Solvento grid analytics deal to negotiation")

    assert ran.code == 0
    assert "update opportunity Solvento grid analytics" in ran.out
    assert "stage: proposal → negotiation" in ran.out
    assert "crm-agent undo " in ran.out
    assert "crm://" not in ran.out
    assert "offline" in ran.err


def test_a_conversation_goes_on(terminal: Terminal) -> None:
    first = terminal.json("ask", "show Maria Lopez")
    second = terminal.json("ask", "show Solvento Energy", "--conversation", first["conversation_id"][:18])

    assert second["conversation_id"] == first["conversation_id"]


@pytest.mark.parametrize(
    ("stdin", "kind"),
    [
        (b"", "invalid"),
        (b"  \n\t ", "invalid"),
        ("\u200b".encode(), "invalid"),
        (b"show\0me", "invalid"),
        (b"show \xff\xfe", "invalid"),
        (b"x" * 1_000_000, "limit"),
    ],
    ids=["empty", "blank", "invisible", "null byte", "not UTF-8", "1 MB"],
)
def test_a_request_that_is_none_is_one_sentence(terminal: Terminal, stdin: bytes, kind: str) -> None:
    before = terminal.json("audit", "list", "--limit", "1")["total"]
    ran = terminal.run("ask", "-", "--json", stdin=stdin)

    assert (ran.code, ran.error[0], ran.err) == (1, kind, "")
    assert terminal.json("audit", "list", "--limit", "1")["total"] == before


def test_emoji_are_text(terminal: Terminal) -> None:
    result = terminal.json("ask", "add a note to Maria Lopez: she was delighted 🎉🇪🇺")

    assert "🎉🇪🇺" in result["changes"][0]["after"]["body"]


def test_what_is_not_understood_changes_nothing(terminal: Terminal) -> None:
    ran = terminal.run("ask", "colourless green ideas sleep furiously", "--json")

    assert ran.json["changes"] == []
    assert ran.json["answer"]


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (("--model", "nonsense"), "setup"),
        (("--model", "openai:gpt-5.4-mini"), "setup"),
        (("--conversation", "nonsense"), "invalid"),
        (("--conversation", "01926796-0168-728e-8ce9-31e58c79314c"), "not_found"),
    ],
)
def test_what_stands_in_the_way_is_said_before_anything_happens(
    terminal: Terminal, arguments: tuple[str, ...], kind: str
) -> None:
    ran = terminal.run("ask", "delete Maria Lopez", *arguments, "--json")

    assert (ran.code, ran.error[0]) == (1, kind)
