"""Somebody was quicker: both versions are compared and one is kept, by keyboard alone, in the reader and on a page."""

import pytest
from playwright.sync_api import expect

from annotations.models import ArticleDetails, LegalRead, Ruling
from annotations.services.articles import edit_details
from annotations.services.claims import Opinion, tag
from annotations.services.legal import ask_legal
from annotations.services.rulings import rule
from annotations.services.settings import set_member
from tests.browser.test_reader_by_keyboard import Keys
from tests.browser.test_reader_claims import saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def max_(desk, person):
    return set_member(desk, person("max"), "editor").user


def look(page, axe, shot, name):
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        shot(page, f"{name}-{width}")
    assert axe(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def test_in_the_reader(page, live_server, sign_in, axe, shot, desk, edith, ana, max_, article, place):
    claims = [
        tag(desk, author=ana, target=place(words), opinion=Opinion("disputed"), base=None).span_id
        for words in ("31 bridges", "$2 billion")
    ]
    keys = Keys(sign_in(page, edith))
    card = page.locator("#card.conflict")
    for claim, key in zip(claims, "hy", strict=True):
        page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={claim}")
        expect(page.locator(f'#card[data-n="{claim}"]')).to_be_visible()
        expect(page.locator("#article")).to_be_focused()
        keys.press("l")
        expect(page.get_by_label("Question")).to_be_focused()
        keys.type("Is it libel? y and h are letters here.")
        ask_legal(desk, author=max_, span_id=claim, question="Who says so?", base=None)
        keys.press("Control+Enter")
        expect(card).to_contain_text("Max changed this less than a minute ago.")
        expect(card).to_contain_text("Who says so?Is it libel?")
        expect(page.locator("#article")).to_be_focused()
        if key == "y":
            look(page, axe, shot, "conflict-reader")
        keys.press(key)
        expect(card).to_have_count(0)
        if key == "y":
            saved(page, "a legal read is asked for")
        expect(page.locator("#card .legal")).to_contain_text("Max asked" if key == "h" else "Edith asked")
        expect(page.locator("#trouble")).to_be_empty()
        expect(page.locator("#article")).to_be_focused()
    asked = LegalRead.objects.current().order_by("span").values_list("question", flat=True)
    assert list(asked) == ["Who says so?", "Is it libel? y and h are letters here."]


def test_on_a_page(page, live_server, sign_in, axe, shot, desk, edith, max_, article):
    keys = Keys(sign_in(page, edith))
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/details/")
    keys.tab_to("Byline").type("Ana Abel")
    row = ArticleDetails.objects.current().get(article=article)
    theirs = {"byline": "Ben Bode", "publisher": "The Harbour Post"}
    edit_details(desk, author=max_, article_id=article.pk, base=row.pk, changes=theirs)
    keys.press("Enter")
    differences = page.get_by_role("region", name="Differences")
    expect(page.get_by_role("heading", name="Max changed this less than a minute ago.")).to_be_visible()
    expect(differences).to_contain_text("Ben BodeAna Abel")
    expect(differences).not_to_contain_text("Publisher")
    expect(page.get_by_label("Publisher")).to_have_value("The Harbour Post")
    look(page, axe, shot, "conflict-page")
    keys.tab_to("Keep mine").press("Enter")
    expect(page.get_by_text("Details saved.")).to_be_visible()
    kept = ArticleDetails.objects.current().get(article=article)
    assert (kept.byline, kept.publisher) == ("Ana Abel", "The Harbour Post")


@pytest.mark.parametrize("key", ["h", "y"])
def test_two_decisions_on_a_page_of_their_own(
    page, live_server, sign_in, axe, shot, desk, edith, ana, ben, max_, place, key
):
    span = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None).span_id
    tag(desk, author=ben, target=span, opinion=Opinion("disputed"), base=None)
    sign_in(page, edith).goto(f"{live_server.url}/c/desk/claims/{span}/")
    page.keyboard.press("d")
    page.keyboard.type("It is 30, why?")
    rule(desk, author=max_, span_id=span, verdict="verified", rationale="I counted.", base=None)
    page.keyboard.press("Control+Enter")
    card = page.locator(".conflict")
    expect(card).to_contain_text("Max decided it less than a minute ago.")
    assert card.inner_text().count("Max") == 1
    two = [
        card.get_by_role("link", name="Keep what is stored h"),
        card.get_by_role("button", name="Keep mine y"),
    ]
    looks = [
        each.evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor] + ''")
        for each in two
    ]
    assert looks[0] == looks[1]
    look(page, axe, shot, "conflict-decision")
    page.keyboard.press(key)
    expect(page).to_have_url(f"{live_server.url}/c/desk/claims/{span}/")
    ruling = Ruling.objects.current().get()
    assert (ruling.editor, ruling.rationale) == (
        (max_, "I counted.") if key == "h" else (edith, "It is 30, why?")
    )
