"""The check language refuses what it does not know."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from evals.case import Case, load_cases
from schema.errors import CrmError

CASE: dict[str, Any] = {"id": "a-case", "tags": ["read"], "turns": ["hello", "again"], "status": "completed"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"chagnes": []},
        {"id": "A case"},
        {"tags": []},
        {"turns": []},
        {"status": "done"},
        {"status": ["completed"]},
        {"changes": [{"action": "update", "kind": "opportunity", "after": {"amout": 1}}]},
        {"changes": [{"action": "merge", "kind": "opportunity"}]},
        {"changes": [{"action": "update", "kind": "deal"}]},
        {"sql": [{"query": "SELECT 1"}]},
        {"turns": ["hello", {"tool": "undo"}]},
        {"turns": ["hello", {"decide": "approve"}]},
        {"turns": ["hello", {"decide": "perhaps"}], "proposals": [{"action": "delete", "kind": "task"}]},
        {"turns": ["hello", {"decide": {"reject": ""}, "why": "no"}]},
    ],
)
def test_a_case_that_means_nothing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Case.model_validate({**CASE, **wrong})


def test_statuses_are_one_for_each_run() -> None:
    case = Case.model_validate({**CASE, "status": "completed or refused"})
    assert len(case.statuses[0]) > 2
    assert case.statuses[1] == {"completed", "refused"}
    each = Case.model_validate({**CASE, "status": ["needs_input", "completed"]})
    assert each.statuses == ({"needs_input"}, {"completed"})


def test_what_is_decided_on_must_have_waited() -> None:
    proposals = [{"action": "delete", "kind": "task"}]
    turns = ["delete it", {"decide": "approve", "refused": "expired"}, {"decide": {"reject": "No."}}, {"hours": 2}]
    case = Case.model_validate({**CASE, "turns": turns, "proposals": proposals})
    assert case.statuses == ({"needs_approval"}, {"completed"})


def write(folder: Path, name: str, text: str) -> list[Case]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_cases([path])


ONE = "- {id: one, tags: [read], turns: [hello], status: completed%s}\n"


def test_a_file_is_told_by_name_and_case(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match=r"some\.yaml: answer: Extra inputs"):
        write(tmp_path, "some.yaml", ONE % ", answer: x")
    with pytest.raises(CrmError, match="must differ: one"):
        write(tmp_path, "some.yaml", (ONE % "") * 2)


def test_only_the_open_file_holds_cases_known_to_fail(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match=r"belongs in open\.yaml: one"):
        write(tmp_path, "some.yaml", ONE % ", open: not yet")
    with pytest.raises(CrmError, match=r"belongs in open\.yaml: one"):
        write(tmp_path, "open.yaml", ONE % "")
    assert write(tmp_path, "open.yaml", ONE % ", open: not yet")[0].open == "not yet"


def test_the_open_file_names_cases_of_other_files(tmp_path: Path) -> None:
    write(tmp_path, "some.yaml", (ONE % "") + (ONE % "").replace("one", "two"))
    (tmp_path / "open.yaml").write_text("- {id: two, open: not yet}\n", encoding="utf-8")
    cases = load_cases([tmp_path / "open.yaml", tmp_path / "some.yaml"])
    assert [(case.id, case.open) for case in cases] == [("one", None), ("two", "not yet")]
    with pytest.raises(CrmError, match=r"open\.yaml: no case is called two"):
        load_cases([tmp_path / "open.yaml"])
