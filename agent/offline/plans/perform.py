"""The whole plan of a request: its commands one after another, and the ending they come to."""

from dataclasses import replace

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
    SearchFor,
    Several,
    Tag,
    Those,
    Undo,
    Update,
)  # fmt: skip
from agent.offline.plans import analytics, as_of, bulk, creates, lists, merging, reads, searching, talks, writes
from agent.offline.plans.resolve import Cancelled, Desk, read_choice
from agent.offline.plans.steps import Ask, CallFailed, Decline, Ended, Ending, Plan, Say

CAN = (
    "look up records (who is Maria Lopez; Jan Novak's phone number), "
    "list and count them (open deals over 50k closing this month; how many tasks are overdue), "
    "work out numbers (win rate by owner this year; top 5 accounts by revenue; forecast for this quarter; compare Q2 and Q3), "
    "find what texts say (search for onboarding problems; customers who complained about billing; deals like the Acme renewal), "
    "log calls, e-mails, meetings and chats (log a call with Maria Lopez: she wants the proposal), "
    "create records, tasks and notes (remind me to call Ben on Friday; add a note to Acme: …), "
    "change fields and stages (move the Acme renewal to negotiation; set its amount to 60k), tag, "
    "change many at once (assign all of Lena's open tasks to me), merge duplicates, delete, restore and undo"
)


def perform(desk: Desk, meaning: Meaning) -> Plan[Ending]:
    """Carries out what was understood. Nothing is begun when any part was not."""
    if isinstance(meaning, Puzzled):
        return Decline(not_understood(meaning))
    told: list[str] = []
    for command, before in zip(meaning, (None, *meaning), strict=False):
        try:
            said = yield from _one(desk, _linked(command, before))
        except Cancelled:
            said = Say("All right, nothing was changed.")
        except Ended as ended:
            if isinstance(ended.ending, Decline) and not told:
                return ended.ending
            said = Say(ended.ending.text if isinstance(ended.ending, Say) else ended.ending.why)
            return Say("\n\n".join([*told, said.text]))
        except CallFailed as failed:
            if ending := _undecided(str(failed)):
                return Say("\n\n".join([*told, ending]))
            if not told:
                return Decline(str(failed))
            return Say("\n\n".join([*told, f"The rest was not done: {failed}"]))
        told.append(said.text)
    return Say("\n\n".join(told))


def _undecided(failure: str) -> str:
    """What to say when a person declined the change or let its time run out, as `tools.approvals` words it; else empty."""
    if " rejected this change" in failure:
        return f"{failure.rstrip('.')}. Nothing was changed."
    return failure if failure.startswith("Nobody decided in time") else ""


def _linked(command: Command, before: Command | None) -> Command:
    """A task asked for in one breath with an interaction is about the same person, unless it says otherwise."""
    if not (isinstance(command, Create) and isinstance(before, Create) and before.kind == "interaction"):
        return command
    if command.kind != "task" or command.fields.get("about_id") or command.fields.get("whose"):
        return command
    spoken_with = Mention("them", ("contact", "individual", "account"), "focus", is_hint=True)
    return replace(command, fields={**command.fields, "about_id": spoken_with})


def not_understood(puzzled: Puzzled) -> str:
    """What was understood, what was not, and what can be asked."""
    understood = f"I understood {puzzled.understood}. " if puzzled.understood else ""
    why = puzzled.why or "I did not understand that (I read English only)."
    return f"{understood}{why}" if puzzled.understood or puzzled.why else f"{why} I can {CAN}."


def _one(desk: Desk, command: Command) -> Plan[Say]:
    match command:
        case Look():
            return (yield from reads.look(desk, command))
        case LastTalk():
            return (yield from talks.last_talk(desk, command))
        case ListOf():
            return (yield from lists.list_of(desk, command))
        case SearchFor():
            return (yield from searching.search_for(desk, command))
        case Create():
            return (yield from creates.create(desk, command))
        case Update():
            return (yield from writes.update(desk, command))
        case Analysis() | Reshape() | Behind() | AsOf():
            return (yield from _worked_out(desk, command))
        case Tag():
            return (yield from writes.tag(desk, command))
        case Several() | Those() | Each() | Merge() | Decide():
            return (yield from _of_many(desk, command))
        case _:
            return (yield from _rarer(desk, command))


def _of_many(desk: Desk, command: Several | Those | Each | Merge | Decide) -> Plan[Say]:
    match command:
        case Those():
            return (yield from bulk.those(desk, command))
        case Several():
            return (yield from bulk.several(desk, command))
        case Each():
            return (yield from bulk.each(desk, command))
        case Merge():
            return (yield from merging.merge(desk, command))
        case Decide():
            return (yield from _decide(desk, command))


def _worked_out(desk: Desk, command: Analysis | Reshape | Behind | AsOf) -> Plan[Say]:
    match command:
        case Analysis():
            return (yield from analytics.analyse(desk, command))
        case Reshape():
            return (yield from analytics.reshaped(desk, command))
        case Behind():
            return (yield from analytics.behind(desk))
        case AsOf():
            return (yield from as_of.as_of(desk, command))


def _rarer(desk: Desk, command: Happened | Refine | More | Delete | Restore | Undo | Help | Choose) -> Plan[Say]:
    match command:
        case Happened():
            return (yield from talks.happened(desk, command))
        case Refine():
            before = analytics.analysis_before(desk)
            refined = analytics.refined(desk, command, before) if before else lists.refined(desk, command)
            return (yield from refined)
        case More():
            return (yield from lists.more(desk))
        case Delete():
            return (yield from writes.delete(desk, command))
        case Restore():
            return (yield from writes.restore(desk, command))
        case Undo():
            return (yield from writes.undo(desk, command))
        case Help():
            return Say(f"Ask in your own words. I can {CAN}.")
        case Choose():
            index: int = yield Ask(command.question, command.options, read_choice(command.options))
            if index < 0:
                raise Cancelled
            return (yield from _one(desk, command.commands[index]))


def _decide(desk: Desk, command: Decide) -> Plan[Say]:
    """Says where decisions are made: whatever is typed to a model opens nothing."""
    yield from ()
    verb = "approve" if command.is_yes else "reject"
    if not desk.memory.waits:
        raise Ended(
            Decline("Nothing of this conversation waits for a decision; crm-agent approvals list shows what does.")
        )
    raise Ended(
        Decline(
            f"That is yours to decide, and not by writing it here: use the button under the change, or "
            f"crm-agent approvals {verb} ID (crm-agent approvals list shows the id). Nothing has been changed yet."
        )
    )
