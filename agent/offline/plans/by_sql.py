"""Lists that filters alone cannot say: one SELECT finds their ids, and the records are then read as any others."""

from agent.offline.form import AnyOf, Condition, ListOf
from agent.offline.lexicon.axes import view_of
from agent.offline.plans.resolve import Desk
from agent.offline.plans.settle import settled
from agent.offline.plans.steps import Call, Decline, Ended, Plan
from agent.offline.sql.conditions import Unwritable, where

MOST = 200


def needs_sql(listed: ListOf) -> bool:
    """Whether some condition is about either of several, about how many, or about more records than a list names."""
    return any(_needs_sql(condition) for condition in listed.conditions)


def _needs_sql(condition: Condition) -> bool:
    given = condition.value
    if isinstance(given, ListOf):
        is_long = bool(given.linked_by) and given.kinds[0] == "interaction"
        return given.counted is not None or is_long or needs_sql(given)
    return isinstance(given, AnyOf)


def ids_of(desk: Desk, listed: ListOf) -> Plan[tuple[list[str], int]]:
    """The ids of the first records of a list, and how many there are."""
    kind = listed.kinds[0]
    narrowed = yield from settled(desk, listed)
    try:
        conditions = where(kind, narrowed.conditions, desk.situation.own)
    except Unwritable as error:
        raise Ended(Decline(f"I cannot narrow {listed.noun} by that ({error}).")) from None
    order = f" ORDER BY {listed.order_by} NULLS LAST" if listed.order_by else ""
    sql = f"SELECT {kind}_id FROM {view_of(kind)} WHERE {' AND '.join(conditions)}{order}"
    result = yield Call("query_sql", {"sql": sql, "limit": MOST}, f"Find which {listed.noun} they are.")
    return [str(row[0]) for row in result["rows"]], int(result["total"])
