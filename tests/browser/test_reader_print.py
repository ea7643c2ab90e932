"""On paper: no bars, every claim, and readable without colour."""

import pytest
from playwright.sync_api import expect

from annotations.services.claims import Opinion, tag

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
    for shown in ("#article", "#claims .claim", ".print-only"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in (".bar", "#toolbar", "#card", "#beside-selection", "#toasts"):
        expect(page.locator(hidden).first).to_be_hidden()
    boxes = [page.locator(each).bounding_box() for each in ("#article", "#claims")]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
    shot(page, f"print-reader-{width}", full_page=True)
    assert page.pdf(format="A4")
