"""What reviewers agree on, accepted in one go: by keys and by thumb."""

import pytest
from playwright.sync_api import expect

from annotations.models import Ruling
from annotations.services.claims import Opinion, tag
from annotations.services.evidence import NewSource, add_evidence
from tests.browser.fingers import HANDHELD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(new_page, live_server, sign_in, desk, edith, ana, place):
    for quote, must_fix in (("31 bridges", False), ("harbour", False), ("$2 billion", True)):
        opinion = Opinion("verified", must_fix=must_fix)
        span = tag(desk, author=ana, target=place(quote), opinion=opinion, base=None).span_id
        source = NewSource("web", {"title": "Register", "is_primary": True})
        add_evidence(desk, author=ana, span_id=span, source=source)

    def page_of(**options):
        page = sign_in(new_page(**options), edith)
        page.goto(f"{live_server.url}/c/desk/claims/accept/")
        return page

    return page_of


def test_by_keys_and_undone_as_one(opened):
    page = opened()
    expect(page.get_by_role("heading", name="2 claims to accept")).to_be_visible()
    page.get_by_role("checkbox").nth(1).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Why", exact=True)).to_be_focused()
    page.keyboard.type("Counted by all.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("1 claim accepted")
    assert Ruling.objects.current().get().span.quote == "31 bridges"
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Undo all of it").press("Enter")
    expect(page.locator(".notice")).to_contain_text("is undone")
    assert not Ruling.objects.current().exists()


def test_control_and_enter_accept_from_anywhere_once_it_says_why(opened):
    page = opened()
    page.get_by_role("checkbox").first.focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("Why", exact=True)).to_be_focused()
    assert not Ruling.objects.current().exists()
    page.keyboard.type("Counted by all.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notices")).to_contain_text("2 claims accepted")


@pytest.mark.parametrize("handheld", [{}, HANDHELD], ids=["desk", "phone"])
def test_it_fits_and_is_accessible(opened, axe, well_placed, handheld):
    page = opened(**handheld)
    expect(page.get_by_role("heading", name="1 claim left out")).to_be_visible()
    width = "390" if handheld else "1280"
    well_placed(page, f"accept-{width}")
    page.get_by_label("Why", exact=True).fill("Counted by all.")
    page.get_by_role("button", name="Accept these claims").click()
    expect(page.locator("#notices")).to_contain_text("2 claims accepted")
    well_placed(page, f"accepted-{width}")
    assert axe(page) == []
