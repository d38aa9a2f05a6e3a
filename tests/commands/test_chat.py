"""`chat`: a conversation in the terminal, by lines from a pipe and by a person at a keyboard."""

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from evals.standin.script import Reply, Slow
from tests.agent.standins import replies, update
from tests.commands.terminal import PROGRAM, SECONDS, Terminal

MOVE = "move the Solvento grid analytics deal to negotiation"
MARIA = "who is Maria Lopez"


def test_each_line_is_a_request_of_one_conversation(terminal: Terminal) -> None:
    said = terminal.json("chat", stdin=f"{MARIA}\n\n  \n{MOVE}\nundo that\n")["runs"]

    assert [run["status"] for run in said] == ["completed"] * 3
    assert len({run["conversation_id"] for run in said}) == 1
    assert [[change["after"]["stage"] for change in run["changes"]] for run in said] == [
        [],
        ["negotiation"],
        ["proposal"],
    ]


def test_one_is_chosen_from_what_was_offered(terminal: Terminal) -> None:
    said = terminal.json("chat", stdin="add a note to Anna Schmidt: prefers e-mail\n2\n/undo\n")["runs"]

    assert [run["status"] for run in said] == ["needs_input", "completed"]
    assert [change["after"]["about_label"] for change in said[1]["changes"]] == ["Anna Schmidt"]


def test_people_see_text_calls_changes_and_the_way_back(terminal: Terminal) -> None:
    ran = terminal.run("chat", stdin=f"{MOVE}\n/undo\n")

    assert ran.code == 0
    assert "update opportunity Solvento grid analytics" in ran.out
    assert "stage: proposal → negotiation" in ran.out
    assert "Changed Solvento grid analytics: stage proposal → negotiation" in ran.out
    assert "Changed back opportunity Solvento grid analytics (probability, stage)" in ran.out
    assert "crm://" not in ran.out
    assert "update_record: record_id" in ran.err
    assert "/undo takes it back" in ran.err


def test_a_question_back_is_shown_once(terminal: Terminal) -> None:
    ran = terminal.run("chat", stdin="add a note to Anna Schmidt: hello\n")

    assert ran.out.count("Which “Anna Schmidt” do you mean?") == 1
    assert re.search(r"^2\. Anna Schmidt", ran.out, re.MULTILINE)


def test_a_new_conversation_has_forgotten_the_old_one(terminal: Terminal) -> None:
    said = terminal.json("chat", stdin=f"{MARIA}\n/new\n{MARIA}\n")["runs"]

    assert said[0]["conversation_id"] != said[1]["conversation_id"]


def test_it_goes_on_with_an_earlier_conversation_and_takes_back_what_that_did(terminal: Terminal) -> None:
    earlier = terminal.json("ask", MOVE)
    ran = terminal.run("chat", "--conversation", earlier["conversation_id"][:18], stdin="/undo\n/undo\n")

    assert "Changed back opportunity Solvento grid analytics" in ran.out
    assert "nothing that could be taken back" in ran.err
    assert ran.code == 1


@pytest.mark.parametrize(
    ("line", "kind"),
    [("/nonsense", "invalid"), ("/undo", "not_found"), ("show\0me", "invalid"), ("x" * 40_000, "limit")],
    ids=["unknown command", "nothing to undo", "null byte", "too long"],
)
def test_what_is_wrong_with_a_line_is_one_sentence_and_no_end(terminal: Terminal, line: str, kind: str) -> None:
    ran = terminal.run("chat", "--json", stdin=f"{line}\n{MARIA}\n")
    wrong, right = ran.json["runs"]

    assert (ran.code, wrong["error"]["kind"], right["status"]) == (1, kind, "completed")


def test_nothing_said_is_no_failure(terminal: Terminal) -> None:
    assert terminal.json("chat") == {"runs": []}


def test_a_model_that_cannot_be_used_is_said_before_anything_is_read(terminal: Terminal) -> None:
    ran = terminal.run("chat", "--model", "nonsense", "--json", stdin=MARIA)

    assert (ran.code, ran.error[0]) == (1, "setup")


DELETE = "delete the opportunity Solvento grid analytics"


@pytest.mark.promise("gate:human")
def test_what_waits_is_decided_by_the_next_line_alone(terminal: Terminal) -> None:
    said = terminal.json("chat", stdin=f"{DELETE}\nno, we still sell to them\n{DELETE}\ny\n/undo\n")["runs"]
    rejected, approved = said

    assert rejected["changes"] == []
    assert "we still sell to them" in rejected["answer"]
    assert (approved["status"], approved["proposals"]) == ("completed", [])
    assert [(each["action"], each["label"]) for each in approved["changes"]] == [("delete", "Solvento grid analytics")]


@pytest.mark.promise("gate:human")
def test_a_line_that_decides_nothing_leaves_it_waiting(terminal: Terminal) -> None:
    ran = terminal.run("chat", stdin=f"{DELETE}\n{MARIA}\n")
    waiting = terminal.json("approvals", "list")["approvals"]
    terminal.json("approvals", "reject", waiting[0]["approval_id"])

    assert "It waits: crm-agent approvals approve|reject" in ran.out
    assert "Maria Lopez" in ran.out
    assert (ran.code, len(waiting)) == (0, 1)


def test_a_person_is_asked_and_can_look_closer_first(terminal: Terminal) -> None:
    with at_keyboard(terminal) as person:
        person.types(f"{DELETE}\n")
        shown = person.sees("[y/N/details] ")
        person.types("perhaps\n")
        person.sees("Answer y, n or details.")
        person.types("details\n")
        details = person.sees("[y/N/details] ")
        details += person.sees("[y/N/details] ")
        person.types("y\n")
        made = person.sees("/undo takes it back")
        person.sees("> ")
        person.types("/undo\n")
        person.sees("Brought back opportunity")
        person.sees("> ")
        person.types(f"{DELETE}\n")
        person.sees("[y/N/details] ")
        left = person.interrupts_at_prompt("It waits")
        code = person.leaves()
    waiting = terminal.json("approvals", "list")["approvals"]
    terminal.json("approvals", "reject", waiting[0]["approval_id"])

    assert "delete opportunity Solvento grid analytics" in shown
    assert "fingerprint" in details
    assert "Deleted" in made
    assert left
    assert (code, len(waiting)) == (0, 1)


@dataclass
class Keyboard:
    """A person in front of a running chat."""

    process: subprocess.Popen[bytes]
    screen: int
    seen: str = ""

    def types(self, text: str) -> None:
        os.write(self.screen, text.encode())

    def sees(self, text: str) -> str:
        """What came on the screen up to `text`, since the last time."""
        found = self.comes(text, SECONDS)
        assert found, self.seen
        before, _, self.seen = self.seen.partition(text)
        return before + text

    def comes(self, text: str, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while text not in self.seen and time.monotonic() < deadline:
            if select.select([self.screen], [], [], 0.2)[0]:
                self.seen += os.read(self.screen, 65536).decode(errors="replace").replace("\r", "")
        return text in self.seen

    def interrupts(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def interrupts_at_prompt(self, text: str) -> str:
        """Until it is heeded: between its prompt and its first look at the keyboard, Python's `input` hears nothing."""
        for _ in range(SECONDS // 2):
            self.interrupts()
            if self.comes(text, 2):
                break
        return self.sees(text)

    def leaves(self) -> int:
        """Ctrl-D where a line is asked for; the exit code."""
        self.sees("> ")
        self.types("\x04")
        return self.process.wait(SECONDS)


@contextmanager
def at_keyboard(terminal: Terminal, *arguments: str) -> Generator[Keyboard]:
    screen, inside = pty.openpty()
    environment = {**terminal.whole_environment, "TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen(
        [PROGRAM, "chat", *arguments],
        env=environment,
        stdin=inside,
        stdout=inside,
        stderr=inside,
        start_new_session=True,
    )
    os.close(inside)
    keyboard = Keyboard(process, screen)
    try:
        keyboard.sees("> ")
        yield keyboard
    finally:
        process.kill()
        process.wait()
        os.close(screen)


def test_a_person_talks_and_leaves(terminal: Terminal) -> None:
    with at_keyboard(terminal) as person:
        person.types(f"{MOVE}\n")
        moved = person.sees("/undo takes it back")
        person.types("/help\n")
        help_ = person.sees("Ctrl-C")
        person.sees("> ")
        person.types("/undo\n")
        person.sees("Changed back opportunity")
        person.types("open deals over 300k\n")
        listed = person.sees("run ")
        code = person.leaves()

    assert "stage: proposal → negotiation" in moved
    assert "/new" in help_
    assert "| ---" not in listed
    assert code == 0


def test_ctrl_c_stops_the_request_and_not_the_chat(terminal: Terminal) -> None:
    deal = terminal.json("records", "find", "Solvento grid analytics", "--kind", "opportunity")["records"][0][
        "record_id"
    ]
    stand_in = replies(update(deal, amount="7"), Slow(30, Reply(text="Too late.")))
    with stand_in, at_keyboard(terminal, "--model", f"openai-compatible:scripted@{stand_in.url}") as person:
        person.types("change it\n")
        person.sees("amount: ")
        person.interrupts()
        stopped = person.sees("/undo takes it back")
        person.sees("> ")
        person.types("/undo\n")
        undone = person.sees("(amount)")
        person.sees("> ")
        idle = person.interrupts_at_prompt("ends.")
        code = person.leaves()
    runs = terminal.json("audit", "list", "--record", deal, "--limit", "2")["changes"]

    assert "interrupted · run" in stopped
    assert "Changed back opportunity" in undone
    assert "Nothing is being worked on" in idle
    assert [change["after"]["amount"] for change in runs][1] == "7.00"
    assert code == 0
