"""A claim split into parts, which are claims themselves; it stays as it is."""

import pytest

from annotations import access
from annotations.models import (
    Collection,
    User,
)
from annotations.services import links
from annotations.services.claims import Opinion, Place, mark, tag, unmark
from annotations.services.errors import Invalid, OthersWork
from annotations.services.ledger import Stale
from annotations.services.places import split_claim
from annotations.services.settings import change_settings
from annotations.services.undo import undo
from tests.services.test_places import Find, base, head, merge, move, sound, state, ways

__all__ = ["sound"]


class TestSplit:
    @pytest.fixture
    def whole(self, desk: Collection, ana: User, place: Find) -> int:
        sentence = place("Two more open in May, at a cost of $2 billion.")
        return tag(desk, author=ana, target=sentence, opinion=Opinion("disputed"), base=None).span_id

    def split(self, desk: Collection, author: User, whole: int, *parts: Place, key: str | None = None):
        return split_claim(desk, author=author, span_id=whole, parts=parts, base=base(whole), key=key)

    def test_the_parts_are_claims_and_the_whole_stays(self, desk, ana, whole, place) -> None:
        done = self.split(desk, ana, whole, place("Two more open in May"), place("a cost of $2 billion"))

        assert [state(part) for part in done.parts] == [("to_check", None)] * 2
        assert state(whole) == ("agreed", "disputed")
        assert ways() == {(whole, part, "part") for part in done.parts}
        assert base(whole) == done.revision

    def test_what_the_parts_come_to(self, desk, ana, edith, whole, place, django_assert_num_queries) -> None:
        places = [place("Two more"), place("May"), place("$2 billion")]
        parts = self.split(desk, ana, whole, *places).parts
        for part, verdict in zip(parts, ("disputed", "needs_source", "disputed"), strict=True):
            tag(desk, author=ana, target=part, opinion=Opinion(verdict), base=None)
        seen = access.claims(access.seat(edith, "desk"))

        with django_assert_num_queries(1):
            counts = links.parts_of(seen, [whole, *parts])

        assert counts == {whole: {"disputed": 2, "needs_source": 1}}

    def test_a_blind_reviewer_sees_no_verdicts_of_parts(self, desk, ana, ben, edith, whole, place) -> None:
        parts = self.split(desk, ana, whole, place("Two more"), place("May")).parts
        tag(desk, author=ana, target=parts[0], opinion=Opinion("disputed"), base=None)
        settings = access.seat(edith, "desk").settings.pk
        change_settings(desk, author=edith, base=settings, changes={"blind": True})

        counts = links.parts_of(access.claims(access.seat(ben, "desk")), [whole])

        assert counts == {whole: {"to_check": 2}}

    def test_a_claim_that_there_is_becomes_a_part(self, desk, ana, ben, whole, place) -> None:
        known = tag(desk, author=ben, target=place("May"), opinion=Opinion("disputed"), base=None).span_id

        done = self.split(desk, ana, whole, place("Two more"), place("May"))

        assert done.parts[1] == known
        assert state(known) == ("agreed", "disputed")

    def test_once_more_with_another_part(self, desk, ana, whole, place) -> None:
        first = self.split(desk, ana, whole, place("Two more"), place("May"))
        same = self.split(desk, ana, whole, place("Two more"), place("May"))
        more = self.split(desk, ana, whole, place("May"), place("$2 billion"))

        assert (same.changed, same.parts) == (False, first.parts)
        assert ways() == {(whole, part, "part") for part in {*first.parts, *more.parts}}

    def test_what_is_no_part(self, desk, ana, whole, place) -> None:
        before, may = head(desk), place("May")
        for wrong in (
            [may],
            [may, may],
            [may, place("31")],
            [may, place("Two more open in May, at a cost of $2 billion.", "said")],
        ):
            with pytest.raises(Invalid):
                self.split(desk, ana, whole, *wrong)
        with pytest.raises(Stale):
            split_claim(desk, author=ana, span_id=whole, parts=[may, place("Two more")], base=1)
        assert head(desk) == before

    def test_a_retry_splits_once(self, desk, ana, whole, place) -> None:
        request = {"author": ana, "span_id": whole, "base": base(whole), "key": "k"}
        parts = [place("Two more"), place("May")]

        first, again = (split_claim(desk, parts=parts, **request) for _ in range(2))

        assert (again.parts, again.revision, again.changed) == (first.parts, first.revision, False)

    def test_parts_go_along_when_the_whole_moves_and_when_they_do(self, desk, ana, whole, place) -> None:
        done = self.split(desk, ana, whole, place("Two more"), place("May"))

        moved = move(desk, ana, whole, place("Two more open in May, at a cost of $2 billion")).span_id
        part = move(desk, ana, done.parts[1], place("in May")).span_id

        assert ways() == {
            (whole, moved, "moved"),
            (done.parts[1], part, "moved"),
            (moved, done.parts[0], "part"),
            (moved, part, "part"),
        }

    def test_a_part_that_is_merged_into_its_whole(self, desk, ana, edith, whole, place) -> None:
        done = self.split(desk, ana, whole, place("Two more"), place("May"))

        merge(desk, edith, whole, done.parts[0])

        assert ways() == {(whole, done.parts[1], "part"), (done.parts[0], whole, "merged")}

    def test_two_wholes_with_one_part_are_merged(self, desk, ana, edith, whole, place) -> None:
        longer = mark(desk, author=ana, place=place("Two more open in May, at a cost")).span_id
        first = self.split(desk, ana, whole, place("Two more"), place("May")).parts
        second = self.split(desk, ana, longer, place("May"), place("cost")).parts

        merge(desk, edith, whole, longer)

        parts = {(whole, part, "part") for part in {*first, *second}}
        assert ways() == {*parts, (longer, whole, "merged")}

    def test_no_claim_is_a_part_of_itself(self, desk, ana, edith, whole, place) -> None:
        middle = self.split(desk, ana, whole, place("Two more open in May"), place("$2 billion")).parts[0]
        least = self.split(desk, ana, middle, place("Two"), place("May")).parts[0]

        with pytest.raises(Invalid, match="as a part"):
            merge(desk, edith, whole, least)
        longer = move(desk, ana, least, place("Two more open in May, at a cost of $2 billion")).span_id
        with pytest.raises(Invalid, match="as a part"):
            self.split(desk, ana, longer, place("Two more open in May"), place("cost"))

    def test_a_part_that_is_taken_away(self, desk, ana, whole, place) -> None:
        done = self.split(desk, ana, whole, place("Two more"), place("May"))

        gone = unmark(desk, author=ana, span_id=done.parts[0])
        assert ways() == {(whole, done.parts[1], "part")}
        assert base(whole) == gone.revision
        undo(desk, author=ana, number=gone.revision)

        assert ways() == {(whole, part, "part") for part in done.parts}

    def test_a_whole_that_is_taken_away(self, desk, ana, whole, place) -> None:
        done = self.split(desk, ana, whole, place("Two more"), place("May"))

        gone = unmark(desk, author=ana, span_id=whole)
        assert ways() == set()
        unmark(desk, author=ana, span_id=done.parts[0])
        with pytest.raises(OthersWork) as refusal:
            undo(desk, author=ana, number=gone.revision)

        assert refusal.value.depends == [f"claim {done.parts[0]} is no longer marked"]

    def test_undone(self, desk, ana, whole, place) -> None:
        done = self.split(desk, ana, whole, place("Two more"), place("May"))

        undo(desk, author=ana, number=done.revision)

        assert ways() == set()
        assert [state(part) for part in done.parts] == [None, None]
        assert state(whole) == ("agreed", "disputed")

    def test_not_undone_under_work_on_a_part(self, desk, ana, ben, whole, place) -> None:
        done = self.split(desk, ana, whole, place("Two more"), place("May"))
        later = tag(desk, author=ben, target=done.parts[0], opinion=Opinion("verified"), base=None)

        with pytest.raises(OthersWork) as refusal:
            undo(desk, author=ana, number=done.revision)

        assert refusal.value.depends == [f"an opinion of claim {done.parts[0]} (change {later.revision})"]

    def test_a_mark_that_became_a_part_is_not_undone(self, desk, ana, whole, place) -> None:
        known = mark(desk, author=ana, place=place("May"))
        done = self.split(desk, ana, whole, place("Two more"), place("May"))

        with pytest.raises(OthersWork) as refusal:
            undo(desk, author=ana, number=known.revision)

        part = f"claim {known.span_id} is a part of claim {whole} (change {done.revision})"
        assert refusal.value.depends == [part]
