"""Names of models: which one is chosen, and what a person is told when it cannot be used."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from pydantic_ai.models import Model

from agent.models import DEFAULT_OPENAI, choose_model
from agent.offline.situation import Situation
from schema.errors import CrmError

SITUATION = Situation(
    now=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    time_zone="Europe/Berlin",
    currency="EUR",
    fiscal_year_start_month=1,
    user_id="019aa000-0000-7000-8000-000000000001",
    user_name="Ada Admin",
    user_email="ada@near.example",
)
KEY = {"OPENAI_API_KEY": "sk-made-up"}


@pytest.mark.parametrize(
    ("wanted", "environment", "name"),
    [
        (None, {}, "offline"),
        ("", {"OPENAI_API_KEY": "  "}, "offline"),
        ("Offline", KEY, "offline"),
        (None, KEY, DEFAULT_OPENAI),
        (None, KEY | {"CRM_AGENT_MODEL": "offline"}, "offline"),
        ("openai:gpt-5.4", KEY | {"CRM_AGENT_MODEL": "offline"}, "openai:gpt-5.4"),
        ("openai:local", {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, "openai:local"),
        ("openai-chat:gpt-5.4", KEY, "openai-chat:gpt-5.4"),
        ("openai-compatible:a/b:c@http://127.0.0.1:8/v2", {}, "openai-compatible:a/b:c@http://127.0.0.1:8/v2"),
        ("openai-compatible:m@x@https://host", {}, "openai-compatible:m@x@https://host/v1"),
        ("openai-compatible:m@https://host/", {}, "openai-compatible:m@https://host/v1"),
        ("anthropic:claude", {}, "anthropic:claude"),
    ],
)
def test_the_flag_wins_over_the_environment_and_a_key_over_nothing(
    wanted: str | None, environment: dict[str, str], name: str
) -> None:
    assert choose_model(wanted, environment).name == name


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("gpt-5", "PROVIDER:NAME"),
        ("openai:gpt-5", "OPENAI_API_KEY"),
        ("openai-compatible:llama", "openai-compatible:NAME@URL"),
        ("openai-compatible:@http://host", "openai-compatible:NAME@URL"),
        ("openai-compatible:m@http://me:secret@host/v1", "OPENAI_API_KEY"),
    ],
)
def test_a_name_that_cannot_be_used_is_told_in_one_sentence(wanted: str, told: str) -> None:
    with pytest.raises(CrmError) as caught:
        choose_model(wanted, {})
    assert caught.value.kind == "setup"
    assert told in caught.value.message
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("wanted", ["nonsense:model", "anthropic:claude-sonnet-4-5"])
def test_a_provider_that_is_unknown_or_not_installed_is_told_when_the_model_is_made(wanted: str) -> None:
    with pytest.raises(CrmError) as caught:
        choose_model(wanted, {}).build(SITUATION)
    assert caught.value.kind == "setup"
    assert wanted in caught.value.message
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("wanted", "made"),
    [
        ("openai:gpt-5.4", "SummarisingModel"),
        ("openai-chat:gpt-5.4", "OpenAIChatModel"),
        ("openai-compatible:m@http://127.0.0.1:1", "OpenAIChatModel"),
    ],
)
def test_each_name_makes_its_kind_of_model(wanted: str, made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-made-up")
    model = choose_model(wanted).build(SITUATION)
    assert isinstance(model, Model)
    assert type(model).__name__ == made


def test_choosing_a_model_imports_no_provider() -> None:
    code = (
        "import sys; from agent.models import choose_model; import agent.loop; choose_model('offline');"
        "choose_model('openai:m', {'OPENAI_API_KEY': 'k'}); assert 'openai' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
