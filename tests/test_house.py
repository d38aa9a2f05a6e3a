"""House rules that no linter knows, each with its reason."""

import ast
import re
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
OURS = {
    "agent",
    "benchmarks",
    "cli",
    "commands",
    "evals",
    "guardrails",
    "retrieval",
    "schema",
    "server",
    "tests",
    "tools",
    "web",
}
NOT_OURS = {"build", "dist", "htmlcov", "node_modules"}

LONGEST_FILE = 600
LONGEST_FUNCTION = 80


def files(*suffixes: str) -> Iterator[Path]:
    """The project's own files: nothing installed, nothing made by running or testing."""
    waiting = [PROJECT]
    while waiting:
        for path in waiting.pop().iterdir():
            if path.is_dir():
                if path.name in {".ci", ".github"} or not (path.name.startswith((".", "__")) or path.name in NOT_OURS):
                    waiting.append(path)
            elif not suffixes or path.suffix in suffixes:
                yield path


def lines_with(pattern: str, *suffixes: str) -> list[str]:
    found: list[str] = []
    for path in files(*suffixes):
        text = path.read_bytes().decode("utf-8", "replace")
        found += [
            f"{path.relative_to(PROJECT)}: {line.strip()}" for line in text.splitlines() if re.search(pattern, line)
        ]
    return found


def test_no_installed_distribution_claims_our_names() -> None:
    """`schema` and others exist as distributions elsewhere, and site-packages comes before the project on the path."""
    claims = {name: owners for name, owners in packages_distributions().items() if name in OURS}

    assert {name: owners for name, owners in claims.items() if set(owners) != {"crm-agent"}} == {}


def test_no_file_is_too_long_to_be_read() -> None:
    lengths = {path.relative_to(PROJECT): len(path.read_bytes().splitlines()) for path in files(".py", ".sql")}

    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_too_long_to_be_held_in_mind() -> None:
    lengths = {
        f"{path.relative_to(PROJECT)}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in files(".py")
        if "migrations" not in path.parts  # a list of steps, written once
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_lock_files_hold_hashes_and_no_addresses() -> None:
    """Where packages come from is for whoever installs to say; that they are the right ones is for the hashes."""
    assert lines_with(r"https?:|file:|--(extra-)?index|--find-links", ".lock") == []
    for lock in PROJECT.glob("*.lock"):
        pins = re.findall(r"^[^\s#-].*", lock.read_text(), re.MULTILINE)
        assert [pin for pin in pins if "==" not in pin or not pin.endswith("\\")] == []


def test_the_development_lock_agrees_with_the_runtime_lock() -> None:
    runtime, development = (
        set(re.findall(r"^[^\s=]+==[^\s;]+", (PROJECT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )

    assert runtime - development == set()


def test_no_path_of_one_machine_is_in_the_tree() -> None:
    homes = "work|root|farm|home/[a-z]+|Users/[A-Za-z]+"

    assert lines_with(rf"(^|[^\w.$}}])/({homes})/", ".py", ".sql", ".md", ".toml", ".yaml", ".yml", ".sh", "") == []


def test_no_test_is_skipped_and_none_patches_our_code() -> None:
    """The world comes in as an argument, so that a fake is a value."""
    patterns = [
        "pytest." + "skip",
        "mark." + "skip",
        "mark." + "xfail",
        "unittest." + "mock",
        "monkeypatch." + "setattr",
    ]

    assert lines_with("|".join(map(re.escape, patterns)), ".py") == []
