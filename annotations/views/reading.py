"""What the reader's pages and fragments start from: an article, read once and kept, and its claims as marks."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from annotations import access
from annotations.access import Seat
from annotations.domain.consensus import VERDICTS, tone
from annotations.domain.segments import Block, Mark, blend
from annotations.models import Article, ArticleDetails, Aspect, ClaimState, Membership, Status

KEPT_ARTICLES = 24
LONG = 40  # blocks: some 20,000 characters, which are laid out at once in 30 ms
WAITING = "Waiting for a second opinion"
UNSOURCED = "Waiting for a source"
STATES = {
    Status.TO_CHECK: "To check",
    Status.AGREED: "Agreed",
    Status.CONTESTED: "Reviewers disagree",
    Status.RULED: "Decided",
    Status.NOT_CHECKABLE: "Not checkable",
}
VERDICT_WORDS = {"verified": "verified", "disputed": "disputed", "needs_source": "needs source"}


class Kept(NamedTuple):
    """An article as one version of its details has it: none of this ever changes."""

    details: ArticleDetails
    text: str
    blocks: list[Block]
    starts: list[int]
    worked_out: dict[str, Any]
    """What is worked out of it when it is first asked for, and kept with it."""

    @property
    def is_long(self) -> bool:
        """So that a browser lays out only what is in sight."""
        return len(self.blocks) > LONG


class Reading(NamedTuple):
    """Somebody reads an article: their seat, the article."""

    seat: Seat
    kept: Kept

    @property
    def article_id(self) -> int:
        return self.kept.details.article_id

    @property
    def may_mark(self) -> bool:
        return self.seat.may_annotate and not self.kept.details.is_reference

    @property
    def url(self) -> str:
        return f"/c/{self.seat.collection.slug}/articles/{self.article_id}/"


def place_url(at: Reading, start: int, end: int, aspect: str = Aspect.FACT) -> str:
    """The reader with these words in hand, its text at their paragraph."""
    said = f"&aspect={aspect}" if aspect != Aspect.FACT else ""
    block = next((f"#b{block['start']}" for block in blocks_at(at.kept, start, end)), "")
    return f"{at.url}?start={start}&end={end}{said}{block}"


def page_url(at: Reading, span_id: int) -> str:
    """The claim's own page."""
    return f"/c/{at.seat.collection.slug}/claims/{span_id}/"


class Claim(NamedTuple):
    """A live claim as this person may see it."""

    id: int
    start: int
    end: int
    status: str
    verdict: str | None
    counts: dict[str, int]
    revision: int
    reason: str
    aspect: str
    again_on: date | None = None
    """of a decision: the day from which it is due again"""

    @property
    def is_hidden(self) -> bool:
        """What others made of it is hidden from this person, and with it the number of its last change."""
        return not self.revision

    @property
    def verdicts(self) -> list[str]:
        return [verdict for verdict in VERDICTS if self.counts.get(verdict)]

    @property
    def tone(self) -> str:
        return tone(self.status, self.verdict, self.verdicts)

    @property
    def reviewers(self) -> int:
        return sum(self.counts.get(verdict, 0) for verdict in VERDICTS)


def reading(user: Any, slug: str, article_id: int, role: str = Membership.Role.VIEWER) -> Reading:
    """Raises what `access.seat` raises, and Http404 for an article that is not there."""
    seat = access.seat(user, slug, role)
    return Reading(seat, kept_article(access.article_version(seat, article_id), seat.collection.epoch))


@lru_cache(maxsize=KEPT_ARTICLES)
def kept_article(version: int, epoch: int) -> Kept:
    """`epoch` because a redaction, which alone changes a text, raises it."""
    details = ArticleDetails.objects.select_related("article").defer("article__text").get(pk=version)
    text = Article.objects.values_list("text", flat=True).get(pk=details.article_id)
    blocks = details.blocks
    return Kept(details, text, blocks, [block["start"] for block in blocks], {})


def blocks_at(kept: Kept, start: int, end: int) -> list[Block]:
    """The blocks that share a character with start..end."""
    first = max(0, bisect_right(kept.starts, start) - 1)
    last = bisect_left(kept.starts, end)
    return [block for block in kept.blocks[first:last] if block["end"] > start]


COLUMNS = (
    "span_id",
    "span__start",
    "span__end",
    "shown_status",
    "shown_verdict",
    "counts",
    "created_in",
    "reason",
    "span__aspect",
    "again_on",
)


def claims(reading: Reading, rows: QuerySet[ClaimState] | None = None, **where: Any) -> list[Claim]:
    """The article's claims that this person may see; what is hidden from them is blanked."""
    states = access.claims(reading.seat) if rows is None else rows
    return seen(reading, states.filter(span__article=reading.article_id, **where).values_list(*COLUMNS))


def seen(reading: Reading, rows: Iterable[tuple[Any, ...]]) -> list[Claim]:
    """Rows of COLUMNS as claims, what is hidden blanked."""
    found = [Claim(*row) for row in rows]
    hidden = access.hidden_claims(reading.seat, [claim.id for claim in found])
    return [blanked(claim) if claim.id in hidden else claim for claim in found] if hidden else found


def blanked(claim: Claim) -> Claim:
    return claim._replace(
        status=Status.TO_CHECK, verdict=None, counts={}, revision=0, reason="", again_on=None
    )


def claims_between(reading: Reading, start: int, end: int) -> list[Claim]:
    return seen(reading, _BETWEEN(reading.seat, reading.article_id, start, end))


_BETWEEN = access.Seated(
    lambda seat, article, start, end: (
        access.claims(seat)
        .filter(span__article=article, span__start__lt=end, span__end__gt=start)
        .values_list(*COLUMNS)
    ),
    *(int, int, int),
)


def one_claim(reading: Reading, span_id: int) -> Claim | None:
    return next(iter(claims(reading, span=span_id)), None)


def marks(seat: Seat, found: Iterable[Claim]) -> list[Mark]:
    """One for each place: its aspects are rows of one card, not claims that overlap. They share a number, the
    first one's, and a tone: depth and number tell how many places meet, the tone whether the aspects differ."""
    return [_mark(seat, group) for group in by_place(found)]


def by_place(found: Iterable[Claim]) -> list[list[Claim]]:
    """Those of one place together, in the order of Aspect."""
    places: dict[tuple[int, int], list[Claim]] = {}
    for each in found:
        places.setdefault((each.start, each.end), []).append(each)
    return [
        group if len(group) == 1 else sorted(group, key=lambda claim: claim.aspect)
        for group in places.values()
    ]


def _mark(seat: Seat, group: list[Claim]) -> Mark:
    first, *others = group
    tone = blend(Counter(each.tone for each in group)) if others else first.tone
    label = "; ".join(f"Claim {each.id}{of_aspect(each.aspect)}: {said(seat, each)}" for each in group)
    return Mark(first.id, first.start, first.end, tone, label)


def of_aspect(aspect: str) -> str:
    """Behind a claim's number: ", that it was said"."""
    return "" if aspect == Aspect.FACT else f", {Aspect(aspect).label.lower()}"


def said(seat: Seat, claim: Claim) -> str:
    """In words: "disputed, 2 reviewers"."""
    match claim.status:
        case Status.TO_CHECK | Status.NOT_CHECKABLE:
            return state_words(seat, claim).lower()
        case Status.RULED:
            return f"decided: {VERDICT_WORDS[claim.verdict or '']}"
    opinion = VERDICT_WORDS[claim.verdicts[0]] if len(claim.verdicts) == 1 else "reviewers disagree"
    waiting = f", {state_words(seat, claim).lower()}" if claim.status == Status.OPEN else ""
    return f"{opinion}, {counted(claim.reviewers, 'reviewer')}{waiting}"


def state_words(seat: Seat, claim: Claim) -> str:
    if claim.status != Status.OPEN:
        return due_again(claim.again_on) or STATES[Status(claim.status)]
    enough = claim.reviewers >= seat.settings.reviews_needed
    return UNSOURCED if enough else WAITING


def due_again(day: date | None) -> str:
    """ "Check again by 4 May", once that day has come."""
    today = timezone.localdate()
    if day is None or day > today:
        return ""
    return f"Check again by {day:%-d %B}" + (f" {day:%Y}" if day.year != today.year else "")


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
