"""`POST /api/v1/sql`: a question in SQL, answered by the reader."""

import asyncio
from dataclasses import replace
from typing import Any

from anyio import to_thread
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from guardrails.limits import SQL_LIMITS
from schema.cancelling import Cancellation
from tools.execute import execute
from tools.sql.answer import as_sql_answer
from web.caller import Caller
from web.problems import PROBLEM_RESPONSES

LOOKS_EVERY_SECONDS = 0.25
"""How soon a query is stopped whose caller went away."""

router = APIRouter(tags=["sql"], responses=PROBLEM_RESPONSES)


class SqlBody(BaseModel):
    """One query."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    sql: str
    """One SELECT over the views."""
    limit: int = Field(default=SQL_LIMITS.rows, ge=1, le=SQL_LIMITS.most_rows)
    """Rows returned; total counts them all."""


@router.post("/sql", summary="Answer one SELECT over the views")
async def query(body: SqlBody, caller: Caller, request: Request) -> dict[str, Any]:
    """The rows, or `accepted: false` with the rule that refused and what to write instead. The same guard, role and limits
    as for a model. When the caller goes away, the query is stopped."""
    cancellation = Cancellation()
    args = {"sql": body.sql, "limit": body.limit}
    desk = replace(caller, cancellation=cancellation)
    answering = asyncio.ensure_future(to_thread.run_sync(execute, desk, "query_sql", args))
    while not (await asyncio.wait({answering}, timeout=LOOKS_EVERY_SECONDS))[0]:
        if await request.is_disconnected():
            cancellation.cancel()
    return as_sql_answer(await answering)
