"""Comments, mentions, reviews sent back: what ends them, and that undo leaves nothing without its ground."""

import pytest

from annotations.models import Annotation, Comment, Mention, SentBack
from annotations.services.claims import Opinion, tag
from annotations.services.comments import add_comment, edit_comment, put_aside, withdraw_comment
from annotations.services.errors import OthersWork
from annotations.services.sent_back import send_back, stand_by
from annotations.services.undo import undo
from annotations.services.verify import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(desk, ana, place):
    yield tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    assert list(verify()) == []


def asked():
    return set(Mention.objects.current().values_list("person__username", flat=True))


def test_a_mention_waits_until_it_is_answered(desk, ana, ben, said):
    add_comment(desk, author=ben, span_id=said.span_id, text="Which register, @ana?")
    assert asked() == {"ana"}
    add_comment(desk, author=ana, span_id=said.span_id, text="The port's.")
    assert asked() == set()


def test_a_changed_comment_asks_whom_it_names_now(desk, ana, ben, edith, said):
    first = add_comment(desk, author=ben, span_id=said.span_id, text="@ana?")
    key = Comment.objects.get().key
    edit_comment(desk, author=ben, comment=key, text="@edith?", base=first.version)
    assert asked() == {"edith"}
    assert Comment.objects.count() == 2


def test_nobody_is_asked_again_by_a_comment_that_is_gone(desk, ana, ben, said):
    first = add_comment(desk, author=ben, span_id=said.span_id, text="@ana?")
    key = Comment.objects.get().key
    aside = put_aside(desk, author=ana, comment=key)
    withdraw_comment(desk, author=ben, comment=key, base=first.version)
    with pytest.raises(OthersWork):
        undo(desk, author=ana, number=aside.revision)


def back(desk, edith, ana, said):
    mine = Annotation.objects.current().get(reviewer=ana).pk
    return send_back(
        desk, author=edith, span_id=said.span_id, reviewer_id=ana.pk, reason="Which year?", base=mine
    )


def test_another_verdict_ends_what_was_sent_back(desk, ana, edith, said):
    back(desk, edith, ana, said)
    tag(desk, author=ana, target=said.span_id, opinion=Opinion("disputed"), base=said.version)
    assert not SentBack.objects.current().exists()


def test_standing_by_it_is_a_comment_for_the_editor(desk, ana, edith, said):
    sent = back(desk, edith, ana, said)
    done = stand_by(desk, author=ana, span_id=said.span_id, text="2026.", base=sent.version)
    assert (asked(), SentBack.objects.current().exists()) == ({"edith"}, False)
    undo(desk, author=ana, number=done.revision)
    assert (asked(), SentBack.objects.current().exists()) == (set(), True)
