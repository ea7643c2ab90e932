"""Whose an article is: taken, handed over with a note, put back; and a wrong import withdrawn."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import ArticleDetails, ArticleWork
from annotations.services.work import Standing, set_work
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_reader_claims import open_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def live() -> ArticleWork:
    return ArticleWork.objects.current().select_related("owner").get()


def open_form(page: Page, words: str) -> None:
    page.locator("#work summary", has_text=words).click()
    expect(page.locator(".work-form")).to_be_visible()


def put(page: Page, *, stage: str = "", owner: str = "", note: str = "") -> None:
    form = page.locator(".work-form")
    if stage:
        form.get_by_label("Stage").select_option(label=stage)
    if owner:
        form.get_by_label("Whose").select_option(label=owner)
    if note:
        form.get_by_label("Note").fill(note)
    form.get_by_role("button", name="Save").click()


def test_ana_takes_it_and_hands_it_over_and_ben_reads_why(
    page, live_server, sign_in, ana, ben, article, new_page, shot
):
    reader = open_reader(page, live_server, sign_in, ana, article)
    expect(reader.locator("#work")).to_contain_text("Nobody’s · waiting")
    open_form(reader, "Take it")
    put(reader, stage="Checking", owner="Ana")
    expect(reader.locator("#work p").first).to_have_text("Ana · checking")
    open_form(reader, "Stage, hand over")
    put(reader, owner="Ben", note="please look at the figures")
    expect(reader.locator("#work p").first).to_contain_text("from Ana: please look at the figures")
    expect(reader.locator("#work summary")).to_have_count(0)
    row = live()
    assert (row.owner, row.stage, row.note) == (ben, "checking", "please look at the figures")
    theirs = sign_in(new_page(), ben)
    theirs.goto(live_server.url)
    expect(theirs.locator("main")).to_contain_text("In my hands")
    expect(theirs.locator("main")).to_contain_text("please look at the figures")
    shot(theirs, "desk-in-hand")
    theirs.get_by_role("link", name=str(ArticleDetails.objects.current().get())).click()
    expect(theirs.locator("#article")).to_be_visible()


def test_the_history_puts_it_back(page, live_server, sign_in, desk, ana, ben, article):
    first = set_work(desk, author=ana, article_id=article.pk, base=None, wanted=Standing("checking", ana.pk))
    handed = Standing("checking", ben.pk, None, "yours")
    set_work(desk, author=ana, article_id=article.pk, base=first.version, wanted=handed)
    sign_in(page, ana).goto(f"{live_server.url}/c/desk/history/")
    page.get_by_role("button", name="Undo change 4").click()
    expect(page.locator("#notices")).to_contain_text("Change 4 is undone")
    assert (live().owner, live().note) == (ana, "")


def test_an_editor_sets_a_deadline_over_what_another_changed(
    page, live_server, sign_in, desk, edith, ana, ben, article, axe
):
    reader = open_reader(page, live_server, sign_in, edith, article)
    open_form(reader, "Owner, stage, deadline")
    set_work(desk, author=ana, article_id=article.pk, base=None, wanted=Standing("checking", ana.pk))
    reader.locator(".work-form").get_by_label("Due").fill("2020-05-04T18:30")
    put(reader, owner="Ben")
    expect(reader.get_by_role("alert")).to_contain_text("Somebody changed this while you had it open")
    expect(reader.get_by_role("table")).to_contain_text("Ana")
    assert axe(reader) == []
    assert live().owner == ana
    reader.get_by_role("button", name="Keep mine").click()
    expect(reader.locator("#work p").first).to_have_text("Ben · waiting · overdue since 4 May 2020 18:30 UTC")
    assert live().owner == ben


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_looks_right(new_page, live_server, sign_in, desk, edith, ben, article, axe, shot, scheme, size):
    wanted = Standing(
        "checking", ben.pk, None, "please look at the figures, above all the one about the cost"
    )
    set_work(desk, author=edith, article_id=article.pk, base=None, wanted=wanted)
    page = new_page(viewport=size, color_scheme=scheme, has_touch=size is PHONE)
    reader = open_reader(page, live_server, sign_in, ben, article)
    open_form(reader, "Stage, hand over")
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(reader, f"work-{size['width']}-{scheme}")
    assert axe(reader) == []
    reader.goto(f"{live_server.url}/c/desk/articles/?sort=due")
    shot(reader, f"work-list-{size['width']}-{scheme}")
    assert axe(reader) == []


def test_without_scripts(new_page, live_server, sign_in, ana, article):
    page = sign_in(new_page(java_script_enabled=False), ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/")
    open_form(page, "Take it")
    put(page, stage="Checking", owner="Ana")
    expect(page.locator("#work p").first).to_have_text("Ana · checking")
    assert live().owner == ana


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_wrong_import_is_withdrawn_and_brought_back(
    new_page, live_server, sign_in, edith, article, axe, shot, size
):
    page = sign_in(new_page(viewport=size, has_touch=size is PHONE), edith)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/details/")
    page.get_by_role("link", name="Withdraw this article").click()
    shot(page, f"withdraw-{size['width']}")
    assert axe(page) == []
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("heading", name="Withdrawn")).to_be_visible()
    assert not ArticleDetails.objects.current().exists()
    shot(page, f"withdrawn-{size['width']}")
    assert axe(page) == []
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#notices")).to_contain_text("is undone")
    assert ArticleDetails.objects.current().get().article_id == article.pk
