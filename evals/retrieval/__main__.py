"""Scores the application's search on the labelled queries: `python -m evals.retrieval [--embedder NAME]`."""

import argparse
import sys

from rich.console import Console

from evals.retrieval.asking import library
from evals.retrieval.report import measured, table
from retrieval.embedders.choosing import LOCAL
from schema.errors import CrmError
from schema.installation import admin_url
from schema.settings import Settings


def main(arguments: list[str]) -> int:
    """Prints the table; exit code 1 when it could not be made."""
    parser = argparse.ArgumentParser(prog="python -m evals.retrieval")
    parser.add_argument("--embedder", default=LOCAL, help="whose vectors to search, as in CRM_AGENT_EMBEDDER")
    asked = parser.parse_args(arguments)
    settings = Settings.from_environment()
    try:
        with library(admin_url(settings), settings, asked.embedder) as filled:
            Console().print(table(measured(filled)))
    except CrmError as error:
        print(error.message, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
