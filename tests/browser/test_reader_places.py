"""Moving a claim, merging two, splitting one into parts: in a real browser, by key and by button."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, ClaimLink, ClaimState, Span
from annotations.services.claims import Opinion, Place, mark, tag
from tests.browser.conftest import PHONE
from tests.browser.test_reader_claims import drag_words, new_article, open_reader, press, saved
from tests.browser.test_reader_keys import CLEAR

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINE = "There are 31 bridges in the harbour, the mayor said."


@pytest.fixture
def claim(desk, ana, place) -> int:
    """Ana disputes "31 bridges"."""
    return tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id


def open_claim(page, live_server, sign_in, user, article, span_id):
    reader = open_reader(page, live_server, sign_in, user, article)
    reader.locator(f"#c{span_id} a").click()
    expect(reader.locator("#card")).to_have_attribute("data-n", str(span_id))
    return reader


def test_a_claim_is_moved_by_keys_and_back_by_z(page, live_server, sign_in, ana, article, claim):
    reader = open_claim(page, live_server, sign_in, ana, article, claim)
    press(reader, "o")
    panel = reader.locator("#placing")
    expect(panel).to_contain_text(f"Move claim {claim}")
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
        reader.keyboard.press(key)
    expect(panel.locator(".quote")).to_have_text("31 bridges in the harbour")
    reader.keyboard.press("v")
    expect(reader.locator("#toast")).to_contain_text("Save the place first")
    reader.keyboard.press("Enter")
    saved(reader, f"Claim {claim} has moved")
    there = ClaimState.objects.current().get().span
    assert there.quote == "31 bridges in the harbour"
    assert Annotation.objects.current().get().span == there
    expect(reader.locator(".h.d")).to_have_text("31 bridges in the harbour")
    expect(reader.locator("#claims .claim")).to_have_count(1)
    expect(reader.locator("#article")).to_be_focused()
    press(reader, "z")
    saved(reader, "Undone: move")
    assert ClaimState.objects.current().get().span_id == claim
    expect(reader.locator(".h.d")).to_have_text("31 bridges")
    expect(reader.locator("#claims .claim")).to_have_count(1)


def test_moving_is_left_by_escape(page, live_server, sign_in, ana, article, claim):
    reader = open_claim(page, live_server, sign_in, ana, article, claim)
    reader.locator("#card").get_by_role("link", name="Move").click()
    expect(reader.locator("#placing")).to_be_visible()
    reader.keyboard.press("Shift+ArrowRight")
    reader.keyboard.press("Escape")
    expect(reader.locator("#placing")).to_have_count(0)
    expect(reader.locator("#article")).to_be_focused()
    assert Span.objects.count() == 1


def test_an_old_address_leads_to_where_it_is_now(page, live_server, sign_in, ana, article, claim):
    reader = open_claim(page, live_server, sign_in, ana, article, claim)
    press(reader, "o")
    drag_words(reader, article, "31 bridges in the")
    reader.locator("#placing").get_by_role("button", name="Save the place").click()
    saved(reader, "has moved")
    now = ClaimState.objects.current().get().span_id
    reader.goto(f"{live_server.url}/c/desk/claims/{claim}/")
    expect(reader.locator("h1")).to_have_text(f"Claim {now}")
    expect(reader.locator(".notice")).to_have_text(f"Claim {claim} has moved: it is claim {now} now.")


def test_a_taken_place_offers_editors_to_merge(
    page, live_server, sign_in, desk, edith, ben, article, claim, place
):
    other = tag(desk, author=ben, target=place(LINE), opinion=Opinion("verified"), base=None).span_id
    reader = open_claim(page, live_server, sign_in, edith, article, claim)
    press(reader, "o")
    expect(reader.locator("#placing")).to_be_visible()
    press(reader, "k", "Enter")
    panel = reader.locator("#card")
    expect(panel).to_contain_text(f"Merge claim {claim} into claim {other}?")
    expect(panel).to_contain_text("nothing is moved")
    panel.get_by_role("button", name=f"Merge into claim {other}").click()
    saved(reader, f"Claim {claim} is merged into claim {other}")
    assert ClaimState.objects.current().get().span_id == other
    assert Annotation.objects.current().filter(span=other).count() == 2
    expect(reader.locator("#claims .claim")).to_have_count(1)
    press(reader, "z")
    saved(reader, "Undone: merging")
    assert ClaimState.objects.current().count() == 2
    expect(reader.locator("#claims .claim")).to_have_count(2)


def test_merging_shows_what_it_comes_to(
    page, live_server, sign_in, desk, edith, ana, article, claim, place, axe, shot
):
    other = tag(desk, author=ana, target=place(LINE), opinion=Opinion("verified"), base=None).span_id
    reader = open_claim(page, live_server, sign_in, edith, article, claim)
    press(reader, "g")
    reader.locator("#card").get_by_role("link", name=str(other)).click()
    panel = reader.locator("#card")
    expect(panel).to_contain_text("Ana spoke on both")
    shot(reader, "merge-desk-light")
    assert axe(reader) == []
    panel.get_by_role("button", name="Merge into").click()
    saved(reader, "is merged into")
    assert Annotation.objects.current().get().span_id == claim
    assert ClaimLink.objects.current().get().span_id == other


def test_a_claim_is_split_and_shows_what_its_parts_come_to(
    page, live_server, sign_in, desk, ana, article, place, shot, axe
):
    whole = mark(desk, author=ana, place=place(LINE)).span_id
    reader = open_claim(page, live_server, sign_in, ana, article, whole)
    press(reader, "p")
    drag_words(reader, article, "31 bridges in the harbour")
    press(reader, "Enter")
    drag_words(reader, article, "the mayor said")
    reader.locator("#placing").get_by_role("button", name="Add this part").click()
    expect(reader.locator("#placing .claim-links li")).to_have_count(2)
    shot(reader, "split-desk-light")
    press(reader, "Control+Enter")
    saved(reader, f"Claim {whole} has 2 parts")
    first, second = Span.objects.exclude(pk=whole).order_by("start")
    assert (first.quote, second.quote) == ("31 bridges in the harbour", "the mayor said")
    for span, key, word in ((first, "v", "verified"), (second, "d", "disputed")):
        reader.locator(f"#c{span.pk} a").click()
        expect(reader.locator("#card")).to_have_attribute("data-n", str(span.pk))
        expect(reader.locator("#card")).to_contain_text("A part of")
        press(reader, key)
        saved(reader, word)
    expect(reader.locator(f"#c{whole} .in-parts")).to_have_text("in parts: 1 disputed, 1 waiting")
    reader.locator(".whole a").click()
    expect(reader.locator("#card .parts-of")).to_contain_text("In parts: 1 disputed, 1 waiting")
    shot(reader, "whole-desk-light")
    assert axe(reader) == []
    reader.locator("#card .parts-of a").first.click()
    expect(reader.locator("#card")).to_have_attribute("data-n", str(first.pk))
    reader.reload()
    expect(reader.locator(f"#c{whole} .in-parts")).to_have_text("in parts: 1 disputed, 1 waiting")
    for _ in range(3):
        with reader.expect_response("**/undo/"):
            press(reader, "z")
        saved(reader, "Undone")
    assert ClaimState.objects.current().get().span_id == whole


def test_on_a_phone(new_page, live_server, sign_in, ana, article, claim, axe, shot):
    page = new_page(viewport=PHONE, has_touch=True)
    reader = open_claim(page, live_server, sign_in, ana, article, claim)
    reader.locator("#card").get_by_role("link", name="Move").click()
    expect(reader.locator("#placing")).to_be_visible()
    expect(reader.locator("#card")).to_be_hidden()
    shot(reader, "move-phone")
    assert axe(reader) == []
    press(reader, "Shift+ArrowRight")
    reader.locator("#placing").get_by_role("button", name="Save the place").click()
    saved(reader, "has moved")
    assert ClaimState.objects.current().get().span.quote == "31 bridges in"


def test_the_panel_stands_below_the_words_at_the_end_of_a_text(page, live_server, sign_in, desk, edith, ana):
    lines = "\n".join(f"Line {n} of the harbour." for n in range(30))
    article = new_article(desk, edith, f"{lines}\nThe last bridge.")
    start = article.text.index("The last bridge.")
    where = Place(article.pk, start, len(article.text), "The last bridge.")
    span = mark(desk, author=ana, place=where).span_id
    reader = open_claim(page, live_server, sign_in, ana, article, span)
    press(reader, "o")
    expect(reader.locator("#placing")).to_be_visible()
    reader.wait_for_function(CLEAR, arg=[95, reader.locator("#placing").bounding_box()["y"]])


def test_a_form_is_opened_by_its_key_from_the_list_of_claims_to_merge(
    page, live_server, sign_in, edith, article, claim
):
    reader = open_claim(page, live_server, sign_in, edith, article, claim)
    press(reader, "g")
    expect(reader.locator("#card.placing")).to_be_focused()
    reader.keyboard.press("Escape")
    reader.keyboard.press("e")
    expect(reader.locator("#add-source [name=title]")).to_be_focused()
