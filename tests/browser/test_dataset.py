"""The dataset page by keyboard: the count follows what is asked, and the file is what was counted."""

import csv

import pytest
from playwright.sync_api import expect

from annotations.services.claims import Opinion, tag

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WITHIN = """fields => fields.filter(field => [...field.children].some(child =>
  child.getBoundingClientRect().right > field.parentElement.getBoundingClientRect().right + 1))
  .map(each => each.outerHTML)"""


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_what_is_asked_is_counted_at_once_and_fetched(
    new_page, live_server, sign_in, axe, shot, desk, ana, ben, edith, article, place, width, tmp_path
):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    tag(desk, author=ben, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    tag(desk, author=ben, target=place("$2 billion"), opinion=Opinion("needs_source"), base=None)
    page = sign_in(new_page(viewport={"width": width, "height": 844}), edith)
    page.goto(f"{live_server.url}/c/desk/dataset/")
    page.wait_for_load_state()
    expect(page.locator("#found")).to_have_text("2 claims")
    page.locator("summary", has_text="Problem").scroll_into_view_if_needed()
    expect(page.locator("#counted")).to_be_in_viewport()
    page.get_by_label("Words of the claim, or of a reason").focus()
    page.keyboard.type("bridges")
    expect(page.locator("#found")).to_have_text("1 of 2 claims")
    expect(page.get_by_role("status").filter(has_text="1 of 2 claims")).to_have_count(1)
    page.keyboard.press("Tab")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_label("Reviewers disagree")).to_be_focused()
    page.keyboard.press("Space")
    expect(page).to_have_url(f"{live_server.url}/c/desk/dataset/?text=bridges&status=contested")
    expect(page.get_by_label("Reviewers disagree")).to_be_focused()
    expect(page.locator("#curl")).to_contain_text("status=contested&text=bridges")
    with page.expect_download() as coming:
        page.get_by_role("link", name="CSV", exact=True).press("Enter")
    coming.value.save_as(tmp_path / "claims.csv")
    with (tmp_path / "claims.csv").open(newline="") as file:
        assert [row["quote"] for row in csv.DictReader(file)] == ["31 bridges"]
    shot(page, f"dataset-{width}", full_page=True)
    fields = page.locator(".dataset-filters .field").evaluate_all(WITHIN)
    assert fields == []
    page.get_by_text("Article", exact=True).first.click()
    page.get_by_label("Its number, or a word of its title").fill("999")
    expect(
        page.get_by_role("status").filter(has_text="No claim fits: take a filter away.")
    ).to_be_in_viewport()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_link_is_made_where_one_stands(new_page, live_server, sign_in, axe, shot, desk, ana, place):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    page = sign_in(new_page(viewport={"width": 390, "height": 844}), ana)
    page.goto(f"{live_server.url}/c/desk/dataset/?text=bridges")
    page.wait_for_load_state()
    page.get_by_label("It lives").select_option("a day")
    page.get_by_role("button", name="Make a link").press("Enter")
    made = page.locator("#link-made #link")
    expect(made).to_contain_text(f"{live_server.url}/api/v1/collections/desk/export/?format=parquet&at=")
    expect(page).to_have_url(f"{live_server.url}/c/desk/dataset/?text=bridges")
    expect(page.locator("#link-made").get_by_role("button", name="Copy")).to_be_visible()
    shot(page, "dataset-link")
    assert axe(page) == []
