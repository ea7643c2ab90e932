"""A reviewer whose browser runs no scripts does a day's work: every step a link, a form, a whole page."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, ClaimState, Evidence, Span
from annotations.services.claims import Opinion, Place, mark, tag
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SENTENCE = "There are 31 bridges in the harbour, the mayor said."


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desk", "phone"])
def reader(request, new_page, live_server, sign_in, ana, article):
    """Ana's reader, in a browser without scripts."""
    page = sign_in(new_page(java_script_enabled=False, viewport=request.param), ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/")
    return page


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def choose(page, words):
    page.get_by_role("link", name="Choose words").click()
    page.get_by_label("Exact words").fill(words)
    press(page, "Find these words")


def test_a_sentence_marked_judged_explained_sourced_and_undone(reader, shot):
    reader.get_by_role("link", name="Choose words").click()
    reader.get_by_role("link", name=SENTENCE).click()
    press(reader, "Mark to check")
    expect(reader.get_by_text("is marked to check.")).to_be_visible()
    expect(reader.locator(".h.m")).to_have_text(SENTENCE)

    press(reader, "Disputed")
    reader.locator("#why > summary").click()
    reader.get_by_label("What is wrong").select_option("figure")
    reader.get_by_label("It should read").fill("There are 30 bridges.")
    reader.locator("#why").get_by_role("button", name="Save").click()
    said = Annotation.objects.current().get()
    assert (said.verdict, said.problem, said.should_read) == ("disputed", "figure", "There are 30 bridges.")

    reader.locator("#add-source > summary").click()
    reader.get_by_label("Address", exact=True).fill("https://harbour.example/register")
    reader.locator("#add-source").get_by_role("button", name="Save").click()
    expect(reader.get_by_text("source added.")).to_be_visible()
    assert Evidence.objects.current().count() == 1
    shot(reader, f"plain-reader-{reader.viewport_size['width']}")

    for undone in ("source", "your reasons", "verdict disputed", "mark"):
        press(reader, "Undo my last")
        expect(reader.get_by_text(f"Undone: {undone}")).to_be_visible()
    assert not ClaimState.objects.current().exists()
    expect(reader.locator("#card blockquote")).to_have_text(SENTENCE)


def test_words_typed_exactly_are_taken(reader):
    choose(reader, '"31  bridges"')
    press(reader, "Verified")
    assert Span.objects.get().quote == "31 bridges"
    expect(reader.locator(".h.v")).to_have_text("31 bridges")


def test_words_that_are_not_there_are_kept_and_the_closest_offered(reader, shot):
    choose(reader, "Two mor opened in May")
    expect(reader.get_by_role("alert")).to_contain_text("These words are not in the text.")
    expect(reader.get_by_label("Exact words")).to_have_value("Two mor opened in May")
    shot(reader, f"plain-words-{reader.viewport_size['width']}")
    reader.get_by_role("alert").get_by_role("link").first.click()
    expect(reader.locator("#card blockquote")).to_have_text("Two more open in May")


def test_words_that_stand_there_more_than_once_are_chosen_among(reader):
    choose(reader, "in")
    expect(reader.get_by_role("alert")).to_contain_text("They occur 2 times: choose which.")
    expect(reader.get_by_label("Exact words")).to_have_value("in")
    reader.get_by_role("alert").get_by_role("link", name="Two more open in May").click()
    press(reader, "Needs source")
    assert Span.objects.get().start > 70


def test_whether_to_join_is_asked_on_a_page(reader, desk, ben, place, shot):
    there = tag(
        desk, author=ben, target=place("31 bridges in the harbour"), opinion=Opinion("disputed"), base=None
    )
    choose(reader, "31 bridges")
    press(reader, "Disputed")
    expect(reader.get_by_role("heading", name=f"Join claim {there.span_id}?")).to_be_visible()
    shot(reader, f"plain-join-{reader.viewport_size['width']}")
    reader.get_by_role("button", name=f"Join claim {there.span_id}").click()
    assert Annotation.objects.current().filter(span=there.span_id).count() == 2
    expect(reader.locator("#card")).to_have_attribute("data-n", str(there.span_id))


def test_what_changed_elsewhere_is_compared_and_mine_kept(reader, desk, ana, place, shot):
    written = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    reader.reload()
    reader.get_by_role("link", name="31 bridges").click()
    reader.locator("#why > summary").click()
    reader.get_by_label("Why", exact=True).fill("It is 30.")
    tag(
        desk,
        author=ana,
        target=written.span_id,
        opinion=Opinion("disputed", "Elsewhere."),
        base=written.version,
    )
    reader.locator("#why").get_by_role("button", name="Save").click()
    expect(reader.get_by_role("heading", name="Not saved yet")).to_be_visible()
    expect(reader.get_by_text("Elsewhere.")).to_be_visible()
    shot(reader, f"plain-versions-{reader.viewport_size['width']}")
    press(reader, "Keep mine")
    assert Annotation.objects.current().get().why == "It is 30."


def test_what_is_refused_stays_as_it_was_typed(reader, desk, ana, place, shot):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    reader.goto(f"{reader.url}?claim={span}")
    reader.locator("#add-source > summary").click()
    reader.get_by_label("Title or name").fill("Register of bridges")
    reader.get_by_label("Address", exact=True).fill("no address at all")
    reader.locator("#add-source").get_by_role("button", name="Save").click()
    expect(reader.get_by_role("alert")).to_contain_text("That is not an address")
    shot(reader, f"plain-refused-{reader.viewport_size['width']}")
    expect(reader.get_by_label("Title or name")).to_have_value("Register of bridges")
    reader.get_by_label("Address", exact=True).fill("https://harbour.example/register")
    press(reader, "Save")
    expect(reader.locator("#card .source")).to_contain_text("Register of bridges")
    assert Evidence.objects.current().count() == 1


def test_what_cannot_be_checked_and_what_is_judged_by_itself(reader):
    choose(reader, "31 bridges")
    reader.locator(".plain-rest summary").click()
    reader.get_by_role("radio", name="A prediction").check()
    press(reader, "Not checkable")
    assert ClaimState.objects.current().get().status == "not_checkable"
    reader.locator(".plain-rest summary").click()
    reader.locator(".plain-rest").get_by_role("link", name="That it was said").click()
    press(reader, "Verified")
    assert Annotation.objects.current().get().span.aspect == "said"


def test_sentence_by_sentence(reader):
    reader.get_by_role("link", name="First sentence").click()
    reader.get_by_role("link", name="Next sentence").click()
    expect(reader.locator("#card blockquote")).to_have_text(SENTENCE)
    reader.get_by_role("link", name="Previous sentence").click()
    expect(reader.locator("#card blockquote")).to_have_text("Bridges 🌉 counted")


def test_nothing_is_offered_that_only_scripts_can_do(reader, desk, ana, place):
    span = tag(
        desk, author=ana, target=place("31 bridges", "said"), opinion=Opinion("verified"), base=None
    ).span_id
    reader.goto(f"{reader.url}?claim={span}")
    buttons = reader.locator("button[data-do]:visible, kbd:visible, .by-key:visible")
    assert buttons.evaluate_all("all => all.map(each => each.outerHTML)") == []
    wide = reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wide


def test_the_list_goes_on_behind_its_fiftieth_claim(reader, desk, ana, article):
    text = article.text
    for n in range(52):
        mark(desk, author=ana, place=Place(article.pk, n, n + 2, text[n : n + 2]))
    reader.reload()
    reader.get_by_role("link", name="The next claims").click()
    expect(reader.locator("#claims > .claim").last).to_have_attribute("data-start", "51")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing(new_page, live_server, sign_in, ana, desk, article, place, axe, shot, viewport):
    """On the pages of their own, whose forms are the same with scripts."""
    said = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    page = sign_in(new_page(viewport=viewport), ana)
    home = f"{live_server.url}/c/desk/articles/{article.pk}/"
    page.goto(f"{home}plain/")
    assert axe(page) == []
    page.get_by_label("Exact words").fill("Two mor opened in May")
    press(page, "Find these words")
    assert axe(page) == []
    shot(page, f"plain-{viewport['width']}")
    page.goto(f"{home}claims/{said.span_id}/split/")
    page.get_by_label("The parts").fill("nowhere at all")
    press(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("is not in the text")
    assert axe(page) == []
    shot(page, f"plain-split-{viewport['width']}")


def test_on_a_phone_nothing_of_the_bars_lies_over_another(
    new_page, live_server, sign_in, ana, desk, article, place
):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    page = sign_in(new_page(java_script_enabled=False, viewport=PHONE), ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/")
    left, beside = (page.locator(each).bounding_box() for each in (".left summary", ".beside-link a"))
    assert left["x"] + left["width"] <= beside["x"]
    bar, rest = (page.locator(each).bounding_box() for each in ("#toolbar", ".plain-rest"))
    assert bar["height"] - rest["height"] < 30
