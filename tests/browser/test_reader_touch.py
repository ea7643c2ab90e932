"""The reader by finger on a telephone: a long press, two handles, a sheet, targets that a thumb hits."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Article, ClaimState, Span
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, tag
from annotations.services.evidence import NewSource, add_evidence
from tests.browser.conftest import PHONE
from tests.browser.fingers import (
    CENTRE,
    IN_HAND,
    SMALL,
    drag,
    in_hand,
    in_the_bar,
    keyboard_down,
    keyboard_up,
    long_press,
)
from tests.conftest import blocks_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINES = [f"Line {n}: the bridge of the old harbour was opened again in {1900 + n}." for n in range(60)]


@pytest.fixture
def long_article(desk, edith):
    text = "\n".join(LINES)
    details = Details(title="Bridges " * 30, language="en", blocks=blocks_of(text))
    return Article.objects.get(pk=import_article(desk, author=edith, text=text, details=details).article_id)


@pytest.fixture
def judged(desk, ana, ben, article, place):
    """A claim with all that a card can hold."""
    span = tag(
        desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed", "Why. " * 60), base=None
    ).span_id
    tag(desk, author=ben, target=span, opinion=Opinion("verified"), base=None)
    add_evidence(desk, author=ana, span_id=span, source=NewSource("web", {"title": "Register"}))
    return span


def test_a_long_press_selects_handles_stretch_and_a_tap_judges(phone, article, shot):
    page = phone(article)
    long_press(page, "bridges")
    expect(page.locator(".handle.end")).to_be_visible()
    assert page.evaluate("getSelection().isCollapsed")
    shot(page, "touch-handles")
    end = page.evaluate(CENTRE, "harbour")
    drag(page, ".handle.end", end["right"], page.locator(".handle.end").bounding_box()["y"] + 22)
    in_hand(page, "bridges in the harbour")
    start = page.evaluate(CENTRE, "31")
    drag(page, ".handle.start", start["left"], page.locator(".handle.start").bounding_box()["y"] + 22)
    in_hand(page, "31 bridges in the harbour")
    page.get_by_role("button", name="Verified").tap()
    expect(page.locator(".h.v")).to_have_text("31 bridges in the harbour")
    assert Span.objects.get().quote == "31 bridges in the harbour"


def test_words_shrink_and_grow_without_dragging(phone, article):
    page = phone(article)
    long_press(page, "31")
    in_hand(page, "31")
    page.get_by_role("button", name="More").tap()
    page.get_by_role("button", name="Longer").tap()
    in_hand(page, "31 bridges")
    page.get_by_role("button", name="Start earlier").tap()
    in_hand(page, "are 31 bridges")
    page.get_by_role("button", name="Shorter").tap()
    in_hand(page, "are 31")


def test_a_selection_that_the_browser_empties_stays_in_hand(phone, article):
    """Safari empties it when a button is tapped."""
    page = phone(article)
    page.evaluate("""() => {
      const text = document.querySelectorAll(".block")[1].firstChild;
      getSelection().setBaseAndExtent(text, 10, text, 20);
    }""")
    page.evaluate("new Promise(requestAnimationFrame)")
    page.evaluate("getSelection().removeAllRanges()")
    page.wait_for_timeout(100)
    page.get_by_role("button", name="Disputed").tap()
    expect(page.locator(".h.d")).to_have_text("31 bridges")
    assert Annotation.objects.get().verdict == "disputed"


def test_whole_letters_only(phone, desk, edith, shot):
    text = "A family 👨‍👩‍👧 and a café\nof 30 bridges."
    details = Details(title="Whole", language="en", blocks=blocks_of(text))
    article = Article.objects.get(
        pk=import_article(desk, author=edith, text=text, details=details).article_id
    )
    page = phone(article)
    long_press(page, "family")
    in_hand(page, "family")
    end = page.evaluate(CENTRE, "👨‍👩‍👧")
    drag(page, ".handle.end", end["x"] + 6, page.locator(".handle.end").bounding_box()["y"] + 22)
    assert page.evaluate(IN_HAND) in {"family", "family 👨‍👩‍👧"}
    shot(page, "touch-letters")


def test_the_sheet_leaves_the_sentence_in_sight(phone, desk, ana, long_article, shot):
    words = "again in 1930"
    start = long_article.text.index(words)
    place = Place(long_article.pk, start, start + len(words), words)
    span = tag(desk, author=ana, target=place, opinion=Opinion("disputed", "Why. " * 200), base=None).span_id
    page = phone(long_article, f"?claim={span}")
    page.wait_for_timeout(400)
    shot(page, "touch-sheet")
    sheet, bar = (page.locator(each).bounding_box() for each in ("#sheet", "#toolbar"))
    assert sheet["height"] + bar["height"] <= 0.6 * PHONE["height"]
    sentence = page.evaluate(CENTRE, LINES[30][:20])
    assert page.locator(".reader-bar").bounding_box()["height"] < sentence["y"] < sheet["y"]
    assert page.locator(".h.d").bounding_box()["y"] + 20 < sheet["y"]


def test_the_sheet_peeks_by_tap_drag_and_key(phone, article, judged, shot):
    page = phone(article, f"?claim={judged}")
    grip, sheet = page.get_by_role("button", name="The whole claim"), page.locator("#sheet")
    expect(grip).to_have_attribute("aria-expanded", "true")
    whole = sheet.bounding_box()["height"]
    grip.tap()
    expect(grip).to_have_attribute("aria-expanded", "false")
    assert sheet.bounding_box()["height"] < 140 < whole
    expect(page.locator("#card .quote")).to_be_in_viewport()
    shot(page, "touch-peek")
    box = grip.bounding_box()
    drag(page, ".grip", box["x"] + 20, box["y"] - 80)
    expect(grip).to_have_attribute("aria-expanded", "true")
    box = grip.bounding_box()
    drag(page, ".grip", box["x"] + 20, box["y"] + 120)
    expect(grip).to_have_attribute("aria-expanded", "false")
    grip.press("Enter")
    expect(grip).to_have_attribute("aria-expanded", "true")
    assert sheet.bounding_box()["height"] == whole


def test_every_target_is_as_large_as_a_thumb(phone, article, judged, shot):
    page = phone(article, f"?claim={judged}")
    assert page.evaluate(SMALL) == []
    for fold in ("#why", "#add-source", "#note", ".change"):
        page.locator(f"{fold} > summary").first.tap()
    page.get_by_role("button", name="More").tap()
    assert page.evaluate(SMALL) == []
    shot(page, "touch-forms")
    page.get_by_role("button", name="Keys").tap()
    assert page.evaluate(SMALL) == []


def test_on_a_tablet_too(phone, article, judged, shot):
    page = phone(article, f"?claim={judged}", viewport={"width": 1180, "height": 820})
    assert [each for each in page.evaluate(SMALL) if "reader-about" not in each] == []
    shot(page, "touch-tablet")


def test_a_claim_is_moved_by_its_handles(phone, desk, ana, article, place, shot):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    page = phone(article, f"?claim={Span.objects.get().pk}")
    page.get_by_role("link", name="Move").tap()
    expect(page.locator(".handle.end")).to_be_visible()
    shot(page, "touch-move")
    end = page.evaluate(CENTRE, "harbour")
    drag(page, ".handle.end", end["right"], page.locator(".handle.end").bounding_box()["y"] + 22)
    in_hand(page, "31 bridges in the harbour")
    expect(page.locator("#placing .quote")).to_have_text("31 bridges in the harbour")
    page.get_by_role("button", name="Save the place").tap()
    expect(page.locator(".h.d")).to_have_text("31 bridges in the harbour")


def test_the_keyboard_of_the_screen_hides_nothing(phone, article, judged, shot):
    page = phone(article, f"?claim={judged}")
    page.locator("#why > summary").tap()
    page.get_by_label("Why", exact=True).tap()
    keyboard_up(page)
    shot(page, "touch-keyboard")
    field, sheet = page.get_by_label("Why", exact=True).bounding_box(), page.locator("#sheet").bounding_box()
    assert sheet["y"] + sheet["height"] <= 501
    assert sheet["height"] <= 301
    assert field["y"] >= sheet["y"]
    assert field["y"] + field["height"] <= 501
    sentence = page.locator(".h.mix").bounding_box()
    assert 48 <= sentence["y"] < sheet["y"] - sentence["height"]
    expect(page.locator("#toolbar")).to_be_hidden()
    keyboard_down(page)
    expect(page.locator("#toolbar")).to_be_visible()


def test_a_long_title_is_one_line_and_stays(phone, long_article):
    page = phone(long_article)
    assert page.locator(".reader-title").bounding_box()["height"] <= 48
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.evaluate("scrollTo(0, 2000)")
    page.wait_for_timeout(100)
    assert page.locator(".reader-bar").bounding_box()["y"] == 0


def test_tapping_text_without_a_claim_lets_go(phone, article):
    page = phone(article)
    long_press(page, "31")
    in_hand(page, "31")
    at = page.evaluate(CENTRE, "Two more")
    page.touchscreen.tap(at["x"], at["y"])
    in_hand(page, "")
    expect(page.locator(".handle.end")).to_be_hidden()
    assert not ClaimState.objects.exists()


def test_what_is_chosen_under_more_does_not_come_up_under_it(phone, article, judged):
    page = phone(article, f"?claim={judged}")
    rest = page.locator("#toolbar .rest")
    for name in ("Add source", "Claims here", "Sentences"):
        in_the_bar(page, name)
        expect(rest).to_be_hidden()
    in_the_bar(page, "Next sentence")
    in_the_bar(page, "Next sentence")
    expect(rest).to_be_visible()  # steps are taken again and again


def test_the_sentence_that_more_leads_to_is_not_under_it(phone, long_article):
    page = phone(long_article)
    for _ in range(14):
        in_the_bar(page, "Next sentence")
    page.wait_for_function("""() => [...CSS.highlights.get("hand")][0].getBoundingClientRect().bottom
      <= document.querySelector("#toolbar .rest").getBoundingClientRect().top""")
