"""Many claims accepted at once, each as its reviewers agree: one change, one reason, undone as one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from annotations.domain.unanimous import CHANGED, GONE, Standing, in_the_way
from annotations.models import (
    LIVE,
    Annotation,
    ClaimLink,
    ClaimState,
    Collection,
    Evidence,
    LegalRead,
    Ruling,
    SentBack,
    Status,
    User,
)
from annotations.services import states
from annotations.services.comments import answered
from annotations.services.errors import Invalid
from annotations.services.ledger import Commit, Replayed, commit, digest_of
from annotations.services.origins import Known, marks_of

MOST = 200
LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Accepted:
    """`revision` None: nothing was. `left_out`: claim → why."""

    revision: int | None
    spans: list[int] = field(default_factory=list)
    left_out: dict[int, str] = field(default_factory=dict)


def accept(
    collection: Collection,
    *,
    author: User,
    chosen: Mapping[int, int],
    rationale: str,
    key: str | None = None,
) -> Accepted:
    """`chosen`: claim → its revision, as the editor read it. What has changed since, or may not be accepted with
    others, is left out and named."""
    rationale = _checked(chosen, rationale)
    digest = digest_of(do="accept", chosen=sorted(chosen.items()), rationale=rationale) if key else None
    try:
        with commit(
            collection, author=author, action="accept", idempotency_key=key, digest=digest
        ) as revision:
            found = standings(collection, author, chosen)
            left_out = {span: why for span, read in chosen.items() if (why := _why(found.get(span), read))}
            taken = {span: found[span] for span in sorted(chosen) if span not in left_out}
            if not taken:
                raise _Nothing(left_out)
            _write(revision, author, taken, rationale)
            revision.result = _told(taken, left_out)
    except Replayed as replay:
        return accepted_in(replay.number, replay.result)
    except _Nothing as nothing:
        return Accepted(None, left_out=nothing.left_out)
    return accepted_in(revision.number, revision.result)


def accepted_in(number: int, result: dict[str, object]) -> Accepted:
    """What a revision of this kind did."""
    spans, left_out = result["spans"], result["left_out"]
    assert isinstance(spans, list)
    assert isinstance(left_out, list)
    return Accepted(number, list(spans), {span: str(why) for span, why in left_out})


def standings(collection: Collection, author: User, span_ids: Iterable[int]) -> dict[int, Standing]:
    """Of those of the claims that are live. Seven queries, however many they are."""
    wanted = list(span_ids)
    rows = ClaimState.objects.current().filter(collection=collection, span__in=wanted)
    found = {row.span_id: Standing(row.created_in, row.status == Status.AGREED, row.verdict) for row in rows}
    for name, spans in _marked(author, list(found)).items():
        for span in spans:
            setattr(found[span], name, True)
    _add_sources(found)
    return found


def _marked(author: User, spans: list[int]) -> dict[str, set[int]]:
    """What keeps a claim from being accepted with others → the claims."""
    opinions = Annotation.objects.filter(span__in=spans, retired_in=LIVE, must_fix=True)
    legal = LegalRead.objects.current().filter(span__in=spans).in_the_way()
    back = SentBack.objects.current().filter(span__in=spans)
    return {
        "reviewed": _reviewed(author, spans),
        "must_fix": set(opinions.values_list("span", flat=True)),
        "legal": set(legal.values_list("span", flat=True)),
        "sent_back": set(back.values_list("span", flat=True)),
    }


def _reviewed(author: User, spans: list[int]) -> set[int]:
    """On which the editor ever had an opinion, or on one that came to it."""
    came = ClaimLink.objects.current().filter(other__in=spans, kind__in=ClaimLink.AWAY)
    now_at = {span: span for span in spans} | dict(came.values_list("span", "other"))
    mine = Annotation.objects.filter(reviewer=author, span__in=list(now_at))
    return {now_at[span] for span in mine.values_list("span", flat=True)}


def _add_sources(found: dict[int, Standing]) -> None:
    rows = Evidence.objects.current().filter(span__in=list(found), source__versions__retired_in=LIVE)
    details = (f"source__versions__{name}" for name in ("is_primary", "publisher", "url"))
    cited = list(rows.values_list("span", "stance", *details, "source", "source__article"))
    marks = marks_of(
        [Known(source, publisher, url, article) for *_, publisher, url, source, article in cited]
    )
    for (span, stance, is_primary, *_), own in zip(cited, marks, strict=True):
        found[span].cite(stance, own, first_hand=is_primary)


def _checked(chosen: Mapping[int, int], rationale: str) -> str:
    rationale = rationale.strip()
    if not chosen:
        raise Invalid("Choose at least one claim.", "claim")
    if len(chosen) > MOST:
        raise Invalid(f"At most {MOST} claims at a time.", "claim")
    if not rationale or len(rationale) > LONGEST or "\0" in rationale:
        raise Invalid(
            f"Say why, in at most {LONGEST:,} characters: it goes out with each claim.", "rationale"
        )
    return rationale


def _why(standing: Standing | None, read: int) -> str:
    if standing is None:
        return GONE
    if standing.revision != read:
        return CHANGED
    return "; ".join(in_the_way(standing))


class _Nothing(Exception):
    def __init__(self, left_out: dict[int, str]) -> None:
        self.left_out = left_out


def _write(revision: Commit, author: User, taken: Mapping[int, Standing], rationale: str) -> None:
    live = list(ClaimState.objects.current().filter(span__in=list(taken)))
    answered(revision, taken, author)
    revision.insert_many(Ruling, (_ruling(author, span, each, rationale) for span, each in taken.items()))
    revision.retire_many(ClaimState, [row.pk for row in live])
    revision.insert_many(ClaimState, map(_decided, live))
    for row in live:
        revision.tally[states.tally_key(row.status, row.verdict)] -= 1
        revision.tally[states.tally_key(Status.RULED, row.verdict)] += 1


def _ruling(author: User, span: int, each: Standing, rationale: str) -> dict[str, object]:
    said: dict[str, object] = {"editor_id": author.pk, "verdict": each.verdict, "rationale": rationale}
    return said | {"span_id": span, "should_read": "", "true_as_of": None, "check_again_on": None}


def _decided(row: ClaimState) -> dict[str, object]:
    kept = {"span_id": row.span_id, "verdict": row.verdict, "reason": row.reason, "counts": row.counts}
    return kept | {"status": Status.RULED}


def _told(taken: Mapping[int, Standing], left_out: Mapping[int, str]) -> dict[str, object]:
    many: Sequence[int] = list(taken)
    told: dict[str, object] = {"spans": many, "left_out": sorted(left_out.items())}
    told["title"] = f"{len(many):,} claim{'s' if len(many) != 1 else ''}"
    return told | ({"span": many[0]} if len(many) == 1 else {})
