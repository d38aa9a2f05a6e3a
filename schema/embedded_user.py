"""The system user the embedded server runs as when root starts it: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import stat
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from schema.errors import CrmError

SERVICE_USER = "crm-agent"


class Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class SystemUser:
    name: str
    uid: int
    gid: int
    is_self: bool
    """True when it is whoever runs this process: nothing has to be handed over then."""

    @property
    def identity(self) -> Identity:
        """The arguments that make `subprocess` run as this user."""
        return {} if self.is_self else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Gives `path` and all in it to this user, unless it is its own already."""
        if self.is_self or path.stat().st_uid == self.uid:
            return
        for owned in (path, *path.rglob("*")):
            os.chown(owned, self.uid, self.gid, follow_symlinks=False)

    def admit(self, path: Path) -> None:
        """Lets this user walk through the folders above `path`, and no more: neither list nor read them.

        Only folders that refuse are touched, by an access list entry for this user alone where the file system has
        those, and by search permission for others where not.
        """
        if self.is_self:
            return
        for folder in path.parents:
            if not self._may_search(folder.stat()):
                try:
                    _grant_search(folder, self.uid)
                except OSError as error:
                    raise CrmError(
                        "setup",
                        f"The database runs as system user {self.name}, which cannot pass through {folder} "
                        f"({(error.strerror or '').lower()}); keep the project and CRM_AGENT_HOME in a folder it can reach.",
                    ) from None

    def open_up(self, installation: Path) -> None:
        """Lets this user read `installation`, which a strict umask may have closed to everyone but root."""
        if self.is_self or installation.stat().st_mode & stat.S_IXOTH:
            return
        for path in (installation, *installation.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))

    def _may_search(self, folder: os.stat_result) -> bool:
        if folder.st_uid == self.uid:
            return bool(folder.st_mode & stat.S_IXUSR)
        if folder.st_gid == self.gid:
            return bool(folder.st_mode & stat.S_IXGRP)
        return bool(folder.st_mode & stat.S_IXOTH)


def server_user(data: Path) -> SystemUser:
    """Who the server of `data` runs as: whoever asks; for root, the owner of the data, else a user of our own."""
    if os.geteuid() != 0:
        entry = _entry(os.geteuid())
        return SystemUser(entry.pw_name if entry else str(os.geteuid()), os.geteuid(), os.getegid(), is_self=True)
    owner = _entry(data.stat().st_uid) if data.exists() else None
    entry = owner if owner and owner.pw_uid != 0 else _service_user()
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid, is_self=False)


def _entry(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _service_user() -> pwd.struct_passwd:
    """Our own system user, made if need be; `nobody` where none can be made."""
    for attempt in (SERVICE_USER, SERVICE_USER, "nobody"):
        try:
            return pwd.getpwnam(attempt)
        except KeyError:
            _make_service_user()
    raise CrmError("setup", f"PostgreSQL does not run as root; make a system user named {SERVICE_USER}.")


def _make_service_user() -> None:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program:
        arguments = [
            "--system",
            "--no-create-home",
            "--home-dir",
            "/nonexistent",
            "--shell",
            "/bin/false",
            SERVICE_USER,
        ]
        subprocess.run([program, *arguments], capture_output=True, check=False)


# An access list as Linux keeps it (linux/posix_acl_xattr.h): a version, then entries of tag, permissions and id.
_ACCESS_LIST = "system.posix_acl_access"
_VERSION = 2
_ENTRY = struct.Struct("<HHI")
_USER_OBJ, _USER, _GROUP_OBJ, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_NO_ID = 0xFFFFFFFF
_SEARCH = 0o1


def _grant_search(folder: Path, uid: int) -> None:
    if sys.platform == "linux":
        try:
            entries = _read_access_list(folder)
            entries[_USER, uid] = entries.get((_USER, uid), 0) | _SEARCH
            group_class = [bits for (tag, _), bits in entries.items() if tag in (_USER, _GROUP_OBJ, _GROUP)]
            entries[_MASK, _NO_ID] = entries.get((_MASK, _NO_ID), _union(group_class)) | _SEARCH
            packed = b"".join(_ENTRY.pack(tag, bits, id_) for (tag, id_), bits in sorted(entries.items()))
            os.setxattr(folder, _ACCESS_LIST, struct.pack("<I", _VERSION) + packed)
        except OSError:
            pass
        else:
            return
    folder.chmod(folder.stat().st_mode | stat.S_IXOTH)


def _read_access_list(folder: Path) -> dict[tuple[int, int], int]:
    """The permissions of each (tag, id); a folder without a list has one in its mode."""
    try:
        packed = os.getxattr(folder, _ACCESS_LIST)
    except OSError:
        mode = folder.stat().st_mode
        return {(_USER_OBJ, _NO_ID): mode >> 6 & 7, (_GROUP_OBJ, _NO_ID): mode >> 3 & 7, (_OTHER, _NO_ID): mode & 7}
    return {(tag, id_): bits for tag, bits, id_ in _ENTRY.iter_unpack(packed[4:])}


def _union(permissions: list[int]) -> int:
    union = 0
    for bits in permissions:
        union |= bits
    return union
