"""Backups: one file with everything an installation needs to go on, and the way back from it."""

from schema.backup.archive import Backup
from schema.backup.manifest import Manifest
from schema.backup.restoring import Restored, restore
from schema.backup.taking import back_up
from schema.backup.target import Found, look_at

__all__ = ["Backup", "Found", "Manifest", "Restored", "back_up", "look_at", "restore"]
