"""The article on paper: all claims, and of them what the person may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.models import CollectionSettings
from annotations.services.claims import Opinion, mark, tag
from annotations.services.evidence import Citation, NewSource, add_evidence
from annotations.services.settings import change_settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def printed(client, article):
    def of(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client.get(f"/c/desk/articles/{article.pk}/print/").text

    return of


@pytest.fixture
def bridges(desk, ana, place):
    opinion = Opinion("disputed", "It is <30>.")
    span = tag(desk, author=ana, target=place("31 bridges"), opinion=opinion, base=None).span_id
    source = NewSource("web", {"title": "Register", "url": "https://harbour.example/register"})
    add_evidence(desk, author=ana, span_id=span, source=source, citation=Citation(stance="contradicts"))
    return span


def test_it_says_what_was_found_and_where(printed, ben, bridges):
    page = printed(ben)
    for words in ("31 bridges", "Harbour Post", "31 March 2026", "Disputed", "It is &lt;30&gt;."):
        assert words in page
    assert "https://harbour.example/register" in page
    assert f'id="c{bridges}"' in page


def test_a_blind_reviewer_reads_nothing_of_others(printed, desk, edith, ben, bridges):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    page = printed(ben)
    assert "31 bridges" in page
    assert not [words for words in ("It is", "Register", "Disputed", "disputed") if words in page]


def test_a_viewer_reads_settled_claims_alone(printed, desk, ana, vera, place, bridges):
    waiting = mark(desk, author=ana, place=place("harbour")).span_id
    page = printed(vera)
    assert f'id="c{waiting}"' not in page
    assert f'id="c{bridges}"' in page


def test_queries_do_not_grow_with_claims(printed, desk, ana, place, bridges):
    printed(ana)
    with CaptureQueriesContext(connection) as few:
        printed(ana)
    for words in ("harbour", "mayor", "May", "Two more"):
        mark(desk, author=ana, place=place(words))
    with CaptureQueriesContext(connection) as many:
        assert printed(ana).count('<li id="c') == 5
    assert len(many) == len(few)
