"""The list of claims for a reviewer who checks blind: whatever is asked, hidden claims are to check and no more."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from annotations.models import Annotation, CollectionSettings
from annotations.services.assignments import assign
from annotations.services.claims import Opinion, mark, set_checkable, tag
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.rulings import Terms, rule
from annotations.services.settings import change_settings, set_member

pytestmark = pytest.mark.django_db
LIST = "/c/desk/claims/"


@pytest.fixture
def cleo(desk, person):
    return set_member(desk, person("cleo"), "reviewer").user


@pytest.fixture
def hidden(desk, edith, ana, ben, cleo, place, monkeypatch):
    """Three claims of which cleo has said nothing, with all there can be on them; and an untouched one."""
    late = timezone.localdate() - timedelta(days=1)
    asked = Opinion("needs_source", why="PLANTED", problem="figure", asked="The port", due_on=late)
    disputed = tag(desk, author=ana, target=place("31 bridges"), opinion=asked, base=None).span_id
    tag(desk, author=ben, target=disputed, opinion=Opinion("disputed", problem="figure"), base=None)
    add_evidence(desk, author=ana, span_id=disputed, source=NewSource("web", {"title": "PLANTED"}))
    decided = tag(desk, author=ana, target=place("May"), opinion=Opinion("verified"), base=None).span_id
    terms = Terms(check_again_on=late)
    with monkeypatch.context() as then:
        then.setattr("annotations.services.rulings.today", lambda: late - timedelta(days=1))
        rule(desk, author=edith, span_id=decided, verdict="disputed", rationale="x", terms=terms, base=None)
    gone = tag(desk, author=ana, target=place("mayor"), opinion=Opinion("verified"), base=None).span_id
    set_checkable(desk, author=ana, target=gone, not_checkable=True, reason="PLANTED")
    assign(desk, author=edith, reviewer_ids=[ana.pk], span_ids=[disputed])
    untouched = mark(desk, author=ana, place=place("harbour")).span_id
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    return [untouched, gone, decided, disputed]


def rows(browser, query):
    return browser.get(f"{LIST}?{query}").context["claims"]


NOTHING = [
    "status=open",
    "status=contested",
    "status=agreed",
    "status=ruled",
    "status=again",
    "status=not_checkable",
    "status=waiting_source",
    "status=waiting_opinion",
    "verdict=disputed",
    "problem=figure",
    "due=overdue",
    "due=week",
    "sort=due",
    "q=planted",
    "given={cleo}",
    "person={cleo}",
]


@pytest.mark.parametrize("query", NOTHING)
def test_what_others_did_finds_nothing(signed_in, cleo, hidden, query):
    assert rows(signed_in(cleo), query.format(cleo=cleo.pk)) == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "status=to_check",
        "unsourced=on",
        "sort=newest",
        "q=a&status=",
        "person={ana}",
        "given={ana}",
        "given=nobody",
    ],
)
def test_what_is_found_looks_like_a_claim_that_nobody_has_judged(signed_in, cleo, ana, hidden, query):
    """And in the order of the claims; nobody's name can be asked for."""
    found = rows(signed_in(cleo), query.format(ana=ana.pk).replace("q=a&", ""))
    assert [row["id"] for row in found] == sorted(hidden, reverse=True)
    said = {
        (row["status"], row["status_label"], row["verdict"], *row["counts"], *row["given"]) for row in found
    }
    assert said == {("to_check", "To check", None)}


@pytest.mark.parametrize(
    "query", ["", "status=to_check", "unsourced=on", "sort=article", "sort=oldest", "q=planted"]
)
def test_the_page_is_the_same_whatever_others_did(signed_in, desk, ben, cleo, hidden, query):
    browser = signed_in(cleo)
    before = results(browser, query)
    base = Annotation.objects.current().get(reviewer=ben).pk
    tag(desk, author=ben, target=hidden[3], opinion=Opinion("verified", why="PLANTED anew"), base=base)
    add_evidence(desk, author=ben, span_id=hidden[0], source=NewSource("web", {"title": "PLANTED"}))
    assert results(browser, query) == before
    assert "PLANTED" not in before
    assert "Ben" not in before


def results(browser, query):
    html = browser.get(f"{LIST}?{query}").content.decode().partition('<div id="results">')[2]
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


def test_own_work_is_found_and_then_others_is_too(signed_in, desk, cleo, hidden):
    browser = signed_in(cleo)
    tag(desk, author=cleo, target=hidden[3], opinion=Opinion("verified", problem="date"), base=None)
    assert [row["id"] for row in rows(browser, f"person={cleo.pk}")] == [hidden[3]]
    for query in ("status=contested", "problem=figure", "due=overdue", "q=planted", "sort=due"):
        assert [row["id"] for row in rows(browser, query)] == [hidden[3]], query
    assert hidden[3] not in [row["id"] for row in rows(browser, "unsourced=on")]


def test_a_source_of_ones_own_counts_before_one_has_spoken(signed_in, desk, cleo, hidden):
    add_evidence(desk, author=cleo, span_id=hidden[0], source=NewSource("web", {"title": "Mine"}))
    assert hidden[0] not in [row["id"] for row in rows(signed_in(cleo), "unsourced=on")]


def test_editors_see_all_of_it(signed_in, edith, hidden):
    browser = signed_in(edith)
    for query in ("status=contested", "problem=figure", "q=planted"):
        assert [row["id"] for row in rows(browser, query)] == [hidden[3]], query
    assert [row["id"] for row in rows(browser, "status=again")] == [hidden[2]]
