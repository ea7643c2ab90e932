"""The proof sheet on paper: a PDF by Chromium, whose pages are read; and on a screen."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from annotations.models import Article
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, tag
from annotations.services.evidence import Citation, NewSource, add_evidence
from annotations.services.legal import ask_legal
from annotations.services.rulings import rule
from tests.conftest import blocks_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.fixture
def worked(desk, ana, ben, edith, article, place):
    said = Opinion("disputed", "The register of May has 30.", problem="figure", should_read="30 bridges")
    span = tag(desk, author=ana, target=place("31 bridges"), opinion=said, base=None).span_id
    tag(desk, author=ben, target=span, opinion=Opinion("verified", "The mayor said so."), base=None)
    details = {
        "title": "Register of bridges",
        "publisher": "Harbour office",
        "url": "https://harbour.example/r",
    }
    cited = Citation("contradicts", "p. 12", "thirty bridges, of which two are closed")
    add_evidence(desk, author=ana, span_id=span, source=NewSource("web", details), citation=cited)
    ask_legal(desk, author=ana, span_id=span, question="May we name the mayor?", base=None)
    rule(
        desk,
        author=edith,
        span_id=span,
        verdict="disputed",
        rationale="The register is first hand.",
        base=None,
    )
    tag(desk, author=ana, target=place("$2 billion"), opinion=Opinion("needs_source"), base=None)
    tag(desk, author=ben, target=place("Two more open in May"), opinion=Opinion("verified"), base=None)
    return span


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_from_the_reader_to_paper(page, live_server, sign_in, ana, article, worked, axe, shot, paper):
    sign_in(page, ana).goto(f"{live_server.url}/c/desk/articles/{article.pk}/")
    page.get_by_role("link", name="Proof sheet").click()
    expect(page.locator(".proof-claims > ol > li")).to_have_count(3)
    page.emulate_media(media="print")
    expect(page.locator(".proof-bar")).to_be_hidden()
    assert page.locator(".h.d").first.evaluate("each => getComputedStyle(each).textDecorationStyle") == "wavy"
    shot(page, f"proof-{paper}", full_page=True)
    assert pages_of(page.pdf(format=paper)) >= 1
    page.emulate_media(media="screen")
    assert axe(page) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_on_a_screen(new_page, live_server, sign_in, desk, edith, article, worked, axe, shot, width):
    touch = {"has_touch": True, "is_mobile": True} if width == 390 else {}
    page = sign_in(new_page(viewport={"width": width, "height": 844}, **touch), edith)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/proof/")
    shot(page, f"proof-{width}", full_page=True)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("As of change").fill("3")
    page.keyboard.press("Enter")
    expect(page.locator(".proof-head")).to_contain_text("change 3 of The desk")
    expect(page.locator(".proof-claims > ol > li")).to_have_count(1)


def test_u_leads_on_from_the_sheet(page, live_server, sign_in, ana, ben, article, worked):
    """As from every page; on paper there is nothing of it."""
    sign_in(page, ana).goto(f"{live_server.url}/c/desk/articles/{article.pk}/proof/")
    page.emulate_media(media="print")
    expect(page.get_by_text("Next", exact=False).first).to_be_hidden()
    page.emulate_media(media="screen")
    expect(page.get_by_role("link", name="Next")).to_be_visible()
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile(r"claim=\d+#r\d+$"))


A4_IN_PX = (210 / 25.4 * 96, 297 / 25.4 * 96)


def test_a_long_article_asks_the_printer_to_tear_no_claim(
    page, live_server, sign_in, desk, ana, edith, shot, tmp_path
):
    """Each claim's box is to stand on one page, and fits on one; where the pages of the PDF break is not read."""
    text = "\n".join(
        f"Paragraph {n} says that {n * 7} ships came in, and that nobody counted them twice. " * 4
        for n in range(60)
    )
    stored = import_article(
        desk, author=edith, text=text, details=Details(title="Ships", blocks=blocks_of(text))
    )
    article = Article.objects.get(pk=stored.article_id)
    for n in range(40):
        quote = f"{n * 7} ships came in"
        start = text.index(f"Paragraph {n} says that {quote}") + len(f"Paragraph {n} says that ")
        place = Place(article.pk, start, start + len(quote), quote)
        opinion = Opinion("verified", "As the harbour office told us on the day. " * (1 + n % 6))
        tag(desk, author=ana, target=place, opinion=opinion, base=None)
    page = sign_in(page, ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/proof/")
    pdf = page.pdf(format="A4", path=str(Path(os.environ.get("AIGAP_SHOTS", tmp_path)) / "proof.pdf"))
    assert pages_of(pdf) > 10
    page.emulate_media(media="print")
    page.set_viewport_size({"width": round(A4_IN_PX[0] * 0.8), "height": 844})
    boxes = page.evaluate(
        "[...document.querySelectorAll('.proof-claims > ol > li')]"
        ".map(each => [getComputedStyle(each).breakInside, each.offsetHeight])"
    )
    assert len(boxes) == 40
    assert {inside for inside, _ in boxes} == {"avoid"}
    assert max(height for _, height in boxes) < A4_IN_PX[1] / 2
