"""Prints the table, line by line as it is measured, and keeps it in docs/benchmarks.md."""

import sys

from benchmarks import auditing
from benchmarks.installation import server
from benchmarks.report import Figure, machine, table, write_document


def main() -> None:
    figures: list[Figure] = []
    print(machine())
    with server() as running:
        for figure in auditing.measure(running):
            figures.append(figure)
            print(f"{figure.what}: {figure.value}  (to reach: {figure.reach or '–'}; {figure.detail})", flush=True)
    write_document(figures)
    print("\n" + table(figures))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
