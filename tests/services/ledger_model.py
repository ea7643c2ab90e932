"""A collection as a dictionary: what the ledger is compared with.

Things are keys, such as ("opinion", span, reviewer); what is said of them are values. A claim's value is the reason
why it cannot be checked, "" where it can.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from annotations.models import (
    Annotation,
    ArticleDetails,
    ClaimLink,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    Ruling,
    SourceDetails,
    VersionRow,
)
from annotations.models.prepared import Prepared

Key = tuple[Any, ...]
State = dict[Key, Any]
WORK = {"opinion", "evidence", "ruling"}
AWAY = {"moved", "merged"}


@dataclass(frozen=True)
class Maker:
    """Who left a thing as it is; an undo also says whose work it brought back."""

    number: int
    restored: "Maker | None" = None

    def includes(self, number: int) -> bool:
        return self.number == number or (self.restored is not None and self.restored.includes(number))


@dataclass
class Moment:
    state: State
    makers: dict[Key, Maker]
    touched: frozenset[Key]
    before: State
    written: frozenset[Key]
    """without what was not there before, nor is now"""


@dataclass
class Model:
    moments: dict[int, Moment] = field(
        default_factory=lambda: {0: Moment({}, {}, frozenset(), {}, frozenset())}
    )
    ever_reviewed: set[Key] = field(default_factory=set)
    ever_ruled: set[Key] = field(default_factory=set)

    @property
    def head(self) -> int:
        return max(self.moments)

    @property
    def now(self) -> State:
        return self.moments[self.head].state

    def write(self, changes: State, undoes: Sequence[int] = ()) -> None:
        """One revision. A value None takes the thing away; `undoes`: the revisions that this one undoes."""
        last = self.moments[self.head]
        number = self.head + 1
        old = self._before(undoes)
        makers = {key: Maker(number, old[key][1]) if undoes else Maker(number) for key in changes}
        self.moments[number] = Moment(
            _applied(last.state, changes),
            last.makers | makers,
            frozenset(changes),
            {key: last.state.get(key) for key in changes},
            frozenset(key for key, said in changes.items() if said is not None or key in last.state),
        )
        self.ever_reviewed |= {key[1:] for key, said in changes.items() if key[0] == "opinion" and said}
        self.ever_ruled |= {(key[1], said[0]) for key, said in changes.items() if key[0] == "ruling" and said}

    def _before(self, numbers: Sequence[int]) -> dict[Key, tuple[Any, Maker | None]]:
        """Of all that the revisions touched: how it stood before the first of them, and whose work that was."""
        found = {}
        for number in sorted(numbers, reverse=True):
            for key, said in self.moments[number].before.items():
                found[key] = (said, self.moments[number - 1].makers.get(key))
        return found

    def undoing(self, *numbers: int) -> State | None:
        """What undoing them changes, or None where it is refused."""
        makers: dict[Key, Maker | None] = dict(self.moments[self.head].makers)
        for number in sorted(numbers, reverse=True):
            for key in self.moments[number].touched:
                maker = makers[key]
                if maker is None or not maker.includes(number):
                    return None
                makers[key] = self.moments[number - 1].makers.get(key)
        if len(numbers) > 1 and any(("settings",) in self.moments[number].touched for number in numbers):
            return None
        changes = {key: said for key, (said, _) in self._before(numbers).items()}
        return changes if _holds_together(_applied(self.now, changes)) else None

    def ways_on(self, span: int) -> State:
        """What ends when a claim begins anew at a place that another one left."""
        return {key: None for key in self.of("link") if key[1] == span and key[3] in AWAY}

    def with_forebears(self, span: int) -> set[int]:
        return {span} | {key[1] for key in self.of("link") if key[2] == span and key[3] in AWAY}

    def reviewed(self, span: int, who: int) -> bool:
        return any((each, who) in self.ever_reviewed for each in self.with_forebears(span))

    def ruled(self, span: int, who: int) -> bool:
        return any((each, who) in self.ever_ruled for each in self.with_forebears(span))

    def wholes(self, span: int, links: State | None = None) -> set[int]:
        found: set[int] = set()
        edge = {span}
        while edge:
            keys = self.of("link") if links is None else links
            edge = {key[1] for key in keys if key[2] in edge and key[3] == "part"} - found
            found |= edge
        return found

    def turned(self, old: int, new: int) -> State:
        """The links to and from one claim lead to and from another."""
        changes = self.ways_on(new)
        there = {key for key in self.of("link") if key not in changes}
        for key in sorted(there):
            if old in key[1:3]:
                changes[key] = None
                start, end = (new if each == old else each for each in key[1:3])
                if start != end and ("link", start, end, key[3]) not in there:
                    changes["link", start, end, key[3]] = True
        return changes

    def of(self, kind: str, at: int | None = None) -> State:
        state = self.now if at is None else self.moments[at].state
        return {key: said for key, said in state.items() if key[0] == kind}


def _applied(state: State, changes: State) -> State:
    return {key: said for key, said in (state | changes).items() if said is not None}


def _holds_together(state: State) -> bool:
    """Work is on claims, claims are in articles, evidence cites sources; links lead to claims."""
    for key, said in state.items():
        if key[0] == "link":
            if ("claim", key[2]) not in state or (("claim", key[1]) in state) != (key[3] == "part"):
                return False
            continue
        span = said[0] if key[0] == "evidence" else key[1] if len(key) > 1 else None
        if key[0] in WORK and ("claim", span) not in state:
            return False
        if key[0] == "evidence" and ("source", said[1]) not in state:
            return False
        if key[0] == "claim" and ("article", said[0]) not in state:
            return False
    return True


def claim_states(state: State) -> dict[int, tuple[str, str | None, dict[str, int]]]:
    """Status, verdict and counts of each claim, as DESIGN words it."""
    needed, sourced = state[("settings",)]
    found = {}
    for _, span in [key for key in state if key[0] == "claim"]:
        verdicts = [said[0] for key, said in state.items() if key[:2] == ("opinion", span)]
        sources = sum(1 for key, said in state.items() if key[0] == "evidence" and said[0] == span)
        counts = dict(Counter(verdicts)) | ({"sources": sources} if sources else {})
        status, verdict = _status(state, span, verdicts, sources, needed, sourced)
        found[span] = (status, verdict, counts)
    return found


def _status(
    state: State, span: int, verdicts: list[str], sources: int, needed: int, sourced: bool
) -> tuple[str, str | None]:
    if ("ruling", span) in state:
        return "ruled", state[("ruling", span)][1]
    if state[("claim", span)][1]:
        return "not_checkable", None
    if not verdicts:
        return "to_check", None
    if len(verdicts) < needed:
        return "open", None
    if set(verdicts) == {"verified"} and sourced and not sources:
        return "open", None
    return ("agreed", verdicts[0]) if len(set(verdicts)) == 1 else ("contested", None)


def tally(state: State) -> dict[str, int]:
    counts = Counter(f"{s}:{v}" if v else s for s, v, _ in claim_states(state).values())
    return dict(counts)


class Stored:
    """The same, read from the database with one of the querysets' sentences."""

    def __init__(self, collection: Collection, sentence: str, *revision: int) -> None:
        def rows(model: type[VersionRow], *names: str) -> list[tuple[Any, ...]]:
            return said(sentence, model, names)(collection.pk, *revision)

        self.state: State = {}
        for span, who, verdict, why in rows(Annotation, "span", "reviewer", "verdict", "why"):
            self.state["opinion", span, who] = (verdict, why)
        for key, *told in rows(Evidence, "key", "span", "source", "added_by", "stance"):
            self.state["evidence", key] = tuple(told)
        for link in rows(ClaimLink, "span", "other", "kind"):
            self.state["link", *link] = True
        for source, title in rows(SourceDetails, "source", "title"):
            self.state["source", source] = title
        for span, *told in rows(Ruling, "span", "editor", "verdict", "rationale"):
            self.state["ruling", span] = tuple(told)
        for article, title in rows(ArticleDetails, "article", "title"):
            self.state["article", article] = title
        for needed in rows(CollectionSettings, "reviews_needed", "verified_needs_source"):
            self.state["settings",] = needed
        self.claims = {}
        states = rows(ClaimState, "span", "span__article", "reason", "status", "verdict", "counts")
        for span, article, reason, *derived in states:
            self.state["claim", span] = (article, reason)
            self.claims[span] = tuple(derived)


@cache
def said(sentence: str, model: type[VersionRow], names: tuple[str, ...]) -> Prepared:
    """Prepared, since the machines read everything after every step."""

    def build(collection: int, *revision: int) -> Any:
        rows: Any = model._default_manager.filter(collection=collection)
        return getattr(rows, sentence)(*revision).values_list(*names)

    return Prepared(build, int, *([] if sentence == "current" else [int]))
