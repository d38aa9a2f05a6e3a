"""`/healthz` and `/readyz`: whether the process lives, and whether it can serve."""

from fastapi import APIRouter

from web.caller import Served
from web.problems import PROBLEM_RESPONSES

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Whether the process lives")
async def healthz() -> dict[str, str]:
    """Answers as long as the process does; looks at nothing else."""
    return {"status": "ok"}


@router.get("/readyz", summary="Whether requests can be served", responses=PROBLEM_RESPONSES)
def readyz(service: Served) -> dict[str, str]:
    """503 while the database cannot be reached, or has not been migrated."""
    service.db.password_hash("nobody@readyz.invalid")
    with service.db.across_tenants() as session:
        session.scalar("SELECT count(*) FROM crm.tenants")
    return {"status": "ready", "model": service.model.name}
