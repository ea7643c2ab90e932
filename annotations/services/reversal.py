"""What undoing some changes comes to: each thing that they touched as it stood before the first of them.

It is what undoing them one after the other, the latest first, would come to; written in one go, since a revision
cannot create and retire the same row.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from annotations.models import (
    LIVE,
    VERSION_MODELS,
    Annotation,
    ArticleDetails,
    ArticleWork,
    Assignment,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    SentBack,
    SourceDetails,
    VersionRow,
)
from annotations.services.ledger import digest_of
from annotations.services.lineage import (
    History,
    Key,
    among,
    key_of,
    overtaken,
    said_of_claims,
    undid_through,
    undone_by,
)

Model = type[VersionRow]
States = dict[tuple[int, int], Any]
Later = dict[int, set[int]]
"""change → later ones that build on it, or undid it"""


@dataclass(frozen=True, slots=True)
class Turn:
    """A thing: the earliest of the changes that touched it, the row before that one, the id of the live row."""

    number: int
    before: Any | None
    live: int | None


@dataclass(slots=True)
class Reversal:
    """`marks`: of claims, whether they are marked and can be checked. `claims`: whose state follows from the rest.
    `along`: ids of live rows that go although none of the changes touched them."""

    turns: dict[Model, dict[Key, Turn]] = field(
        default_factory=lambda: {model: {} for model in VERSION_MODELS}
    )
    marks: dict[int, Turn] = field(default_factory=dict)
    claims: set[int] = field(default_factory=set)
    along: dict[Model, set[int]] = field(default_factory=lambda: {model: set() for model in VERSION_MODELS})

    def gone(self, model: Model) -> dict[int, int]:
        """What was not there before them, each with the change that brought it. It may have gone since, by a later one
        of them."""
        return {pk: turn.number for pk, turn in self._of(model) if not turn.before}

    def back(self, model: Model) -> dict[int, int]:
        """What they took away and is not there, each with the change that did."""
        return {pk: turn.number for pk, turn in self._of(model) if turn.before and not turn.live}

    def going(self, model: Model) -> set[int]:
        """Ids of the live rows to be retired."""
        return {turn.live for turn in self.turns[model].values() if turn.live} | self.along[model]

    def coming(self, model: Model) -> list[tuple[int, Any]]:
        """The rows to be written again, each with the change that had ended it."""
        return [(turn.number, turn.before) for turn in self.turns[model].values() if turn.before]

    def _of(self, model: Model) -> Iterator[tuple[Any, Turn]]:
        if model is ClaimState:
            yield from self.marks.items()
        else:
            yield from ((key[0], turn) for key, turn in self.turns[model].items())

    def fingerprint(self) -> str:
        """Another one means that something else would come of it than before."""
        turns = [
            (model.__name__, key, turn) for model in VERSION_MODELS for key, turn in self.turns[model].items()
        ]
        turns += [("mark", (span,), turn) for span, turn in self.marks.items()]
        lines = sorted(
            (name, [str(part) for part in key], turn.live or 0, turn.before.pk if turn.before else 0)
            for name, key, turn in turns
        )
        along = {model.__name__: sorted(self.along[model]) for model in VERSION_MODELS}
        return digest_of(lines=lines, along=along)[:32]


def reverse(collection: Collection, numbers: Iterable[int]) -> tuple[Reversal, Later]:
    """Under the collection's lock, or for a look at what would come of it."""
    found = _Finding(collection, sorted(numbers))
    for model in VERSION_MODELS:
        if model is not ClaimState:
            found.things(model)
    found.claims()
    _go_along(found.reversal)
    return found.reversal, dict(found.later)


class _Finding:
    """Where the settings changed, nothing else did but the claims that follow from them, which may be all. What an undo
    touched it touched also where there was nothing to write: all that the changes which it undid had touched."""

    def __init__(self, collection: Collection, numbers: Sequence[int]) -> None:
        self.collection, self.numbers = collection, numbers
        self.reversal, self.later = Reversal(), defaultdict[int, set[int]](set)
        self._undone, self._through = undone_by(collection), undid_through(collection, numbers)
        looked = {*numbers, *(target for targets in self._through.values() for target in targets)}
        settled = CollectionSettings.objects.filter(collection=collection, created_in__in=looked)
        self._settled = set(settled.values_list("created_in", flat=True))

    def things(self, model: Model) -> None:
        first: dict[Key, int] = {}
        before: dict[tuple[Key, int], Any] = {}
        for row, number, into in self._rows(model, self.numbers):
            key = key_of(row)
            first[key] = min(number, first.get(key, number))
            before[key, number] = before.get((key, number)) if into else row
        for undo, targets in self._through.items():
            for row, _, _ in self._rows(model, targets):
                first[key_of(row)] = min(undo, first.get(key_of(row), undo))
        history = History(model, self.collection, set(first))
        for key, number in first.items():
            self._check(history.touches[key])
            self.reversal.turns[model][key] = Turn(number, before.get((key, number)), history.live.get(key))

    def claims(self) -> None:
        """Which of their states changed what was said of them; the others follow from what is said on them."""
        before, after = self._states(self.numbers)
        first = _first_said(before, after)
        for undo, targets in self._through.items():
            for span in _first_said(*self._states(targets)):
                first[span] = min(undo, first.get(span, undo))
        for touches in said_of_claims(self.collection, first).values():
            self._check(touches)
        live = _live_states(first)
        self.reversal.marks = {
            span: Turn(number, before.get((span, number)), live.get(span)) for span, number in first.items()
        }
        self.reversal.claims = {span for span, _ in {*before, *after}} | self._citing()

    def _check(self, touches: Sequence[int]) -> None:
        for number, later in overtaken(self.numbers, touches, self._undone).items():
            self.later[number].add(later)

    def _states(self, numbers: Iterable[int]) -> tuple[States, States]:
        """By claim and change: the state that it ended, the one that it wrote."""
        before, after = States(), States()
        for row, number, into in self._rows(ClaimState, numbers):
            (after if into else before)[row.span_id, number] = row
        return before, after

    def _rows(self, model: Model, numbers: Iterable[int]) -> Iterator[tuple[Any, int, bool]]:
        """(row, change, whether it wrote the row rather than ended it)"""
        settled = set() if model is CollectionSettings else self._settled
        wanted = sorted(set(numbers) - settled)
        if not wanted:
            return
        rows = model._base_manager.filter(collection=self.collection).order_by("pk")
        yield from ((row, row.created_in, True) for row in rows.filter(created_in__in=wanted))
        # Less than LIVE goes without saying, but lets SQLite use the index of retired rows.
        ended = rows.filter(retired_in__in=wanted, retired_in__lt=LIVE)
        yield from ((row, row.retired_in, False) for row in ended)

    def _citing(self) -> set[int]:
        """Claims whose source's details changed."""
        sources = {key[0] for key in self.reversal.turns[SourceDetails]}
        citing = among(Evidence.objects.current(), "source", sources)
        return {span for part in citing for span in part.values_list("span_id", flat=True)}


def _first_said(before: States, after: States) -> dict[int, int]:
    """claim → the first change that marked it, took it away, or said something else of whether it can be checked"""
    first: dict[int, int] = {}
    for span, number in sorted({*before, *after}, reverse=True):
        was, now = before.get((span, number)), after.get((span, number))
        if not (was and now and was.reason == now.reason):
            first[span] = number
    return first


def _live_states(spans: Iterable[int]) -> dict[int, int]:
    parts = among(ClaimState.objects.current(), "span", spans)
    return {span: pk for part in parts for span, pk in part.values_list("span_id", "pk")}


def _go_along(change: Reversal) -> None:
    """Where its checking stands goes with an article, whose it is to judge with an article or a claim; and whoever
    takes back what they said, or says again what they did before, has looked again at a review that was sent back."""
    articles, claims = change.gone(ArticleDetails), change.gone(ClaimState)
    said = {key: turn.number for key, turn in change.turns[Annotation].items()}
    for model, name, things in (
        (ArticleWork, "article", articles),
        (Assignment, "article", articles),
        (Assignment, "span", claims),
    ):
        for part in among(model.objects.current(), name, things):
            change.along[model] |= set(part.values_list("pk", flat=True))
        _stay_away(
            change, model, {key for key, turn in change.turns[model].items() if _named(turn, name) in things}
        )
    for part in among(SentBack.objects.current(), "span", {span for span, _ in said}):
        rows = part.values_list("pk", "span_id", "reviewer_id")
        change.along[SentBack] |= {pk for pk, *whose in rows if tuple(whose) in said}
    later = {key for key, turn in change.turns[SentBack].items() if said.get(key, LIVE) < turn.number}
    _stay_away(change, SentBack, later)


def _named(turn: Turn, name: str) -> int | None:
    pk: int | None = getattr(turn.before, f"{name}_id", None)
    return pk


def _stay_away(change: Reversal, model: Model, keys: set[Key]) -> None:
    """What would come back with one of the changes, to go again with an earlier one."""
    for key in keys:
        change.turns[model][key] = replace(change.turns[model][key], before=None)
