"""My desk across collections: what is due first is first, wherever it is, and more collections ask no more queries."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations.models import ClaimState, Collection, CollectionSettings, Membership
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.legal import ask_legal
from annotations.services.settings import change_settings, create_collection, set_member
from annotations.services.work import Standing, set_work
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TEXT = "Nine bridges stand.\nTen ships lie there.\n"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    ticks = iter(range(10**6))
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(milliseconds=next(ticks)))


@pytest.fixture
def cast(person):
    return {name: person(name) for name in ("edith", "ana", "ben")}


@pytest.fixture
def collection_of(cast):
    """collection_of("harbour", 18): with a claim to decide and one to check, in an article of Edith's due in so many
    hours from noon."""

    def made(slug, hours):
        home = create_collection(slug, author=None, name=slug.title())
        for name, role in (("edith", "editor"), ("ana", "reviewer"), ("ben", "reviewer")):
            set_member(home, cast[name], role)
        details = Details(title=slug, blocks=blocks_of(TEXT))
        article = import_article(home, author=cast["edith"], text=TEXT, details=details).article_id
        disputed = Place(article, 0, 12, "Nine bridges")
        span = tag(home, author=cast["ana"], target=disputed, opinion=Opinion("verified"), base=None).span_id
        tag(home, author=cast["ben"], target=span, opinion=Opinion("disputed"), base=None)
        mark(home, author=cast["ana"], place=Place(article, 20, 29, "Ten ships"))
        ask_legal(home, author=cast["ben"], span_id=span, question="May we?", base=None)
        due = hours and NOON + timedelta(hours=hours)
        wanted = Standing("checking", cast["edith"].pk, due)
        set_work(home, author=cast["edith"], article_id=article, base=None, wanted=wanted)

    return made


def lines(page):
    return [
        [section.kind, *(item.seat.collection.slug for item in section.lines)]
        for section in page.context["sections"]
    ]


def walked(browser):
    """The collections, in the order in which `u` leads on."""
    found, after = [], ""
    for _ in range(6):
        address = browser.get(f"/next/?after={after}")["Location"]
        found.append(address.split("/")[2])
        after = re.search(r"claims?[=/](\d+)", address)[1]
    return found


def test_what_is_due_first_is_first_wherever_it_is(signed_in, cast, collection_of):
    for slug, hours in (("archive", None), ("harbour", 30), ("market", -2)):
        collection_of(slug, hours)
    browser = signed_in(cast["edith"])
    page = browser.get("/")
    assert lines(page) == [
        ["decide", "market", "harbour", "archive"],
        ["check", "market", "harbour", "archive"],
    ]
    assert [item.title for item, _ in page.context["in_hand"]] == ["market", "harbour", "archive"]
    assert [place.seat.collection.slug for place in page.context["places"]] == [
        "archive",
        "harbour",
        "market",
    ]
    html = page.content.decode()
    assert "3 to decide, 3 to check" in html
    assert html.count("1 to check") == 3


def test_u_leads_through_all_collections_by_due_time(signed_in, cast, collection_of):
    for slug, hours in (("archive", 40), ("harbour", 30), ("market", 20)):
        collection_of(slug, hours)
    assert walked(signed_in(cast["ana"])) == ["market", "harbour", "archive"] * 2


def test_next_due_is_said_by_the_hour_of_today(signed_in, cast, collection_of):
    """The nearest of three; what is overdue is no more to come."""
    for slug, hours in (("archive", 30), ("harbour", 6.5), ("market", -2)):
        collection_of(slug, hours)
    html = signed_in(cast["edith"]).get("/").content.decode()
    assert "Next deadline today 18:30 UTC." in html


@pytest.mark.parametrize("who", ["edith", "ana", "lawyer"])
def test_more_collections_ask_no_more_queries(signed_in, cast, collection_of, who):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            places = browser.get("/").context["places"]
        return len(places), len(queries)

    def more(first, last):
        for nth in range(first, last):
            collection_of(f"desk-{nth}", nth + 1)
        Membership.objects.filter(user__username="ana").update(is_lawyer=who == "lawyer")
        browser.get("/")

    browser = signed_in(cast["edith" if who == "edith" else "ana"])
    more(0, 3)
    places, queries = asked()
    assert places == 3
    more(3, 11)
    assert asked() == (11, queries)


def test_a_lawyer_of_two_of_three_reads_what_is_asked_there(signed_in, cast, collection_of):
    """In one, where she checks blind, of claims on which she has spoken alone."""
    for slug in ("archive", "harbour", "market"):
        collection_of(slug, None)
    editor, homes = cast["edith"], Collection.objects.in_bulk(field_name="slug")
    base = CollectionSettings.objects.current().get(collection=homes["harbour"]).pk
    change_settings(homes["harbour"], author=editor, base=base, changes={"blind": True})
    hidden = ClaimState.objects.current().get(collection=homes["harbour"], status="to_check").span_id
    ask_legal(homes["harbour"], author=editor, span_id=hidden, question="HIDDEN", base=None)
    rows = Membership.objects.filter(user=cast["ana"], collection__slug__in=("harbour", "market"))
    rows.update(is_lawyer=True)
    page = signed_in(cast["ana"]).get("/")
    assert lines(page)[0] == ["legal", "harbour", "market"]
    assert "HIDDEN" not in page.content.decode()
