"""A browser that is killed takes nothing along that was typed or pressed a second before (ADR 11)."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotations.models import Annotation
from tests.browser.conftest import FLAGS, chromium
from tests.browser.test_reader_claims import drag_words, open_reader, press, saved
from tests.browser.test_reader_lost import drafted, slowly

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEPT = """() => new Promise((done) => {
  const request = indexedDB.open("aigap", 1);
  request.onsuccess = () => {
    const names = request.result.transaction("kept").objectStore("kept").getAllKeys();
    names.onsuccess = () => done(names.result);
  };
})"""

SLOW_DISK = """() => {
  const request = indexedDB.open("aigap", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("kept");
  request.onsuccess = () => {
    const store = request.result.transaction("kept", "readwrite").objectStore("kept");
    const wait = () => { store.get("nothing").onsuccess = () => { if (!window.goOn) wait(); }; };
    wait();
  };
}"""


@pytest.fixture
def start(browser, live_server, sign_in, ana, tmp_path):
    """start() opens Chromium with one profile; kill(context) ends it as a crash does."""
    running: list[BrowserContext] = []

    def started() -> Page:
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", "reduced_motion": "reduce"}
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium(), args=FLAGS, **options
        )
        running.append(context)
        return sign_in(context.new_page(), ana)

    yield started
    for context in running:
        context.close()


def crash(profile: Path) -> None:
    mine = f"--user-data-dir={profile}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if mine in words:
            os.kill(int(process.name), signal.SIGKILL)


def on_disk(page: Page, *parts: str) -> None:
    for _ in range(40):
        if all(any(part in name for name in page.evaluate(KEPT)) for part in parts):
            return
        page.wait_for_timeout(50)
    raise AssertionError(page.evaluate(KEPT))


def nothing_on_disk(page: Page) -> None:
    for _ in range(40):
        if not page.evaluate(KEPT):
            return
        page.wait_for_timeout(50)
    raise AssertionError(page.evaluate(KEPT))


def test_a_verdict_and_a_draft_outlive_the_browser(start, live_server, sign_in, ana, article, tmp_path):
    page = open_reader(start(), live_server, sign_in, ana, article)
    drag_words(page, article, "31 bridges")
    press(page, "v")
    saved(page, "verified")
    press(page, "w")
    page.keyboard.type("The register says 30.")
    drafted(page, "The register says 30.")
    page.context.set_offline(True)
    drag_words(page, article, "$2 billion")
    press(page, "d")
    expect(page.locator("#trouble")).to_contain_text("kept here")
    on_disk(page, "aigap:unsaved:", "aigap:draft:")
    crash(tmp_path / "profile")
    assert Annotation.objects.count() == 1

    page = start()
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={Annotation.objects.get().span_id}")
    expect(page.locator("#article .h.d")).to_have_text("$2 billion")
    page.locator("#claims a[href]").first.click()
    expect(page.locator("#card textarea[name=why]")).to_have_value("The register says 30.")
    assert sorted(Annotation.objects.values_list("verdict", flat=True)) == ["disputed", "verified"]
    assert not [name for name in page.evaluate(KEPT) if name.startswith("aigap:unsaved:")]


def test_what_is_on_its_way_is_not_taken_for_lost(page, live_server, sign_in, ana, article):
    """Saved while the page looks for what was lost, and the disk is slow."""
    open_reader(page, live_server, sign_in, ana, article)
    page.evaluate(SLOW_DISK)
    slowly(page, 2, "**/tag/")
    press(page, "j", "v")
    saved(page, "verified")
    page.evaluate("window.goOn = true")
    page.wait_for_timeout(500)
    assert not page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('aigap:unsaved'))")
    assert page.evaluate(KEPT) == []


def test_what_was_saved_before_the_crash_does_not_come_back(
    start, live_server, sign_in, ana, article, tmp_path
):
    page = open_reader(start(), live_server, sign_in, ana, article)
    drag_words(page, article, "31 bridges")
    press(page, "v")
    saved(page, "verified")
    press(page, "w")
    page.keyboard.type("The register says 30.")
    on_disk(page, "aigap:draft:")
    page.keyboard.press("Control+Enter")
    saved(page, "your reasons are saved")
    nothing_on_disk(page)
    crash(tmp_path / "profile")

    page = open_reader(start(), live_server, sign_in, ana, article)
    page.wait_for_timeout(2500)  # until it has looked for what was lost
    expect(page.locator(".draft")).to_have_count(0)
    assert Annotation.objects.current().get().why == "The register says 30."
