"""Whose an article is and where its checking stands; and taking a wrong import out again."""

from datetime import UTC, datetime

import pytest

from annotations.models import Article, ArticleDetails, ArticleWork, ClaimState, Collection, Revision, User
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, mark, tag
from annotations.services.errors import Invalid, NotThere, OthersWork
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.ledger import KeyReused, Stale
from annotations.services.undo import undo
from annotations.services.verify import verify
from annotations.services.withdrawal import withdraw_article
from annotations.services.work import Standing, set_work
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db
MAY = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)


def live() -> tuple[str, str | None, datetime | None, str] | None:
    row = ArticleWork.objects.current().select_related("owner").first()
    return (row.stage, row.owner and row.owner.username, row.due_at, row.note) if row else None


def details(article: Article) -> int:
    return ArticleDetails.objects.current().get(article=article).pk


@pytest.fixture
def taken(desk: Collection, ana: User, article: Article) -> int:
    wanted = Standing("checking", ana.pk, MAY, "")
    return set_work(desk, author=ana, article_id=article.pk, base=None, wanted=wanted).version or 0


def test_each_change_is_one_revision_named_by_its_weight(desk, ana, ben, edith, article, taken):
    handed = Standing("checking", ben.pk, MAY, "please look at the figures")
    version = set_work(desk, author=ana, article_id=article.pk, base=taken, wanted=handed).version
    later = Standing("checking", ben.pk, None, handed.note)
    version = set_work(desk, author=edith, article_id=article.pk, base=version, wanted=later).version
    cleared = Standing("cleared", ben.pk, None, handed.note)
    set_work(desk, author=ben, article_id=article.pk, base=version, wanted=cleared)
    deeds = Revision.objects.filter(collection=desk, number__gt=2).order_by("number")
    assert list(deeds.values_list("action", flat=True)) == ["take-up", "hand-over", "deadline", "stage"]
    assert live() == ("cleared", "ben", None, "please look at the figures")


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(desk, ana, edith, article, taken):
    set_work(desk, author=edith, article_id=article.pk, base=taken, wanted=Standing("with_author", ana.pk))
    with pytest.raises(Stale) as stale:
        set_work(desk, author=ana, article_id=article.pk, base=taken, wanted=Standing("cleared", ana.pk))
    assert stale.value.current.stage == "with_author"
    with pytest.raises(Stale):
        set_work(desk, author=ana, article_id=article.pk, base=None, wanted=Standing("cleared", ana.pk))


def test_the_same_sent_again_is_stored_once(desk, ana, article):
    sent = {"article_id": article.pk, "base": None, "wanted": Standing("checking", ana.pk), "key": "k"}
    first = set_work(desk, author=ana, **sent)
    again = set_work(desk, author=ana, **sent)
    assert (again.version, again.changed) == (first.version, False)
    with pytest.raises(KeyReused):
        set_work(desk, author=ana, **sent | {"wanted": Standing("cleared", ana.pk)})
    assert ArticleWork.objects.count() == 1


def test_what_says_nothing_new_writes_nothing(desk, ana, article, taken):
    wanted = Standing("checking", ana.pk, MAY)
    assert not set_work(desk, author=ana, article_id=article.pk, base=taken, wanted=wanted, key="k").changed
    assert ArticleWork.objects.count() == 1


def test_an_owner_can_check(desk, edith, vera, sam, article):
    for nobody in (vera, sam):
        with pytest.raises(Invalid, match="reviewer or an editor"):
            set_work(
                desk, author=edith, article_id=article.pk, base=None, wanted=Standing(owner_id=nobody.pk)
            )
    with pytest.raises(Invalid, match="stage"):
        set_work(desk, author=edith, article_id=article.pk, base=None, wanted=Standing("burnt"))
    with pytest.raises(NotThere):
        set_work(desk, author=edith, article_id=999, base=None, wanted=Standing("checking"))
    assert Revision.objects.filter(collection=desk).count() == 2


def test_undone_it_stands_as_before(desk, ana, ben, article, taken):
    wanted = Standing("checking", ben.pk, MAY, "yours")
    number = set_work(desk, author=ana, article_id=article.pk, base=taken, wanted=wanted).revision
    undone = undo(desk, author=ana, number=number)
    assert live() == ("checking", "ana", MAY, "")
    undo(desk, author=ana, number=undone)
    assert live() == ("checking", "ben", MAY, "yours")
    assert list(verify()) == []


def test_it_goes_with_an_undone_import_and_comes_back(desk, edith, article, taken):
    undone = undo(desk, author=edith, number=2)
    assert live() is None
    assert list(verify()) == []
    undo(desk, author=edith, number=undone)
    assert live() == ("checking", "ana", MAY, "")
    assert list(verify()) == []


def test_it_does_not_come_back_to_an_article_that_is_gone(desk, ana, edith, article):
    number = set_work(
        desk, author=ana, article_id=article.pk, base=None, wanted=Standing("checking", ana.pk)
    ).revision
    taken_back = undo(desk, author=ana, number=number)
    withdraw_article(desk, author=edith, article_id=article.pk, base=details(article))
    with pytest.raises(OthersWork) as refusal:
        undo(desk, author=ana, number=taken_back)
    assert refusal.value.depends == [f"article {article.pk} is no longer in the collection"]


# Withdrawing


def test_a_wrong_import_goes_with_the_editors_own_claims_and_comes_back(desk, edith, article, place, taken):
    span = tag(desk, author=edith, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id
    add_evidence(desk, author=edith, span_id=span, source=NewSource("web", {"title": "Register"}))
    before = Revision.objects.get(collection=desk, number=desk.head)
    gone = withdraw_article(desk, author=edith, article_id=article.pk, base=details(article))
    last = Revision.objects.get(collection=desk, number=gone.revision)
    assert (last.articles, last.tally) == (0, {})
    assert not ClaimState.objects.current().exists()
    assert live() is None
    assert list(verify()) == []
    undo(desk, author=edith, number=gone.revision)
    after = Revision.objects.get(collection=desk, number=gone.revision + 1)
    assert (after.articles, after.tally) == (before.articles, before.tally)
    assert live() == ("checking", "ana", MAY, "")
    assert list(verify()) == []


def test_it_stays_where_others_have_worked(desk, ana, ben, edith, article, place):
    marked = mark(desk, author=ana, place=place("harbour")).span_id
    said = tag(desk, author=edith, target=place("May"), opinion=Opinion("disputed"), base=None).span_id
    tag(desk, author=ben, target=said, opinion=Opinion("verified"), base=None)
    head = desk.head
    with pytest.raises(OthersWork) as refusal:
        withdraw_article(desk, author=edith, article_id=article.pk, base=details(article))
    assert refusal.value.depends == [
        f"claim {marked}: somebody else marked it",
        f"claim {said}: an opinion by another reviewer (verified)",
    ]
    assert Collection.objects.get(pk=desk.pk).head == head


def test_it_stays_where_a_claim_cites_it(desk, ana, edith, article, place):
    other = import_article(
        desk, author=edith, text="Another text.", details=Details(blocks=blocks_of("Another text."))
    )
    span = mark(desk, author=ana, place=place("harbour")).span_id
    source = NewSource("article", article_id=other.article_id)
    add_evidence(desk, author=ana, span_id=span, source=source)
    with pytest.raises(OthersWork) as refusal:
        withdraw_article(desk, author=edith, article_id=other.article_id, base=other.version)
    assert refusal.value.depends == [f"claim {span} cites it"]


def test_it_stays_where_another_derives_from_it(desk, edith, article):
    derived = Details(blocks=blocks_of("Another text."), derived_from=[{"article": article.pk}])
    other = import_article(desk, author=edith, text="Another text.", details=derived).article_id
    with pytest.raises(OthersWork) as refusal:
        withdraw_article(desk, author=edith, article_id=article.pk, base=details(article))
    assert refusal.value.depends == [f"article {other} derives from it"]


def test_a_note_does_not_go_on_to_the_next_owner(desk, ana, ben, edith, article, taken):
    said = Standing("checking", ben.pk, MAY, "for Ben")
    version = set_work(desk, author=ana, article_id=article.pk, base=taken, wanted=said).version
    on = Standing("checking", edith.pk, MAY, "for Ben")
    set_work(desk, author=ben, article_id=article.pk, base=version, wanted=on)
    assert live() == ("checking", "edith", MAY, "")


def test_withdrawing_what_was_corrected_meanwhile_is_refused(desk, edith, article):
    with pytest.raises(Stale):
        withdraw_article(desk, author=edith, article_id=article.pk, base=details(article) + 1)
    base = details(article)
    first = withdraw_article(desk, author=edith, article_id=article.pk, base=base, key="k")
    again = withdraw_article(desk, author=edith, article_id=article.pk, base=base, key="k")
    assert (again.revision, again.changed) == (first.revision, False)
    with pytest.raises(NotThere):
        withdraw_article(desk, author=edith, article_id=article.pk, base=base)
