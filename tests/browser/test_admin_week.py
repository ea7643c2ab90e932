"""An administrator's week, by keys alone; and the pages of it: accessible in both schemes, fit for a telephone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from annotations.models import ApiToken, Collection, Membership, User
from annotations.services.admin_log import note
from annotations.services.settings import create_collection, set_member
from annotations.services.tokens import create_token

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = [(1280, 800), (390, 844)]
FOCUSED = "element => element === document.activeElement"


@pytest.fixture
def admin(page, live_server, sign_in, stan):
    """go(path): stan's browser at a page of administration."""
    sign_in(page, stan)

    def go(path: str = "") -> Page:
        page.goto(f"{live_server.url}/admin/{path}")
        return page

    return go


def tab_to(target: Locator) -> Locator:
    """Presses Tab until it is there, as somebody without a mouse does."""
    expect(target).to_be_visible()
    for _ in range(200):
        if target.evaluate(FOCUSED):
            return target
        target.page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {target}")


def press(target: Locator, key: str = "Enter") -> None:
    tab_to(target)
    target.page.keyboard.press(key)


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name, exact=True)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def tick(page: Page, *names: str) -> None:
    for name in names:
        press(page.locator("#result_list tr", has_text=name).locator(".action-select"), "Space")


def act(page: Page, begins: str) -> None:
    """Chooses in the list's menu by the letters that it begins with."""
    tab_to(page.locator("select[name=action]"))
    page.keyboard.type(begins)
    press(button(page, "Go"))


def done(page: Page, words: str) -> None:
    expect(page.locator(".messagelist")).to_contain_text(words)


def test_monday_new_colleagues_from_a_list_and_their_memberships(admin, desk):
    page = admin()
    press(link(page, "Users"))
    press(link(page, "Add several users"))
    tab_to(page.get_by_label("People"))
    page.keyboard.type("nora, Nora Quill, nora@desk.example\nnora, Omar Haddad")
    press(button(page, "Look at them"))
    expect(page.locator("tr.faulty")).to_contain_text("The same username as in line 1.")
    tab_to(page.get_by_label("People"))
    page.keyboard.press("Control+a")
    page.keyboard.type("nora, Nora Quill, nora@desk.example\nomar, Omar Haddad")
    press(button(page, "Look at them again"))
    expect(button(page, "Create 2 users")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("td.link")).to_have_count(2)
    expect(link(page, "Save them as a text file")).to_be_visible()
    press(link(page, "All users"))
    tick(page, "nora@desk", "Omar Haddad")
    act(page, "Mem")
    expect(page.get_by_label("People")).to_have_value("nora\nomar")
    tab_to(page.get_by_label("Collection"))
    page.keyboard.type("desk")
    tab_to(page.get_by_label("Role"))
    page.keyboard.type("Rev")
    press(button(page, "See what would change"))
    expect(button(page, "Change 2 memberships")).to_be_focused()
    page.keyboard.press("Enter")
    done(page, "2 memberships of desk changed.")
    assert set(Membership.objects.values_list("user__username", "role")) == {
        ("nora", "reviewer"),
        ("omar", "reviewer"),
    }


def test_tuesday_who_may_do_what_and_a_change_from_there(admin, desk, edith, ana, vera):
    page = admin()
    press(link(page, "Collections"))
    press(link(page, "3 members of desk"))
    expect(page.get_by_role("row", name="Vera")).to_contain_text("what is agreed or decided")
    press(page.get_by_label("Choose Vera"), "Space")
    press(button(page, "Change the chosen ones"))
    expect(page.get_by_label("People")).to_have_value("vera")
    tab_to(page.get_by_label("Lawyer"))
    page.keyboard.type("Yes")
    press(button(page, "See what would change"))
    expect(button(page, "Change 1 membership")).to_be_focused()
    page.keyboard.press("Enter")
    done(page, "1 membership of desk changed.")
    assert Membership.objects.get(user=vera).is_lawyer


def test_wednesday_a_token_leaked(admin, person, desk):
    create_token(person("robot", kind=User.Kind.SERVICE), name="sync", scope="write", collections=[desk])
    page = admin("annotations/apitoken/?owner=service")
    tick(page, "sync")
    act(page, "Rev")
    expect(page.locator(".behind")).to_contain_text("this service stops working")
    expect(button(page, "Revoke 1 token")).to_be_focused()
    page.keyboard.press("Enter")
    done(page, "1 token revoked. It opens nothing any more.")
    assert not ApiToken.objects.exists()


def test_thursday_somebody_leaves_and_somebody_for_good(admin, desk, edith, ana, ben):
    page = admin("annotations/user/")
    tick(page, "ben", "stan")
    act(page, "Dea")
    expect(page.get_by_role("row", name="Stan")).to_contain_text("This is you.")
    expect(button(page, "Deactivate 1 user")).to_be_focused()
    page.keyboard.press("Enter")
    done(page, "Deactivated: Ben.")
    press(link(page, "ana"))
    press(link(page, "Anonymise"))
    tab_to(page.get_by_label("Their username, to confirm"))
    page.keyboard.type("anna")
    page.keyboard.press("Enter")
    expect(page.locator(".errorlist")).to_contain_text("That is not their username.")
    tab_to(page.get_by_label("Their username, to confirm"))
    page.keyboard.press("Control+a")
    page.keyboard.type("ana")
    page.keyboard.press("Enter")
    done(page, f"Anonymised. Their work is there, as that of Former member {ana.pk}.")


def test_friday_what_was_done_this_week(admin, stan, ana, ben, desk):
    note(stan, [ana], "Deactivated; sessions and tokens ended.")
    note(stan, [ben], "One-time link made.")
    page = admin()
    press(link(page, "Acts of administration"))
    tab_to(page.locator("#searchbar"))
    page.keyboard.type("link")
    page.keyboard.press("Enter")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    expect(page.locator("#result_list tbody tr")).to_contain_text("One-time link made.")


@pytest.fixture
def staffed(desk, edith, ana, ben, vera, stan, person):
    """Something to see on every page."""
    blind = create_collection("blind", author=None, name="Checked blind", blind=True)
    set_member(blind, ana, "reviewer", is_lawyer=True)
    set_member(blind, edith, "editor")
    create_token(ana, name="notebook", days=None)
    create_token(
        person("robot", kind=User.Kind.SERVICE), name="sync", scope="write", collections=[desk, blind]
    )
    note(stan, [ana], "One-time link made.")
    return ana


def faults(page: Page, axe, shot, name: str) -> list[str]:
    wrong = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        shot(page, f"week-{name}-{width}", full_page=True)
        wrong += [f"{name} {width}: {fault}" for fault in axe(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{name} {width}: scrolls sideways")
    return wrong


AWRY = """() => {
  const tools = [...document.querySelectorAll(".object-tools li")].map(each => each.getBoundingClientRect());
  const stairs = tools.filter((each, n) => n && each.top > tools[n - 1].top && Math.abs(each.left - tools[0].left) > 1);
  const rows = [...document.querySelectorAll(".form-row, .form-row .help")];
  const cut = rows.filter(each => each.scrollWidth > each.clientWidth + 1);
  const squeezed = [...document.querySelectorAll(".vCheckboxLabel")].filter(each => {
    const line = parseFloat(getComputedStyle(each).fontSize) * 2;
    return each.clientHeight > line && each.clientWidth < each.closest(".form-row").clientWidth / 2;
  });
  return [stairs.length && "stairs", ...[...cut, ...squeezed].map(each => each.innerText)].filter(Boolean);
}"""


def test_forms_are_in_order(new_page, live_server, sign_in, desk, ana, person):
    """No label in a narrow column, no button on a step of its own, no hint cut off."""
    page, wrong = sign_in(new_page(), person("root", is_staff=True, is_superuser=True)), {}
    member = Membership.objects.get(user=ana).pk
    for path in (f"collection/{desk.pk}", f"user/{ana.pk}", f"membership/{member}"):
        page.goto(f"{live_server.url}/admin/annotations/{path}/change/")
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            wrong[path, width] = page.evaluate(AWRY)
    assert not any(wrong.values()), wrong


def test_every_page_of_the_week_is_accessible_and_fits(
    new_page, live_server, sign_in, axe, shot, stan, staffed
):
    page, wrong = sign_in(new_page(), stan), []
    at = f"{live_server.url}/admin/"
    user = f"annotations/user/{staffed.pk}"
    blind = Collection.objects.get(slug="blind").pk
    pages = {
        "index": "",
        "users": "annotations/user/",
        "user": f"{user}/change/",
        "user-rights": f"{user}/rights/",
        "anonymise": f"{user}/anonymise/",
        "memberships": "annotations/membership/",
        "collections": "annotations/collection/",
        "rights": f"annotations/collection/{blind}/rights/",
        "tokens": "annotations/apitoken/",
        "log": "admin/logentry/",
        "tries": "axes/accessattempt/",
    }
    for name, path in pages.items():
        page.goto(at + path)
        wrong += faults(page, axe, shot, name)
    page.goto(f"{at}annotations/user/several/")
    page.get_by_label("People").fill("nora, Nora Quill\nana, Another\nnot a name, X, y")
    button(page, "Look at them").click()
    wrong += faults(page, axe, shot, "several")
    page.goto(f"{at}annotations/membership/several/?people=ana%0Astan%0Anobody&collection=blind")
    page.get_by_label("Role").select_option("editor")
    button(page, "See what would change").click()
    wrong += faults(page, axe, shot, "members")
    for name, path, action in (("act", "user", "deactivate"), ("revoke", "apitoken", "revoke_chosen")):
        page.goto(f"{at}annotations/{path}/")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.locator("#action-toggle").check()
        page.locator("select[name=action]").select_option(action)
        button(page, "Go").click()
        expect(page.locator(".desk-form")).to_be_visible()
        wrong += faults(page, axe, shot, name)
    assert not wrong, "\n".join(wrong)
