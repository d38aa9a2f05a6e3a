"""Runs the core suite on the offline planner and prints a table: `python -m evals [CASE…] [--tag TAG]`."""

import argparse
import sys
import time

from rich.console import Console

from evals.case import OPEN, Case, load_cases
from evals.report import table
from evals.run import CaseResult, run_suite
from evals.world import Worlds, make_template
from schema.errors import CrmError
from schema.installation import admin_url
from schema.settings import Settings


def main(arguments: list[str]) -> int:
    """Exit code 0 when every case passed that is not known to fail."""
    try:
        return _run(_parse(arguments))
    except CrmError as error:
        print(error.message, file=sys.stderr)  # noqa: T201
        return 1


def _run(asked: argparse.Namespace) -> int:
    settings = Settings.from_environment()
    url = admin_url(settings)
    console = Console()
    results: list[CaseResult] = []
    started = time.perf_counter()
    with Worlds(url, settings, make_template(url, settings)) as worlds:
        for result in run_suite(_chosen(asked), worlds, model=asked.model):
            results.append(result)
            if result.is_passed and result.case.open:
                console.print(f"✓ {result.case.id} passes now; take it out of {OPEN}", highlight=False)
            if not result.is_passed:
                console.print(f"✗ {result.case.id}: {result.failures}", markup=False, highlight=False, soft_wrap=True)
    console.print(table(results, time.perf_counter() - started))
    return 0 if all(result.is_passed or result.case.open for result in results) else 1


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="ids of cases; all of them when none is named")
    parser.add_argument("--tag", help="only cases with this tag")
    parser.add_argument("--model", default="offline", help="the model that plans")
    return parser.parse_args(arguments)


def _chosen(asked: argparse.Namespace) -> list[Case]:
    wanted = set(asked.cases)
    return [
        case
        for case in load_cases()
        if (not wanted or case.id in wanted) and (asked.tag is None or asked.tag in case.tags)
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
