"""Plans that make duplicates one record: which ones, and which of them stays."""

from collections.abc import Mapping, Sequence
from typing import Any

from agent.offline.form import Mention, Merge
from agent.offline.phrasing import joined, link, title_of
from agent.offline.plans.resolve import WHOLE, Cancelled, Desk, option_text, read_choice, resolve
from agent.offline.plans.steps import Ask, Call, Decline, Ended, Plan, Record, Say
from schema.kinds import KINDS

MERGED = ("account", "contact", "opportunity", "organization", "individual", "job", "partnership")
"""Kinds whose records are ever one and the same, in the order in which a name is taken for one."""


def merge(desk: Desk, command: Merge) -> Plan[Say]:
    """Merges the others into the one that stays, which waits for a person; asks which one stays when that was not said."""
    if command.same is not None:
        records = yield from _of_one_name(command.same)
    else:
        records = yield from _named(desk, command)
    keep = yield from _kept(desk, command, records)
    others = [record for record in records if record["record_id"] != keep["record_id"]]
    if not others:
        raise Ended(Decline(f"That is one record already: {link(keep)}. Name the other one."))
    _check_kind(keep, others)
    result = yield Call(
        "merge_records",
        {"keep_id": keep["record_id"], "other_ids": [r["record_id"] for r in others], "reason": desk.reason},
        f"Merge {joined([r['label'] for r in others])} into {keep['label']}.",
    )
    return Say(_told(result))


def _named(desk: Desk, command: Merge) -> Plan[list[Record]]:
    """The records that were named one by one, or shown in the list before; the one to keep last."""
    mentions = [mention for mention in (*command.others, command.keep) if mention]
    if command.others and command.others[0].refers == "focus" and command.others[0].text == "them":
        listed = _listed(desk, command.others[0])
        kinds = (listed[0]["kind"],)
        kept = [(yield from resolve(desk, command.keep, kinds, writing=True))] if command.keep else []
        if kept and kept[0]["record_id"] not in {record["record_id"] for record in listed}:
            raise Ended(Decline(f"{link(kept[0])} is none of the {len(listed)} that were listed."))
        return [*listed, *kept]
    records: list[Record] = []
    for mention in reversed(mentions):
        kinds = mention.kinds or ((records[0]["kind"],) if records else MERGED)
        records.insert(0, (yield from resolve(desk, mention, kinds, writing=True, whole=True)))
    return records


def _listed(desk: Desk, mention: Mention) -> list[Record]:
    listed = [seen for seen in desk.memory.listed if not mention.kinds or seen.kind in mention.kinds]
    if not 2 <= len(listed) <= 10 or len({seen.kind for seen in listed}) > 1:
        raise Ended(Decline("I do not know which records are meant; name them, please."))
    return [
        {"kind": seen.kind, "record_id": seen.record_id, "label": seen.label, "detail": "", **seen.record}
        for seen in listed
    ]


def _of_one_name(mention: Mention) -> Plan[list[Record]]:
    """All records of a kind that go by the name."""
    args: dict[str, Any] = {"query": mention.text, "limit": 10}
    if mention.kinds:
        args["kinds"] = list(mention.kinds)
    result = yield Call("find_records", args, f"Find every “{mention.text}”.")
    found = [record for record in result["records"] if record["kind"] in (mention.kinds or MERGED)]
    whole = [record for record in found if (record.get("score") or 0) >= WHOLE]
    fits = whole if len(whole) > 1 else [r for r in found if mention.text.lower() in r["label"].lower()]
    fits = [record for record in fits if record["kind"] == fits[0]["kind"]]
    if len(fits) < 2:
        one = (
            f"only one record called “{mention.text}”, {link(found[0])}"
            if found
            else f"no record called “{mention.text}”"
        )
        raise Ended(Decline(f"I found {one}. Name both that are to be merged, please."))
    return fits


def _kept(desk: Desk, command: Merge, records: Sequence[Record]) -> Plan[Record]:
    """The record that stays."""
    if command.keep is not None and command.same is None:
        return records[-1]
    if command.keep is not None:
        wanted = yield from resolve(desk, command.keep, (records[0]["kind"],), writing=True)
        return wanted
    if command.keeps_with:
        fits = [record for record in records if record.get("fields", {}).get(command.keeps_with)]
        if len(fits) == 1:
            return fits[0]
    if len({record["record_id"] for record in records}) == 1:
        return records[0]
    options = tuple(option_text(record) for record in records)
    index: int = yield Ask("Which one stays? The others go into it.", options, read_choice(options))
    if index < 0:
        raise Cancelled
    return records[index]


def _check_kind(keep: Record, others: Sequence[Record]) -> None:
    wrong = next((record for record in others if record["kind"] != keep["kind"]), None)
    if wrong:
        raise Ended(
            Decline(
                f"{link(wrong)} is of kind {wrong['kind']} and {link(keep)} of kind {keep['kind']}; these cannot be one."
            )
        )


def _told(result: Mapping[str, Any]) -> str:
    keep: Record = result["record"]
    gone = [str(each["label"]) for each in result["merged"] if each["kind"] == keep["kind"]]
    lines = [f"Merged {joined(gone)} into {link(keep)}."]
    moved = [f"{count} {name if count != 1 else _singular(name)}" for name, count in result["moved"].items() if count]
    if moved:
        lines.append(f"Moved {joined(moved)}.")
    if result["filled"]:
        lines.append(f"Filled {joined([title_of(name) for name in result['filled']])} from what was merged.")
    differing = dict.fromkeys(title_of(str(each["field"])) for each in result["differing"])
    if differing:
        lines.append(f"They differed in {joined(list(differing))}; what the kept one had stays.")
    lines.append("Say “undo that” to take it back.")
    return " ".join(lines)


def _singular(plural: str) -> str:
    return next((kind for kind, told in KINDS.items() if told.plural == plural), plural.removesuffix("s"))
