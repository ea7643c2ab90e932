"""400 % zoom, no motion, colours of one's own: the reader stays whole."""

import pytest
from playwright.sync_api import expect

from annotations.models import Article
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, tag
from tests.browser.conftest import DESKTOP, PHONE
from tests.conftest import blocks_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ZOOMED = {"width": 320, "height": 256}
"""1280 × 1024 at 400 %."""
LINES = "\n".join(
    f"Line {n}: the bridge of the old harbour was opened again in {1900 + n}." for n in range(30)
)
UNDER = """() => {
  const each = document.activeElement;
  if (each === document.body) return null;
  if (each.matches("#article, #card, #main")) return "";
  const box = each.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height, 30) / 2];
  const top = document.elementFromPoint(x, y);
  const seen = top && (each.contains(top) || top.contains(each) || top.closest("label")?.contains(each));
  const where = `${Math.round(x)},${Math.round(y)} under ${top?.outerHTML.slice(0, 60)}`;
  return seen ? "" : `${each.outerHTML.slice(0, 80)} at ${where}`;
}"""


@pytest.fixture
def judged(desk, ana, ben, article, place):
    """A claim of each look."""
    first = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id
    tag(desk, author=ana, target=place("$2 billion"), opinion=Opinion("needs_source"), base=None)
    tag(desk, author=ana, target=place("Two more"), opinion=Opinion("verified"), base=None)
    both = tag(desk, author=ana, target=place("May"), opinion=Opinion("verified"), base=None).span_id
    tag(desk, author=ben, target=both, opinion=Opinion("disputed"), base=None)
    mark(desk, author=ana, place=place("counted"))
    return first


@pytest.fixture
def opened(new_page, sign_in, live_server, ana, article, judged):
    def open_page(path="", **options):
        page = sign_in(new_page(**options), ana)
        page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/{path}")
        page.wait_for_load_state("networkidle")
        return page

    return open_page


def sideways(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def covered(page) -> float:
    """The part of the window under what stays when the page scrolls."""
    return page.evaluate("""() => [...document.querySelectorAll("body *")].filter(each =>
      ["fixed", "sticky"].includes(getComputedStyle(each).position) && each.checkVisibility()
      && !each.matches(".toasts, .toasts *, dialog, .skip, .visually-hidden")
    ).map(each => {
      const box = each.getBoundingClientRect();
      return Math.max(0, Math.min(innerHeight, box.bottom) - Math.max(0, box.top));
    }).reduce((sum, height) => sum + height, 0) / innerHeight""")


@pytest.mark.parametrize("path", ["", "?claim={}", "plain/"])
def test_at_400_percent_the_text_scrolls_one_way_and_is_not_covered(opened, judged, shot, path):
    page = opened(path.format(judged), viewport=ZOOMED)
    assert sideways(page) <= 0
    page.evaluate("scrollTo(0, 300)")
    page.wait_for_timeout(100)
    shot(page, f"zoom-{path[:6].strip('?/=') or 'reader'}")
    assert covered(page) <= 0.35


def test_at_400_percent_all_of_the_claim_can_be_read_and_judged(opened, judged, shot):
    page = opened(f"?claim={judged}", viewport=ZOOMED)
    page.get_by_role("button", name="The whole claim").click()
    assert page.locator("#sheet").bounding_box()["height"] <= 0.61 * ZOOMED["height"]
    page.locator("#why > summary").click()
    page.get_by_label("Why", exact=True).fill("It is 30.")
    page.locator("#why").get_by_role("button", name="Save").click()
    expect(page.locator("#card")).to_contain_text("It is 30.")
    shot(page, "zoom-sheet")
    page.get_by_role("button", name="Close this claim").click()
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Next sentence").click()
    page.get_by_role("button", name="Verified", exact=True).click()
    assert sideways(page) <= 0


@pytest.mark.parametrize("viewport", [ZOOMED, PHONE, DESKTOP], ids=["zoomed", "phone", "desk"])
@pytest.mark.parametrize("claim", [True, False], ids=["claim", "none"])
def test_the_focus_is_never_under_a_bar(new_page, sign_in, live_server, desk, edith, ana, viewport, claim):
    details = Details(title="Bridges", language="en", blocks=blocks_of(LINES))
    article = Article.objects.get(
        pk=import_article(desk, author=edith, text=LINES, details=details).article_id
    )
    spans = []
    for n in range(12):
        start = LINES.index(f"in {1900 + n}")
        place = Place(article.pk, start, start + 7, LINES[start : start + 7])
        spans.append(tag(desk, author=ana, target=place, opinion=Opinion("disputed"), base=None).span_id)
    page = sign_in(new_page(viewport=viewport), ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/" + (f"?claim={spans[6]}" if claim else ""))
    page.wait_for_load_state("networkidle")
    hidden = []
    for key in ["Tab"] * 45 + ["Shift+Tab"] * 45:
        page.keyboard.press(key)
        hidden.append(page.evaluate(UNDER))
    assert [each for each in hidden if each] == []
    assert sum(each is not None for each in hidden) > 60


def test_nothing_moves_for_those_who_want_no_motion(opened, judged):
    moving = """() => [...document.querySelectorAll("*")].filter(each => {
      const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(each);
      return transitionDuration !== "0s" || animationName !== "none" || scrollBehavior === "smooth";
    }).length"""
    assert opened(f"?claim={judged}", reduced_motion="no-preference").evaluate(moving) > 0
    page = opened(f"?claim={judged}", reduced_motion="reduce")
    page.keyboard.press("z")  # a toast
    expect(page.locator("#toast")).to_be_visible()
    assert page.evaluate(moving) == 0


LINE = "each => getComputedStyle(each).textDecorationStyle"
ICON = "each => getComputedStyle(each, '::after').content"


def clip(page, words):
    box = page.get_by_text(words).first.bounding_box()
    return page.screenshot(clip=box, caret="initial")


def test_with_ones_own_colours_lines_and_signs_tell_verdicts_apart(opened, judged, shot):
    page = opened(f"?claim={judged}", forced_colors="active")
    shot(page, "forced-1280")
    looks = [page.locator(f".h.{tone}").first.evaluate(LINE) for tone in ("v", "d", "n", "mix", "m")]
    assert looks == ["solid", "wavy", "dashed", "double", "dotted"]
    signs = {page.locator(f".ref.{tone}").first.evaluate(ICON) for tone in ("v", "d", "n", "mix", "m")}
    assert len(signs) == 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_ones_own_colours_the_words_in_hand_and_the_focus_show(opened, judged, shot, scheme):
    page = opened(f"?claim={judged}", forced_colors="active", color_scheme=scheme)
    selected = page.locator(".claim[aria-current]").evaluate(
        "each => getComputedStyle(each).borderInlineStartColor + getComputedStyle(each).borderInlineStartWidth"
    )
    other = page.locator(".claim:not([aria-current])").first.evaluate(
        "each => getComputedStyle(each).borderInlineStartColor + getComputedStyle(each).borderInlineStartWidth"
    )
    assert selected != other
    assert clip(page, "31 bridges") != _without(page, "31 bridges")
    page.locator("#article").focus()
    bar = page.locator("#article").evaluate("each => getComputedStyle(each, '::before').backgroundColor")
    assert bar != page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.keyboard.press("Tab")
    ring = page.evaluate(
        "(({ outlineStyle, outlineWidth }) => [outlineStyle, outlineWidth])(getComputedStyle(document.activeElement))"
    )
    assert ring == ["solid", "3px"]
    shot(page, "forced")


def _without(page, words):
    page.evaluate("CSS.highlights.delete('hand')")
    return clip(page, words)
