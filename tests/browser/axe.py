"""What axe finds wrong with a page."""

from importlib.resources import files

import pytest
from playwright.sync_api import Page

from tests.browser.schemes import paint, scheme_of

LOOKS = """() => {
  const grounds = new Map([[null, 0]]);
  const numbers = new Map();
  const number = (words) => numbers.get(words) ?? numbers.set(words, numbers.size + 1).get(words);
  const ground = (element) => {
    if (!grounds.has(element)) {
      const { backgroundColor, backgroundImage, opacity, position, filter } = getComputedStyle(element);
      const here = [ground(element.parentElement), backgroundColor, backgroundImage, opacity, position, filter];
      grounds.set(element, number(here.join()));
    }
    return grounds.get(element);
  };
  const looks = new Map();
  for (const each of document.querySelectorAll("body *")) {
    const words = [...each.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).join("");
    const written = words || each.matches("input, select, textarea");
    if (!written || each.offsetWidth <= 1 || !each.checkVisibility({ visibilityProperty: true })) continue;
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(each);
    const off = each.closest(":disabled, [aria-disabled=true], [inert]") || each.closest("label")?.control?.disabled;
    const look = [each.tagName, ground(each), color, fontSize, fontWeight, textShadow, !off, words.length > 1];
    if (!looks.has(look.join())) looks.set(look.join(), []);
    looks.get(look.join()).push(each);
  }
  return [...looks.values()].flatMap(alike => [...new Set([alike[0], alike[alike.length >> 1], alike.at(-1)])]);
}"""
JUDGE = """async () => {
  const found = await axe.run(%s, { preload: false, resultTypes: ["violations"], %s });
  return found.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(node => node.html) }));
}"""
BUT_CONTRAST = JUDGE % ("document", 'rules: { "color-contrast": { enabled: false } }')
CONTRAST = JUDGE % (f"{{ include: ({LOOKS})() }}", 'runOnly: ["color-contrast"]')


@pytest.fixture(scope="session")
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text()


@pytest.fixture
def axe(axe_source, new_page):
    """axe(page): what axe finds wrong, one line a rule; [] is what tests want.

    All is judged as the page stands, in the light; then the contrast of the same elements in the dark. Contrast takes
    four fifths of the time, so of words that look alike, on grounds that are alike, three are judged.
    """

    def load(page: Page) -> None:
        # axe tries out styles of its own, which the CSP rightly refuses: what comes now is not the page's.
        seen = page.evaluate("window.__csp")
        assert not seen, seen
        page.evaluate("window.__csp = Object.assign([], { push() {} })")
        # axe cannot judge contrast in paragraphs that content-visibility skips.
        page.evaluate(
            """() => {
              const sheet = new CSSStyleSheet();
              sheet.replaceSync("* { content-visibility: visible !important; }");
              document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
            }"""
        )
        page.evaluate(axe_source)

    def violations(page: Page) -> list[str]:
        new_page.under_axe.add(page)
        if not page.evaluate("'axe' in window"):
            load(page)
        stands = scheme_of(page)
        other = "light" if stands == "dark" else "dark"
        found = [line(rule) for rule in page.evaluate(BUT_CONTRAST) + page.evaluate(CONTRAST)]
        paint(page, other)
        found += [f"{other}: {line(rule)}" for rule in page.evaluate(CONTRAST)]
        paint(page, stands)
        return found

    def line(rule: dict) -> str:
        return f"{rule['id']}: {rule['help']} · {[html[:160] for html in rule['nodes'][:4]]}"

    return violations
