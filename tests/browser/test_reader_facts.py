"""Facts mode: what a checker sees boxed, and how Tab leads through what no claim covers."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Article, Span
from annotations.services.claims import Opinion, Place, mark, tag
from tests.browser.fingers import in_hand, in_the_bar, sound, tap
from tests.browser.test_reader_can_run import name_at_length
from tests.browser.test_reader_claims import new_article, open_reader, press, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = (
    "Fund trails rivals by two to three years\n"
    "The fund closed a $1 billion round last year, said Mei Tanaka of Harbour Capital.\n"
    "Its share is 47% against 18% at home; “we are behind by a wide mark,” Tanaka said."
)
FACTS = [
    ("figure", "two to three years"),
    ("money", "$1 billion"),
    ("date", "last year"),
    ("name", "Mei Tanaka"),
    ("name", "Harbour Capital"),
    ("percentage", "47%"),
    ("percentage", "18%"),
    ("quotation", "“we are behind by a wide mark,”"),
]
IN_HAND = """() => [...(CSS.highlights.get("hand") ?? [])].map(range => range.toString())[0] ?? null"""
BOXES = """() => {
  const facts = {};
  for (const piece of document.querySelectorAll(".fact")) {
    facts[piece.dataset.f] = (facts[piece.dataset.f] ?? "") + piece.textContent;
  }
  return Object.values(facts);
}"""


@pytest.fixture
def fund(desk, edith) -> Article:
    return new_article(desk, edith, TEXT)


@pytest.fixture
def reader(page, live_server, sign_in, ana, fund):
    return open_reader(page, live_server, sign_in, ana, fund)


def facts_on(page: Page) -> None:
    press(page, "f")
    expect(page.get_by_role("button", name="Facts")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".fact").first).to_be_visible()


def texts(page: Page) -> str:
    return page.evaluate("[...document.querySelectorAll('.block')].map(b => b.textContent).join('\\n')")


def opinion(desk, who, article, words, verdict="verified"):
    start = article.text.index(words)
    place = Place(article.pk, start, start + len(words), words, "fact")
    return tag(desk, author=who, target=place, opinion=Opinion(verdict), base=None)


def test_every_fact_is_boxed_once_and_the_text_stays(reader):
    facts_on(reader)
    assert reader.evaluate(BOXES) == [words for _, words in FACTS]
    assert texts(reader) == TEXT
    expect(reader.locator("#left > .of-facts")).to_have_text("left: 4 figures, 1 date, 2 names, 1 quotation")
    press(reader, "f")
    expect(reader.locator(".fact")).to_have_count(0)
    assert texts(reader) == TEXT


def test_tab_walks_the_facts_and_leaves_at_the_last(reader):
    facts_on(reader)
    walked = []
    for nth, (kind, words) in enumerate(FACTS, 1):
        reader.keyboard.press("Tab")
        walked.append(reader.evaluate(IN_HAND))
        expect(reader.locator("#said")).to_contain_text(f"{kind}, {words}. {nth} of 8")
    assert walked == [words for _, words in FACTS]
    expect(reader.locator("#said")).to_contain_text("Tab leaves the text")
    reader.keyboard.press("Shift+Tab")
    assert reader.evaluate(IN_HAND) == "18%"
    reader.keyboard.press("Tab")
    expect(reader.locator("#article")).to_be_focused()
    reader.keyboard.press("Tab")
    expect(reader.locator("#article")).not_to_be_focused()


def test_shift_tab_leaves_before_the_first(reader):
    facts_on(reader)
    reader.keyboard.press("Tab")
    reader.keyboard.press("Shift+Tab")
    expect(reader.locator("#article")).not_to_be_focused()


def test_a_fact_that_is_tagged_is_left_no_more(reader, fund):
    facts_on(reader)
    reader.keyboard.press("Tab")
    reader.keyboard.press("Tab")
    reader.keyboard.press("n")
    saved(reader, "needs source")
    span = Span.objects.get()
    assert (span.quote, span.start) == ("$1 billion", TEXT.index("$1 billion"))
    expect(reader.locator("#left > .of-facts")).to_have_text("left: 3 figures, 1 date, 2 names, 1 quotation")
    expect(reader.locator(".fact.held")).to_have_text("$1 billion")
    assert texts(reader) == TEXT
    reader.keyboard.press("Tab")
    assert reader.evaluate(IN_HAND) == "last year"
    reader.keyboard.press("Shift+Tab")
    assert reader.evaluate(IN_HAND) == "two to three years"


def test_ten_keys_in_a_row_are_all_saved(reader):
    facts_on(reader)
    for _ in range(5):
        press(reader, "Tab", "m")
    expect(reader.locator("#left > .of-facts")).to_have_text("left: 2 figures, 1 quotation")
    assert [span.quote for span in Span.objects.order_by("start")] == [words for _, words in FACTS[:5]]


def test_a_box_over_half_a_claim_cuts_nothing(desk, ben, page, live_server, sign_in, ana, fund):
    opinion(desk, ben, fund, "against 18% at home")
    opinion(desk, ben, fund, "47% against")
    opinion(desk, ben, fund, "behind by a wide")
    reader = open_reader(page, live_server, sign_in, ana, fund)
    facts_on(reader)
    assert reader.evaluate(BOXES) == [words for _, words in FACTS]
    assert texts(reader) == TEXT
    expect(reader.locator("#left > .of-facts")).to_have_text("left: 2 figures, 1 date, 2 names, 1 quotation")


def test_escape_clears_and_then_leaves(reader):
    facts_on(reader)
    reader.keyboard.press("Tab")
    reader.keyboard.press("Escape")
    assert reader.evaluate(IN_HAND) is None
    expect(reader.locator(".fact").first).to_be_visible()
    reader.keyboard.press("Escape")
    expect(reader.locator(".fact")).to_have_count(0)
    expect(reader.locator("#article")).to_be_focused()
    reader.keyboard.press("Tab")
    expect(reader.locator("#article")).not_to_be_focused()


def test_the_mode_is_remembered_by_person(reader, fund, live_server, sign_in, ben):
    facts_on(reader)
    reader.reload()
    expect(reader.locator(".fact").first).to_be_visible()
    reader.context.clear_cookies()
    open_reader(reader, live_server, sign_in, ben, fund)
    expect(reader.locator(".fact")).to_have_count(0)


def test_the_bar_leads_to_the_facts(reader):
    link = reader.locator("#left .parts a", has_text="facts uncovered")
    expect(link).to_have_text("8 facts uncovered")
    link.click()
    expect(reader.locator(".fact").first).to_be_visible()
    assert reader.evaluate(IN_HAND) == "two to three years"
    expect(reader.locator("#article")).to_be_focused()


@pytest.fixture
def obstacles(desk, ana, ben, fund) -> int:
    """A disagreement that must be fixed, and one unanswered: its number."""
    opinion(desk, ana, fund, "Fund trails")
    place = Place(fund.pk, 0, 11, "Fund trails", "fact")
    tag(desk, author=ben, target=place, opinion=Opinion("disputed", must_fix=True), base=None)
    name_at_length(desk, fund, ana)
    at = TEXT.index("Its share")
    return mark(desk, author=ben, place=Place(fund.pk, at, at + 9, "Its share", "fact")).span_id


@pytest.mark.parametrize("width", [1600, 1280, 1024, 961, 390, 320])
def test_the_way_to_what_stands_in_the_way_stays(
    new_page, live_server, sign_in, ana, fund, obstacles, shot, width
):
    page = new_page(viewport={"width": width, "height": 800})
    reader = open_reader(page, live_server, sign_in, ana, fund)
    facts_on_by_button(reader)
    left = (
        reader.locator("#left")
        .get_by_text("left: 4 figures, 1 date, 2 names, 1 quotation")
        .locator("visible=true")
    )
    expect(left).to_have_count(1)
    assert left.bounding_box()["width"] >= 110
    reader.locator("#left summary").click()
    expect(reader.locator("#left .panel a:visible")).to_have_count(4)
    shot(reader, f"facts-can-run-{width}")
    boxes = [
        each.bounding_box() for each in reader.locator(".reader-bar > *:visible, #left > *:visible").all()
    ]
    assert max(box["x"] + box["width"] for box in boxes) <= width - 8
    assert reader.locator(".reader-bar").bounding_box()["height"] < 60
    assert reader.evaluate("document.documentElement.scrollWidth") <= width
    reader.locator("#left .panel a", has_text="unanswered").click()
    expect(reader.locator("#card")).to_have_attribute("data-n", str(obstacles))


@pytest.mark.parametrize("width", [1280, 390])
def test_it_looks_right(new_page, live_server, sign_in, ana, ben, desk, fund, axe, shot, width):
    opinion(desk, ben, fund, "18% at home", "disputed")
    opinion(desk, ben, fund, "Fund trails rivals by two to three years", "needs_source")
    page = new_page(viewport={"width": width, "height": 844}, has_touch=width == 390)
    reader = open_reader(page, live_server, sign_in, ana, fund)
    facts_on_by_button(reader)
    shot(reader, f"facts-{width}")
    assert axe(reader) == []


def facts_on_by_button(page: Page) -> None:
    more = page.get_by_role("button", name="More")
    if more.is_visible():
        more.click()
    page.get_by_role("button", name="Facts").click()
    expect(page.locator(".fact").first).to_be_visible()


LEFT = "#left .sum .of-facts"


def test_a_thumb_walks_the_facts_and_tags_one(phone, fund, shot):
    page = phone(fund)
    facts_on_by_button(page)
    expect(page.locator("#toolbar").get_by_role("button", name="Sentences")).to_be_hidden()
    tap(page, "Next fact")
    in_hand(page, "two to three years")
    tap(page, "Next fact")
    in_hand(page, "$1 billion")
    sound(page)
    shot(page, "facts-thumb")
    expect(page.locator(LEFT)).to_have_text("left: 4 figures, 1 date, 2 names, 1 quotation")
    in_the_bar(page, "Needs source")
    saved(page, "needs source")
    assert Span.objects.get().quote == "$1 billion"
    expect(page.locator(LEFT)).to_have_text("left: 3 figures, 1 date, 2 names, 1 quotation")
    sound(page)
    shot(page, "facts-thumb-tagged")
    tap(page, "Next fact")
    in_hand(page, "last year")
    tap(page, "Previous fact")
    in_hand(page, "two to three years")
    tap(page, "Previous fact")
    expect(page.locator("#toast")).to_contain_text("No more facts this way.")
    in_hand(page, "two to three years")


def test_a_box_that_is_tapped_is_in_hand(phone, desk, ben, fund):
    opinion(desk, ben, fund, "18% at home")
    page = phone(fund)
    facts_on_by_button(page)
    page.locator(".fact", has_text="Mei Tanaka").tap()
    in_hand(page, "Mei Tanaka")
    expect(page.locator("#said")).to_contain_text("name, Mei Tanaka. 4 of 7.")
    in_the_bar(page, "Verified")
    saved(page, "verified")
    assert Span.objects.filter(quote="Mei Tanaka").exists()
    expect(page.locator(LEFT)).to_have_text("left: 3 figures, 1 date, 1 name, 1 quotation")
    page.locator("#sheet .grip").tap()
    page.locator(".fact", has_text="18%").tap()
    in_hand(page, "18% at home")  # what somebody has judged is their claim


def test_a_click_takes_a_box_and_a_double_click_its_word(reader):
    facts_on(reader)
    reader.locator(".fact", has_text="47%").click()
    in_hand(reader, "47%")
    reader.locator(".fact", has_text="Mei Tanaka").dblclick(position={"x": 10, "y": 12})
    in_hand(reader, "Mei")
    reader.get_by_role("button", name="Next fact").click()
    in_hand(reader, "Harbour Capital")
    expect(reader.get_by_role("button", name="Next fact")).to_be_focused()
    press(reader, "f")
    expect(reader.get_by_role("button", name="Next fact")).to_be_hidden()
