"""What waits for me, as lines of my desk, by the time when it is due."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, NamedTuple

from django.utils import timezone

from annotations import access_waiting
from annotations.access import Seat
from annotations.access_legal import waiting_for_lawyer
from annotations.models import ArticleDetails, ArticleWork, Comment, Membership, Ruling, Span, article_name
from annotations.services.lineage import among
from annotations.services.visits import opened
from annotations.views.entries import claim_url
from annotations.views.reading import due_again
from annotations.views.work import Line, due_words, in_my_hands, line_of, who_said

KINDS = ("back", "mention", "legal", "hand", "answer", "decide", "again", "check")
"""What comes first of what is due at the same time: what others wait for before one more opinion."""
WORK = ("decide", "again", "back", "legal", "answer", "mention", "check")
"""Of one claim: what is the work there; whoever does it sees the rest beside it."""
DECIDED_ON_PAGE = ("decide", "again")
HANDS = 12
"""So many of the articles that are mine does the desk show."""
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Item:
    """`words`: what was said with it, `by`: who said it. `mine`: it was given to me. An article that was handed to me
    has no `span` and its `work`."""

    kind: str
    seat: Seat
    span: int
    mine: bool = False
    words: str = ""
    by: str = ""
    due: datetime | None = None
    article: int = 0
    start: int = 0
    quote: str = ""
    title: str = ""
    note: str = ""
    """instead of the deadline, in words"""
    work: ArticleWork | None = None
    others: list["Item"] = field(default_factory=list)
    """what else of the same claim waits for me"""

    @property
    def url(self) -> str:
        if self.kind == "legal" and self.seat.is_viewer:
            # A lawyer who only reads may not see the claim elsewhere.
            return f"/c/{self.seat.collection.slug}/legal/#c{self.span}"
        if self.kind == "hand":
            return f"/c/{self.seat.collection.slug}/articles/{self.article}/"
        if self.kind in DECIDED_ON_PAGE:
            return f"/c/{self.seat.collection.slug}/claims/{self.span}/"
        return claim_url(self.seat.collection.slug, self.article, self.span)

    @property
    def told(self) -> list["Item"]:
        """Those with which somebody said something to me."""
        return [item for item in (self, *self.others) if item.words and item.by]

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due < timezone.now()

    @property
    def due_words(self) -> str:
        return self.note or due_words(self.due, late=self.is_late)

    @property
    def order(self) -> tuple[Any, ...]:
        """An opinion that anybody may give comes behind what is this person's to do."""
        is_anybodys = self.kind == "check" and not self.mine
        return (is_anybodys, self.due or NEVER, self.article, self.start, self.span)


@dataclass
class Waiting:
    """Items by kind, each by the time when it is due; `hands`: articles that are mine; `next_due`: when the first of
    what does not wait yet is."""

    kinds: dict[str, list[Item]]
    hands: list[Item] = field(default_factory=list)
    next_due: str = ""

    def in_order(self) -> list[Item]:
        """One after the other: what was given to me and is due first."""
        every = (item for items in self.kinds.values() for item in items)
        return sorted(every, key=_turn)

    def kinds_in_order(self) -> list[str]:
        """Of which something waits: first that of which the first is first of all."""
        return sorted(
            (kind for kind in KINDS if self.kinds[kind]), key=lambda kind: _turn(self.kinds[kind][0])
        )


def _turn(item: Item) -> tuple[Any, ...]:
    is_anybodys, due, *place = item.order
    return (is_anybodys, due, KINDS.index(item.kind), *place)


def waiting_for(seats: list[Seat]) -> Waiting:
    homes = {seat.collection.pk: seat for seat in seats}
    answers = access_waiting.answers_due(seats)
    today = timezone.localdate()
    found = [
        *_said_to_me(seats, homes),
        *(_answer(homes[row.collection_id], row) for row in answers if row.due_on and row.due_on <= today),
        *(Item(row.kind, row.seat, row.span, row.mine) for row in access_waiting.waiting(seats)),
    ]
    items = _by_claim(item for item in found if item.article) if _place(found) else []
    handed, hands, dues = _hands(seats, homes)
    items += handed
    kinds = {kind: sorted(_of(items, kind), key=lambda item: item.order) for kind in KINDS}
    later = [row.due_on for row in answers if row.due_on and row.due_on > today]
    if again := access_waiting.next_again(seats):
        later.append(again)
    dues += [datetime.combine(day, time(), UTC) for day in later]
    return Waiting(kinds, hands, _first(dues))


def _by_claim(found: Iterable[Item]) -> list[Item]:
    """One for each claim: what there is to do about it, with what else waits there."""
    claims: dict[int, list[Item]] = {}
    for item in found:
        claims.setdefault(item.span, []).append(item)
    for items in claims.values():
        items.sort(key=lambda item: WORK.index(item.kind))
        first, *first.others = items
        first.due = min((item.due for item in items if item.due), default=None)
        first.mine = any(item.mine for item in items)
    return [items[0] for items in claims.values()]


class Turn(NamedTuple):
    """Where a claim stands among those that wait for an editor's decision: first what is due first.

    `place`: its number among them, None where it does not wait itself. Behind the last comes the first again.
    """

    here: Item
    place: int | None
    total: int
    previous: Item | None
    next: Item | None


def turn_of(seat: Seat, span_id: int) -> Turn:
    here = Item("decide", seat, span_id)
    rows = access_waiting.waiting([seat], DECIDED_ON_PAGE)
    items = [Item(row.kind, seat, row.span) for row in rows if row.span != span_id]
    _place([*items, here])
    others = sorted((item for item in items if item.article), key=lambda item: item.order)
    before = sum(item.order < here.order for item in others)
    waits = any(row.span == span_id for row in rows)
    return Turn(
        here,
        before + 1 if waits else None,
        len(others) + waits,
        others[before - 1] if others else None,
        others[before % len(others)] if others else None,
    )


def _of(items: Iterable[Item], kind: str) -> list[Item]:
    return [item for item in items if item.kind == kind]


def _first(dues: list[datetime]) -> str:
    """ "today 18:30 UTC", "4 May" """
    coming = sorted(due for due in dues if due > timezone.now())
    if not coming:
        return ""
    return due_words(coming[0], late=False).removeprefix("due ").removesuffix(" 00:00 UTC")


def _said_to_me(seats: list[Seat], homes: dict[int, Seat]) -> Iterator[Item]:
    for row in access_waiting.sent_back(seats):
        yield Item("back", homes[row.collection_id], row.span_id, True, row.reason, str(row.editor))
    mentions = access_waiting.mentions(seats)
    said = {(row.collection_id, row.key): row for row in _comments(mentions)}
    for mention in mentions:
        comment = said.get((mention.collection_id, mention.comment))
        words, by = (comment.text, str(comment.author)) if comment else ("", "")
        yield Item("mention", homes[mention.collection_id], mention.span_id, True, words, by)
    yield from _legal(seats, homes)


def _comments(mentions: list[Any]) -> Iterator[Comment]:
    """None where nobody is mentioned: then no query."""
    if mentions:
        homes = {row.collection_id for row in mentions}
        rows = Comment.objects.current().filter(
            collection__in=homes, key__in={row.comment for row in mentions}
        )
        yield from rows.select_related("author")


def _legal(seats: list[Seat], homes: dict[int, Seat]) -> Iterator[Item]:
    """A lawyer's part."""
    me = {seat.user.pk for seat in seats}
    lawyer = Membership.objects.filter(user__in=me, ended=None, is_lawyer=True)
    reads = set(lawyer.values_list("collection", flat=True)) if seats else set()
    if mine := [seat for seat in seats if seat.collection.pk in reads]:
        for row in waiting_for_lawyer(mine, access_waiting.FOUND):
            yield Item("legal", homes[row.collection_id], row.span_id, True, row.question, str(row.asked_by))


def _answer(seat: Seat, row: Any) -> Item:
    whom = f"asked {row.asked}" if row.asked else ""
    due = datetime.combine(row.due_on, time(), UTC)
    late = row.due_on < timezone.localdate()
    note = f"answer {'overdue since' if late else 'due'} {row.due_on:%-d %B}"
    return Item("answer", seat, row.span_id, True, whom, due=due, note=note)


def _place(items: list[Item]) -> bool:
    """Where each stands in which article, and until when. False where there is nothing."""
    places: dict[int, tuple[int, int]] = {}
    for part in among(Span.objects.all(), "pk", {item.span for item in items}):
        places |= {pk: (article, start) for pk, article, start in part.values_list("pk", "article", "start")}
    if not places:
        return False
    dues = access_waiting.deadlines({article for article, _ in places.values()})
    for item in items:
        item.article, item.start = places.get(item.span, (0, 0))
        item.due = item.due or dues.get(item.article)
    return True


def worded(items: list[Item]) -> list[Item]:
    """With the words of the claim and the title of its article: for those that are shown."""
    if items:
        quotes = dict(Span.objects.filter(pk__in={item.span for item in items}).values_list("pk", "quote"))
        details = ArticleDetails.objects.current().filter(article__in={item.article for item in items})
        titles = dict(details.values_list("article", "title"))
        for item in items:
            item.quote, item.title = (
                quotes.get(item.span, ""),
                article_name(item.article, titles.get(item.article, "")),
            )
        _day_of([item for item in items if item.kind == "again"])
        _said_with([item for item in items if item.work])
    return items


def _day_of(items: list[Item]) -> None:
    """Of decisions that are due again: by which day."""
    if items:
        rows = Ruling.objects.current().filter(span__in=[item.span for item in items])
        days = dict(rows.values_list("span", "check_again_on"))
        for item in items:
            item.words = due_again(days.get(item.span))


def _said_with(items: list[Item]) -> None:
    """Of articles that were handed to me: with which words."""
    said = who_said(item.work for item in items if item.work)
    for item in items:
        line = line_of(item.seat, item.work, said.get(item.article))
        item.words, item.by = line.note, line.said_by


def _hands(seats: list[Seat], homes: dict[int, Seat]) -> tuple[list[Item], list[Item], list[datetime]]:
    """Articles that are mine and not cleared, the most urgent first: those handed to me that I have not opened since,
    the others, and the deadlines of all."""
    rows = list(in_my_hands(seats, access_waiting.FOUND))
    if not rows:
        return [], [], []
    ids = [row.article_id for row in rows]
    details = ArticleDetails.objects.current().filter(article__in=ids, role=ArticleDetails.Role.CHECKED)
    checked = set(details.values_list("article", flat=True))
    fresh = access_waiting.handed_over(rows, opened({seat.user.pk for seat in seats}, ids))
    items = [
        Item("hand", homes[row.collection_id], 0, True, due=row.due_at, article=row.article_id, work=row)
        for row in rows
        if row.article_id in checked
    ]
    handed = [item for item in items if item.article in fresh]
    others = [item for item in items if item.article not in fresh]
    return handed, others, [item.due for item in items if item.due]


def in_hand(items: list[Item]) -> list[tuple[Item, Line]]:
    """The first of them, as they stand."""
    shown = items[:HANDS]
    worded(shown)
    return [(item, line_of(item.seat, item.work)) for item in shown]
