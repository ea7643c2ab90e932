"""Sources of every kind, added by thumb in the sheet: no field under a bar, none that makes the page zoom."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Evidence, Source
from annotations.services.claims import mark
from annotations.services.evidence import NewSource, add_evidence
from tests.browser.conftest import PHONE
from tests.browser.fingers import keyboard_down, keyboard_up, sound
from tests.browser.test_reader_claims import new_article, saved
from tests.browser.test_reader_sources import PDF, PNG, choose, details, media  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def claim(desk, ana, place) -> int:
    return mark(desk, author=ana, place=place("31 bridges")).span_id


@pytest.fixture
def form(phone, article, claim):
    """form(): ana's telephone with the form that adds a source to the claim of the bridges open."""

    def opened(**options) -> Page:
        page = phone(article, f"?claim={claim}", **options)
        page.locator("#add-source > summary").tap()
        expect(page.locator("#add-source form")).to_be_visible()
        return page

    return opened


def write(page: Page, label: str, words: str) -> None:
    """By tapping the field; above the keyboard of the screen it is in sight."""
    field = page.locator("#add-source").get_by_label(label, exact=True)
    field.tap()
    keyboard_up(page)
    field.fill(words)
    box, card = field.bounding_box(), page.locator("#card").bounding_box()
    assert box["y"] >= card["y"] - 1, label
    assert box["y"] + box["height"] <= 501, label
    sound(page)
    keyboard_down(page)


def save(page: Page, words: str = "source added") -> None:
    button = page.locator("#add-source").get_by_role("button", name="Save")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box["y"] + box["height"] <= page.locator("#toolbar").bounding_box()["y"] + 1
    button.tap()
    saved(page, words)
    sound(page)


def test_a_web_page(form, shot):
    page = form()
    shot(page, "source-touch-web")
    write(page, "Address", "city.example/bridges")
    write(page, "Title or name", "Bridges of the city")
    write(page, "Address of an archived copy", "https://archive.example/1")
    page.get_by_text("Contradicts").tap()
    shot(page, "source-touch-web-filled")
    save(page)
    shot(page, "source-touch-saved")
    now = details()
    assert (now.url, now.title) == ("https://city.example/bridges", "Bridges of the city")
    assert now.archived_url == "https://archive.example/1"
    assert Evidence.objects.get().stance == "contradicts"


@pytest.mark.parametrize(
    ("name", "media_type", "content", "kind"),
    [("r.pdf", "application/pdf", PDF, "document"), ("p.png", "image/png", PNG, "image")],
)
def test_a_document_or_picture(form, shot, name, media_type, content, kind):
    page = form()
    choose(page, "Document or picture")
    sound(page)
    with page.expect_file_chooser() as chooser:
        page.locator("#f-file-new").tap()
    chooser.value.set_files({"name": name, "mimeType": media_type, "buffer": content})
    expect(page.locator("#uploaded")).to_contain_text("It is kept")
    write(page, "What does it show?", "The register, page 3")
    shot(page, f"source-touch-{kind}")
    save(page)
    assert details().source.kind == kind
    expect(page.get_by_role("link", name="Download")).to_be_visible()


def test_a_wrong_file_is_said_above_the_sheet(form, shot):
    page = form()
    choose(page, "Document or picture")
    file = {"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"<script>1</script>"}
    page.locator("#f-file-new").set_input_files(file)
    expect(page.locator("#toast")).to_contain_text("neither a PDF, a PNG nor a JPEG")
    shot(page, "source-touch-wrong-file")
    sound(page)
    assert not Source.objects.exists()


def test_a_person(form, shot):
    page = form()
    choose(page, "Person")
    write(page, "Title or name", "M. Okafor")
    write(page, "Who they are", "City engineer")
    write(page, "Reached how", "by telephone")
    page.get_by_label("Reached on").fill("2026-04-02")
    page.get_by_label("On the record").select_option("no")
    shot(page, "source-touch-person")
    save(page)
    now = details()
    assert (now.person_role, now.reached_how, now.on_record) == ("City engineer", "by telephone", False)
    assert now.source.tier == "desk"


def test_a_calculation_saved_above_the_keyboard(form, shot):
    page = form()
    choose(page, "Calculation")
    write(page, "The working", "18 + 13 = 31")
    page.get_by_label("The working").tap()
    keyboard_up(page)
    button = page.locator("#add-source").get_by_role("button", name="Save")
    button.scroll_into_view_if_needed()
    shot(page, "source-touch-calculation")
    assert button.bounding_box()["y"] + button.bounding_box()["height"] <= 501
    button.tap()
    keyboard_down(page)
    saved(page, "source added")
    sound(page)
    assert details().note == "18 + 13 = 31"


def test_a_recording(form, shot):
    page = form()
    choose(page, "Recording")
    write(page, "Address", "https://radio.example/evening")
    write(page, "Title or name", "The evening news")
    write(page, "Where in it", "minute 12")
    shot(page, "source-touch-recording")
    save(page)
    assert details().source.kind == "recording"
    assert Evidence.objects.get().locator == "minute 12"


def test_an_article_of_the_collection(form, desk, edith, shot):
    other = new_article(desk, edith, "Other\nThe city has 31 bridges.")
    page = form()
    choose(page, "Article of this collection")
    title = page.get_by_label("Title of the article")
    title.tap()
    keyboard_up(page)
    title.press_sequentially("oth")
    suggested(page)
    shot(page, "source-touch-article")
    page.locator("#known [role=option]").tap()
    keyboard_down(page)
    write(page, "The words that settle it", "31 bridges")
    save(page)
    assert details().source.article_id == other.pk


@pytest.fixture
def register(desk, ana, place):
    other = mark(desk, author=ana, place=place("harbour")).span_id
    known = {"title": "Harbour register", "url": "https://harbour.example/register"}
    return add_evidence(desk, author=ana, span_id=other, source=NewSource("web", known))


def suggested(page: Page) -> None:
    """Above the keyboard, each a thumb high."""
    option = page.locator("#known [role=option]").first
    expect(option).to_be_visible()
    box, card = option.bounding_box(), page.locator("#card").bounding_box()
    assert box["height"] >= 44
    assert card["y"] <= box["y"]
    assert box["y"] + box["height"] <= 501
    sound(page)


def test_a_known_source_is_suggested_and_taken(register, form, shot):
    page = form()
    title = page.get_by_label("Title or name")
    title.tap()
    keyboard_up(page)
    title.press_sequentially("harb")
    suggested(page)
    shot(page, "source-touch-known")
    page.locator("#known [role=option]").tap()
    keyboard_down(page)
    expect(page.locator(".chosen")).to_contain_text("Harbour register")
    shot(page, "source-touch-chosen")
    sound(page)
    save(page)
    assert Source.objects.count() == 1
    assert Evidence.objects.current().count() == 2


def test_an_address_that_is_a_source_already_is_cited_instead(register, form, shot):
    page = form()
    address = page.get_by_label("Address", exact=True)
    address.tap()
    keyboard_up(page)
    address.press_sequentially("http://www.harbour.example/register/")
    expect(page.locator("#already")).to_contain_text("already a source here: Harbour register")
    cite = page.get_by_role("button", name="Cite that one").bounding_box()
    assert cite["height"] >= 43.9
    assert cite["y"] + cite["height"] <= 501
    shot(page, "source-touch-already")
    sound(page)
    page.get_by_role("button", name="Cite that one").tap()
    keyboard_down(page)
    expect(page.locator(".chosen")).to_contain_text("Harbour register")
    save(page)
    assert Source.objects.count() == 1


def test_the_same_source_again(register, form, shot):
    page = form()
    again = page.get_by_role("button", name="Same source again")
    again.scroll_into_view_if_needed()
    shot(page, "source-touch-again")
    sound(page)
    again.tap()
    saved(page, "source added again: Harbour register")
    assert Source.objects.count() == 1
    assert Evidence.objects.current().count() == 2


def test_what_is_wrong_is_said_beside_the_field_that_is_mended(form, shot):
    page = form()
    write(page, "Title or name", "Register")
    write(page, "Address", "no address")
    page.locator("#add-source").get_by_role("button", name="Save").tap()
    expect(page.locator("#toast")).to_contain_text("it begins with https://")
    expect(page.get_by_label("Address", exact=True)).to_be_focused()
    expect(page.get_by_label("Address", exact=True)).to_be_in_viewport()
    shot(page, "source-touch-wrong")
    sound(page)
    write(page, "Address", "https://harbour.example/register")
    save(page)
    assert details().title == "Register"


def test_a_source_is_changed_and_removed(phone, desk, ana, article, claim, shot):
    add_evidence(desk, author=ana, span_id=claim, source=NewSource("web", {"title": "Register"}))
    page = phone(article, f"?claim={claim}")
    page.locator(".source summary").tap()
    sheet, bar = (page.locator(each).bounding_box() for each in ("#sheet", "#toolbar"))
    assert sheet["height"] + bar["height"] <= 0.6 * PHONE["height"]
    page.locator(".source").get_by_label("Where in it").fill("page 5")
    page.locator(".source").get_by_text("Background").tap()
    shot(page, "source-touch-change")
    page.locator(".source").get_by_role("button", name="Save").tap()
    saved(page, "source changed")
    now = Evidence.objects.current().get()
    assert (now.locator, now.stance) == ("page 5", "background")
    page.locator(".source summary").tap()
    page.locator(".source").get_by_role("button", name="Remove").tap()
    saved(page, "source removed")
    assert not Evidence.objects.current().exists()
