"""Can it run? The bar says what stands in the way, and leads there."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import ArticleDetails, CollectionSettings, User
from annotations.services.articles import edit_details
from annotations.services.claims import Opinion, mark, tag
from annotations.services.settings import change_settings
from tests.browser.conftest import PHONE, SCHEMES
from tests.browser.test_reader_claims import open_reader, press, saved

WIDE = {"width": 1440, "height": 800}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def busy(desk, ana, ben, article, place):
    """A disagreement that must be fixed, two unanswered, one disputed."""
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    urgent = Opinion("disputed", must_fix=True)
    contested = tag(desk, author=ben, target=place("31 bridges"), opinion=urgent, base=None).span_id
    first = mark(desk, author=ben, place=place("harbour")).span_id
    second = mark(desk, author=ben, place=place("Two more")).span_id
    disputed = tag(
        desk, author=ben, target=place("$2 billion"), opinion=Opinion("disputed"), base=None
    ).span_id
    return {"contested": contested, "unanswered": [first, second], "disputed": disputed}


def part(page: Page, words: str):
    return page.locator("#left .parts a", has_text=words)


def card(page: Page, claim: int) -> None:
    expect(page.locator("#card")).to_have_attribute("data-n", str(claim))


def test_each_part_leads_to_the_first_place_and_then_the_next(
    new_page, live_server, sign_in, ana, article, busy
):
    reader = open_reader(new_page(viewport=WIDE), live_server, sign_in, ana, article)
    expect(part(reader, "must fix")).to_have_text("1 must fix")
    expect(part(reader, "in disagreement")).to_have_text("1 in disagreement")
    expect(part(reader, "disputed")).to_have_text("1 disputed")
    expect(part(reader, "unanswered")).to_have_text("2 unanswered")
    part(reader, "must fix").click()
    card(reader, busy["contested"])
    first, second = busy["unanswered"]
    for claim in (first, second, first):
        part(reader, "unanswered").click()
        card(reader, claim)
    expect(reader.locator("#article")).to_be_visible()


def test_the_bar_follows_each_save_and_ends_in_words(page, live_server, sign_in, ana, article):
    reader = open_reader(page, live_server, sign_in, ana, article)
    expect(part(reader, "uncovered")).to_be_visible()
    reader.evaluate("document.querySelector('#article').focus()")
    for _ in range(3):
        press(reader, "j", "x")
        reader.locator("#not-checkable button[type=submit]").click()
        saved(reader, "cannot be checked")
    expect(reader.locator("#left .parts")).to_have_text("Nothing stands in its way")


def test_without_scripts_the_parts_are_links(new_page, live_server, sign_in, ana, article, busy):
    page = sign_in(new_page(java_script_enabled=False, viewport=WIDE), ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/")
    part(page, "disputed").click()
    expect(page).to_have_url(
        f"{live_server.url}/c/desk/articles/{article.pk}/?claim={busy['disputed']}#r{busy['disputed']}"
    )
    card(page, busy["disputed"])


def test_on_a_phone_one_control_opens_the_list(new_page, live_server, sign_in, ana, article, busy, axe, shot):
    page = new_page(viewport=PHONE, has_touch=True)
    reader = open_reader(page, live_server, sign_in, ana, article)
    summary = reader.locator("#left summary")
    expect(summary.locator(".way")).to_have_text("4 of 4 in the way")
    summary.tap()
    shot(reader, "can-run-390")
    assert axe(reader) == []
    way = reader.locator("#left .panel a", has_text="disputed")
    assert way.bounding_box()["height"] >= 44
    way.tap()
    card(reader, busy["disputed"])
    expect(reader.locator("#left .panel")).to_be_hidden()


def test_it_looks_right(new_page, live_server, sign_in, ana, article, busy, axe, shot):
    reader = open_reader(new_page(viewport=WIDE), live_server, sign_in, ana, article)
    expect(part(reader, "uncovered")).to_be_visible()
    box = reader.locator(".reader-bar").bounding_box()
    assert box["height"] < 60
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(reader, "can-run-1440")
    assert axe(reader) == []


@pytest.mark.parametrize("width", [1280, 1180, 1024, 961, 320])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_five_parts_leave_the_title_its_room(
    new_page, live_server, sign_in, desk, ana, article, busy, shot, width, scheme
):
    name_at_length(desk, article, ana)
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    reader = open_reader(page, live_server, sign_in, ana, article)
    reader.locator("#left summary").click()
    expect(reader.locator("#left .panel a:visible")).to_have_count(5)
    boxes = [
        box
        for each in reader.locator(".reader-bar > *:visible, #left > *:visible").all()
        if (box := each.bounding_box())
    ]
    assert max(box["x"] + box["width"] for box in boxes) <= width - 8
    assert reader.locator(".reader-title").bounding_box()["width"] >= min(128, 0.35 * width)
    assert reader.locator(".reader-bar").bounding_box()["height"] < 60
    assert reader.evaluate("document.documentElement.scrollWidth") <= width
    shot(reader, f"can-run-{width}-{scheme}")


def test_three_parts_are_read_whole_beside_long_names(
    page, live_server, sign_in, desk, ana, ben, article, place
):
    name_at_length(desk, article, ana)
    User.objects.filter(pk=ana.pk).update(display_name="Anastasia Lindqvist")
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    tag(desk, author=ben, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    mark(desk, author=ben, place=place("harbour"))
    reader = open_reader(page, live_server, sign_in, ana, article)
    parts = reader.locator("#left .parts")
    expect(parts.locator("a")).to_have_count(3)
    assert parts.evaluate("each => each.scrollWidth <= each.clientWidth")


def name_at_length(desk, article, author):
    settings = CollectionSettings.objects.current().get(collection=desk)
    change_settings(desk, author=None, base=settings.pk, changes={"name": "What bridges and ferries cost"})
    details = ArticleDetails.objects.current().get(article=article)
    title = "What the mayor did not say of the bridges when she was asked for the second time"
    edit_details(desk, author=author, article_id=article.pk, base=details.pk, changes={"title": title})
