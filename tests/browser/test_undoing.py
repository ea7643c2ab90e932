"""Undo of several changes in a browser: ticked, looked at, agreed to, by keyboard and by finger."""

import pytest

from annotations.models import Annotation, ClaimState
from annotations.services.claims import Opinion, mark, tag
from annotations.services.evidence import NewSource, add_evidence
from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def work(desk, ana, ben, edith, place):
    """3 and 4 on one claim, where ben has worked since; 6 to 8 on others."""
    said = Opinion("disputed", "The register of the harbour lists 29 bridges, two of them closed.")
    claim = tag(desk, author=ana, target=place("31 bridges"), opinion=said, base=None)
    tag(desk, author=ana, target=claim.span_id, opinion=Opinion("verified", "They are."), base=claim.version)
    tag(desk, author=ben, target=claim.span_id, opinion=Opinion("verified"), base=None)
    money = tag(desk, author=ana, target=place("$2 billion"), opinion=Opinion("needs_source"), base=None)
    web = NewSource("web", {"title": "Harbour budget", "url": "https://harbour.example/budget"})
    add_evidence(desk, author=ana, span_id=money.span_id, source=web)
    mark(desk, author=ana, place=place("mayor"))


def test_by_keyboard(new_page, live_server, sign_in, shot, ana, work):
    page = sign_in(new_page(), ana)
    page.goto(f"{live_server.url}/c/desk/history/")
    for number in (8, 7, 6):
        page.get_by_role("checkbox", name=f"Tick change {number} ").focus()
        page.keyboard.press("Space")
    shot(page, "undo-ticked")
    page.get_by_role("button", name="Undo ticked").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Undo 3 changes?").wait_for()
    assert ClaimState.objects.current().count() == 3
    page.get_by_role("button", name="Undo 3 changes").focus()
    page.keyboard.press("Enter")
    page.get_by_text("3 changes are undone. That is change 9").wait_for()
    assert ClaimState.objects.current().count() == 1
    page.get_by_role("button", name="Undo change 9").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Change 9 is undone.").wait_for()
    assert ClaimState.objects.current().count() == 3


def test_by_finger_all_that_fits_but_what_others_built_on(
    new_page, live_server, sign_in, well_placed, edith, ana, work
):
    page = sign_in(new_page(viewport=PHONE, has_touch=True, is_mobile=True), edith)
    page.goto(f"{live_server.url}/c/desk/history/?person={ana.pk}")
    well_placed(page, "undo-list-phone")
    page.get_by_role("button", name="Undo all that fit").tap()
    page.get_by_role("heading", name="Undo 4 changes?").wait_for()
    assert page.get_by_text("an opinion of claim").count() == 1
    well_placed(page, "undo-preview-phone")
    page.get_by_role("button", name="Undo the other 4").tap()
    page.get_by_text("4 changes are undone.").wait_for()
    assert not Annotation.objects.current().filter(reviewer=ana).exclude(verdict="disputed").exists()


def test_list_and_preview_fit_and_are_accessible(new_page, live_server, sign_in, axe, shot, edith, ana, work):
    page, wrong = sign_in(new_page(), edith), []
    for name, path in (
        ("list", f"/c/desk/history/?person={ana.pk}"),
        ("preview", "/c/desk/history/undo/?n=3&n=4&n=6&n=7"),
        ("nothing", "/c/desk/history/undo/?n=3"),
    ):
        page.goto(f"{live_server.url}{path}")
        for width, height in ((1280, 800), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            shot(page, f"undo-{name}-{width}", full_page=True)
            wrong += [f"{name} {width}: {fault}" for fault in axe(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{name} {width}: scrolls sideways")
    assert not wrong, wrong
