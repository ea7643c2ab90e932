"""Corrections at the desk: who drafts and publishes them where, and what the pages say."""

import re

import pytest

from annotations.models import CollectionSettings, Correction
from annotations.services.claims import Opinion, mark, tag
from annotations.services.corrections import Told, publish_correction, save_correction
from annotations.services.rulings import rule

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
TOLD = {"reads": "31 bridges", "should_read": "30", "public_text": "We counted <one> twice."}


@pytest.fixture
def claim(desk, ana, place):
    opinion = Opinion("disputed", should_read="30 bridges")
    return tag(desk, author=ana, target=place("31 bridges"), opinion=opinion, base=None).span_id


@pytest.fixture
def at(article, claim):
    return f"/c/desk/articles/{article.pk}/claims/{claim}/correction/"


def card(browser, article, claim):
    return browser.get(f"/c/desk/articles/{article.pk}/card/?claim={claim}", **HTMX).content.decode()


def live():
    return Correction.objects.current().first()


def test_an_editor_drafts_publishes_changes_and_withdraws(signed_in, edith, article, claim, at):
    browser = signed_in(edith)
    form = card(browser, article, claim).partition('id="correction"')[2]
    assert ">\n31 bridges</textarea>" in form
    assert ">\n30 bridges</textarea>" in form
    html = browser.post(at, {"base": "none"} | TOLD, **HTMX).content.decode()
    assert "Draft of a correction, by Edith" in html
    assert "We counted &lt;one&gt; twice." in html
    html = browser.post(f"{at}publish/", {"base": live().pk}, **HTMX).content.decode()
    assert re.search(r"Correction published \d+ \w+ 20\d\d, approved by Edith", html)
    assert "Readers see it once the collection is public" in html
    html = browser.post(at, {"base": live().pk} | TOLD | {"should_read": "29"}, **HTMX).content.decode()
    assert "Publish the change" in html
    html = browser.post(f"{at}withdraw/", {"base": live().pk}, **HTMX).content.decode()
    assert "Correct in public" in html
    html = browser.get("/c/desk/history/").content.decode()
    for deed in (
        "drafted a correction of",
        "published a correction of",
        "withdrew the published correction of",
    ):
        assert deed in html


def test_it_is_undone_from_the_card(signed_in, edith, article, claim, at):
    browser = signed_in(edith)
    browser.post(at, {"base": "none"} | TOLD, **HTMX)
    html = browser.post(f"/c/desk/articles/{article.pk}/undo/", {}, **HTMX).content.decode()
    assert "Undone: draft of a correction" in html
    assert live() is None


def test_only_of_what_is_disputed_or_decided(signed_in, desk, ana, edith, article, place, claim):
    other = mark(desk, author=ana, place=place("harbour")).span_id
    at, browser = f"/c/desk/articles/{article.pk}/claims/{other}/correction/", signed_in(edith)
    assert "Correct in public" not in card(browser, article, other)
    assert browser.post(at, {"base": "none"} | TOLD, **HTMX).status_code == 403
    rule(desk, author=edith, span_id=other, verdict="verified", rationale="It is.", base=None)
    assert "Correct in public" in card(browser, article, other)
    assert browser.post(at, {"base": "none"} | TOLD, **HTMX).status_code == 200


def test_reviewers_read_it_and_viewers_do_not(signed_in, desk, edith, ben, vera, article, claim, at):
    signed_in(edith).post(at, {"base": "none"} | TOLD, **HTMX)
    html = card(signed_in(ben), article, claim)
    assert "We counted &lt;one&gt; twice." in html
    assert "Publish the correction" not in html
    assert signed_in(ben).post(f"{at}publish/", {"base": live().pk}, **HTMX).status_code == 403
    assert "We counted" not in card(signed_in(vera), article, claim)


def test_two_versions_are_compared(signed_in, edith, claim, at):
    browser = signed_in(edith)
    browser.post(at, {"base": "none"} | TOLD, **HTMX)
    answer = browser.post(at, {"base": "none"} | TOLD | {"should_read": "29"}, **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert f'name="base" value="{live().pk}"' in html
    assert "It should read" in html


def test_without_scripts_a_refusal_keeps_what_was_typed(signed_in, edith, claim, at):
    answer = signed_in(edith).post(at, {"base": "none"} | TOLD | {"reads": " "})
    assert answer.status_code == 422
    assert "We counted &lt;one&gt; twice.</textarea>" in answer.content.decode()


def test_the_list_has_drafts_and_what_is_published(signed_in, desk, edith, article, place, ana, claim):
    told = Told("a", "b", "PUBLISHED")
    base = save_correction(desk, author=edith, span_id=claim, told=told, base=None).version
    publish_correction(desk, author=edith, span_id=claim, base=base)
    other = tag(desk, author=ana, target=place("harbour"), opinion=Opinion("disputed"), base=None).span_id
    save_correction(desk, author=edith, span_id=other, told=Told("a", "b", "DRAFTED"), base=None)
    browser = signed_in(edith)
    drafts = browser.get("/c/desk/corrections/").content.decode()
    published = browser.get("/c/desk/corrections/?show=published").content.decode()
    assert ("DRAFTED" in drafts, "PUBLISHED" in drafts) == (True, False)
    assert ("DRAFTED" in published, "PUBLISHED" in published) == (False, True)
    assert "the collection is not public" in drafts
    settings = CollectionSettings.objects.current().get(collection=desk)
    form = {"base": settings.pk, "name": "The desk", "reviews_needed": 1, "public": "on"}
    assert browser.post("/c/desk/settings/", form).status_code == 302
    assert "/public/desk/corrections/" in browser.get("/c/desk/corrections/").content.decode()


def test_queries_do_not_grow(signed_in, desk, edith, ana, place, claim, django_assert_num_queries):
    browser = signed_in(edith)
    save_correction(desk, author=edith, span_id=claim, told=Told("a", "b", "c"), base=None)
    with django_assert_num_queries(5):
        browser.get("/c/desk/corrections/")
    for words in ("harbour", "mayor", "May"):
        span = tag(desk, author=ana, target=place(words), opinion=Opinion("disputed"), base=None).span_id
        save_correction(desk, author=edith, span_id=span, told=Told("a", "b", "c"), base=None)
    with django_assert_num_queries(5):
        browser.get("/c/desk/corrections/")
