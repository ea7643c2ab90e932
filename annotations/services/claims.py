"""Marking a place in a text and giving an opinion of it."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import lru_cache

from django.db import connection

from annotations.domain.text import context
from annotations.models import (
    Annotation,
    ArticleDetails,
    Aspect,
    ClaimState,
    Collection,
    Evidence,
    Problem,
    Revision,
    Ruling,
    SentBack,
    Span,
    User,
    Verdict,
)
from annotations.models.prepared import Prepared
from annotations.models.versions import LIVE
from annotations.services import links, states
from annotations.services.attached import others_words, retire_attached
from annotations.services.errors import Invalid, NotAllowed, NotThere, OthersWork, QuoteMismatch
from annotations.services.ledger import Commit, Replayed, Stale, commit, digest_of, insert_row

LONGEST_REASON = 200
REFERENCE = "This is a reference text: it is cited, not checked. Open it beside the article that you check."


@dataclass(frozen=True, slots=True)
class Place:
    """Where a claim stands: code points of the article's text, end exclusive."""

    article_id: int
    start: int
    end: int
    quote: str
    aspect: str = Aspect.FACT


@dataclass(frozen=True, slots=True)
class Opinion:
    verdict: str
    why: str = ""
    problem: str = ""
    should_read: str = ""
    must_fix: bool = False
    confidence: int | None = None
    asked: str = ""
    """Of whom a source was asked, and when the answer is due: said with needs_source, dropped with another verdict."""
    due_on: date | None = None

    def lasting(self) -> "Opinion":
        if self.verdict == Verdict.NEEDS_SOURCE:
            return replace(self, asked=self.asked.strip())
        return replace(self, asked="", due_on=None)

    def digested(self) -> dict[str, object]:
        """What an idempotency key stands for; as it was before `asked` and `due_on`, where neither is given."""
        return {name: said for name, said in asdict(self).items() if said or name not in ("asked", "due_on")}


@dataclass(frozen=True, slots=True)
class Written:
    """`changed` is False when the collection already said so, or the request was a retry."""

    span_id: int
    revision: int
    changed: bool = True
    version: int | None = None
    """id of the version row written: the base of the next edit"""


def mark(collection: Collection, *, author: User, place: Place, key: str | None = None) -> Written:
    """Make the place a claim. The same place again gives the claim that is there."""
    text = checked_text(collection, place)
    if key is None and (existing := _live_claim(collection, place)):
        return Written(*existing, changed=False)
    digest = digest_of(do="mark", place=asdict(place)) if key else None
    try:
        with commit(collection, author=author, action="mark", idempotency_key=key, digest=digest) as revision:
            span_id, work = claim_at(revision, text, place)
            if work.is_live:
                raise _AlreadyMarked(span_id, work.revision)
            states.renew(revision, span_id, work)
            revision.result = {"span": span_id}
    except Replayed as replay:
        return Written(replay.result["span"], replay.number, changed=False)
    except _AlreadyMarked as found:
        return Written(found.span_id, found.revision, changed=False)
    return Written(span_id, revision.number)


def tag(
    collection: Collection,
    *,
    author: User,
    target: int | Place,
    opinion: Opinion,
    base: int | None,
    key: str | None = None,
) -> Written:
    """Give or change the author's opinion of a claim (its id, or a place that becomes one).

    `base`: id of the annotation that the author saw as theirs, None for no annotation yet.
    """
    _check_opinion(opinion)
    opinion = opinion.lasting()
    text = checked_text(collection, target) if isinstance(target, Place) else None
    digest = (
        digest_of(do="tag", target=_named(target), opinion=opinion.digested(), base=base) if key else None
    )
    try:
        with commit(collection, author=author, action="tag", idempotency_key=key, digest=digest) as revision:
            span_id, work = claim_at(revision, text, target) if text else _claim(collection, target)
            version = _give_opinion(revision, author, span_id, work, opinion, base)
            revision.result = {"span": span_id, "version": version, "verdict": opinion.verdict}
    except Replayed as replay:
        return Written(replay.result["span"], replay.number, changed=False, version=replay.result["version"])
    except _Unchanged as same:
        return Written(same.span_id, same.revision, changed=False, version=base)
    return Written(span_id, revision.number, version=version)


def withdraw(
    collection: Collection, *, author: User, span_id: int, base: int, key: str | None = None
) -> Written:
    digest = digest_of(do="withdraw", span=span_id, base=base) if key else None
    try:
        with commit(
            collection, author=author, action="withdraw", idempotency_key=key, digest=digest
        ) as revision:
            _, work = _claim(collection, span_id)
            mine = work.opinions.pop(author.pk, None)
            if mine is None:
                raise NotThere("You have no opinion of this claim to withdraw.")
            if mine[0] != base:
                raise Stale(Annotation.objects.get(pk=mine[0]))
            revision.retire(Annotation, base)
            _heeded(revision, work, author)
            states.renew(revision, span_id, work)
            revision.result = {"span": span_id}
    except Replayed as replay:
        return Written(span_id, replay.number, changed=False)
    return Written(span_id, revision.number)


def _heeded(revision: Commit, work: states.Work, author: User) -> None:
    """Who says something else has looked again."""
    if author.pk in work.sent_back:
        revision.retire(SentBack, work.sent_back.pop(author.pk))


def set_checkable(
    collection: Collection,
    *,
    author: User,
    target: int | Place,
    not_checkable: bool,
    reason: str = "",
    base: int | None = None,
    unseen: bool = False,
    key: str | None = None,
) -> Written:
    """Say that a claim cannot be checked, and why; or take that back. `base`: the claim's revision, None for any of
    which nobody else has said so for another reason.

    `unseen`: what others did to the claim is hidden from the author. Then the base is not compared, and what
    somebody else said stays as it is.
    """
    reason = checked_reason(reason) if not_checkable else ""
    text = checked_text(collection, target) if isinstance(target, Place) else None
    digest = digest_of(do="checkable", target=_named(target), reason=reason, base=base) if key else None
    action = "not-checkable" if not_checkable else "checkable"
    try:
        with commit(collection, author=author, action=action, idempotency_key=key, digest=digest) as revision:
            span_id, work = claim_at(revision, text, target) if text else _claim(collection, target)
            _check_base(span_id, work, base, unseen)
            if work.is_live and work.reason == reason:
                raise _Unchanged(span_id, work.revision)
            anothers = bool(work.reason) and who_said_so(collection, span_id, work.reason) != author.pk
            if anothers and unseen:
                raise _Unchanged(span_id, work.revision)
            if anothers and base is None:
                raise Stale(states.live_state(span_id))
            states.renew(revision, span_id, work, not_checkable=not_checkable, reason=reason)
            revision.result = {"span": span_id}
    except Replayed as replay:
        return Written(replay.result["span"], replay.number, changed=False)
    except _Unchanged as same:
        return Written(same.span_id, same.revision, changed=False)
    return Written(span_id, revision.number)


def unmark(
    collection: Collection,
    *,
    author: User,
    span_id: int,
    base: int | None = None,
    unseen: bool = False,
    key: str | None = None,
) -> Written:
    """Take a claim away, with the author's own work on it; refused where others' work is on it.

    `base`, `unseen`: as of `set_checkable`.
    """
    digest = digest_of(do="unmark", span=span_id, base=base) if key else None
    try:
        with commit(
            collection, author=author, action="unmark", idempotency_key=key, digest=digest
        ) as revision:
            _, work = _claim(collection, span_id)
            _check_base(span_id, work, base, unseen)
            _refuse_others_work(collection, span_id, work, author)
            retire_all(revision, span_id, work)
            revision.result = {"span": span_id}
    except Replayed as replay:
        return Written(span_id, replay.number, changed=False)
    return Written(span_id, revision.number)


class _Unchanged(Exception):
    def __init__(self, span_id: int, revision: int) -> None:
        self.span_id, self.revision = span_id, revision


class _AlreadyMarked(_Unchanged):
    pass


def _check_base(span_id: int, work: states.Work, base: int | None, unseen: bool) -> None:
    if base is not None and not unseen and work.revision != base:
        raise Stale(states.live_state(span_id))


def _give_opinion(
    revision: Commit, author: User, span_id: int, work: states.Work, opinion: Opinion, base: int | None
) -> int:
    mine = work.opinions.get(author.pk)
    if (mine[0] if mine else None) != base:
        raise Stale(Annotation.objects.filter(pk=mine[0]).first() if mine else None)
    if author.pk in work.rulers:
        raise NotAllowed("You decided this claim, so you cannot review it too.", "reviewed-by-ruler")
    if mine:
        if _same(mine[0], opinion):
            raise _Unchanged(span_id, work.revision)
        revision.retire(Annotation, mine[0])
    _heeded(revision, work, author)
    version = revision.insert(Annotation, span_id=span_id, reviewer_id=author.pk, **asdict(opinion))
    work.opinions[author.pk] = (version, opinion.verdict)
    states.renew(revision, span_id, work)
    return version


def _check_opinion(opinion: Opinion) -> None:
    if opinion.verdict not in Verdict.values:
        raise Invalid(f"The verdict is one of {', '.join(Verdict.values)}.", "verdict")
    if opinion.problem and opinion.problem not in Problem.values:
        raise Invalid(f"The problem is one of {', '.join(Problem.values)}.", "problem")
    if opinion.confidence is not None and not 0 <= opinion.confidence <= 100:
        raise Invalid("Confidence is a percentage, from 0 to 100.", "confidence")


def checked_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid("Say why it cannot be checked: opinion, prediction, common knowledge …", "reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"The reason has at most {LONGEST_REASON} characters.", "reason")
    return reason


def _same(annotation_id: int, opinion: Opinion) -> bool:
    wanted = asdict(opinion)
    return Annotation.objects.filter(pk=annotation_id).values(*wanted).get() == wanted


def checked_text(collection: Collection, place: Place) -> str:
    """The article's text, checked against the quote."""
    text = _kept_text(collection.pk, place.article_id, collection.epoch)
    if not 0 <= place.start < place.end <= len(text):
        raise Invalid(
            f"Start and end must lie in the text, from 0 to {len(text)}, start before end.", "start"
        )
    if place.aspect not in Aspect.values:
        raise Invalid(f"The aspect is one of {', '.join(Aspect.values)}.", "aspect")
    found = text[place.start : place.end]
    if found != place.quote:
        raise QuoteMismatch(found)
    if not found.strip():
        raise Invalid("Select some words first.", "start")
    return text


@lru_cache(maxsize=16)
def _kept_text(collection_id: int, article_id: int, _epoch: int) -> str:
    """A text never changes, but by a redaction, which raises the epoch. That the article is still in the
    collection is for `claim_at` to see, under the lock."""
    row = _TEXT.first(collection_id, article_id)
    if row is None:
        raise NotThere("There is no such article in this collection.")
    text: str = row[0]
    return text


_TEXT = Prepared(
    lambda collection, article: (
        ArticleDetails.objects.current()
        .filter(collection=collection, article=article)
        .values_list("article__text")
    ),
    int,
    int,
)


def _live_claim(collection: Collection, place: Place) -> tuple[int, int] | None:
    """(span id, the claim's revision) where the place is a live claim."""
    return (
        Span.objects.filter(
            article=place.article_id,
            start=place.start,
            end=place.end,
            aspect=place.aspect,
            states__retired_in=LIVE,
        )
        .values_list("pk", "states__created_in")
        .first()
    )


def claim_at(revision: Commit, text: str, place: int | Place) -> tuple[int, states.Work]:
    assert isinstance(place, Place)
    where = {"article_id": place.article_id, "start": place.start, "end": place.end, "aspect": place.aspect}
    with connection.cursor() as cursor:
        cursor.execute(_SPAN_AT, [place.start, place.end, place.aspect, place.article_id])
        found = cursor.fetchone()
    if found is None:
        raise NotThere("There is no such article in this collection: it may have been taken away.")
    span_id, role = found
    if role == ArticleDetails.Role.REFERENCE:
        raise NotAllowed(REFERENCE, "reference-text")
    if span_id is None:
        prefix, suffix = context(text, place.start, place.end)
        span_id = insert_row(Span, **where, quote=place.quote, prefix=prefix, suffix=suffix)
    return span_id, states.work_on(span_id, revision.collection.pk)


# One row while the article is in the collection, with the span that stands at the place, or null.
_SPAN_AT = f"""
    SELECT s.id, d.role FROM {ArticleDetails._meta.db_table} d
    LEFT JOIN {Span._meta.db_table} s
        ON s.article_id = d.article_id AND s.start = %s AND s."end" = %s AND s.aspect = %s
    WHERE d.article_id = %s AND d.retired_in = {LIVE}
"""


def _claim(collection: Collection, span_id: int | Place) -> tuple[int, states.Work]:
    assert isinstance(span_id, int)
    work = states.work_on(span_id, collection.pk)
    states.require_live(work)
    return span_id, work


def _refuse_others_work(collection: Collection, span_id: int, work: states.Work, author: User) -> None:
    if depends := others_work(collection, span_id, work, author):
        raise OthersWork(
            "Others have worked on this claim. Ask them to withdraw first, or ask an editor.", depends
        )


def others_work(collection: Collection, span_id: int, work: states.Work, author: User) -> list[str]:
    depends = [
        f"an opinion by another reviewer ({verdict})"
        for who, (_, verdict) in work.opinions.items()
        if who != author.pk
    ]
    depends += ["a source that somebody else added" for who in work.sources.values() if who != author.pk]
    depends += ["an editor's decision"] if work.ruling and work.ruling[1] != author.pk else []
    depends += others_words(span_id, author)
    if work.not_checkable and who_said_so(collection, span_id, work.reason) != author.pk:
        depends.append(f"somebody else said that it cannot be checked ({work.reason})")
    return depends


def who_said_so(collection: Collection, span_id: int, reason: str) -> int | None:
    """Who last said of the claim that it cannot be checked, for this reason."""
    claims = {span_id} | links.origins(span_id)
    said = ClaimState.objects.filter(collection=collection, span__in=claims, reason=reason)
    revisions = Revision.objects.filter(
        collection=collection, action="not-checkable", number__in=said.values("created_in")
    )
    return revisions.order_by("number").values_list("author", flat=True).last()


def retire_all(revision: Commit, span_id: int, work: states.Work) -> None:
    for annotation_id, _ in work.opinions.values():
        revision.retire(Annotation, annotation_id)
    for evidence_id in work.sources:
        revision.retire(Evidence, evidence_id)
    if work.ruling:
        revision.retire(Ruling, work.ruling[0])
    retire_attached(revision, span_id)
    states.retire(revision, work)
    for neighbour in sorted(links.cut(revision, span_id)):
        states.renew(revision, neighbour, states.work_on(neighbour, revision.collection.pk))


def _named(target: int | Place) -> object:
    return asdict(target) if isinstance(target, Place) else target
