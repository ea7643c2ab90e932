"""The proof sheet: all claims with what the person may see of them, by whom and when, as of any change."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import access
from annotations.exports.dataset import Dataset
from annotations.models import ArticleDetails, Collection, CollectionSettings, Evidence, Membership
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, mark, tag
from annotations.services.corrections import Told, publish_correction, save_correction
from annotations.services.evidence import Citation, NewSource, add_evidence, edit_evidence
from annotations.services.legal import answer_legal, ask_legal
from annotations.services.rulings import rule
from annotations.services.settings import change_settings, set_member
from annotations.services.withdrawal import withdraw_article
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db
OTHER = "31 bridges."
PRINTED = re.compile(r"<div><dt>Printed</dt>.*?</div>")


@pytest.fixture
def sheet(client, article):
    def of(user, query="", status=200):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(f"/c/desk/articles/{article.pk}/proof/{query}")
        assert answer.status_code == status
        return answer.text

    return of


@pytest.fixture
def bridges(desk, ana, ben, place):
    opinion = Opinion("disputed", "It is <30>.", problem="figure", should_read="30 bridges", must_fix=True)
    span = tag(desk, author=ana, target=place("31 bridges"), opinion=opinion, base=None).span_id
    details = {"title": "Register", "publisher": "Harbour office", "url": "https://harbour.example/register"}
    cited = Citation("contradicts", "p. 12", "thirty bridges")
    add_evidence(desk, author=ana, span_id=span, source=NewSource("web", details), citation=cited)
    asked = ask_legal(desk, author=ana, span_id=span, question="Libel?", base=None)
    said = {"answer": "objected", "said": "Name no owner.", "base": asked.version}
    answer_legal(desk, author=ben, span_id=span, **said)
    return span


def test_it_says_what_was_found_where_by_whom_and_when(sheet, desk, article, edith, ben, bridges):
    rule(desk, author=edith, span_id=bridges, verdict="disputed", rationale="The register.", base=None)
    page = sheet(ben)
    for words in (
        *("31 bridges", "Harbour Post", "31 March 2026", article.sha256, f'id="c{bridges}"'),
        *("It is &lt;30&gt;.", "30 bridges", "Figure is wrong · must be put right"),
        *(
            "Register",
            "Harbour office · Web page",
            "p. 12",
            "thirty bridges",
            "https://harbour.example/register",
        ),
        *("Libel?", "Name no owner.", "A lawyer objects", "The register."),
        *('<dt>An</dt><dd dir="auto">Ana</dd>', '<dt>Ed</dt><dd dir="auto">Edith</dd>'),
        f"change {desk.head} of The desk",
    ):
        assert words in page, words
    assert re.search(r'<b>Disputed</b> <span class="sign">An, <time datetime="20\d\d-', page)


def test_its_numbers_are_those_of_the_export(sheet, desk, edith, ana, ben, vera, place, bridges):
    """Of the same change, of a later one, and of what a viewer may see."""
    then = desk.head
    mark(desk, author=ana, place=place("harbour"))
    other = tag(desk, author=ben, target=place("Two more"), opinion=Opinion("verified"), base=None).span_id
    rule(desk, author=edith, span_id=other, verdict="verified", rationale="Seen.", base=None)

    def exported(user, at):
        seat = access.seat(user, "desk")
        return [(row["id"], row["quote"]) for row in Dataset(seat, at).rows()]

    def printed(user, query=""):
        found = re.findall(r'<li id="c(\d+)".*?<blockquote[^>]*>(.*?)</blockquote>', sheet(user, query), re.S)
        return sorted((int(number), quote) for number, quote in found)

    now = Collection.objects.get().head
    assert printed(ben) == exported(ben, now)
    assert len(exported(ben, now)) == 3
    assert printed(ben, f"?at={then}") == exported(ben, then) == [(bridges, "31 bridges")]
    assert printed(vera) == exported(vera, now)
    assert len(exported(vera, now)) == 2


def test_it_says_what_a_cited_article_goes_back_to_and_what_readers_are_told(
    sheet, desk, edith, ana, ben, vera, bridges
):
    origin = {"publisher": "City", "title": "Census"}
    details = Details(title="Wire", publisher="Agency", derived_from=[origin], blocks=blocks_of(OTHER))
    wire = import_article(desk, author=edith, text=OTHER, details=details).article_id
    add_evidence(desk, author=ana, span_id=bridges, source=NewSource("article", {}, article_id=wire))
    told = Told("31 bridges", "30 bridges", "We counted one twice.")
    base = save_correction(desk, author=edith, span_id=bridges, told=told, base=None).version
    assert "<b>Draft</b>" in sheet(ben)
    publish_correction(desk, author=edith, span_id=bridges, base=base)
    page = sheet(ben)
    for words in ("City, Census", "<b>Published</b>", "We counted one twice."):
        assert words in page, words
    assert "We counted one twice." not in sheet(vera)


def test_of_an_earlier_change_it_is_always_the_same(sheet, desk, edith, ana, ben, article, bridges, place):
    before, number = sheet(ben), desk.head
    rule(desk, author=edith, span_id=bridges, verdict="verified", rationale="LATER", base=None)
    mark(desk, author=ana, place=place("harbour"))
    row = Evidence.objects.current().get()
    edit_evidence(desk, author=ana, evidence_key=row.key, base=row.pk, citation=Citation("supports"))
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"reviews_needed": 3, "name": "LATER"})
    assert PRINTED.search(before)
    assert PRINTED.sub("", sheet(ben, f"?at={number}")).replace("LATER", "The desk") == PRINTED.sub(
        "", before
    )
    assert "LATER" in sheet(ben)


@pytest.mark.parametrize("at", ["0", "999", "x", "-1", "1"])
def test_there_is_none_of_what_was_not_yet(sheet, ben, bridges, at):
    """Change 1 began the collection, which had no article then."""
    sheet(ben, f"?at={at}", status=404)


def test_it_is_there_as_of_when_the_article_was(sheet, desk, edith, ben, article):
    number, base = desk.head, ArticleDetails.objects.current().get(article=article).pk
    withdraw_article(desk, author=edith, article_id=article.pk, base=base)
    sheet(ben, status=410)
    assert "Bridges" in sheet(ben, f"?at={number}")


def test_a_blind_reviewer_reads_nothing_of_others(sheet, desk, edith, ana, ben, person, bridges):
    cleo = set_member(desk, person("cleo"), "reviewer").user
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    page = sheet(cleo)
    assert "31 bridges" in page
    hidden = ("It is", "Register", "isputed", "Libel", "lawyer", "Ana", "Initials", "change ")
    assert not [words for words in hidden if words in page]
    sheet(cleo, f"?at={desk.head}", status=403)
    tag(desk, author=cleo, target=bridges, opinion=Opinion("verified"), base=None)
    assert "It is &lt;30&gt;." in sheet(cleo)


def test_a_viewer_reads_settled_claims_and_no_legal_reads(sheet, desk, ana, vera, place, bridges):
    waiting = mark(desk, author=ana, place=place("harbour")).span_id
    page = sheet(vera)
    assert f'id="c{waiting}"' not in page
    assert f'id="c{bridges}"' in page
    assert not [words for words in ("Libel", "lawyer", "Name no owner") if words in page]
    Membership.objects.filter(user=vera).update(is_lawyer=True)
    assert "Name no owner." in sheet(vera)


def test_queries_do_not_grow_with_claims(sheet, desk, ana, place, bridges):
    sheet(ana)
    with CaptureQueriesContext(connection) as few:
        sheet(ana)
    for words in ("harbour", "mayor", "May", "Two more"):
        tag(desk, author=ana, target=place(words), opinion=Opinion("verified"), base=None)
    with CaptureQueriesContext(connection) as many:
        assert sheet(ana).count('<li id="c') == 5
    assert len(many) == len(few)
