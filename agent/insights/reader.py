"""A model that reads interactions: one request a text, several at once, sensitive values as placeholders."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from uuid import UUID

import structlog
from pydantic_ai import Agent, UsageLimits
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings

from agent.failures import explain
from agent.insights.output import Inferred, claims_in
from agent.models import ModelChoice
from agent.offline.situation import Situation
from guardrails.limits import RunLimits
from retrieval.embedders.placeholders import with_placeholders
from retrieval.insights.claim import Maker, Reading, Talk
from schema.errors import CrmError

log = structlog.get_logger(__name__)

AT_ONCE = 4
"""Requests under way together."""
LONGEST = 20_000
"""Characters of a text that a model is shown."""
LIMITS = RunLimits(requests=3, tool_calls=3, total_tokens=60_000, seconds=90, attempts=2)
_REVISION = "1"
_AGENT: Agent[None, Inferred] = Agent(name="insights", output_type=Inferred)
_NOBODY = Situation(datetime(2000, 1, 1, tzinfo=UTC), "UTC", "EUR", 1, "", "", "")
"""Only the offline planner asks who wants to know, and it infers nothing."""


@cache
def instructions() -> str:
    return (files("agent") / "insights" / "instructions.md").read_text(encoding="utf-8").strip()


@cache
def prompt_version() -> str:
    """Changes with every word of the instructions and of what may be answered, so that older insights are made anew."""
    told = instructions() + repr(Inferred.model_json_schema())
    return f"{_REVISION}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"


class ModelReader:
    """Reads with the model of a choice; a text that cannot be read now is left for another time."""

    def __init__(self, choice: ModelChoice) -> None:
        self._choice = choice
        self.maker = Maker(choice.name, None, prompt_version())

    def read(self, talks: Sequence[Talk], rejected: Mapping[UUID, Sequence[str]]) -> Sequence[Reading | None]:
        """Raises CrmError when not one of the texts could be read, or none can be: a wrong key, an unknown model."""
        return asyncio.run(self._read(talks, rejected))

    async def _read(self, talks: Sequence[Talk], rejected: Mapping[UUID, Sequence[str]]) -> list[Reading | None]:
        turns = asyncio.Semaphore(AT_ONCE)
        model = self._choice.build(_NOBODY)

        async def read_one(talk: Talk) -> Reading | CrmError:
            async with turns:
                return await self._read_one(model, talk, rejected.get(talk.record_id, ()))

        async with model:
            results = await asyncio.gather(*(read_one(talk) for talk in talks))
        failures = [each for each in results if isinstance(each, CrmError)]
        hopeless = next((each for each in failures if each.kind == "setup"), None)
        if hopeless or (failures and len(failures) == len(results)):
            raise hopeless or failures[0]
        return [None if isinstance(each, CrmError) else each for each in results]

    async def _read_one(self, model: Model, talk: Talk, rejected: Sequence[str]) -> Reading | CrmError:
        try:
            result = await _AGENT.run(
                request_of(talk, rejected),
                instructions=instructions(),
                model=model,
                model_settings=ModelSettings(max_retries=2, timeout=LIMITS.seconds),
                usage_limits=UsageLimits(request_limit=LIMITS.requests, total_tokens_limit=LIMITS.total_tokens),
                timeout=LIMITS.seconds,
                retries={"output": LIMITS.attempts},
            )
        except Exception as error:  # noqa: BLE001  whatever it is, it is told in a sentence, and the next text is tried
            failure = explain(error, self.maker.model, LIMITS)
            log.warning("insight_not_read", record_id=str(talk.record_id), kind=failure.kind)
            return CrmError("setup" if failure.kind == "setup" else "unavailable", failure.sentence)
        return Reading(claims_in(result.output, talk), result.response.model_name)


def request_of(talk: Talk, rejected: Sequence[str]) -> str:
    """What the model is asked about one interaction."""
    said = f"An interaction: {talk.kind}, {talk.direction}, on {talk.day}."
    nos = "".join(f"\n- {with_placeholders(each)}" for each in rejected)
    known = f"\nA person has rejected:{nos}" if nos else ""
    text = with_placeholders(f"{talk.subject}\n\n{talk.body}".strip()[:LONGEST])
    return f"{said}{known}\n\nIts text:\n<text>\n{text}\n</text>"
