"""The history of a collection, an article, a claim, a person; what is new since one was last here."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from annotations.models import ArticleDetails, CollectionSettings, Revision, Visit
from annotations.services.articles import Details, edit_details, import_article
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.ledger import commit, insert_row
from annotations.services.places import merge_claims, move_claim
from annotations.services.settings import change_settings, create_collection, set_member
from annotations.services.undo import undo
from tests.conftest import blocks_of
from tests.services.ground import say_at_the_desk

pytestmark = pytest.mark.django_db
ADDRESS = "/c/desk/history/"


def numbers(browser, query=""):
    answer = browser.get(f"{ADDRESS}{query}")
    assert answer.status_code == 200, answer.status_code
    return [entry.number for entry in answer.context["entries"]]


def read_then(user, ago=timedelta(hours=2)):
    """As if the person had read the history so long ago, and not since."""
    Visit.objects.filter(user=user).update(at=timezone.now() - ago)


@pytest.fixture
def claim(desk, ana, place):
    """Change 3, after the beginning and the article."""
    return mark(desk, author=ana, place=place("31 bridges")).span_id


def test_the_history_of_a_claim_is_all_that_was_done_about_it(signed_in, desk, ana, ben, edith, place, claim):
    mark(desk, author=ben, place=place("harbour"))
    tag(desk, author=ben, target=claim, opinion=Opinion("disputed"), base=None)
    cited = add_evidence(desk, author=ana, span_id=claim, source=NewSource("web", {"title": "Register"}))
    with commit(desk, author=edith, action="comment") as revision:
        say_at_the_desk(revision, claim, reviewer=ana, editor=edith)
    undone = undo(desk, author=ana, number=cited.revision)

    assert numbers(signed_in(ana), f"?claim={claim}") == [undone, 7, 6, 5, 3]
    html = signed_in(ana).get(f"{ADDRESS}?claim={claim}").content.decode()
    assert f"History of claim {claim}" in html


def test_a_claim_keeps_the_history_of_what_came_to_it(signed_in, desk, edith, ana, place, claim):
    other = mark(desk, author=ana, place=place("31")).span_id
    wide = place("31 bridges in")
    new = move_claim(desk, author=edith, span_id=claim, place=wide, base=3).span_id
    merge_claims(desk, author=edith, keep=new, away=other, keep_base=5, away_base=4)

    assert numbers(signed_in(ana), f"?claim={new}") == [6, 5, 4, 3]


def test_the_history_of_an_article_is_its_own_and_its_claims(signed_in, desk, ana, edith, article, claim):
    text = "Another text of ferries."
    other = import_article(
        desk, author=edith, text=text, details=Details(title="Ferries", blocks=blocks_of(text))
    )
    mark(desk, author=ana, place=Place(other.article_id, 0, 7, "Another"))
    base = ArticleDetails.objects.current().get(article=article).pk
    edit_details(desk, author=edith, article_id=article.pk, base=base, changes={"title": "Bridges"})

    assert numbers(signed_in(ana), f"?article={article.pk}") == [6, 3, 2]
    assert numbers(signed_in(ana), f"?article={other.article_id}") == [5, 4]


def test_the_history_of_a_person_or_of_one_kind_of_change(signed_in, desk, ana, ben, edith, place, claim):
    tag(desk, author=ben, target=claim, opinion=Opinion("disputed"), base=None)
    mark(desk, author=ben, place=place("harbour"))

    assert numbers(signed_in(ana), f"?person={ben.pk}") == [5, 4]
    assert numbers(signed_in(ana), f"?person={ben.pk}&action=mark") == [5]
    assert numbers(signed_in(ana), f"?claim={claim}&person={ben.pk}") == [4]
    assert f'href="/c/desk/history/?person={ben.pk}"' in signed_in(ana).get(ADDRESS).content.decode()


def test_the_history_between_two_days(signed_in, desk, ana):
    days = [datetime(2026, 5, day, hour, tzinfo=UTC) for day, hour in ((1, 23), (2, 0), (2, 23), (3, 0))]
    for number, at in enumerate(days, 2):
        insert_row(
            Revision, collection_id=desk.pk, number=number, author_id=ana.pk, created_at=at, action="mark"
        )
    browser = signed_in(ana)

    assert numbers(browser, "?from=2026-05-02&to=2026-05-02") == [4, 3]
    assert numbers(browser, "?to=2026-05-01") == [2, 1]
    assert numbers(browser, "?from=2099-01-01") == []
    assert "Enter a valid date." in browser.get(f"{ADDRESS}?from=yesterday").content.decode()


def test_pages_keep_the_filter(signed_in, desk, ana, ben, place):
    quotes = [place("31 bridges").start + n for n in range(0, 60)]
    text = (
        "There are 31 bridges in the harbour, the mayor said.\nTwo more open in May, at a cost of $2 billion."
    )
    home = place("31 bridges").article_id
    offset = place("There").start
    for at in quotes:
        quote = text[at - offset : at - offset + 3]
        mark(desk, author=ben, place=Place(home, at, at + 3, quote))
    browser = signed_in(ana)
    answer = browser.get(f"{ADDRESS}?person={ben.pk}&action=mark")
    assert len(answer.context["entries"]) == 50
    older = re.search(r'rel="next" href="\?([^"]+)"', answer.content.decode())[1].replace("&amp;", "&")
    assert f"person={ben.pk}" in older
    rest = browser.get(f"{ADDRESS}?{older}")
    assert len(rest.context["entries"]) == 10
    assert "Newest" in rest.content.decode()


def test_what_is_not_in_the_collection_has_no_history_here(signed_in, desk, ana, edith, article, claim):
    foreign = create_collection("foreign", author=None)
    set_member(foreign, ana, "reviewer")
    browser = signed_in(ana)
    assert browser.get(f"/c/foreign/history/?claim={claim}").status_code == 404
    assert browser.get(f"/c/foreign/history/?article={article.pk}").status_code == 404
    assert browser.get(f"{ADDRESS}?claim=999999").status_code == 404


def test_where_one_checks_blind_history_is_ones_own(signed_in, desk, edith, ana, ben, place, claim):
    tag(desk, author=ben, target=claim, opinion=Opinion("disputed"), base=None)
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    browser = signed_in(ana)
    assert numbers(browser, f"?claim={claim}") == [3]
    assert numbers(browser, f"?person={ben.pk}") == [3]  # no choice of hers: it does not filter
    html = browser.get(ADDRESS).content.decode()
    assert not re.search(r"\bBen\b", html)
    assert not re.search(r"\bEdith\b", html)


def test_since_i_was_last_here(signed_in, desk, ana, ben, place, claim):
    browser = signed_in(ana)
    assert "since" not in browser.get(ADDRESS).content.decode().split('id="results"')[1]
    read_then(ana)
    for words in ("harbour", "mayor"):
        mark(desk, author=ben, place=place(words))
    mark(desk, author=ana, place=place("$2 billion"))

    html = browser.get(ADDRESS).content.decode()
    assert re.search(r"<b>3 changes</b> since \w+ \d\d:\d\d UTC, 1 of them yours", html)
    assert html.index("No. 4") < html.index("Seen before") < html.index("No. 3")
    assert numbers(browser, "?since=visit") == [6, 5, 4]
    assert "Seen before" in browser.get(ADDRESS).content.decode()  # a reload is the same visit
    read_then(ana)
    assert "Seen before" not in browser.get(ADDRESS).content.decode()
    assert "Nothing new since you were last here." in browser.get(f"{ADDRESS}?since=visit").content.decode()


def test_reading_part_of_the_history_is_no_visit(signed_in, desk, ana, ben, place, claim):
    browser = signed_in(ana)
    browser.get(ADDRESS)
    read_then(ana)
    mark(desk, author=ben, place=place("harbour"))
    for query in (f"?claim={claim}", f"?person={ben.pk}", "?before=3"):
        browser.get(f"{ADDRESS}{query}")
    assert Visit.objects.get().number == 3


def test_the_front_page_says_what_is_new(signed_in, desk, ana, ben, place, claim):
    browser = signed_in(ana)
    browser.get(ADDRESS)
    read_then(ana)
    assert "since you read the history" not in browser.get("/c/desk/").content.decode()
    mark(desk, author=ben, place=place("harbour"))
    assert re.search(
        r'\?since=visit">1 change</a> since you read the history', browser.get("/c/desk/").content.decode()
    )
    browser.get(ADDRESS)
    assert "since you read the history" not in browser.get("/c/desk/").content.decode()


def test_a_filter_that_finds_nothing_says_so(signed_in, desk, edith, ana, claim):
    html = signed_in(ana).get(f"{ADDRESS}?action=rule").content.decode()
    assert "No change fits." in html


@pytest.mark.parametrize("query", ["", "?article={article}", "?claim={claim}", "?person={ana}"])
def test_a_longer_history_asks_no_more(
    signed_in, desk, ana, article, place, claim, query, django_assert_max_num_queries
):
    browser, path = signed_in(ana), ADDRESS + query.format(article=article.pk, claim=claim, ana=ana.pk)
    browser.get(path)
    base = None
    for n in range(12):
        base = tag(desk, author=ana, target=claim, opinion=Opinion("disputed", str(n)), base=base).version
        if n % 3 == 2:
            undo(desk, author=ana, number=undo(desk, author=ana, number=Revision.objects.last().number))
            base = None if base is None else _live(claim)
    with django_assert_max_num_queries(18):
        browser.get(path)


def _live(claim):
    from annotations.models import Annotation

    return Annotation.objects.current().get(span=claim).pk


def test_no_deed_ends_in_a_comma(signed_in, ana):
    from annotations.views.entries import DEEDS

    assert not [deed for deed in DEEDS.values() if deed.endswith(",")]
    html = signed_in(ana).get(ADDRESS).content.decode()
    assert "Accepted what reviewers agree on" in html
