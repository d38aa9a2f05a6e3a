"""No promise without a test, and no test that keeps a promise nobody made."""

import ast
from pathlib import Path

from tests.promises import PROMISES

TESTS = Path(__file__).parent


def kept() -> set[str]:
    """The promises that tests name: the argument of `promise(...)` and of `pytest.mark.promise(...)`."""
    found: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) == "promise":
                found |= {str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)}
    return found


def _name(function: ast.expr) -> str:
    match function:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def test_every_promise_has_a_test_and_every_test_a_promise() -> None:
    assert kept() == set(PROMISES)
