"""Another text beside the article: chosen, aligned and cited, by keyboard, by mouse and by touch."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Annotation, Article, Evidence, SourceDetails
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, tag
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.fingers import select
from tests.browser.test_reader_claims import open_reader, press, saved
from tests.conftest import blocks_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILLER = "\n".join(f"Item {n} was read and noted without a vote by the members present." for n in range(40))
MINUTES = f"Minutes of the council 🌉\n{FILLER}\n“We have almost 31 bridges in the harbour,” said the mayor.\n{FILLER}x"
WORDS = "almost 31 bridges in the harbour"


def bring(desk, editor, text, **details) -> Article:
    details = Details(blocks=blocks_of(text), language="en", **details)
    return Article.objects.get(pk=import_article(desk, author=editor, text=text, details=details).article_id)


@pytest.fixture
def minutes(desk, edith) -> Article:
    told = {
        "title": "Minutes of the council",
        "publisher": "City of Harbour",
        "published_on": date(2026, 3, 4),
    }
    return bring(desk, edith, MINUTES, role="reference", **told)


@pytest.fixture
def claim(desk, ana, article, place, minutes) -> int:
    return mark(desk, author=ana, place=place("31 bridges in the harbour, the mayor said")).span_id


@pytest.fixture
def reader(page, live_server, sign_in, ana, article, claim) -> Page:
    return open_reader(page, live_server, sign_in, ana, article)


def other(page: Page):
    return page.locator("#other")


def in_view(page: Page, words: str) -> bool:
    """Whether the block with these words is within the scroll of the text beside."""
    return page.evaluate(
        """words => {
          const block = [...document.querySelectorAll("#other .block")].find(b => b.textContent.includes(words));
          const box = block.getBoundingClientRect(), view = document.getElementById("other").getBoundingClientRect();
          return box.top >= view.top - 1 && box.bottom <= view.bottom + 1;
        }""",
        words,
    )


def the_one_source() -> tuple[Evidence, SourceDetails]:
    row = Evidence.objects.current().select_related("source").get()
    return row, SourceDetails.objects.current().get(source=row.source)


def test_by_keyboard_alone_from_the_list_to_the_cited_words(reader, minutes, claim, shot):
    press(reader, "b")
    expect(reader.locator("#beside-q")).to_be_focused()
    shot(reader, "beside-chooser")
    reader.keyboard.type("minutes")
    expect(reader.locator("#beside-list a")).to_have_count(1)
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("Enter")
    expect(other(reader)).to_be_visible()
    assert f"beside={minutes.pk}" in reader.url
    expect(reader.locator("#article")).to_be_focused()
    reader.keyboard.press("u")
    expect(reader.locator("#card")).to_have_attribute("data-n", str(claim))
    reader.keyboard.press("a")
    expect(reader.locator("#toast")).to_contain_text("Best match: “")
    expect(reader.locator("#toast")).to_contain_text("% alike")
    assert in_view(reader, WORDS)
    reader.keyboard.press("t")
    expect(other(reader)).to_be_focused()
    for _ in range(4):
        reader.keyboard.press("Shift+Alt+ArrowRight")
    reader.keyboard.press("c")
    expect(reader.locator("#add-source")).to_have_attribute("open", "")
    excerpt = reader.locator("#f-excerpt-new").input_value()
    shot(reader, "beside-cite")
    reader.keyboard.press("ArrowRight")
    reader.keyboard.press("Control+Enter")
    saved(reader, "source added")
    row, details = the_one_source()
    assert (row.span_id, row.stance, row.excerpt) == (claim, "contradicts", excerpt)
    start = MINUTES.index(excerpt)
    assert row.locator == f"paragraph 42, characters {start}–{start + len(excerpt)}"
    assert (row.source.kind, row.source.article_id) == ("article", minutes.pk)
    assert (details.title, details.publisher) == ("Minutes of the council", "City of Harbour")
    assert details.published_on == date(2026, 3, 4)


def scrolled(page: Page, pane: str, least: int) -> None:
    for _ in range(100):
        if page.locator(pane).evaluate("pane => pane.scrollTop") >= least:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{pane} does not scroll")


def select_there(page: Page, words: str) -> None:
    page.evaluate(
        """words => {
          const walker = document.createTreeWalker(document.getElementById("other"), NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(words);
            if (at < 0) continue;
            walker.currentNode.parentElement.scrollIntoView({ block: "center" });
            return getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + words.length);
          }
        }""",
        words,
    )


def test_words_selected_there_are_cited_exactly(reader, live_server, article, minutes, claim, shot):
    reader.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?beside={minutes.pk}")
    reader.wait_for_load_state("networkidle")
    select_there(reader, WORDS)
    reader.locator("#article").focus()
    reader.keyboard.press("c")
    expect(reader.locator("#toast")).to_contain_text("Choose a claim first.")
    reader.keyboard.press("u")
    expect(reader.locator("#card")).to_have_attribute("data-n", str(claim))
    select_there(reader, WORDS)
    reader.get_by_role("button", name="Cite these words").click()
    expect(reader.locator("#f-excerpt-new")).to_have_value(WORDS)
    reader.keyboard.press("Control+Enter")
    saved(reader, "source added")
    row, _ = the_one_source()
    start = minutes.text.index(WORDS)
    assert row.excerpt == minutes.text[start : start + len(WORDS)]
    assert row.locator.endswith(f"characters {start}–{start + len(WORDS)}")
    shot(reader, "beside-cited")


def test_each_text_has_its_own_scroll_and_a_reload_keeps_it(
    reader, live_server, article, minutes, desk, edith
):
    long = bring(desk, edith, f"A long read\n{FILLER}\n{FILLER[:-1]}!", title="A long read")
    reader.goto(f"{live_server.url}/c/desk/articles/{long.pk}/?beside={minutes.pk}")
    for pane in (".reader-text", "#other"):
        box = reader.locator(pane).bounding_box()
        reader.mouse.move(box["x"] + 200, box["y"] + box["height"] - 60)
        reader.mouse.wheel(0, 300)
        scrolled(reader, pane, 200)
    tops = reader.evaluate(
        "[scrollY, document.querySelector('.reader-text').scrollTop, document.getElementById('other').scrollTop]"
    )
    assert tops[0] == 0
    assert tops[1] >= 200
    assert tops[2] >= 200
    width = reader.locator("#other").bounding_box()["width"]
    assert 540 <= width <= 600
    reader.reload()
    expect(other(reader)).to_be_visible()
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_b_again_closes_it_and_the_address_forgets(reader, minutes, article, live_server):
    reader.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?beside={minutes.pk}")
    reader.wait_for_load_state("networkidle")
    press(reader, "b")
    expect(other(reader)).to_have_count(0)
    expect(reader.locator("#article")).to_be_focused()
    assert "beside" not in reader.url
    press(reader, "b")
    expect(reader.locator("#beside-q")).to_be_focused()
    reader.keyboard.press("Escape")
    expect(reader.locator("#beside-chooser")).to_be_hidden()
    assert "beside" not in reader.url


def test_from_there_back_to_this_text(reader, live_server, article, minutes):
    reader.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?beside={minutes.pk}")
    reader.wait_for_load_state("networkidle")
    select_there(reader, "We have almost 31 bridges in the harbour")
    other(reader).focus()
    reader.keyboard.press("a")
    expect(reader.locator("#toast")).to_contain_text("Best match: “There are 31 bridges in the harbour")
    select_there(reader, "Item 7 was read and noted without a vote")
    other(reader).focus()
    reader.keyboard.press("a")
    expect(reader.locator("#toast")).to_contain_text("Nothing there tells the same.")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_keys_that_judge_say_from_there_where_they_work(
    new_page, live_server, sign_in, ana, article, minutes, claim, well_placed, viewport
):
    query = f"&claim={claim}"
    page = open_beside(new_page, live_server, sign_in, ana, article, minutes, query, viewport=viewport)
    press(page, "t")
    expect(other(page)).to_be_focused()
    for key in "vdnemz":
        page.keyboard.press(key)
        expect(page.locator("#said")).to_contain_text("press t to judge in yours, c to cite")
        page.locator("#toast").evaluate("each => each.remove()")
        page.evaluate("document.getElementById('said').textContent = ''")
    page.keyboard.press("v")
    well_placed(page, f"beside-told-{viewport['width']}")
    assert not Annotation.objects.exists()
    page.keyboard.press("t")
    expect(page.locator("#article")).to_be_focused()
    page.keyboard.press("v")
    saved(page, f"Claim {claim}: verified")


def test_a_viewer_hears_there_of_no_key_to_judge_with(
    page, live_server, sign_in, desk, ana, vera, article, minutes, place
):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    open_reader(page, live_server, sign_in, vera, article)
    page.goto(f"{page.url}?beside={minutes.pk}")
    page.wait_for_load_state("networkidle")
    press(page, "t")
    expect(other(page)).to_be_focused()
    page.keyboard.press("v")
    expect(page.locator("#toast")).to_have_text("You are in the text beside: press t for yours.")


def test_marks_there_are_shown_and_lead_there(page, live_server, sign_in, desk, ana, edith, article, claim):
    text = "Another paper\nIt counted 31 bridges."
    paper = bring(desk, edith, text, title="Another paper")
    place = Place(paper.pk, 25, 35, text[25:35])
    span = tag(desk, author=ana, target=place, opinion=Opinion("disputed"), base=None).span_id
    reader = open_reader(page, live_server, sign_in, ana, article)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?beside={paper.pk}")
    expect(reader.locator("#other .h.d")).to_have_text("31 bridges")
    expect(reader.locator("#article .h.m")).to_have_count(1)
    reader.get_by_role("link", name="Work on this text").click()
    expect(reader.locator("#article .h.d")).to_have_text("31 bridges")
    expect(reader.locator("#other .h.m")).to_have_count(1)
    reader.locator("#other .ref").dispatch_event("click")
    reader.wait_for_url("**claim=*")
    assert f"/articles/{article.pk}/?claim={claim}" in reader.url
    assert span != claim


def test_on_a_phone_one_text_at_a_time_by_touch(
    new_page, live_server, sign_in, ana, article, minutes, claim, axe, shot
):
    page = new_page(viewport=PHONE, has_touch=True)
    open_reader(page, live_server, sign_in, ana, article)
    page.get_by_role("button", name="More").tap()
    page.locator(".toolbar").get_by_role("button", name="Beside").tap()
    page.get_by_role("link", name="Minutes of the council").tap()
    expect(page.locator("#article")).to_be_visible()
    expect(other(page)).not_to_be_visible()
    page.locator("#article .h").tap()
    expect(page.locator("#card")).to_have_attribute("data-n", str(claim))
    shot(page, "beside-phone-this")
    page.get_by_label("Beside", exact=True).tap()
    expect(other(page)).to_be_visible()
    page.get_by_role("button", name="Align").tap()
    expect(page.locator("#toast")).to_contain_text("% alike")
    assert in_view(page, WORDS)
    shot(page, "beside-phone-other")
    select_there(page, WORDS)
    page.get_by_role("button", name="Cite these words").tap()
    expect(page.locator("#f-excerpt-new")).to_have_value(WORDS)
    shot(page, "beside-phone-cite")
    page.locator("#add-source").get_by_role("button", name="Save").tap()
    saved(page, "source added")
    assert the_one_source()[0].excerpt == WORDS
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []


def test_axe_finds_nothing(new_page, live_server, sign_in, ana, article, minutes, claim, axe, shot):
    page = new_page()
    open_reader(page, live_server, sign_in, ana, article)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?beside={minutes.pk}&claim={claim}")
    page.wait_for_load_state("networkidle")
    press(page, "a")
    expect(page.locator("#toast")).to_contain_text("% alike")
    shot(page, "beside")
    assert axe(page) == []
    press(page, "b", "b")
    expect(page.locator("#beside-q")).to_be_focused()
    assert axe(page) == []


def test_without_scripts_links_do(browser, live_server, sign_in, ana, article, minutes, claim):
    page = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800}).new_page()
    sign_in(page, ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/")
    page.get_by_role("link", name="Beside").click()
    page.get_by_label("Title or publisher").fill("minutes")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Minutes of the council").click()
    expect(page.locator("#other")).to_contain_text(WORDS)
    page.get_by_role("link", name="Close").click()
    expect(page.locator("#other")).to_have_count(0)
    page.context.close()


def test_the_card_shows_what_a_quotation_made_of_its_origin(
    new_page, live_server, sign_in, desk, edith, ana, axe, shot
):
    from annotations.services.evidence import Citation, NewSource, add_evidence

    words = "“Two ferries will open next year,” the mayor said"
    quoting = bring(desk, edith, f"Ferries\n{words}.", title="Ferries")
    spoken = "Two ferries could open almost next year."
    speech = bring(desk, edith, f"Speech\nI thank you. {spoken}", title="Speech", role="reference")
    span = mark(desk, author=ana, place=Place(quoting.pk, 8, 8 + len(words), words)).span_id
    source = NewSource("article", {"title": "Speech"}, article_id=speech.pk)
    add_evidence(desk, author=ana, span_id=span, source=source, citation=Citation(excerpt=spoken))
    page = new_page()
    open_reader(page, live_server, sign_in, ana, quoting)
    page.goto(f"{live_server.url}/c/desk/articles/{quoting.pk}/?claim={span}")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".word-diff")).to_contain_text(
        "The article says “will” for “could”; leaves out “almost”."
    )
    shot(page, "word-diff")
    assert axe(page) == []
    page.get_by_role("link", name="beside", exact=True).click()
    expect(other(page)).to_contain_text(spoken)


@pytest.fixture
def versions(desk, edith, ana, article) -> tuple[Article, Article, int]:
    """The text before, the text now, and in that a claim that quotes the mayor with one word changed."""
    said = "“We will build two ferries next year,” the mayor said."
    before = f"Ferries\n{FILLER}\n{said}\n{FILLER}x"
    old = bring(desk, edith, before, title="Ferries", published_on=date(2026, 3, 4))
    text = before.replace("will build two", "could build two").replace("Ferries", "More ferries", 1)
    details = Details(blocks=blocks_of(text), language="en", title="More ferries")
    stored = import_article(desk, author=edith, text=text, details=details, supersedes=old.pk)
    new = Article.objects.get(pk=stored.article_id)
    quote = said.replace("will", "could")[:-1]
    start = text.index(quote)
    span = mark(desk, author=ana, place=Place(new.pk, start, start + len(quote), quote)).span_id
    return old, new, span


def test_an_earlier_version_beside_shows_what_was_changed_in_words(
    page, live_server, sign_in, ana, versions, shot
):
    old, new, span = versions
    reader = open_reader(page, live_server, sign_in, ana, new)
    press(reader, "b")
    earlier = reader.get_by_role("list", name="Earlier versions").get_by_role("link")
    expect(earlier).to_have_count(1)
    reader.keyboard.press("ArrowDown")
    expect(earlier).to_be_focused()
    reader.keyboard.press("Enter")
    expect(other(reader)).to_have_attribute("data-article", str(old.pk))
    press(reader, "u")
    expect(reader.locator("#card")).to_have_attribute("data-n", str(span))
    press(reader, "a")
    expect(reader.locator("#toast")).to_contain_text("Best match: ““We will build two ferries next year")
    assert in_view(reader, "We will build two ferries")
    press(reader, "t")
    expect(other(reader)).to_be_focused()
    reader.keyboard.press("c")
    expect(reader.locator("#f-excerpt-new")).to_have_value(
        "“We will build two ferries next year,” the mayor said."
    )
    reader.keyboard.press("Control+Enter")
    saved(reader, "source added")
    expect(reader.locator("#card .word-diff")).to_contain_text("The article says “could” for “will”.")
    shot(reader, "beside-earlier")
    row, _ = the_one_source()
    assert (row.span_id, row.source.article_id) == (span, old.pk)


def open_beside(new_page, live_server, sign_in, ana, article, minutes, query="", **options) -> Page:
    page = sign_in(new_page(**options), ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?beside={minutes.pk}{query}")
    page.wait_for_load_state("networkidle")
    return page


def test_on_a_phone_facts_are_walked_and_judged_with_a_text_beside(phone, article, minutes, claim, shot):
    page = phone(article, f"?beside={minutes.pk}")
    expect(page.locator("#card")).to_be_hidden()  # nothing is in hand, and the text has the room
    page.get_by_role("button", name="More").tap()
    page.get_by_role("button", name="Facts").tap()
    page.get_by_role("button", name="Next fact").tap()
    page.get_by_role("button", name="Verified", exact=True).tap()
    saved(page, "verified")
    shot(page, "beside-phone-facts")
    page.get_by_label("Beside", exact=True).tap()
    toast, bar = page.locator("#toast").bounding_box(), page.locator("#toolbar").bounding_box()
    assert toast["y"] + toast["height"] <= bar["y"]


def test_at_400_percent_the_bar_is_below_the_text(
    new_page, live_server, sign_in, ana, article, minutes, claim, shot
):
    zoomed = {"width": 320, "height": 256}
    page = open_beside(new_page, live_server, sign_in, ana, article, minutes, viewport=zoomed)
    shot(page, "beside-zoomed")
    text, bar = (page.locator(each).bounding_box() for each in (".reader-text", "#toolbar"))
    assert text["y"] + text["height"] <= bar["y"] + 1
    assert text["height"] > 0.9 * zoomed["height"]
    page.get_by_role("button", name="More").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Beside", exact=True).check()
    text, bar = (page.locator(each).bounding_box() for each in ("#beside", "#toolbar"))
    assert text["y"] + text["height"] <= bar["y"] + 1


def test_the_card_is_as_high_as_what_it_says(
    new_page, live_server, sign_in, desk, ana, article, minutes, claim
):
    for start in range(30):
        end = start + 3
        mark(desk, author=ana, place=Place(article.pk, start, end, article.text[start:end]))
    query = f"&claim={claim}"
    page = open_beside(new_page, live_server, sign_in, ana, article, minutes, query)
    head, quote = (page.locator(f"#card > {each}").bounding_box() for each in (".claim-head", ".quote"))
    assert quote["y"] - head["y"] - head["height"] < 20


def test_the_list_says_publisher_date_and_number(reader, desk, edith):
    bare = bring(desk, edith, "A text of nobody.", title="Bare")
    press(reader, "b")
    expect(reader.locator("#beside-q")).to_be_focused()
    lines = reader.locator("#beside-list .about").all_inner_texts()
    assert f"Number {bare.pk}" in lines
    assert any(line.startswith("City of Harbour · 4 March 2026 · Number ") for line in lines)


LINES = "\n".join(f"Line {n} says that {n} bridges stand in the old harbour of the city." for n in range(60))


def test_what_stands_beside_a_selection_does_not_stay_behind_when_the_column_is_scrolled(
    new_page, live_server, sign_in, desk, edith, ana, minutes
):
    article = bring(desk, edith, LINES, title="Lines")
    page = open_beside(new_page, live_server, sign_in, ana, article, minutes)
    page.locator("#article .block").nth(1).dblclick(position={"x": 80, "y": 12})
    expect(page.locator("#beside-selection")).to_be_visible()
    page.mouse.wheel(0, 120)
    expect(page.locator("#beside-selection")).to_be_hidden()


def test_the_handles_of_a_selection_go_with_the_column(phone, desk, edith, minutes):
    page = phone(bring(desk, edith, LINES, title="Lines"), f"?beside={minutes.pk}")
    select(page, "7 bridges")
    handle = page.locator(".handle.start")
    expect(handle).to_be_visible()
    before = handle.bounding_box()["y"]
    page.locator(".reader-text").evaluate("each => each.scrollBy(0, 100)")
    moved = "y => Math.abs(document.querySelector('.handle.start').getBoundingClientRect().y - y) < 2"
    page.wait_for_function(moved, arg=before - 100)
