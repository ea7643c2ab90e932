"""On paper: no bars, every claim, and readable without colour."""

import pytest
from playwright.sync_api import expect

from annotations.services.claims import Opinion, Place, mark, tag
from tests.browser.test_reader_claims import new_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_reader_itself_prints_its_text_and_the_list_of_claims(
    new_page, live_server, sign_in, desk, ana, article, place, shot, width
):
    """Ctrl+P, and nothing else pressed."""
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed", "It is 30."), base=None)
    page = sign_in(new_page(viewport={"width": width, "height": 800}), ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.emulate_media(media="print")
    for shown in ("#article", "#claims .claim", ".hint.print-only"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in (".bar", "#toolbar", "#card", "#beside-selection", "#toasts", ".partly"):
        expect(page.locator(hidden).first).to_be_hidden()
    boxes = [page.locator(each).bounding_box() for each in ("#article", "#claims")]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
    shot(page, f"print-reader-{width}", full_page=True)
    assert page.pdf(format="A4")


def printed(page) -> str:
    """What stands under the list of claims on paper, with what the style sheet counts."""
    page.emulate_media(media="print")
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    texts = [each["name"]["value"] for each in tree if each.get("role", {}).get("value") == "StaticText"]
    page.emulate_media(media="screen")
    return "".join(texts)


def test_paper_says_when_it_has_not_all_claims(page, live_server, sign_in, desk, edith, ana, shot):
    text = "\n".join(f"Line {n} of the harbour." for n in range(123))
    article = new_article(desk, edith, text)
    lines = [mark(desk, author=ana, place=line_of(article, n)).span_id for n in range(123)]
    sign_in(page, ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/")
    assert "50 of 123 claims; the proof sheet has all." in printed(page)
    expect(page.locator(".partly")).to_be_hidden()
    page.get_by_role("button", name="Show more claims").click()
    expect(page.locator("#claims > .claim")).to_have_count(100)
    assert "100 of 123 claims; the proof sheet has all." in printed(page)
    page.get_by_role("button", name="Show more claims").click()
    expect(page.locator("#claims > .claim")).to_have_count(123)
    assert "the proof sheet has all" not in printed(page)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={lines[100]}")
    expect(page.locator("#claims > .claim")).to_have_count(28)
    assert "28 of 123 claims; the proof sheet has all." in printed(page)
    assert page.pdf(format="A4")


def line_of(article, number: int) -> Place:
    quote = f"Line {number} of the harbour."
    start = article.text.index(quote)
    return Place(article.pk, start, start + len(quote), quote)


def test_with_a_text_beside_and_facts_boxed_paper_has_the_text_as_ever(
    page, live_server, sign_in, desk, edith, ana, article, place
):
    span = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id
    other = new_article(desk, edith, "Another text.")
    sign_in(page, ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?beside={other.pk}&claim={span}")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("f")
    expect(page.locator(".fact").first).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator("#other")).to_be_focused()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    expect(page.locator("#article")).to_be_visible()
    text, claims = (page.locator(each).bounding_box() for each in ("#article", ".claims-section"))
    assert claims["y"] - text["y"] - text["height"] < 60
    drawn = page.locator(".fact").first.evaluate("each => getComputedStyle(each).boxShadow")
    assert "rgba(0, 0, 0, 0)" in drawn
