"""Taking back and doing again, each step answered before the next: what the database holds at the end."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Annotation, ClaimState, Span
from annotations.services.claims import Opinion, mark, tag
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_reader_claims import drag_words, open_reader, press, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "m": "marked to check",
    "n": "needs source",
    "v": "verified",
    "d": "disputed",
    "x": "cannot be checked",
    "z": "Undone",
}


@pytest.fixture
def reader(page, live_server, sign_in, ana, article):
    return open_reader(page, live_server, sign_in, ana, article)


def answered(page: Page, key: str) -> None:
    press(page, key)
    if key == "x":
        page.keyboard.press("Enter")
    saved(page, WORDS[key])


@pytest.mark.parametrize(
    ("keys", "verdict", "status", "opinions"),
    [
        ("nzn", "needs_source", "agreed", 2),
        ("nzv", "verified", "open", 2),
        ("mzn", "needs_source", "agreed", 1),
        ("xzx", None, "not_checkable", 0),
        ("vdzn", "needs_source", "agreed", 4),
        ("nzmzd", "disputed", "agreed", 2),
    ],
)
def test_done_taken_back_and_done_again(reader, article, keys, verdict, status, opinions):
    drag_words(reader, article, "31 bridges")
    for key in keys:
        answered(reader, key)
    expect(reader.locator("#trouble")).to_be_empty()
    state = ClaimState.objects.current().get()
    assert (state.status, state.span.quote) == (status, "31 bridges")
    mine = Annotation.objects.current().values_list("verdict", flat=True)
    assert list(mine) == ([verdict] if verdict else [])
    assert Annotation.objects.count() == opinions
    assert Span.objects.count() == 1


def test_withdrawn_unmarked_and_tagged_again(reader, article):
    drag_words(reader, article, "31 bridges")
    answered(reader, "v")
    reader.get_by_role("button", name="Withdraw").click()
    saved(reader, "withdrawn")
    answered(reader, "d")
    reader.get_by_role("button", name="Withdraw").click()
    saved(reader, "withdrawn")
    reader.get_by_role("button", name="Remove the mark").click()
    saved(reader, "no longer marked")
    answered(reader, "n")
    assert Annotation.objects.current().get().verdict == "needs_source"
    assert Annotation.objects.count() == 3


@pytest.fixture
def elsewhere(reader, desk, ana, article, place):
    """Ana has tagged the bridges here, and changed her mind in another window."""
    drag_words(reader, article, "31 bridges")
    answered(reader, "v")
    mine = Annotation.objects.current().get()
    tag(desk, author=ana, target=mine.span_id, opinion=Opinion("disputed"), base=mine.pk)
    press(reader, "n")
    expect(reader.locator("#card.conflict")).to_be_visible()
    return reader


def test_what_was_refused_stays_until_it_is_decided(elsewhere, live_server, article):
    page = elsewhere
    expect(page.locator("#trouble")).to_be_empty()
    expect(page.locator("#said")).to_contain_text("Not saved")
    press(page, "j")
    answered(page, "v")
    expect(page.locator("#trouble")).to_contain_text("Not saved")
    page.reload()
    expect(page.locator("#trouble")).to_contain_text("Not saved")
    press(page, "k", "Escape")
    page.get_by_role("button", name="Retry").click()
    page.get_by_role("button", name="Keep mine").click()
    saved(page, "needs source")
    expect(page.locator("#trouble")).to_be_empty()
    bridges = Annotation.objects.current().get(span__quote="31 bridges")
    assert bridges.verdict == "needs_source"


def test_retry_shows_both_versions_again(elsewhere):
    page = elsewhere
    press(page, "j", "Escape")
    expect(page.locator("#card.conflict")).to_have_count(0)
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#card.conflict")).to_be_visible()
    page.get_by_role("button", name="Keep mine").click()
    saved(page, "needs source")
    expect(page.locator("#trouble")).to_be_empty()
    assert Annotation.objects.current().get().verdict == "needs_source"


def test_keeping_what_is_stored_lets_go_of_mine(elsewhere):
    page = elsewhere
    page.get_by_role("link", name="Keep what is stored").click()
    expect(page.locator("#trouble")).to_be_empty()
    page.reload()
    expect(page.locator("#article")).to_be_focused()
    expect(page.locator("#trouble")).to_be_empty()
    assert Annotation.objects.current().get().verdict == "disputed"


def test_a_later_verdict_replaces_the_refused_one(elsewhere):
    page = elsewhere
    page.get_by_role("link", name="Keep what is stored").click()
    expect(page.locator("#card .mine.disputed")).to_be_visible()
    answered(page, "v")
    expect(page.locator("#trouble")).to_be_empty()
    assert Annotation.objects.current().get().verdict == "verified"


def test_undo_says_what_it_undid(reader, article):
    drag_words(reader, article, "31 bridges")
    answered(reader, "v")
    press(reader, "w")
    reader.keyboard.type("I counted them.")
    reader.keyboard.press("Control+Enter")
    saved(reader, "reasons")
    press(reader, "z")
    saved(reader, "Undone: your reasons, claim")
    expect(reader.locator("#said")).to_contain_text("Undone: your reasons")
    press(reader, "z")
    saved(reader, "Undone: verdict")
    expect(reader.locator("#said")).to_contain_text("Undone: verdict")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_what_others_built_on_leads_to_the_earlier_ones(
    new_page, live_server, sign_in, well_placed, desk, ana, ben, article, place, viewport
):
    earlier = mark(desk, author=ana, place=place("$2 billion"))
    last = mark(desk, author=ana, place=place("31 bridges"))
    tag(desk, author=ben, target=last.span_id, opinion=Opinion("disputed"), base=None)
    reader = open_reader(new_page(viewport=viewport), live_server, sign_in, ana, article)
    press(reader, "z")
    saved(reader, f"an opinion of claim {last.span_id}")
    expect(reader.locator("#said")).to_contain_text("Undo earlier ones in the history.")
    well_placed(reader, f"undo-built-on-{viewport['width']}")
    reader.locator("#toast").get_by_role("link", name="History").click()
    reader.get_by_role("button", name=f"Undo change {earlier.revision}").click()
    reader.get_by_text(f"Change {earlier.revision} is undone.").wait_for()
    assert ClaimState.objects.current().get().span_id == last.span_id
