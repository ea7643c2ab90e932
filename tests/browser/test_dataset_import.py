"""Claims come back in by keyboard: a file, a look, who is who, and one change that can be undone."""

import json

import pytest
from playwright.sync_api import expect

from annotations import access
from annotations.exports.dataset import Dataset
from annotations.exports.formats import FORMATS
from annotations.models import ClaimState
from annotations.services.claims import Opinion, mark, tag, unmark

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUOTES = ("31 bridges", "harbour", "the mayor said", "Two more open in May", "$2 billion")


@pytest.fixture
def file(desk, ana, edith, place):
    """What was Ana's work on the desk, which is not there any more, one of its people under another name and one line
    with words that the text does not have; and one claim that is here."""
    spans = [
        tag(desk, author=ana, target=place(quote), opinion=Opinion("disputed", "No."), base=None).span_id
        for quote in QUOTES
    ]
    desk.refresh_from_db()
    data = b"".join(FORMATS["jsonl"].write(Dataset(access.desk_seat(desk), desk.head)))
    for span in spans:
        unmark(desk, author=ana, span_id=span)
    mark(desk, author=ana, place=place("harbour"))
    first, second, third, moved, odd = map(json.loads, data.splitlines())
    third["reviews"][0]["reviewer"] = "reviewer-0a1b2c3d"
    moved["start"], moved["end"] = moved["start"] + 2, moved["end"] + 2
    odd["quote"] = "$3 billion"
    rows = (first, second, third, moved, odd)
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_file_is_looked_at_and_brought_in(
    new_page, live_server, sign_in, axe, shot, edith, file, desk, width
):
    page = sign_in(new_page(viewport={"width": width, "height": 844}), edith)
    page.goto(f"{live_server.url}/c/desk/dataset/")
    page.get_by_role("link", name="Bring claims in").press("Enter")
    page.wait_for_load_state()
    assert axe(page) == []
    shot(page, f"dataset-import-{width}", full_page=True)
    page.get_by_label("File").set_input_files([{"name": "desk-9.jsonl", "mimeType": "", "buffer": file}])
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Look, then bring in")).to_be_visible()
    expect(page.get_by_text("Nobody here is “reviewer-0a1b2c3d”. Say who it is.")).to_be_visible()
    shot(page, f"dataset-import-look-{width}", full_page=True)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_label("reviewer-0a1b2c3d").select_option("Ana, reviewer")
    page.get_by_role("button", name="Look again").press("Enter")
    expect(page.get_by_role("button", name="Bring in 3 claims, leave out 1 line")).to_be_visible()
    expect(page.get_by_label("reviewer-0a1b2c3d")).to_have_value("ana")
    assert ClaimState.objects.current().filter(collection=desk).count() == 1
    page.wait_for_load_state()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("3 claims came in, 1 line was left out.")).to_be_visible()
    expect(page.get_by_role("button", name="Undo this change")).to_be_visible()
    shot(page, f"dataset-import-done-{width}", full_page=True)
    assert ClaimState.objects.current().filter(collection=desk).count() == 4


def test_without_scripts_it_works_as_well(new_page, live_server, sign_in, edith, file, desk):
    page = sign_in(new_page(java_script_enabled=False), edith)
    page.goto(f"{live_server.url}/c/desk/dataset/import/")
    page.get_by_label("File").set_input_files([{"name": "desk-9.jsonl", "mimeType": "", "buffer": file}])
    page.get_by_role("button", name="Look").click()
    page.get_by_label("reviewer-0a1b2c3d").select_option("Ana, reviewer")
    page.get_by_role("button", name="Look again").click()
    page.get_by_role("button", name="Bring in 3 claims, leave out 1 line").click()
    expect(page.get_by_text("3 claims came in, 1 line was left out.")).to_be_visible()
    assert ClaimState.objects.current().filter(collection=desk).count() == 4
