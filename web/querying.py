"""`POST /api/v1/sql`: a question in SQL, answered by the reader."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from guardrails.limits import SQL_LIMITS
from tools.execute import execute
from tools.sql.answer import as_sql_answer
from web.caller import Caller
from web.problems import PROBLEM_RESPONSES

router = APIRouter(tags=["sql"], responses=PROBLEM_RESPONSES)


class SqlBody(BaseModel):
    """One query."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    sql: str
    """One SELECT over the views."""
    limit: int = Field(default=SQL_LIMITS.rows, ge=1, le=SQL_LIMITS.most_rows)
    """Rows returned; total counts them all."""


@router.post("/sql", summary="Answer one SELECT over the views")
def query(body: SqlBody, caller: Caller) -> dict[str, Any]:
    """The rows, or `accepted: false` with the rule that refused and what to write instead. The same guard, role and limits
    as for a model."""
    return as_sql_answer(execute(caller, "query_sql", {"sql": body.sql, "limit": body.limit}))
