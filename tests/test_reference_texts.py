"""Origins, transcripts and reports: imported as such, cited, and no work for anybody."""

import json

import pytest

from annotations.models import Article, ArticleDetails, ArticleWork, ClaimState
from annotations.services.articles import Details, edit_details, import_article
from annotations.services.claims import Opinion, Place, mark, set_checkable, tag, unmark
from annotations.services.errors import Invalid, NotAllowed, OthersWork
from annotations.services.places import move_claim
from annotations.services.tokens import create_token
from annotations.services.undo import undo
from annotations.services.work import Standing, set_work
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
ORIGIN = "Transcript\nWe have almost 31 bridges in the harbour, she told the council."


@pytest.fixture
def origin(desk, edith) -> Article:
    details = Details(title="Transcript", role="reference", language="en", blocks=blocks_of(ORIGIN))
    stored = import_article(desk, author=edith, text=ORIGIN, details=details)
    return Article.objects.get(pk=stored.article_id)


@pytest.fixture
def words(origin) -> Place:
    return Place(origin.pk, 26, 36, ORIGIN[26:36])


def sign_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def set_role(desk, editor, article, role):
    base = ArticleDetails.objects.current().get(article=article).pk
    changes = {"role": role}
    return edit_details(desk, author=editor, article_id=article.pk, base=base, changes=changes)


def test_nothing_is_marked_or_judged_in_it(desk, ana, origin, words):
    for write in (
        lambda: mark(desk, author=ana, place=words),
        lambda: tag(desk, author=ana, target=words, opinion=Opinion("verified"), base=None),
        lambda: set_checkable(desk, author=ana, target=words, not_checkable=True, reason="opinion"),
    ):
        with pytest.raises(NotAllowed, match="cited, not checked") as refusal:
            write()
        assert refusal.value.code == "reference-text"
    assert not ClaimState.objects.exists()


@pytest.mark.parametrize("door", ["mark", "tag", "not-checkable"])
def test_the_pages_refuse_it_kindly(client, ana, origin, words, door):
    sent = {"start": 26, "end": 36, "quote": words.quote, "verdict": "verified", "reason": "opinion"}
    answer = sign_in(client, ana).post(f"/c/desk/articles/{origin.pk}/{door}/", sent, **HTMX)
    assert answer.status_code == 403
    assert "This is a reference text: it is cited, not checked." in answer.content.decode()


def test_so_does_the_api(client, ana, origin, words):
    _, token = create_token(ana, name="t", scope="write")
    body = {"article": origin.pk, "start": 26, "end": 36, "quote": words.quote}
    answer = client.post(
        "/api/v1/collections/desk/spans/",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Token {token}"},
    )
    assert answer.status_code == 403
    assert answer.json()["code"] == "reference-text"


def test_its_reader_says_so_and_offers_no_marking(client, ana, origin):
    html = sign_in(client, ana).get(f"/c/desk/articles/{origin.pk}/").content.decode()
    assert "Reference text: cited, not checked." in html
    assert 'data-do="tag:verified"' not in html
    assert 'data-do="facts"' not in html
    assert "uncovered" not in html
    left = client.get(f"/c/desk/articles/{origin.pk}/left/", **HTMX).content.decode()
    assert "Reference text: cited, not checked." in left
    assert "left:" not in left


def test_nor_by_the_api(client, desk, ana, edith, origin):
    path = f"/api/v1/collections/desk/articles/{origin.pk}/work/"
    for user, wanted in ((edith, {"stage": "checking"}), (ana, {"owner": "ana"})):
        _, token = create_token(user, name="t", scope="write")
        headers = {"Authorization": f"Token {token}", "If-Match": '"0"'}
        answer = client.put(path, json.dumps(wanted), content_type="application/json", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "reference-text")
    assert not ArticleWork.objects.exists()


def test_nobody_owns_its_checking(client, edith, origin):
    answer = sign_in(client, edith).get(f"/c/desk/articles/{origin.pk}/work/")
    assert answer.status_code == 403


def test_lists_keep_it_apart_and_counts_leave_it_out(client, edith, article, origin):
    browser = sign_in(client, edith)
    assert [row.article_id for row in browser.get("/c/desk/articles/").context["articles"]] == [article.pk]
    apart = browser.get("/c/desk/articles/?role=reference")
    assert [row.article_id for row in apart.context["articles"]] == [origin.pk]
    assert "Reference texts (1)" in apart.content.decode()
    assert len(browser.get("/c/desk/articles/?role=all").context["articles"]) == 2
    overview = browser.get("/c/desk/").content.decode()
    assert "1 article<" in overview
    assert "1 reference text<" in overview
    assert "1 article<" in browser.get("/").content.decode()


def test_an_article_in_my_hands_leaves_them_when_it_becomes_a_reference(client, desk, edith, ana, article):
    set_work(desk, author=edith, article_id=article.pk, base=None, wanted=Standing(owner_id=ana.pk))
    browser = sign_in(client, ana)
    assert [part.kind for part in browser.get("/").context["sections"]] == ["hand"]
    browser.get(f"/c/desk/articles/{article.pk}/")
    assert browser.get("/").context["in_hand"]
    set_role(desk, edith, article, "reference")
    assert not browser.get("/").context["in_hand"]


def test_an_article_with_claims_is_checked(client, desk, edith, ana, article, place):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    with pytest.raises(Invalid, match="1 claim is marked in it"):
        set_role(desk, edith, article, "reference")
    live = ArticleDetails.objects.current().get(article=article)
    sent = {"base": live.pk, "title": "T", "direction": "ltr", "role": "reference", "language": "en"}
    answer = sign_in(client, edith).post(f"/c/desk/articles/{article.pk}/details/", sent)
    assert answer.status_code == 422
    assert "Remove the marks first" in answer.content.decode()
    unmark(desk, author=ana, span_id=span, base=ClaimState.objects.current().get().created_in)
    assert set_role(desk, edith, article, "reference").changed


def test_no_undo_brings_a_claim_into_a_reference_text(desk, edith, ana, article, place):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    base = ClaimState.objects.current().get().created_in
    unmarked = unmark(desk, author=ana, span_id=span, base=base).revision
    became = set_role(desk, edith, article, "reference").revision
    with pytest.raises(OthersWork) as refusal:
        undo(desk, author=edith, number=unmarked)
    assert refusal.value.depends == [f"article {article.pk} is a reference text now"]
    undo(desk, author=edith, number=became)
    assert undo(desk, author=edith, number=unmarked)


def test_no_undo_makes_an_article_with_claims_a_reference_again(desk, edith, ana, origin, words):
    checked = set_role(desk, edith, origin, "checked").revision
    span = mark(desk, author=ana, place=words).span_id
    with pytest.raises(OthersWork) as refusal:
        undo(desk, author=edith, number=checked)
    assert refusal.value.depends == [f"claim {span} is marked in it"]


def test_no_claim_moves_into_one(desk, edith, ana, article, origin, words, place):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    base = ClaimState.objects.current().get().created_in
    with pytest.raises((NotAllowed, Invalid)):
        move_claim(desk, author=edith, span_id=span, place=words, base=base)
    assert ClaimState.objects.current().get().span_id == span


def test_it_is_cited_for_a_claim_with_what_is_known_of_it(client, desk, ana, article, origin, place):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    sent = {"kind": "article", "article": origin.pk, "stance": "contradicts", "excerpt": "almost 31 bridges"}
    answer = sign_in(client, ana).post(f"/c/desk/articles/{article.pk}/claims/{span}/sources/", sent, **HTMX)
    assert answer.status_code == 200
    assert "Transcript" in answer.content.decode()


def test_the_import_page_takes_it_as_one(client, edith):
    browser = sign_in(client, edith)
    page = browser.post("/c/desk/articles/import/", {"pasted": ORIGIN}).content.decode()
    assert "This is a reference text: an origin, transcript or report; it is not work" in page
    sealed = page.split('name="d0-sealed" value="')[1].split('"')[0]
    sent = {"confirm": "1", "draft": "d0", "d0-take": "1", "d0-sealed": sealed, "d0-text": ORIGIN}
    browser.post("/c/desk/articles/import/", sent | {"d0-direction": "ltr", "d0-role": "reference"})
    assert ArticleDetails.objects.get().is_reference


def test_the_api_takes_it_as_one(client, edith):
    _, token = create_token(edith, name="t", scope="write")
    answer = client.post(
        "/api/v1/collections/desk/articles/",
        json.dumps({"text": ORIGIN, "role": "reference"}),
        content_type="application/json",
        headers={"Authorization": f"Token {token}"},
    )
    assert (answer.status_code, answer.json()["role"]) == (201, "reference")
