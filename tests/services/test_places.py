"""Claims moved and merged: what was said of them goes along, and undo takes it back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404

from annotations import access, access_places
from annotations.models import (
    Annotation,
    ClaimLink,
    ClaimState,
    Collection,
    Evidence,
    Revision,
    Ruling,
    Span,
    User,
    triggers,
)
from annotations.services import links
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, Written, mark, set_checkable, tag, unmark, withdraw
from annotations.services.errors import Invalid, NotAllowed, NotThere, OthersWork, QuoteMismatch
from annotations.services.evidence import Citation, NewSource, add_evidence
from annotations.services.ledger import KeyReused, Stale
from annotations.services.places import PlaceTaken, merge_claims, move_claim, split_claim
from annotations.services.rulings import rule, withdraw_ruling
from annotations.services.settings import create_collection
from annotations.services.undo import undo
from annotations.services.verify import verify
from tests.conftest import blocks_of

Find = Callable[..., Place]
WEB = NewSource("web", {"title": "Harbour register"})


@pytest.fixture(autouse=True)
def sound(db: None):
    yield
    assert [str(fault) for fault in verify()] == []


@pytest.fixture
def claim(desk: Collection, ana: User, ben: User, place: Find) -> int:
    """Of "31 bridges": ana disputes it, ben verifies it, ana cites a source."""
    span = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed", "30."), base=None)
    tag(desk, author=ben, target=span.span_id, opinion=Opinion("verified"), base=None)
    add_evidence(desk, author=ana, span_id=span.span_id, source=WEB, citation=Citation(locator="p. 3"))
    return span.span_id


def base(span: int) -> int:
    return ClaimState.objects.current().get(span=span).created_in


def move(desk: Collection, author: User, span: int, place: Place, key: str | None = None) -> Written:
    return move_claim(desk, author=author, span_id=span, place=place, base=base(span), key=key)


def merge(desk: Collection, author: User, keep: int, away: int) -> Written:
    return merge_claims(desk, author=author, keep=keep, away=away, keep_base=base(keep), away_base=base(away))


def state(span: int) -> tuple[str, str | None] | None:
    return ClaimState.objects.current().filter(span=span).values_list("status", "verdict").first()


def said(span: int) -> list[tuple[str, str, str]]:
    rows = Annotation.objects.current().filter(span=span).order_by("reviewer__username")
    return list(rows.values_list("reviewer__username", "verdict", "why"))


def cited(span: int) -> list[tuple[str, str]]:
    return sorted(Evidence.objects.current().filter(span=span).values_list("key", "locator"))


def ways() -> set[tuple[int, int, str]]:
    return set(ClaimLink.objects.current().values_list("span", "other", "kind"))


def head(desk: Collection) -> int:
    return Collection.objects.get(pk=desk.pk).head


class TestMove:
    def test_everything_goes_along(self, desk, edith, claim, place) -> None:
        opinions, sources, before = said(claim), cited(claim), state(claim)

        moved = move(desk, edith, claim, place("There are 31 bridges"))

        assert moved.span_id != claim
        assert Span.objects.get(pk=moved.span_id).quote == "There are 31 bridges"
        assert (said(moved.span_id), cited(moved.span_id)) == (opinions, sources)
        assert state(moved.span_id) == before == ("contested", None)
        assert (said(claim), cited(claim), state(claim)) == ([], [], None)
        assert links.now_at(claim) == moved.span_id
        assert links.now_at(moved.span_id) is None

    def test_its_history_stays_where_it_was(self, desk, edith, claim, place) -> None:
        then = head(desk)
        moved = move(desk, edith, claim, place("There are 31 bridges"))

        assert Annotation.objects.at(then).filter(span=claim).count() == 2
        assert ClaimState.objects.at(then).filter(span=claim).exists()
        assert not ClaimState.objects.at(then).filter(span=moved.span_id).exists()

    def test_a_decision_and_a_reason_go_along(self, desk, ana, edith, place) -> None:
        span = mark(desk, author=ana, place=place("May")).span_id
        set_checkable(desk, author=ana, target=span, not_checkable=True, reason="a forecast")
        rule(desk, author=edith, span_id=span, verdict="disputed", rationale="No.", base=None)

        moved = move(desk, edith, span, place("in May")).span_id

        assert Ruling.objects.current().get(span=moved).rationale == "No."
        assert state(moved) == ("ruled", "disputed")
        withdraw_ruling(desk, author=edith, span_id=moved, base=Ruling.objects.current().get(span=moved).pk)
        assert ClaimState.objects.current().get(span=moved).reason == "a forecast"

    def test_there_and_back_again(self, desk, edith, claim, place) -> None:
        opinions = said(claim)
        there = move(desk, edith, claim, place("There are 31 bridges")).span_id

        back = move(desk, edith, there, place("31 bridges")).span_id

        assert back == claim
        assert said(claim) == opinions
        assert ways() == {(there, claim, "moved")}

    def test_twice_and_the_first_place_leads_to_the_last(self, desk, edith, claim, place) -> None:
        second = move(desk, edith, claim, place("There are 31 bridges")).span_id
        third = move(desk, edith, second, place("are 31 bridges")).span_id

        assert ways() == {(claim, third, "moved"), (second, third, "moved")}
        assert links.ways_on([claim, second, third]) == {claim: third, second: third}

    def test_a_new_claim_at_the_old_place(self, desk, ana, edith, claim, place) -> None:
        moved = move(desk, edith, claim, place("There are 31 bridges")).span_id

        again = mark(desk, author=ana, place=place("31 bridges"))

        assert (again.span_id, again.changed) == (claim, True)
        assert ways() == set()
        assert said(claim) == []
        undo(desk, author=ana, number=again.revision)
        assert ways() == {(claim, moved, "moved")}

    def test_a_live_claim_stands_there(self, desk, ana, edith, claim, place) -> None:
        other = mark(desk, author=ana, place=place("There are 31 bridges")).span_id
        before = head(desk)

        with pytest.raises(PlaceTaken) as refusal:
            move(desk, edith, claim, place("There are 31 bridges"))

        assert refusal.value.span_id == other
        assert head(desk) == before

    def test_to_where_it_is(self, desk, edith, claim, place) -> None:
        before = head(desk)

        done = move(desk, edith, claim, place("31 bridges"))

        assert (done.span_id, done.changed, head(desk)) == (claim, False, before)

    def test_what_is_refused(self, desk, edith, claim, place) -> None:
        there, before = place("There are 31 bridges"), head(desk)
        other = create_collection("other", author=None)
        for error, home, asked in (
            (QuoteMismatch, desk, replace(there, quote="Here are 31 bridges.")),
            (Invalid, desk, replace(there, aspect="said")),
            (Invalid, desk, replace(there, end=9999)),
            (NotThere, other, there),
            (NotThere, desk, replace(there, article_id=9999)),
        ):
            with pytest.raises(error):
                move(home, edith, claim, asked)
        with pytest.raises(NotThere):
            move_claim(desk, author=edith, span_id=9999, place=there, base=1)
        assert head(desk) == before

    def test_a_claim_that_has_changed_since(self, desk, ben, edith, claim, place) -> None:
        seen = base(claim)
        mine = Annotation.objects.current().get(span=claim, reviewer=ben)
        withdraw(desk, author=ben, span_id=claim, base=mine.pk)

        with pytest.raises(Stale) as refusal:
            move_claim(desk, author=edith, span_id=claim, place=place("are 31 bridges"), base=seen)

        assert refusal.value.current == ClaimState.objects.current().get(span=claim)

    def test_a_retry_moves_it_once(self, desk, edith, claim, place) -> None:
        there, seen = place("There are 31 bridges"), base(claim)
        request = {"author": edith, "span_id": claim, "base": seen, "key": "k"}

        first = move_claim(desk, place=there, **request)
        again = move_claim(desk, place=there, **request)

        assert (again.span_id, again.revision, again.changed) == (first.span_id, first.revision, False)
        with pytest.raises(KeyReused):
            move_claim(desk, place=place("31"), **request)

    def test_undone(self, desk, edith, claim, place) -> None:
        opinions, sources, before = said(claim), cited(claim), state(claim)
        moved = move(desk, edith, claim, place("There are 31 bridges"))

        undo(desk, author=edith, number=moved.revision)

        assert (said(claim), cited(claim), state(claim)) == (opinions, sources, before)
        assert state(moved.span_id) is None
        assert ways() == set()

    def test_not_undone_under_later_work(self, desk, ben, edith, vera, claim, place, person) -> None:
        moved = move(desk, edith, claim, place("There are 31 bridges"))
        added = add_evidence(desk, author=ben, span_id=moved.span_id, source=WEB)

        with pytest.raises(OthersWork) as refusal:
            undo(desk, author=edith, number=moved.revision)

        assert refusal.value.depends == [f"a source of claim {moved.span_id} (change {added.revision})"]

    def test_not_undone_once_it_has_moved_on(self, desk, edith, claim, place) -> None:
        moved = move(desk, edith, claim, place("There are 31 bridges"))
        on = move(desk, edith, moved.span_id, place("are 31 bridges"))

        with pytest.raises(OthersWork) as refusal:
            undo(desk, author=edith, number=moved.revision)
        assert refusal.value.depends == [f"change {on.revision} came later and builds on it"]
        undo(desk, author=edith, number=on.revision)
        undo(desk, author=edith, number=moved.revision)

        assert ways() == set()
        assert state(claim) == ("contested", None)

    def test_not_undone_under_a_claim_merged_in_since(self, desk, ana, edith, claim, place) -> None:
        moved = move(desk, edith, claim, place("There are 31 bridges"))
        other = mark(desk, author=ana, place=place("31")).span_id
        merged = merge(desk, edith, moved.span_id, other)

        with pytest.raises(OthersWork) as refusal:
            undo(desk, author=edith, number=moved.revision)

        assert refusal.value.depends == [
            f"claim {other} was merged into claim {moved.span_id} (change {merged.revision})"
        ]

    def test_who_reviewed_it_before_does_not_decide_it_after(self, desk, edith, ana, place) -> None:
        span = mark(desk, author=ana, place=place("31 bridges")).span_id
        once = tag(desk, author=edith, target=span, opinion=Opinion("verified"), base=None)
        withdraw(desk, author=edith, span_id=span, base=once.version or 0)
        moved = move(desk, ana, span, place("are 31 bridges")).span_id

        with pytest.raises(NotAllowed, match="You reviewed"):
            rule(desk, author=edith, span_id=moved, verdict="verified", rationale="So.", base=None)

    def test_who_decided_it_before_does_not_review_it_after(self, desk, edith, ana, place) -> None:
        span = mark(desk, author=ana, place=place("31 bridges")).span_id
        ruled = rule(desk, author=edith, span_id=span, verdict="verified", rationale="So.", base=None)
        withdraw_ruling(desk, author=edith, span_id=span, base=ruled.version or 0)
        moved = move(desk, ana, span, place("are 31 bridges")).span_id

        with pytest.raises(NotAllowed, match="You decided"):
            tag(desk, author=edith, target=moved, opinion=Opinion("verified"), base=None)

    def test_nobody_gets_both_roles_by_a_move(self, desk, edith, ana, place) -> None:
        there = mark(desk, author=ana, place=place("are 31 bridges")).span_id
        rule(desk, author=edith, span_id=there, verdict="verified", rationale="So.", base=None)
        withdraw_ruling(desk, author=edith, span_id=there, base=Ruling.objects.get().pk)
        unmark(desk, author=ana, span_id=there)
        span = tag(desk, author=edith, target=place("31 bridges"), opinion=Opinion("verified"), base=None)

        with pytest.raises(OthersWork, match="Nobody both reviews and decides"):
            move(desk, edith, span.span_id, place("are 31 bridges"))

    def test_who_called_it_not_checkable_may_still_unmark_it(self, desk, ana, place) -> None:
        span = mark(desk, author=ana, place=place("May")).span_id
        set_checkable(desk, author=ana, target=span, not_checkable=True, reason="a forecast")
        moved = move(desk, ana, span, place("in May")).span_id

        unmark(desk, author=ana, span_id=moved)

        assert state(moved) is None
        assert ways() == set()


class TestMovable:
    def test_reviewers_move_what_only_they_worked_on(self, desk, ana, ben, place) -> None:
        span = tag(desk, author=ana, target=place("31"), opinion=Opinion("verified"), base=None).span_id
        add_evidence(desk, author=ana, span_id=span, source=WEB)

        assert access_places.movable(access.seat(ana, "desk"), span)[0].pk == span
        with pytest.raises(PermissionDenied):
            access_places.movable(access.seat(ben, "desk"), span)

    @pytest.mark.parametrize("work", ["opinion", "source", "decision", "reason"])
    def test_not_what_others_worked_on(self, work, desk, ana, ben, edith, place) -> None:
        span = tag(desk, author=ana, target=place("31"), opinion=Opinion("verified"), base=None).span_id
        match work:
            case "opinion":
                tag(desk, author=ben, target=span, opinion=Opinion("verified"), base=None)
            case "source":
                add_evidence(desk, author=ben, span_id=span, source=WEB)
            case "decision":
                rule(desk, author=edith, span_id=span, verdict="verified", rationale="So.", base=None)
            case "reason":
                set_checkable(desk, author=ben, target=span, not_checkable=True, reason="a forecast")

        with pytest.raises(PermissionDenied, match="ask an editor"):
            access_places.movable(access.seat(ana, "desk"), span)
        assert access_places.movable(access.seat(edith, "desk"), span)[0].pk == span

    def test_their_own_reason_does_not_keep_them(self, desk, ana, place) -> None:
        span = mark(desk, author=ana, place=place("31")).span_id
        set_checkable(desk, author=ana, target=span, not_checkable=True, reason="a forecast")

        assert access_places.movable(access.seat(ana, "desk"), span)[1].reason == "a forecast"

    def test_not_by_viewers_nor_in_other_collections(self, desk, ana, vera, edith, claim) -> None:
        with pytest.raises(Http404):
            access_places.movable(access.seat(vera, "desk"), claim)
        rule_it = mark(desk, author=ana, place=_place_of(claim)).span_id
        rule(desk, author=edith, span_id=rule_it, verdict="verified", rationale="So.", base=None)
        with pytest.raises(PermissionDenied):
            access_places.movable(access.seat(vera, "desk"), claim)
        other = access.desk_seat(create_collection("other", author=None))
        with pytest.raises(Http404):
            access_places.movable(other, claim)


def _place_of(span_id: int) -> Place:
    span = Span.objects.get(pk=span_id)
    return Place(span.article_id, span.start, span.end, span.quote)


class TestMerge:
    @pytest.fixture
    def away(self, desk: Collection, ana: User, person, place: Find) -> int:
        """Of "There are 31 bridges": ana and cy speak, ana cites."""
        span = tag(desk, author=ana, target=place("There are 31"), opinion=Opinion("verified"), base=None)
        tag(desk, author=person("cy"), target=span.span_id, opinion=Opinion("disputed", "No."), base=None)
        add_evidence(desk, author=ana, span_id=span.span_id, source=WEB, citation=Citation(locator="p. 9"))
        return span.span_id

    def test_opinions_meet(self, desk, edith, claim, away) -> None:
        sources = sorted(cited(claim) + cited(away))

        merge(desk, edith, claim, away)

        assert said(claim) == [("ana", "disputed", "30."), ("ben", "verified", ""), ("cy", "disputed", "No.")]
        assert cited(claim) == sources
        assert state(claim) == ("contested", None)
        assert (state(away), said(away), cited(away)) == (None, [], [])
        assert ways() == {(away, claim, "merged")}

    def test_one_source_is_not_cited_twice(self, desk, ana, edith, claim, away) -> None:
        first = Evidence.objects.current().get(span=claim)
        for citation in (Citation(locator="p. 3"), Citation("contradicts", locator="p. 3")):
            add_evidence(desk, author=ana, span_id=away, source=first.source_id, citation=citation)

        merge(desk, edith, claim, away)

        assert sorted(locator for _, locator in cited(claim)) == ["p. 3", "p. 3", "p. 9"]
        assert Evidence.objects.current().filter(span=claim, stance="contradicts").count() == 1

    def test_one_decision_goes_along_two_do_not(self, desk, person, edith, claim, away) -> None:
        rule(desk, author=edith, span_id=away, verdict="disputed", rationale="No.", base=None)
        merged = merge(desk, edith, claim, away)
        assert state(claim) == ("ruled", "disputed")
        undo(desk, author=edith, number=merged.revision)
        rule(desk, author=person("ed"), span_id=claim, verdict="verified", rationale="Yes.", base=None)

        with pytest.raises(OthersWork, match="Take one of the two decisions back") as refusal:
            merge(desk, edith, claim, away)

        assert len(refusal.value.depends) == 2

    def test_nobody_gets_both_roles(self, desk, person, claim, away, place) -> None:
        cy = User.objects.get(username="cy")
        rule(desk, author=cy, span_id=claim, verdict="verified", rationale="Yes.", base=None)

        with pytest.raises(OthersWork, match="Nobody both reviews and decides"):
            merge(desk, cy, claim, away)
        with pytest.raises(OthersWork, match="Nobody both reviews and decides"):
            merge(desk, cy, away, claim)

    def test_claims_that_are_not_one(self, desk, ana, edith, claim, place) -> None:
        other = mark(desk, author=ana, place=place("31 bridges", "said")).span_id

        with pytest.raises(Invalid, match="not merged"):
            merge(desk, edith, claim, other)
        with pytest.raises(Invalid, match="two claims"):
            merge(desk, edith, claim, claim)
        with pytest.raises(NotThere):
            merge_claims(desk, author=edith, keep=claim, away=9999, keep_base=base(claim), away_base=1)

    def test_either_may_have_changed(self, desk, edith, claim, away) -> None:
        bases = {"keep_base": base(claim), "away_base": base(away)}
        for name in bases:
            with pytest.raises(Stale):
                merge_claims(desk, author=edith, keep=claim, away=away, **bases | {name: 1})

    def test_a_retry_merges_once(self, desk, edith, claim, away) -> None:
        request = {"author": edith, "keep": claim, "away": away, "key": "k"}
        request |= {"keep_base": base(claim), "away_base": base(away)}

        first, again = merge_claims(desk, **request), merge_claims(desk, **request)

        assert (again.revision, again.changed) == (first.revision, False)

    def test_undone(self, desk, edith, claim, away) -> None:
        before = [(said(span), cited(span), state(span)) for span in (claim, away)]
        merged = merge(desk, edith, claim, away)

        undo(desk, author=edith, number=merged.revision)

        assert [(said(span), cited(span), state(span)) for span in (claim, away)] == before
        assert ways() == set()

    def test_not_undone_once_an_opinion_that_went_along_has_changed(self, desk, edith, claim, away) -> None:
        merged = merge(desk, edith, claim, away)
        cy = User.objects.get(username="cy")
        mine = Annotation.objects.current().get(span=claim, reviewer=cy)
        later = tag(desk, author=cy, target=claim, opinion=Opinion("verified"), base=mine.pk)

        with pytest.raises(OthersWork) as refusal:
            undo(desk, author=edith, number=merged.revision)

        assert refusal.value.depends == [f"change {later.revision} came later and builds on it"]

    def test_what_led_to_it_leads_on(self, desk, edith, claim, away, place) -> None:
        moved = move(desk, edith, away, place("There are 31 bridges")).span_id

        merge(desk, edith, claim, moved)

        assert ways() == {(away, claim, "moved"), (moved, claim, "merged")}


def test_the_aspects_of_one_place(desk, ana, place) -> None:
    for aspect in ("wording", "fact", "said"):
        mark(desk, author=ana, place=place("31 bridges", aspect))
    mark(desk, author=ana, place=place("31"))
    there = place("31 bridges")
    seen = access.claims(access.seat(ana, "desk"))

    rows = links.aspects_of(seen, there.article_id, there.start, there.end)

    assert [row.span.aspect for row in rows] == ["fact", "said", "wording"]


def test_one_revision_each(desk, edith, claim, place) -> None:
    before = head(desk)

    moved = move(desk, edith, claim, place("There are 31 bridges"))

    assert (moved.revision, head(desk)) == (before + 1, before + 1)
    row = Revision.objects.get(collection=desk, number=moved.revision)
    assert (row.action, row.result) == ("move", {"span": moved.span_id, "from": claim})


class TestFaults:
    """T36, for links: what nobody can do through the services, somebody with the database's password does."""

    @pytest.fixture
    def sound(self) -> None:
        """Not here."""

    @pytest.fixture
    def lifted(self, desk, ana, edith, claim, place, sound) -> dict[str, int]:
        whole = move(desk, edith, claim, place("There are 31 bridges")).span_id
        parts = split_claim(
            desk, author=ana, span_id=whole, parts=[place("31"), place("are")], base=base(whole)
        ).parts
        triggers.remove(connection)
        return {"claim": claim, "whole": whole, "part": parts[0]}

    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            ("UPDATE {link} SET other_id = {nowhere} WHERE kind = 'moved'", "which is not live"),
            ("UPDATE {link} SET other_id = {nowhere} WHERE other_id = {part}", "which is not live"),
            ("UPDATE {link} SET span_id = {nowhere} WHERE other_id = {part}", "is not live"),
            ("UPDATE {link} SET span_id = {part} WHERE kind = 'moved'", "and its claim {part} is live"),
            ("UPDATE {link} SET other_id = {foreign} WHERE kind = 'moved'", "It leads from article"),
            ("UPDATE {link} SET other_id = {foreign} WHERE kind = 'moved'", "what it is about in collection"),
            (
                "INSERT INTO {link} (span_id, other_id, kind, collection_id, created_in, retired_in) SELECT "
                "span_id, {part}, 'merged', collection_id, created_in, retired_in FROM {link} "
                "WHERE kind = 'moved'",
                "one of 2 links that say where claim {claim} went",
            ),
        ],
    )
    def test_is_named(self, fault, words, lifted, desk, ana, place) -> None:
        gone = mark(desk, author=ana, place=place("May")).span_id
        unmark(desk, author=ana, span_id=gone)
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX claim_link_one_way_on")
            link = ClaimLink._meta.db_table
            cursor.execute(fault.format(link=link, nowhere=gone, foreign=_elsewhere(ana), **lifted))
            assert cursor.rowcount == 1

        found = [str(f) for f in verify() if f.table == ClaimLink._meta.db_table]

        assert any(words.format(**lifted) in each for each in found), found
        assert {f.table for f in verify()} == {ClaimLink._meta.db_table, "triggers"}


def _elsewhere(author: User) -> int:
    other = create_collection("other", author=None)
    text = "Another text."
    article = import_article(other, author=None, text=text, details=Details(blocks=blocks_of(text)))
    return mark(other, author=author, place=Place(article.article_id, 0, 7, "Another")).span_id
