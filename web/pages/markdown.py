"""A model's Markdown as HTML that cannot run, load or lead anywhere but to a record's page."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from schema.kinds import KINDS

RECORDS = "/ui/records"

_RECORD = re.compile(r"crm://(?P<kind>[a-z_]+)/(?P<record_id>[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})")


def as_html(text: str) -> str:
    """The text, with HTML in it shown as it was written."""
    return _parser().render(text)


def settled(text: str) -> int:
    """How many of the first characters make blocks that nothing written after them can change."""
    starts = [token.map[0] for token in _parser().parse(text) if token.level == 0 and token.map and token.nesting >= 0]
    if len(starts) < 2:
        return 0
    return sum(len(line) + 1 for line in text.split("\n")[: starts[-1]])


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    # An image loads without a click: whoever could write one could learn that, and what, somebody reads.
    parser.disable(["image", "html_block", "html_inline", "reference"])
    parser.core.ruler.push("links", _lead_to_records_only)
    parser.add_render_rule("table_open", _wide)
    parser.add_render_rule("table_close", _end_wide)
    return parser


def _lead_to_records_only(state: StateCore) -> None:
    for token in state.tokens:
        # The alignment of a table's cells: the page's policy allows no style attribute.
        token.attrs.pop("style", None)
        if token.children:
            token.children = _safe(token.children)


def _safe(tokens: list[Token]) -> list[Token]:
    """A link to a record leads to its page; of any other, the address is text: a click would tell it what is in it."""
    kept: list[Token] = []
    address: str | None = None
    for token in tokens:
        if token.type == "link_open":
            wanted = str(token.attrGet("href") or "")
            page = _page_of(wanted)
            if page is not None:
                token.attrs = {"href": page}
                kept.append(token)
            else:
                address = wanted
        elif token.type == "link_close" and address is not None:
            if kept and kept[-1].content != address:
                kept.append(Token("text", "", 0, content=f" ({address})"))
            address = None
        else:
            kept.append(token)
    return kept


def _page_of(address: str) -> str | None:
    found = _RECORD.fullmatch(address)
    if found is None or found["kind"] not in KINDS:
        return None
    return f"{RECORDS}/{found['kind']}/{found['record_id'].lower()}"


def _wide(_: RendererHTML, *__: object) -> str:
    """A table wider than a phone scrolls, which a keyboard can do only where it can go."""
    return '<div class="wide" tabindex="0"><table>\n'


def _end_wide(_: RendererHTML, *__: object) -> str:
    return "</table></div>\n"
