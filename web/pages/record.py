"""`/ui/records/{kind}/{id}`: one record, what belongs to it, and what happened."""

from collections.abc import Mapping
from typing import Any

from anyio import to_thread
from nicegui import ui
from starlette.requests import Request

from schema.errors import CrmError
from schema.kinds import KINDS
from schema.telling import is_said_elsewhere
from web.pages.differences import told
from web.pages.frame import framed
from web.pages.markdown import RECORDS
from web.pages.parts import Tag, table
from web.pages.talks import list_talks
from web.pages.visitor import placed
from web.records import call


async def record_page(request: Request, kind: str, record_id: str) -> None:
    """The record as the visitor may see it, or one sentence."""
    visitor = placed(request)
    desk = await visitor.desk()
    talks = await to_thread.run_sync(list_talks, desk)
    problem, found = "", dict[str, Any]()
    try:
        found = await to_thread.run_sync(call, desk, "get_record", {"record_id": record_id})
    except CrmError as error:
        problem = error.message
    if found and found["record"]["kind"] != kind:
        problem, found = f"There is no {kind.replace('_', ' ')} with this id.", {}
    with framed(visitor, talks), Tag("article", classes="record"):
        if problem:
            Tag("p", problem, "problem", role="alert")
        else:
            ui.page_title(f"{found['record']['label']} · crm-agent")
            _show(found)


def _show(found: Mapping[str, Any]) -> None:
    record = found["record"]
    Tag("p", record["kind"].replace("_", " "), "about")
    Tag("h2", record["label"])
    fields: dict[str, Any] = record["fields"]
    shown = {name: value for name, value in fields.items() if value not in (None, "", [], {})}
    names = [name for name in shown if not is_said_elsewhere(name, record["kind"], fields)]
    table(["Field", "Value"], [[name.replace("_", " "), told(shown[name])] for name in names])
    for name, related in found["related"].items():
        _show_related(name, related)
    if found["timeline"]:
        Tag("h3", "Timeline (UTC)")
        with Tag("ul", classes="timeline"):
            for each in found["timeline"]:
                _happened(each)


def _show_related(name: str, related: Any) -> None:
    """What belongs to it, `{"total", "records"}`; what it names, one record; or who took part, a list."""
    whole: dict[str, Any] = {"records": related} if isinstance(related, list) else related
    found: list[dict[str, Any]] = whole.get("records", [whole])
    if not found:
        return
    total: int = whole.get("total", len(found))
    Tag("h3", name.replace("_", " ").capitalize() + (f" ({len(found)} of {total})" if total > len(found) else ""))
    with Tag("ul"):
        for each in found:
            with Tag("li"):
                _link(each)


def _link(record: Mapping[str, Any]) -> None:
    label, kind = record.get("label") or record.get("full_name") or "", record.get("kind")
    if kind in KINDS and record.get("record_id"):
        Tag("a", str(label), href=f"{RECORDS}/{kind}/{record['record_id']}")
    else:
        Tag("span", str(label))
    detail = record.get("detail") or record.get("role")
    if detail:
        Tag("span", f" · {detail}", "about")


def _happened(entry: Mapping[str, Any]) -> None:
    with Tag("li"):
        Tag("span", str(entry["at"])[:16].replace("T", " "), "about")
        Tag("span", f" {entry['type'].replace('_', ' ')} ")
        kind, record_id = entry.get("kind"), entry.get("record_id")
        if kind in KINDS and record_id:
            Tag("a", str(entry["label"]), href=f"{RECORDS}/{kind}/{record_id}")
        else:
            Tag("span", str(entry["label"]))
        if entry["text"]:
            Tag("p", str(entry["text"]))
