"""The same machine with claims that move, merge and split: opinions, states and links stay as the model has them."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from annotations.models import ClaimState
from annotations.services.claims import Place
from annotations.services.errors import Invalid, OthersWork
from annotations.services.ledger import Stale
from annotations.services.places import PlaceTaken, merge_claims, move_claim, split_claim
from tests.services.ledger_model import State
from tests.services.test_ledger_machine import (
    NUMBERS,
    PLACES,
    SELDOM,
    SOAK,
    TEXTS,
    WRONG,
    LedgerMachine,
    there_is,
)

MORE = [*PLACES, (0, 0, 12), (1, 0, 13), (0, 6, 12), (0, 18, 25), (0, 4, 12)]


class PlacesMachine(LedgerMachine):
    @initialize()
    def begin(self) -> None:
        """A second claim in the first article."""
        super().begin()
        self.tag(who=1, at=1, verdict="disputed", why="so", by_place=True)
        self.cite(who=1, nth=1, known=True, stance="supports")

    @there_is("claim")
    @rule(nth=NUMBERS, to=NUMBERS, stale=SELDOM)
    def move(self, nth: int, to: int, stale: bool) -> None:
        if key := self.some("claim", nth):
            old, at = key[1], self.stands_at(key[1])
            near = [n for n, place in enumerate(MORE) if place[0] == MORE[at][0]]
            there = near[to % len(near)]
            request = {"author": self.people[3], "span_id": old, "place": self.place(there)}
            base = WRONG if stale else self.base(old)
            new = self.spans.get(there)
            if stale:
                return self.refused(Stale, move_claim, base=base, **request)
            if there == at:
                return self.unchanged(move_claim, base=base, **request)
            if new is not None and self.is_claim(new):
                return self.refused(PlaceTaken, move_claim, base=base, **request)
            if new is not None and self.two_roles(self.reviewers(old), old, new):
                return self.refused(OthersWork, move_claim, base=base, **request)
            new = self.spans[there] = self.done(move_claim, base=base, **request).span_id
            work = self.carried(old, new)
            links = self.model.turned(old, new) | {("link", old, new, "moved"): True}
            self.model.write({key: None, ("claim", new): self.model.now[key], **work, **links})
        return None

    @there_is("claim")
    @rule(nth=NUMBERS, other=NUMBERS, stale=SELDOM)
    def merge(self, nth: int, other: int, stale: bool) -> None:
        one = self.some("claim", nth)
        if one is None:
            return None
        home = self.model.now[one][0]
        near = [
            key for key in sorted(self.model.of("claim")) if self.model.now[key][0] == home and key != one
        ]
        two = near[other % len(near)] if near else self.some("claim", other)
        keep, away = one[1], two[1]
        request = {"author": self.people[3], "keep": keep, "away": away, "keep_base": self.base(keep)}
        request["away_base"] = WRONG if stale else self.base(away)
        if stale:
            return self.refused(Stale, merge_claims, **request)
        if keep == away or self.model.now[one][0] != self.model.now[two][0]:
            return self.refused(Invalid, merge_claims, **request)
        if ("ruling", keep) in self.model.now and ("ruling", away) in self.model.now:
            return self.refused(OthersWork, merge_claims, **request)
        if self.two_roles(self.reviewers(away) - self.reviewers(keep), away, keep):
            return self.refused(OthersWork, merge_claims, **request)
        links = self.model.turned(away, keep)
        left = [key for key in self.model.of("link") | links if links.get(key, True)]
        if keep in self.model.wholes(keep, dict.fromkeys(left, True)):
            return self.refused(Invalid, merge_claims, **request)
        work = self.carried(away, keep)
        self.done(merge_claims, **request)
        links["link", away, keep, "merged"] = True
        return self.model.write({two: None, **work, **links})

    @there_is("claim")
    @rule(nth=NUMBERS, one=NUMBERS, two=NUMBERS)
    def split(self, nth: int, one: int, two: int) -> None:
        key = self.some("claim", nth)
        whole = key[1] if key else 0
        inside = self.inside(self.stands_at(whole)) if key else []
        if len(inside) < 2:
            return None
        first = one % len(inside)
        at = [inside[first], inside[(first + 1 + two % (len(inside) - 1)) % len(inside)]]
        request = {"author": self.people[0], "span_id": whole, "base": self.base(whole)}
        request["parts"] = [self.place(each) for each in at]
        known = {link[2] for link in self.model.of("link") if link[1] == whole and link[3] == "part"}
        if {self.spans.get(each) for each in at} <= known:
            return self.unchanged(split_claim, **request)
        if any(self.spans.get(each) in self.model.wholes(whole) - known for each in at):
            return self.refused(Invalid, split_claim, **request)
        changes: State = {}
        for each, part in zip(at, self.done(split_claim, **request).parts, strict=True):
            self.spans[each] = part
            if not self.is_claim(part):
                changes |= {("claim", part): self.at_home(each)} | self.model.ways_on(part)
            if part not in known:
                changes["link", whole, part, "part"] = True
        return self.model.write(changes)

    def carried(self, old: int, new: int) -> State:
        """What is said of one claim, said of another that may have been spoken of already."""
        now, changes = self.model.now, {}
        cited = {said[1::2] for said in self.model.of("evidence").values() if said[0] == new}
        for key, said in now.items():
            if key[:2] in (("opinion", old), ("ruling", old)):
                changes[key] = None
                there = (key[0], new, *key[2:])
                if there not in now:
                    changes[there] = said
            if key[0] == "evidence" and said[0] == old:
                changes[key] = None if said[1::2] in cited else (new, *said[1:])
        return changes

    def two_roles(self, reviewers: set[int], old: int, new: int) -> bool:
        ruling = self.model.now.get(("ruling", old))
        return any(self.model.ruled(new, who) for who in reviewers) or bool(
            ruling and self.model.reviewed(new, ruling[0])
        )

    def reviewers(self, span: int) -> set[int]:
        return {key[2] for key in self.model.of("opinion") if key[1] == span}

    def base(self, span: int) -> int:
        return ClaimState.objects.current().get(span=span).created_in

    def stands_at(self, span: int) -> int:
        return next(at for at, each in self.spans.items() if each == span)

    def inside(self, at: int) -> list[int]:
        text, start, end = MORE[at]
        return [
            n
            for n, (home, a, b) in enumerate(MORE)
            if home == text and start <= a and b <= end and b - a < end - start
        ]

    def place(self, at: int) -> Place:
        text, start, end = MORE[at]
        return Place(self.articles[text], start, end, TEXTS[text][start:end])

    def at_home(self, at: int) -> tuple[int, str]:
        return self.articles[MORE[at][0]], ""


def test_the_ledger_is_what_was_written(person: Any) -> None:
    LedgerMachine.people = [person(name) for name in ("ana", "ben", "cy", "edith")]
    run_state_machine_as_test(
        PlacesMachine,
        settings=settings(
            max_examples=1000 if SOAK else 15,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
