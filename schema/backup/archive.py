"""The file of a backup: a ZIP of its parts, written whole or not at all, and checked before anything is done with it.

ZIP because its directory stands at the end: a file that was cut short has none, and says so at once.
"""

import hashlib
import json
import os
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, LargeZipFile, ZipFile

from schema.backup.manifest import DUMP, MANIFEST, Manifest, Part
from schema.errors import CrmError

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

CHUNK = 1 << 20


@dataclass
class Writing:
    """A backup that is being written."""

    _zip: ZipFile
    parts: dict[str, Part] = field(default_factory=dict[str, Part])

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as part:
            for chunk in chunks:
                part.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.parts[name] = Part(size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        self._zip.writestr(MANIFEST, json.dumps(manifest.to_json(), indent=1))


@contextmanager
def writing(path: Path) -> Generator[Writing]:
    """A backup for this user's eyes only, which takes its name when it is whole; never over a file that is there.

    Raises CrmError (invalid) when it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    if path.exists() or path.is_symlink():
        raise CrmError("invalid", f"{path} exists; name another file.")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            with ZipFile(file, "w") as zipped:
                yield Writing(zipped)
            file.flush()
            os.fsync(file.fileno())
        _name(draft, path)
    except OSError as error:
        raise CrmError("invalid", f"{path} cannot be written: {(error.strerror or str(error)).lower()}.") from None
    finally:
        draft.unlink(missing_ok=True)


def _name(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        raise CrmError("invalid", f"{path} exists; name another file.") from None
    except OSError:
        # A file system without links.
        draft.rename(path)


@dataclass(frozen=True)
class Backup:
    """An open backup."""

    path: Path
    manifest: Manifest
    _zip: ZipFile

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> "Generator[Backup]":
        """The backup in a file. Raises CrmError (invalid, refused) for what is none, or cannot be used."""
        try:
            zipped = ZipFile(path)
            manifest = Manifest.from_json(json.loads(zipped.read(MANIFEST)))
        except (BadZipFile, LargeZipFile, KeyError, TypeError, ValueError, AttributeError, EOFError):
            raise CrmError("invalid", f"{path} is no backup of crm-agent, or was cut short.") from None
        except OSError as error:
            raise CrmError("invalid", f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from None
        with zipped:
            yield cls(path, manifest, zipped)

    @property
    def is_open_to_others(self) -> bool:
        return bool(self.path.stat().st_mode & 0o077)

    def check(self, progress: Progress) -> None:
        """Raises CrmError (invalid) when a part is not what the manifest says, or missing."""
        self.manifest.check_revision()
        total = sum(part.bytes for part in self.manifest.parts.values())
        done = 0
        for name, part in self.manifest.parts.items():
            digest = hashlib.sha256()
            for chunk in self.chunks(name):
                digest.update(chunk)
                done += len(chunk)
                progress("Checking the backup", done, total)
            if digest.hexdigest() != part.sha256:
                raise CrmError("invalid", f"{self.path} is damaged: its {name} is not what was written.")
        if DUMP not in self.manifest.parts:
            raise CrmError("invalid", f"{self.path} is damaged: it has no {DUMP}.")

    def chunks(self, name: str) -> Generator[bytes]:
        """A part in pieces. Raises CrmError (invalid) where the file is damaged."""
        try:
            with self._zip.open(name) as part:
                yield from pieces(part)
        except (BadZipFile, KeyError, EOFError):
            raise CrmError("invalid", f"{self.path} is damaged: its {name} cannot be read.") from None


def pieces(file: IO[bytes]) -> Generator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
