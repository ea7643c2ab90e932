"""What readers are told of an error in a published article: drafted, published, changed, withdrawn.

`published_at` is of the first publication and stays through changes. What was published once is never forgotten: its
versions tell the pages for readers that it was changed, or withdrawn.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from annotations.models import ArticleDetails, Collection, Correction, Span, User
from annotations.services import states
from annotations.services.claims import Written
from annotations.services.errors import Invalid, NotThere
from annotations.services.ledger import Commit, Replayed, Stale, commit, digest_of

EMPTY = {
    "reads": "Say what the article reads.",
    "should_read": "Say what it should read.",
    "public_text": "Say what readers are told.",
}


@dataclass(frozen=True, slots=True)
class Told:
    reads: str
    should_read: str
    public_text: str


def save_correction(
    collection: Collection,
    *,
    author: User,
    span_id: int,
    told: Told,
    base: int | None,
    key: str | None = None,
) -> Written:
    """Draft one, or change it. `base`: id of the version that the author saw, None for none.

    A change of a published one is public at once, approved by its author, and readers are told of the change.
    """
    told = _checked(told)
    digest = digest_of(do="correct", span=span_id, told=asdict(told), base=base) if key else None
    is_public = Correction.objects.filter(pk=base or 0, published_at__isnull=False).exists()
    action = "change-correction" if is_public else "draft-correction"
    try:
        with commit(collection, author=author, action=action, idempotency_key=key, digest=digest) as revision:
            live = _live(collection, span_id, base)
            said: dict[str, Any] = asdict(told)
            if live and all(getattr(live, name) == words for name, words in said.items()):
                raise _Unchanged(live)
            said |= {"drafted_by_id": author.pk}
            if live and live.published_at:
                said |= {"approved_by_id": author.pk, "published_at": live.published_at}
            version = _replace(revision, span_id, live, said)
    except Replayed as replay:
        return Written(span_id, replay.number, changed=False, version=replay.result["version"])
    except _Unchanged as same:
        return Written(span_id, same.row.created_in, changed=False, version=same.row.pk)
    return Written(span_id, revision.number, version=version)


def publish_correction(
    collection: Collection, *, author: User, span_id: int, base: int, key: str | None = None
) -> Written:
    """The author approves it, as it was in the version `base`."""
    digest = digest_of(do="publish-correction", span=span_id, base=base) if key else None
    now = timezone.now()
    try:
        with commit(
            collection, author=author, action="publish-correction", idempotency_key=key, digest=digest
        ) as revision:
            live = _live(collection, span_id, base)
            if live is None or live.published_at:
                raise Invalid("It is published already.")
            _check_article(span_id)
            said = {name: getattr(live, name) for name in ("reads", "should_read", "public_text")}
            people = {"drafted_by_id": live.drafted_by_id, "approved_by_id": author.pk}
            version = _replace(revision, span_id, live, said | people | {"published_at": now})
    except Replayed as replay:
        return Written(span_id, replay.number, changed=False, version=replay.result["version"])
    return Written(span_id, revision.number, version=version)


def withdraw_correction(
    collection: Collection, *, author: User, span_id: int, base: int, key: str | None = None
) -> Written:
    """A draft is thrown away; a published one is withdrawn, and readers are told that it was."""
    digest = digest_of(do="withdraw-correction", span=span_id, base=base) if key else None
    is_public = Correction.objects.filter(pk=base, published_at__isnull=False).exists()
    action = "withdraw-correction" if is_public else "discard-correction"
    try:
        with commit(collection, author=author, action=action, idempotency_key=key, digest=digest) as revision:
            _live(collection, span_id, base)
            revision.retire(Correction, base)
            revision.result = {"span": span_id}
    except Replayed as replay:
        return Written(span_id, replay.number, changed=False)
    return Written(span_id, revision.number)


class _Unchanged(Exception):
    def __init__(self, row: Correction) -> None:
        self.row = row


def _live(collection: Collection, span_id: int, base: int | None) -> Correction | None:
    states.require_live(states.work_on(span_id, collection.pk))
    live = Correction.objects.current().filter(span=span_id).first()
    if live is None and base is not None:
        raise NotThere("This correction was taken back in the meantime.")
    if (live.pk if live else None) != base:
        raise Stale(live)
    return live


def _replace(revision: Commit, span_id: int, live: Correction | None, said: dict[str, Any]) -> int:
    if live:
        revision.retire(Correction, live.pk)
    key = live.key if live else revision.new_key()
    version = revision.insert(Correction, span_id=span_id, key=key, **said)
    revision.result = {"span": span_id, "version": version}
    return version


def _checked(told: Told) -> Told:
    for name, words in EMPTY.items():
        if not getattr(told, name).strip():
            raise Invalid(words, name)
    return Told(told.reads.strip(), told.should_read.strip(), told.public_text.strip())


def is_out(day: date | None) -> bool:
    """Whether an article of which this is said is published."""
    return day is not None and day <= timezone.localdate()


def _check_article(span_id: int) -> None:
    article = Span.objects.values_list("article", flat=True).get(pk=span_id)
    published = (
        ArticleDetails.objects.current().filter(article=article).values_list("published_on", flat=True)
    )
    if not is_out(published.first()):
        raise Invalid(
            "This article is not published yet, as far as its details say. Give the day on which it was, then publish."
        )
