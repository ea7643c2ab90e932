"""Legal reads: asked, answered by a lawyer for one text, asked again for another; undone, verified, carried along."""

import pytest

from annotations.domain.text import sha256
from annotations.models import Article, ClaimState, LegalRead, Revision
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, mark, tag, unmark
from annotations.services.errors import Invalid, NotThere, OthersWork
from annotations.services.ledger import KeyReused, Stale, commit
from annotations.services.legal import answer_legal, ask_legal, withdraw_legal
from annotations.services.places import move_claim
from annotations.services.undo import undo
from annotations.services.verify import verify
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sound(db):
    yield
    assert list(verify()) == []


@pytest.fixture
def claim(desk, ana, place, sound) -> int:
    return tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id


@pytest.fixture
def asked(desk, ana, claim) -> int:
    written = ask_legal(desk, author=ana, span_id=claim, question=" Is this libel? ", base=None)
    return written.version or 0


def live() -> LegalRead | None:
    return LegalRead.objects.current().with_hold().first()


def in_the_way() -> int:
    return LegalRead.objects.current().in_the_way().count()


def test_asked_answered_and_answered_anew(desk, ben, article, claim, asked):
    assert (live().answer, live().question, in_the_way()) == ("asked", "Is this libel?", 1)
    objected = answer_legal(desk, author=ben, span_id=claim, answer="objected", said="Name it.", base=asked)
    assert (live().lawyer, live().said, live().sha256) == (ben, "Name it.", article.sha256)
    assert in_the_way() == 1
    answer_legal(desk, author=ben, span_id=claim, answer="cleared", said="", base=objected.version)
    assert (live().answer, live().holds, in_the_way()) == ("cleared", True, 0)
    deeds = Revision.objects.filter(collection=desk).order_by("-number").values_list("action", flat=True)
    assert list(deeds[:3]) == ["clear-legal", "object-legal", "ask-legal"]


def test_an_answer_is_for_one_text(desk, ben, edith, article, claim, asked):
    answer_legal(desk, author=ben, span_id=claim, answer="cleared", said="", base=asked)
    newer = article.text.replace("31", "13")
    details = Details(title="Anew", blocks=blocks_of(newer))
    stored = import_article(desk, author=edith, text=newer, details=details, supersedes=article.pk)
    assert (live().holds, live().newer, in_the_way()) == (False, stored.article_id, 1)
    undo(desk, author=edith, number=stored.revision)
    assert (live().holds, live().newer, in_the_way()) == (True, None, 0)


def test_carried_to_another_text_it_holds_no_longer(desk, ben, ana, edith, article, claim, asked):
    answer_legal(desk, author=ben, span_id=claim, answer="cleared", said="", base=asked)
    other = Article.objects.create(collection=desk, text="x", sha256=sha256("x"))
    with commit(desk, author=edith, action="carry") as revision:
        revision.retire(LegalRead, live().pk)
        said = {"answer": "cleared", "lawyer_id": ben.pk, "sha256": other.sha256}
        revision.insert(LegalRead, span_id=claim, asked_by_id=ana.pk, **said)
    assert (live().holds, in_the_way()) == (False, 1)
    again = ask_legal(desk, author=ana, span_id=claim, question="", base=live().pk)
    assert (live().pk, live().answer, live().sha256) == (again.version, "asked", "")


def test_an_objection_needs_words_and_an_answer_one_of_two(desk, ben, claim, asked):
    for answer, field in (("objected", "said"), ("asked", "answer"), ("", "answer")):
        with pytest.raises(Invalid) as refused:
            answer_legal(desk, author=ben, span_id=claim, answer=answer, said=" ", base=asked)
        assert refused.value.field == field


def test_withdrawn_while_it_is_open_and_asked_again(desk, ana, ben, claim, asked):
    withdraw_legal(desk, author=ana, span_id=claim, base=asked)
    assert live() is None
    with pytest.raises(NotThere):
        answer_legal(desk, author=ben, span_id=claim, answer="cleared", said="", base=asked)
    again = ask_legal(desk, author=ana, span_id=claim, question="Again", base=None).version
    cleared = answer_legal(desk, author=ben, span_id=claim, answer="cleared", said="", base=again).version
    with pytest.raises(Invalid):
        withdraw_legal(desk, author=ana, span_id=claim, base=cleared)


def test_two_people_at_once(desk, ana, ben, claim, asked):
    with pytest.raises(Stale) as stale:
        ask_legal(desk, author=ben, span_id=claim, question="Mine", base=None)
    assert stale.value.current.pk == asked
    same = ask_legal(desk, author=ana, span_id=claim, question="Is this libel?", base=asked)
    assert (same.changed, same.version) == (False, asked)


def test_the_same_sent_again_is_stored_once(desk, ana, ben, claim):
    sent = {"author": ana, "span_id": claim, "base": None, "key": "k"}
    first = ask_legal(desk, question="Is it?", **sent)
    assert ask_legal(desk, question="Is it?", **sent).revision == first.revision
    with pytest.raises(KeyReused):
        ask_legal(desk, question="Another", **sent)
    told = {"span_id": claim, "answer": "cleared", "said": "", "base": first.version, "key": "k"}
    answered = answer_legal(desk, author=ben, **told)
    assert answer_legal(desk, author=ben, **told).version == answered.version


def test_undone_one_by_one(desk, ana, ben, claim, asked):
    answered = answer_legal(desk, author=ben, span_id=claim, answer="cleared", said="", base=asked)
    with pytest.raises(OthersWork):
        undo(desk, author=ana, number=Revision.objects.get(collection=desk, action="ask-legal").number)
    undo(desk, author=ben, number=answered.revision)
    assert (live().answer, live().lawyer) == ("asked", None)
    undo(desk, author=ana, number=Revision.objects.get(collection=desk, action="ask-legal").number)
    assert live() is None


def test_a_lawyers_answer_keeps_the_claim_from_being_taken_away_by_who_asked(desk, ana, ben, claim, asked):
    answer_legal(desk, author=ben, span_id=claim, answer="cleared", said="", base=asked)
    with pytest.raises(OthersWork) as refused:
        unmark(desk, author=ana, span_id=claim)
    assert refused.value.depends == ["a legal read by somebody else"]


def test_it_moves_with_its_claim(desk, ana, ben, claim, asked, place):
    answer_legal(desk, author=ben, span_id=claim, answer="cleared", said="", base=asked)
    base = ClaimState.objects.current().get(span=claim).created_in
    moved = move_claim(desk, author=ana, span_id=claim, place=place("31 bridges in"), base=base)
    assert (live().span_id, live().holds) == (moved.span_id, True)


def test_not_of_a_claim_that_is_not_there(desk, ana, place, sound):
    marked = mark(desk, author=ana, place=place("harbour"))
    undo(desk, author=ana, number=marked.revision)
    with pytest.raises(NotThere):
        ask_legal(desk, author=ana, span_id=marked.span_id, question="", base=None)


def test_verify_finds_an_answer_for_a_text_that_was_never_here(desk, ana, ben, place):
    span = mark(desk, author=ana, place=place("harbour")).span_id
    with commit(desk, author=ana, action="plant") as revision:
        said = {"answer": "cleared", "lawyer_id": ben.pk, "sha256": "f" * 64}
        revision.insert(LegalRead, span_id=span, asked_by_id=ana.pk, **said)
    assert [fault.what for fault in verify()] == [
        "It answers for a text with sha256 ffffffffffff…, which is not here."
    ]
