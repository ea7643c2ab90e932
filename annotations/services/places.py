"""Moving a claim's boundaries, merging two claims into one, splitting one into parts.

What people have said goes along: version rows of the claim that was end, and begin again at the one that is, in one
revision. The claim that moved or merged away keeps its history and leads to where it lives now, see `links`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

from annotations.models import (
    Annotation,
    ClaimLink,
    Collection,
    Evidence,
    LinkKind,
    Ruling,
    Span,
    User,
    VersionRow,
)
from annotations.models.versions import LIVE
from annotations.services import links, states
from annotations.services.attached import already, attached, clashing
from annotations.services.claims import Place, Written, checked_text, claim_at
from annotations.services.errors import Invalid, OthersWork
from annotations.services.ledger import Commit, Replayed, Stale, commit, digest_of, payload

Spoken = TypeVar("Spoken", Annotation, Evidence, Ruling)
"""What people say of a claim."""


class PlaceTaken(OthersWork):
    """There is a live claim at the place already: `span_id`."""

    def __init__(self, span_id: int) -> None:
        message = f"Claim {span_id} stands at this place already. Ask an editor to merge the two."
        super().__init__(message, [f"claim {span_id} stands there"])
        self.span_id = span_id


@dataclass(frozen=True, slots=True)
class Split:
    """`parts`: the claims' ids, in the order of the places given."""

    span_id: int
    parts: tuple[int, ...]
    revision: int
    changed: bool = True


def move_claim(
    collection: Collection, *, author: User, span_id: int, place: Place, base: int, key: str | None = None
) -> Written:
    """The claim stands at another place of its article, with everything that was said of it.

    `base`: the claim's revision, as the author saw it. Who may do it is for `access_places.movable` to say.
    """
    text = checked_text(collection, place)
    digest = digest_of(do="move", span=span_id, place=asdict(place), base=base) if key else None
    try:
        with commit(collection, author=author, action="move", idempotency_key=key, digest=digest) as revision:
            work = _claim(collection, span_id, base)
            if _stands_at(span_id, place):
                raise _Unchanged(work.revision)
            there, found = claim_at(revision, text, place)
            if found.is_live:
                raise PlaceTaken(there)
            _move(revision, span_id, work, there, found)
            revision.result = {"span": there, "from": span_id}
    except Replayed as replay:
        return Written(replay.result["span"], replay.number, changed=False)
    except _Unchanged as same:
        return Written(span_id, same.revision, changed=False)
    return Written(there, revision.number)


def merge_claims(
    collection: Collection,
    *,
    author: User,
    keep: int,
    away: int,
    keep_base: int,
    away_base: int,
    key: str | None = None,
) -> Written:
    """What was said of `away` is said of `keep`; where somebody spoke on both, what they said of `keep` stays.

    `keep_base`, `away_base`: the claims' revisions, as the author, an editor, saw them.
    """
    bases = {"keep_base": keep_base, "away_base": away_base}
    digest = digest_of(do="merge", keep=keep, away=away, **bases) if key else None
    try:
        with commit(
            collection, author=author, action="merge", idempotency_key=key, digest=digest
        ) as revision:
            kept, gone = _claim(collection, keep, keep_base), _claim(collection, away, away_base)
            _refuse_unlike(keep, away)
            _refuse_two_rulings(keep, kept, away, gone)
            _refuse_what_weighs(keep, away)
            _merge(revision, keep, kept, away, gone)
            revision.result = {"span": keep, "away": away}
    except Replayed as replay:
        return Written(keep, replay.number, changed=False)
    return Written(keep, revision.number)


def split_claim(
    collection: Collection,
    *,
    author: User,
    span_id: int,
    parts: Sequence[Place],
    base: int,
    key: str | None = None,
) -> Split:
    """The places become claims, where they are none yet, and parts of this one, which stays as it is."""
    texts = [checked_text(collection, part) for part in parts]
    asked = [asdict(part) for part in parts]
    digest = digest_of(do="split", span=span_id, parts=asked, base=base) if key else None
    try:
        with commit(
            collection, author=author, action="split", idempotency_key=key, digest=digest
        ) as revision:
            work = _claim(collection, span_id, base)
            _check_parts(Span.objects.get(pk=span_id), parts)
            found = [claim_at(revision, text, part) for text, part in zip(texts, parts, strict=True)]
            spans = tuple(part for part, _ in found)
            if not _link_parts(revision, span_id, found):
                raise _Unchanged(work.revision, spans)
            states.renew(revision, span_id, work)
            revision.result = {"span": span_id, "parts": spans}
    except Replayed as replay:
        return Split(span_id, tuple(replay.result["parts"]), replay.number, changed=False)
    except _Unchanged as same:
        return Split(span_id, same.spans, same.revision, changed=False)
    return Split(span_id, spans, revision.number)


class _Unchanged(Exception):
    def __init__(self, revision: int, spans: tuple[int, ...] = ()) -> None:
        self.revision, self.spans = revision, spans


def _claim(collection: Collection, span_id: int, base: int) -> states.Work:
    work = states.work_on(span_id, collection.pk)
    states.require_live(work)
    if work.revision != base:
        raise Stale(states.live_state(span_id))
    return work


def _stands_at(span_id: int, place: Place) -> bool:
    span = Span.objects.get(pk=span_id)
    if place.article_id != span.article_id:
        raise Invalid("A claim moves within its article. Mark it in the other one too.", "article")
    if place.aspect != span.aspect:
        raise Invalid("Another aspect is another claim: mark it beside this one.", "aspect")
    return (place.start, place.end) == (span.start, span.end)


def _move(revision: Commit, old: int, work: states.Work, new: int, found: states.Work) -> None:
    _refuse_two_roles(set(work.opinions), work.ruling, new, found)
    _carry(
        revision, [*_live(Annotation, old), *_live(Evidence, old), *_live(Ruling, old), *attached(old)], new
    )
    states.retire(revision, work)
    fresh = states.work_on(new, revision.collection.pk)
    states.renew(revision, new, fresh, not_checkable=work.not_checkable, reason=work.reason)
    _lead_on(revision, old, new, LinkKind.MOVED)


def _merge(revision: Commit, keep: int, kept: states.Work, away: int, gone: states.Work) -> None:
    _refuse_two_roles(set(gone.opinions) - set(kept.opinions), gone.ruling, keep, kept)
    opinions, evidence = _live(Annotation, away), _live(Evidence, away)
    cited = {_cites(row) for row in _live(Evidence, keep)}
    _carry(revision, opinions, keep, but=[row for row in opinions if row.reviewer_id in kept.opinions])
    _carry(revision, evidence, keep, but=[row for row in evidence if _cites(row) in cited])
    _carry(revision, _live(Ruling, away), keep)
    said = attached(away)
    _carry(revision, said, keep, but=already(said, keep))
    states.retire(revision, gone)
    states.renew(revision, keep, states.work_on(keep, revision.collection.pk))
    _lead_on(revision, away, keep, LinkKind.MERGED)
    if keep in links.wholes(keep):
        raise Invalid("Between the two there is a claim that is a part of one and has the other as a part.")


def _carry(
    revision: Commit, rows: Sequence[VersionRow], span_id: int, but: Sequence[VersionRow] = ()
) -> None:
    """The rows end; the same are said of the other claim, `but` for some."""
    for row in rows:
        revision.retire(type(row), row.pk)
    for row in rows:
        if row not in but:
            revision.insert(type(row), **payload(row) | {"span_id": span_id})


def _lead_on(revision: Commit, old: int, new: int, kind: LinkKind) -> None:
    for neighbour in sorted(links.turn(revision, old, new)):
        states.renew(revision, neighbour, states.work_on(neighbour, revision.collection.pk))
    revision.insert(ClaimLink, span_id=old, other_id=new, kind=kind)


def _live(model: type[Spoken], span_id: int) -> list[Spoken]:
    return list(model._base_manager.filter(span=span_id, retired_in=LIVE).order_by("pk"))


def _cites(row: Evidence) -> tuple[int, str, str]:
    return row.source_id, row.locator, row.stance


def _refuse_two_roles(
    reviewers: set[int], ruling: tuple[int, int, str] | None, span_id: int, work: states.Work
) -> None:
    """Nobody reviews and decides one claim: also not by way of two that become one."""
    reviewed = links.reviews_of(span_id)
    editor = ruling[1] if ruling else None
    if reviewers & work.rulers or reviewed.filter(reviewer=editor).exists():
        raise OthersWork(
            "Nobody both reviews and decides a claim. Have the decision taken back first.",
            [f"somebody who decided the one reviewed the other, claim {span_id}"],
        )


def _refuse_unlike(keep: int, away: int) -> None:
    spans = Span.objects.in_bulk([keep, away])
    if len(spans) < 2:
        raise Invalid("Choose two claims to merge.", "away")
    if spans[keep].article_id != spans[away].article_id:
        raise Invalid("Claims of one article are merged, not of two.", "away")
    if spans[keep].aspect != spans[away].aspect:
        raise Invalid("What was claimed and that it was said are two claims: they are not merged.", "away")


def _refuse_two_rulings(keep: int, kept: states.Work, away: int, gone: states.Work) -> None:
    if kept.ruling and gone.ruling:
        raise OthersWork(
            "Both claims are decided. Take one of the two decisions back, then merge.",
            [f"claim {keep} is decided: {kept.ruling[2]}", f"claim {away} is decided: {gone.ruling[2]}"],
        )


def _refuse_what_weighs(keep: int, away: int) -> None:
    if depends := clashing(keep, away):
        raise OthersWork(
            "Both claims have one. Merge the other way round, or take one of the two back.", depends
        )


def _check_parts(whole: Span, parts: Sequence[Place]) -> None:
    if len({(part.start, part.end, part.aspect) for part in parts}) < max(2, len(parts)):
        raise Invalid("Choose two parts or more, each of them once.", "parts")
    for part in parts:
        inside = part.article_id == whole.article_id and whole.start <= part.start < part.end <= whole.end
        if not inside or part.end - part.start == whole.end - whole.start:
            raise Invalid("A part lies within the claim and is shorter.", "parts")


def _link_parts(revision: Commit, whole: int, found: Sequence[tuple[int, states.Work]]) -> bool:
    """False where all of them were parts already."""
    rows = ClaimLink.objects.current().filter(span=whole, kind=LinkKind.PART)
    known = set(rows.values_list("other_id", flat=True))
    above = links.wholes(whole)
    for part, work in found:
        if part in known:
            continue
        if part in above:
            raise Invalid(f"Claim {part} has this claim as a part: it cannot be a part of it.", "parts")
        states.renew(revision, part, work)
        revision.insert(ClaimLink, span_id=whole, other_id=part, kind=LinkKind.PART)
    return not {part for part, _ in found} <= known
