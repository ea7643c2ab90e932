"""The editor's decision screen by keys alone and by thumb; a claim's page for a reviewer."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Revision, Ruling
from annotations.services.claims import Opinion, tag
from annotations.services.comments import add_comment
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.rulings import rule
from annotations.services.settings import set_member
from tests.browser.fingers import HANDHELD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def contest(desk, ana, ben, where):
    doubts = Opinion("disputed", "It is 30.", "figure", "30 bridges", must_fix=True, confidence=70)
    span = tag(desk, author=ana, target=where, opinion=doubts, base=None).span_id
    tag(desk, author=ben, target=where, opinion=Opinion("verified", "Counted."), base=None)
    return span


@pytest.fixture
def contested(desk, ana, ben, place):
    span = contest(desk, ana, ben, place("31 bridges"))
    source = NewSource("web", {"title": "Register", "publisher": "City", "url": "https://city.example/1"})
    add_evidence(desk, author=ana, span_id=span, source=source)
    add_comment(desk, author=ana, span_id=span, text="Of which year?")
    return span


@pytest.fixture
def opened(new_page, live_server, sign_in, contested):
    def page_of(person, span_id=contested, **options):
        page = sign_in(new_page(**options), person)
        page.goto(f"{live_server.url}/c/desk/claims/{span_id}/")
        return page

    return page_of


def type_why(page, verdict, words):
    page.wait_for_load_state()  # u and the answer to a form lead to a page whose keys come with its script
    page.keyboard.press(verdict)
    expect(page.get_by_label("Why", exact=True)).to_be_focused()
    page.keyboard.type(words)


def test_two_editors_on_one_decision_see_each_other(opened, edith, desk, person):
    max_ = person("max")
    set_member(desk, max_, "editor")
    before = Revision.objects.count()
    mine, theirs = opened(edith), opened(max_)
    expect(mine.get_by_role("status").filter(has_text="Also here")).to_have_text(
        "Also here: Max", timeout=12000
    )
    expect(theirs.locator("#also")).to_have_text("Also here: Edith", timeout=12000)
    theirs.goto("about:blank")
    expect(mine.locator("#also")).to_be_empty(timeout=25000)
    assert Revision.objects.count() == before


def test_what_stays_in_sight_lies_over_no_field(opened, edith, desk, contested):
    """In Chromium, what is sticky in a grid may leave its own area: it lay over the forms at the foot."""
    rule(desk, author=edith, span_id=contested, verdict="disputed", rationale="It is 30.", base=None)
    page = opened(edith)
    page.get_by_text("Correct in public").click()
    last = page.get_by_label("The correction")
    last.scroll_into_view_if_needed()
    assert last.evaluate(
        """field => {
          const { right, top } = field.getBoundingClientRect();
          return document.elementFromPoint(right - 20, top + 10) === field;
        }"""
    )


def test_an_editor_decides_one_after_the_other_by_keys(
    page, live_server, sign_in, desk, edith, ana, ben, contested, place
):
    second = contest(desk, ana, ben, place("$2 billion"))
    sign_in(page, edith)
    page.goto(f"{live_server.url}/")
    page.keyboard.press("u")
    expect(page.locator("h1")).to_have_text(f"Claim {contested}")
    expect(page.locator(".turn")).to_contain_text("1 of 2 to decide")
    type_why(page, "d", "It is 30: v and d are letters here.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice")).to_have_text(f"Claim {contested} is decided: disputed.")
    page.wait_for_load_state()
    page.keyboard.press("]")
    expect(page.locator("h1")).to_have_text(f"Claim {second}")
    page.wait_for_load_state()
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    type_why(page, "v", "The budget says so.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".turn")).to_contain_text("Nothing else to decide")
    page.wait_for_load_state()
    said = dict(Ruling.objects.current().values_list("span", "verdict"))
    assert said == {contested: "disputed", second: "verified"}
    page.keyboard.press("z")
    expect(page.locator(".notice")).to_contain_text("Undone: decision")
    expect(page.locator(".turn")).to_contain_text("1 of 1 to decide")


def test_brackets_go_there_and_back(opened, desk, edith, ana, ben, contested, place):
    second = contest(desk, ana, ben, place("$2 billion"))
    page = opened(edith)
    for key, there in (("]", second), ("[", contested), ("[", second)):
        page.keyboard.press(key)
        expect(page.locator("h1")).to_have_text(f"Claim {there}")
        page.wait_for_load_state()


def test_somebody_else_decided_meanwhile(opened, desk, edith, person, contested):
    other = set_member(desk, person("max"), "editor").user
    page = opened(edith)
    type_why(page, "d", "It is 30.")
    rule(desk, author=other, span_id=contested, verdict="verified", rationale="It is 31.", base=None)
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("Two versions")
    expect(page.locator(".versions")).to_contain_text("It is 31.")
    expect(page.locator(".versions")).to_contain_text("It is 30.")
    page.get_by_role("button", name="Keep mine").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_have_text(f"Claim {contested} is decided: disputed.")
    expect(page.locator(".draft")).to_have_count(0)
    assert Ruling.objects.current().get().rationale == "It is 30."


def test_what_is_typed_outlives_a_reload(opened, edith):
    page = opened(edith)
    type_why(page, "d", "It is 30.")
    page.wait_for_function(
        "() => Object.keys(localStorage).some(name => localStorage[name].includes('It is 30.'))"
    )
    page.reload()
    expect(page.get_by_label("Why", exact=True)).to_have_value("It is 30.")
    expect(page.locator("#decision [value=disputed]")).to_be_checked()


def test_a_wording_is_taken_over(opened, edith):
    page = opened(edith)
    page.get_by_role("button", name="Use this wording").click()
    expect(page.get_by_label("It should read")).to_have_value("30 bridges")
    expect(page.get_by_label("It should read")).to_be_focused()


@pytest.mark.parametrize("handheld", [{}, HANDHELD], ids=["desk", "phone"])
def test_it_fits_and_is_accessible(opened, edith, ana, axe, well_placed, handheld):
    width = "390" if handheld else "1280"
    for who, name in ((edith, "decision"), (ana, "claim")):
        page = opened(who, **handheld)
        expect(page.locator("#sources-title")).to_be_visible()
        well_placed(page, f"{name}-{width}")
        for fold in page.locator("main details > summary").all():
            fold.click()
        well_placed(page, f"{name}-open-{width}")
        assert axe(page) == []


def test_an_editor_decides_by_thumb(opened, edith, contested):
    page = opened(edith, **HANDHELD)
    page.get_by_role("link", name="Decide").tap()
    page.locator("#decision label", has_text="Disputed").tap()
    page.get_by_label("Why", exact=True).fill("It is 30.")
    page.locator("#decision").get_by_role("button", name="Decide").tap()
    expect(page.locator(".notice")).to_contain_text("is decided: disputed.")


def test_without_scripts(opened, edith, contested):
    page = opened(edith, java_script_enabled=False)
    page.locator("#decision label", has_text="Verified").click()
    page.get_by_label("Why", exact=True).fill("Counted twice.")
    page.locator("#decision").get_by_role("button", name="Decide").click()
    expect(page.locator(".notice")).to_contain_text("is decided: verified.")
    page.get_by_role("button", name="Undo my decision").click()
    expect(page.locator(".notice")).to_contain_text("Undone: decision")


def test_a_reviewer_judges_by_keys(opened, ana, ben, contested):
    page = opened(ana)
    expect(page.get_by_role("button", name="Disputed")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("n")
    expect(page.locator(".notice")).to_have_text(f"Claim {contested}: needs source.")
    page.keyboard.press("w")
    expect(page.get_by_label("Asked whom")).to_be_focused()
    page.keyboard.type("The city, n times")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".mine")).to_contain_text("Asked The city, n times")
    assert Annotation.objects.current().get(reviewer=ana).asked == "The city, n times"
    page.keyboard.press("z")
    expect(page.locator(".mine")).not_to_contain_text("The city")
    page.keyboard.press("c")
    expect(page.get_by_label("Add a comment")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    expect(page.locator(".notice")).to_have_text(f"Claim {contested}: verified.")
