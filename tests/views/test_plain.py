"""The reader without scripts: the page to choose words, words in hand by address, refusals as pages."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.models import Annotation, CollectionSettings, Evidence, Span
from annotations.services.claims import Opinion, mark, tag
from annotations.services.settings import change_settings

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
TOKEN = 'name="csrfmiddlewaretoken"'


@pytest.fixture
def at(article):
    return f"/c/desk/articles/{article.pk}/"


def page_of(answer):
    html = answer.content.decode()
    assert html.rstrip().endswith("</html>")
    return html


def noscript(html):
    return "".join(re.findall(r"<noscript>(.*?)</noscript>", html, re.DOTALL))


def test_the_page_asks_as_often_for_many_claims_as_for_one(signed_in, desk, ana, at, place):
    browser = signed_in(ana)
    browser.get(f"{at}plain/")
    counts = []
    for words in ("31 bridges", "harbour", "mayor", "$2 billion", "May"):
        mark(desk, author=ana, place=place(words))
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"{at}plain/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[-1]


def test_words_in_hand_are_an_address(signed_in, ana, at):
    html = page_of(signed_in(ana).get(f"{at}?start=28&end=38"))
    assert "Not marked yet" in html
    assert 'name="quote" value="31 bridges"' in noscript(html)
    said = noscript(page_of(signed_in(ana).get(f"{at}?start=28&end=38&aspect=said")))
    assert 'name="aspect" value="said"' in said


@pytest.mark.parametrize(
    "query",
    [
        "start=38&end=28",
        "start=28&end=9999",
        "start=x&end=38",
        "start=28",
        "start=٢٨&end=38",
        "start=28&end=38&aspect=whole",
        "start=-1&end=3",
    ],
)
def test_an_address_of_no_words_is_the_article(signed_in, ana, at, query):
    html = page_of(signed_in(ana).get(f"{at}?{query}"))
    assert 'name="quote"' not in noscript(html)


def test_a_claim_at_the_place_is_the_claim(signed_in, desk, ana, ben, at, place):
    there = tag(desk, author=ben, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id
    html = page_of(signed_in(ana).get(f"{at}?start=28&end=38"))
    assert f'aria-label="Claim {there}"' in html
    assert 'name="base" value="none"' in noscript(html)
    mine = tag(desk, author=ana, target=there, opinion=Opinion("verified"), base=None).version
    assert f'name="base" value="{mine}"' in noscript(page_of(signed_in(ana).get(f"{at}?claim={there}")))


def test_viewers_and_blind_editors_are_offered_nothing_to_judge(signed_in, desk, vera, edith, at):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    assert "<form" not in noscript(page_of(signed_in(vera).get(f"{at}?start=28&end=38")))
    assert signed_in(vera).get(f"{at}plain/").status_code == 403
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    assert "verified" not in noscript(page_of(signed_in(edith).get(f"{at}?start=28&end=38")))


def test_tokens_are_in_pages_and_not_in_fragments(signed_in, desk, ana, at, place):
    claim = mark(desk, author=ana, place=place("31 bridges")).span_id
    browser = signed_in(ana, enforce_csrf_checks=True)
    html = page_of(browser.get(f"{at}?claim={claim}"))
    for form in re.findall(r'<form[^>]* method="post".*?</form>', html, re.DOTALL):
        assert form.count(TOKEN) == 1 or 'data-save="not-checkable"' in form, form
    assert TOKEN not in browser.get(f"{at}card/?claim={claim}", **HTMX).content.decode()
    assert browser.post(f"{at}claims/{claim}/note/", {"text": "x"}).status_code == 403


def test_a_refusal_keeps_what_was_typed_and_escapes_it(signed_in, desk, ana, at, place):
    said = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    typed = {
        "base": said.version,
        "problem": "nonsense",
        "should_read": '"><script>1</script>',
        "why": "Be\ncause",
    }
    answer = signed_in(ana).post(f"{at}claims/{said.span_id}/why/", typed)
    html = page_of(answer)
    assert answer.status_code == 422
    assert "Choose what is wrong from the list." in html
    assert "<script>1" not in html
    assert "&quot;&gt;&lt;script&gt;1&lt;/script&gt;</textarea>" in html
    assert "\nBe\ncause</textarea>" in html
    assert f'name="base" value="{said.version}"' in html
    assert 'name="must_fix"' in html
    assert TOKEN in html
    assert Annotation.objects.count() == 1


@pytest.mark.parametrize(
    "door", ["mark/", "tag/", "not-checkable/", "claims/{}/why/", "claims/{}/sources/", "documents/"]
)
def test_every_refusal_is_a_page(signed_in, desk, ana, at, place, door):
    claim = mark(desk, author=ana, place=place("31 bridges")).span_id
    answer = signed_in(ana).post(at + door.format(claim), {"start": "1"})
    assert answer.status_code == 422
    assert "Not saved yet" in page_of(answer)


def test_two_versions_are_a_page_that_leads_on(signed_in, desk, ana, at, place):
    first = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    tag(desk, author=ana, target=first.span_id, opinion=Opinion("verified"), base=first.version)
    sent = {"start": 28, "end": 38, "quote": "31 bridges", "verdict": "needs_source", "base": first.version}
    browser = signed_in(ana)
    answer = browser.post(f"{at}tag/", sent)
    html = page_of(answer)
    assert answer.status_code == 409
    assert f'href="{at}?claim={first.span_id}"' in html
    again = dict(re.findall(r'name="(\w+)" value="([^"]*)"', html.partition('data-save="again"')[2]))
    done = browser.post(f"{at}tag/", again)
    assert done.status_code == 303
    assert Annotation.objects.current().get().verdict == "needs_source"


def test_what_took_the_claim_away_leads_back_to_its_words(signed_in, desk, ana, at, place):
    mark(desk, author=ana, place=place("31 bridges", "said"))
    browser = signed_in(ana)
    answer = browser.post(f"{at}undo/")
    assert answer["Location"] == f"{at}?start=28&end=38&aspect=said#b18"
    assert Span.objects.count() == 1
    assert "Undone: mark" in page_of(browser.get(answer["Location"]))


def test_what_was_refused_is_sent_again_as_the_same_request(signed_in, desk, ana, at, place):
    claim = mark(desk, author=ana, place=place("31 bridges")).span_id
    browser, path = signed_in(ana), f"{at}claims/{claim}/sources/"
    html = page_of(browser.post(path, {"kind": "nonsense", "title": "Register", "key": "k-1"}))
    key = re.findall(r'name="key" value="([^"]*)"', html)
    assert key == ["k-1"]
    sent = {"kind": "web", "title": "Register", "key": key[0]}
    assert [browser.post(path, sent).status_code for _ in range(2)] == [303, 303]
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("key", ["k-1", "k" * 101])
def test_a_key_that_will_not_do_is_replaced(signed_in, desk, ana, at, place, key):
    claim = mark(desk, author=ana, place=place("31 bridges"), key="k-1").span_id
    browser, path = signed_in(ana), f"{at}claims/{claim}/sources/"
    sent = {"kind": "web", "title": "Register", "key": key}
    answer = browser.post(path, sent)
    fresh = re.search(r'name="key" value="([^"]*)"', page_of(answer))[1]
    assert (answer.status_code, fresh == key) == (422, False)
    assert browser.post(path, sent | {"key": fresh}).status_code == 303
