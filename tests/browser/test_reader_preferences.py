"""Size, width and keys are chosen in the dialog and are there on the next opening."""

import pytest
from playwright.sync_api import expect

from annotations.models import Span
from tests.browser.test_reader_claims import open_reader, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZE = "parseFloat(getComputedStyle(document.querySelector('.block:not(.headline)')).fontSize)"


def test_what_is_chosen_shows_at_once_and_stays(page, live_server, sign_in, ana, article):
    reader = open_reader(page, live_server, sign_in, ana, article)
    before = reader.evaluate(SIZE)
    press(reader, "?")
    reader.get_by_label("Size of text").select_option("largest")
    reader.get_by_label("Keys of one letter").select_option("off")
    expect(reader.locator("html")).to_have_class("size-largest keys-off")
    assert reader.evaluate(SIZE) > before * 1.5
    expect(reader.locator("#article")).to_have_attribute("aria-busy", "false")
    reader.reload()
    expect(reader.locator("#article")).to_be_focused()
    assert reader.evaluate(SIZE) > before * 1.5
    press(reader, "j", "m")
    ana.refresh_from_db()
    assert (ana.preferences["size"], ana.preferences["keys"]) == ("largest", "off")
    assert not Span.objects.exists()
