"""The front page's charts: a figure and a table each, from what the person may see."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from annotations.access import seat
from annotations.models import Annotation, ClaimState, Collection, CollectionSettings, Revision
from annotations.problem_counts import problem_counts
from annotations.revealed_counts import revealed_counts
from annotations.services.claims import Opinion, mark, tag, unmark, withdraw
from annotations.services.ledger import insert_row
from annotations.services.rulings import rule
from annotations.services.settings import change_settings
from annotations.services.work import Standing, set_work
from annotations.views.charts import course

pytestmark = pytest.mark.django_db


def front(browser):
    return browser.get("/c/desk/")


@pytest.fixture
def work(desk, ana, ben, place):
    """One claim contested, one waiting, one to check."""
    for who, verdict in ((ana, "disputed"), (ben, "verified")):
        opinion = Opinion(verdict, problem="figure" if verdict == "disputed" else "")
        tag(desk, author=who, target=place("31 bridges"), opinion=opinion, base=None)
    tag(desk, author=ben, target=place("$2 billion"), opinion=Opinion("verified"), base=None)
    mark(desk, author=ana, place=place("harbour"))


def days_of(desk, *days, author=None):
    """Revisions on those days, each with its tally, in place of what happened now."""
    for number, (day, tally) in enumerate(days, 1):
        insert_row(
            Revision,
            collection_id=desk.pk,
            number=number,
            author_id=None,
            created_at=datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9),
            action="fill",
            tally=tally,
        )


def test_the_course_of_the_work_is_the_state_at_the_end_of_each_day(ana):
    old = Collection.objects.create(slug="old", head=3)
    CollectionSettings.objects.create(collection=old, name="Old", created_in=1)
    from annotations.services.settings import set_member

    set_member(old, ana, "reviewer")
    monday = date(2026, 5, 4)
    days_of(
        old,
        (monday, {"to_check": 4}),
        (monday, {"to_check": 2, "agreed:verified": 2}),
        (monday + timedelta(days=2), {"agreed:verified": 3, "agreed:disputed": 1, "contested": 1}),
    )

    drawn = course(seat(ana, "old"), monday + timedelta(days=3))

    assert [row[0].day for row in drawn.rows] == [7, 6, 5, 4]
    assert [row[1] for row in drawn.rows] == [
        [4, 0, 0, 1, 0, 0],
        [4, 0, 0, 1, 0, 0],
        [2, 0, 0, 0, 0, 2],
        [2, 0, 0, 0, 0, 2],
    ]
    assert (drawn.top, drawn.half) == (10, 5)


def test_a_long_course_is_few_points_and_three_queries(ana, django_assert_max_num_queries):
    old = Collection.objects.create(slug="old", head=1)
    CollectionSettings.objects.create(collection=old, name="Old", created_in=1)
    from annotations.services.settings import set_member

    set_member(old, ana, "reviewer")
    days_of(old, (date(2020, 1, 1), {"to_check": 4}))
    place = seat(ana, "old")
    with django_assert_max_num_queries(3):
        assert len(course(place, date(2026, 1, 1)).rows) <= 61


def test_the_charts_have_the_same_numbers_as_tables(signed_in, ana, article, work):
    html = front(signed_in(ana)).content.decode()
    table = re.findall(r"<h2 id=\"(\w+)\">", html)
    assert [name for name in table if name in {"course", "left", "disagree", "problems"}] == [
        "course",
        "left",
        "disagree",
        "problems",
    ]
    assert 'fill="url(#fill-contested)"' in html
    context = front(signed_in(ana)).context
    assert [(line.values, line.total) for line in context["left"]] == [([1, 1, 1], 3)]
    assert [(line.label, line.values) for line in context["disagreements"]] == [
        ("Verified against disputed", [1])
    ]
    assert [(line.label, line.values) for line in context["problems"]] == [("Figure", [1])]
    assert [line.url for line in context["problems"]] == ["/c/desk/claims/?problem=figure"]
    assert [cell for line in context["left"] for cell in line.cells] == [
        (1, f"/c/desk/claims/?article={article.pk}&status={status}")
        for status in ("contested", "open", "to_check")
    ]
    contested = ClaimState.objects.current().get(status="contested").span_id
    assert [line.url for line in context["disagreements"]] == [f"/c/desk/claims/{contested}/"]
    assert [row[1] for row in context["course"].rows] == [[0, 0, 0, 1, 1, 1]]


def test_several_alike_disagreements_lead_to_the_list(signed_in, desk, ana, ben, article, work, place):
    for who, verdict in ((ana, "verified"), (ben, "disputed")):
        tag(desk, author=who, target=place("There are"), opinion=Opinion(verdict), base=None)
    context = front(signed_in(ana)).context
    assert [(line.url, line.values) for line in context["disagreements"]] == [
        ("/c/desk/claims/?status=contested", [2])
    ]


def test_what_is_due_comes_first(signed_in, desk, edith, ana, article, work, person):
    from tests.views.test_collection_pages import more_articles

    more_articles(desk, edith, 2)
    assert [line.label for line in front(signed_in(ana)).context["left"]] == ["Bridges 🌉 counted"]
    for n in range(2):
        mark(desk, author=ana, place=_in_headline(desk, n))
    labels = [line.label for line in front(signed_in(ana)).context["left"]]
    assert labels == ["Headline 1", "Headline 0", "Bridges 🌉 counted"]
    due = Standing(due_at=timezone.now(), stage="checking")
    set_work(desk, author=edith, article_id=article.pk, base=None, wanted=due)
    labels = [line.label for line in front(signed_in(ana)).context["left"]]
    assert labels == ["Bridges 🌉 counted", "Headline 1", "Headline 0"]


def _in_headline(desk, n):
    from annotations.models import ArticleDetails
    from annotations.services.claims import Place

    details = ArticleDetails.objects.current().get(collection=desk, title=f"Headline {n}")
    return Place(details.article_id, 0, 8, "Headline")


def test_empty_states(signed_in, desk, ana, article, place):
    html = front(signed_in(ana)).content.decode()
    assert "How the work goes" not in html
    rule_all = tag(desk, author=ana, target=place("harbour"), opinion=Opinion("disputed"), base=None)
    html = front(signed_in(ana)).content.decode()
    assert "Nothing is left in the articles" in html
    assert "Nobody disagrees." in html
    assert "No opinion names a problem yet." in html
    assert rule_all.span_id


def test_where_one_checks_blind_only_what_is_left_is_told(signed_in, desk, edith, ana, work, person):
    from annotations.services.settings import set_member

    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    cleo = set_member(desk, person("cleo"), "reviewer").user
    answer = front(signed_in(cleo))
    html = answer.content.decode()
    assert [line.values for line in answer.context["left"]] == [[0, 0, 3]]
    assert 'id="course"' not in html
    assert 'id="problems"' not in html
    assert "would tell you of others’ opinions" in html
    assert 'id="course"' in front(signed_in(edith)).content.decode()


def test_viewers_have_no_charts(signed_in, desk, edith, vera, work, place):
    rule(
        desk,
        author=edith,
        span_id=mark(desk, author=edith, place=place("mayor")).span_id,
        verdict="verified",
        rationale="So.",
        base=None,
    )
    html = front(signed_in(vera)).content.decode()
    assert "1 claim" in html
    assert "Left to do" not in html


def test_where_one_checks_blind_what_one_judged_is_counted_as_it_changes(
    desk, edith, ana, ben, place, django_assert_num_queries
):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True, "reviews_needed": 2})
    seen = []

    def counts():
        kept = revealed_counts(seat(ana, "desk"))
        cache.clear()
        assert kept == revealed_counts(seat(ana, "desk"))  # counted anew
        seen.append(kept)

    def say(who, quote, verdict, base=None):
        return tag(desk, author=who, target=place(quote), opinion=Opinion(verdict), base=base)

    counts()
    say(ben, "harbour", "disputed")
    say(ben, "mayor", "disputed")
    counts()
    first = say(ana, "harbour", "verified")
    counts()
    say(ana, "May", "disputed")
    again = say(ana, "harbour", "disputed", first.version)
    counts()
    withdraw(desk, author=ana, span_id=first.span_id, base=again.version)
    say(ben, "May", "disputed")
    counts()
    marked = mark(desk, author=ana, place=place("31 bridges")).span_id
    unmark(desk, author=ana, span_id=marked)
    counts()
    assert seen == [
        {},
        {},
        {"contested": 1},
        {"agreed:disputed": 1, "open": 1},
        {"open": 1, "agreed:disputed": 1},
        {"open": 1, "agreed:disputed": 1},
    ]
    place_of = seat(ana, "desk")
    with django_assert_num_queries(1):  # what is kept
        assert revealed_counts(place_of) == seen[-1]


def test_problems_are_counted_as_they_come_and_go(desk, ana, ben, place, django_assert_max_num_queries):
    first = tag(
        desk,
        author=ana,
        target=place("harbour"),
        opinion=Opinion("disputed", problem="figure"),
        base=None,
    )
    assert problem_counts(desk) == {"figure": 1}
    second = tag(
        desk,
        author=ana,
        target=first.span_id,
        opinion=Opinion("disputed", problem="date"),
        base=first.version,
    )
    tag(desk, author=ben, target=first.span_id, opinion=Opinion("disputed", problem="date"), base=None)
    assert problem_counts(desk) == {"date": 2}
    withdraw(desk, author=ana, span_id=first.span_id, base=second.version)
    assert problem_counts(desk) == {"date": 1}
    counted = Annotation.objects.current().filter(problem="date").count()
    assert counted == 1
    with django_assert_max_num_queries(1):  # what is kept
        assert problem_counts(desk) == {"date": 1}
