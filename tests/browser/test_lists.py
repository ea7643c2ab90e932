"""Filters of the lists: htmx fetches what fits while the person chooses; without scripts the form is sent."""

import re

import pytest
from playwright.sync_api import expect

from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, tag
from tests.conftest import blocks_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two_articles(desk, edith, article):
    text = "Ferries sink."
    import_article(desk, author=edith, text=text, details=Details(title="Ferries", blocks=blocks_of(text)))
    return article


def test_the_list_follows_what_is_typed_and_the_field_keeps_the_focus(
    page, live_server, sign_in, ana, two_articles
):
    sign_in(page, ana).goto(f"{live_server.url}/c/desk/articles/")
    expect(page.locator("#results tbody tr")).to_have_count(2)
    page.get_by_label("Search").focus()
    page.keyboard.insert_text(
        "ferries"
    )  # all at once: after a pause between two letters there would be one more to go back
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.get_by_label("Search")).to_be_focused()
    expect(page).to_have_url(re.compile("q=ferries"))
    page.go_back()
    expect(page).not_to_have_url(re.compile("q=ferries"))
    expect(page.locator("#results tbody tr")).to_have_count(2)


def test_a_choice_is_shown_at_once(page, live_server, sign_in, desk, ana, article, place):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    tag(desk, author=ana, target=place("Two more"), opinion=Opinion("needs_source"), base=None)
    sign_in(page, ana).goto(f"{live_server.url}/c/desk/claims/")
    expect(page.locator("#results .list > li")).to_have_count(2)
    page.get_by_label("Verdict").select_option("disputed")
    expect(page.locator("#results .list > li")).to_have_count(1)
    page.reload()
    expect(page.locator("#results .list > li")).to_have_count(1)


def test_without_scripts_the_form_is_sent(new_page, live_server, sign_in, ana, two_articles):
    page = sign_in(new_page(java_script_enabled=False), ana)
    page.goto(f"{live_server.url}/c/desk/articles/")
    page.get_by_label("Search").fill("ferries")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#results tbody tr")).to_have_count(1)
