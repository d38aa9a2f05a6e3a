"""`POST /api/v1/ask`: one request in plain language."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from agent.loop import ask_async
from web.caller import Caller, Served
from web.problems import PROBLEM_RESPONSES

router = APIRouter(tags=["ask"], responses=PROBLEM_RESPONSES)


class AskBody(BaseModel):
    """What a person asks."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    request: str = Field(validation_alias=AliasChoices("request", "prompt"))
    """The request in plain language; `prompt` is taken for it too."""
    conversation_id: UUID | None = None
    """The conversation it goes on with; a new one otherwise."""


@router.post("/ask", summary="Ask for something in plain language")
async def ask(body: AskBody, caller: Caller, service: Served) -> dict[str, Any]:
    """Runs the request to its end. The result is that of `crm-agent ask --json`; a run that was refused or failed says
    so in its `status`, and the sentence in `answer`."""
    result = await ask_async(caller, body.request, conversation_id=body.conversation_id, model=service.model)
    return result.to_json()
