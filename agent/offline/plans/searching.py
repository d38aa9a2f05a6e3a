"""Plans for what texts say: one search, and the passages it found."""

from agent.offline.form import Condition, Mention, SearchFor
from agent.offline.phrasing import joined, link
from agent.offline.plans.resolve import Desk, resolve
from agent.offline.plans.steps import Call, Decline, Ended, Plan, Record, Say
from schema.kinds import KINDS

SHOWN = 8


def search_for(desk: Desk, command: SearchFor) -> Plan[Say]:
    """The passages that come nearest, best first, each under its record."""
    where = [_filter(desk, condition) for condition in command.conditions]
    if command.account is not None:
        account = yield from resolve(desk, command.account, ("account",))
        where.append(f"account = {account['record_id']}")
    original = (yield from _original(desk, command)) if command.is_like else None
    args = {"query": command.query, "kinds": list(command.kinds), "where": where}
    args |= {"similar_to": original["record_id"] if original else None, "limit": SHOWN}
    told = f"like {original['label']}" if original else f"for “{command.query}”"
    found = yield Call("search", {name: given for name, given in args.items() if given}, f"Search {told}.")
    return Say(_told(command, original, found))


def _filter(desk: Desk, condition: Condition) -> str:
    is_me = isinstance(condition.value, Mention)
    return f"{condition.column} {condition.op} {desk.situation.user_id if is_me else condition.value}"


def _original(desk: Desk, command: SearchFor) -> Plan[Record]:
    """The record that others shall be like."""
    if command.like is not None:
        return (yield from resolve(desk, command.like, command.kinds))
    bounds = command.best_within
    within = [f"closed_at >= {bounds[0]}", f"closed_at < {bounds[1]}"] if bounds else []
    found = yield Call(
        "find_records",
        {
            "kinds": ["opportunity"],
            "where": ["is_won = true", "amount is not null", *within],
            "order_by": "amount desc",
            "limit": 1,
        },
        "Find the biggest win.",
    )
    if not found["records"]:
        raise Ended(Decline("No opportunity was won then, so there is nothing to find the like of."))
    return found["records"][0]


def _told(command: SearchFor, original: Record | None, found: Record) -> str:
    limits = [condition.said for condition in command.conditions if condition.said]
    limits += [f"with {command.account.spoken}"] if command.account else []
    narrowed = f" ({', '.join(limits)})" if limits else ""
    what = f"like {link(original)}" if original else f"that speaks of “{command.query}”"
    notes = [str(note) for note in found["notes"]]
    if not found["results"]:
        noun = joined([KINDS[kind].name for kind in command.kinds], "or") if command.kinds else "record"
        return "\n".join([f"I found no {noun} {what}{narrowed}.", *notes])
    lines = [_line(each) for each in found["results"]]
    more = " There is more; name a period, a kind or an account to see less of the rest." if found["truncated"] else ""
    head = (
        f"What comes nearest{f' to {link(original)}' if original else f' to “{command.query}”'}{narrowed}, best first:"
    )
    return "\n".join([head, *lines, *([more.strip()] if more else []), *notes])


def _line(result: Record) -> str:
    detail = f" ({result['detail']})" if result["detail"] else ""
    snippet = f": {result['snippet']}" if result["snippet"] and result["snippet"] != result["label"] else ""
    return f"- {link(result)}{detail}{snippet}"
