"""A legal read from the question to the answer, by keyboard and by thumb, in a real browser."""

import pytest
from playwright.sync_api import expect

from annotations.models import LegalRead, Membership
from annotations.services.claims import Opinion, tag
from annotations.services.legal import ask_legal
from tests.browser.conftest import PHONE
from tests.browser.test_reader_claims import press, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def claim(desk, ana, place):
    return tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id


@pytest.fixture
def law(desk, ben):
    Membership.objects.filter(collection=desk, user=ben).update(is_lawyer=True)
    return ben


def test_asked_answered_and_asked_again_by_keyboard(
    new_page, live_server, sign_in, ana, law, article, claim, axe, shot
):
    page = sign_in(new_page(), ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={claim}")
    press(page, "l")
    page.keyboard.type("Is this libel?")
    shot(page, "legal-ask")
    page.keyboard.press("Control+Enter")
    saved(page, f"Claim {claim}: a legal read is asked for.")
    expect(page.locator("#left")).to_contain_text("1 held by legal")
    assert axe(page) == []

    other = sign_in(new_page(), law)
    other.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={claim}")
    press(other, "l")
    other.keyboard.press("Shift+Tab")
    other.keyboard.press("Space")
    other.keyboard.press("Tab")
    other.keyboard.type("Name the owner.")
    shot(other, "legal-answer")
    other.keyboard.press("Control+Enter")
    saved(other, f"Claim {claim}: you object.")
    assert LegalRead.objects.current().get().said == "Name the owner."
    assert axe(other) == []

    page.reload()
    expect(page.locator("#card .legal")).to_contain_text("Ben objected: Name the owner.")
    press(page, "l")
    page.keyboard.type("And now?")
    shot(page, "legal-again")
    page.keyboard.press("Control+Enter")
    saved(page, f"Claim {claim}: a legal read is asked for.")
    press(page, "z")
    saved(page, "Undone: request for a legal read")
    expect(page.locator("#card .legal")).to_contain_text("A lawyer objects")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_of_legal_reads(
    new_page, live_server, sign_in, desk, ana, law, article, claim, axe, shot, width
):
    ask_legal(
        desk, author=ana, span_id=claim, question="Is this libel? The owner has sued before.", base=None
    )
    touch = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if width == 390 else {}
    page = sign_in(new_page(**touch), law)
    page.goto(f"{live_server.url}/c/desk/legal/")
    page.locator("summary", has_text="Answer").click()
    page.get_by_label("Clear it").check()
    page.get_by_label("What you say").fill("Fine as it stands.")
    shot(page, f"legal-list-{width}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("#notices")).to_contain_text(f"Claim {claim} is cleared.")
    expect(page.locator(".empty")).to_be_visible()
    page.get_by_role("link", name="Cleared").click()
    shot(page, f"legal-cleared-{width}")
    page.locator(".legal-reads a").first.click()
    expect(page.locator("#card .legal")).to_contain_text("Cleared by a lawyer")
    shot(page, f"legal-card-{width}")
