"""The seals file in a backup: cut to what the snapshot knows, and put in its place beside the restored database."""

import json
import os
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from schema.errors import CrmError
from schema.seals.file import SealsFile, seals_path
from schema.seals.keys import KEY_FILE, find_key
from schema.settings import Settings


@dataclass
class Cut:
    """The lines that belong to a snapshot.

    The sealer writes to the file first, so a file read after the snapshot was taken has every seal that the snapshot
    has, and maybe newer ones. Those tell of events that the snapshot may lack, and would look as if they had been
    removed: they are left out, and the events that the snapshot does have will be sealed anew. Erasures all stay: one
    that the snapshot does not know yet allows what is not done, and says what has to be erased again.
    """

    heads: Mapping[str, int]
    """The newest batch of each tenant in the snapshot."""
    kept: int = 0
    left_out: int = 0

    def lines(self, settings: Settings) -> Generator[bytes]:
        with SealsFile(seals_path(settings)).reading() as opened:
            if opened is None:
                return
            opened.release()
            place = opened.file.seek(0)
            for line in opened.file:
                place += len(line)
                if place > opened.end or not line.endswith(b"\n"):
                    return
                if self._belongs(line):
                    yield line

    @property
    def missing(self) -> int:
        return max(0, sum(self.heads.values()) - self.kept)

    def _belongs(self, line: bytes) -> bool:
        try:
            head = cast("dict[str, Any]", json.loads(line)["head"])
            is_newer = int(head["batch"]) > self.heads.get(str(head["tenant_id"]), 0)
        except (ValueError, KeyError, TypeError):
            return True
        self.left_out += is_newer
        self.kept += not is_newer
        return not is_newer


def own_key(settings: Settings) -> Path | None:
    """The file of the installation's key; None where there is none, or the environment holds it."""
    path = settings.home / KEY_FILE
    return path if settings.seal_key is None and path.exists() else None


def check_key(settings: Settings, key_id: str | None, *, is_brought: bool) -> None:
    """Raises CrmError (refused) when the restored seals could not be verified or gone on with."""
    if key_id is None or (is_brought and settings.seal_key is None):
        return
    key = find_key(settings)
    if key is None or key.public.key_id != key_id:
        where = (
            "CRM_AGENT_SEAL_KEY holds another one"
            if settings.seal_key is not None
            else f"{settings.home / KEY_FILE} holds another one"
            if key is not None
            else "there is none here"
        )
        raise CrmError(
            "refused",
            f"The seals in this backup are signed with key {key_id}, and {where}. Put that key into"
            " CRM_AGENT_SEAL_KEY or the home's seal.key, or give --without-key and go on without verified seals.",
        )


@dataclass(frozen=True)
class Placing:
    """A file that is ready beside the place where it will go."""

    draft: Path
    path: Path

    @classmethod
    def write(cls, path: Path, chunks: Iterable[bytes]) -> "Placing":
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.writelines(chunks)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise CrmError("setup", f"{path} cannot be written: {(error.strerror or '').lower()}.") from None
        return cls(draft, path)

    def place(self, now: datetime) -> Path | None:
        """Puts the file in its place; returns under which name the one that was there is kept, if it was another."""
        kept = None
        if self.path.exists() and self.path.stat().st_size and self.path.read_bytes() != self.draft.read_bytes():
            kept = self.path.with_name(f"{self.path.name}.before-{now:%Y%m%dT%H%M%S.%fZ}")
            self.path.rename(kept)
        self.draft.replace(self.path)
        return kept

    def discard(self) -> None:
        self.draft.unlink(missing_ok=True)
