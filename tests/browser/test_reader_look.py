"""The reader's page as a whole: axe, no sideways scrolling, and what it weighs."""

import gzip
import random
import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from annotations.models import Article
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, set_checkable, tag
from annotations.services.evidence import Citation, NewSource, add_evidence
from tests.browser.conftest import DESKTOP, PHONE
from tests.conftest import blocks_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCRIPTS = Path(settings.BASE_DIR) / "annotations/static/annotations/js"


@pytest.fixture
def busy_article(desk, ana, ben, article, place):
    """A claim of each kind of look, one with reasons, sources and two opinions."""
    first = tag(
        desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed", "It is 30."), base=None
    )
    tag(desk, author=ben, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    source = NewSource("web", {"title": "Register", "url": "https://harbour.example/register"})
    cited = Citation(stance="contradicts", locator="page 4", excerpt="thirty bridges")
    add_evidence(desk, author=ana, span_id=first.span_id, source=source, citation=cited)
    tag(desk, author=ana, target=place("$2 billion"), opinion=Opinion("needs_source"), base=None)
    tag(desk, author=ana, target=place("Two more"), opinion=Opinion("verified"), base=None)
    mark(desk, author=ana, place=place("harbour"))
    reason = {"not_checkable": True, "reason": "opinion"}
    set_checkable(desk, author=ana, target=place("counted"), **reason)
    return article, first.span_id


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing(new_page, live_server, sign_in, ana, busy_article, axe, shot, viewport):
    article, span_id = busy_article
    page = sign_in(new_page(viewport=viewport), ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/")
    expect(page.locator("#article")).to_be_visible()
    assert axe(page) == []
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={span_id}")
    for fold in ("#why", "#add-source", "#note"):
        page.locator(f"{fold} > summary").click()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, f"reader-{viewport['width']}")


@pytest.mark.parametrize("dialog", ["shortcuts", "not-checkable"])
def test_axe_finds_nothing_in_the_dialogs(page, live_server, sign_in, ana, busy_article, axe, dialog):
    sign_in(page, ana).goto(f"{live_server.url}/c/desk/articles/{busy_article[0].pk}/")
    page.evaluate("id => document.getElementById(id).showModal()", dialog)
    assert axe(page) == []


@pytest.mark.parametrize("width", [320, 768, 1024, 1600])
def test_nothing_scrolls_sideways(new_page, live_server, sign_in, ana, busy_article, width):
    article, span_id = busy_article
    page = sign_in(new_page(viewport={"width": width, "height": 800}), ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={span_id}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def weight(names) -> int:
    return sum(len(gzip.compress((SCRIPTS / name).read_bytes(), 9)) for name in names)


def loaded_with(name: str) -> set[str]:
    """The module and all that it imports at once; what it imports when it is first needed is not among them."""
    found, edge = set(), {name}
    while edge:
        found |= edge
        texts = [(SCRIPTS / each).read_text() for each in edge]
        edge = {
            each for text in texts for each in re.findall(r'(?:from|import) "\./([\w.-]+)";', text)
        } - found
    return found


def test_our_scripts_are_light():
    """The limits of ADR 10."""
    on_opening = loaded_with("keys.js") | {"page.js"}
    assert weight(on_opening) <= 18.5 * 1024, {name: weight([name]) for name in on_opening}
    assert weight(path.name for path in SCRIPTS.glob("*.js")) <= 56 * 1024


def test_what_is_loaded_on_opening_is_fetched_at_once():
    page = (Path(settings.BASE_DIR) / "templates/annotations/article_detail.html").read_text()
    preloaded = set(re.findall(r"modulepreload.*annotations/js/([\w.-]+)'", page))
    assert preloaded == loaded_with("keys.js") - {"keys.js"}


@pytest.fixture
def long_article(desk, edith) -> Article:
    """100,000 characters in 172 paragraphs, of words as frequent as in English."""
    rng = random.Random(7)
    words = ["".join(rng.choices("etaoinshrdlucmfwypvbgk", k=rng.randint(2, 10))) for _ in range(4000)]
    weights = [1 / (n + 1) for n in range(len(words))]
    lines = [" ".join(rng.choices(words, weights, k=110))[:580].strip() for _ in range(172)]
    text = "\n".join(lines)[:100_000]
    details = Details(title="Long", language="en", blocks=blocks_of(text))
    return Article.objects.get(pk=import_article(desk, author=edith, text=text, details=details).article_id)


@pytest.fixture
def two_thousand_claims(desk, ana, long_article):
    from annotations.models import ClaimState, Revision, Span

    rng, text = random.Random(8), long_article.text
    places = set()
    while len(places) < 2000:
        start = rng.randrange(len(text) - 700)
        places.add((start, start + rng.choice([8, 20, 60, 120, 120, 200, 600])))
    mark(desk, author=ana, place=Place(long_article.pk, 0, 5, text[:5]))
    number = Revision.objects.latest("number").number
    spans = Span.objects.bulk_create(
        Span(article=long_article, start=a, end=b, quote=text[a:b]) for a, b in sorted(places)
    )
    kinds = [("agreed", "verified"), ("agreed", "disputed"), ("contested", None), ("to_check", None)]
    states = []
    for span in spans:
        status, verdict = rng.choice(kinds)
        counts = {"verified": 1, "disputed": 1} if status == "contested" else {verdict: 2} if verdict else {}
        states.append(
            ClaimState(
                collection=desk, span=span, status=status, verdict=verdict, counts=counts, created_in=number
            )
        )
    ClaimState.objects.bulk_create(states)
    return long_article


def test_a_long_article_with_2000_claims_is_light(page, live_server, sign_in, ana, two_thousand_claims):
    requests, sizes = [], []
    page.on("request", lambda request: requests.append(request.url))
    sign_in(page, ana)
    answer = page.goto(f"{live_server.url}/c/desk/articles/{two_thousand_claims.pk}/")
    page.wait_for_load_state("networkidle")
    html = answer.text()
    whole = len(gzip.compress(html.encode(), 6))
    article = html[html.index("<article") : html.index("</article>")]
    sizes = (whole, len(gzip.compress(article.encode(), 6)))
    assert sizes[0] <= 110_000, sizes
    assert sizes[1] <= 90_000, sizes
    # Deployed, the components of site.css arrive as one file.
    components = [url for url in requests if "/css/" in url and not url.endswith(("site.css", "reader.css"))]
    # What asks a second after the page is there, whether anything changed, is not what opening it costs.
    live = [url for url in requests if url.endswith("/live.js") or "/since/" in url]
    assert len(requests) - len(components) - len(live) <= 18, requests
    assert page.locator("#claims > .claim").count() == 50
    page.get_by_role("button", name="Show more claims").click()
    expect(page.locator("#claims > .claim")).to_have_count(100)
    expect(page.locator(".ref")).to_have_count(2001)
    texts = page.evaluate("[...document.querySelectorAll('.block')].map(b => b.textContent).join('\\n')")
    assert texts == two_thousand_claims.text


WIDER = """spacing => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`.toolbar button { letter-spacing: ${spacing}; }`);
  document.adoptedStyleSheets = [sheet];
}"""


def overflow(page, inner: str, outer: str) -> float:
    """By how many pixels something of `inner` stands out of `outer`, on either side."""
    return page.evaluate(
        """([inner, outer]) => {
          const box = document.querySelector(outer).getBoundingClientRect();
          return Math.max(...[...document.querySelectorAll(inner)].filter(each => each.offsetWidth).map(each => {
            const { left, right } = each.getBoundingClientRect();
            return Math.max(right - box.right, box.left - left);
          }));
        }""",
        [inner, outer],
    )


@pytest.mark.parametrize("width", [390, 1024, 1280, 1600])
def test_the_toolbar_stays_in_its_column(new_page, live_server, sign_in, ana, busy_article, shot, width):
    page = sign_in(new_page(viewport={"width": width, "height": 800}), ana)
    page.goto(f"{live_server.url}/c/desk/articles/{busy_article[0].pk}/")
    shot(page, f"toolbar-{width}")
    for letters in ("normal", "0.06em"):
        page.evaluate(WIDER, letters)
        assert overflow(page, ".toolbar .judge button", ".toolbar") <= 0, letters
    page.evaluate(WIDER, "normal")
    assert overflow(page, ".toolbar button", ".toolbar") <= 0
    assert page.evaluate(
        "[...document.querySelectorAll('.toolbar button')].every(b => b.scrollWidth <= b.clientWidth)"
    )


@pytest.mark.parametrize("end", ["", "#r"], ids=["claim", "claim-and-mark"])
@pytest.mark.parametrize("line", [0, 30, 59])
def test_on_a_phone_the_sentence_stands_above_the_sheet(
    new_page, live_server, sign_in, desk, edith, ana, shot, end, line
):
    text = "\n".join(
        f"Line {n}: the bridge of the old harbour was opened again in {1900 + n}." for n in range(60)
    )
    details = Details(title="Bridges", language="en", blocks=blocks_of(text))
    article = import_article(desk, author=edith, text=text, details=details).article_id
    words = f"again in {1900 + line}"
    place = Place(article, text.index(words), text.index(words) + len(words), words)
    said = Opinion("disputed", "Why. " * 200)
    span = tag(desk, author=ana, target=place, opinion=said, base=None).span_id
    page = sign_in(new_page(viewport=PHONE), ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article}/?claim={span}{end and f'{end}{span}'}")
    page.wait_for_load_state("networkidle")
    shot(page, f"sheet-{line}{end and '-mark'}")
    sentence = page.locator(".h.d").bounding_box()
    assert sentence["y"] >= page.locator(".bar").bounding_box()["height"]
    assert sentence["y"] + sentence["height"] <= page.locator("#card").bounding_box()["y"]
