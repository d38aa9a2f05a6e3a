"""Conditions without names in them: each mention becomes the id of the record it means, asking where there are several."""

from collections.abc import Sequence
from dataclasses import replace

from agent.offline.form import AnyOf, Condition, ListOf, Mention
from agent.offline.plans.linking import kinds_for, linking
from agent.offline.plans.resolve import Desk, resolve
from agent.offline.plans.steps import Decline, Ended, Plan
from agent.offline.plans.talks import TALKED_WITH
from agent.offline.sql.conditions import PARTICIPANT
from schema.kinds import KINDS

_TEAMS = ("my team", "our team", "the team", "team", "my squad", "my department", "my team's")


def settled(desk: Desk, listed: ListOf) -> Plan[ListOf]:
    """The list with ids in place of names, in the lists within it too."""
    kind = listed.kinds[0]
    conditions: list[Condition] = []
    for condition in listed.conditions:
        one = yield from _settled(desk, kind, condition)
        conditions.append(one)
    return replace(listed, conditions=tuple(conditions))


def _settled(desk: Desk, kind: str, condition: Condition) -> Plan[Condition]:
    given = condition.value
    if isinstance(given, ListOf):
        return replace(condition, value=(yield from settled(desk, given)))
    if isinstance(given, AnyOf):
        groups: list[tuple[Condition, ...]] = []
        for group in given.groups:
            one = yield from settled(desk, ListOf((kind,), "", group))
            groups.append(one.conditions)
        return replace(condition, value=AnyOf(tuple(groups)))
    if not isinstance(given, Mention):
        return condition
    if given.refers == "name" and given.text.lower() in _TEAMS:
        raise Ended(Decline("I cannot narrow by team; name the colleagues, please (deals of Sofia Rossi)."))
    if given.refers == "me" and condition.column != "whose":
        return replace(condition, value=desk.situation.user_id)
    if kind == "interaction" and condition.column in ("about_id", "whose"):
        return (yield from _talked(desk, condition, given))
    record = yield from resolve(desk, given, kinds_for(condition.column, kind))
    column = linking(condition.column, kind, record)
    value = str(record["label"] if column.endswith("_name") else record["record_id"])
    return Condition(column, condition.op, value, _told(condition, given, str(record["label"])))


def _talked(desk: Desk, condition: Condition, given: Mention) -> Plan[Condition]:
    """Interactions with somebody or about something; a colleague's are those that he or she had."""
    kinds = TALKED_WITH if condition.column == "about_id" else (*TALKED_WITH, "user")
    record = yield from resolve(desk, given, kinds)
    said = _told(condition, given, str(record["label"]))
    if record["kind"] == "user":
        return Condition(KINDS["interaction"].owner_field or "user_id", "=", str(record["record_id"]), said)
    if record["kind"] == "account":
        return Condition("account_id", "=", str(record["record_id"]), said)
    if record["kind"] in ("contact", "individual"):
        person = record["fields"].get("individual_id") if record["kind"] == "contact" else record["record_id"]
        return Condition(PARTICIPANT, "=", str(person), said)
    return Condition("about_id", "=", str(record["record_id"]), said)


def _told(condition: Condition, given: Mention, label: str) -> str:
    """ "of Lena" as "of Lena Hoffmann"."""
    return condition.said.replace(given.spoken, label) if given.refers == "name" else condition.said


def names_in(listed: ListOf) -> Sequence[Condition]:
    """Every condition of a list and of the lists within it."""
    return [
        *listed.conditions,
        *(each for c in listed.conditions if isinstance(c.value, ListOf) for each in names_in(c.value)),
    ]
