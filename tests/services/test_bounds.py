"""What the services do not take, whoever asks, and that nothing of it is stored."""

import pytest
from django.db import connection

from annotations.models import Annotation, Article, Collection, Revision, Source
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, tag
from annotations.services.errors import Invalid
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.settings import create_collection
from annotations.services.undo import undo
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("why", ["x" * 10_001, "a\x00b"])
def test_a_text_that_one_database_would_refuse_is_refused_by_both(desk, ana, place, why):
    with pytest.raises(Invalid) as refusal:
        tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified", why=why), base=None)

    assert refusal.value.field == "why"
    assert not Annotation.objects.exists()


@pytest.mark.parametrize("key", ["k" * 101, "k\x00"])
def test_an_idempotency_key_is_short_and_plain(desk, ana, place, key):
    with pytest.raises(Invalid, match=r"characters|NUL"):
        tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None, key=key)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//example.org"])
def test_an_address_is_a_web_address(desk, ana, place, url):
    claim = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None).span_id
    before = Revision.objects.count()

    with pytest.raises(Invalid) as refusal:
        add_evidence(
            desk, author=ana, span_id=claim, source=NewSource("web", {"title": "A page", "url": url})
        )

    assert refusal.value.field == "url"
    assert (Revision.objects.count(), Source.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    ("slug", "settings"),
    [("fine", {"name": "n" * 201}), ("not a slug", {}), ("fine", {"license": "l" * 101}), ("s" * 61, {})],
)
def test_a_collection_that_cannot_be_leaves_nothing_behind(db, slug, settings):
    with pytest.raises(Invalid):
        create_collection(slug, author=None, **settings)

    assert not Collection.objects.exists()


def test_a_text_that_comes_back_replaces_what_it_replaced(desk, edith, article):
    text = "The bridges were counted anew.\nThere are 32."
    details = Details(title="Anew", blocks=blocks_of(text))
    stored = import_article(desk, author=edith, text=text, details=details)
    undo(desk, author=edith, number=stored.revision)

    with pytest.raises(Invalid, match="import it as it was"):
        import_article(desk, author=edith, text=text, details=details, supersedes=article.pk)

    assert import_article(desk, author=edith, text=text, details=details).article_id == stored.article_id


def test_an_article_that_is_gone_is_not_replaced(desk, edith, article):
    undo(desk, author=edith, number=desk.head)
    with pytest.raises(Invalid, match="not in this collection"):
        import_article(
            desk,
            author=edith,
            text="Another text.",
            details=Details(blocks=blocks_of("Another text.")),
            supersedes=article.pk,
        )
    assert Article.objects.count() == 1


def test_undo_finds_what_a_change_retired_by_its_index(desk, ana, place):
    first = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    tag(desk, author=ana, target=first.span_id, opinion=Opinion("disputed"), base=first.version)
    rows = Annotation.objects.filter(collection=desk, retired_in=desk.head, retired_in__lt=2147483647)

    assert rows.count() == 1
    if connection.vendor == "sqlite":
        assert "annotation_retired" in rows.explain()


def test_a_place_of_another_text_is_not_taken(desk, ana, article):
    with pytest.raises(Invalid, match="must lie in the text"):
        tag(
            desk, author=ana, target=Place(article.pk, 0, 10_000, "x"), opinion=Opinion("verified"), base=None
        )
