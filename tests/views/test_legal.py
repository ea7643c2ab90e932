"""Legal reads on the pages: who asks and answers, what the card, the bar, the list and the history say."""

import re

import pytest

from annotations.models import CollectionSettings, LegalRead, Membership
from annotations.services.claims import Opinion, mark, tag
from annotations.services.legal import answer_legal, ask_legal
from annotations.services.settings import change_settings

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def claim(desk, ana, place):
    return tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id


@pytest.fixture
def at(article, claim):
    return f"/c/desk/articles/{article.pk}/claims/{claim}/legal/"


def lawyer(desk, user):
    Membership.objects.filter(collection=desk, user=user).update(is_lawyer=True)
    return user


def card(browser, article, claim):
    return browser.get(f"/c/desk/articles/{article.pk}/card/?claim={claim}", **HTMX).content.decode()


def live():
    return LegalRead.objects.current().first()


def test_asked_in_the_card_and_answered_there(signed_in, desk, ana, ben, article, claim, at):
    browser, law = signed_in(ana), signed_in(lawyer(desk, ben))
    assert "Ask for a legal read" in card(browser, article, claim)
    html = browser.post(f"{at}ask/", {"base": "none", "question": "<Libel>?"}, **HTMX).content.decode()
    assert 'Ana asked: <span dir="auto">&lt;Libel&gt;?</span>' in html
    assert f"Claim {claim}: a legal read is asked for." in html
    assert "Withdraw the request" in html
    html = card(law, article, claim)
    assert "Clear it" in html
    assert "Withdraw the request" not in html
    html = law.post(
        f"{at}answer/", {"base": live().pk, "answer": "objected", "said": "Name it."}, **HTMX
    ).content.decode()
    assert "<b>A lawyer objects</b>" in html
    assert 'Ben objected: <span dir="auto">Name it.</span>' in html
    html = card(browser, article, claim)
    assert "Ask again" in html
    assert "Clear it" not in html


def test_who_may(signed_in, desk, ana, ben, edith, vera, article, claim, at):
    base = ask_legal(desk, author=ana, span_id=claim, question="HUSH", base=None).version
    answer = signed_in(ben).post(f"{at}answer/", {"base": base, "answer": "cleared"}, **HTMX)
    assert (answer.status_code, live().answer) == (403, "asked")
    assert "an administrator says who they are" in answer.content.decode()
    assert signed_in(ben).post(f"{at}withdraw/", {"base": base}, **HTMX).status_code == 403
    assert signed_in(ben).post(f"{at}ask/", {"base": base, "question": "Mine"}, **HTMX).status_code == 403
    assert signed_in(vera).post(f"{at}ask/", {"base": base}, **HTMX).status_code == 403
    assert signed_in(vera).get("/c/desk/legal/").status_code == 403
    assert "HUSH" not in card(signed_in(vera), article, claim)
    assert signed_in(edith).post(f"{at}withdraw/", {"base": base}, **HTMX).status_code == 200
    assert live() is None


def test_a_lawyer_who_only_reads_answers_on_the_page_of_legal_reads(signed_in, desk, ana, vera, claim, at):
    """Of the claim, which is not settled, they see its words and what was asked, not what reviewers say."""
    ask_legal(desk, author=ana, span_id=claim, question="May we?", base=None)
    browser = signed_in(lawyer(desk, vera))
    assert f'href="/c/desk/legal/#c{claim}"' in browser.get("/").content.decode()
    html = browser.get("/c/desk/legal/").content.decode()
    assert "May we?" in html
    assert "31 bridges" in html
    assert "isputed" not in html
    sent = dict(re.findall(r'type="hidden" name="(base|listed)" value="(\w+)"', html))
    answer = browser.post(f"{at}answer/", sent | {"answer": "cleared", "said": "Fine."}, follow=True)
    assert f"Claim {claim} is cleared." in answer.content.decode()
    assert "No legal read waits" in answer.content.decode()
    assert (live().answer, live().lawyer) == ("cleared", vera)
    assert "Fine." in browser.get("/c/desk/legal/?show=cleared").content.decode()


def test_it_stands_in_the_way_until_it_is_cleared(signed_in, desk, ana, ben, article, claim, place):
    browser, left = signed_in(ana), f"/c/desk/articles/{article.pk}/left/"
    other = mark(desk, author=ana, place=place("harbour")).span_id
    asked = ask_legal(desk, author=ana, span_id=other, question="", base=None)
    assert "<b>1</b> held by legal" in browser.get(left, **HTMX).content.decode()
    html = browser.get(f"{left}next/?for=legal", **HTMX).content.decode()
    assert f'data-n="{other}"' in html
    answer_legal(desk, author=ben, span_id=other, answer="objected", said="No", base=asked.version)
    assert "<b>1</b> held by legal" in browser.get(left, **HTMX).content.decode()
    answer_legal(desk, author=ben, span_id=other, answer="cleared", said="", base=live().pk)
    assert "held by legal" not in browser.get(left, **HTMX).content.decode()


def test_the_history_has_it_in_words_and_undo_takes_it_back(signed_in, desk, ana, article, claim, at):
    browser = signed_in(ana)
    browser.post(f"{at}ask/", {"base": "none", "question": "Q"}, **HTMX)
    assert "asked for a legal read of" in browser.get("/c/desk/history/").content.decode()
    html = browser.post(f"/c/desk/articles/{article.pk}/undo/", {}, **HTMX).content.decode()
    assert "Undone: request for a legal read" in html
    assert live() is None


def test_two_versions_are_compared(signed_in, desk, ana, edith, claim, at):
    ask_legal(desk, author=ana, span_id=claim, question="Theirs", base=None)
    answer = signed_in(edith).post(f"{at}ask/", {"base": "none", "question": "Mine"}, **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in html
    assert f'name="base" value="{live().pk}"' in html


def test_who_checks_blind_speaks_first(signed_in, desk, edith, ana, ben, article, claim, at):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    browser = signed_in(lawyer(desk, ben))
    assert "legal read" not in card(browser, article, claim)
    refused = browser.post(f"{at}ask/", {"base": "none"}, **HTMX)
    ask_legal(desk, author=ana, span_id=claim, question="HUSH", base=None)
    again = browser.post(f"{at}ask/", {"base": "none"}, **HTMX)
    assert (refused.status_code, refused.content) == (again.status_code, again.content)
    assert "HUSH" not in browser.get("/c/desk/legal/").content.decode()
    tag(desk, author=ben, target=claim, opinion=Opinion("verified"), base=None)
    assert "HUSH" in browser.get("/c/desk/legal/").content.decode()
    assert "Clear it" in card(browser, article, claim)


def test_queries_do_not_grow(signed_in, desk, ana, claim, place, django_assert_num_queries):
    ask_legal(desk, author=ana, span_id=claim, question="1", base=None)
    browser = signed_in(ana)
    with django_assert_num_queries(6):
        browser.get("/c/desk/legal/")
    for words in ("harbour", "mayor", "May"):
        span = mark(desk, author=ana, place=place(words)).span_id
        ask_legal(desk, author=ana, span_id=span, question="1", base=None)
    with django_assert_num_queries(6):
        browser.get("/c/desk/legal/")
