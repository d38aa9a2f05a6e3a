"""Which model plans a run: `offline`, OpenAI's, an OpenAI-compatible server's, or any other that pydantic-ai names."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any, cast

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model, infer_model

from agent.offline.situation import Situation
from schema.errors import CrmError

OFFLINE = "offline"
DEFAULT_OPENAI = "openai:gpt-5.4-mini"
_OPENAI_PREFIXES = ("openai:", "openai-chat:", "openai-responses:")
_COMPATIBLE_PREFIX = "openai-compatible:"
_NAME_AT_URL = re.compile(r"(?P<name>.+)@(?P<url>https?://\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ModelChoice:
    name: str
    """What the run, the audit log and every face call it: `offline`, `openai:gpt-…`, `openai-compatible:NAME@URL`."""
    build: Callable[[Situation], Model[Any]]
    """Makes the model. The client it holds belongs to one event loop, so each run builds its own.

    Raises CrmError (setup) when the provider needs a key or a package that is not there."""

    @property
    def is_offline(self) -> bool:
        return self.name == OFFLINE


def choose_model(wanted: str | None, environment: Mapping[str, str] = os.environ) -> ModelChoice:
    """The model that `wanted` (`--model`) names, else `CRM_AGENT_MODEL`, else OpenAI's if there is a key, else offline.

    Raises CrmError (setup) in one sentence for a name that nobody knows and for a missing key.
    """
    has_key = bool(environment.get("OPENAI_API_KEY", "").strip())
    asked = (wanted or "").strip() or environment.get("CRM_AGENT_MODEL", "").strip()
    name = asked or (DEFAULT_OPENAI if has_key else OFFLINE)
    if name.lower() == OFFLINE:
        return ModelChoice(OFFLINE, _maker("agent.offline:OfflineModel"))
    if name.startswith(_COMPATIBLE_PREFIX):
        return _compatible(name, environment)
    if name.startswith(_OPENAI_PREFIXES):
        return _openai(name, environment)
    if ":" not in name:
        raise CrmError(
            "setup",
            f"The model {name!r} is not known; use offline, openai:NAME, openai-compatible:NAME@URL or PROVIDER:NAME.",
        )
    return ModelChoice(name, lambda _: _other(name))


def _openai(name: str, environment: Mapping[str, str]) -> ModelChoice:
    # A base URL of one's own may need no key: pydantic-ai and openai then send a placeholder.
    if not environment.get("OPENAI_API_KEY", "").strip() and not environment.get("OPENAI_BASE_URL", "").strip():
        raise CrmError("setup", f"The model {name} needs a key: set OPENAI_API_KEY, or use the model offline.")
    prefix, _, model = name.partition(":")
    if not model.strip():
        raise CrmError("setup", f"The model {name!r} has no name after the colon; {DEFAULT_OPENAI} is one that works.")
    make = _maker("agent.providers:openai_chat" if prefix == "openai-chat" else "agent.providers:openai_responses")
    return ModelChoice(name, lambda _: make(model))


def _compatible(name: str, environment: Mapping[str, str]) -> ModelChoice:
    match = _NAME_AT_URL.fullmatch(name.removeprefix(_COMPATIBLE_PREFIX))
    if match is None:
        raise CrmError(
            "setup",
            f"The model {name!r} must read openai-compatible:NAME@URL, as in "
            "openai-compatible:llama3.3@http://127.0.0.1:11434/v1.",
        )
    model, url = match["name"], match["url"]
    if "@" in url:
        raise CrmError("setup", "The model's URL holds a user or a password; put the key into OPENAI_API_KEY instead.")
    if re.fullmatch(r"https?://[^/?#]+/?", url, re.IGNORECASE):
        url = f"{url.rstrip('/')}/v1"
    make = _maker("agent.providers:openai_compatible")
    key = environment.get("OPENAI_API_KEY", "").strip() or None
    return ModelChoice(f"{_COMPATIBLE_PREFIX}{model}@{url}", lambda _: make(model, url, key))


def _other(name: str) -> Model[Any]:
    try:
        return infer_model(name)
    except ImportError:
        provider = name.partition(":")[0]
        raise CrmError(
            "setup",
            f"The model {name} needs a package that is not installed: pip install 'pydantic-ai-slim[{provider}]'.",
        ) from None
    except (UserError, ValueError) as error:
        raise CrmError("setup", f"The model {name} cannot be used: {_first_sentence(str(error))}") from None


def _first_sentence(text: str) -> str:
    sentence = re.split(r"(?<=[.!?])\s|\n", text.strip(), maxsplit=1)[0]
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _maker(path: str) -> Callable[..., Model[Any]]:
    """What `path` names, imported when it is first called.

    The one import by path in this layer: `openai` takes a third of a second and 30 MB that `offline` never needs, and
    the planner brings vocabularies that no other model needs.
    """

    def make(*args: Any) -> Model[Any]:
        return cast("Callable[..., Model[Any]]", resolve_name(path))(*args)

    return make
