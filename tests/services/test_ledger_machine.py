"""The ledger against a plain model: whatever people do in whatever order, rows say what the model remembers."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from annotations.models import (
    Annotation,
    ArticleDetails,
    Collection,
    CollectionSettings,
    Evidence,
    Revision,
    Ruling,
    User,
)
from annotations.services.articles import Details, edit_details, import_article
from annotations.services.claims import Opinion, Place, mark, set_checkable, tag, unmark, withdraw
from annotations.services.errors import DuplicateText, Invalid, NotAllowed, NotThere, OthersWork
from annotations.services.evidence import Citation, NewSource, add_evidence, edit_evidence, remove_evidence
from annotations.services.ledger import KeyReused, LedgerError, Stale
from annotations.services.rulings import rule as decide
from annotations.services.rulings import withdraw_ruling
from annotations.services.settings import change_settings, create_collection
from annotations.services.undo import plan, undo, undo_many
from annotations.services.verify import verify
from tests.services.ledger_model import Model, State, Stored, claim_states, tally

TEXTS = ("One 🌉 bridge, two bridges.", "Three ferries sail; four do not.")
PLACES = [(0, 0, 3), (0, 4, 25), (1, 0, 5)]
SOAK = os.environ.get("AIGAP_SOAK") == "1"
WRONG = 999_999_999
VERDICTS = st.sampled_from(["verified", "disputed", "needs_source"])
PEOPLE = st.integers(0, 2)
EDITORS = st.integers(2, 3)  # number 2 reviews and decides, never both on one claim
NUMBERS = st.integers(0, 60)
SELDOM = st.integers(0, 5).map(lambda n: n == 0)


def there_is(kind: str) -> Any:
    return precondition(lambda machine: machine.some(kind, 0) is not None)


class LedgerMachine(RuleBasedStateMachine):
    people: list[User]
    serial = 0

    @initialize()
    def begin(self) -> None:
        LedgerMachine.serial += 1
        self.home = create_collection(f"machine-{LedgerMachine.serial}", author=None)
        self.model = Model()
        self.model.write({("settings",): (1, True)})
        self.articles: dict[int, int] = {}
        self.spans: dict[int, int] = {}
        self.requests: list[tuple[Any, dict[str, Any], Any]] = []
        for nth in range(len(TEXTS)):
            self.bring(nth)
        for at in (0, 2):
            self.tag(who=at % 2, at=at, verdict="verified", why="", by_place=True)
            self.cite(who=2, nth=at, known=False, stance="supports")

    # What people do. Each rule says what must come of it: a refusal, nothing, or changes of the model.

    @precondition(lambda machine: len(machine.model.of("article")) < 2 or machine.model.head % 9 == 0)
    @rule(nth=st.integers(0, 1))
    def bring(self, nth: int) -> None:
        text = TEXTS[nth]
        blocks = [{"start": 0, "end": len(text), "role": "body", "reason": "test"}]
        request = {"author": self.people[3], "text": text, "details": Details(title="New", blocks=blocks)}
        if ("article", self.articles.get(nth)) in self.model.now:
            return self.refused(DuplicateText, import_article, **request)
        stored = self.done(import_article, **request)
        self.articles[nth] = stored.article_id
        return self.model.write({("article", stored.article_id): "New"})

    @rule(nth=st.integers(0, 1), title=st.sampled_from(["New", "Old", "Other"]), stale=SELDOM)
    def correct(self, nth: int, title: str, stale: bool) -> None:
        key = ("article", self.articles[nth])
        base = self.live(ArticleDetails, article=key[1])
        request = {"author": self.people[3], "article_id": key[1], "changes": {"title": title}}
        if key not in self.model.now:
            return self.refused(NotThere, edit_details, base=WRONG, **request)
        if stale:
            return self.refused(Stale, edit_details, base=WRONG, **request)
        if self.model.now[key] == title:
            return self.unchanged(edit_details, base=base, **request)
        self.done(edit_details, base=base, **request)
        return self.model.write({key: title})

    @rule(who=PEOPLE, at=st.integers(0, 2))
    def mark(self, who: int, at: int) -> None:
        request = {"author": self.people[who], "place": self.place(at)}
        if not self.in_article(at):
            return self.refused(NotThere, mark, **request)
        if self.is_claim(self.spans.get(at)):
            return self.unchanged(mark, **request)
        span = self.spans[at] = self.done(mark, **request).span_id
        return self.model.write({("claim", span): self.at_home(at)} | self.model.ways_on(span))

    @rule(
        who=PEOPLE,
        at=st.integers(0, 2),
        verdict=VERDICTS,
        why=st.sampled_from(["", "so"]),
        by_place=st.booleans(),
    )
    def tag(self, who: int, at: int, verdict: str, why: str, by_place: bool) -> None:
        span, author = self.spans.get(at), self.people[who]
        key = ("opinion", span, author.pk)
        target = self.place(at) if by_place or span is None else span
        base = self.live(Annotation, span=span, reviewer=author)
        request = {"author": author, "target": target, "opinion": Opinion(verdict, why), "base": base}
        if not (self.in_article(at) if isinstance(target, Place) else self.is_claim(span)):
            return self.refused(NotThere, tag, **request)
        if span is not None and self.model.ruled(span, author.pk):
            return self.refused(NotAllowed, tag, **request)
        if self.model.now.get(key) == (verdict, why):
            return self.unchanged(tag, **request)
        self.refused(Stale, tag, **request | {"base": WRONG})
        span = self.spans[at] = self.done(tag, **request).span_id
        new = {} if self.is_claim(span) else {("claim", span): self.at_home(at)} | self.model.ways_on(span)
        return self.model.write({("opinion", span, author.pk): (verdict, why), **new})

    @there_is("opinion")
    @rule(nth=NUMBERS, stale=SELDOM)
    def withdraw(self, nth: int, stale: bool) -> None:
        if key := self.some("opinion", nth):
            author = next(person for person in self.people if person.pk == key[2])
            base = self.live(Annotation, span=key[1], reviewer=author)
            request = {"author": author, "span_id": key[1]}
            if stale:
                return self.refused(Stale, withdraw, base=WRONG, **request)
            self.done(withdraw, base=base, **request)
            self.model.write({key: None})
        return None

    @precondition(lambda machine: machine.spans)
    @rule(who=PEOPLE, at=st.integers(0, 2), why=st.sampled_from(["opinion", "forecast", ""]))
    def say_checkable(self, who: int, at: int, why: str) -> None:
        span = self.spans.get(at)
        reason = why and f"{why} (says {who})"
        request = {"author": self.people[who], "not_checkable": bool(why), "reason": reason}
        if span is None:
            return None
        if not self.is_claim(span):
            return self.refused(NotThere, set_checkable, target=span, **request)
        article, before = self.model.now["claim", span]
        if before == reason:
            return self.unchanged(set_checkable, target=span, **request)
        if before and not before.endswith(f"(says {who})"):  # another's, and no base says that it was seen
            return self.refused(Stale, set_checkable, target=span, **request)
        self.done(set_checkable, target=self.place(at) if who else span, **request)
        return self.model.write({("claim", span): (article, reason)})

    @there_is("claim")
    @rule(who=PEOPLE, nth=NUMBERS)
    def unmark(self, who: int, nth: int) -> None:
        if key := self.some("claim", nth):
            span, author = key[1], self.people[who]
            now = self.model.now
            work: State = {k: None for k in now if k[0] in ("opinion", "ruling") and k[1] == span}
            work |= {k: None for k, said in now.items() if k[0] == "evidence" and said[0] == span}
            others = [k for k in work if self.owner(k) != author.pk]
            reason = now[key][1]
            if others or (reason and not reason.endswith(f"(says {who})")):
                return self.refused(OthersWork, unmark, author=author, span_id=span)
            self.done(unmark, author=author, span_id=span)
            links = {k: None for k in self.model.of("link") if span in k[1:3]}
            self.model.write({key: None, **work, **links})
        return None

    def owner(self, key: Any) -> int:
        said = self.model.now[key]
        owner: int = {
            "opinion": key[-1],
            "ruling": said[0],
            "evidence": said[2] if key[0] == "evidence" else 0,
        }[key[0]]
        return owner

    @there_is("claim")
    @rule(who=PEOPLE, nth=NUMBERS, known=st.booleans(), stance=st.sampled_from(["supports", "contradicts"]))
    def cite(self, who: int, nth: int, known: bool, stance: str) -> None:
        if claim := self.some("claim", nth):
            span, author = claim[1], self.people[who]
            cited = self.some("source", nth) if known else None
            source = cited[1] if cited else NewSource("web", {"title": f"Source {nth}"})
            done = self.done(
                add_evidence, author=author, span_id=span, source=source, citation=Citation(stance)
            )
            pk = Evidence.objects.get(pk=done.version).source_id
            new = {} if cited else {("source", pk): f"Source {nth}"}
            self.model.write({("evidence", done.key): (span, pk, author.pk, stance), **new})

    @there_is("evidence")
    @rule(
        nth=NUMBERS,
        stance=st.sampled_from(["supports", "background"]),
        title=st.sampled_from([None, "A", "B"]),
        stale=SELDOM,
    )
    def recite(self, nth: int, stance: str, title: str | None, stale: bool) -> None:
        if key := self.some("evidence", nth):
            span, source, added_by, before = self.model.now[key]
            details = {"title": title} if title else None
            request = {"author": self.people[0], "evidence_key": key[1], "citation": Citation(stance)}
            request |= {"source_details": details, "base": self.live(Evidence, key=key[1])}
            if stale:
                return self.refused(Stale, edit_evidence, **request | {"base": WRONG})
            retitled = title is not None and self.model.now["source", source] != title
            if stance == before and not retitled:
                return self.unchanged(edit_evidence, **request)
            self.done(edit_evidence, **request)
            new = {("source", source): title} if retitled else {}
            self.model.write({key: (span, source, added_by, stance), **new})
        return None

    @there_is("evidence")
    @rule(nth=NUMBERS)
    def uncite(self, nth: int) -> None:
        if key := self.some("evidence", nth):
            request = {"author": self.people[1], "evidence_key": key[1]}
            self.refused(Stale, remove_evidence, base=WRONG, **request)
            self.done(remove_evidence, base=self.live(Evidence, key=key[1]), **request)
            self.model.write({key: None})

    @there_is("claim")
    @rule(who=EDITORS, nth=NUMBERS, verdict=VERDICTS, stale=SELDOM)
    def decide(self, who: int, nth: int, verdict: str, stale: bool) -> None:
        if claim := self.some("claim", nth):
            span, editor = claim[1], self.people[who]
            request = {"author": editor, "span_id": span, "verdict": verdict, "rationale": f"So {nth}."}
            base = self.live(Ruling, span=span)
            if stale:
                return self.refused(LedgerError, decide, base=WRONG, **request)
            if self.model.reviewed(span, editor.pk):
                return self.refused(NotAllowed, decide, base=base, **request)
            said = (editor.pk, verdict, request["rationale"])
            if self.model.now.get(("ruling", span)) == said:
                return self.unchanged(decide, base=base, **request)
            self.done(decide, base=base, **request)
            self.model.write({("ruling", span): said})
        return None

    @there_is("ruling")
    @rule(nth=NUMBERS)
    def reopen(self, nth: int) -> None:
        if key := self.some("ruling", nth):
            self.done(
                withdraw_ruling, author=self.people[3], span_id=key[1], base=self.live(Ruling, span=key[1])
            )
            self.model.write({key: None})

    @rule(needed=st.integers(1, 2), sourced=st.booleans())
    def set(self, needed: int, sourced: bool) -> None:
        base = self.live(CollectionSettings)
        changes = {"reviews_needed": needed, "verified_needs_source": sourced}
        change_settings(self.home, author=self.people[3], base=base, changes=changes)
        if self.model.now["settings",] != (needed, sourced):
            self.model.write({("settings",): (needed, sourced)})

    @precondition(lambda machine: machine.model.head > 4)
    @rule(back=st.integers(0, 2))
    def undo_what_is_fresh(self, back: int) -> None:
        self.undo(back)

    @rule(back=st.integers(0, 12))
    def undo(self, back: int) -> None:
        number = max(1, self.model.head - back)
        request = {"author": self.people[3], "number": number}
        if number == 1:
            return self.refused(Invalid, undo, **request)
        changes = self.model.undoing(number)
        if changes is None:
            return self.refused(OthersWork, undo, **request)
        assert self.done(undo, **request) == self.model.head + 1
        return self.model.write(changes, undoes=[number])

    @precondition(lambda machine: machine.model.head > 6 and machine.model.head % 2)
    @rule(backs=st.lists(st.integers(0, 9), min_size=2, max_size=6, unique=True))
    def undo_several(self, backs: list[int]) -> None:
        """All at once; or, where some cannot be, all but those that the plan leaves out."""
        numbers = sorted({max(1, self.model.head - back) for back in backs})
        request = {"author": self.people[3], "numbers": numbers}
        if 1 in numbers:
            return self.refused(Invalid, undo_many, **request)
        planned, changes = plan(self.home, numbers), self.model.undoing(*numbers)
        assert (changes is None) == bool(planned.refused)
        if changes is None:
            self.refused(OthersWork, undo_many, **request)
            changes = self.model.undoing(*planned.numbers)
            assert changes is not None
        if planned.numbers:
            if self.model.head % 3 == 0:
                self.refused(Stale, undo_many, **request | {"numbers": planned.numbers, "seen": "another"})
            self.done(undo_many, **request | {"numbers": planned.numbers, "seen": planned.seen})
            self.model.write(changes, undoes=planned.numbers)
        return None

    @precondition(lambda machine: machine.requests)
    @rule(nth=NUMBERS)
    def retry(self, nth: int) -> None:
        """The same answer as the first time, whatever has happened since."""
        if self.requests:
            service, request, first = self.requests[nth % len(self.requests)]
            again = service(self.home, **request)
            if isinstance(first, int):
                assert again == first
            else:
                assert not again.changed
                assert again.revision == first.revision

    @precondition(lambda machine: machine.requests)
    @rule(nth=NUMBERS, who=PEOPLE)
    def reuse(self, nth: int, who: int) -> None:
        """Somebody's key, for another request of theirs."""
        if self.requests:
            _, request, _ = self.requests[nth % len(self.requests)]
            author, key = request["author"], request["key"]
            with pytest.raises(KeyReused):
                mark(self.home, author=author, place=Place(self.articles[0], 5, 7, TEXTS[0][5:7]), key=key)

    # What must hold after each of them

    @invariant()
    def what_is_stored_is_what_the_model_says(self) -> None:
        if not hasattr(self, "articles"):
            return
        stored = Stored(self.home, "current")
        assert stored.state == self.model.now
        assert stored.claims == claim_states(self.model.now)
        last = Revision.objects.filter(collection=self.home).last()
        assert (last.number, last.tally) == (self.model.head, tally(self.model.now))
        assert Collection.objects.get(pk=self.home.pk).head == self.model.head
        if self.model.head % 4 == 0:
            self.remembers(self.model.head * 2 // 3)

    def remembers(self, number: int) -> None:
        then = self.model.moments[number].state
        stored = Stored(self.home, "at", number)
        assert stored.state == then
        assert stored.claims == (claim_states(then) if number else {})
        changed = Stored(self.home, "changed_after", number).state.keys()
        later = [m.written for n, m in self.model.moments.items() if n > number]
        touched = frozenset().union(*later)
        assert {key for key in changed if key[0] != "claim"} == {key for key in touched if key[0] != "claim"}
        assert {key for key in touched if key[0] == "claim"} <= changed

    def teardown(self) -> None:
        if not hasattr(self, "articles"):
            return
        for number in self.model.moments:
            self.remembers(number)
            if number:
                assert Revision.objects.get(collection=self.home, number=number).tally == tally(
                    self.model.moments[number].state
                )
        assert Revision.objects.filter(collection=self.home).count() == self.model.head
        assert list(verify()) == []

    # How they are written

    def done(self, service: Any, **request: Any) -> Any:
        request["key"] = f"key-{len(self.requests)}"
        first = service(self.home, **request)
        assert isinstance(first, int) or first.changed
        self.requests.append((service, request, first))
        return first

    def unchanged(self, service: Any, **request: Any) -> None:
        assert service(self.home, **request, key="of no consequence").changed is False

    def refused(self, error: type[LedgerError], service: Any, **request: Any) -> None:
        with pytest.raises(error):
            service(self.home, **request, key="of no consequence")

    def some(self, kind: str, nth: int) -> Any:
        keys = sorted(self.model.of(kind))
        return keys[nth % len(keys)] if keys else None

    def live(self, model: Any, **where: Any) -> int | None:
        rows = model.objects.current().filter(collection=self.home, **where)
        found: int | None = rows.values_list("pk", flat=True).first()
        return found

    def place(self, at: int) -> Place:
        text, start, end = PLACES[at]
        return Place(self.articles[text], start, end, TEXTS[text][start:end])

    def at_home(self, at: int) -> tuple[int, str]:
        return self.articles[PLACES[at][0]], ""

    def in_article(self, at: int) -> bool:
        return ("article", self.articles[PLACES[at][0]]) in self.model.now

    def is_claim(self, span: int | None) -> bool:
        return ("claim", span) in self.model.now


def test_a_decision_said_again_is_none(person) -> None:
    """Found by hypothesis after many runs: the machine took a second decision alike for a change."""
    LedgerMachine.people = [person(name) for name in ("ana", "ben", "cy", "edith")]
    machine = LedgerMachine()
    machine.begin()
    for verdict in ("needs_source", "needs_source", "disputed"):
        machine.decide(who=3, nth=37, verdict=verdict, stale=False)
        machine.what_is_stored_is_what_the_model_says()
    assert len(machine.model.of("ruling")) == 1
    machine.teardown()


def test_the_ledger_is_what_was_written(person) -> None:
    LedgerMachine.people = [person(name) for name in ("ana", "ben", "cy", "edith")]
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=1000 if SOAK else 20,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
