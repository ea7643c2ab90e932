"""What a reviewer waits for, in Chromium: from a key to paint and saved, and from an address to the text on screen.

A tag is painted and saved once the words are on screen in the verdict's colour and the answer that it is stored is in
the page; a frame later the paragraph as it was stored is on screen, too.

Against the least of its kind in the same run: an empty htmx round trip (click to answer painted), and a page that has
nothing but the text.
"""

import re
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.server import Client, Server, serving, shell

PASSWORD = "a-bench-of-seven-planks"
SIZES = {"3,000 characters, 20 claims": (3_000, 20), "100,000 characters, 1,000 claims": (100_000, 1_000)}
TAGS = 20
SAVED = "key to painted and saved, ms"
SHOWN = "key to the saved text painted, ms"
WARM = 5
COLD = 7
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
PREPARE = f"""
import random
from annotations.models import User
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, tag
from annotations.services.settings import create_collection, set_member
from benchmarks.reader import blocks_of, text_of
writer, reader = (User.objects.create_user(name, password={PASSWORD!r}) for name in ("writer", "reader"))
collection = create_collection("bench", author=writer, name="Bench", reviews_needed=2)
for user in (writer, reader):
    set_member(collection, user, "reviewer")
rng, verdicts = random.Random(3), ["verified", "disputed", "needs_source"]
for n, (length, claims) in enumerate({2 * list(SIZES.values())!r}):
    text = f"Number {{n}}. " + text_of()[:length].rsplit(".", 1)[0] + "."
    details = Details(title="A long read", blocks=blocks_of(text))
    article = import_article(collection, author=writer, text=text, details=details).article_id
    sentences = [pair for block in details.blocks for pair in block["sentences"]]
    places = {{(a + 3, b - 1) for a, b in sentences[:claims // 2]}}
    while len(places) < claims:
        start = rng.randrange(len(text) - 200)
        places.add((start, start + rng.randrange(20, 200)))
    for k, (start, end) in enumerate(sorted(places)):
        place = Place(article, start, end, text[start:end])
        tag(collection, author=writer, target=place, opinion=Opinion(verdicts[k % 3]), base=None)
    print(article)
"""
# Marks when a key went down, when the next frame was out, when the answer was in the page, and when that was out.
WATCH = """() => {
  const after = (then) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => then(performance.now()); port2.postMessage(0); });
  window.timed = [];
  let began = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "v") return;
    began = event.timeStamp;
    window.timed.push({ pending: 0, saved: 0, shown: 0 });
    const mine = window.timed.at(-1);
    after((now) => { mine.pending = now - began; });
  }, true);
  new MutationObserver((changes) => {
    const mine = window.timed.at(-1);
    const swapped = changes.flatMap((change) => [...change.addedNodes]).some((node) => node.matches?.(".block"));
    if (!mine || mine.saved || !swapped) return;
    mine.saved = performance.now() - began;
    after((now) => { mine.shown = now - began; });
  }).observe(document.getElementById("article"), { childList: true, subtree: true });
}"""
# The first half of a long article's sentences are claims already (PREPARE): on from behind them.
TO_THE_FREE = """() => {
  const blocks = document.querySelectorAll("#article .block");
  if (blocks.length > 50) getSelection().setPosition(blocks[Math.round(blocks.length * 0.6)], 0);
}"""
SAVED_OR_ASKED = "() => window.timed.at(-1)?.shown > 0 || document.getElementById('join')"
WATCH_HTMX = """() => {
  window.timed = [];
  let began = 0;
  document.addEventListener("click", (event) => { began = event.timeStamp; }, true);
  document.addEventListener("htmx:afterSwap", () => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => window.timed.push(performance.now() - began);
    port2.postMessage(0);
  }));
}"""
# When the first paint of the text was, and whether all that is highlighted was in it.
PAINTED = """() => new Promise((done) => {
  const found = performance.getEntriesByName("first-contentful-paint")[0];
  if (found) return done(found.startTime);
  new PerformanceObserver((list) => {
    const paint = list.getEntriesByName("first-contentful-paint")[0];
    if (paint) done(paint.startTime);
  }).observe({ type: "paint", buffered: true });
})"""
# When the whole article was parsed, with every highlight in it, and the frame after that was out.
WATCH_WHOLE = """document.addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive") return;
  requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { window.whole = performance.now(); }; port2.postMessage(0); });
});"""


def measure() -> dict[str, object]:
    with serving() as server, chromium() as browser:
        articles = [int(line) for line in shell(server.environment, PREPARE).split()[-2 * len(SIZES) :]]
        again = articles[len(SIZES) :]
        cookies = signed_in(server)
        round_trip = empty_round_trip(browser, server, cookies)
        figures: dict[str, object] = {"empty htmx round trip, ms": round(round_trip, 1)}
        for name, article, twin in zip(SIZES, articles, again, strict=False):
            address = f"/c/bench/articles/{article}/"
            figures |= {
                f"{name}: {what}": value
                for what, value in keys(browser, server, cookies, address, round_trip)
            }
            figures |= {
                f"{name}: {what}": value
                for what, value in beside(
                    browser, server, cookies, twin, article, figures[f"{name}: {SHOWN}"]
                )
            }
            figures |= {
                f"{name}: {what}": value for what, value in cold(browser, server, cookies, address, article)
            }
    return figures


@contextmanager
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def signed_in(server: Server) -> list[Any]:
    client = Client(server.port)
    client.sign_in("reader", PASSWORD)
    address = f"http://127.0.0.1:{server.port}"
    return [{"name": name, "value": value, "url": address} for name, value in client.cookies.items()]


@contextmanager
def page_of(browser: Browser, server: Server, cookies: list[Any]) -> Iterator[Page]:
    """In a context of its own: nothing is cached."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, base_url=f"http://127.0.0.1:{server.port}"
    )
    context.add_cookies(cookies)
    yield context.new_page()
    context.close()


def empty_round_trip(browser: Browser, server: Server, cookies: list[Any]) -> float:
    with page_of(browser, server, cookies) as page:
        page.goto("/htmx/")
        page.evaluate(WATCH_HTMX)
        for n in range(TAGS):
            page.click("#send")
            page.wait_for_function("n => window.timed.length > n", arg=n)
        return statistics.median(page.evaluate("window.timed")[WARM:])


def keys(
    browser: Browser, server: Server, cookies: list[Any], address: str, round_trip: float
) -> Iterator[tuple[str, object]]:
    """The next sentence, verified; each waits for the one before to be saved."""
    with page_of(browser, server, cookies) as page:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.evaluate(WATCH)
        page.locator("#article").focus()
        page.evaluate(TO_THE_FREE)
        for _ in range(10 * TAGS):
            page.keyboard.press("j")
            page.wait_for_timeout(60)
            page.keyboard.press("v")
            page.wait_for_function(SAVED_OR_ASKED)
            if page.locator("#join").count():  # a claim lies there already: the next sentence
                page.keyboard.press("Escape")
                page.evaluate("window.timed.pop()")
            if page.evaluate("window.timed.length") == TAGS:
                break
            page.wait_for_timeout(120)
        found = page.evaluate("window.timed")[WARM:]
    pending, shown = ([each[what] for each in found] for what in ("pending", "shown"))
    saved = [max(each["pending"], each["saved"]) for each in found]
    yield "key to colour, ms", round(statistics.median(pending), 1)
    yield SAVED, round(statistics.median(saved), 1)
    yield SHOWN, round(statistics.median(shown), 1)
    yield "… p90", round(statistics.quantiles(shown, n=10)[8], 1)
    yield "… against an empty htmx round trip", round(statistics.median(shown) / round_trip, 2)


def beside(
    browser: Browser, server: Server, cookies: list[Any], article: int, other: int, alone: Any
) -> Iterator[tuple[str, object]]:
    """The same in an article of the same size that has another such text beside it."""
    address = f"/c/bench/articles/{article}/?beside={other}"
    shown: Any = dict(keys(browser, server, cookies, address, 1.0))[SHOWN]
    yield f"with a text beside: {SHOWN}", shown
    yield "with a text beside: against without", round(shown / alone, 2)


def cold(
    browser: Browser, server: Server, cookies: list[Any], address: str, article: int
) -> Iterator[tuple[str, object]]:
    """The page, opened with nothing in the cache, and the bare text, in turn."""
    opened, bare = [], []
    for _ in range(COLD):
        opened.append(visit(browser, server, cookies, address))
        bare.append(visit(browser, server, cookies, f"/bare/{article}/"))
    text, whole = (statistics.median(each[n] for each in opened) for n in (0, 1))
    plain = statistics.median(each[0] for each in bare)
    yield "cold: text visible, ms", round(text)
    yield "cold: against the bare text", round(text / plain, 2)
    yield "cold: every highlight painted, ms", round(whole)
    yield "cold: KB", round(opened[0][2] / 1024, 1)
    yield "cold: requests", opened[0][3]


def visit(
    browser: Browser, server: Server, cookies: list[Any], address: str
) -> tuple[float, float, int, int]:
    """Milliseconds to the first paint and to the whole article painted, bytes and requests."""
    with page_of(browser, server, cookies) as page:
        traffic = Traffic(page.context.new_cdp_session(page))
        page.add_init_script(WATCH_WHOLE)
        page.goto(address, wait_until="load")
        page.wait_for_load_state("networkidle")
        painted, complete = page.evaluate(PAINTED), page.evaluate("window.whole")
        return painted, complete, traffic.bytes, traffic.requests


class Traffic:
    def __init__(self, session: CDPSession) -> None:
        self.bytes = self.requests = 0
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)

    def _sent(self, event: dict[str, Any]) -> None:
        self.requests += not re.match("data:", event["request"]["url"])

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += event["encodedDataLength"]
