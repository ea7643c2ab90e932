"""Whom somebody asked for a source, and by when: in the card, and in the line of the claim."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotations.models import Annotation, CollectionSettings
from annotations.services.claims import Opinion, tag
from annotations.services.settings import change_settings

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def asked(desk, ana, place):
    def ask(words, whom, days=None, author=ana):
        due = timezone.localdate() + timedelta(days) if days is not None else None
        opinion = Opinion("needs_source", asked=whom, due_on=due)
        return tag(desk, author=author, target=place(words), opinion=opinion, base=None).span_id

    return ask


def lines(browser, article):
    html = browser.get(f"/c/desk/articles/{article.pk}/claims/", **HTMX).content.decode()
    return html.split("</li>")


def test_the_line_says_whom_and_that_it_is_overdue(signed_in, ben, article, asked):
    span = asked("31 bridges", "The <ministry>", -1)
    [line] = [each for each in lines(signed_in(ben), article) if f'id="c{span}"' in each]
    yesterday = timezone.localdate() - timedelta(1)
    assert f"Asked The &lt;ministry&gt; · overdue since {yesterday:%-d %B}" in line


def test_a_day_without_a_name_and_a_name_without_a_day(signed_in, ben, article, asked):
    asked("31 bridges", "", 3)
    asked("harbour", "Her")
    text = "".join(lines(signed_in(ben), article))
    assert f"Answer · due {timezone.localdate() + timedelta(3):%-d %B}" in text
    assert "Asked Her<" in text


def test_of_two_the_earlier_answer_comes_first(signed_in, ana, ben, desk, article, asked):
    span = asked("31 bridges", "Later", 5)
    opinion = Opinion("needs_source", asked="Sooner", due_on=timezone.localdate())
    tag(desk, author=ben, target=span, opinion=opinion, base=None)
    text = "".join(lines(signed_in(ana), article))
    assert text.index("Asked Sooner") < text.index("Asked Later")


def test_saying_it_brings_it_into_the_line(signed_in, ana, article, asked):
    span = asked("31 bridges", "")
    path = f"/c/desk/articles/{article.pk}/claims/{span}/why/"
    form = {"base": Annotation.objects.current().get().pk, "asked": "The ministry", "due_on": "2031-05-04"}
    html = signed_in(ana).post(path, form, **HTMX).content.decode()
    assert "Asked The ministry · due 4 May" in html[html.index(f'id="c{span}"') :]


def test_hidden_where_the_opinion_is(signed_in, desk, edith, ana, ben, article, asked):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    asked("31 bridges", "The ministry", 2)
    assert "ministry" not in "".join(lines(signed_in(ben), article))
    assert "ministry" in "".join(lines(signed_in(ana), article))


def test_queries_do_not_grow(signed_in, ana, article, asked, django_assert_max_num_queries):
    browser = signed_in(ana)
    asked("31 bridges", "A")
    lines(browser, article)
    with django_assert_max_num_queries(9):
        lines(browser, article)
    for words in ("31", "harbour", "mayor", "Two", "cost"):
        asked(words, "B")
    with django_assert_max_num_queries(9):
        lines(browser, article)
