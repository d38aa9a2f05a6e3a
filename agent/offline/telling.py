"""How a request was understood, in one line for the person and the audit log."""

from agent.offline.form import (
    Analysis,
    AsOf,
    Behind,
    Choose,
    Command,
    Create,
    Decide,
    Delete,
    Each,
    Fields,
    Growth,
    Happened,
    Help,
    LastTalk,
    ListOf,
    Look,
    Meaning,
    Mention,
    Merge,
    More,
    Puzzled,
    Refine,
    Reshape,
    Restore,
    Scalar,
    SearchFor,
    Several,
    Shift,
    Tag,
    Those,
    Undo,
    Update,
)
from agent.offline.phrasing import article, joined, title_of
from agent.offline.situation import Situation
from schema.customs import PREFIX
from schema.kinds import KINDS

_QUIET = ("occurred_at", "kind", "assignee_id", "about_id", "body", "subject", "direction", "whose")


def understood_line(meaning: Meaning, situation: Situation | None = None) -> str:
    """ "Understood: log a call with Maria Lopez; task “Send it”, due 2026-11-26"; the situation knows a tenant's labels."""
    if isinstance(meaning, Puzzled):
        return f"Understood in part: {meaning.understood}; {meaning.why}" if meaning.understood else "Not understood."
    return "Understood: " + "; ".join(_told(command, situation) for command in meaning)


def _told(command: Command, situation: Situation | None) -> str:
    match command:
        case Look():
            wanted = joined([title_of(name, situation) for name in command.wanted])
            return f"show {f'{wanted} of ' if wanted else ''}{_name(command.mention)}"
        case LastTalk():
            return f"last {command.kind or 'interaction'} with {_name(command.mention)}"
        case ListOf():
            told = [condition.said for condition in command.conditions if condition.said]
            return (
                f"{'count' if command.counting else 'list'} {command.noun}"
                + (f" ({', '.join(told)})" if told else "")
                + (f", by {_order(command.order_by, situation)}" if command.order_by else "")
                + (f", first {command.limit}" if command.limit else "")
            )
        case SearchFor():
            return _searched(command)
        case Create():
            return _created(command, situation)
        case Analysis() | Reshape() | Behind() | AsOf():
            return _worked_out(command)
        case Update():
            readings = list(command.by_kind.values())
            told = (
                _fields(readings[0], situation)
                if readings and all(reading == readings[0] for reading in readings)
                else ""
            )
            return f"change {_name(command.mention)}: {told or command.does}"
        case Tag() | Delete() | Several() | Those() | Each() | Merge() | Decide():
            return _changing(command, situation)
        case _:
            return _rarer(command, situation)


def _searched(command: SearchFor) -> str:
    told = [condition.said for condition in command.conditions if condition.said]
    told += [f"with {_name(command.account)}"] if command.account else []
    kinds = [KINDS[kind].plural for kind in command.kinds]
    where = f" in {joined(kinds)}" if kinds and not command.is_like else ""
    what = (
        f"find {joined(kinds, 'or')} like {command.said}" if command.is_like else f"search{where} for “{command.query}”"
    )
    return what + (f" ({', '.join(told)})" if told else "")


def _changing(command: Tag | Delete | Several | Those | Each | Merge | Decide, situation: Situation | None) -> str:
    match command:
        case Tag():
            verb, side = ("remove", "from") if command.remove else ("add", "to")
            return f"{verb} tag {joined(command.tags)} {side} {_name(command.mention)}"
        case Delete():
            return f"delete {_name(command.mention)}"
        case Several():
            told = _fields(command.fields, situation) if command.fields else "delete"
            listed = ", ".join(condition.said for condition in command.what.conditions if condition.said)
            noun = KINDS[command.what.kinds[0]].plural
            return f"change several {noun}{f' ({listed})' if listed else ''}: {told}"
        case Those():
            return f"change all of the list before: {command.does}"
        case Each():
            return "; ".join(_told(each, situation) for each in command.commands)
        case Merge():
            return f"merge {_merged(command)}"
        case Decide():
            return f"{'approve' if command.is_yes else 'reject'} what waits"


_HOWS = {
    "count": "count", "missing": "count", "sum": "add up", "most": "largest", "least": "smallest", "rate": "win rate",
    "weighted": "weighted forecast",
}  # fmt: skip


def _worked_out(command: Analysis | Reshape | Behind | AsOf) -> str:
    match command:
        case Analysis():
            first = command.measures[0]
            told = joined([c.said for c in command.of.conditions if c.said])
            column = f" {title_of(first.column)} of" if first.column else " of" if first.how == "rate" else ""
            part = " against ".join(
                joined([c.said for c in each if c.said]) for each in (command.part, command.against) if each
            )
            return (
                f"{_HOWS.get(first.how, first.how)}{f' of {part}, among' if part else column} {command.of.noun}"
                + (f" ({told})" if told else "")
                + (f", by {joined([name.replace('_', ' ') for name in command.groups])}" if command.groups else "")
                + (f", comparing {joined([each.said for each in command.periods])}" if command.periods else "")
                + (f", {command.ranked} first" if command.ranked else "")
                + (f", {command.limit} of them" if command.limit else "")
            )
        case Reshape():
            return f"the numbers before, {command.said}"
        case Behind():
            return "the records behind the number before"
        case AsOf():
            return f"{_name(command.mention)} as of {command.said}"


def _order(order_by: str, situation: Situation | None) -> str:
    column, _, direction = order_by.partition(" ")
    return f"{title_of(column, situation)} {direction}".rstrip() if column.startswith(PREFIX) else order_by


def _rarer(command: Happened | Refine | More | Restore | Undo | Help | Choose, situation: Situation | None) -> str:
    match command:
        case Happened():
            what = "changes of" if command.only_changes else "what happened with"
            return f"{what} {_name(command.mention)}" + (f" ({command.said})" if command.said else "")
        case Refine():
            return f"the list before, {command.said}"
        case More():
            return "the next page of the list before"
        case Restore():
            return f"restore {_name(command.mention)}"
        case Undo(is_merge=True):
            return "take back a merge"
        case Undo():
            return (
                f"take back {'run' if command.is_run else 'change'} {command.target}"
                if command.target
                else "take back the last change"
            )
        case Help():
            return "what can be asked"
        case Choose():
            return f"{_told(command.commands[0], situation)} (one of {len(command.commands)} readings)"


def _merged(command: Merge) -> str:
    others = joined([_name(mention) for mention in command.others])
    named = f"every {_name(command.same)}" if command.same else others
    return f"{named} into {_name(command.keep)}" if command.keep else named


def _created(command: Create, situation: Situation | None) -> str:
    fields = dict(command.fields)
    if command.kind == "interaction":
        people = joined([_name(mention) for mention in command.participants])
        noun = {"email": "e-mail"}.get(str(fields["kind"]), str(fields["kind"]))
        return f"log {article(noun)} with {people}"
    label = KINDS[command.kind].label_field
    named = ("title", "name") if command.kind == "task" else ("full_name", "name", label)
    name = next((fields.pop(column) for column in named if fields.get(column)), None) or fields.get("body")
    told = _fields({key: value for key, value in fields.items() if key not in _QUIET}, situation)
    return f"create {article(command.kind)}" + (f" “{_value(name)}”" if name else "") + (f" ({told})" if told else "")


def _fields(fields: Fields, situation: Situation | None) -> str:
    return ", ".join(f"{title_of(name, situation)} {_value(value)}" for name, value in fields.items())


def _value(value: Scalar | Mention | None) -> str:
    if isinstance(value, Mention):
        return _name(value)
    if isinstance(value, Shift):
        count, unit = (value.days, "day") if value.days else (value.months, "month")
        return f"{'+' if count > 0 else ''}{count} {unit}{'' if abs(count) == 1 else 's'}"
    if isinstance(value, Growth):
        return f"{value.percent:+f}%" if value.percent else f"{value.amount:+f} {value.currency}".rstrip()
    return ", ".join(value) if isinstance(value, list) else str(value)


def _name(mention: Mention) -> str:
    return f"{mention.text} at {mention.at.text}" if mention.at and mention.refers == "name" else mention.text
