"""Selection to offsets on a page without a server: what the reader takes is what Python would slice."""

import json
import random
from pathlib import Path

import pytest

from annotations.domain.segments import Mark, article_html

pytestmark = pytest.mark.browser
SCRIPTS = Path(__file__).parents[2] / "annotations/static/annotations/js"
ORIGIN = "http://reader.test"

NASTY = {
    "plain": "One claim here. And another.\nA second line.",
    "astral": "💩This is an annotation.\nMore 💩💩 text.",
    "zwj": "A family 👩‍👩‍👧‍👦 of four; a pirate flag 🏴‍☠️ waves.",
    "skin": "Thumbs 👍🏽 up, flags 🇩🇪🇯🇵 side by side.",
    "combining": "Cafe\u0301 and nai\u0308ve, Zalgo z\u0301\u0302\u0303\u0304 here.",
    "arabic": "أعلنت الشركة عن استثمار بقيمة 2.7 مليار دولار.\nسطر ثانٍ (OpenAI) هنا.",
    "hebrew": "בינה מלאכותית 2024 עלתה 31% השנה.",
    "chinese": "人工智能公司获得了二十亿美元投资。差距在缩小。",
    "japanese": "東京のスタートアップが資金を調達した。𠮷野家も。",
    "korean": "한국의 인공지능 투자가 증가했다.",
    "devanagari": "क्षत्रिय और हिन्दी का पाठ।",
    "thai": "การลงทุนด้านปัญญาประดิษฐ์เพิ่มขึ้น",
    "spaces": "  Leading\u00a0and\u2003odd\tspaces  \n\u3000Ideographic space.",
    "markup": "if a < b && c > d: <b>\"x\"</b> &amp; 'y'",
    "blank lines": "First.\n\n\nAfter two blank lines.\n",
    "bidi marks": "Price \u202b(كتاب)\u202c and \u2067isolate\u2069 end.",
    "bom inside": "A\ufeffB zero\u200bwidth \u2060joiner",
    "variation": "Heart ❤️ and text ❤︎, keycap 1️⃣.",
}


def blocks_of(text):
    found, start = [], 0
    for line in text.split("\n"):
        end = start + len(line)
        found.append({"start": start, "end": end, "role": "body", "reason": "", "sentences": [[start, end]]})
        start = end + 1
    return found


def marks_of(text, seed):
    rng = random.Random(seed)
    cuts = [sorted(rng.sample(range(len(text) + 1), 2)) for _ in range(6)]
    return [Mark(n, a, b, rng.choice("vdnmx"), f"Claim {n}") for n, (a, b) in enumerate(cuts, 1)]


@pytest.fixture
def prototype(page):
    """prototype(text): a page that holds only the article and the offsets module."""

    def serve(route):
        name = route.request.url.rsplit("/", 1)[-1]
        route.fulfill(body=(SCRIPTS / name).read_text(), content_type="text/javascript")

    def show(text, seed=1):
        body = article_html(text, blocks_of(text), marks_of(text, seed))
        html = (
            '<!doctype html><meta charset="utf-8"><h1>Before</h1>'
            f'<article id="article" tabindex="0">{body}</article><p>After</p>'
            '<script type="module">import * as offsets from "/js/offsets.js";window.offsets = offsets</script>'
        )
        page.route(f"{ORIGIN}/js/*", serve)
        page.route(f"{ORIGIN}/", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(f"{ORIGIN}/")
        page.wait_for_function("() => window.offsets")
        return page

    return show


EVERY_POINT = """() => {
  const points = [];
  for (const block of offsets.blocks()) {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      for (let i = 0; i <= text.length; i++) points.push([text, i]);
    }
  }
  const found = [];
  for (let a = 0; a < points.length; a++) for (let b = a + 1; b < points.length; b += 1 + ((a + b) % 7)) {
    const range = document.createRange();
    range.setStart(...points[a]);
    range.setEnd(...points[b]);
    found.push([offsets.fromRange(range), range.toString()]);
  }
  return found;
}"""


@pytest.mark.parametrize("name", NASTY)
def test_every_selection_is_a_slice_of_the_text(prototype, name):
    text = NASTY[name]
    found = prototype(text, seed=len(name)).evaluate(EVERY_POINT)
    assert len(found) > 20
    for taken, selected in found:
        if taken is None:
            assert not selected.strip("\ufeff").strip()
            continue
        assert text[taken["start"] : taken["end"]] == taken["quote"]
        # Nothing selected is lost but white space at the ends; a grapheme cut in two is taken whole.
        assert selected.strip("\ufeff \t\u3000\u2003\u00a0").encode("utf-16-le", "surrogatepass") in taken[
            "quote"
        ].replace("\n", "").encode("utf-16-le")


@pytest.mark.parametrize("name", NASTY)
def test_a_range_made_from_offsets_comes_back_as_them(prototype, name):
    text = NASTY[name]
    page = prototype(text, seed=7)
    words = [block for block in blocks_of(text) if text[block["start"] : block["end"]].strip()]
    for block in words:
        quote = text[block["start"] : block["end"]]
        start = block["start"] + len(quote) - len(quote.lstrip())
        end = block["end"] - (len(quote) - len(quote.rstrip()))
        back = page.evaluate("at => offsets.fromRange(offsets.toRange(at))", {"start": start, "end": end})
        assert (back["start"], back["end"], back["quote"]) == (start, end, text[start:end])


def test_the_vector_of_the_design(prototype):
    page = prototype(NASTY["astral"])
    taken = page.evaluate("offsets.fromRange(offsets.toRange({start: 12, end: 22}))")
    assert taken == {"start": 12, "end": 22, "quote": "annotation"}
    assert page.evaluate("offsets.units('💩This is an annotation.', 12)") == 13


def test_a_family_is_never_cut(prototype):
    text = NASTY["zwj"]
    at = text.index("👩")
    taken = prototype(text).evaluate(
        f"offsets.fromRange(offsets.toRange({json.dumps({'start': at + 2, 'end': at + 3})}))"
    )
    assert taken["quote"] == "👩‍👩‍👧‍👦"


def test_a_triple_click_stays_in_its_line(prototype):
    page = prototype(NASTY["plain"])
    page.locator("#b0").click(click_count=3, position={"x": 20, "y": 8})
    taken = page.evaluate("offsets.fromRange(getSelection().getRangeAt(0))")
    assert (taken["start"], taken["end"]) == (0, NASTY["plain"].index("\n"))


def test_a_selection_that_runs_out_of_the_article_ends_with_it(prototype):
    page = prototype(NASTY["plain"])
    page.evaluate(
        "getSelection().setBaseAndExtent(document.querySelector('h1'), 0, document.body.lastElementChild, 0)"
    )
    taken = page.evaluate("offsets.fromRange(getSelection().getRangeAt(0))")
    assert taken == {"start": 0, "end": len(NASTY["plain"]), "quote": NASTY["plain"]}
