"""Proposals in the conversation: only a person decides, and the run goes on from there."""

import pytest
from playwright.sync_api import expect

from tests.web.browser.window import ADMIN, DEAL, Opener, exists
from tests.web.conftest import Site


@pytest.mark.promise("gate:human")
def test_a_person_approves_and_the_run_goes_on(open_window: Opener, site: Site) -> None:
    window = open_window()
    window.sign_in()
    article = window.ask(f"delete {DEAL}")
    proposal = article.locator(".proposal")
    expect(proposal).to_contain_text(f"To decide: delete opportunity {DEAL}")
    there = exists(site, DEAL)
    window.page.reload()
    article = window.answered()
    article.get_by_role("button", name="Approve").click()
    expect(article.locator(".change")).to_contain_text(f"delete opportunity {DEAL}")
    expect(article).to_contain_text("completed · offline")
    gone = not exists(site, DEAL)
    article.get_by_role("button", name="Undo this change").click()
    expect(article.locator(".undo").get_by_role("status")).to_have_text("Taken back: 1.")

    assert (there, gone, exists(site, DEAL)) == (True, True, True)
    assert article.locator("details.call").filter(has_text="delete record").count() == 1


@pytest.mark.promise("gate:human")
def test_a_person_rejects_and_the_model_is_told_why(open_window: Opener, site: Site) -> None:
    window = open_window()
    window.sign_in()
    article = window.ask(f"delete {DEAL}")
    article.get_by_label("Why it is rejected").fill("We still sell to them")
    window.page.keyboard.press("Enter")

    expect(article).to_contain_text("We still sell to them")
    expect(article.locator(".change")).to_have_count(0)
    expect(article.get_by_role("button", name="Approve")).to_have_count(0)
    assert exists(site, DEAL)


def test_a_proposal_decided_elsewhere_says_so(open_window: Opener, site: Site) -> None:
    window = open_window()
    window.sign_in()
    article = window.ask(f"delete {DEAL}")
    with site.client(ADMIN, "*", "approval:write") as admin:
        approval_id = admin.get("/api/v1/approvals").json()["items"][0]["approval_id"]
        assert admin.post(f"/api/v1/approvals/{approval_id}/reject", json={}).status_code == 200
    article.get_by_role("button", name="Approve").click()

    expect(article.locator(".proposal").get_by_role("status")).to_contain_text("was rejected by admin@brightwater")
    assert exists(site, DEAL)
