"""Nothing is lost: lines that are slow or gone, servers that fail, sessions that end, tabs that are closed."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from threading import Event
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from annotations.models import Annotation, Evidence, Revision, Span
from annotations.services.claims import Opinion, mark, tag
from tests.browser.test_reader_claims import drag_words, new_article, open_reader, press, saved
from tests.services.conftest import database_url, environment_of, manage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True),
]
TEN = "Ten bridges\n" + "\n".join(
    f"The harbour's bridge number {number} carries {number}00 tonnes a day." for number in range(2, 12)
)
DRAFTED = """words => Object.keys(localStorage).some(name =>
  name.startsWith("aigap:draft:") && localStorage[name].includes(words))"""
UNKEPT = """() => { Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }; }"""


@pytest.fixture
def reader(page, live_server, sign_in, ana, article):
    return open_reader(page, live_server, sign_in, ana, article)


def all_saved(page: Page, seconds: float = 30) -> None:
    """By looking again: the page's policy forbids Playwright's own waiting for a condition."""
    until = time.monotonic() + seconds
    waiting = "Object.keys(localStorage).filter(name => name.startsWith('aigap:unsaved')).length"
    while page.evaluate(waiting):
        assert time.monotonic() < until, page.locator("#toasts").inner_text()
        page.wait_for_timeout(100)
    # Not there at all: the page before this one had sent it already.
    expect(page.locator("#article")).not_to_have_attribute("aria-busy", "true")


def drafted(page: Page, words: str) -> None:
    """Until it is kept: that is a moment after it was typed."""
    for _ in range(160):
        if page.evaluate(DRAFTED, words):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{words} is not kept")


def painted(page: Page, tone: str) -> int:
    return page.evaluate(f"CSS.highlights.get('saving-{tone}')?.size ?? 0")


def kept(page: Page, words: str):
    return expect(page.locator("#trouble")).to_contain_text(words)


def slowly(page: Page, seconds: float, pattern: str) -> None:
    def late(route: Route) -> None:
        answer = route.fetch()
        page.wait_for_timeout(seconds * 1000)
        route.fulfill(response=answer)

    page.route(pattern, late)


def test_ten_tags_on_a_line_of_two_seconds(page, live_server, sign_in, desk, edith, ana):
    reader = open_reader(page, live_server, sign_in, ana, new_article(desk, edith, TEN))
    cdp = reader.context.new_cdp_session(reader)
    cdp.send("Network.enable")
    cdp.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 2000, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    started = time.monotonic()
    press(reader, "j")
    for verdict in "vdnvdnvdnv":
        press(reader, "j", verdict)
    assert time.monotonic() - started < 20
    assert painted(reader, "v") + painted(reader, "d") + painted(reader, "n") >= 9, "the colour comes at once"
    all_saved(reader, 60)
    verdicts = [row.verdict[0] for row in Annotation.objects.order_by("created_in")]
    assert verdicts == list("vdnvdnvdnv")
    assert [row.span.start for row in Annotation.objects.order_by("created_in")] == sorted(
        Span.objects.values_list("start", flat=True)
    )
    assert Revision.objects.filter(action="tag").count() == 10


def test_offline_then_a_reload_then_online(reader, article):
    reader.context.set_offline(True)
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    drag_words(reader, article, "$2 billion")
    press(reader, "d")
    kept(reader, "Not saved: no connection. Your 2 changes are kept here.")
    assert (painted(reader, "v"), painted(reader, "d")) == (1, 1)
    reader.context.set_offline(False)
    reader.reload()
    all_saved(reader)
    assert [row.verdict for row in Annotation.objects.order_by("created_in")] == ["verified", "disputed"]


def test_back_online_it_goes_by_itself(reader, article):
    drag_words(reader, article, "$2 billion")
    press(reader, "d")
    saved(reader, "disputed")
    reader.context.set_offline(True)
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    kept(reader, "no connection")
    expect(reader.locator("#toast")).to_have_count(0)  # what it offers to undo is not what was not saved
    reader.context.set_offline(False)
    all_saved(reader, 10)
    assert Annotation.objects.get(span__quote="31 bridges").verdict == "verified"
    expect(reader.locator("#trouble")).to_be_empty()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (503, "the server did not answer"),
        (500, "the server did not answer"),
        (429, "more than the server takes"),
    ],
)
def test_a_server_that_fails_is_asked_again(reader, article, status, words):
    times = []

    def fail_twice(route: Route) -> None:
        times.append(time.monotonic())
        if len(times) > 2:
            route.continue_()
        else:
            route.fulfill(status=status, headers={"Retry-After": "1"}, body="Busy")

    reader.route("**/tag/", fail_twice)
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    kept(reader, words)
    all_saved(reader)
    assert Annotation.objects.count() == 1
    assert times[1] - times[0] >= 1, "as long as the server said"


def test_an_answer_that_is_lost_leaves_one_effect(reader, article):
    lost = []

    def lose_first(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    reader.route("**/tag/", lose_first)
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    kept(reader, "no connection")
    reader.reload()
    all_saved(reader)
    assert lost[0].status == 200
    assert Revision.objects.filter(action="tag").count() == 1


def test_what_a_closed_tab_left_is_saved_by_the_next(reader, article):
    reader.route("**/tag/", lambda route: route.abort())
    drag_words(reader, article, "31 bridges")
    press(reader, "d")
    kept(reader, "kept here")
    other = reader.context.new_page()
    other.goto(reader.url)
    expect(other.locator("#article")).to_be_visible()
    other.wait_for_timeout(500)
    assert not Annotation.objects.exists(), "the other tab lives: it is its own to save"
    reader.close()
    all_saved(other)
    assert Annotation.objects.get().verdict == "disputed"


def test_two_tabs_that_save_at_once_lose_nothing(reader, article):
    other = reader.context.new_page()
    other.goto(reader.url)
    expect(other.locator("#article")).to_be_visible()
    for tab in (reader, other):
        tab.route("**/tag/", lambda route: route.abort())
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    drag_words(other, article, "$2 billion")
    press(other, "n")
    for tab in (reader, other):
        kept(tab, "Your change is kept here")
        tab.unroute("**/tag/")
    all_saved(reader)
    assert {row.verdict for row in Annotation.objects.all()} == {"verified", "needs_source"}


def test_without_locks_the_leases_say_which_tab_lives(new_page, live_server, sign_in, ana, article):
    page = new_page()
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })")
    reader = open_reader(page, live_server, sign_in, ana, article)
    reader.route("**/tag/", lambda route: route.abort())
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    kept(reader, "kept here")
    reader.unroute("**/tag/")
    reader.reload()
    all_saved(reader)
    assert Annotation.objects.get().verdict == "verified"


def test_signed_out_comes_back_to_the_same_place_with_all_there_is(reader, article, ana, desk, place):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    reader.reload()
    reader.locator("#claims a[href]").first.click()
    expect(reader).to_have_url(re.compile(r"claim=\d"))
    press(reader, "w")
    reader.locator("#why textarea").first.fill("The harbour's own count says 29")
    drafted(reader, "count says 29")
    Session.objects.all().delete()
    drag_words(reader, article, "$2 billion")
    press(reader, "d")
    kept(reader, "you are signed out. Your change is kept here.")
    reader.get_by_role("button", name="Sign in").click()
    expect(reader).to_have_url(re.compile(r"/accounts/login/\?next=.*claim"))
    reader.get_by_label("Username").fill("ana")
    reader.get_by_label("Password").fill("seven-bridges-at-dusk")
    reader.get_by_role("button", name="Sign in").click()
    expect(reader).to_have_url(re.compile(rf"articles/{article.pk}/\?claim="))
    all_saved(reader)
    assert Annotation.objects.get(verdict="disputed").span.quote == "$2 billion"
    expect(reader.locator("#card .draft")).to_contain_text("Your draft of")
    expect(reader.locator("#why textarea").first).to_have_value("The harbour's own count says 29")


def test_signed_out_comes_back_to_the_words_in_hand(reader, live_server, sign_in, ana, desk, edith):
    lines = "\n".join(f"Line {n} says that {n} bridges stand." for n in range(1, 60))
    open_reader(reader, live_server, sign_in, ana, new_article(desk, edith, f"Bridges\n{lines}"))
    press(reader, *["j"] * 40)
    assert reader.evaluate("scrollY") > 200
    Session.objects.all().delete()
    reader.keyboard.press("n")
    kept(reader, "you are signed out")
    reader.get_by_role("button", name="Sign in").click()
    reader.get_by_label("Username").fill("ana")
    reader.get_by_label("Password").fill("seven-bridges-at-dusk")
    reader.get_by_role("button", name="Sign in").click()
    expect(reader.locator("#article .h.n")).to_be_in_viewport()
    all_saved(reader)
    expect(reader).to_have_url(re.compile(r"/\?claim=\d+$"))


def test_keys_whose_scripts_have_not_come_say_that_there_is_no_connection(reader):
    reader.context.set_offline(True)
    for key in ("f", "s"):
        press(reader, key)
        expect(reader.locator("#toast")).to_have_text("No connection.")
        reader.locator("#toast").evaluate("each => each.remove()")
    reader.context.set_offline(False)
    press(reader, "f")
    expect(reader.locator(".fact").first).to_be_visible()


def test_what_is_saved_late_leaves_the_claim_that_is_in_hand_since(reader, desk, ana, article, place):
    other = mark(desk, author=ana, place=place("$2 billion")).span_id
    reader.reload()
    slowly(reader, 1, "**/tag/")
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    reader.locator(f"#c{other} a").click()
    expect(reader.locator("#card .quote")).to_have_text("$2 billion")
    all_saved(reader)
    reader.wait_for_timeout(200)
    expect(reader.locator("#card .quote")).to_have_text("$2 billion")
    expect(reader.locator("#article .h.v")).to_have_text("31 bridges")


def test_a_page_whose_proof_of_origin_ran_out(reader, article):
    reader.context.clear_cookies(name="csrftoken")
    drag_words(reader, article, "31 bridges")
    press(reader, "d")
    kept(reader, "this page is out of date. Your change is kept here.")
    reader.get_by_role("button", name="Reload").click()
    all_saved(reader)
    assert Annotation.objects.get().span.quote == "31 bridges"


def test_a_draft_outlives_a_reload_and_can_be_thrown_away(reader, article):
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    saved(reader, "verified")
    press(reader, "e")
    reader.keyboard.type("Register of bridges")
    drafted(reader, "Register of bridges")
    title = reader.locator("#add-source :focus").get_attribute("name")
    reader.reload()
    field = reader.locator(f"#add-source [name={title}]")
    expect(field).to_have_value("Register of bridges")
    expect(field).to_be_visible()
    reader.get_by_role("button", name="Discard").click()
    expect(field).to_have_value("")
    reader.reload()
    expect(reader.locator("#card")).to_be_visible()
    expect(reader.locator(".draft")).to_have_count(0)


def test_a_draft_that_is_saved_is_gone(reader, article):
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    saved(reader, "verified")
    press(reader, "w")
    reader.keyboard.type("As counted in May")
    drafted(reader, "As counted in May")
    reader.keyboard.press("Control+Enter")
    all_saved(reader)
    assert Annotation.objects.current().get().why == "As counted in May"
    reader.reload()
    expect(reader.locator("#card")).to_be_visible()
    expect(reader.locator(".draft")).to_have_count(0)
    assert not reader.evaluate("Object.keys(localStorage).filter(name => name.startsWith('aigap:draft'))")


def test_what_the_server_does_not_take_is_a_draft_again(reader, article):
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    saved(reader, "verified")
    press(reader, "e")
    reader.locator("#add-source [name=title]").fill("Register")
    reader.locator("#add-source [name=url]").fill("not an address")
    reader.keyboard.press("Control+Enter")
    expect(reader.locator("#toasts")).to_contain_text("address")
    drag_words(reader, article, "$2 billion")
    press(reader, "v")
    saved(reader, "verified")
    reader.locator("#claims a[href]").first.click()
    expect(reader.locator("#add-source [name=url]")).to_have_value("not an address")
    reader.locator("#add-source [name=url]").fill("https://register.example/")
    reader.locator("#add-source [name=url]").press("Control+Enter")
    all_saved(reader)
    assert Evidence.objects.get().source.versions.get().title == "Register"


def test_a_claim_that_is_gone_is_said_and_the_words_are_kept(reader, article):
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    saved(reader, "verified")
    reader.route("**/why/", lambda route: route.fulfill(status=410, body="<!doctype html><p>Gone</p>"))
    press(reader, "w")
    reader.keyboard.type("Counted in May")
    reader.keyboard.press("Control+Enter")
    kept(reader, "this is no longer there. Your change is kept here.")
    reader.unroute("**/why/")
    reader.get_by_role("button", name="Retry").click()
    all_saved(reader)
    assert Annotation.objects.current().get().why == "Counted in May"


def test_a_stale_version_waits_for_a_choice_through_a_reload(reader, article, desk, ana, place):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    reader.reload()
    expect(reader.locator("#card")).to_be_visible()
    tag(desk, author=ana, target=span, opinion=Opinion("disputed", "from my telephone"), base=None)
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    expect(reader.locator("#card.conflict")).to_be_visible()
    expect(reader.locator("#said")).to_have_text("Not saved: it has changed elsewhere.")
    expect(reader.locator("#trouble")).to_be_empty()
    press(reader, "Escape")
    kept(reader, "it has changed elsewhere. Your change is kept here.")
    reader.reload()
    kept(reader, "it has changed elsewhere")
    assert Annotation.objects.current().get().verdict == "disputed"
    reader.get_by_role("button", name="Retry").click()
    expect(reader.locator("#card.conflict")).to_contain_text("VerdictDisputedVerified")
    assert Annotation.objects.current().get().verdict == "disputed", "nothing is written over unseen"
    reader.get_by_role("button", name="Keep mine").click()
    all_saved(reader)
    assert Annotation.objects.current().get().verdict == "verified"


def test_what_was_queued_before_another_version_came_is_compared(reader, article, desk, ana, place):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    reader.reload()
    expect(reader.locator("#claims .claim")).to_have_count(1)
    reader.route("**/tag/", lambda route: route.abort())
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    kept(reader, "no connection")
    tag(desk, author=ana, target=span, opinion=Opinion("disputed", "from my telephone"), base=None)
    reader.unroute("**/tag/")
    reader.reload()
    expect(reader.locator("#card.conflict")).to_be_visible()
    expect(reader.locator("#trouble")).to_be_empty()
    assert Annotation.objects.current().get().verdict == "disputed"
    reader.get_by_role("link", name="Keep what is stored").click()
    all_saved(reader)


def test_one_that_the_server_fails_on_is_set_aside(reader, article):
    reader.route(
        "**/mark/", lambda route: route.fulfill(status=500, headers={"Retry-After": "0.1"}, body="Fault")
    )
    drag_words(reader, article, "31 bridges")
    press(reader, "m")
    drag_words(reader, article, "$2 billion")
    press(reader, "d")
    kept(reader, "the server fails on it.")
    assert Annotation.objects.get().verdict == "disputed"
    reader.get_by_role("button", name="Discard").click()
    all_saved(reader)


def test_markup_in_an_article_is_never_markup_in_a_notice(reader):
    reader.evaluate(
        """async () => {
          const { note } = await import(document.querySelector("link[href*='/swap.']").href);
          note('Best match: “</p></div><section id="card"><b>no</b></section>”');
        }"""
    )
    expect(reader.locator("#toast")).to_contain_text('<section id="card">')
    expect(reader.locator("#card b", has_text="no")).to_have_count(0)


def test_work_of_one_person_is_nobody_elses(reader, article, ben, live_server, sign_in):
    reader.route("**/tag/", lambda route: route.abort())
    drag_words(reader, article, "31 bridges")
    press(reader, "d")
    kept(reader, "kept here")
    reader.context.clear_cookies()
    other = reader.context.new_page()
    sign_in(other, ben)
    reader.close()
    other.goto(f"{live_server.url}/c/desk/articles/{article.pk}/")
    other.wait_for_timeout(800)
    assert not Annotation.objects.exists()
    other.goto(f"{live_server.url}/c/desk/")
    expect(other.locator("#main")).not_to_contain_text("Not saved yet")


def test_a_full_storage_is_said_and_asks_before_the_page_goes(reader, article):
    asked = Event()
    reader.on("dialog", lambda dialog: asked.set() if dialog.type == "beforeunload" else None)
    reader.evaluate(UNKEPT)
    reader.route("**/tag/", lambda route: route.abort())
    drag_words(reader, article, "31 bridges")
    press(reader, "d")
    kept(reader, "kept here while this page is open: the browser's storage is full")
    reader.reload()
    assert asked.is_set()


def test_other_pages_tell_what_waits(reader, article, live_server):
    reader.route("**/tag/", lambda route: route.abort())
    drag_words(reader, article, "31 bridges")
    press(reader, "d")
    kept(reader, "kept here")
    reader.unroute("**/tag/")
    reader.goto(f"{live_server.url}/c/desk/")
    notice = reader.locator(".notice", has_text="Not saved yet: 1 change in “")
    expect(notice).to_be_visible()
    expect(notice.get_by_role("button", name="Discard")).to_be_visible()
    notice.get_by_role("link", name="Open and save").click()
    all_saved(reader)
    assert Annotation.objects.get().verdict == "disputed"


def test_a_form_of_a_page_keeps_what_was_typed(page, live_server, sign_in, edith, article):
    sign_in(page, edith)
    address = f"{live_server.url}/c/desk/articles/{article.pk}/details/"
    page.goto(address)
    page.locator("[name=byline]").fill("By the harbour desk")
    drafted(page, "By the harbour desk")
    page.reload()
    expect(page.locator("[name=byline]")).to_have_value("By the harbour desk")
    expect(page.locator(".draft")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    page.goto(address)
    expect(page.locator("[name=byline]")).to_have_value("By the harbour desk")
    expect(page.locator(".draft")).to_have_count(0)


@pytest.fixture
def gunicorn(own_data_dir):
    """gunicorn(): the real server over this test's database; the same port again after kill()."""
    port = free_port()
    manage(database_url(), own_data_dir, "collectstatic", "--noinput")
    environment = environment_of(database_url(), own_data_dir) | {
        "PORT": str(port),
        "AIGAP_SECRET_KEY": settings.SECRET_KEY,
        "AIGAP_PUBLIC_URL": f"http://localhost:{port}",
    }
    command = f"-m gunicorn aigap.wsgi:application --bind 127.0.0.1:{port} --workers 2 --log-level critical"
    started = []

    def start() -> SimpleNamespace:
        started.append(
            subprocess.Popen(
                [sys.executable, *command.split()],
                cwd=settings.BASE_DIR,
                env=environment,
                start_new_session=True,
            )
        )
        until = time.monotonic() + 30
        while not listens(port):
            assert time.monotonic() < until, "gunicorn did not start"
            time.sleep(0.1)
        return SimpleNamespace(url=f"http://localhost:{port}")

    def kill() -> None:
        os.killpg(started[-1].pid, signal.SIGKILL)
        started[-1].wait()

    start.kill = kill
    yield start
    kill()


def listens(port: int) -> bool:
    with socket.socket() as door:
        return not door.connect_ex(("127.0.0.1", port))


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def test_the_server_is_killed_in_the_middle_and_started_again(page, gunicorn, sign_in, desk, edith, ana):
    article = new_article(desk, edith, TEN)
    reader = open_reader(page, gunicorn(), sign_in, ana, article)
    press(reader, "j")
    for verdict in "vdnvd":
        press(reader, "j", verdict)
    gunicorn.kill()
    for verdict in "nvdnv":
        press(reader, "j", verdict)
    kept(reader, "Not saved: no connection.")
    gunicorn()
    all_saved(reader, 60)
    rows = Annotation.objects.current().order_by("span__start")
    assert [row.verdict[0] for row in rows] == list("vdnvdnvdnv")
    assert Revision.objects.filter(action="tag").count() == 10, "each once"
