"""A desk at work, and how much of it is stored."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from annotations.models import (
    VERSION_MODELS,
    Article,
    Assignment,
    Collection,
    Comment,
    Correction,
    Evidence,
    LegalRead,
    Mention,
    Revision,
    SentBack,
    Span,
    User,
)
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.ledger import Commit
from annotations.services.rulings import rule
from annotations.services.settings import create_collection

Find = Callable[..., Place]
OTHER_TEXT = "Another text."
OTHER = Details(title="T", blocks=[{"start": 0, "end": 13, "role": "body", "reason": "test"}])
WEB = NewSource("web", {"title": "Register"})


@dataclass
class Desk:
    """A desk with ana's opinion and source on one claim, edith's decision on another, and a foreign collection."""

    home: Collection
    foreign: Collection
    ana: User
    ben: User
    edith: User
    place: Place
    decided: Place
    span: int
    opinion: int
    ruled: int
    ruling: int
    evidence: Evidence
    foreign_span: int
    foreign_article: int


@pytest.fixture
def d(desk: Collection, ana: User, ben: User, edith: User, place: Find) -> Desk:
    said = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    cited = add_evidence(desk, author=ana, span_id=said.span_id, source=WEB)
    marked = mark(desk, author=ben, place=place("$2 billion"))
    ruled = rule(desk, author=edith, span_id=marked.span_id, verdict="disputed", rationale="No.", base=None)
    foreign = create_collection("foreign", author=None)
    article = import_article(foreign, author=None, text=OTHER_TEXT, details=OTHER).article_id
    theirs = mark(foreign, author=ben, place=Place(article, 0, 7, "Another"))
    return Desk(
        home=desk,
        foreign=foreign,
        ana=ana,
        ben=ben,
        edith=edith,
        place=place("31 bridges"),
        decided=place("$2 billion"),
        span=said.span_id,
        opinion=said.version or 0,
        ruled=marked.span_id,
        ruling=ruled.version or 0,
        evidence=Evidence.objects.get(pk=cited.version),
        foreign_span=theirs.span_id,
        foreign_article=article,
    )


def stored() -> list[int]:
    counts = [model.objects.count() for model in (*VERSION_MODELS, Revision, Span, Article)]
    return [*counts, *Collection.objects.order_by("pk").values_list("head", flat=True)]


def say_at_the_desk(revision: Commit, span_id: int, *, reviewer: User, editor: User) -> None:
    """A row of each kind that goes where a claim goes."""
    span = Span.objects.get(pk=span_id)
    on, key = {"span_id": span_id}, revision.new_key()
    people = {"reviewer_id": reviewer.pk}
    revision.insert(Assignment, **on, **people, article_id=span.article_id, assigned_by_id=editor.pk)
    revision.insert(SentBack, **on, **people, editor_id=editor.pk, reason="Which register?")
    revision.insert(Comment, **on, key=key, author_id=editor.pk, text="Ask the harbour, @ana.")
    revision.insert(Mention, **on, comment=key, person_id=reviewer.pk)
    revision.insert(LegalRead, **on, asked_by_id=editor.pk, question="Is this libel?")
    told = {"reads": "31", "should_read": "13", "public_text": "We wrote 31 bridges; there are 13."}
    revision.insert(Correction, **on, **told, key=key, drafted_by_id=editor.pk)
