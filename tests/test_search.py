"""Search in quotes and reasons, on both databases: what is found, by whom, and that no input breaks it."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations import access
from annotations.access_search import Found, search
from annotations.models import Annotation, CollectionSettings, Span, words
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, tag, withdraw
from annotations.services.settings import change_settings
from annotations.services.verify import verify
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db
TEXT = "Costs: $1.2 billion – 2-3 years.\n"
TEXT += "人工智能 (AI-driven) größer als O'Brien sagt; naïve_mode.\nIt costs 12 billion."


@pytest.fixture
def claims(desk, edith):
    """The three lines, each a claim."""
    stored = import_article(desk, author=edith, text=TEXT, details=Details(title="T", blocks=blocks_of(TEXT)))
    found, at = [], 0
    for line in TEXT.split("\n"):
        place = Place(stored.article_id, at, at + len(line), line)
        found.append(mark(desk, author=edith, place=place).span_id)
        at += len(line) + 1
    return found


def lines(user, typed, claims):
    """Which of the claims, by number, the newest first."""
    return [claims.index(span) for span in search(access.seat(user, "desk"), typed).spans]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("billion", [2, 0]),
        ("BILL", [2, 0]),
        ("bill ", []),
        ("$1.2", [0]),
        ("1.2 billion", [0]),
        ('"2 billion"', [0]),
        ("2-3", [0]),
        ("12", [2]),
        ("years costs", [0]),
        ('"costs 12"', [2]),
        ("Größer", [1]),
        ("GRÖSSER", []),
        ("人工", [1]),
        ("人工智能", [1]),
        ("ai driven", [1]),
        ("ai-driven", [1]),
        ("o'brien", [1]),
        ("mode", [1]),
        ("nothing", []),
    ],
)
def test_what_is_found(edith, claims, typed, found):
    assert lines(edith, typed, claims) == found


ODD = [
    '"',
    '""',
    "'",
    "a'b",
    "*",
    "a*",
    "AND",
    "OR NOT",
    "a AND",
    "(",
    ")",
    "a:b",
    "words : a",
    "{a b} : c",
    "^a",
    "a + b",
]
ODD += [
    "NEAR(a b)",
    "-a",
    "!a",
    "a & b | c",
    "<->",
    "a:*",
    ":*",
    "\\",
    "%",
    "_",
    "--",
    "/*",
    ";",
    "’",
    "。",
    "人",
    "🌉",
    "ﷺ",
]
ODD += [
    "a" * 3000,
    "a " * 500,
    "１２",
    "x²",
    "ǆ",
    "İ",
    "e\u0301",
    "हिन्दी",
    "\u200b",
    "1e5abc",
    "http://a.example/b?c=d",
    "a@b.example",
]


@pytest.mark.parametrize("typed", ODD)
def test_nothing_that_is_typed_breaks_it(edith, claims, typed):
    search(access.seat(edith, "desk"), typed)


@settings(suppress_health_check=list(HealthCheck), max_examples=60, deadline=None)
@given(typed=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_nor_does_anything_else(edith, claims, typed):
    search(access.seat(edith, "desk"), typed)


def test_reasons_are_found_while_they_stand(desk, ana, edith, claims):
    said = tag(
        desk, author=ana, target=claims[0], opinion=Opinion("disputed", "The register says"), base=None
    )
    assert lines(edith, "register", claims) == [0]
    again = tag(desk, author=ana, target=claims[0], opinion=Opinion("disputed", "Ledger"), base=said.version)
    assert lines(edith, "register", claims) == []
    assert lines(edith, "ledger", claims) == [0]
    withdraw(desk, author=ana, span_id=claims[0], base=again.version)
    assert lines(edith, "ledger", claims) == []


def test_who_checks_blind_finds_of_hidden_reasons_nothing(desk, ana, ben, edith, claims):
    tag(desk, author=ana, target=claims[0], opinion=Opinion("disputed", "PLANTED"), base=None)
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    assert lines(ben, "planted", claims) == []
    assert lines(ana, "planted", claims) == lines(edith, "planted", claims) == [0]
    assert lines(ben, "billion", claims) == [2, 0]
    tag(desk, author=ben, target=claims[0], opinion=Opinion("verified"), base=None)
    assert lines(ben, "planted", claims) == [0]


def test_viewers_find_what_is_settled(desk, ana, vera, claims):
    assert lines(vera, "billion", claims) == []
    tag(desk, author=ana, target=claims[0], opinion=Opinion("disputed", "PLANTED"), base=None)
    assert lines(vera, "billion", claims) == lines(vera, "planted", claims) == [0]


def test_a_taken_away_claim_is_not_found(desk, edith, claims):
    from annotations.services.claims import unmark

    unmark(desk, author=edith, span_id=claims[0])
    assert lines(edith, "billion", claims) == [2]


def test_it_costs_two_queries(edith, claims, django_assert_num_queries):
    seat = access.seat(edith, "desk")
    with django_assert_num_queries(2):
        search(seat, "billion")


def test_a_search_is_bounded_and_says_so(edith, claims, monkeypatch):
    from annotations import access_search

    monkeypatch.setattr(access_search, "FOUND", 1)
    seat = access.seat(edith, "desk")
    assert search(seat, "billion") == Found([claims[2]], True)
    assert search(seat, "billion", behind=claims[2]) == Found([claims[0]], False)
    assert search(seat, "billion", oldest=True) == Found([claims[0]], True)
    assert search(seat, "billion", oldest=True, behind=claims[0]) == Found([claims[2]], False)
    assert search(seat, "billion", among=claims) == Found([claims[2], claims[0]], False)


@pytest.mark.parametrize("oldest", [False, True])
def test_of_a_claim_with_several_reasons_the_look_goes_no_further_than_its_walk(
    desk, edith, ana, ben, claims, monkeypatch, oldest
):
    from annotations import access_search

    for span in claims:
        for who in (ana, ben):
            tag(desk, author=who, target=span, opinion=Opinion("verified", why="counted"), base=None)
    monkeypatch.setattr(access_search, "FOUND", 1)
    seat, found, behind, more = access.seat(edith, "desk"), [], None, True
    while more:
        spans, more = (step := search(seat, "counted", behind=behind, oldest=oldest)).spans, step.more
        found += spans
        behind = spans[-1] if spans else None
    assert found == sorted(claims, reverse=not oldest)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="FTS5 is SQLite's alone")
def test_verify_misses_what_search_needs_and_migrate_puts_it_back(desk, edith, claims):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER annotations_why_words_added")
        cursor.execute("INSERT INTO annotations_quote_words(annotations_quote_words) VALUES ('delete-all')")
    assert "search" in {fault.table for fault in verify()}
    assert lines(edith, "billion", claims) == []
    words.install(connection)
    assert lines(edith, "billion", claims) == [2, 0]
    assert not words.missing(connection)
    assert Span.objects.count() == 3
    assert not Annotation.objects.exists()
