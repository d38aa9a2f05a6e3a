"""Files that a command writes: whole or not at all."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from schema.errors import CrmError


@contextmanager
def draft(path: Path) -> Generator[BinaryIO]:
    """A file for this user's eyes only that takes the place of `path` when it is whole. Raises CrmError (invalid)."""
    path = path.resolve()
    drafted = path.parent / f".{path.name}.{os.getpid()}"
    try:
        if path.exists() and not path.is_file():
            # A pipe or a device is written to; replacing /dev/null by a file would be a surprise. A folder refuses.
            with path.open("wb") as file:
                yield file
            return
        with os.fdopen(os.open(drafted, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
        drafted.replace(path)
    except OSError as error:
        raise CrmError("invalid", f"{path} cannot be written: {error.strerror}.") from None
    finally:
        drafted.unlink(missing_ok=True)
