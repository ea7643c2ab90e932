"""Where the keys work, what they say when they do nothing, and where the words in hand end."""

import re

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, CollectionSettings, Span
from annotations.services.claims import Opinion, mark, tag
from annotations.services.settings import change_settings
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_reader_claims import new_article, only_span, open_reader, press, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reader(page, live_server, sign_in, ana, article):
    return open_reader(page, live_server, sign_in, ana, article)


@pytest.mark.parametrize("end", ["", "?claim={0}", "?claim={0}#r{0}"], ids=["plain", "claim", "mark"])
def test_keys_work_as_soon_as_the_page_is_open(page, live_server, sign_in, desk, ana, article, place, end):
    claim = tag(desk, author=ana, target=place("$2 billion"), opinion=Opinion("disputed"), base=None).span_id
    sign_in(page, ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/{end.format(claim)}")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#article")).to_be_focused()
    assert page.evaluate("scrollY") == 0
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


def test_the_skip_link_leads_to_the_text(page, live_server, sign_in, ana, article):
    reader = open_reader(page, live_server, sign_in, ana, article)
    reader.locator(".skip").focus()
    reader.keyboard.press("Enter")
    expect(reader.locator("#article")).to_be_focused()
    reader.keyboard.press("j")
    reader.keyboard.press("m")
    saved(reader, "marked")
    assert Span.objects.get().start == 0


def test_words_end_with_the_paragraph_unless_asked_twice(page, live_server, sign_in, ana, article):
    reader = open_reader(page, live_server, sign_in, ana, article)
    press(reader, "j", "j", "Shift+ArrowLeft", "Shift+ArrowRight")
    reader.keyboard.press("Shift+ArrowRight")
    expect(reader.locator("#said")).to_contain_text("The paragraph ends here")
    reader.keyboard.press("m")
    saved(reader, "marked")
    assert only_span()[2] == article.text.split("\n")[1]
    reader.keyboard.press("Shift+ArrowRight")
    reader.keyboard.press("m")
    expect(reader.locator("#join")).to_be_visible()
    reader.keyboard.press("Shift+Enter")
    saved(reader, "marked")
    assert Span.objects.latest("pk").quote == article.text.split("\n")[1] + "\nTwo"


def test_a_key_that_does_nothing_for_a_viewer_says_why(
    page, live_server, sign_in, desk, ana, vera, article, place
):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    reader = open_reader(page, live_server, sign_in, vera, article)
    for key in "mvdnxwezu":
        press(reader, "j", key)
        expect(reader.locator("#toast")).to_contain_text("reviewers and editors mark")
        reader.locator("#toast").evaluate("each => each.remove()")
    press(reader, "?")
    keys = reader.locator("#shortcuts kbd").all_text_contents()
    assert " ".join(keys) == "j k Enter s b t a Esc Shift ← → Shift Alt ← → F2 Home End"


def test_an_editor_of_a_blind_collection_hears_why_and_still_undoes(
    page, live_server, sign_in, desk, edith, ana, article, place
):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    reader = open_reader(page, live_server, sign_in, edith, article)
    press(reader, "j", "v")
    expect(reader.locator("#toast")).to_contain_text("they do not review")
    reader.locator(f"#c{span} a").click()
    expect(reader.locator(f"#card[data-n='{span}']")).to_be_visible()
    press(reader, "e")
    reader.keyboard.type("Register")
    reader.keyboard.press("Control+Enter")
    saved(reader, "source added")
    press(reader, "z")
    saved(reader, "Undone: source")
    assert not Annotation.objects.exists()


def test_a_sentence_that_is_a_claim_is_taken_up_by_the_key_of_its_form(reader, desk, ana, article, place):
    words = "There are 31 bridges in the harbour, the mayor said."
    span = mark(desk, author=ana, place=place(words)).span_id
    reader.reload()
    expect(reader.locator("#claims .claim")).to_have_count(1)
    press(reader, "j", "j", "e")
    reader.keyboard.type("Velden port", delay=100)
    expect(reader.locator(f"#card[data-n='{span}'] #add-source [name=title]")).to_have_value(
        re.compile("port$")
    )
    assert not Annotation.objects.exists()


def test_what_is_typed_for_a_form_that_is_not_to_be_had_judges_nothing(reader):
    press(reader, "j", "j", "e")
    reader.keyboard.type("Danvers", delay=60)
    expect(reader.locator("#toast")).to_contain_text("Mark or tag these words first.")
    reader.wait_for_timeout(400)
    assert not Span.objects.exists()


@pytest.mark.parametrize(("answered", "after"), [(0, 450), (600, 0)], ids=["at once", "late"])
def test_keys_work_as_soon_as_nobody_types_for_the_form_that_is_not_to_be_had(reader, answered, after):
    if answered:
        reader.route("**/card/**", lambda route: (reader.wait_for_timeout(answered), route.continue_()))
    press(reader, "j", "j", "e")
    expect(reader.locator("#toast")).to_contain_text("Mark or tag these words first.")
    reader.wait_for_timeout(after)
    reader.keyboard.press("v")
    saved(reader, "verified")


def test_the_end_comes_back_to_the_full_stop(reader):
    press(reader, "j", "j")
    whole = reader.locator("#said").text_content()
    press(reader, *["Shift+ArrowLeft"] * 4, *["Shift+ArrowRight"] * 4)
    assert reader.locator("#said").text_content().strip() == whole.strip()


def test_escape_leads_back_to_the_text_from_everything_beside_it(reader):
    """A form left by Tab, a link of the card, the toolbar: the keys work again at once."""
    press(reader, "j", "n")
    saved(reader, "needs source")
    for beside in (reader.locator("#card summary").last, reader.locator("#toolbar button").last):
        beside.focus()
        reader.keyboard.press("Escape")
        expect(reader.locator("#article")).to_be_focused()
    reader.keyboard.press("z")
    saved(reader, "Undone: verdict needs source")


CLEAR = """([from, to]) => {
  const { top, bottom } = [...CSS.highlights.get("hand")][0].getBoundingClientRect();
  return top >= from && bottom <= to;
}"""


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_the_sentence_in_hand_keeps_its_distance_from_the_edges(
    new_page, live_server, sign_in, desk, edith, ana, viewport
):
    """Where a notice comes, below or above, and the bar of a small screen."""
    text = "\n".join(f"Line {n} of the harbour." for n in range(60))
    page = new_page(viewport=viewport)
    reader = open_reader(page, live_server, sign_in, ana, new_article(desk, edith, text))
    for key, places in (("j", 40), ("k", 30)):
        for _ in range(places):
            reader.keyboard.press(key)
        reader.wait_for_function(CLEAR, arg=[95, viewport["height"] - 123])
