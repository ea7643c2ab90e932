"""Articles shared out by keyboard, by finger and without scripts; one article given on the page of its work."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Assignment
from annotations.services.articles import Details, import_article
from annotations.services.assignments import assign
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.fingers import HANDHELD, tap
from tests.conftest import blocks_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def three(desk, edith, ana, ben):
    """Articles that nobody has, of 3, 2 and 1 lines."""
    found = []
    for lines, title in ((3, "Harbour bonds, year by year"), (2, "Ferries to the north"), (1, "A bridge")):
        text = "\n".join(f"{title}: line {n} of what the harbour counted." for n in range(lines))
        details = Details(title=title, publisher="Harbour Post", blocks=blocks_of(text))
        found.append(import_article(desk, author=edith, text=text, details=details).article_id)
    return found


def given() -> set[tuple[int, str]]:
    return set(Assignment.objects.current().values_list("article", "reviewer__username"))


def opened(page: Page, live_server) -> Page:
    page.goto(f"{live_server.url}/c/desk/assignments/")
    expect(page.get_by_role("heading", name="Spread evenly")).to_be_visible()
    return page


def test_by_keyboard_alone_and_undone_as_one(page, live_server, sign_in, edith, ana, ben, three):
    opened(sign_in(page, edith), live_server)
    expect(page.get_by_label("Ana")).to_be_checked()
    expect(page.get_by_label("Edith")).not_to_be_checked()  # an editor, who could review too
    for title in ("Harbour bonds", "Ferries", "A bridge"):
        page.get_by_label(title).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Preview").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Who would get what")).to_be_visible()
    expect(page.get_by_role("row", name="Ana")).to_contain_text("Harbour bonds")
    expect(page.get_by_role("row", name="Ben")).to_contain_text("Ferries")
    page.get_by_role("button", name="Make 3 assignments").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("3 assignments made")
    expect(page.locator("#notices")).to_be_focused()
    bonds, ferries, bridge = three
    assert given() == {(bonds, "ana"), (ferries, "ben"), (bridge, "ben")}
    expect(page.locator("main")).to_contain_text("Every article has somebody.")
    page.goto(f"{live_server.url}/c/desk/history/")
    expect(page.locator(".history > li").first).to_contain_text("assigned 3 articles · 2 people")
    page.locator(".history > li").first.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("is undone")
    assert given() == set()


def test_what_somebody_assigned_meanwhile_is_told(
    page, live_server, sign_in, desk, edith, ana, three, axe, shot
):
    opened(sign_in(page, edith), live_server)
    page.get_by_label("All below").check()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("button", name="Make 3 assignments")).to_be_visible()
    assign(desk, author=edith, reviewer_ids=[ana.pk], article_ids=three[:1])
    page.get_by_role("button", name="Make 3 assignments").click()
    expect(page.get_by_role("alert")).to_contain_text("You yourself, elsewhere, assigned some of these")
    shot(page, "spread-stale")
    assert axe(page) == []
    page.get_by_role("button", name="Make 2 assignments").click()
    expect(page.locator("#notices")).to_contain_text("2 assignments made")
    assert len(given()) == 3


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_looks_right(new_page, live_server, sign_in, desk, edith, ana, three, axe, shot, size):
    assign(desk, author=edith, reviewer_ids=[ana.pk], article_ids=three[2:])
    touch = {"has_touch": True, "is_mobile": True} if size is PHONE else {}
    page = opened(sign_in(new_page(viewport=size, **touch), edith), live_server)
    name = f"{size['width']}"
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is assigned yet")
    for each in ("assignments", "spread-preview", "article-judges"):
        shot(page, f"{each}-{name}", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert axe(page) == []
        if each == "assignments":
            page.get_by_label("Ferries").check()
            page.get_by_label("Harbour bonds").check()
            page.get_by_role("button", name="Preview").click()
            expect(page.get_by_role("button", name="Make 2 assignments")).to_be_visible()
        elif each == "spread-preview":
            page.goto(f"{live_server.url}/c/desk/articles/{three[2]}/work/")
            expect(page.locator("#judges")).to_contain_text("Ana")


def test_by_finger(new_page, live_server, sign_in, edith, ana, ben, three, well_placed):
    page = opened(sign_in(new_page(**HANDHELD), edith), live_server)
    well_placed(page, "spread-phone")
    page.get_by_text("All below").tap()
    tap(page, "Preview")
    expect(page.get_by_role("button", name="Make 3 assignments")).to_be_visible()
    well_placed(page, "spread-preview-phone")
    tap(page, "Make 3 assignments")
    expect(page.locator("#notices")).to_contain_text("3 assignments made")
    page.goto(f"{live_server.url}/c/desk/articles/{three[0]}/work/")
    well_placed(page, "judges-phone")
    page.locator("#judges").get_by_role("button", name="Take it back").tap()
    expect(page.locator("#notices")).to_contain_text("Taken back")
    page.locator("#judges").get_by_text("Ben").tap()
    tap(page.locator("#judges"), "Assign")
    expect(page.locator("#judges .asked-people")).to_contain_text("Ben")
    assert (three[0], "ben") in given()


def test_without_scripts(new_page, live_server, sign_in, edith, ana, three):
    page = opened(sign_in(new_page(java_script_enabled=False), edith), live_server)
    page.get_by_label("All below").check()
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Make 3 assignments").click()
    expect(page.locator("#notices")).to_contain_text("3 assignments made")
    assert len(given()) == 3
