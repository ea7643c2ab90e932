"""How far reviewers agree, by keyboard and on a telephone, in both schemes and on paper."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from annotations.models import CollectionSettings
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.settings import change_settings, set_member
from tests.browser.conftest import DESKTOP, PHONE
from tests.conftest import blocks_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINES = [f"The harbour counted {n} bridges in the year {1990 + n}." for n in range(16)]
SAID = {"v": "verified", "d": "disputed", "n": "needs_source"}
VERDICTS = {"ana": "vvvvvvddddnnvdvv", "ben": "vvvvvdddddnnvvv.", "cora": "vv.vv..dd.nnn..."}


@pytest.fixture
def judged(desk, edith, ana, ben, person):
    """Sixteen claims, judged blind by three people."""
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    people = {"ana": ana, "ben": ben, "cora": set_member(desk, person("cora"), "reviewer").user}
    text, at = "\n".join(LINES), 0
    details = Details(title="Bridges by year", publisher="Harbour Post", blocks=blocks_of(text))
    article = import_article(desk, author=edith, text=text, details=details).article_id
    for nth, words in enumerate(LINES):
        span = mark(desk, author=ana, place=Place(article, at, at + len(words), words)).span_id
        at += len(words) + 1
        for name, user in people.items():
            if verdict := SAID.get(VERDICTS[name][nth]):
                tag(desk, author=user, target=span, opinion=Opinion(verdict), base=None)
    return people


@pytest.fixture
def opened(new_page, live_server, sign_in, edith, judged):
    def open_page(**options):
        page = sign_in(new_page(**options), edith)
        page.goto(f"{live_server.url}/c/desk/agreement/")
        expect(page.get_by_role("heading", name="All together")).to_be_visible()
        return page

    return open_page


def test_from_a_pair_to_the_claims_behind_a_number_by_keyboard(opened):
    page = opened()
    page.get_by_role("link", name="Ben and Cora", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ben and Cora", exact=True)).to_be_visible()
    page.get_by_label("Down").focus()
    page.keyboard.type("Ana")
    page.keyboard.press("Tab")
    page.keyboard.type("Ben")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ana and Ben")).to_be_visible()
    number = page.get_by_role("link", name="1 claim: Ana disputed, Ben verified")
    number.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#main .list > li")).to_have_count(1)
    expect(page.locator("#main .list")).to_contain_text("13 bridges")
    page.get_by_role("link", name="Agreement").last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ana and Ben")).to_be_visible()


def test_the_files_are_downloaded(opened):
    page = opened()
    with page.expect_download() as download:
        page.get_by_role("link", name="Pairs as CSV").click()
    assert download.value.suggested_filename == "desk-agreement-pairs-unseen.csv"
    with Path(download.value.path()).open() as file:
        assert len(list(csv.DictReader(file))) == 3


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_looks_right(opened, axe, shot, size):
    touch = {"has_touch": True, "is_mobile": True} if size is PHONE else {}
    page = opened(viewport=size, **touch)
    page.locator("summary", has_text="What these figures say").click()
    shot(page, f"agreement-{size['width']}", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
    page.get_by_role("link", name="1 claim: Ana disputed, Ben verified").click()
    expect(page.locator("#main .list > li")).to_have_count(1)
    shot(page, f"agreement-cell-{size['width']}", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []


def test_a_thumb_hits_what_is_there(opened, well_placed):
    page = opened(viewport=PHONE, has_touch=True, is_mobile=True)
    well_placed(page, "agreement-phone")
    page.get_by_role("link", name="As they stand now").tap()
    expect(page.locator(".tabs [aria-current]")).to_have_text("As they stand now")


def test_on_paper_it_is_read_in_grey(opened, shot):
    page = opened()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 800, "height": 1100})
    shot(page, "agreement-print", full_page=True)
    assert page.locator(".matrix td.same").first.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
