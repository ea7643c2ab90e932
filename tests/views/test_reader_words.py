"""What the reader says: the source to be repeated, what a verdict needs, what stands in the way."""

import re

import pytest

from annotations.models import CollectionSettings, Evidence
from annotations.services.claims import Opinion, mark, set_checkable, tag
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.settings import change_settings

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def hers(client, ana):
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    return client


def card(client, article, span):
    return client.get(f"/c/desk/articles/{article.pk}/card/?claim={span}", **HTMX).content.decode()


def test_the_form_names_the_source_that_it_would_repeat(hers, desk, ana, ben, article, place):
    first = mark(desk, author=ana, place=place("31 bridges")).span_id
    second = mark(desk, author=ana, place=place("$2 billion")).span_id
    add_evidence(desk, author=ben, span_id=first, source=NewSource("web", {"title": "Ben's"}))
    html = card(hers, article, second)
    assert "Same source again" not in html
    path = f"/c/desk/articles/{article.pk}/claims/{second}/sources/"
    empty = hers.post(path, {"kind": "web"}, **HTMX)
    assert empty.status_code == 422
    assert "a title or an address" in empty.content.decode()
    add_evidence(desk, author=ana, span_id=first, source=NewSource("web", {"title": "Operator <report>"}))
    html = card(hers, article, second)
    assert 'Same source again: <span dir="auto">Operator &lt;report&gt;</span>' in html
    answer = hers.post(path, {"kind": "web"}, **HTMX).content.decode()
    assert "source added again: Operator &lt;report&gt;." in answer
    assert Evidence.objects.get(span=second).source.versions.get().title == "Operator <report>"


def test_a_claim_that_cannot_be_checked_asks_for_nothing(hers, desk, ana, article, place):
    reason = {"not_checkable": True, "reason": "opinion"}
    span = set_checkable(desk, author=ana, target=place("31 bridges"), **reason).span_id
    html = card(hers, article, span)
    assert "press v, d or n" not in html
    assert "Verified needs one" not in html


@pytest.mark.parametrize(
    ("verdict", "needed"), [("verified", True), ("disputed", False), ("needs_source", False), (None, True)]
)
def test_only_what_may_be_verified_needs_a_source(hers, desk, ana, article, place, verdict, needed):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    if verdict:
        tag(desk, author=ana, target=span, opinion=Opinion(verdict), base=None)
    assert ("Verified needs one." in card(hers, article, span)) == needed


def test_keys_are_named_only_where_there_are_keys(hers, article):
    html = hers.get(f"/c/desk/articles/{article.pk}/").content.decode()
    assert '<p class="by-key">Nothing marked. Read once, press m on each fact.</p>' in html
    assert '<p class="by-touch">Nothing marked. Read once, mark each fact.</p>' in html


def test_both_ways_to_say_what_is_left_count_the_same(hers, desk, ana, ben, article, place):
    mark(desk, author=ana, place=place("harbour"))
    tag(desk, author=ana, target=place("Two more"), opinion=Opinion("needs_source"), base=None)
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    html = hers.get(f"/c/desk/articles/{article.pk}/left/", **HTMX).content.decode()
    parts, total = html.split('class="menu sum"')
    assert sum(map(int, re.findall(r"<b>(\d+)</b>(?! facts)", parts))) == 2
    assert "<b>2</b> of 3 in the way" in total
    tag(desk, author=ben, target=place("harbour"), opinion=Opinion("needs_source"), base=None)
    html = hers.get(f"/c/desk/articles/{article.pk}/left/", **HTMX).content.decode()
    assert "<b>1</b> of 3 in the way" in html


@pytest.mark.parametrize("blind", [False, True])
def test_what_a_blind_card_says_of_sources_tells_nothing(hers, desk, edith, ben, article, place, blind):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    if blind:
        change_settings(desk, author=edith, base=base, changes={"blind": True})
    span = tag(desk, author=ben, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id
    assert ("Verified needs one." in card(hers, article, span)) == blind
