"""The list of claims as people use it: by keys alone, by thumb, without scripts; the picture is looked at."""

import re

import pytest
from playwright.sync_api import expect

from annotations.models import Assignment, Revision
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.preferences import save_preferences
from tests.browser.fingers import HANDHELD, tap

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def claims(desk, ana, article):
    """Six; four of them hold a word that begins with "brid"."""
    quotes = [
        "Bridges",
        "31 bridges",
        "There are 31 bridges",
        "harbour",
        "bridges in the harbour",
        "$2 billion",
    ]
    spans = []
    for quote in quotes:
        start = article.text.index(quote)
        spans.append(
            mark(desk, author=ana, place=Place(article.pk, start, start + len(quote), quote)).span_id
        )
    tag(desk, author=ana, target=spans[3], opinion=Opinion("disputed", why="The map says bay"), base=None)
    return spans


@pytest.fixture
def listed(page, live_server, sign_in, edith, claims):
    sign_in(page, edith).goto(f"{live_server.url}/c/desk/claims/")
    expect(page.locator("#claims > li")).to_have_count(6)
    return page


def in_hand(page):
    """The claim whose row has the focus."""
    return page.locator("#claims > li:focus-within a.quote")


def test_by_keys_alone_three_are_found_assigned_and_given_back(listed, live_server, ben, claims):
    page = listed
    page.keyboard.press("/")
    expect(page.get_by_label("Search", exact=True)).to_be_focused()
    page.keyboard.type("brid")
    expect(page.locator("#claims > li")).to_have_count(4)
    page.keyboard.press("Escape")
    expect(in_hand(page)).to_have_text("bridges in the harbour")
    expect(page.get_by_label("Search", exact=True)).to_have_value("brid")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.locator("#picked")).to_have_text("3 picked")
    page.keyboard.press("a")
    expect(page.locator("#do")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Assign 3 claims to a reviewer")).to_be_visible()
    reviewer = page.get_by_label("Reviewer", exact=True)
    while not reviewer.evaluate("each => each === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type("Ben")
    expect(page.get_by_role("button", name="Assign 3 claims to Ben")).to_be_visible()
    expect(reviewer).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("3 claims: assigned.")
    expect(page.get_by_text("For Ben")).to_have_count(3)
    assert Assignment.objects.current().count() == 3
    expect(page.locator("#notices")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#notices a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("Change"), level=1)).to_be_visible()
    undo = page.get_by_role("button", name="Undo this change")
    while not undo.evaluate("each => each === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("is undone")
    assert not Assignment.objects.current().exists()


def test_the_keys_move_open_and_never_lose_their_place(listed):
    page = listed
    page.keyboard.press("k")
    expect(in_hand(page)).to_have_text("$2 billion")
    for _ in range(9):
        page.keyboard.press("j")
    expect(in_hand(page)).to_have_text("Bridges")
    page.keyboard.press("k")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys in this list")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(in_hand(page)).to_have_text("31 bridges")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/claims/\d+/$|articles/\d+/\?claim="))


def test_what_to_do_with_them_stays_in_sight_only_when_some_are_picked(listed):
    """The option chosen in its menu is “checked” too, for a style sheet: the bar lay over the list from the start."""
    position = "element => getComputedStyle(element).position"
    assert listed.locator(".bulk-bar").evaluate(position) == "static"
    listed.locator(".claim-pick input").first.check()
    assert listed.locator(".bulk-bar").evaluate(position) == "sticky"


def test_what_arrives_while_the_list_has_the_focus_leaves_it_there(listed):
    page = listed
    page.get_by_label("Search", exact=True).focus()
    page.keyboard.type("brid")
    page.keyboard.press("Escape")
    expect(in_hand(page)).to_have_text("$2 billion")
    expect(page.locator("#claims > li")).to_have_count(4)
    expect(in_hand(page)).to_have_text("bridges in the harbour")


def test_letters_do_nothing_in_a_field_nor_where_they_are_switched_off(listed, edith):
    page = listed
    page.get_by_label("Search", exact=True).press_sequentially("jx")
    expect(page.get_by_label("Search", exact=True)).to_have_value("jx")
    save_preferences(edith, {"keys": "off"})
    page.goto(page.url.partition("?")[0])
    page.keyboard.press("j")
    expect(in_hand(page)).to_have_count(0)


def test_a_reviewer_has_keys_and_nothing_to_pick(page, live_server, sign_in, ben, claims):
    sign_in(page, ben).goto(f"{live_server.url}/c/desk/claims/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(in_hand(page)).to_have_text("$2 billion")
    expect(page.locator(".bulk-bar")).to_have_count(0)


def test_chips_say_what_is_on_and_take_it_away(listed):
    page = listed
    page.locator("summary", has_text="More filters").click()
    page.get_by_label("Has no source").check()
    page.get_by_label("State").select_option("Agreed")
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator("#claims > li")).to_have_count(1)
    page.get_by_role("link", name="Take away: State Agreed").click()
    expect(page.locator("#claims > li")).to_have_count(6)
    expect(page.locator(".chip")).to_have_text(["Has no source"])
    page.get_by_role("link", name="Clear").click()
    expect(page).to_have_url(re.compile("/c/desk/claims/$"))


def test_by_thumb(new_page, live_server, sign_in, edith, ben, claims, well_placed):
    page = sign_in(new_page(**HANDHELD), edith)
    page.goto(f"{live_server.url}/c/desk/claims/?q=bridges")
    well_placed(page, "claims-phone")
    for span in claims[:2]:
        page.get_by_label(f"Pick claim {span}", exact=True).tap()
    expect(page.locator("#picked")).to_have_text("2 picked")
    well_placed(page, "claims-phone-picked")
    page.locator("#do").select_option("Not checkable")
    tap(page, "Preview")
    page.get_by_label("Why").fill("Opinion")
    well_placed(page, "claims-phone-preview")
    tap(page, "Call 2 claims not checkable")
    expect(page.locator("#notices")).to_contain_text("2 claims: not checkable.")
    well_placed(page, "claims-phone-done")
    assert Revision.objects.filter(action="not-checkable").count() == 1


def test_without_scripts(new_page, live_server, sign_in, edith, ben, claims):
    page = sign_in(new_page(java_script_enabled=False), edith)
    page.goto(f"{live_server.url}/c/desk/claims/?q=bridges")
    page.get_by_label("All that fit").check()
    page.get_by_role("button", name="Preview").click()
    page.get_by_label("Reviewer", exact=True).select_option("Ben")
    page.get_by_role("button", name="Assign 4 claims to a reviewer").click()
    expect(page.locator("#notices")).to_contain_text("4 claims: assigned.")


def test_it_is_accessible_and_fits(new_page, live_server, sign_in, axe, shot, edith, claims):
    page = sign_in(new_page(), edith)
    page.goto(f"{live_server.url}/c/desk/claims/?unsourced=on&q=brid")
    page.locator("summary", has_text="More filters").click()
    page.get_by_label(f"Pick claim {claims[0]}", exact=True).check()
    for width, height in ((1280, 800), (390, 844), (320, 640)):
        page.set_viewport_size({"width": width, "height": height})
        shot(page, f"claims-list-{width}")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    page.locator("#claims a.quote").first.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    shot(page, "claims-preview")
    assert axe(page) == []


@pytest.mark.parametrize("touch", [False, True])
def test_a_filter_is_saved_opened_renamed_and_deleted(
    new_page, live_server, sign_in, ana, claims, well_placed, axe, touch
):
    page = sign_in(new_page(**HANDHELD if touch else {}), ana)
    page.goto(f"{live_server.url}/c/desk/claims/")
    page.get_by_label("Search", exact=True).press_sequentially("harbour")
    expect(page.locator("#claims > li")).to_have_count(2)
    page.locator("summary", has_text="Save this filter").click()
    page.get_by_label("Name").fill("The harbour")
    well_placed(page, f"claims-save-{touch}")
    page.get_by_label("Name").press("Enter")
    expect(page.locator("#notices")).to_contain_text("Saved as “The harbour”.")
    page.goto(f"{live_server.url}/c/desk/claims/")
    page.get_by_role("link", name="The harbour", exact=True).click()
    expect(page).to_have_url(re.compile(r"/claims/\?q=harbour$"))
    expect(page.locator("#claims > li")).to_have_count(2)
    page.get_by_role("link", name="Rename or delete").click()
    page.get_by_label("Name of The harbour").fill("Harbour")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("link", name="Harbour", exact=True)).to_be_visible()
    well_placed(page, f"claims-saved-{touch}")
    assert axe(page) == []
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No filter is saved yet.")).to_be_visible()


def find(page, words, rows):
    page.get_by_label("Search", exact=True).fill(words)
    expect(page.locator("#claims > li")).to_have_count(rows)


@pytest.mark.parametrize("fault", ["offline", "busy"])
def test_what_is_not_loaded_is_said_and_asked_for_again(listed, axe, shot, fault):
    page = listed
    if fault == "offline":
        page.context.set_offline(True)
        said = "Not loaded: no connection."
    else:
        page.route("**/claims/?*", lambda route: route.fulfill(status=503, body="Busy"))
        said = "Not loaded: the server did not answer."
    find(page, "brid", 6)
    trouble = page.get_by_role("status").filter(has_text=said)
    expect(trouble).to_be_visible()
    assert axe(page) == []
    shot(page, f"claims-not-loaded-{fault}")
    trouble.get_by_role("button", name="Retry").click()
    expect(page.locator("#unloaded")).to_have_count(1)
    page.context.set_offline(False)
    page.unroute("**/claims/?*")
    page.get_by_label("Search", exact=True).evaluate("each => { each.value = 'harbour'; }")
    page.get_by_role("button", name="Retry").press("Enter")
    expect(page.locator("#claims > li")).to_have_count(2)
    expect(page.locator("#unloaded")).to_have_count(0)
    expect(page.get_by_label("Search", exact=True)).to_be_focused()


@pytest.mark.parametrize("address", ["articles/", "history/", "dataset/"])
def test_every_list_says_what_it_could_not_load(listed, live_server, address):
    page = listed
    page.goto(f"{live_server.url}/c/desk/{address}")
    page.context.set_offline(True)
    field = page.locator("form[hx-get]").locator("input:visible, select:visible").first
    for event in ("input", "change"):
        field.dispatch_event(event)
    expect(page.locator("#toasts")).to_contain_text("Not loaded: no connection.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#unloaded")).to_have_count(0)
