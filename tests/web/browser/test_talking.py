"""The conversation: what is asked, watched, stopped, left and found again."""

import re

import psycopg
from playwright.sync_api import expect

from tests.web.browser.script import PARAGRAPHS
from tests.web.browser.window import ADMIN, DEAL, LOG, MOVE, QUESTION, Opener, rows_of, stage_of
from tests.web.conftest import Site


def test_the_demo_is_one_click_away_and_says_what_it_is(open_window: Opener) -> None:
    window = open_window()
    expect(window.page.get_by_role("heading", name="This is the demo company")).to_be_visible()
    window.sign_in()

    expect(window.page.get_by_text("Amelie Brandt, admin at Brightwater")).to_be_visible()
    expect(window.page.get_by_text("The model is offline")).to_be_visible()
    expect(window.page.get_by_label(QUESTION)).to_be_focused()


def test_a_change_is_shown_with_before_and_after_and_undone_in_place(open_window: Opener, site: Site) -> None:
    window = open_window()
    window.sign_in()
    article = window.ask(MOVE)
    shown = rows_of(article)
    moved = stage_of(site, DEAL)
    undo = article.get_by_role("button", name="Undo this change")
    undo.click()

    expect(article.locator(".undo").get_by_role("status")).to_have_text("Taken back: 1.")
    expect(undo).to_be_disabled()
    expect(article.locator(".answer")).to_contain_text(DEAL)
    assert shown["stage"] == ("proposal", "negotiation")
    assert (moved, stage_of(site, DEAL)) == ("negotiation", "proposal")


def test_a_tool_call_opens_to_what_was_asked_and_answered(open_window: Opener) -> None:
    window = open_window()
    window.sign_in()
    call = window.ask("who is Maria Lopez").locator("details.call").first
    expect(call.locator("summary")).to_have_text(re.compile(r"find records.*Maria Lopez.*done · \d+ ms"))
    expect(call.locator("dl")).to_be_hidden()
    call.locator("summary").click()

    expect(call.locator("dl")).to_contain_text('"query": "Maria Lopez"')
    expect(call.locator("dl")).to_contain_text('"total"')


def test_a_new_record_is_shown_without_what_says_nothing(open_window: Opener) -> None:
    window = open_window()
    window.sign_in()
    shown = rows_of(window.ask(LOG))

    assert shown["body"] == ("–", "She wants the proposal by Friday")
    assert shown["about label"] == ("–", "Maria Lopez")
    assert {"via agent", "created at", "updated at", "about id", "user id", "interaction id"} & set(shown) == set()


def test_a_list_is_a_table_with_links_to_records(open_window: Opener) -> None:
    window = open_window()
    window.sign_in()
    table = window.ask("open deals over 100k closing this month").get_by_role("table")
    titles = table.locator("thead th").all_inner_texts()
    expect(table.get_by_role("row", name="Matterhorn Insight licence")).to_contain_text("CHF128,000")
    table.get_by_role("link", name="Matterhorn Insight licence").click()

    assert titles[:3] == ["name", "account", "stage"]
    expect(window.page.get_by_role("heading", name="Matterhorn Insight licence")).to_be_visible()
    expect(window.page.get_by_role("row", name="stage")).to_contain_text("negotiation")
    expect(window.page.get_by_role("heading", name="Timeline")).to_be_visible()


def test_a_long_answer_comes_whole(open_window: Opener, scripted_url: str) -> None:
    window = open_window(at=scripted_url)
    window.sign_in()
    article = window.ask("Say a lot")

    assert article.locator(".answer p").count() == PARAGRAPHS
    assert article.locator(".answer strong").count() == PARAGRAPHS
    expect(article.locator(".answer p").last).to_be_in_viewport()


def test_a_conversation_is_found_again_after_a_reload_and_goes_on(open_window: Opener) -> None:
    window = open_window()
    window.sign_in()
    window.ask("add a note to Anna Schmidt: prefers e-mail")
    before = window.page.url
    window.page.reload()
    asked = window.answered()
    expect(asked).to_contain_text("Which “Anna Schmidt” do you mean?")
    chosen = window.ask("2")

    assert "conversation=" in before
    assert window.page.url == before
    assert rows_of(chosen)["body"] == ("–", "Prefers e-mail")
    talks = window.page.get_by_role("navigation", name="Conversations")
    expect(talks.locator("[aria-current=page]")).to_have_attribute("href", re.compile(before.split("?")[1]))
    window.page.get_by_role("link", name="New conversation").click()
    expect(window.page.get_by_role("article")).to_have_count(0)
    expect(talks.locator("[aria-current=page]")).to_have_count(0)
    talks.locator(f"[href*='{before.split('=')[1]}']").click()
    expect(window.page.get_by_role("article")).to_have_count(2)


def test_a_run_still_going_on_is_followed_again_after_a_reload(open_window: Opener, scripted_url: str) -> None:
    window = open_window(at=scripted_url)
    window.sign_in()
    page = window.page
    page.get_by_label(QUESTION).fill("Take your time")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.wait_for_url(re.compile("conversation="))
    page.reload()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    article = window.answered()

    expect(article).to_contain_text("Here I am.")
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def test_stop_before_the_run_has_begun_ends_it_all_the_same(open_window: Opener, scripted_url: str, site: Site) -> None:
    window = open_window(at=scripted_url)
    window.sign_in()
    page = window.page
    with psycopg.connect(site.db.admin_url) as admin:
        admin.execute("LOCK TABLE crm.runs IN EXCLUSIVE MODE")
        page.get_by_label(QUESTION).fill("Take for ever")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Stop").click()
        # Until the click has reached the server; one that came later would be the next test's.
        page.wait_for_timeout(1000)
    expect(window.answered()).to_contain_text("The run was interrupted")


def test_stop_ends_the_run_and_not_the_conversation(open_window: Opener, scripted_url: str, site: Site) -> None:
    window = open_window(at=scripted_url)
    window.sign_in()
    page = window.page
    page.get_by_label(QUESTION).fill("Take forever")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop").click()
    stopped = window.answered()
    expect(stopped).to_contain_text("The run was interrupted")
    with site.db.store(site.db.sign_in(ADMIN)) as session:
        kept = session.rows("SELECT status FROM crm.runs WHERE prompt = 'Take forever'")
    window.ask("Say a lot")

    assert [row["status"] for row in kept] == ["interrupted"]
