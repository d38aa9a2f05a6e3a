"""`search`: what texts say, on the command line."""

from collections.abc import Iterator

import pytest

from schema.database import Database
from schema.settings import Settings
from schema.world import World
from tests.commands.terminal import Terminal
from tests.conftest import NOW
from tests.retrieval.search.indexed import index

ASKS = "admin@kestrel.example"
"""Of the smaller of the two companies."""
KEYS = {"kind", "record_id", "label", "snippet", "score", "vector_score", "text_score"}


@pytest.fixture(scope="module", autouse=True)
def indexed(terminal: Terminal, settings: Settings) -> Iterator[None]:
    """Words alone: commands are processes of their own, and would each load a model."""
    database = Database.open(terminal.environment["CRM_AGENT_DATABASE_URL"], settings, World.fixed(NOW, seed=5))
    index(database, database.sign_in(ASKS), None)
    yield
    database.close()


def test_a_search_answers_with_one_document(terminal: Terminal) -> None:
    ran = terminal.run(
        "search", "--as", ASKS, "wrong", "invoice", "--kind", "call", "--where", "direction = inbound", "--json"
    )
    assert ran.code == 0, ran.out
    told = ran.json
    assert {"results", "total", "truncated", "filters", "duration_ms"} <= told.keys()
    assert told["results"]
    assert all(each.keys() >= KEYS for each in told["results"])
    assert {each["kind"] for each in told["results"]} == {"interaction"}
    assert told["filters"] == ["kinds in (call)", "direction = inbound"]
    assert told["degraded"]
    assert told["truncated"] is (told["total"] > len(told["results"]))


def test_people_see_a_table_and_what_was_left_out(terminal: Terminal) -> None:
    ran = terminal.run("search", "--as", ASKS, "wrong invoice", "--limit", "2")
    assert ran.code == 0
    assert ran.out.splitlines()[0].split("\t") == ["id", "kind", "record", "detail", "passage", "similarity"]
    assert len(ran.out.splitlines()) == 3
    assert "Note: No vectors are kept" in ran.err
    assert "raise --limit" in ran.err
    assert terminal.run("search", "--as", ASKS, '"no such phrase anywhere"').out == "Nothing was found.\n"


def test_the_like_of_a_record_is_asked_for_by_the_beginning_of_its_id(terminal: Terminal) -> None:
    found = terminal.run("records", "--as", ASKS, "list", "opportunity", "--limit", "1", "--json").json["records"][0]
    ran = terminal.run("search", "--as", ASKS, "--similar-to", found["record_id"][:13], "--json")
    assert {each["kind"] for each in ran.json["results"]} == {"opportunity"}
    assert found["record_id"] not in {each["record_id"] for each in ran.json["results"]}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 1, "is empty"),
        (("  ",), 1, "is empty"),
        (("bill", "--kind", "deal"), 1, "did you mean opportunity"),
        (("bill", "--where", "directoin = inbound"), 1, "did you mean direction"),
        (("bill", "--threshold", "2"), 2, "threshold"),
        (("bill", "--limit", "0"), 2, "limit"),
        (("--similar-to", "abc"), 1, "too short"),
    ],
)
def test_what_cannot_be_searched_for_is_told(
    terminal: Terminal, arguments: tuple[str, ...], code: int, words: str
) -> None:
    ran = terminal.run("search", "--as", ASKS, *arguments, "--json")
    assert ran.code == code
    assert words in ran.error[1]
