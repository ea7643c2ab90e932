"""A form of a page says that it is on its way, is sent once, and is as it was where one comes back to it."""

import json
import re
import time

import pytest
from playwright.sync_api import expect

from annotations.models import Ruling
from annotations.services.claims import Opinion, tag
from annotations.services.evidence import NewSource, add_evidence

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ACCEPTING = re.compile(r"/claims/accept/")


@pytest.fixture
def opened(page, live_server, sign_in, desk, edith, ana, place):
    span = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None).span_id
    add_evidence(
        desk,
        author=ana,
        span_id=span,
        source=NewSource("web", {"title": "Register", "is_primary": True}),
    )
    sign_in(page, edith)
    page.goto(f"{live_server.url}/c/desk/claims/accept/")
    page.get_by_label("Why", exact=True).fill("Counted by all.")
    return page


WATCHED = """() => {
  const form = document.querySelector("form.accept"), said = [];
  const note = () => {
    const off = form.querySelector("[type=submit]").disabled;
    said.push([form.ariaBusy, off, document.querySelector(".working")?.textContent ?? null]);
    sessionStorage.setItem("said", JSON.stringify(said));
  };
  form.addEventListener("submit", () => {
    setTimeout(() => { note(); form.requestSubmit(); }, 100);
    setTimeout(note, 600);
    setTimeout(() => { dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })); note(); }, 800);
  }, { once: true });
}"""
"""What the form is like 100 ms after it was sent, 600 ms after, and shown again whole, as from the cache of pages."""


def button(page):
    return page.get_by_role("button", name=re.compile("^Accept th"))


def test_it_says_so_is_sent_once_and_shown_again_it_is_as_it_was(opened):
    posts, page = [], opened

    def late(route):
        if route.request.method == "POST":
            posts.append(route.request.url)
            time.sleep(1.5)
        route.continue_()

    page.route(ACCEPTING, late)
    page.evaluate(WATCHED)
    button(page).click()
    expect(page.locator("#notices")).to_contain_text("1 claim accepted")
    said = json.loads(page.evaluate("sessionStorage.getItem('said')"))
    assert said == [["true", True, ""], ["true", True, "Working …"], [None, False, None]]
    assert (len(posts), Ruling.objects.count()) == (1, 1)


def test_what_is_soon_done_says_nothing(opened):
    page = opened
    page.evaluate(
        """() => {
          window.name = "";
          new MutationObserver(() => { if (document.querySelector(".working:not(:empty)")) window.name = "said"; })
            .observe(document.body, { childList: true, subtree: true, characterData: true });
        }"""
    )
    button(page).click()
    expect(page.locator("#notices")).to_contain_text("1 claim accepted")
    assert page.evaluate("window.name") == ""


def test_come_back_to_it_is_as_it_was(opened):
    page = opened
    button(page).click()
    expect(page.locator("#notices")).to_contain_text("1 claim accepted")
    page.go_back()
    expect(page).to_have_url(re.compile("accept/$"))
    expect(page.locator(".working, [aria-busy], button:disabled")).to_have_count(0)


def test_which_button_it_was_is_sent_along(page, live_server, sign_in, edith):
    """Off only behind it: a button that is off is not part of what is sent."""
    sign_in(page, edith)
    page.goto(f"{live_server.url}/account/")
    page.route("**/nowhere/", lambda route: route.fulfill(body=route.request.post_data or ""))
    page.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend",
            '<form method="post" action="/nowhere/"><button name="which" value="b">Second</button></form>');
        }"""
    )
    page.get_by_role("button", name="Second").click()
    expect(page.locator("body")).to_have_text("which=b")
