"""The facts of an article, for those who check it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.models import CollectionSettings
from annotations.services.articles import edit_details
from annotations.services.claims import Opinion, mark, tag
from annotations.services.settings import change_settings

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def path(article, part):
    return f"/c/desk/articles/{article.pk}/{part}"


def test_they_come_with_their_kinds_and_exact_places(signed_in, ana, article):
    sent = signed_in(ana).get(path(article, "facts/"), **HTMX).json()["facts"]
    told = [(article.text[start:end], kind) for start, end, kind in sent]
    assert ("31", "figure") in told
    assert ("$2 billion", "money") in told
    assert ("May", "date") in told


def test_viewers_walk_no_facts(signed_in, vera, article):
    assert signed_in(vera).get(path(article, "facts/"), **HTMX).status_code == 403
    html = signed_in(vera).get(path(article, "left/"), **HTMX).content.decode()
    assert "uncovered" not in html
    assert "of-facts" not in html
    assert 'data-do="facts"' not in signed_in(vera).get(path(article, "")).content.decode()


def test_lines_around_the_article_tell_no_facts(signed_in, ana, edith, desk, article):
    live = article.versions.get()
    blocks = [block | {"role": "furniture" if n else "headline"} for n, block in enumerate(live.blocks)]
    edit_details(desk, author=edith, article_id=article.pk, base=live.pk, changes={"blocks": blocks})
    assert signed_in(ana).get(path(article, "facts/"), **HTMX).json()["facts"] == []


def uncovered(client, article):
    html = client.get(path(article, "left/"), **HTMX).content.decode()
    return html.split('data-open="')[1].split('"')[0].split()


def test_a_claim_that_the_person_sees_covers(signed_in, desk, ana, ben, article, place):
    before = uncovered(signed_in(ana), article)
    mark(desk, author=ben, place=place("31"))
    assert len(uncovered(signed_in(ana), article)) == len(before) - 1
    mark(desk, author=ben, place=place("$2"))
    assert len(uncovered(signed_in(ana), article)) == len(before) - 1


def test_to_a_blind_reviewer_the_bar_tells_no_verdict(signed_in, desk, edith, ana, ben, article, place):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    opinion = Opinion("disputed", must_fix=True)
    tag(desk, author=ben, target=place("31 bridges"), opinion=opinion, base=None)
    html = signed_in(ana).get(path(article, "left/"), **HTMX).content.decode()
    assert "<b>1</b> unanswered" in html
    assert "disputed" not in html
    assert "must fix" not in html
    assert "must fix" in signed_in(ben).get(path(article, "left/"), **HTMX).content.decode()


def test_without_scripts_the_bar_leads_to_the_place(signed_in, desk, ana, ben, article, place):
    span = tag(desk, author=ben, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id
    hers = signed_in(ana)
    to = hers.get(path(article, "left/next/?for=disputed"))
    assert to.headers["Location"] == f"/c/desk/articles/{article.pk}/?claim={span}#r{span}"
    to = hers.get(path(article, "left/next/?for=facts"))
    assert to.headers["Location"] == f"/c/desk/articles/{article.pk}/#b71"
    assert hers.get(path(article, "left/next/?for=nonsense")).status_code == 302


def test_the_next_place_is_behind_the_one_in_hand(signed_in, desk, ana, ben, article, place):
    first = mark(desk, author=ben, place=place("31 bridges")).span_id
    second = mark(desk, author=ben, place=place("31")).span_id
    hers, ask = signed_in(ana), path(article, "left/next/?for=unanswered&after=")
    cards = [
        hers.get(ask + after, **HTMX).content.decode() for after in ("", f"28-30-{second}", f"28-38-{first}")
    ]
    assert [int(card.split('data-n="')[1].split('"')[0]) for card in cards] == [second, first, second]


def test_the_queries_do_not_grow(signed_in, desk, ana, article, place):
    hers = signed_in(ana)
    words = ["31 bridges", "harbour", "mayor", "Two more", "May", "$2 billion"]
    counts = []
    for quote in words:
        mark(desk, author=ana, place=place(quote))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            hers.get(path(article, "left/"), **HTMX)
        counts.append(len(queries))
    assert len(set(counts[1:])) == 1
    assert counts[-1] <= 7
