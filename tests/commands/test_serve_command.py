"""`serve`: one command from an empty folder to a page."""

import socket
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from tests.commands.terminal import Terminal


def test_an_empty_folder_becomes_a_page_that_is_found_again_as_it_was_left() -> None:
    with TemporaryDirectory(prefix="crm-") as folder:
        terminal = Terminal({"CRM_AGENT_HOME": str(Path(folder) / "home"), "CRM_AGENT_MODEL": "offline"})
        try:
            with terminal.serving("--prepare", "--port", "0") as (_, said):
                page = httpx.get(f"{said['url']}/ui").text
                note = terminal.json("records", "create", "note", "body=Kept", "--reason", "Test")["record"][
                    "record_id"
                ]
            with terminal.serving("--prepare", "--port", "0") as (_, again):
                kept = terminal.json("records", "get", note)["record"]["fields"]["body"]
        finally:
            terminal.run("db", "down")

    assert said["tenants"] == again["tenants"] == ["brightwater", "kestrel"]
    assert said["model"] == "offline"
    assert "This is the demo company" in page
    assert kept == "Kept"


def test_a_taken_port_is_passed_over_unless_it_was_asked_for(terminal: Terminal) -> None:
    by_itself = Terminal(terminal.environment)
    with by_itself.serving() as (_, first), by_itself.serving() as (_, second):
        ports = [httpx.URL(said["url"]).port for said in (first, second)]
        refused = by_itself.run("serve", "--port", str(ports[0]), "--json")

    assert ports[0] != ports[1]
    assert (refused.code, refused.error) == (1, ("setup", f"Port {ports[0]} is taken; choose another with --port."))


def test_an_address_of_another_machine_is_one_sentence(terminal: Terminal) -> None:
    ran = terminal.run("serve", "--host", "192.0.2.1", "--port", "8000", "--json")

    assert (ran.code, ran.error[0]) == (1, "setup")
    assert "192.0.2.1" in ran.error[1]


def test_a_name_that_nobody_has_is_one_sentence(terminal: Terminal) -> None:
    ran = terminal.run("serve", "--host", "nowhere.invalid", "--json")

    assert (ran.code, ran.error[0]) == (1, "setup")


def test_a_model_that_cannot_be_used_is_said_at_the_start(terminal: Terminal) -> None:
    ran = terminal.within(CRM_AGENT_MODEL="nonsense").run("serve", "--port", "0", "--json")

    assert (ran.code, ran.error[0]) == (1, "setup")


def test_it_listens_on_this_machine_alone(terminal: Terminal) -> None:
    with Terminal(terminal.environment).serving("--port", "0") as (_, said):
        port = httpx.URL(said["url"]).port
        assert port is not None
        outside = [address for address in _own_addresses() if _answers(address, port)]

    assert said["url"].startswith("http://127.0.0.1:")
    assert outside == []


def _own_addresses() -> set[str]:
    found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    return {str(each[4][0]) for each in found} - {"127.0.0.1"}


def _answers(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((address, port)) == 0
