"""How long a person waits for a command, and what `serve` takes of the machine."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from functools import partial
from pathlib import Path
from statistics import median
from urllib.error import URLError

import psutil

from benchmarks.installation import Server
from benchmarks.report import Figure, seconds

COMMAND = Path(sys.executable).parent / "crm-agent"
ROUNDS = 5
PORT = 8765


def measure(server: Server) -> Generator[Figure]:
    """Each command as a person types it, against a running database with the demo company."""
    environment = os.environ | {"CRM_AGENT_HOME": str(server.settings.home)}
    _run(environment, "db", "migrate")
    _run(environment, "db", "seed")
    bare = median(seconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True)) for _ in range(ROUNDS))
    for arguments in (("--help",), ("records", "list", "account", "--limit", "5"), ("ask", "who is Maria Lopez")):
        took = median(seconds(partial(_run, environment, *arguments)) for _ in range(ROUNDS))
        name = " ".join(arguments)
        yield Figure(f"`crm-agent {name}`", f"{took:.2f} s", "", f"median of {ROUNDS}; `python -c ''` {bare:.2f} s")
    yield from _serving(environment)


def _run(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [COMMAND, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _serving(environment: dict[str, str]) -> Generator[Figure]:
    started = time.perf_counter()
    process = subprocess.Popen(
        [COMMAND, "serve", "--prepare", "--port", str(PORT)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await_health(process)
        took = time.perf_counter() - started
        memory = psutil.Process(process.pid).memory_info().rss / 2**20
        yield Figure(
            "`make run` again, to the first answer of /healthz", f"{took:.1f} s", "seconds", "data already there"
        )
        yield Figure("memory of `serve`", f"{memory:.0f} MB", "", "resident, after its first answer")
    finally:
        process.terminate()
        process.wait(timeout=30)


def _await_health(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2):
                return
        except (URLError, ConnectionError):
            time.sleep(0.02)
    raise RuntimeError("serve did not come up")
