"""Corrections: drafted, published, changed, withdrawn; undone, verified, carried along, never lost in silence."""

from datetime import date

import pytest

from annotations.models import ArticleDetails, ClaimState, Correction, Revision
from annotations.services.articles import edit_details
from annotations.services.claims import Opinion, tag, unmark
from annotations.services.corrections import Told, publish_correction, save_correction, withdraw_correction
from annotations.services.errors import Invalid, NotThere, OthersWork
from annotations.services.ledger import KeyReused, Stale, commit
from annotations.services.legal import answer_legal, ask_legal
from annotations.services.places import merge_claims, move_claim
from annotations.services.undo import undo
from annotations.services.verify import verify

pytestmark = pytest.mark.django_db
TOLD = Told("31 bridges", "30 bridges", "We counted one bridge twice.")
AGAIN = Told("31 bridges", "29 bridges", "We counted two bridges twice.")


@pytest.fixture
def sound(db):
    yield
    assert list(verify()) == []


@pytest.fixture
def claim(desk, ana, place, sound) -> int:
    return tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id


@pytest.fixture
def drafted(desk, edith, claim) -> int:
    return save_correction(desk, author=edith, span_id=claim, told=TOLD, base=None).version or 0


@pytest.fixture
def published(desk, edith, claim, drafted) -> int:
    return publish_correction(desk, author=edith, span_id=claim, base=drafted).version or 0


def live():
    return Correction.objects.current().first()


def test_drafted_published_changed_and_withdrawn(desk, edith, person, claim, drafted):
    other = person("olga")
    assert (live().published_at, live().drafted_by, live().approved_by) == (None, edith, None)
    key = live().key
    version = publish_correction(desk, author=other, span_id=claim, base=drafted).version
    first = live().published_at
    assert (live().drafted_by, live().approved_by, live().key, first is None) == (edith, other, key, False)
    version = save_correction(desk, author=edith, span_id=claim, told=AGAIN, base=version).version
    assert (live().should_read, live().published_at, live().approved_by) == ("29 bridges", first, edith)
    withdraw_correction(desk, author=edith, span_id=claim, base=version)
    assert live() is None
    deeds = Revision.objects.filter(collection=desk, number__gt=3).order_by("number")
    assert list(deeds.values_list("action", flat=True)) == [
        f"{deed}-correction" for deed in ("draft", "publish", "change", "withdraw")
    ]


def test_a_draft_is_changed_and_thrown_away(desk, edith, claim, drafted):
    version = save_correction(desk, author=edith, span_id=claim, told=AGAIN, base=drafted).version
    assert live().published_at is None
    withdraw_correction(desk, author=edith, span_id=claim, base=version)
    assert Revision.objects.latest("pk").action == "discard-correction"


@pytest.mark.parametrize("name", ["reads", "should_read", "public_text"])
def test_it_says_all_three(desk, edith, claim, name):
    told = Told(**{"reads": "a", "should_read": "b", "public_text": "c"} | {name: " "})
    with pytest.raises(Invalid) as refused:
        save_correction(desk, author=edith, span_id=claim, told=told, base=None)
    assert refused.value.field == name


@pytest.mark.parametrize("day", [None, date(2999, 1, 1)])
def test_of_a_published_article_alone(desk, edith, article, claim, drafted, day):
    base = ArticleDetails.objects.current().get(article=article).pk
    edit_details(desk, author=edith, article_id=article.pk, base=base, changes={"published_on": day})
    with pytest.raises(Invalid):
        publish_correction(desk, author=edith, span_id=claim, base=drafted)


def test_two_editors_at_once(desk, edith, claim, drafted):
    save_correction(desk, author=edith, span_id=claim, told=AGAIN, base=drafted)
    for act in (publish_correction, withdraw_correction):
        with pytest.raises(Stale) as stale:
            act(desk, author=edith, span_id=claim, base=drafted)
        assert stale.value.current == live()
    with pytest.raises(Stale):
        save_correction(desk, author=edith, span_id=claim, told=TOLD, base=None)
    withdraw_correction(desk, author=edith, span_id=claim, base=live().pk)
    with pytest.raises(NotThere):
        publish_correction(desk, author=edith, span_id=claim, base=drafted)


def test_the_same_sent_again_is_stored_once(desk, edith, claim, drafted):
    first = publish_correction(desk, author=edith, span_id=claim, base=drafted, key="p")
    again = publish_correction(desk, author=edith, span_id=claim, base=drafted, key="p")
    assert (again.version, again.changed) == (first.version, False)
    with pytest.raises(KeyReused):
        withdraw_correction(desk, author=edith, span_id=claim, base=drafted, key="p")
    same = save_correction(desk, author=edith, span_id=claim, told=TOLD, base=first.version)
    assert (same.version, same.changed) == (first.version, False)


def test_each_is_undone(desk, edith, claim, published):
    undo(desk, author=edith, number=Revision.objects.latest("pk").number)
    assert live().published_at is None
    undo(desk, author=edith, number=Revision.objects.latest("pk").number)
    assert live().published_at is not None
    with pytest.raises(OthersWork):
        undo(desk, author=edith, number=Revision.objects.get(action="draft-correction").number)


def test_it_moves_with_its_claim_and_keeps_its_key(desk, edith, claim, published, place):
    key, base = live().key, ClaimState.objects.current().get(span=claim).created_in
    moved = move_claim(desk, author=edith, span_id=claim, place=place("31 bridges in"), base=base)
    assert (live().span_id, live().key) == (moved.span_id, key)


def test_a_published_one_keeps_its_claim(desk, ana, edith, place, sound):
    """Also where one person marked, corrected and takes away."""
    span = tag(desk, author=edith, target=place("harbour"), opinion=Opinion("disputed"), base=None).span_id
    version = save_correction(desk, author=edith, span_id=span, told=TOLD, base=None).version
    publish_correction(desk, author=edith, span_id=span, base=version)
    with pytest.raises(OthersWork) as refused:
        unmark(desk, author=edith, span_id=span)
    assert refused.value.depends == ["a published correction"]


def test_neither_it_nor_an_objection_gives_way_when_claims_merge(desk, ana, edith, claim, published, place):
    keep = tag(desk, author=ana, target=place("harbour"), opinion=Opinion("disputed"), base=None).span_id
    bases = {span: ClaimState.objects.current().get(span=span).created_in for span in (keep, claim)}
    for span in (keep, claim):
        asked = ask_legal(desk, author=edith, span_id=span, question="", base=None)
    answer_legal(desk, author=ana, span_id=claim, answer="objected", said="No", base=asked.version)
    save_correction(desk, author=edith, span_id=keep, told=TOLD, base=None)
    merge = {"keep": keep, "away": claim, "keep_base": bases[keep], "away_base": bases[claim]}
    with pytest.raises(OthersWork) as refused:
        merge_claims(desk, author=edith, **merge)
    assert refused.value.depends == [
        f"a lawyer's objection to claim {claim}",
        f"a published correction of claim {claim}",
    ]


def test_verify_finds_two_of_one_key(desk, ana, edith, place):
    spans = [
        tag(desk, author=ana, target=place(words), opinion=Opinion("disputed"), base=None).span_id
        for words in ("harbour", "mayor")
    ]
    with commit(desk, author=edith, action="plant") as revision:
        for span in spans:
            said = {"reads": "a", "should_read": "b", "public_text": "c", "drafted_by_id": edith.pk}
            revision.insert(Correction, span_id=span, key="1-1", **said)
    assert [fault.what for fault in verify()] == ["Another correction has its key, 1-1."]
