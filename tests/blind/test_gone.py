"""Where a claim went is seen by all; who took it there, and when, not by those who have not judged it."""

from datetime import timedelta

import pytest

from annotations.models import ClaimState
from annotations.services.claims import mark, unmark
from annotations.services.places import merge_claims, move_claim
from tests.blind.asking import HTMX, Walk
from tests.blind.comparing import alike
from tests.blind.ground import TEXT, at, build, unwritten
from tests.blind.hidden_work import known_ids
from tests.blind.questions import Questions

pytestmark = pytest.mark.django_db
WORDS, ELSEWHERE = "The ferry", "Tolls"


def unmarked(desk, who, span, other):
    unmark(desk, author=who, span_id=span)


def moved(desk, who, span, other):
    place = at(ClaimState.objects.get(span=span).span.article_id, ELSEWHERE)
    move_claim(desk, author=who, span_id=span, place=place, base=desk.head)


def merged(desk, who, span, other):
    base = ClaimState.objects.current().get(span=other).created_in
    merge_claims(desk, author=who, keep=other, away=span, keep_base=base, away_base=desk.head)


def answered(fate, goes, name, hours):
    """What ana is told, who sends a verdict of words that were marked and are no more."""

    def hidden(ground):
        desk, who = ground.collection, ground.person(name)
        span = mark(desk, author=who, place=at(ground.article, WORDS)).span_id
        desk.refresh_from_db()
        fate.moment += timedelta(hours=hours)
        goes(desk, who, span, ground.spans["ours"])

    with unwritten():
        ground = build(fate, hidden)
        walk = Walk(ground.person("ana"), Questions(ground, known_ids(), ground.head))
        place = {"start": TEXT.index(WORDS), "end": TEXT.index(WORDS) + len(WORDS), "quote": WORDS}
        path = f"/c/desk/articles/{ground.article}/tag/"
        assert (
            walk.ask("claim-tag", "post", path, place | {"verdict": "verified", "base": 1}, headers=HTMX)
            == 409
        )
        body = next(iter(walk.answers.values())).body
        return alike("claim-tag", body, {"next": 0, "ours": 0, "mark": 0})


@pytest.mark.parametrize("goes", [unmarked, moved, merged])
def test_who_took_it_there_is_untold(fate, goes):
    told = answered(fate, goes, "ben", 0)
    assert "Not saved yet" in told
    assert "Ben" not in told
    assert "ago" not in told
    assert told == answered(fate, goes, "cara", 3)
