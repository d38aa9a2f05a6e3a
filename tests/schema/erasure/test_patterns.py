"""A person is found in a text however people write names, addresses and numbers, and nobody else is."""

import re

import psycopg
import pytest

from schema.database import Database
from schema.erasure import patterns
from schema.erasure.texts import ERASED, Reach, Redactor


def spared(pattern: str | None, text: str) -> str:
    assert pattern is not None
    return re.sub(pattern, "#", text)


@pytest.mark.parametrize(
    ("given", "family", "text", "left"),
    [
        ("Björn", "Strauß", "Björn Strauß, BJÖRN  STRAUSS; Bjoern Strauss, Bjorn Straus", "#, #; #, Bjorn Straus"),
        ("Björn", "Strauß", "Strauß, Björn und bjoern.strauss@firm.example.", "# und #."),
        ("Björn", "Strauß", "Bjo\u0308rn\nStrauß und Bj\\u00f6rn Strau\\u00df", "# und #"),
        ("Björn", "Strauß", "Björn Straußs Angebot", "# Angebot"),
        ("Bjoern", "Strauss", "Björn Strauß", "#"),
        ("Anna", "Schmidt", "Hanna Schmidt, anna_schmidt, Anna-Schmidt", "Hanna Schmidt, #, #"),
        ("Anna", "Schmidt", "Peter Schmidt, Anna Weber und Schmidt, Anna", "Peter Schmidt, Anna Weber und #"),
        ("Anna Maria", "Rossi", "Anna Maria Rossi, Anna Rossi, Maria Rossi", "#, #, Maria Rossi"),
        ("Patrick", "O'Brien", "Patrick O’Brien’s, Patrick OBrien, patrick.obrien@x.example", "#’s, #, #"),
        ("Jean-Luc", "Lefèvre", "JEAN LUC LEFEVRE", "#"),
        ("Nguyễn", "Trần", "Nguyen Tran", "#"),
        ("Łukasz", "Żak", "Lukasz Zak", "#"),
        ("小明", "王", "我见了王小明今天", "我见了#今天"),
        ("Иван", "Петров", "Письмо от Ивана нет, Иван Петров да, ПЕТРОВ ИВАН", "Письмо от Ивана нет, # да, #"),
    ],
)
def test_a_whole_name_is_found(given: str, family: str, text: str, left: str) -> None:
    assert spared(patterns.full_name(given, family), text) == left


def test_a_name_that_anothers_begins_with_ends_where_it_ends() -> None:
    closed = patterns.full_name("Anna", "Schmidt", is_open=False)
    assert spared(closed, "Anna Schmidt, Anna Schmidtke") == "#, Anna Schmidtke"


def test_one_word_is_no_whole_name() -> None:
    assert patterns.full_name("Info", "") is None


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hi Grace, grace period", "Hi #, grace period"),
        ("Grace's and Graces, Gracefully", "# and #, Gracefully"),
        ("grace@x.example, info@Grace.example, Grace-Bank, x.Grace", "grace@x.example, info@Grace.example, Grace-Bank, x.Grace"),
        ("Yours, Grace.", "Yours, #."),
        ("Grac… and Gra… and Gr… and Grac", "#… and #… and Gr… and Grac"),
    ],
)  # fmt: skip
def test_a_single_name_is_no_part_of_a_word_or_an_address(text: str, left: str) -> None:
    assert spared(patterns.lone_name("Grace"), text) == left


@pytest.mark.parametrize(
    "text",
    ["+492214710496", "+49 221 4710496", "0221/471 04 96", "(0221) 4710496", "+49 (0) 221-4710496", "00492214710496"],
)
def test_a_number_is_found_in_any_grouping(text: str) -> None:
    assert spared(patterns.phone("+492214710496"), f"Call {text}!") == "Call #!"


def test_other_numbers_stay() -> None:
    text = "9221471049612, 22147104961, order 2214710497"
    assert spared(patterns.phone("+492214710496"), text) == text
    assert patterns.phone("110") is None


def test_an_address_is_found_whole() -> None:
    text = "A.B@x.example, <a.b@x.example>; xa.b@x.example, a.b@x.examples, a.b@x.example."
    assert spared(patterns.email("a.b@x.example"), text) == "#, <#>; xa.b@x.example, a.b@x.examples, #."


@pytest.mark.parametrize("name", [("Björn", "Strauß"), ("Patrick", "O'Brien"), ("小明", "王"), ("Nguyễn", "Trần")])
def test_postgres_reads_the_expressions_alike(empty_database: Database, name: tuple[str, str]) -> None:
    """It finds the rows, and Python edits their texts: what one overlooks stays."""
    looked_for = patterns.either(
        [patterns.full_name(*name), patterns.email("a.b@x.example"), patterns.phone("+492214710496"), *map(patterns.lone_name, name)]
    )  # fmt: skip
    whole, turned = " ".join(name), ", ".join(reversed(name))
    texts = [
        whole, turned, whole.upper(), f"x{whole}", f"{name[0]}\n{name[1]}", name[0], f"{name[1]}’s", f"{name[0]}@x.example",
        "A.B@X.example", "xa.b@x.example", "0221/471 04 96", "22147104961", "Nobody",
    ]  # fmt: skip
    assert looked_for is not None
    with psycopg.connect(empty_database.admin_url) as admin:
        found = [bool(admin.execute("SELECT %s ~ %s", [text, looked_for]).fetchone() == (True,)) for text in texts]
        quickly = [
            bool(admin.execute("SELECT %s ~ %s", [text, patterns.loosely(looked_for)]).fetchone() == (True,)) for text in texts
        ]  # fmt: skip
    assert found == [re.search(looked_for, text) is not None for text in texts]
    assert [each for each in found if each] == [quick for each, quick in zip(found, quickly, strict=True) if each]


def redactor() -> Redactor:
    return Redactor(
        unique=re.compile("Ada Byron"),
        shared=re.compile("Ada King"),
        lone={"ada": re.compile(patterns.lone_name("Ada")), "byron": re.compile(patterns.lone_name("Byron"))},
        protected=re.compile("Byron Works"),
        others_ids=frozenset({"2"}),
    )


def test_how_far_it_goes_depends_on_how_a_text_hangs_together_with_the_person() -> None:
    text = "Ada Byron, Ada King, Ada of Byron Works, Byr…"

    assert redactor().text(text, Reach.UNKNOWN) == f"{ERASED}, Ada King, Ada of Byron Works, Byr…"
    assert redactor().text(text, Reach.LINKED) == f"{ERASED}, {ERASED}, {ERASED} of Byron Works, {ERASED}…"
    assert redactor().text("Ada and Byron", Reach.LINKED, without={"ada"}) == f"Ada and {ERASED}"


def test_documents_are_opened_and_what_is_a_namesakes_is_left() -> None:
    told = {
        "args": '{"query": "Ada By\\u0072on", "n": 1}',
        "found": [
            {"record_id": "1", "label": "Ada King", "fields": {"n": 1.5, "x": None, "y": "Ada"}},
            {"record_id": "2", "label": "Ada King", "fields": {"y": "Ada"}},
        ],
    }
    assert redactor().value(told, Reach.LINKED) == {
        "args": f'{{"query": "{ERASED}", "n": 1}}',
        "found": [
            {"record_id": "1", "label": ERASED, "fields": {"n": 1.5, "x": None, "y": ERASED}},
            {"record_id": "2", "label": "Ada King", "fields": {"y": "Ada"}},
        ],
    }
