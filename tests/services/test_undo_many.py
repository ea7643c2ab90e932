"""Several changes undone at once, in one revision: as if one after the other, the latest first."""

from collections.abc import Callable

import pytest

from annotations.models import (
    Annotation,
    ArticleDetails,
    ArticleWork,
    Assignment,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    Revision,
    SentBack,
    Span,
    Undoing,
    User,
)
from annotations.services.articles import Details, edit_details, import_article
from annotations.services.assignments import assign
from annotations.services.claims import Opinion, Place, Written, mark, set_checkable, tag, unmark
from annotations.services.errors import Invalid, NotThere, OthersWork
from annotations.services.evidence import NewSource, add_evidence, remove_evidence
from annotations.services.ledger import KeyReused, Stale
from annotations.services.places import merge_claims, move_claim
from annotations.services.sent_back import send_back
from annotations.services.settings import change_settings
from annotations.services.undo import ALONE, MOST, plan, undo, undo_many
from annotations.services.verify import verify
from annotations.services.work import Standing, set_work
from tests.conftest import blocks_of

Find = Callable[..., Place]
WEB = NewSource("web", {"title": "Harbour register"})
FERRIES = "Another text of ferries."


@pytest.fixture
def claim(desk: Collection, ana: User, place: Find) -> int:
    """Change 3, after the beginning and the article."""
    return mark(desk, author=ana, place=place("31 bridges")).span_id


def say(desk: Collection, who: User, span: int, verdict: str) -> Written:
    base = Annotation.objects.current().filter(span=span, reviewer=who).values_list("pk", flat=True).first()
    return tag(desk, author=who, target=span, opinion=Opinion(verdict), base=base)


def verdicts(span: int) -> list[str]:
    return sorted(Annotation.objects.current().filter(span=span).values_list("verdict", flat=True))


def state(span: int) -> tuple[str, str | None] | None:
    return ClaimState.objects.current().filter(span=span).values_list("status", "verdict").first()


def sound() -> None:
    assert [str(fault) for fault in verify()] == []


def test_a_thing_goes_back_to_before_the_first_of_them(desk, ana, claim) -> None:
    for verdict in ("disputed", "verified", "needs_source"):
        say(desk, ana, claim, verdict)

    number = undo_many(desk, author=ana, numbers=[6, 5])

    assert verdicts(claim) == ["disputed"]
    row = Revision.objects.get(number=number)
    assert (row.action, row.result["undone"], row.result["spans"]) == ("undo-many", [5, 6], [claim])
    assert sorted(Undoing.objects.values_list("number", "undid")) == [(number, 5), (number, 6)]
    sound()


def test_all_that_somebody_did_goes_and_comes_back(desk, ana, claim, place) -> None:
    say(desk, ana, claim, "disputed")
    add_evidence(desk, author=ana, span_id=claim, source=WEB)
    other = tag(desk, author=ana, target=place("harbour"), opinion=Opinion("verified"), base=None).span_id

    number = undo_many(desk, author=ana, numbers=[3, 4, 5, 6])
    assert (state(claim), state(other)) == (None, None)
    assert Evidence.objects.current().count() == 0
    sound()

    undo(desk, author=ana, number=number)
    assert (state(claim), verdicts(other)) == (("agreed", "disputed"), ["verified"])
    assert Evidence.objects.current().count() == 1
    sound()


def test_what_was_made_and_ended_by_them_leaves_no_trace(desk, ana, claim) -> None:
    cited = add_evidence(desk, author=ana, span_id=claim, source=WEB)
    remove_evidence(desk, author=ana, evidence_key=cited.key, base=cited.version)

    number = undo_many(desk, author=ana, numbers=[4, 5])

    assert not Evidence.objects.filter(created_in=number).exists()
    with pytest.raises(OthersWork) as refusal:
        undo(desk, author=ana, number=5)
    assert refusal.value.depends == [f"change {number} undid it already"]
    sound()


def test_what_stood_before_them_may_be_undone_next(desk, ana, claim) -> None:
    """Of what they said and took back nothing is left to write, and yet it counts as touched."""
    say(desk, ana, claim, "verified")
    undo(desk, author=ana, number=say(desk, ana, claim, "disputed").revision)
    unmark(desk, author=ana, span_id=claim)
    mark(desk, author=ana, place=Place(*_place_of(claim)))

    number = undo_many(desk, author=ana, numbers=[5, 6, 7, 8])
    assert verdicts(claim) == ["verified"]
    undo(desk, author=ana, number=4)
    with pytest.raises(OthersWork):
        undo(desk, author=ana, number=number)
    undo(desk, author=ana, number=3)
    assert state(claim) is None
    sound()


def _place_of(span: int) -> tuple[int, int, int, str]:
    found = Span.objects.get(pk=span)
    return found.article_id, found.start, found.end, found.quote


def test_a_change_and_its_undoing(desk, ana, claim) -> None:
    """Both undone: the opinion comes back with the one, and goes with the other."""
    say(desk, ana, claim, "disputed")
    undo(desk, author=ana, number=4)

    number = undo_many(desk, author=ana, numbers=[4, 5])
    assert verdicts(claim) == []
    undo(desk, author=ana, number=number)
    assert verdicts(claim) == []
    undo(desk, author=ana, number=5)
    assert verdicts(claim) == ["disputed"]
    sound()


def test_later_work_leaves_out_only_what_it_depends_on(desk, ana, ben, claim) -> None:
    say(desk, ana, claim, "disputed")
    say(desk, ben, claim, "verified")

    planned = plan(desk, [3, 4])
    assert planned.numbers == [4]
    assert planned.refused == {3: [f"an opinion of claim {claim} (change 5)"]}
    with pytest.raises(OthersWork) as refusal:
        undo_many(desk, author=ana, numbers=[3, 4])
    assert refusal.value.depends == [f"change 3: an opinion of claim {claim} (change 5)"]
    undo_many(desk, author=ana, numbers=planned.numbers, seen=planned.seen)
    assert verdicts(claim) == ["verified"]


def test_leaving_one_out_may_hold_back_another(desk, ana, ben, claim, place) -> None:
    say(desk, ana, claim, "disputed")
    undo(desk, author=ana, number=4)
    say(desk, ben, claim, "verified")
    say(desk, ana, claim, "verified")

    planned = plan(desk, [3, 4, 5])

    assert planned.numbers == []
    assert planned.refused == {
        3: [f"an opinion of claim {claim} (change 6)", f"an opinion of claim {claim} (change 7)"],
        4: ["change 7 came later and builds on it"],
        5: ["change 7 came later and builds on it"],
    }


def test_an_opinion_that_would_come_back_holds_its_claim(desk, ana, ben, claim) -> None:
    """Ben's second thought is undone, so that his first one stands on what Ana marked."""
    say(desk, ben, claim, "verified")
    say(desk, ben, claim, "disputed")

    planned = plan(desk, [3, 5])

    assert planned.numbers == [5]
    assert planned.refused == {3: [f"an opinion of claim {claim} (change 4)"]}


def test_others_work_that_they_took_away_holds_what_they_brought(desk, edith, ana, ben, claim, place) -> None:
    """Undoing the merge brings Ben's opinion back, on the claim that Ana marked."""
    say(desk, ben, claim, "verified")
    other = mark(desk, author=ana, place=place("31 bridges in")).span_id
    merge_claims(desk, author=edith, keep=other, away=claim, keep_base=5, away_base=4)

    planned = plan(desk, [3, 6])

    assert planned.numbers == [6]
    assert planned.refused == {3: [f"an opinion of claim {claim} (change 4)"]}


def test_where_the_checking_stood_goes_with_the_article(desk, edith, ana, article) -> None:
    first = set_work(desk, author=edith, article_id=article.pk, base=None, wanted=Standing(owner_id=ana.pk))
    set_work(desk, author=edith, article_id=article.pk, base=first.version, wanted=Standing())

    undo_many(desk, author=edith, numbers=[2, 4])

    assert not ArticleDetails.objects.current().exists()
    assert not ArticleWork.objects.current().exists()
    sound()


def test_whose_a_claim_is_goes_with_it(desk, edith, ana, ben, claim) -> None:
    assign(desk, author=edith, reviewer_ids=[ben.pk], span_ids=[claim])
    unmark(desk, author=ana, span_id=claim)

    undo_many(desk, author=edith, numbers=[3, 5])

    assert not Assignment.objects.current().exists()
    sound()


def test_a_review_sent_back_goes_with_the_review(desk, edith, ana, claim) -> None:
    said = say(desk, ana, claim, "disputed")
    request = {"reviewer_id": ana.pk, "reason": "Which register?", "base": said.version}
    send_back(desk, author=edith, span_id=claim, **request)
    say(desk, ana, claim, "verified")

    undo_many(desk, author=ana, numbers=[4, 6])

    assert verdicts(claim) == []
    assert not SentBack.objects.current().exists()
    sound()


def test_the_settings_are_undone_on_their_own(desk, edith, ana, claim) -> None:
    say(desk, ana, claim, "disputed")
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"reviews_needed": 2})
    set_checkable(desk, author=ana, target=claim, not_checkable=True, reason="a forecast")
    assert state(claim) == ("not_checkable", None)

    planned = plan(desk, [5, 6])
    assert (planned.numbers, planned.refused) == ([6], {5: [ALONE]})
    undo_many(desk, author=edith, numbers=planned.numbers)
    assert state(claim) == ("open", None)
    undo_many(desk, author=edith, numbers=[5])
    assert state(claim) == ("agreed", "disputed")
    sound()


def test_a_move_and_what_was_said_after_it(desk, edith, ana, place, claim) -> None:
    say(desk, ana, claim, "disputed")
    moved = move_claim(desk, author=edith, span_id=claim, place=place("31 bridges in"), base=4)
    say(desk, ana, moved.span_id, "verified")

    undo_many(desk, author=edith, numbers=[4, 5, 6])

    assert state(moved.span_id) is None
    assert (state(claim), verdicts(claim)) == (("to_check", None), [])
    sound()


def test_no_claim_comes_back_to_a_text_that_is_a_reference_again(desk, edith, ana) -> None:
    details = Details(title="Ferries", blocks=blocks_of(FERRIES), role="reference")
    article = import_article(desk, author=edith, text=FERRIES, details=details).article_id

    def as_(role: str) -> None:
        base = ArticleDetails.objects.current().get(article=article).pk
        edit_details(desk, author=edith, article_id=article, base=base, changes={"role": role})

    as_("checked")
    span = mark(desk, author=ana, place=Place(article, 0, 7, "Another")).span_id
    unmark(desk, author=ana, span_id=span)
    as_("reference")
    as_("checked")

    planned = plan(desk, [5, 7])

    assert planned.numbers == [5]
    assert planned.refused == {7: [f"claim {span} is marked in it"]}


def test_nothing_is_written_where_something_else_would_come_of_it(desk, ana, ben, claim) -> None:
    say(desk, ana, claim, "disputed")
    say(desk, ana, claim, "verified")
    seen = plan(desk, [5]).seen
    undo(desk, author=ana, number=5)
    undo(desk, author=ana, number=6)

    head = Collection.objects.get(pk=desk.pk).head
    with pytest.raises(Stale):
        undo_many(desk, author=ana, numbers=[5], seen=seen)
    assert Collection.objects.get(pk=desk.pk).head == head
    undo_many(desk, author=ana, numbers=[5], seen=plan(desk, [5]).seen)
    assert verdicts(claim) == ["disputed"]


def test_a_retry_undoes_nothing_more(desk, ana, claim) -> None:
    say(desk, ana, claim, "disputed")

    first = undo_many(desk, author=ana, numbers=[3, 4], key="k")
    assert undo_many(desk, author=ana, numbers=[4, 3, 4], key="k") == first
    with pytest.raises(KeyReused):
        undo_many(desk, author=ana, numbers=[4], key="k")


def test_what_cannot_be_asked_for(desk, ana, claim) -> None:
    for numbers in ([], [1, 3], range(3, 4 + MOST)):
        with pytest.raises(Invalid):
            undo_many(desk, author=ana, numbers=numbers)
        with pytest.raises(Invalid):
            plan(desk, numbers)
    with pytest.raises(NotThere):
        undo_many(desk, author=ana, numbers=[3, 99])
