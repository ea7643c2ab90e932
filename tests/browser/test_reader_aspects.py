"""What was claimed, that it was said, and how it was worded: rows of one card, each judged by itself."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Evidence, Span
from annotations.services.claims import Opinion, tag
from tests.browser.conftest import PHONE
from tests.browser.test_reader_claims import new_article, open_reader, press, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "Harbour\n“We have 31 bridges,” the mayor said.\nNobody asked."


@pytest.fixture
def quoted(desk, edith):
    return new_article(desk, edith, TEXT)


def verdicts() -> dict[str, str]:
    return dict(Annotation.objects.current().values_list("span__aspect", "verdict"))


def test_she_said_it_and_what_she_said_is_wrong(page, live_server, sign_in, ana, quoted, shot):
    reader = open_reader(page, live_server, sign_in, ana, quoted)
    press(reader, "j", "j", "d")
    saved(reader, "disputed")
    expect(reader.locator("#card .offer")).to_contain_text("It quotes somebody")
    press(reader, "2")
    expect(reader.locator(".aspect[aria-current]")).to_contain_text("That it was said")
    press(reader, "v")
    saved(reader, "verified")
    assert verdicts() == {"fact": "disputed", "said": "verified"}
    press(reader, "e")
    reader.keyboard.type("Recording of the council")
    reader.keyboard.press("Enter")
    saved(reader, "source added")
    said = Span.objects.get(aspect="said")
    assert Evidence.objects.get().span == said
    shot(reader, "aspects-desk-light")
    press(reader, "1")
    expect(reader.locator(".aspect[aria-current]")).to_contain_text("What is claimed")
    press(reader, "n")
    saved(reader, "needs source")
    assert verdicts() == {"fact": "needs_source", "said": "verified"}
    press(reader, "2")
    expect(reader.locator("#card")).to_have_attribute("data-n", str(said.pk))
    press(reader, "d")
    saved(reader, "disputed")
    assert verdicts() == {"fact": "needs_source", "said": "disputed"}
    press(reader, "z")
    saved(reader, "that it was said")
    assert verdicts() == {"fact": "needs_source", "said": "verified"}


def test_one_mark_in_the_text_and_a_row_each_in_the_list(page, live_server, sign_in, ana, quoted):
    reader = open_reader(page, live_server, sign_in, ana, quoted)
    press(reader, "j", "j", "d")
    saved(reader, "disputed")
    press(reader, "2", "2")
    expect(reader.locator(".aspect[aria-current]")).to_contain_text("That it was said")
    press(reader, "v")
    saved(reader, "verified")
    expect(reader.locator(".h")).to_have_attribute("class", "h mix")
    expect(reader.locator(".ref")).to_have_count(1)
    assert "that it was said: verified" in reader.locator(".ref").get_attribute("aria-label")
    expect(reader.locator("#claims .claim")).to_have_count(2)
    expect(reader.locator("#claims .claim").last).to_contain_text("That it was said")


def test_by_buttons_alone(page, live_server, sign_in, ana, quoted):
    reader = open_reader(page, live_server, sign_in, ana, quoted)
    press(reader, "j", "j", "m")
    saved(reader, "marked")
    reader.locator("#card .offer").get_by_role("link", name="The wording").click()
    expect(reader.locator(".aspect[aria-current]")).to_contain_text("The wording")
    assert Span.objects.count() == 1
    reader.get_by_role("button", name="Verified: that it was said").click()
    saved(reader, "verified")
    reader.get_by_role("button", name="Disputed: the wording").click()
    saved(reader, "disputed")
    assert verdicts() == {"said": "verified", "wording": "disputed"}


def test_my_opinions_are_known_after_a_reload(page, live_server, sign_in, desk, ana, quoted):
    from annotations.services.claims import Place

    words = TEXT.split("\n")[1]
    said = Place(quoted.pk, 8, 8 + len(words), words, "said")
    tag(desk, author=ana, target=said, opinion=Opinion("verified", "I heard it."), base=None)
    reader = open_reader(page, live_server, sign_in, ana, quoted)
    reader.locator("#claims a").click()
    expect(reader.locator("#card")).to_contain_text("I heard it.")
    press(reader, "d")
    saved(reader, "disputed")
    mine = Annotation.objects.current().get()
    assert (mine.verdict, mine.why) == ("disputed", "I heard it.")


def test_it_looks_right_on_a_phone(new_page, live_server, sign_in, ana, quoted, axe, shot):
    page = new_page(viewport=PHONE, has_touch=True)
    reader = open_reader(page, live_server, sign_in, ana, quoted)
    press(reader, "j", "j", "d")
    saved(reader, "disputed")
    press(reader, "2")
    expect(reader.locator(".aspect[aria-current]")).to_contain_text("That it was said")
    reader.get_by_role("button", name="Verified: that it was said").click()
    saved(reader, "verified")
    shot(reader, "aspects-phone")
    assert axe(reader) == []
