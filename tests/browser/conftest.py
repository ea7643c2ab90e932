"""A real Chromium against the live server. A page fails its test when the CSP or a script complained."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Dialog, Page, sync_playwright

from tests.browser.axe import axe, axe_source
from tests.browser.fingers import sound
from tests.browser.schemes import paint, scheme_of
from tests.conftest import CHROMIUM

# Playwright's synchronous API runs an event loop in this thread, which Django would take for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

__all__ = ["axe", "axe_source"]

BUNDLED = {"staticfiles": {"BACKEND": "aigap.storage.BundledStaticFilesStorage"}}
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
SCHEMES = ("light", "dark")
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def chromium() -> str | None:
    """The system's Chromium where there is one, otherwise whatever Playwright itself has installed."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def collected(own_data_dir):
    """What a browser is given: one stylesheet under a hashed name, where the sources take 65 requests a page."""
    with override_settings(STORAGES=settings.STORAGES | BUNDLED):
        call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def as_served(collected, settings):
    settings.STORAGES = settings.STORAGES | BUNDLED


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


def camera(folder: Path | None, schemes=SCHEMES):
    """take(page, name): a picture in each scheme; none without a folder."""

    def take(page: Page, name: str, **options) -> None:
        if folder is None:
            return
        stands = scheme_of(page)
        for scheme in schemes:
            paint(page, scheme)
            # Hiding the caret would be an inline style, which the CSP refuses.
            page.screenshot(path=folder / f"{name}-{scheme}.png", caret="initial", **options)
        paint(page, stands)

    return take


@pytest.fixture
def shot():
    """shot(page, name): a screenshot in the light and one in the dark, where AIGAP_SHOTS says; else none."""
    folder = os.environ.get("AIGAP_SHOTS")
    return camera(Path(folder) if folder else None)


@pytest.fixture
def well_placed(shot):
    """well_placed(page, "join"): nothing lies under anything, a thumb hits all; pictures where they are asked for."""

    def check(page: Page, name: str) -> None:
        page.wait_for_function("() => document.getAnimations().every(each => each.playState === 'finished')")
        shot(page, name)
        if page.evaluate("matchMedia('(pointer: coarse)').matches"):
            sound(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    return check
