"""Prints the figures as they are measured, and keeps them in docs/benchmarks.md; arguments choose the parts."""

import sys

from benchmarks import agent_loop, auditing, deciding, embedding, guarding, querying, sealing, starting, streaming
from benchmarks.installation import server
from benchmarks.report import Figure, machine, table, write_document

PARTS = {
    "auditing": auditing.measure,
    "sealing": sealing.measure,
    "guarding": guarding.measure,
    "querying": querying.measure,
    "deciding": deciding.measure,
    "embedding": embedding.measure,
    "agent_loop": agent_loop.measure,
    "streaming": streaming.measure,
    "starting": starting.measure,
}


def main(wanted: list[str]) -> None:
    figures: list[Figure] = []
    print(machine())
    with server() as running:
        for part in wanted or PARTS:
            for figure in PARTS[part](running):
                figures.append(figure)
                print(f"{figure.what}: {figure.value}  (to reach: {figure.reach or '–'}; {figure.detail})", flush=True)
    print("\n" + table(figures))
    if not wanted:
        write_document(figures)


if __name__ == "__main__":
    main(sys.argv[1:])
