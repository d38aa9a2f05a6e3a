"""The file outside the database that seals are appended to, one JSON document a line."""

import fcntl
import json
import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from schema.errors import CrmError
from schema.settings import Settings

SEALS_FILE = "seals.jsonl"
_BLOCK = 1 << 16


def seals_path(settings: Settings) -> Path:
    return settings.seals or settings.home / SEALS_FILE


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where it ends, and what it says; None for what is no JSON object."""

    number: int
    end: int
    said: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Reading:
    """The file as it was when it was opened."""

    file: BinaryIO
    end: int

    def release(self) -> None:
        """Lets writers on; what they add lies behind `end`."""
        fcntl.flock(self.file, fcntl.LOCK_UN)


@dataclass(frozen=True)
class SealsFile:
    """Readers and writers take turns by a lock on the file itself; a writer waits until its lines are on the disk."""

    path: Path

    @contextmanager
    def writing(self) -> Generator[BinaryIO]:
        """The file, made when absent, for one writer alone; a last line that a crash cut short is taken away.

        Such a line was never acted on: a seal is committed to the database only after its line is whole on the disk.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise CrmError("setup", f"The seals file {self.path} cannot be written: {error.strerror}.") from None
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _drop_torn_line(file)
            if file.seek(0, os.SEEK_END) == 0:
                _sync_folder(self.path.parent)
            yield file

    @contextmanager
    def reading(self) -> Generator["Reading | None"]:
        """The file, which nobody writes until it is released; None when there is none."""
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            yield None
            return
        except OSError as error:
            raise CrmError("setup", f"The seals file {self.path} cannot be read: {error.strerror}.") from None
        with file:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield Reading(file, file.seek(0, os.SEEK_END))


def append(file: BinaryIO, documents: Iterable[dict[str, Any]]) -> None:
    """Adds lines; returns when they are on the disk."""
    file.seek(0, os.SEEK_END)
    file.writelines(json.dumps(document, separators=(",", ":")).encode() + b"\n" for document in documents)
    file.flush()
    os.fsync(file.fileno())


def lines(file: BinaryIO, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """The whole lines between two offsets; one that is not whole yet is left out."""
    file.seek(start)
    for number, line in enumerate(iter(file.readline, b""), start=1):
        start += len(line)
        if not line.endswith(b"\n") or (end is not None and start > end):
            return
        yield Line(number, start, _document(line))


def _document(line: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None  # pyright: ignore[reportUnknownVariableType] - json is Any


def _drop_torn_line(file: BinaryIO) -> None:
    whole = end = file.seek(0, os.SEEK_END)
    while whole > 0:
        start = max(0, whole - _BLOCK)
        file.seek(start)
        found = file.read(whole - start).rfind(b"\n")
        whole = start + found + 1
        if found >= 0:
            break
    if whole < end:
        file.truncate(whole)


def _sync_folder(folder: Path) -> None:
    """Makes the new file's name last through a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
