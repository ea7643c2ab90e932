"""A real Chromium against the live server. A page fails its test when the CSP or a script complained."""

import os
import shutil
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, sync_playwright

from tests.browser.fingers import sound

# Playwright's synchronous API runs an event loop in this thread, which Django would take for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH_CSP = """
window.__csp = [];
document.addEventListener("securitypolicyviolation", e =>
  window.__csp.push(`${e.violatedDirective}: ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
"""
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def chromium() -> str | None:
    """The system's Chromium where there is one, otherwise whatever Playwright itself has installed."""
    return next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


def answer(dialog: Dialog, faults: list[str]) -> None:
    """Leaving a page with unsaved work asks, and is allowed; any other dialog is somebody's script."""
    if dialog.type == "beforeunload":
        dialog.accept()
        return
    faults.append(f"dialog: {dialog.message}")
    dialog.dismiss()


@pytest.fixture
def new_page(browser):
    """new_page(viewport=…, color_scheme=…) opens a page of its own; all are watched and closed."""
    contexts, faults = [], []

    def complain(page: Page, line: str) -> None:
        if "Security Policy" in line and page not in open_page.under_axe:
            faults.append(line)

    def open_page(**options) -> Page:
        options.setdefault("viewport", DESKTOP)
        options.setdefault("locale", "en-GB")
        options.setdefault("reduced_motion", "reduce")
        context = browser.new_context(**options)
        context.set_default_timeout(8000)
        context.add_init_script(WATCH_CSP)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("console", lambda line: complain(page, line.text))
        page.on("framenavigated", lambda _: open_page.under_axe.discard(page))
        page.on("dialog", lambda dialog: answer(dialog, faults))
        return page

    open_page.under_axe = set()
    yield open_page
    for context in contexts:
        for page in context.pages:
            faults += page.evaluate("[...window.__csp ?? []]") if page.url.startswith("http") else []
        context.close()
    assert not faults, faults


@pytest.fixture
def page(new_page) -> Page:
    return new_page()


@pytest.fixture
def sign_in(live_server):
    """sign_in(page, user): the page carries that user's session, without the sign-in form."""
    from django.test import Client

    def signed_in(page: Page, user) -> Page:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        cookies = [
            {"name": name, "value": morsel.value, "url": live_server.url}
            for name, morsel in client.cookies.items()
        ]
        page.context.add_cookies(cookies)
        return page

    return signed_in


@pytest.fixture
def phone(new_page, sign_in, ana, live_server):
    """phone(article): ana's reader on a telephone, its scripts at work; or another's, with user=."""

    def opened(article, query="", viewport=PHONE, user=ana, **options) -> Page:
        page = sign_in(new_page(viewport=viewport, has_touch=True, is_mobile=True, **options), user)
        page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/{query}")
        page.wait_for_load_state("networkidle")
        return page

    return opened


@pytest.fixture(scope="session")
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text()


@pytest.fixture
def axe(axe_source, new_page):
    """axe(page): what axe finds wrong, one line a rule; [] is what tests want."""

    def violations(page: Page, **options) -> list[str]:
        # axe tries out styles of its own, which the CSP rightly refuses: what comes now is not the page's.
        seen = page.evaluate("window.__csp")
        assert not seen, seen
        new_page.under_axe.add(page)
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
        found = page.evaluate("options => axe.run(document, { preload: false, ...options })", options)[
            "violations"
        ]
        return [
            f"{rule['id']}: {rule['help']} · {[node['html'][:160] for node in rule['nodes'][:4]]}"
            for rule in found
        ]

    return violations


@pytest.fixture
def shot(request, tmp_path):
    """shot(page, name): a screenshot where AIGAP_SHOTS says, or in the test's own directory."""
    folder = Path(os.environ.get("AIGAP_SHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str, **options) -> Path:
        path = folder / f"{name}.png"
        # Hiding the caret would be an inline style, which the CSP refuses.
        page.screenshot(path=path, caret="initial", **options)
        return path

    return take


@pytest.fixture
def well_placed(shot):
    """well_placed(page, "join"): nothing lies under anything, a thumb hits all; pictures where they are asked for."""

    def check(page: Page, name: str) -> None:
        page.wait_for_function("document.getAnimations().every(each => each.playState === 'finished')")
        for scheme in ("light", "dark") if "AIGAP_SHOTS" in os.environ else ():
            page.emulate_media(color_scheme=scheme)
            shot(page, f"{name}-{scheme}")
        if page.evaluate("matchMedia('(pointer: coarse)').matches"):
            sound(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    return check
