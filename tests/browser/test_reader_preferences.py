"""Size, width and keys are chosen in the dialog and are there on the next opening."""

import pytest
from playwright.sync_api import expect

from annotations.models import Span
from tests.browser.conftest import PHONE
from tests.browser.test_reader_claims import new_article, open_reader, press
from tests.browser.test_reader_keys import CLEAR

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZE = "parseFloat(getComputedStyle(document.querySelector('.block:not(.headline)')).fontSize)"


WIDTH = "document.querySelector('.article').getBoundingClientRect().width"


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


def choose(reader, label: str, value: str) -> None:
    """In the dialog, and what was chosen is saved when it closes."""
    press(reader, "?")
    reader.get_by_label(label).select_option(value)
    reader.get_by_role("button", name="Close").click()
    expect(reader.locator("#toast")).to_contain_text("Saved for you")
    expect(reader.locator("#article")).to_have_attribute("aria-busy", "false")


def test_a_width_is_there_again_after_a_reload_for_this_person_alone(
    new_page, live_server, sign_in, ana, ben, article
):
    page = new_page(viewport={"width": 1600, "height": 800})
    reader = open_reader(page, live_server, sign_in, ana, article)
    widths = [reader.evaluate(WIDTH)]
    for width in ("widest", "narrow"):
        choose(reader, "Width of text", width)
        expect(reader.locator("html")).to_have_class(f"width-{width}")
        reader.reload()
        expect(reader.locator("html")).to_have_class(f"width-{width}")
        widths.append(reader.evaluate(WIDTH))
        ana.refresh_from_db()
        assert ana.preferences["width"] == width
    assert widths == [704, 992, 544]
    page.context.clear_cookies()
    assert open_reader(page, live_server, sign_in, ben, article).evaluate(WIDTH) == 704


def test_on_a_phone_the_largest_letters_fit_and_a_width_changes_nothing(
    new_page, live_server, sign_in, ana, article, shot
):
    page = new_page(viewport=PHONE, has_touch=True)
    reader = open_reader(page, live_server, sign_in, ana, article)
    size, width = reader.evaluate(SIZE), reader.evaluate(WIDTH)
    choose(reader, "Width of text", "widest")
    choose(reader, "Size of text", "largest")
    reader.reload()
    expect(reader.locator("html")).to_have_class("size-largest width-widest")
    assert reader.evaluate(SIZE) > size * 1.5
    assert reader.evaluate(WIDTH) == width
    assert reader.evaluate("document.documentElement.scrollWidth") <= 390
    shot(reader, "preferences-390")


def test_the_sentence_in_hand_stays_in_sight_in_larger_letters(page, live_server, sign_in, desk, edith, ana):
    text = "\n".join(
        f"Line {n} says that {n} bridges stand in the old harbour of the city." for n in range(40)
    )
    reader = open_reader(page, live_server, sign_in, ana, new_article(desk, edith, text))
    press(reader, *["j"] * 12)
    choose(reader, "Size of text", "largest")
    reader.wait_for_function(CLEAR, arg=[95, 800 - 120])
