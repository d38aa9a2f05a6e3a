"""What the environment says: every `CRM_AGENT_*` variable, read once and checked."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schema.errors import CrmError

LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True)
class Settings:
    home: Path
    """`CRM_AGENT_HOME`: where the embedded database, its passwords and its seals live; absolute. By default
    `.crm-agent` in the project, or in the current folder when the package is installed without its project."""

    database_url: str | None = field(default=None, repr=False)
    """`CRM_AGENT_DATABASE_URL`: one's own PostgreSQL; None means the embedded one."""

    read_database_url: str | None = field(default=None, repr=False)
    """`CRM_AGENT_READ_DATABASE_URL`: a replica for reads; None means reads go where writes go."""

    model: str | None = None
    """`CRM_AGENT_MODEL`: `offline`, `openai:…`, any pydantic-ai name, or `openai-compatible:NAME@URL`; None leaves the
    choice to whether there is a key."""

    embedder: str = "local"
    """`CRM_AGENT_EMBEDDER`: `local`, or a provider's model with its dimensions, as `openai:NAME@512`."""

    token: str | None = field(default=None, repr=False)
    """`CRM_AGENT_TOKEN`: the API token that says who an MCP server on stdio acts for."""

    role_prefix: str = ""
    """`CRM_AGENT_ROLE_PREFIX`: stands before `crm_owner`, `crm_app` … where one server hosts several installations."""

    seal_key: str | None = field(default=None, repr=False)
    """`CRM_AGENT_SEAL_KEY`: what the heads of the audit log are signed with; None means a key made in `home`."""

    seals: Path | None = None
    """`CRM_AGENT_SEALS`: the file outside the database that signed heads are appended to; None means one in `home`."""

    log: str = "warning"
    """`CRM_AGENT_LOG`: the least serious level that is logged to stderr."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings that `environment` holds; an empty variable counts as absent.

        Raises CrmError (setup) naming the variable whose value cannot be used.
        """

        def value(name: str) -> str | None:
            return environment.get(f"CRM_AGENT_{name}", "").strip() or None

        seals = value("SEALS")
        return cls(
            home=_folder("CRM_AGENT_HOME", value("HOME")) or default_home(),
            database_url=_postgres_url("CRM_AGENT_DATABASE_URL", value("DATABASE_URL")),
            read_database_url=_postgres_url("CRM_AGENT_READ_DATABASE_URL", value("READ_DATABASE_URL")),
            model=value("MODEL"),
            embedder=value("EMBEDDER") or "local",
            token=value("TOKEN"),
            role_prefix=_role_prefix(value("ROLE_PREFIX") or ""),
            seal_key=value("SEAL_KEY"),
            seals=_folder("CRM_AGENT_SEALS", seals),
            log=_log_level((value("LOG") or "warning").lower()),
        )


def default_home() -> Path:
    project = Path(__file__).resolve().parent.parent
    return (project if (project / "pyproject.toml").is_file() else Path.cwd()) / ".crm-agent"


def _folder(variable: str, text: str | None) -> Path | None:
    if text is None:
        return None
    if "\0" in text:
        raise CrmError("setup", f"{variable} holds a null byte, which no path can.")
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise CrmError("setup", f"{variable} is {text!r}, and there is no such user's home folder.") from None


def _postgres_url(variable: str, text: str | None) -> str | None:
    if text is not None and not re.match(r"postgres(ql)?://", text):
        raise CrmError(
            "setup", f"{variable} must start with postgresql://, as in postgresql://user@host:5432/database."
        )
    return text


def _role_prefix(text: str) -> str:
    # PostgreSQL cuts names at 63 bytes without a word, and the longest role is `crm_reader`.
    if not re.fullmatch(r"([a-z_][a-z0-9_]{0,39})?", text):
        raise CrmError(
            "setup",
            f"CRM_AGENT_ROLE_PREFIX is {text!r}; it may have up to 40 small letters, digits and underscores, no digit first.",
        )
    return text


def _log_level(text: str) -> str:
    if text not in LOG_LEVELS:
        raise CrmError("setup", f"CRM_AGENT_LOG is {text!r}; it must be one of {', '.join(LOG_LEVELS)}.")
    return text
