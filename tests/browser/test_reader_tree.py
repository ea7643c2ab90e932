"""The reader as a screen reader gets it: names, roles, states and order, from Chromium's accessibility tree."""

import pytest
from playwright.sync_api import expect

from annotations.services.claims import Opinion, mark, tag
from annotations.services.evidence import NewSource, add_evidence
from tests.browser.axtree import tree
from tests.browser.test_reader_claims import drag_words, new_article, open_reader, press, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def disputed(desk, ben, place) -> int:
    return tag(desk, author=ben, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id


@pytest.fixture
def reader(page, live_server, sign_in, ana, article, disputed):
    """Ana's reader with Ben's claim chosen."""
    open_reader(page, live_server, sign_in, ana, article)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={disputed}")
    page.wait_for_load_state("networkidle")
    return page


def focused(root):
    """What has the focus, below the document itself."""
    return [each for each in root.walk() if each.states.get("focused") and each.role != "RootWebArea"]


def test_landmarks_and_headings_come_in_the_order_of_the_work(reader, disputed):
    root = tree(reader)
    kinds = {"banner", "main", "complementary", "article", "region", "toolbar", "status"}
    places = [(each.role, each.name) for each in root.walk() if each.role in kinds]
    assert [each for each in places if each != ("region", "")] == [
        ("banner", ""),
        ("main", ""),
        ("region", "Article"),
        ("article", "Bridges 🌉 counted"),
        ("complementary", "Claims"),
        ("region", f"Claim {disputed}"),
        ("region", "Claims in the text"),
        ("toolbar", "Actions"),
        ("status", ""),
    ]
    headings = [(each.name, each.states["level"]) for each in root.all("heading")]
    assert headings[:3] == [
        ("Bridges 🌉 counted", 1),
        ("Bridges 🌉 counted", 2),
        (f"{disputed} Disputed · agreed", 2),
    ]
    assert headings[-1] == ("Claims in the text", 2)
    assert [each.name for each in focused(root)] == ["Bridges 🌉 counted"]


def test_the_text_says_where_a_claim_is_and_what_it_is(reader, disputed):
    text = tree(reader).one("article")
    assert text.one("link").name == f"Claim {disputed}: disputed, 1 reviewer"
    line = text.all("paragraph")[0]
    said = [each.name for each in line.walk() if each.role in ("StaticText", "link")]
    assert said == [
        "There are ",
        "31 bridges",
        f"Claim {disputed}: disputed, 1 reviewer",
        " in the harbour, the mayor said.",
    ]


def test_the_list_of_claims_says_number_words_and_state(reader, desk, ana, place, disputed):
    mark(desk, author=ana, place=place("$2 billion"))
    reader.reload()
    section = tree(reader).one("region", "Claims in the text")
    lines = section.one("list").all("listitem")
    assert lines[0].all("link")[0].name == f"{disputed} 31 bridges"
    assert "Disputed · agreed · 1 reviewer" in lines[0].text()
    assert "To check" in lines[1].text()
    bar = tree(reader).one("banner")
    links = [each.name for each in bar.all("link")]
    assert links[2:5] == ["1 unanswered", "1 disputed", "2 facts uncovered"]


def test_every_control_has_a_name_of_its_own_kind(reader):
    press(reader, "v")
    saved(reader, "verified")
    for key in ("w", "e"):
        press(reader, key)
    root = tree(reader)
    kinds = ("button", "link", "textbox", "combobox", "checkbox", "radio", "DisclosureTriangle", "Date")
    controls = [each for kind in kinds for each in root.all(kind)]
    assert len(controls) > 30
    assert not [each.role for each in controls if not each.name.strip()]


def test_the_forms_of_the_card_have_labels_and_hints(reader, disputed):
    press(reader, "d")
    saved(reader, "disputed")
    press(reader, "w")
    card = tree(reader).one("region", f"Claim {disputed}")
    why = card.one("DisclosureTriangle", "What is wrong?")
    assert why.states["expanded"] is True
    problem = card.one("combobox", "What is wrong")
    assert problem.states["focused"] is True
    assert problem.value == "Not said"
    assert card.one("textbox", "It should read").role == "textbox"
    assert card.one("checkbox", "Must be put right before it runs").states["checked"] == "false"
    assert card.one("textbox", "Why").description == "Goes out with the claim."
    order = [each.name for each in card.walk() if each.role in ("combobox", "textbox", "checkbox")]
    assert order[:4] == ["What is wrong", "It should read", "Must be put right before it runs", "Why"]


def test_the_form_of_a_source_is_a_group_and_a_list_that_opens(reader, desk, ana, place):
    other = mark(desk, author=ana, place=place("harbour")).span_id
    add_evidence(desk, author=ana, span_id=other, source=NewSource("web", {"title": "Harbour register"}))
    press(reader, "e")
    group = tree(reader).one("group", "What it does")
    assert [each.name for each in group.all("radio")] == ["Supports", "Contradicts", "Background"]
    assert group.all("radio")[0].states["checked"] == "true"
    title = reader.get_by_label("Title or name")
    title.press_sequentially("harb")
    expect(reader.locator("#known [role=option]")).to_have_count(1)
    reader.keyboard.press("ArrowDown")
    root = tree(reader)
    box = root.one("combobox", "Title or name")
    assert box.states["expanded"] is True
    assert box.states["activedescendant"]
    option = root.one("listbox", "Already in this collection").one("option")
    assert option.states["selected"] is True
    assert option.name.startswith("Harbour register")
    reader.keyboard.press("Escape")
    assert tree(reader).one("combobox", "Title or name").states["expanded"] is False


def test_dialogs_are_modal_named_and_hold_the_focus(reader, article):
    for key, name, inside in (
        ("x", "Why can it not be checked?", "An opinion"),
        ("?", "Keys and reading", "Keys and reading"),
    ):
        press(reader, key)
        root = tree(reader)
        dialog = root.one("dialog", name)
        assert dialog.states["modal"] is True
        assert [each.name for each in focused(dialog)] == [inside]
        # What lies behind is not there to be read.
        assert not root.all("article")
        reader.keyboard.press("Escape")
        root = tree(reader)
        assert not root.all("dialog")
        assert [each.role for each in focused(root)] == ["article"]


def test_the_sentences_are_options_with_their_verdicts(reader, disputed):
    press(reader, "s")
    expect(reader.locator("#sentences")).to_be_focused()
    reader.keyboard.press("j")
    root = tree(reader)
    listbox = root.one("listbox", "Sentences of Bridges")
    assert listbox.states["focused"] is True
    assert listbox.states["multiselectable"] is False
    options = listbox.all("option")
    assert [each.name for each in options] == [
        "Heading: Bridges 🌉 counted",
        f"There are 31 bridges in the harbour, the mayor said. — claim {disputed}: disputed, 1 reviewer",
        "Two more open in May, at a cost of $2 billion.",
    ]
    chosen = [each for each in options if each.states.get("selected")]
    assert len(chosen) == 1
    assert listbox.states["activedescendant"] == [
        reader.locator("#sentences [aria-selected=true]").get_attribute("id")
    ]
    assert not root.all("article"), "the text is not read a second time"
    assert root.one("button", "Sentences").states["pressed"] == "true"


def test_a_claim_over_several_sentences_is_named_at_each(page, live_server, sign_in, desk, edith, ana):
    text = "A heading\nOne stands. Two stand. Three stand.\nFour stand."
    article = new_article(desk, edith, text)
    open_reader(page, live_server, sign_in, ana, article)
    drag_words(page, article, "heading\nOne stands.")
    press(page, "m")
    saved(page, "marked")
    press(page, "s")
    expect(page.locator("#sentences")).to_be_focused()
    names = [each.name for each in tree(page).one("listbox").all("option")]
    assert [("claim" in name, "goes on" in name) for name in names] == [
        (True, True),
        (True, False),
        (False, False),
    ]


def test_joining_is_asked_in_a_group_with_its_answers(reader, disputed):
    press(reader, "Escape", "j", "j", "v")
    expect(reader.locator("#join")).to_be_visible()
    root = tree(reader)
    group = root.one("group", f"Join claim {disputed}?")
    assert [each.name for each in group.all("button")] == [
        f"Join claim {disputed} Enter",
        "New claim Shift Enter",
    ]
    assert "Enter joins, Shift+Enter makes a new claim" in root.one("status").text()


def test_two_versions_are_a_table_and_two_ways_on(reader, desk, ana, article, place, disputed):
    tag(desk, author=ana, target=disputed, opinion=Opinion("needs_source"), base=None)
    press(reader, "v")
    expect(reader.locator("#card.conflict")).to_be_visible()
    root = tree(reader)
    card = root.one("region", "Two versions")
    assert [each.name for each in card.all("columnheader")] == ["Stored now", "Yours"]
    assert card.all("rowheader")[0].name == "Verdict"
    assert [each.name for each in card.walk() if each.role in ("button", "link")] == [
        "Keep what is stored h",
        "Keep mine y",
    ]
    assert "Not saved: it has changed elsewhere" in root.one("status").text()


def test_one_polite_region_and_no_other(reader):
    live = [each for each in tree(reader).walk() if each.states.get("live") in ("polite", "assertive")]
    assert [(each.role, each.states["live"]) for each in live] == [("status", "polite")]


def test_a_viewer_is_offered_only_what_a_viewer_does(page, live_server, sign_in, vera, article, disputed):
    open_reader(page, live_server, sign_in, vera, article)
    bar = tree(page).one("toolbar", "Actions")
    names = [each.name for each in bar.all("button")]
    assert names == ["Previous sentence k", "Next sentence j", "Sentences s", "Claims here Enter", "Keys ?"]
    press(page, "v")
    expect(page.locator("#said")).to_contain_text("Viewers read what is settled")
