"""A collection in which everything is fixed: ids, names, times. Only the clock is faked."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from django.utils import timezone

from annotations.models import Collection, Membership
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, set_checkable, tag
from annotations.services.evidence import Citation, NewSource, add_evidence
from annotations.services.rulings import Terms, rule
from annotations.services.settings import create_collection
from tests.api.cast import person

FIRST = "💩 Output\n+40 percent, they said.\n=2+2 is four.\n"
SECOND = "قال الوزير ٤٠\nمن القول.\n"


@pytest.fixture
def fixed(settings, monkeypatch, transactional_db, django_db_reset_sequences):
    settings.PUBLIC_URL = "https://facts.example"
    ticks = count()
    monkeypatch.setattr(
        timezone, "now", lambda: datetime(2026, 11, 21, 9, tzinfo=UTC) + timedelta(minutes=next(ticks))
    )
    return fill()


def fill():
    people = {name: person(name) for name in ("owner", "ana", "ben")}
    collection = create_collection("desk", author=people["owner"], name="The desk")
    for name, role in (("owner", "editor"), ("ana", "reviewer"), ("ben", "reviewer")):
        pseudonym = f"reviewer-{name[0] * 8}"
        Membership.objects.create(collection=collection, user=people[name], role=role, pseudonym=pseudonym)
    first = bring(collection, people["owner"], FIRST, "-1 degree", "@Lantern", date(2024, 3, 31))
    second = bring(collection, people["owner"], SECOND, "قال الوزير", "The Crier, Sons & “Co”", None)
    claims = [
        place(collection, people["ana"], first, FIRST, "+40 percent"),
        place(collection, people["ana"], first, FIRST, "=2+2 is four"),
        place(collection, people["ben"], second, SECOND, "٤٠"),
        place(collection, people["ben"], second, SECOND, "القول"),
    ]
    work(collection, people, claims, second)
    return Collection.objects.get(pk=collection.pk)


def bring(collection, author, text, title, publisher, published_on):
    blocks, at = [], 0
    for line in text.splitlines():
        blocks.append({"start": at, "end": at + len(line), "role": "body", "reason": "", "sentences": []})
        at += len(line) + 1
    details = Details(
        title, publisher, published_on=published_on, url="https://lantern.example/1", blocks=blocks
    )
    return import_article(collection, author=author, text=text, details=details).article_id


def place(collection, author, article, text, quote):
    start = text.index(quote)
    return mark(collection, author=author, place=Place(article, start, start + len(quote), quote)).span_id


def work(collection, people, claims, article):
    agreed, contested, decided, opinion = claims
    web = {
        "title": '=HYPERLINK("https://evil.example")',
        "url": "https://stats.example",
        "published_on": date(2024, 1, 2),
        "is_primary": True,
    }
    cite = Citation("contradicts", "table 4", '31.2,\n"exactly"')
    add_evidence(
        collection, author=people["ana"], span_id=agreed, source=NewSource("web", web), citation=cite
    )
    add_evidence(
        collection, author=people["ana"], span_id=agreed, source=NewSource("person", {"title": "Insider"})
    )
    give(collection, people["ana"], agreed, Opinion("disputed", "=1+1", "figure", "+31 percent", True, 90))
    give(collection, people["ana"], contested, Opinion("verified", "Seen.\r\nTwice."))
    give(collection, people["ben"], contested, Opinion("needs_source", "@who?"))
    rule(
        collection,
        author=people["owner"],
        span_id=decided,
        verdict="verified",
        rationale="-as the tables say",
        terms=Terms("=40 percent", date(2026, 11, 1), date(2027, 5, 4)),
        base=None,
    )
    set_checkable(collection, author=people["ben"], target=opinion, not_checkable=True, reason="=opinion")
    add_evidence(
        collection,
        author=people["ben"],
        span_id=contested,
        source=NewSource("article", {"title": "As told"}, article_id=article),
    )


def give(collection, author, span, opinion):
    tag(collection, author=author, target=span, opinion=opinion, base=None)
