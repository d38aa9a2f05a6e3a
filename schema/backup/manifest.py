"""What a backup says of itself."""

from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from typing import Any

from alembic.script import ScriptDirectory
from alembic.util import CommandError

from schema.errors import CrmError
from schema.inspection import head_revision

FORM = 1
"""Counts changes of the file's own form."""

DUMP, SEALS, KEY, MANIFEST = "database.dump", "seals.jsonl", "seal.key", "manifest.json"


@dataclass(frozen=True, slots=True)
class Part:
    """One file in the backup."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Written last, when everything else is known."""

    product: str
    """The version of crm-agent that made it."""
    revision: str
    """The migration its database was at."""
    postgres: int
    """The server's version number, as in 180004."""
    taken_at: str
    tenants: list[str]
    rows: dict[str, int]
    """Rows by table, counted in the snapshot that was dumped."""
    last_event: int
    """The newest audit event in the snapshot."""
    seals: int
    """Heads in its copy of the seals file."""
    seals_left_out: int
    """Heads newer than the snapshot, which the copy leaves out."""
    seals_missing: int
    """Heads that the database has and the file lacks: the log did not verify when the backup was taken."""
    key_id: str | None
    """The key that its seals are signed with; None before the first seal."""
    parts: dict[str, Part]
    form: int = FORM

    @property
    def has_key(self) -> bool:
        return KEY in self.parts

    @property
    def total_rows(self) -> int:
        return sum(self.rows.values())

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, told: Any) -> "Manifest":
        """Raises CrmError (refused) for what a newer version made; KeyError, TypeError, ValueError or AttributeError for what is none."""
        if told["form"] > FORM:
            raise CrmError("refused", f"This backup was made by crm-agent {told['product']}; upgrade to restore it.")
        parts = {str(name): Part(**part) for name, part in told["parts"].items()}
        rows = {str(table): int(count) for table, count in told["rows"].items()}
        return replace(cls(**told), parts=parts, rows=rows)

    def check_revision(self) -> None:
        """Raises CrmError (refused) when its migration is newer than this version knows."""
        try:
            ScriptDirectory(str(files("schema") / "migrations")).get_revision(self.revision)
        except CommandError:
            raise CrmError(
                "refused",
                f"This backup is at revision {self.revision}, made by crm-agent {self.product}; this version knows"
                f" {head_revision()} as its newest. Upgrade crm-agent to restore it.",
            ) from None
