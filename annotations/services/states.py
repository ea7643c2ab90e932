"""A claim's live work, read in one statement, and its ClaimState, written anew by whatever touches the claim."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import connection

from annotations.domain.consensus import VERDICTS, derive
from annotations.models import (
    LIVE,
    Annotation,
    ClaimLink,
    ClaimState,
    CollectionSettings,
    Evidence,
    Ruling,
    SentBack,
    Status,
    VersionRow,
)
from annotations.services.errors import NotThere
from annotations.services.ledger import Commit

BY_SETTINGS = ("open", "agreed", "contested")
PART = 5000

LIVE_RULING = "live"


@dataclass
class Work:
    """Everything live on one claim. `opinions`: reviewer id → (annotation id, verdict)."""

    reviews_needed: int = 1
    verified_needs_source: bool = True
    state_id: int | None = None
    revision: int = 0
    status: str = ""
    verdict: str | None = None
    reason: str = ""
    opinions: dict[int, tuple[int, str]] = field(default_factory=dict)
    sources: dict[int, int] = field(default_factory=dict)
    """evidence id → who added it"""
    ruling: tuple[int, int, str] | None = None
    """(ruling id, editor id, verdict)"""
    rulers: set[int] = field(default_factory=set)
    """everybody who ever decided it, or a claim that moved or was merged into it"""
    sent_back: dict[int, int] = field(default_factory=dict)
    """reviewer id → id of the row that sends their review back"""
    ways_on: list[int] = field(default_factory=list)
    """ids of the links that say that it moved or merged away: none while it is live"""

    @property
    def is_live(self) -> bool:
        return self.state_id is not None

    @property
    def not_checkable(self) -> bool:
        """Somebody said so; it still holds under an editor's decision, whose status goes first."""
        return bool(self.reason)


def work_on(span_id: int, collection_id: int) -> Work:
    """Not live where the claim is another collection's."""
    work = Work()
    with connection.cursor() as cursor:
        cursor.execute(_WORK, [collection_id, span_id, collection_id, *[span_id] * 6])
        for kind, row_id, person, verdict, status, reason in cursor.fetchall():
            match kind:
                case "c":
                    work.reviews_needed, work.verified_needs_source = row_id, bool(person)
                case "s":
                    work.state_id, work.revision = row_id, person
                    work.status, work.verdict, work.reason = status, verdict, reason
                case "a":
                    work.opinions[person] = (row_id, verdict)
                case "e":
                    work.sources[row_id] = person
                case "r":
                    work.rulers.add(person)
                    if status == LIVE_RULING:
                        work.ruling = (row_id, person, verdict)
                case "b":
                    work.sent_back[person] = row_id
                case "l":
                    work.ways_on.append(row_id)
    return work


def require_live(work: Work) -> None:
    if not work.is_live:
        raise NotThere("There is no such claim in this collection: it may have been taken away.")


def live_state(span_id: int) -> ClaimState | None:
    return ClaimState.objects.current().filter(span=span_id).first()


def renew(
    revision: Commit, span_id: int, work: Work, *, not_checkable: bool | None = None, reason: str = ""
) -> None:
    """Write the claim's state as its live work now makes it. `not_checkable` None leaves that as it is."""
    if not_checkable is None:
        not_checkable, reason = work.not_checkable, work.reason
    status, verdict = derived(work, not_checkable=not_checkable)
    retire(revision, work)
    while work.ways_on:
        revision.retire(ClaimLink, work.ways_on.pop())
    counts = dict(sorted(Counter(verdict for _, verdict in work.opinions.values()).items()))
    if work.sources:
        counts["sources"] = len(work.sources)
    work.status, work.verdict, work.reason = status, verdict, reason if not_checkable else ""
    work.revision = revision.number
    work.state_id = revision.insert(
        ClaimState, span_id=span_id, status=status, verdict=verdict, reason=work.reason, counts=counts
    )
    revision.tally[tally_key(status, verdict)] += 1


def derived(work: Work, *, not_checkable: bool | None = None) -> tuple[str, str | None]:
    """(status, verdict) as the live work makes them."""
    return derive(
        verdicts=[verdict for _, verdict in work.opinions.values()],
        has_source=bool(work.sources),
        ruling=work.ruling[2] if work.ruling else None,
        not_checkable=work.not_checkable if not_checkable is None else not_checkable,
        reviews_needed=work.reviews_needed,
        verified_needs_source=work.verified_needs_source,
    )


def rederive(revision: Commit) -> set[int]:
    """Write anew the states that the collection's settings now make otherwise. Returns those claims' ids.

    What a state counts is all that settings bear upon, so that no claim's work is read. Decided, not checkable and
    unjudged claims are so under any settings.
    """
    live = ClaimState.objects.current().filter(collection=revision.collection)
    rows = live.filter(status__in=BY_SETTINGS).order_by("pk")
    rule = CollectionSettings.objects.current().get(collection=revision.collection)
    last = live.order_by("pk").values_list("pk", flat=True).last() or 0
    touched, at = set(), 0
    while part := list(rows.filter(pk__gt=at, pk__lte=last)[:PART]):
        at = part[-1].pk
        touched |= _rewrite(revision, part, rule)
    return touched


def _rewrite(revision: Commit, part: list[ClaimState], rule: CollectionSettings) -> set[int]:
    anew = [(state, *_by_counts(state.counts, rule), state.reason) for state in part]
    other = [row for row in anew if row[1:3] != (row[0].status, row[0].verdict)]
    _write_anew(revision, other)
    return {state.span_id for state, *_ in other}


def say_checkable(revision: Commit, rows: list[ClaimState], reason: str) -> None:
    """Write anew the live states of claims that cannot be checked, for that reason; with none, that can be. As
    `renew` does, for many: what a state counts is all that it takes."""
    rule = CollectionSettings.objects.current().get(collection=revision.collection)

    def derived_of(state: ClaimState) -> tuple[str, str | None]:
        if state.status == Status.RULED:
            return state.status, state.verdict
        return (Status.NOT_CHECKABLE.value, None) if reason else _by_counts(state.counts, rule)

    _write_anew(revision, [(state, *derived_of(state), reason) for state in rows])


def _write_anew(revision: Commit, rows: list[tuple[ClaimState, str, str | None, str]]) -> None:
    """Live states, each with the status, the verdict and the reason that it has from now on."""
    revision.retire_many(ClaimState, [state.pk for state, *_ in rows])
    written = [
        {
            "span_id": state.span_id,
            "status": status,
            "verdict": verdict,
            "reason": reason,
            "counts": state.counts,
        }
        for state, status, verdict, reason in rows
    ]
    revision.insert_many(ClaimState, written)
    for state, status, verdict, _ in rows:
        revision.tally[tally_key(state.status, state.verdict)] -= 1
        revision.tally[tally_key(status, verdict)] += 1


def _by_counts(counts: dict[str, int], rule: CollectionSettings) -> tuple[str, str | None]:
    return derive(
        verdicts=[verdict for verdict in VERDICTS for _ in range(counts.get(verdict, 0))],
        has_source="sources" in counts,
        ruling=None,
        not_checkable=False,
        reviews_needed=rule.reviews_needed,
        verified_needs_source=rule.verified_needs_source,
    )


def retire(revision: Commit, work: Work) -> None:
    if work.state_id is not None:
        revision.retire(ClaimState, work.state_id)
        revision.tally[tally_key(work.status, work.verdict)] -= 1
        work.state_id = None


def tally_key(status: str, verdict: str | None) -> str:
    return f"{status}:{verdict}" if verdict else status


def _live(model: type[VersionRow], columns: str) -> str:
    return f"SELECT {columns} FROM {model._meta.db_table} WHERE span_id = %s AND retired_in = {LIVE}"


_WORK = " UNION ALL ".join(
    [
        "SELECT 'c' AS kind, CAST(reviews_needed AS bigint) AS row_id, "
        "CAST(CASE WHEN verified_needs_source THEN 1 ELSE 0 END AS bigint) AS person, "
        "CAST(NULL AS varchar) AS verdict, CAST(NULL AS varchar) AS status, CAST(NULL AS varchar) AS reason "
        f"FROM {CollectionSettings._meta.db_table} WHERE collection_id = %s AND retired_in = {LIVE}",
        _live(ClaimState, "'s', id, created_in, verdict, status, reason") + " AND collection_id = %s",
        _live(Annotation, "'a', id, reviewer_id, verdict, NULL, NULL"),
        _live(Evidence, "'e', id, added_by_id, NULL, NULL, NULL"),
        f"SELECT 'r', id, editor_id, verdict, CASE WHEN retired_in = {LIVE} THEN '{LIVE_RULING}' END, NULL "
        f"FROM {Ruling._meta.db_table} WHERE span_id = %s",
        f"SELECT 'r', r.id, r.editor_id, r.verdict, NULL, NULL FROM {ClaimLink._meta.db_table} l "
        f"JOIN {Ruling._meta.db_table} r ON r.span_id = l.span_id "
        f"WHERE l.other_id = %s AND l.retired_in = {LIVE} AND l.kind <> 'part'",
        _live(SentBack, "'b', id, reviewer_id, NULL, NULL, NULL"),
        f"SELECT 'l', id, other_id, NULL, NULL, NULL FROM {ClaimLink._meta.db_table} "
        f"WHERE span_id = %s AND retired_in = {LIVE} AND kind <> 'part'",
    ]
)
