"""Whose an article is: taken, handed over with a note, put back; and a wrong import withdrawn."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import ArticleDetails, ArticleWork
from annotations.services.work import Standing, set_work
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.fingers import HANDHELD, tap
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
    expect(theirs.locator("main")).to_contain_text("Handed to you")
    expect(theirs.locator("main")).to_contain_text("please look at the figures")
    shot(theirs, "desk-in-hand")
    theirs.keyboard.press("u")
    expect(theirs.locator("#article")).to_be_visible()
    theirs.goto(live_server.url)
    expect(theirs.locator("main")).to_contain_text("In my hands")
    expect(theirs.locator("main")).to_contain_text("Nothing waits for you.")
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
    expect(reader.get_by_role("alert")).to_contain_text("Ana changed this less than a minute ago")
    expect(reader.get_by_role("table")).to_contain_text("Ana")
    assert axe(reader) == []
    assert live().owner == ana
    reader.get_by_role("button", name="Keep mine").click()
    expect(reader.locator("#work p").first).to_have_text("Ben · waiting · overdue since 4 May 2020 18:30 UTC")
    assert live().owner == ben


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_looks_right(new_page, live_server, sign_in, desk, edith, ben, article, axe, shot, size):
    wanted = Standing(
        "checking", ben.pk, None, "please look at the figures, above all the one about the cost"
    )
    set_work(desk, author=edith, article_id=article.pk, base=None, wanted=wanted)
    page = new_page(viewport=size, has_touch=size is PHONE)
    reader = open_reader(page, live_server, sign_in, ben, article)
    open_form(reader, "Stage, hand over")
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(reader, f"work-{size['width']}")
    assert axe(reader) == []
    reader.goto(f"{live_server.url}/c/desk/articles/?sort=due")
    shot(reader, f"work-list-{size['width']}")
    assert axe(reader) == []


def test_without_scripts(new_page, live_server, sign_in, ana, article):
    page = sign_in(new_page(java_script_enabled=False), ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/")
    open_form(page, "Take it")
    put(page, stage="Checking", owner="Ana")
    expect(page.locator("#work p").first).to_have_text("Ana · checking")
    assert live().owner == ana


DEVICES = pytest.mark.parametrize("device", [{}, HANDHELD], ids=["desktop", "phone"])


@DEVICES
def test_title_byline_date_and_what_each_line_is(
    new_page, live_server, sign_in, edith, article, device, well_placed
):
    page = sign_in(new_page(**device), edith)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/details/")
    page.get_by_label("Title").fill("Bridges, counted again")
    page.get_by_label("Byline").fill("By the harbour desk")
    page.get_by_label("Published").fill("2026-04-01")
    page.get_by_label("Line 3 is").select_option(label="Caption")
    well_placed(page, f"details-{'phone' if device else 'desktop'}")
    press(page, "Save details")
    expect(page.get_by_role("status").first).to_contain_text("Details saved")
    press(page, "Bridges, counted again", "link")
    expect(page.locator(".reader-about")).to_contain_text("1 April 2026")
    now = ArticleDetails.objects.current().get()
    assert (now.title, now.byline) == ("Bridges, counted again", "By the harbour desk")
    assert now.published_on.isoformat() == "2026-04-01"
    assert now.blocks[2]["role"] == "caption"


def press(page: Page, name: str, role: str = "button") -> None:
    """By finger where there is one."""
    target = page.get_by_role(role, name=name)
    if page.evaluate("matchMedia('(pointer: coarse)').matches"):
        target.tap()
    else:
        target.click()


@DEVICES
def test_a_wrong_import_is_withdrawn_and_brought_back(
    new_page, live_server, sign_in, edith, article, axe, device, well_placed
):
    page = sign_in(new_page(**device), edith)
    size = "phone" if device else "desktop"
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/details/")
    press(page, "Withdraw this article", "link")
    expect(page.get_by_role("button", name="Withdraw")).to_be_visible()
    well_placed(page, f"withdraw-{size}")
    assert axe(page) == []
    press(page, "Withdraw")
    expect(page.get_by_role("heading", name="Withdrawn")).to_be_visible()
    assert not ArticleDetails.objects.current().exists()
    well_placed(page, f"withdrawn-{size}")
    assert axe(page) == []
    press(page, "Undo")
    expect(page.locator("#notices")).to_contain_text("is undone")
    assert ArticleDetails.objects.current().get().article_id == article.pk


def test_it_is_taken_and_handed_over_by_finger(phone, ben, article, well_placed):
    page = phone(article)
    page.get_by_text("Take it").tap()
    form = page.locator(".work-form")
    form.get_by_label("Stage").select_option(label="Checking")
    well_placed(page, "phone-take-it")
    tap(form, "Save")
    expect(page.locator("#work p").first).to_have_text("Ana · checking")
    page.get_by_text("Stage, hand over").tap()
    form.get_by_label("Whose").select_option(label="Ben")
    form.get_by_label("Note").tap()
    page.keyboard.insert_text("please look at the figures")
    well_placed(page, "phone-hand-over")
    tap(form, "Save")
    expect(page.locator("#work p").first).to_contain_text("from Ana: please look at the figures")
    row = live()
    assert (row.owner, row.stage, row.note) == (ben, "checking", "please look at the figures")
    well_placed(page, "phone-handed-over")


def test_an_editor_sets_owner_stage_and_deadline_by_finger(phone, edith, ben, article, well_placed):
    page = phone(article, user=edith)
    page.get_by_text("Owner, stage, deadline").tap()
    form = page.locator(".work-form")
    form.get_by_label("Stage").select_option(label="Checking")
    form.get_by_label("Whose").select_option(label="Ben")
    form.get_by_label("Due").fill("2020-05-04T18:30")
    well_placed(page, "phone-deadline-form")
    tap(form, "Save")
    expect(page.locator("#work p").first).to_have_text("Ben · checking · overdue since 4 May 2020 18:30 UTC")
    assert (live().owner, live().stage) == (ben, "checking")
    well_placed(page, "phone-deadline")
    page.goto(page.url.split("/articles/")[0] + "/articles/?sort=due")
    expect(page.locator("main")).to_contain_text("overdue since 4 May")
    well_placed(page, "phone-list-due")
