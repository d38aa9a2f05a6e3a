"""The document of benchmarks keeps what was not measured again."""

from pathlib import Path

from benchmarks.report import Figure, write_document

ORDER = ("first", "second", "third")


def figure(what: str, value: str = "1 ms") -> Figure:
    return Figure(what, value, "≤ 2 ms", "a median")


def test_a_part_that_is_measured_again_replaces_its_own_table_alone(tmp_path: Path) -> None:
    document = tmp_path / "docs" / "benchmarks.md"
    write_document({"third": [figure("c")], "first": [figure("a")]}, ORDER, document)
    once = document.read_text()
    write_document({"second": [figure("b")]}, ORDER, document)
    write_document({"second": [figure("b", "3 ms")]}, ORDER, document)

    lines = document.read_text().splitlines()
    assert [line for line in lines if line.startswith("## ")] == ["## first", "## second", "## third"]
    assert [line for line in lines if line.startswith(("| a", "| b", "| c"))] == [
        "| a | **1 ms** | ≤ 2 ms | a median |",
        "| b | **3 ms** | ≤ 2 ms | a median |",
        "| c | **1 ms** | ≤ 2 ms | a median |",
    ]
    assert set(once.splitlines()) < set(lines)


def test_writing_nothing_new_changes_nothing(tmp_path: Path) -> None:
    document = tmp_path / "benchmarks.md"
    write_document({"first": [figure("a"), figure("b")]}, ORDER, document)
    before = document.read_text()
    write_document({}, ORDER, document)

    assert document.read_text() == before
