"""The list of claims: what each filter finds, in which order, a page at a time, and for whom."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from annotations import access_listing
from annotations.models import CollectionSettings
from annotations.services.articles import Details, import_article
from annotations.services.assignments import assign
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.rulings import Terms, rule
from annotations.services.settings import change_settings
from annotations.services.work import Standing, set_work
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db
LIST = "/c/desk/claims/"


@pytest.fixture
def shown(signed_in):
    """shown(ana, "status=open"): the quotes on her page, in its order."""

    def page(user, query="", status=200):
        answer = signed_in(user).get(f"{LIST}?{query}")
        assert answer.status_code == status
        return [row["quote"] for row in answer.context["claims"]]

    return page


@pytest.fixture
def claims(desk, edith, ana, ben, article, place):
    """Five in the first article, one in a second: to check, open, contested, agreed, decided, and agreed."""
    settings(desk, edith, reviews_needed=2)
    marked = {"harbour": mark(desk, author=ana, place=place("harbour")).span_id}

    def say(quote, who, verdict, **more):
        target = marked.get(quote) or place(quote)
        marked[quote] = tag(
            desk, author=who, target=target, opinion=Opinion(verdict, **more), base=None
        ).span_id

    say("mayor", ana, "verified", why="Her office says so")
    say("31 bridges", ana, "disputed", problem="figure", why="The register counts 29")
    say("31 bridges", ben, "verified")
    say("May", ana, "needs_source", asked="The port", due_on=timezone.localdate() - timedelta(days=2))
    say("May", ben, "needs_source")
    say("$2 billion", ana, "verified")
    say("$2 billion", ben, "disputed", problem="outdated")
    add_evidence(
        desk, author=ana, span_id=marked["31 bridges"], source=NewSource("web", {"title": "Register"})
    )
    decided = marked["$2 billion"]
    day = timezone.localdate() + timedelta(days=3)
    rule(
        desk,
        author=edith,
        span_id=decided,
        verdict="disputed",
        rationale="Old",
        terms=Terms(check_again_on=day),
        base=None,
    )
    text = "Ferries sink.\nThree ferries sank."
    stored = import_article(
        desk,
        author=edith,
        text=text,
        details=Details(title="Ferries", publisher="Sea", blocks=blocks_of(text)),
    )
    marked["Three ferries"] = stored.article_id
    where = Place(stored.article_id, 14, 27, "Three ferries")
    for who in (ana, ben):
        say_id = tag(desk, author=who, target=where, opinion=Opinion("disputed"), base=None).span_id
    return marked | {"Three ferries": say_id, "second article": stored.article_id}


def settings(desk, edith, **changes):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes=changes)


NEWEST = ["Three ferries", "$2 billion", "May", "31 bridges", "mayor", "harbour"]


@pytest.mark.parametrize(
    ("query", "quotes"),
    [
        ("", NEWEST),
        ("status=to_check", ["harbour"]),
        ("status=open", ["mayor"]),
        ("status=waiting_opinion", ["mayor"]),
        ("status=waiting_source", []),
        ("status=contested", ["31 bridges"]),
        ("status=agreed", ["Three ferries", "May"]),
        ("status=agreed&verdict=needs_source", ["May"]),
        ("status=ruled", ["$2 billion"]),
        ("status=again", []),
        ("status=not_checkable", []),
        ("verdict=disputed", ["Three ferries", "$2 billion"]),
        ("problem=figure", ["31 bridges"]),
        ("problem=date", []),
        ("publisher=sea", ["Three ferries"]),
        ("publisher=harbour", NEWEST[1:]),
        ("unsourced=on", [quote for quote in NEWEST if quote != "31 bridges"]),
        ("unsourced=on&status=contested", []),
        ("q=register", ["31 bridges"]),
        ("q=ferr", ["Three ferries"]),
        ("q=office&status=contested", []),
        ("due=overdue", ["May"]),
        ("due=today", []),
        ("due=week", ["$2 billion"]),
        ("sort=oldest", NEWEST[::-1]),
        ("sort=article", ["Three ferries", "31 bridges", "harbour", "mayor", "May", "$2 billion"]),
        ("sort=due", ["May", "$2 billion"]),
        ("sort=due&status=ruled", ["$2 billion"]),
        ("sort=nonsense&status=password", NEWEST),
    ],
)
def test_what_is_found_in_which_order(shown, edith, claims, query, quotes):
    assert shown(edith, query) == quotes


@pytest.mark.parametrize("looked", [1, 2, 10_000])
@pytest.mark.parametrize(
    "query",
    ["", "status=agreed", "verdict=disputed", "problem=figure", "sort=article", "sort=oldest&unsourced=on"],
)
def test_a_bounded_look_goes_on_to_the_end(signed_in, edith, claims, monkeypatch, query, looked):
    """Whatever the bounds, the pages together are the list."""
    browser = signed_in(edith)
    whole = [row["id"] for row in browser.get(f"{LIST}?{query}").context["claims"]]
    monkeypatch.setattr(access_listing, "LOOKED", looked)
    monkeypatch.setattr(access_listing, "FEW", looked - 1)
    monkeypatch.setattr("annotations.views.claim_list.PAGE", 2)
    found, further, steps = [], query, 0
    while further is not None:
        answer = browser.get(f"{LIST}?{further}")
        found += [row["id"] for row in answer.context["claims"]]
        assert len(found) <= len(whole)
        assert (steps := steps + 1) < 20
        further = answer.context["further"]
    assert found == whole


@pytest.mark.parametrize("found", [1, 2, 500])
@pytest.mark.parametrize(
    ("query", "quotes"),
    [
        ("q=er", []),
        ("q=e", []),
        ("q=m", ["May", "mayor"]),
        ("q=m&status=open", ["mayor"]),
        ("q=m&verdict=needs_source&sort=oldest", ["May"]),
        ("q=h&sort=oldest", ["harbour", "mayor"]),
        ("q=h&status=open", ["mayor"]),
        ("q=h&status=to_check", ["harbour"]),
        ("q=m&due=overdue", ["May"]),
        ("q=m&article={article}&unsourced=on&sort=article", ["mayor", "May"]),
    ],
)
def test_words_and_what_else_is_asked_for_are_looked_for_to_the_end(
    signed_in, edith, article, claims, monkeypatch, found, query, quotes
):
    monkeypatch.setattr("annotations.access_search.FOUND", found)
    browser, shown, further, steps = signed_in(edith), [], query.format(article=article.pk), 0
    while further is not None:
        answer = browser.get(f"{LIST}?{further}")
        shown += [row["quote"] for row in answer.context["claims"]]
        further, steps = answer.context["further"], steps + 1
        assert steps < 9
    assert shown == quotes


def test_of_words_too_the_page_says_where_the_look_ends(signed_in, edith, claims, monkeypatch):
    monkeypatch.setattr("annotations.access_search.FOUND", 1)
    browser = signed_in(edith)
    html = browser.get(f"{LIST}?q=m&status=open").content.decode()
    assert "None of the 1 claims with these words that were looked through fits." in html
    assert ">Look further</a>" in html
    html = browser.get(f"{LIST}?q=m&sort=article").content.decode()
    assert "More than 500 claims hold these words: only the newest of them are in this order." in html
    assert '<a href="?q=m">Newest first</a>' in html


def test_where_the_look_ends_the_page_says_so(signed_in, edith, claims, monkeypatch):
    monkeypatch.setattr(access_listing, "LOOKED", 2)
    monkeypatch.setattr(access_listing, "FEW", 0)
    html = signed_in(edith).get(f"{LIST}?problem=figure").content.decode()
    assert "None of the 2 claims looked through fits." in html
    assert ">Look further</a>" in html


def test_who_gave_an_opinion_and_whose_it_is(shown, desk, edith, ana, ben, claims):
    assert shown(edith, f"person={ben.pk}") == ["Three ferries", "$2 billion", "May", "31 bridges"]
    assert shown(edith, f"person={ana.pk}&problem=outdated") == []
    assign(desk, author=edith, reviewer_ids=[ben.pk], span_ids=[claims["harbour"]])
    assign(desk, author=edith, reviewer_ids=[ben.pk], article_ids=[claims["second article"]])
    assert shown(edith, f"given={ben.pk}") == ["Three ferries", "harbour"]
    assert shown(ana, "given=nobody") == ["$2 billion", "May", "31 bridges", "mayor"]
    assert shown(edith, f"given={ana.pk}") == []


def test_what_waits_for_a_source_is_told_apart(shown, desk, edith, ana, ben, claims):
    tag(desk, author=ben, target=claims["mayor"], opinion=Opinion("verified"), base=None)
    assert shown(ana, "status=waiting_source") == ["mayor"]
    assert shown(ana, "status=waiting_opinion") == []


@pytest.mark.parametrize("verdict", ["verified", "disputed", "needs_source"])
def test_what_waits_for_a_second_opinion_does_so_whatever_the_first_is(
    shown, desk, edith, ana, place, verdict
):
    settings(desk, edith, reviews_needed=2)
    tag(desk, author=ana, target=place("mayor"), opinion=Opinion(verdict), base=None)
    assert shown(edith, "status=open") == ["mayor"]
    assert shown(edith, "status=waiting_opinion") == ["mayor"]
    assert shown(edith, "status=waiting_source") == []


def test_a_decision_is_due_again_on_its_day(shown, desk, edith, claims, monkeypatch):
    monkeypatch.setattr("annotations.access_claims.today", lambda: date(2999, 1, 1))
    assert shown(edith, "status=again") == ["$2 billion"]


def test_a_deadline_counts_for_what_is_left_in_an_article(shown, desk, edith, ana, article, claims):
    due = timezone.now() - timedelta(hours=1)
    set_deadline(desk, edith, article, due)
    assert shown(edith, "due=overdue&sort=oldest") == ["harbour", "mayor", "31 bridges", "May"]
    assert shown(edith, "sort=due") == ["May", "harbour", "mayor", "31 bridges", "$2 billion"]


def set_deadline(desk, edith, article, due):
    set_work(desk, author=edith, article_id=article.pk, base=None, wanted=Standing(due_at=due))


def test_the_page_shows_what_is_on_and_how_to_take_it_away(signed_in, edith, claims, article):
    html = signed_in(edith).get(f"{LIST}?status=again&article={article.pk}&unsourced=on").content.decode()
    assert (
        f'href="?article={article.pk}&amp;unsourced=on" aria-label="Take away: State Check again due"' in html
    )
    assert 'href="?status=again&amp;unsourced=on" aria-label="Take away: Article Bridges 🌉 counted"' in html
    assert ">Clear</a>" in html


def test_an_article_leads_to_its_claims_wherever_it_is_listed(signed_in, shown, edith, claims, article):
    second = claims["second article"]
    browser = signed_in(edith)
    for page in ("/c/desk/", "/c/desk/articles/"):
        html = browser.get(page).content.decode()
        for each in (article.pk, second):
            assert f'<a href="{LIST}?article={each}">' in html
    assert (
        f'href="{LIST}?article={article.pk}&amp;status=contested"' in browser.get("/c/desk/").content.decode()
    )
    assert shown(edith, f"article={second}") == ["Three ferries"]


def test_an_article_of_another_collection_is_not_named(signed_in, edith, claims):
    assert "not in this collection" in signed_in(edith).get(f"{LIST}?article=99999").content.decode()


def test_viewers_find_what_is_settled_and_are_asked_for_no_names(shown, signed_in, vera, ana, claims):
    assert shown(vera) == ["Three ferries", "$2 billion", "May"]
    assert shown(vera, "unsourced=on&sort=oldest") == ["May", "$2 billion", "Three ferries"]
    assert shown(vera, f"person={ana.pk}&given={ana.pk}&due=overdue") == [
        "Three ferries",
        "$2 billion",
        "May",
    ]
    html = signed_in(vera).get(LIST).content.decode()
    assert "Opinion by" not in html
    assert not re.search(r"\bAna\b", html)


def test_strangers_and_other_methods_are_refused(signed_in, sam, ana, claims):
    assert signed_in(sam).get(LIST).status_code == 404
    assert signed_in(ana).post(LIST).status_code == 405


EVERYTHING = "q=a&status=open&verdict=verified&problem=figure&publisher=h&due=week&unsourced=on"
EVERYTHING += "&person={ana}&given={ana}"


@pytest.mark.parametrize(
    ("query", "most"),
    [
        ("", 9),
        ("sort=article", 11),
        ("sort=due", 14),
        ("status=agreed", 11),
        ("problem=figure&person={ana}", 10),
        (EVERYTHING, 16),
    ],
)
def test_more_claims_ask_no_more_of_the_database(
    signed_in, desk, edith, ana, article, claims, django_assert_max_num_queries, query, most
):
    path = f"{LIST}?{query.format(ana=ana.pk)}"
    browser = signed_in(edith)
    with django_assert_max_num_queries(most):
        browser.get(path)
    for end in range(10, 16):
        place = Place(article.pk, 0, end, article.text[:end])
        opinion = Opinion("verified", problem="figure", why="All")
        tag(desk, author=ana, target=place, opinion=opinion, base=None)
    with django_assert_max_num_queries(most):
        browser.get(path)


def test_what_waits_for_a_decision_is_opened_where_it_is_decided(signed_in, edith, ana, claims, monkeypatch):
    def address(user, quote):
        rows = signed_in(user).get(LIST).context["claims"]
        return next(row["url"] for row in rows if row["quote"] == quote)

    page = "/c/desk/claims/{}/"
    assert address(edith, "31 bridges") == page.format(claims["31 bridges"])
    assert f"/?claim={claims['31 bridges']}#" in address(ana, "31 bridges")
    for quote in ("mayor", "May", "$2 billion"):
        assert f"/?claim={claims[quote]}#" in address(edith, quote)
    later = timezone.now() + timedelta(days=4)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert address(edith, "$2 billion") == page.format(claims["$2 billion"])


@pytest.mark.parametrize(
    ("query", "left_out"),
    [
        ("status=bogus", ["status=bogus"]),
        ("stauts=agreed&verdict=disputed", ["stauts=agreed"]),
        ("article=x&sort=oldest", ["article=x"]),
        ("status=agreed&q=&publisher=", []),
        ("page=&x=", []),
    ],
)
def test_what_is_not_understood_is_said_above_the_list(signed_in, edith, claims, query, left_out):
    for headers in ({}, {"HX-Request": "true"}):
        html = signed_in(edith).get(f"{LIST}?{query}", headers=headers).content.decode()
        results = html[html.index('<div id="results">') :]
        said = re.search(r'role="alert"><p class="body">Not understood, and left out: (.*?)\. The', results)
        assert re.findall("<code[^>]*>([^<]*)</code>", said[1] if said else "") == left_out


def test_where_no_word_is_typed_to_look_for_the_list_says_so(signed_in, edith, claims):
    empty = "No word to look for in “<bdi>?!</bdi>”."
    assert empty in signed_in(edith).get(f"{LIST}?q=?!").content.decode()
    assert empty in signed_in(edith).get(f"{LIST}?q=?!&status=agreed&sort=article").content.decode()
    assert "No word to look for" not in signed_in(edith).get(f"{LIST}?q=zebra").content.decode()


def test_the_verdict_asked_for_is_the_settled_one_and_called_so(signed_in, edith, shown, claims):
    assert shown(edith, "status=contested&verdict=disputed") == []
    html = signed_in(edith).get(LIST).content.decode()
    assert '<label for="id_verdict">Settled verdict</label>' in html
