"""A telephone in a test: a finger, the keyboard of the screen, and what would be wrong with the page in hand."""

from typing import Any, Literal

from playwright.sync_api import Locator, Page, expect

HANDHELD: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

CENTRE = """words => {
  const walker = document.createTreeWalker(document.getElementById("article"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + words.length);
    const box = range.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2, left: box.left, right: box.right };
  }
}"""
IN_HAND = "[...CSS.highlights.get('hand') ?? []].map(range => range.toString()).join()"
SELECT = """words => {
  const walker = document.createTreeWalker(document.getElementById("article"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at >= 0) return getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + words.length);
  }
}"""
SMALL = """() => [...document.querySelectorAll(
    "a[href], button, summary, input:not([type=hidden]), select, textarea, label:has(input)")].map(each => {
  const box = each.getBoundingClientRect();
  const label = each.closest("label:has(input)");
  const inline = each.matches(".ref, .skip, .reader-about a") || (label && label !== each);
  const shown = each.checkVisibility({ visibilityProperty: true }) && box.width > 1;
  return shown && !inline && (box.height < 43.9 || box.width < 43.9)
    ? `${each.outerHTML.slice(0, 90)} ${Math.round(box.width)}x${Math.round(box.height)}` : null;
}).filter(Boolean)"""
WRONG = """() => {
  const shown = (each) =>
    each?.checkVisibility({ visibilityProperty: true }) && each.getBoundingClientRect().height > 1;
  const box = (id) => shown(document.querySelector(id)) && document.querySelector(id).getBoundingClientRect();
  const [question, claim, bar, top] = ["#placing, #join", "#sheet", "#toolbar", ".reader-bar"].map(box);
  const sheet = question || claim;
  const seen = visualViewport.height;
  const found = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`sideways: ${scrollWidth}`);
  const card = sheet && document.querySelector(question ? "#placing, #join" : "#card:not(.none)");
  const over = card ? sheet.top : bar ? bar.top : seen;
  if (card && (bar ? bar.bottom : seen) - sheet.top > 0.6 * seen + 1) found.push(`sheet: ${sheet.height} of ${seen}`);
  if (card && card.scrollWidth > card.clientWidth) found.push("the sheet scrolls sideways");
  if (card && bar && sheet.bottom > bar.top + 1) found.push("the sheet goes on under the bar");
  const hand = card && [...(CSS.highlights.get("hand") ?? [])][0]?.getBoundingClientRect();
  for (const toast of document.querySelectorAll(".toast")) {
    const at = toast.getBoundingClientRect();
    if (at.bottom > over) found.push(`over the sheet: ${toast.textContent}`);
    if (hand && hand.bottom > at.top && hand.top < at.bottom) found.push(`over the words: ${toast.textContent}`);
    if (top && at.top < top.bottom) found.push(`over the bar: ${toast.textContent}`);
    if (at.left < 0 || at.right > innerWidth) found.push(`beside the page: ${toast.textContent}`);
  }
  const written = "textarea, select, input:not([type=hidden], [type=radio], [type=checkbox])";
  for (const each of document.querySelectorAll(written))
    if (shown(each) && parseFloat(getComputedStyle(each).fontSize) < 16) found.push(`zooms in: ${each.name}`);
  const hidden = hand && (hand.top < (top ? top.bottom : 0) || hand.top + 16 > sheet.top);
  if (hidden) found.push(`words in hand at ${hand.top}, sheet ${sheet.top}`);
  return found;
}"""


def finger(page, kind, *points):
    """A real touch, sent through the browser's input."""
    page.touch = getattr(page, "touch", None) or page.context.new_cdp_session(page)
    page.touch.send(
        "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
    )


def long_press(page, words):
    """Headless Chromium selects nothing then, so what a telephone's system does is done for it."""
    at = page.evaluate(CENTRE, words)
    finger(page, "touchStart", (at["x"], at["y"]))
    page.wait_for_timeout(600)
    page.evaluate(SELECT, words)
    page.wait_for_timeout(100)
    finger(page, "touchEnd")
    page.wait_for_timeout(900)


def drag(page, handle, x, y):
    box = page.locator(handle).bounding_box()
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    finger(page, "touchStart", at)
    for part in (0.25, 0.5, 0.75, 1):
        finger(page, "touchMove", (at[0] + (x - at[0]) * part, at[1] + (y - at[1]) * part))
        page.wait_for_timeout(30)
    finger(page, "touchEnd")


def in_hand(page, words):
    for _ in range(40):
        if page.evaluate(IN_HAND) == words:
            return
        page.wait_for_timeout(50)
    found = page.evaluate(IN_HAND)
    assert found == words, found


def select(page: Page, words: str) -> None:
    """What a long press comes to, without its time."""
    page.evaluate(SELECT, words)
    in_hand(page, words)


def tap(within: Page | Locator, name: str, role: Literal["button", "link"] = "button") -> None:
    within.get_by_role(role, name=name).tap()


def in_the_bar(page: Page, name: str) -> None:
    """A button of the bar at the bottom, behind "More" where it is not in sight."""
    bar = page.locator("#toolbar")
    if not bar.get_by_role("button", name=name).is_visible():
        tap(bar, "More")
    tap(bar, name)


def open_claim(page: Page, span_id: int) -> None:
    page.locator(f"#c{span_id} a").tap()
    expect(page.locator("#card")).to_have_attribute("data-n", str(span_id))


def keyboard_up(page: Page) -> None:
    """The keyboard of the screen, which headless Chromium has not, takes 344 of the 844 pixels."""
    page.evaluate(
        """() => {
          Object.defineProperty(visualViewport, "height", { get: () => 500, configurable: true });
          visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    page.wait_for_timeout(500)


def keyboard_down(page: Page) -> None:
    page.evaluate(
        """() => {
          delete visualViewport.height;
          visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )


def fits(page: Page) -> None:
    """Nothing is too wide or under something else, and no field makes the page zoom."""
    faults = page.evaluate(WRONG)
    assert not faults, faults


def sound(page: Page) -> None:
    """It fits, and a thumb hits each target."""
    fits(page)
    small = page.evaluate(SMALL)
    assert not small, small
