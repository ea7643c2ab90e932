"""Somebody named in a comment: suggested behind the @, by keyboard and finger, in the card and on the claim's page."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Comment, Mention
from annotations.services.claims import Opinion, tag
from annotations.services.settings import set_member
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_reader_claims import saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def claim(desk, ana, ben, edith, person, place) -> int:
    lima = set_member(desk, person("lima@desk.example"), "reviewer").user
    lima.display_name = "Ana Lima"
    lima.save()
    return tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id


@pytest.fixture
def opened(new_page, live_server, sign_in, ben, article, claim):
    """opened(): ben's reader, the caret in a new comment on ana's claim."""

    def reader(**options) -> Page:
        page = sign_in(new_page(**options), ben)
        page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={claim}")
        page.wait_for_load_state("networkidle")
        page.locator("#comments > summary").click()
        page.get_by_label("Add a comment").focus()
        return page

    return reader


def listed(page: Page, *names: str) -> None:
    expect(page.locator("#named [role=option] > [dir]")).to_have_text(list(names))


def test_by_keyboard_in_the_card(opened, ana):
    page = opened()
    box = page.get_by_label("Add a comment")
    page.keyboard.type("Which register, @an")
    listed(page, "Ana", "Ana Lima")
    expect(page.locator("body > [role=status]")).to_have_text("2 people. Arrow down to choose.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#named")).to_have_count(0)
    expect(box).to_have_value("Which register, @ana ")
    page.keyboard.type("or @nobody-here")
    expect(page.locator("#named")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    saved(page, "comment")
    assert Comment.objects.current().get().text == "Which register, @ana or @nobody-here"
    assert Mention.objects.current().get().person == ana


def test_a_name_is_quoted_where_its_username_would_not_do(opened):
    page = opened()
    page.keyboard.type("@lim")
    listed(page, "Ana Lima")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Add a comment")).to_have_value('@"Ana Lima" ')
    expect(page.get_by_label("Add a comment")).to_be_focused()
    page.keyboard.press("Control+Enter")
    saved(page, "comment")
    assert Mention.objects.current().get().person.username == "lima@desk.example"


def test_escape_puts_it_away_and_the_form_stays(opened):
    page = opened()
    page.keyboard.type("@e")
    listed(page, "Edith")
    page.keyboard.press("Escape")
    expect(page.locator("#named")).to_have_count(0)
    expect(page.get_by_label("Add a comment")).to_be_focused()
    page.keyboard.press("Enter")  # none is chosen: a new line
    page.keyboard.type("mail me@e")
    page.wait_for_timeout(400)
    expect(page.locator("#named")).to_have_count(0)
    expect(page.get_by_label("Add a comment")).to_have_value("@e\nmail me@e")


def test_on_the_claims_own_page(page, live_server, sign_in, ben, ana, claim):
    sign_in(page, ben).goto(f"{live_server.url}/c/desk/claims/{claim}/")
    page.locator("#comments > summary").click()
    page.get_by_label("Add a comment").focus()
    page.keyboard.type("@ana")
    listed(page, "Ana", "Ana Lima")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("please")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comment .text")).to_have_text("@ana please")
    assert Mention.objects.current().get().person == ana


def test_by_finger(opened, ana, well_placed):
    page = opened(viewport=PHONE, has_touch=True, is_mobile=True)
    page.get_by_label("Add a comment").tap()
    page.keyboard.insert_text("@an")
    listed(page, "Ana", "Ana Lima")
    well_placed(page, "mentions-phone")
    assert page.locator("#named [role=option]").first.bounding_box()["height"] >= 44
    page.locator("#named [role=option]").first.tap()
    expect(page.get_by_label("Add a comment")).to_have_value("@ana ")
    expect(page.get_by_label("Add a comment")).to_be_focused()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_looks_right(opened, axe, shot, size):
    page = opened(viewport=size)
    page.keyboard.type("@an")
    listed(page, "Ana", "Ana Lima")
    page.keyboard.press("ArrowDown")
    shot(page, f"mentions-{size['width']}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_hint_says_how(new_page, live_server, sign_in, ben, ana, claim):
    page = sign_in(new_page(java_script_enabled=False), ben)
    page.goto(f"{live_server.url}/c/desk/claims/{claim}/")
    page.locator("#comments > summary").click()
    expect(page.locator("#comments")).to_contain_text('@username, or @"their name", asks somebody to answer.')
    page.get_by_label("Add a comment").fill("@ana, why?")
    page.locator("#comments").get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".comment .text")).to_have_text("@ana, why?")
    assert Mention.objects.current().get().person == ana
