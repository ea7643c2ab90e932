"""On paper: no bars, every claim, and readable without colour."""

import re

import pytest
from playwright.sync_api import expect

from annotations.services.claims import Opinion, tag

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_article_prints_with_its_claims(
    page, live_server, sign_in, desk, ana, article, place, axe, shot, paper
):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed", "It is 30."), base=None)
    sign_in(page, ana).goto(f"{live_server.url}/c/desk/articles/{article.pk}/")
    page.get_by_role("link", name="Print").click()
    expect(page.locator(".printed-claims li")).to_have_count(1)
    page.emulate_media(media="print")
    for hidden in (".bar", ".no-print"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.locator(".h.d").evaluate("each => getComputedStyle(each).textDecorationStyle") == "wavy"
    shot(page, f"print-{paper}", full_page=True)
    pdf = page.pdf(format=paper)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 1
    page.emulate_media(media="screen")
    assert axe(page) == []


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
    for shown in ("#article", "#claims .claim", ".print-only"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in (".bar", "#toolbar", "#card", "#beside-selection", "#toasts"):
        expect(page.locator(hidden).first).to_be_hidden()
    boxes = [page.locator(each).bounding_box() for each in ("#article", "#claims")]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
    shot(page, f"print-reader-{width}", full_page=True)
    assert page.pdf(format="A4")
