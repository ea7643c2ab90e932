"""A decision in the reader, by keyboard, in a real browser."""

import pytest
from playwright.sync_api import expect

from annotations.models import Ruling
from annotations.services.claims import Opinion, tag
from annotations.services.rulings import rule
from tests.browser.conftest import PHONE
from tests.browser.test_reader_claims import press, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def contested(desk, ana, ben, place):
    span = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id
    tag(desk, author=ben, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    return span


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_an_editor_decides_in_the_reader(
    new_page, live_server, sign_in, edith, article, contested, axe, shot, viewport
):
    page = sign_in(new_page(**({"viewport": viewport} if viewport else {})), edith)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={contested}")
    expect(page.locator("#article")).to_be_focused()
    page.locator("#decide summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    while page.evaluate("document.activeElement.name") != "rationale":
        page.keyboard.press("Tab")
    page.keyboard.type("It is 30.")
    shot(page, f"decide-{viewport['width'] if viewport else 1280}")
    page.keyboard.press("Control+Enter")
    saved(page, f"Claim {contested} is decided: disputed.")
    ruling = Ruling.objects.current().get()
    assert (ruling.verdict, ruling.rationale) == ("disputed", "It is 30.")
    expect(page.locator("#card .decided")).to_contain_text("It is 30.")
    press(page, "z")
    saved(page, "Undone: decision")
    assert not Ruling.objects.current().exists()
    page.locator("#decide summary").click()
    assert axe(page) == []


def test_keys_for_a_verdict_say_who_decided_and_send_nothing(
    page, live_server, sign_in, desk, edith, article, contested
):
    rule(desk, author=edith, span_id=contested, verdict="disputed", rationale="So.", base=None)
    sign_in(page, edith).goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={contested}")
    expect(page.locator("#article")).to_be_focused()
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    words = "You decided this claim, so it gets no verdict of yours. Change the decision, or withdraw it."
    expect(page.locator("#card .mine")).to_have_text(words)
    press(page, "v")
    expect(page.locator("#toast")).to_have_text(words)
    assert not sent
