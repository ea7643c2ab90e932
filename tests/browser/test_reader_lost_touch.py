"""Nothing is lost on a telephone either: the same promises as at the desk, kept by taps."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from annotations.models import Annotation, Revision, Span
from annotations.services.claims import Opinion, mark, tag
from tests.browser.fingers import fits, keyboard_down, keyboard_up, long_press, select, sound
from tests.browser.test_reader_claims import new_article, saved
from tests.browser.test_reader_lost import TEN, all_saved, drafted, kept, painted
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def do(page: Page, name: str) -> None:
    page.locator("#toolbar").get_by_role("button", name=name).tap()


def judge(page: Page, words: str, verdict: str) -> None:
    select(page, words)
    do(page, verdict)


def trouble(page: Page, name: str) -> None:
    page.locator("#trouble").get_by_role("button", name=name).tap()


def verdicts() -> list[str]:
    return list(Annotation.objects.order_by("created_in").values_list("verdict", flat=True))


def test_tags_on_a_slow_line_arrive_once_and_in_order(phone, desk, edith, shot):
    page = phone(new_article(desk, edith, TEN))
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    slow = {"offline": False, "latency": 700, "downloadThroughput": -1, "uploadThroughput": -1}
    cdp.send("Network.emulateNetworkConditions", slow)
    do(page, "More")
    do(page, "Next sentence")
    given = ["Verified", "Disputed", "Needs source", "Verified", "Disputed"]
    for verdict in given:
        do(page, "Next sentence")
        do(page, verdict)
    assert painted(page, "v") + painted(page, "d") + painted(page, "n") >= 3, "the colour comes at once"
    shot(page, "lost-touch-slow")
    all_saved(page)
    assert verdicts() == [verdict.lower().replace(" ", "_") for verdict in given]
    starts = list(Span.objects.order_by("pk").values_list("start", flat=True))
    assert starts == sorted(starts)
    assert Revision.objects.filter(action="tag").count() == len(given)
    sound(page)


def test_offline_then_online_it_goes_by_itself(phone, article, shot):
    page = phone(article)
    page.context.set_offline(True)
    long_press(page, "bridges")
    do(page, "Verified")
    judge(page, "$2 billion", "Disputed")
    kept(page, "Not saved: no connection. Your 2 changes are kept here.")
    assert (painted(page, "v"), painted(page, "d")) == (1, 1)
    shot(page, "lost-touch-offline")
    sound(page)
    page.context.set_offline(False)
    all_saved(page)
    assert verdicts() == ["verified", "disputed"]
    expect(page.locator("#trouble")).to_be_empty()
    sound(page)


def test_what_is_unsaved_outlives_a_reload_and_a_lost_answer(phone, article):
    page, lost = phone(article), []

    def lose_first(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    page.route("**/tag/", lose_first)
    judge(page, "31 bridges", "Verified")
    kept(page, "no connection")
    page.reload()
    all_saved(page)
    assert lost[0].status == 200
    assert verdicts() == ["verified"]


def test_a_server_that_fails_is_asked_again_by_a_tap(phone, article, shot):
    page = phone(article)
    page.route("**/tag/", lambda route: route.fulfill(status=503, headers={"Retry-After": "60"}, body="Busy"))
    judge(page, "31 bridges", "Disputed")
    kept(page, "the server did not answer")
    shot(page, "lost-touch-server")
    sound(page)
    page.unroute("**/tag/")
    trouble(page, "Retry")
    all_saved(page, 10)
    assert verdicts() == ["disputed"]


def test_signed_out_and_back_with_the_draft(phone, article, ana, desk, place, shot):
    span = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None).span_id
    page = phone(article, f"?claim={span}")
    page.locator("#why > summary").tap()
    why = page.get_by_label("Why", exact=True)
    why.tap()
    keyboard_up(page)
    why.fill("The harbour's own count says 29")
    drafted(page, "count says 29")
    keyboard_down(page)
    Session.objects.all().delete()
    judge(page, "$2 billion", "Disputed")
    kept(page, "you are signed out. Your change is kept here.")
    shot(page, "lost-touch-signed-out")
    trouble(page, "Sign in")
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    fits(page)
    page.get_by_role("button", name="Sign in").tap()
    expect(page).to_have_url(re.compile(rf"articles/{article.pk}/\?claim="))
    all_saved(page)
    assert Annotation.objects.get(verdict="disputed").span.quote == "$2 billion"
    expect(page.locator("#card .draft")).to_contain_text("Your draft of")
    expect(why).to_have_value("The harbour's own count says 29")
    shot(page, "lost-touch-draft")
    sound(page)
    page.locator("#why").get_by_role("button", name="Save").tap()
    all_saved(page)
    assert Annotation.objects.current().get(span=span).why == "The harbour's own count says 29"


def test_a_draft_is_thrown_away_by_a_tap(phone, article, ana, desk, place):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    page = phone(article, f"?claim={span}")
    page.locator("#add-source > summary").tap()
    title = page.get_by_label("Title or name")
    title.fill("Register of bridges")
    drafted(page, "Register of bridges")
    page.reload()
    expect(title).to_have_value("Register of bridges")
    sound(page)
    page.get_by_role("button", name="Discard").tap()
    expect(title).to_have_value("")
    page.reload()
    expect(page.locator("#card")).to_be_visible()
    expect(page.locator(".draft")).to_have_count(0)


def test_a_stale_version_is_compared(phone, article, desk, ana, place, shot):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    page = phone(article, f"?claim={span}")
    tag(desk, author=ana, target=span, opinion=Opinion("disputed", "from my desk"), base=None)
    do(page, "Verified")
    expect(page.locator("#card.conflict")).to_contain_text("VerdictDisputedVerified")
    shot(page, "lost-touch-stale")
    sound(page)
    expect(page.locator("#trouble")).to_be_empty()
    assert Annotation.objects.current().get().verdict == "disputed"
    page.get_by_role("button", name="Keep mine").tap()
    all_saved(page)
    assert Annotation.objects.current().get().verdict == "verified"
    expect(page.locator("#trouble")).to_be_empty()


def test_one_that_the_server_fails_on_is_set_aside(phone, article):
    page = phone(article)
    fault = {"status": 500, "headers": {"Retry-After": "0.1"}, "body": "Fault"}
    page.route("**/mark/", lambda route: route.fulfill(**fault))
    judge(page, "31 bridges", "Mark to check")
    judge(page, "$2 billion", "Disputed")
    kept(page, "the server fails on it.")
    assert verdicts() == ["disputed"]
    sound(page)
    trouble(page, "Discard")
    all_saved(page)


def test_what_a_closed_tab_left_is_told_and_saved(phone, article, live_server, shot):
    page = phone(article)
    page.route("**/tag/", lambda route: route.abort())
    judge(page, "31 bridges", "Disputed")
    kept(page, "kept here")
    other = page.context.new_page()
    page.close()
    other.goto(f"{live_server.url}/c/desk/")
    notice = other.locator(".notice", has_text="Not saved yet: 1 change in “")
    expect(notice).to_be_visible()
    shot(other, "lost-touch-waiting")
    fits(other)
    for each in notice.locator("a, button").all():
        assert each.bounding_box()["height"] >= 43.9
    notice.get_by_role("link", name="Open and save").tap()
    saved(other, "disputed")
    all_saved(other)
    assert verdicts() == ["disputed"]


def test_a_form_of_a_page_keeps_what_was_typed(phone, live_server, sign_in, edith, article):
    page = sign_in(phone(article), edith)
    address = f"{live_server.url}/c/desk/articles/{article.pk}/details/"
    page.goto(address)
    page.locator("[name=byline]").fill("By the harbour desk")
    drafted(page, "By the harbour desk")
    page.reload()
    expect(page.locator("[name=byline]")).to_have_value("By the harbour desk")
    fits(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Save").tap()
    page.goto(address)
    expect(page.locator("[name=byline]")).to_have_value("By the harbour desk")
    expect(page.locator(".draft")).to_have_count(0)
