"""A person at a terminal: waits for each question and types the answer."""

import os
import pty
import select
import subprocess
from collections.abc import Sequence

from tests.commands.terminal import PROGRAM, SECONDS, Terminal


def converse(terminal: Terminal, arguments: Sequence[str], answers: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """The exit code and all that stood on the screen; each answer is typed once its question has ended what was said."""
    own, its = pty.openpty()
    with subprocess.Popen(
        [PROGRAM, *arguments],
        stdin=its,
        stdout=its,
        stderr=its,
        env={**terminal.whole_environment, "TERM": "xterm", "COLUMNS": "200"},
        start_new_session=True,
    ) as process:
        os.close(its)
        said = ""
        for question, answer in answers:
            heard = _until(own, question)
            said += heard
            if not heard.endswith(question):
                break
            os.write(own, f"{answer}\n".encode())
        said += _until(own, None)
        os.close(own)
        return process.wait(SECONDS), said


def _until(screen: int, question: str | None) -> str:
    """What is said until the question, or until the program ends."""
    said = b""
    while question is None or not said.endswith(question.encode()):
        ready, _, _ = select.select([screen], [], [], SECONDS)
        try:
            more = os.read(screen, 4096) if ready else b""
        except OSError:
            more = b""
        if not more:
            break
        said += more
    return said.decode()
