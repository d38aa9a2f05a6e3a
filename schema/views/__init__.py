"""The public shape of the data: what a model's SQL, the tests and the documentation see, and nothing else."""

from collections.abc import Mapping

from schema.views import intelligence, leads, parties, tenancy, work
from schema.views.definition import Column, View

VIEWS: Mapping[str, View] = {
    view.name: view for module in (tenancy, parties, leads, work, intelligence) for view in module.VIEWS
}


def statements() -> list[str]:
    """Drops and makes every view again, and the materialised one they need."""
    return [
        "DROP SCHEMA IF EXISTS crm_read CASCADE",
        "CREATE SCHEMA crm_read",
        "DROP MATERIALIZED VIEW IF EXISTS crm.sales_facts",
        intelligence.MATERIALIZED_VIEW,
        "CREATE UNIQUE INDEX uq_sales_facts ON crm.sales_facts (tenant_id, opportunity_id)",
        *(statement for view in VIEWS.values() for statement in view.statements()),
    ]


__all__ = ["VIEWS", "Column", "View", "statements"]
