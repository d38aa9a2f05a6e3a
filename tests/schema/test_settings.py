"""Settings are read once, checked, and keep their secrets."""

from pathlib import Path

import pytest

from schema.errors import CrmError
from schema.settings import Settings, default_home


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = Settings.from_environment({})

    assert settings == Settings(home=default_home())
    assert settings.home.is_absolute()
    assert settings.home.name == ".crm-agent"


def test_every_variable_is_read() -> None:
    settings = Settings.from_environment(
        {
            "CRM_AGENT_HOME": "/srv/crm",
            "CRM_AGENT_DATABASE_URL": "postgresql://owner@db:5432/crm",
            "CRM_AGENT_READ_DATABASE_URL": "postgres://owner@replica/crm",
            "CRM_AGENT_MODEL": "offline",
            "CRM_AGENT_EMBEDDER": "openai:text-embedding-3-large@512",
            "CRM_AGENT_TOKEN": "token",
            "CRM_AGENT_ROLE_PREFIX": "acme_",
            "CRM_AGENT_SEAL_KEY": "key",
            "CRM_AGENT_SEALS": "/srv/seals",
            "CRM_AGENT_LOG": "DEBUG",
        }
    )

    assert settings == Settings(
        home=Path("/srv/crm"),
        database_url="postgresql://owner@db:5432/crm",
        read_database_url="postgres://owner@replica/crm",
        model="offline",
        embedder="openai:text-embedding-3-large@512",
        token="token",
        role_prefix="acme_",
        seal_key="key",
        seals=Path("/srv/seals"),
        log="debug",
    )


def test_an_empty_variable_counts_as_absent() -> None:
    assert Settings.from_environment({"CRM_AGENT_MODEL": "", "CRM_AGENT_LOG": " "}) == Settings.from_environment({})


def test_a_relative_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert Settings.from_environment({"CRM_AGENT_HOME": "data"}).home == tmp_path / "data"


def test_secrets_are_not_shown() -> None:
    settings = Settings.from_environment(
        {
            "CRM_AGENT_DATABASE_URL": "postgresql://owner:hidden@db/crm",
            "CRM_AGENT_READ_DATABASE_URL": "postgresql://owner:hidden@db/crm",
            "CRM_AGENT_TOKEN": "hidden",
            "CRM_AGENT_SEAL_KEY": "hidden",
        }
    )

    assert "hidden" not in repr(settings)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CRM_AGENT_DATABASE_URL", "mysql://owner@db/crm"),
        ("CRM_AGENT_READ_DATABASE_URL", "host=db"),
        ("CRM_AGENT_ROLE_PREFIX", 'x"; DROP ROLE'),
        ("CRM_AGENT_ROLE_PREFIX", "x" * 41),
        ("CRM_AGENT_LOG", "loud"),
        ("CRM_AGENT_HOME", "~no-such-user-here/crm"),
        ("CRM_AGENT_HOME", "a\0b"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(variable: str, value: str) -> None:
    with pytest.raises(CrmError, match=variable) as caught:
        Settings.from_environment({variable: value})

    assert caught.value.kind == "setup"
