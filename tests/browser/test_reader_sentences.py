"""The same work from a list of sentences, by keyboard and by name, role and state."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Span
from annotations.services.claims import Opinion, mark, tag
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_reader_claims import new_article, open_reader, press, saved
from tests.browser.test_reader_lost import drafted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def listed(page, live_server, sign_in, ana, article):
    """Ana's reader with the list open."""
    reader = open_reader(page, live_server, sign_in, ana, article)
    press(reader, "s")
    expect(reader.locator("#sentences")).to_be_focused()
    return reader


def active(page):
    listbox = page.get_by_role("listbox", name="Sentences of")
    chosen = page.locator("#sentences").get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    expect(listbox).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    expect(listbox).to_be_focused()
    return chosen


def test_each_sentence_says_its_place_and_its_verdicts(listed):
    assert active(listed).text_content() == "Heading: Bridges 🌉 counted"
    press(listed, "ArrowDown", "d")
    saved(listed, "disputed")
    span = Span.objects.get()
    words = f"There are 31 bridges in the harbour, the mayor said. — claim {span.pk}: disputed, 1 reviewer"
    expect(active(listed)).to_contain_text(words)
    assert (active(listed).get_attribute("aria-posinset"), active(listed).get_attribute("aria-setsize")) == (
        "2",
        "3",
    )
    press(listed, "z")
    saved(listed, "Undone")
    expect(active(listed)).not_to_contain_text("claim")
    assert not Annotation.objects.current().exists()


def test_a_choice_saved_late_leaves_undo_in_sight(page, live_server, sign_in, ana, article):
    held = []
    page.route("**/js/preferences*.js", lambda route: held.append(route))
    reader = open_reader(page, live_server, sign_in, ana, article)
    press(reader, "s")
    expect(reader.locator("#sentences")).to_be_focused()
    press(reader, "ArrowDown", "d")
    saved(reader, "disputed")
    held.pop().continue_()
    expect(reader.locator("#said")).to_contain_text("Saved for you")
    reader.locator("#toast").get_by_role("button", name="Undo").click()
    saved(reader, "Undone")
    assert not Annotation.objects.current().exists()


def test_the_keys_of_a_list_walk_it(listed):
    for key, start in (("End", 3), ("k", 2), ("Home", 1), ("j", 2), ("PageDown", 3), ("ArrowUp", 2)):
        press(listed, key)
        assert active(listed).get_attribute("aria-posinset") == str(start)
    press(listed, "End", "j")
    expect(listed.locator("#said")).to_contain_text("last sentence")


def test_words_are_chosen_by_typing_them(listed):
    press(listed, "j", "F2")
    expect(listed.get_by_label("Leave the words that you mean")).to_be_focused()
    listed.keyboard.type("32 bridges")
    listed.keyboard.press("Tab")
    listed.keyboard.press("Enter")
    expect(listed.locator("#words-wrong")).to_contain_text("do not stand in the sentence")
    listed.get_by_label("Leave the words that you mean").fill("31 bridges")
    listed.keyboard.press("Tab")
    listed.keyboard.press("Enter")
    active(listed)
    press(listed, "v")
    saved(listed, "verified")
    assert Span.objects.values_list("start", "end", "quote").get() == (28, 38, "31 bridges")


def test_words_that_were_typed_outlive_a_reload(listed, ana):
    words = listed.get_by_label("Leave the words that you mean")
    press(listed, "j", "F2")
    expect(words).to_be_focused()
    listed.keyboard.type("31 bridges")
    listed.reload()
    expect(listed.locator("#sentences")).to_be_focused()
    press(listed, "j", "j", "F2")
    expect(words).to_have_value("Two more open in May, at a cost of $2 billion.")  # of another sentence
    expect(listed.locator(".draft")).to_have_count(0)
    press(listed, "Escape", "k", "F2")
    expect(words).to_have_value("31 bridges")
    expect(listed.locator("#choose-words .draft")).to_contain_text("is back")
    expect(words).to_be_focused()
    listed.keyboard.press("Tab")
    listed.keyboard.press("Enter")
    press(listed, "v")
    saved(listed, "verified")
    assert Span.objects.get().quote == "31 bridges"
    press(listed, "F2")
    expect(words).to_have_value(
        "There are 31 bridges in the harbour, the mayor said."
    )  # taken: no draft any more
    expect(listed.locator(".draft")).to_have_count(0)


def test_words_that_are_thrown_away_are_the_sentence_again(listed):
    press(listed, "j", "F2")
    expect(listed.get_by_label("Leave the words that you mean")).to_be_focused()
    listed.keyboard.type("bridges")
    drafted(listed, '"bridges"')
    press(listed, "Escape", "F2")
    expect(listed.get_by_label("Leave the words that you mean")).to_have_value("bridges")
    listed.get_by_role("button", name="Discard").click()
    expect(listed.get_by_label("Leave the words that you mean")).to_have_value(
        "There are 31 bridges in the harbour, the mayor said."
    )
    expect(listed.locator(".draft")).to_have_count(0)


def test_the_list_is_remembered_on_every_device(listed, new_page, live_server, sign_in, ana, article):
    expect(listed.locator("#toast")).to_contain_text("Saved for you")
    ana.refresh_from_db()
    assert ana.preferences["view"] == "sentences"
    other = sign_in(new_page(viewport=PHONE), ana)
    other.goto(f"{live_server.url}/c/desk/articles/{article.pk}/")
    expect(other.locator("#sentences")).to_be_focused()
    press(other, "s")
    expect(other.locator("#article")).to_be_focused()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing(new_page, live_server, sign_in, desk, ana, article, place, axe, shot, viewport):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    page = sign_in(new_page(viewport=viewport), ana)
    open_reader(page, live_server, sign_in, ana, article)
    press(page, "s", "j")
    expect(page.locator("#sentences").get_by_role("option")).to_have_count(3)
    shot(page, f"sentences-{viewport['width']}")
    press(page, "?")
    shot(page, f"keys-{viewport['width']}")
    assert axe(page) == []


def test_the_question_whether_to_join_stands_by_its_sentence(listed, desk, ben, place):
    mark(desk, author=ben, place=place("Two more open in May, at a cost of $2"))
    saved(listed, "Saved for you")
    listed.reload()
    expect(listed.locator("#sentences")).to_be_focused()
    listed.locator("#sentences").press("End")
    listed.keyboard.press("v")
    expect(listed.locator("#join")).to_be_visible()
    question, sentence = (
        listed.locator(each).bounding_box() for each in ("#join", "#sentences [aria-selected=true]")
    )
    assert 0 <= question["y"] - sentence["y"] - sentence["height"] < 40


def test_the_sentence_in_hand_is_clear_of_what_is_said_below(page, live_server, sign_in, desk, edith, ana):
    text = "\n".join(f"Line {n} of the harbour." for n in range(60))
    reader = open_reader(page, live_server, sign_in, ana, new_article(desk, edith, text))
    press(reader, "s")
    reader.locator("#sentences").press("PageDown")
    for _ in range(30):
        reader.keyboard.press("j")
    box = reader.locator("#sentences [aria-selected=true]").bounding_box()
    assert box["y"] + box["height"] <= 800 - 100
