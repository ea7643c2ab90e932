"""A review sent back and comments, as the card posts them; and that none of it leaves the desk."""

import pytest

from annotations.models import Comment, Mention, SentBack
from annotations.services.claims import Opinion, tag
from annotations.services.ledger import commit
from tests.services.ground import say_at_the_desk

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"HX-Request": "true"}}
LEAVES = [
    *(f"/api/v1/collections/desk/export/?format={each}" for each in ("json", "jsonl", "csv")),
    "/api/v1/collections/desk/changes/",
    "/api/v1/collections/desk/spans/",
]


@pytest.fixture
def claim(desk, ana, place):
    return tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)


def test_what_is_missing_is_said_at_its_field(signed_in, edith, ana, article, claim):
    at = f"/c/desk/articles/{article.pk}/claims/{claim.span_id}/opinions/{ana.pk}/send-back/"
    answer = signed_in(edith).post(at, {"look_again": " ", "base": claim.version, "key": "k1"}, **HTMX)
    assert answer.status_code == 422
    assert 'data-field="look_again"' in answer.content.decode()
    assert not SentBack.objects.exists()


def test_who_stands_by_it_answers_the_editor(signed_in, desk, edith, ana, article, claim):
    at = f"/c/desk/articles/{article.pk}/claims/{claim.span_id}/"
    sent = {"look_again": "Which year?", "base": claim.version, "key": "k1"}
    assert signed_in(edith).post(f"{at}opinions/{ana.pk}/send-back/", sent, **HTMX).status_code == 200
    base = SentBack.objects.current().get().pk
    said = {"comment": "2025, as the register says.", "base": base, "key": "k2"}
    assert signed_in(ana).post(f"{at}stand-by/", said, **HTMX).status_code == 200
    assert not SentBack.objects.current().exists()
    assert Comment.objects.current().get().text == "2025, as the register says."
    assert Mention.objects.current().get().person == edith


@pytest.mark.parametrize("path", LEAVES)
def test_nothing_of_it_leaves_the_desk(signed_in, desk, edith, ana, claim, path):
    with commit(desk, author=edith, action="say") as revision:
        say_at_the_desk(revision, claim.span_id, reviewer=ana, editor=edith)
    answer = signed_in(edith).get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200
    assert b"31 bridges" in body
    for words in (b"Ask the harbour", b"Which register?", b"Is this libel?", b"We wrote 31 bridges"):
        assert words not in body
