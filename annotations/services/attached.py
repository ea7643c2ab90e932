"""What was said at the desk about a claim, and goes where it goes: assignments, comments, legal reads and so on."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from annotations.models import (
    LIVE,
    SAID_AT_THE_DESK,
    Assignment,
    Comment,
    Correction,
    LegalRead,
    SentBack,
    User,
    VersionRow,
)
from annotations.services.ledger import Commit

WORDS: tuple[tuple[type[Any], tuple[str, ...], str], ...] = (
    (Comment, ("author",), "a comment"),
    (SentBack, ("editor",), "a review that was sent back"),
    (LegalRead, ("asked_by", "lawyer"), "a legal read"),
    (Correction, ("drafted_by", "approved_by"), "a correction"),
)
"""What keeps a claim from being taken away by somebody else: what it is, who had a hand in it, in words.
Who was to judge it does not."""


def attached(span_id: int) -> list[VersionRow]:
    return [row for model in SAID_AT_THE_DESK for row in _live(model, span_id)]


def retire_attached(revision: Commit, span_id: int) -> None:
    for row in attached(span_id):
        revision.retire(type(row), row.pk)


def others_words(span_id: int, author: User) -> list[str]:
    """What others said at the desk about the claim."""
    return [
        f"{words} by somebody else"
        for model, whose, words in WORDS
        if _live(model, span_id).filter(_of_others(whose, author)).exists()
    ] + ["a published correction"] * _live(Correction, span_id).exclude(published_at=None).exists()


def _of_others(whose: tuple[str, ...], author: User) -> Q:
    """Somebody else had a hand in it."""
    of_others = Q()
    for person in whose:
        of_others |= Q(**{f"{person}__isnull": False}) & ~Q(**{person: author})
    return of_others


def _live(model: type[Any], span_id: int) -> Any:
    return model._base_manager.filter(span=span_id, retired_in=LIVE).order_by("pk")


def already(rows: Iterable[VersionRow], span_id: int) -> list[VersionRow]:
    """Those of the rows of which the other claim has one of its own: the same person's review sent back, and so on."""
    there = {_same(row) for row in attached(span_id)}
    return [row for row in rows if _same(row) in there]


def clashing(keep: int, away: int) -> list[str]:
    """What weighs too much to give way to the other claim's when the two are merged."""
    rows = already(attached(away), keep)
    objections = [
        row for row in rows if isinstance(row, LegalRead) and row.answer == LegalRead.Answer.OBJECTED
    ]
    published = [row for row in rows if isinstance(row, Correction) and row.published_at]
    return [f"a lawyer's objection to claim {away}"] * bool(objections) + [
        f"a published correction of claim {away}"
    ] * bool(published)


def _same(row: VersionRow) -> tuple[Any, ...]:
    key = tuple(
        getattr(row, row._meta.get_field(name).attname)  # type: ignore[union-attr]
        for name in row.KEY
        if name != "span"
    )
    return type(row), key


def of_article(article_id: int) -> list[int]:
    """Ids of the assignments of the whole article."""
    rows = Assignment.objects.current().filter(article=article_id, span=None)
    return list(rows.values_list("pk", flat=True))
