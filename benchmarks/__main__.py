"""Prints the figures as they are measured, and keeps them in docs/benchmarks.md; arguments choose the parts.

A part measured alone replaces its own table there; `million` is measured only when it is named.
"""

import sys

from benchmarks import (
    agent_loop,
    auditing,
    backfilling,
    deciding,
    embedding,
    guarding,
    querying,
    retrieving,
    sealing,
    starting,
    streaming,
    vectors,
)
from benchmarks.installation import server
from benchmarks.report import Figure, machine, table, write_document

PARTS = {
    "auditing": auditing.measure,
    "sealing": sealing.measure,
    "guarding": guarding.measure,
    "querying": querying.measure,
    "deciding": deciding.measure,
    "embedding": embedding.measure,
    "backfilling": backfilling.measure,
    "retrieving": retrieving.measure,
    "vectors": vectors.measure,
    "million": vectors.measure_large,
    "agent_loop": agent_loop.measure,
    "streaming": streaming.measure,
    "starting": starting.measure,
}


NAMED_ONLY = {"million"}


def main(wanted: list[str]) -> None:
    print(machine())
    measured: dict[str, list[Figure]] = {}
    with server() as running:
        for part in wanted or (part for part in PARTS if part not in NAMED_ONLY):
            measured[part] = []
            for figure in PARTS[part](running):
                measured[part].append(figure)
                print(f"{figure.what}: {figure.value}  (to reach: {figure.reach or '–'}; {figure.detail})", flush=True)
            write_document({part: measured[part]}, [*PARTS])
    print("\n" + table(figure for figures in measured.values() for figure in figures))


if __name__ == "__main__":
    main(sys.argv[1:])
