"""Disputed, and then? By keyboard alone: one keystroke away, never in the way, and there again later."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation
from annotations.services.claims import mark
from tests.browser.test_reader_claims import open_reader, press, saved
from tests.browser.test_reader_lost import slowly

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reader(page, live_server, sign_in, ana, article):
    return open_reader(page, live_server, sign_in, ana, article)


def focused(page) -> str:
    """The name of the field, or the id of what else has the focus."""
    return page.evaluate("document.activeElement.name || document.activeElement.id")


def mine() -> Annotation:
    return Annotation.objects.current().get()


def said(page) -> list[str]:
    return page.locator(".opinion.mine .problem, .opinion.mine .reads:not(form *)").all_inner_texts()


def test_what_is_wrong_and_how_it_should_read(reader, shot):
    keys = reader.keyboard
    press(reader, "j", "j", "d")
    saved(reader, "disputed")
    assert focused(reader) == "article"
    keys.press("w")
    assert focused(reader) == "problem"
    keys.type("Figure")
    keys.press("Tab")
    assert focused(reader) == "should_read"
    keys.type("There are 29 bridges in the harbour, the mayor said.")
    keys.press("Tab")
    assert focused(reader) == "must_fix"
    keys.press("Space")
    keys.press("Tab")
    keys.type("The register has 29.")
    shot(reader, "disputed-form")
    keys.press("Control+Enter")
    saved(reader, "saved")
    assert focused(reader) == "article"
    now = mine()
    assert (now.problem, now.must_fix, now.why) == ("figure", True, "The register has 29.")
    assert now.should_read.startswith("There are 29 bridges")
    shot(reader, "disputed-card")
    for _ in range(2):
        expect(reader.locator(".opinion.mine")).to_contain_text("Figure is wrong · must be put right")
        expect(reader.locator(".opinion.mine")).to_contain_text("Should read: There are 29 bridges")
        reader.reload()
        reader.wait_for_load_state("networkidle")


def test_whom_one_asked_and_by_when(reader, shot):
    keys = reader.keyboard
    press(reader, "j", "j", "n")
    saved(reader, "needs source")
    keys.press("w")
    assert focused(reader) == "asked"
    keys.type("The harbour office")
    keys.press("Tab")
    assert focused(reader) == "due_on"
    keys.type("02022026")  # the same day, whichever comes first
    keys.press("Control+Enter")
    saved(reader, "saved")
    assert (mine().asked, mine().due_on.isoformat()) == ("The harbour office", "2026-02-02")
    waits = "Asked The harbour office · overdue since 2 February"
    expect(reader.locator(".opinion.mine")).to_contain_text(waits)
    expect(reader.locator("#claims .claim")).to_contain_text(waits)
    shot(reader, "asked-card")
    reader.reload()
    reader.wait_for_load_state("networkidle")
    expect(reader.locator("#claims .claim")).to_contain_text(waits)
    expect(reader.locator(".opinion.mine")).to_contain_text(waits)
    keys.press("w")
    assert focused(reader) == "asked"
    expect(reader.get_by_label("Asked whom")).to_have_value("The harbour office")
    expect(reader.get_by_label("Answer due")).to_have_value("2026-02-02")


def test_it_is_never_in_the_way(reader):
    """Ten verdicts are ten keys: nothing opens, nothing has to be answered."""
    press(reader, "j", "d", "j", "n", "j", "d")
    expect(reader.locator("#article")).to_have_attribute("aria-busy", "false")
    expect(reader.locator("#why")).not_to_have_attribute("open", "")
    assert focused(reader) == "article"
    assert Annotation.objects.current().count() == 3


def test_escape_leaves_the_form_and_keeps_what_was_typed(reader):
    keys = reader.keyboard
    press(reader, "j", "j", "d")
    saved(reader, "disputed")
    keys.press("w")
    keys.press("Tab")
    keys.type("29 bridges")
    keys.press("Escape")
    assert focused(reader) == "article"
    keys.press("w")
    expect(reader.get_by_label("It should read")).to_have_value("29 bridges")


def test_another_verdict_asks_for_something_else(reader):
    keys = reader.keyboard
    press(reader, "j", "j", "v")
    saved(reader, "verified")
    keys.press("w")
    assert focused(reader) == "why"
    keys.press("Escape")
    keys.press("n")
    saved(reader, "needs source")
    keys.press("w")
    assert focused(reader) == "asked"


def test_w_at_once_behind_a_verdict_waits_for_it_on_a_slow_line(reader):
    slowly(reader, 1, "**/tag/")
    press(reader, "j", "j", "d", "w")
    expect(reader.get_by_label("What is wrong")).to_be_focused()
    reader.keyboard.press("Escape")
    press(reader, "n", "w")
    expect(reader.get_by_label("Asked whom")).to_be_focused()


def test_escape_calls_off_a_form_that_is_waited_for(reader):
    slowly(reader, 1, "**/tag/")
    press(reader, "j", "j", "d", "w", "Escape", "j")
    saved(reader, "disputed")
    reader.wait_for_timeout(200)
    assert focused(reader) == "article"


def test_w_on_a_claim_without_my_verdict_says_what_it_lacks(reader, desk, ana, place):
    mark(desk, author=ana, place=place("There are 31 bridges in the harbour, the mayor said."))
    reader.reload()
    press(reader, "j", "j", "w")
    expect(reader.locator("#toast")).to_have_text("Give your verdict first.")
