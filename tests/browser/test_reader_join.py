"""“Join claim 12?”: what a person is asked who marks or tags words that a claim covers already."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, ClaimState, Collection, CollectionSettings, Span
from annotations.services.claims import Opinion, mark, tag
from annotations.services.settings import change_settings
from tests.browser.conftest import PHONE
from tests.browser.fingers import select
from tests.browser.test_reader_claims import drag_words, open_reader, press, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def claim(desk, ben, place) -> int:
    """Ben disputes "31 bridges in the harbour"."""
    target = place("31 bridges in the harbour")
    return tag(desk, author=ben, target=target, opinion=Opinion("disputed"), base=None).span_id


@pytest.fixture
def reader(page, live_server, sign_in, ana, article, claim):
    return open_reader(page, live_server, sign_in, ana, article)


def live() -> int:
    return ClaimState.objects.current().count()


def asked(page, span_id):
    prompt = page.locator("#join")
    expect(prompt.get_by_role("heading")).to_have_text(f"Join claim {span_id}?")
    expect(page.locator("#article")).to_be_focused()
    return prompt


def test_enter_joins(reader, article, claim, ana):
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    prompt = asked(reader, claim)
    expect(prompt.locator(".quote")).to_have_text("31 bridges in the harbour")
    expect(prompt.locator(".state")).to_contain_text("Disputed")
    expect(reader.locator("#said")).to_contain_text("Enter joins")
    assert not Annotation.objects.filter(reviewer=ana).exists()
    reader.keyboard.press("Enter")
    saved(reader, f"Claim {claim}: verified")
    expect(prompt).to_have_count(0)
    expect(reader.locator("#article")).to_be_focused()
    expect(reader.locator("#card")).to_have_attribute("data-n", str(claim))
    assert Annotation.objects.get(reviewer=ana).span_id == claim
    assert live() == 1
    reader.keyboard.press("d")
    saved(reader, f"Claim {claim}: disputed")
    assert Annotation.objects.current().get(reviewer=ana).verdict == "disputed"


def test_shift_enter_makes_a_claim_of_its_own(reader, article, claim, ana):
    drag_words(reader, article, "31 bridges")
    press(reader, "m")
    asked(reader, claim)
    reader.keyboard.press("Shift+Enter")
    saved(reader, "marked to check")
    assert set(Span.objects.values_list("quote", flat=True)) == {"31 bridges in the harbour", "31 bridges"}
    assert live() == 2
    press(reader, "v")
    saved(reader, "verified")
    assert Annotation.objects.get(reviewer=ana).span.quote == "31 bridges"


def test_escape_writes_nothing(reader, article, claim, desk):
    before = Collection.objects.get(pk=desk.pk).head
    drag_words(reader, article, "31 bridges")
    press(reader, "n")
    asked(reader, claim)
    reader.keyboard.press("Escape")
    expect(reader.locator("#join")).to_have_count(0)
    expect(reader.locator("#article")).to_be_focused()
    reader.reload()
    expect(reader.locator("#join")).to_have_count(0)
    assert Collection.objects.get(pk=desk.pk).head == before


def test_by_mouse_and_of_several_the_one_that_is_meant(reader, article, claim, desk, ben, ana, place):
    other = mark(
        desk, author=ben, place=place("There are 31 bridges in the harbour, the mayor said.")
    ).span_id
    reader.reload()
    reader.wait_for_load_state("networkidle")
    drag_words(reader, article, "31 bridges in the")
    reader.locator("#beside-selection").get_by_role("button", name="Disputed").click()
    prompt = asked(reader, claim)
    prompt.get_by_text("1 more claim here").click()
    prompt.get_by_role("button", name=f"Join claim {other}").click()
    saved(reader, f"Claim {other}: disputed")
    assert Annotation.objects.get(reviewer=ana).span_id == other
    expect(reader.locator("#article")).to_be_focused()


def test_a_shared_figure_asks_too(reader, article, desk, ben, place):
    money = mark(desk, author=ben, place=place("at a cost of $2")).span_id
    drag_words(reader, article, "billion.")
    press(reader, "m")
    asked(reader, money)


def test_why_it_cannot_be_checked_goes_along(reader, article, claim):
    drag_words(reader, article, "31 bridges")
    press(reader, "x")
    reader.keyboard.press("Enter")
    asked(reader, claim)
    reader.keyboard.press("Enter")
    saved(reader, "cannot be checked")
    state = ClaimState.objects.current().get()
    assert (state.span_id, state.reason) == (claim, "opinion")


def test_the_same_words_and_words_apart_are_not_asked_about(reader, article, claim, ana):
    drag_words(reader, article, "31 bridges in the harbour")
    press(reader, "v")
    saved(reader, "verified")
    drag_words(reader, article, "the mayor")
    press(reader, "v")
    saved(reader, "verified")
    assert Annotation.objects.filter(reviewer=ana).count() == 2


def test_the_question_waits_while_later_work_goes_on_and_through_a_reload(reader, article, claim, ana):
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    asked(reader, claim)
    press(reader, "j", "d")
    saved(reader, "disputed")
    assert Annotation.objects.get(reviewer=ana).span.quote.endswith("$2 billion.")
    reader.reload()
    prompt = asked(reader, claim)
    prompt.get_by_role("button", name=f"Join claim {claim}").click()
    saved(reader, f"Claim {claim}: verified")
    assert Annotation.objects.get(reviewer=ana, span=claim).verdict == "verified"


@pytest.mark.parametrize("key", ["w", "e"])
def test_a_form_asked_for_meanwhile_says_what_comes_first(reader, article, claim, key):
    drag_words(reader, article, "31 bridges")
    press(reader, "v", key)
    first = f"Say first whether these words join claim {claim}."
    expect(reader.locator("#toast")).to_have_text(first)
    asked(reader, claim)
    reader.wait_for_timeout(450)
    press(reader, "j", key)
    expect(reader.locator("#toast")).to_have_text("Mark or tag these words first.")
    reader.keyboard.press("Enter")
    saved(reader, f"Claim {claim}: verified")


def test_the_button_of_a_form_says_so_too(phone, article, claim):
    page = phone(article)
    select(page, "31 bridges")
    page.locator("#toolbar").get_by_role("button", name="Verified").tap()
    expect(page.locator("#join")).to_be_visible()
    page.get_by_role("button", name="More").tap()
    page.get_by_role("button", name="Add source").tap()
    expect(page.locator("#toast")).to_have_text(f"Say first whether these words join claim {claim}.")


def test_two_questions_come_one_after_the_other(reader, article, claim, desk, ben, ana, place):
    money = mark(desk, author=ben, place=place("at a cost of $2 billion")).span_id
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    asked(reader, claim)
    press(reader, "j", "d")
    reader.wait_for_timeout(300)
    asked(reader, claim)
    press(reader, "Enter")
    asked(reader, money)
    reader.keyboard.press("Enter")
    saved(reader, f"Claim {money}: disputed")
    assert dict(Annotation.objects.filter(reviewer=ana).values_list("span", "verdict")) == {
        claim: "verified",
        money: "disputed",
    }


def test_blind_reviewers_are_asked_without_what_others_made_of_it(
    page, live_server, sign_in, desk, edith, ana, article, claim
):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, changes={"blind": True}, base=base)
    reader = open_reader(page, live_server, sign_in, ana, article)
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    prompt = asked(reader, claim)
    expect(prompt.locator(".quote")).to_have_text("31 bridges in the harbour")
    expect(prompt.locator(".state")).to_have_count(0)
    expect(prompt).not_to_contain_text("isputed")


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_question_looks_right(new_page, live_server, sign_in, ana, article, claim, axe, shot, size):
    options = {"viewport": PHONE, "has_touch": True} if size == "phone" else {}
    page = open_reader(new_page(**options), live_server, sign_in, ana, article)
    press(page, "j", "j")
    page.locator("#toolbar").get_by_role("button", name="Verified").click()
    prompt = asked(page, claim)
    shot(page, f"join-{size}")
    box, window = prompt.bounding_box(), page.viewport_size
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= window["width"]
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= window["height"]
    assert axe(page) == []
    prompt.get_by_role("button", name="New claim").click()
    saved(page, "verified")
    assert live() == 2
