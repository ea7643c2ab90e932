"""What everybody may read: only where the collection is public, only what was published, nothing of who did what."""

from xml.etree import ElementTree as Tree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.models import (
    ArticleDetails,
    ClaimState,
    CollectionSettings,
    Correction,
    Membership,
    Revision,
)
from annotations.services.articles import edit_details
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.corrections import Told, publish_correction, save_correction, withdraw_correction
from annotations.services.evidence import Citation, NewSource, add_evidence
from annotations.services.legal import answer_legal, ask_legal
from annotations.services.notes import keep_note
from annotations.services.places import move_claim
from annotations.services.rulings import rule
from annotations.services.settings import change_settings, create_collection
from annotations.services.undo import undo
from annotations.services.work import Standing, set_work

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
PAGES = ("/public/desk/corrections/", "/public/desk/corrections.atom")
TOLD = Told("31 <bridges>", "30 & no more", "We counted\x0b one “bridge” twice.")


def switch(desk, edith, **changes):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes=changes)


@pytest.fixture
def claim(desk, ana, place):
    return tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id


@pytest.fixture
def published(desk, edith, claim):
    """The collection is public, and so is a correction."""
    switch(desk, edith, public=True)
    base = save_correction(desk, author=edith, span_id=claim, told=TOLD, base=None).version
    return publish_correction(desk, author=edith, span_id=claim, base=base).version


def read(path, **headers):
    return Client().get(path, headers=headers)


def pages():
    """The pages and the feed as one text, and the page of each correction."""
    paths = [*PAGES, *(f"/public/desk/corrections/{key}/" for key in keys())]
    return "\n".join(read(path).content.decode() for path in paths)


def keys():
    return set(Correction.objects.exclude(published_at=None).values_list("key", flat=True))


def entry():
    return Tree.fromstring(read(PAGES[1]).content).find(f"{ATOM}entry")


def test_everybody_reads_what_is_published(published):
    html = read(PAGES[0]).content.decode()
    for words in (
        *("31 &lt;bridges&gt;", "30 &amp; no more", "“bridge” twice.", "Harbour Post", "Bridges 🌉 counted"),
        *('href="https://harbour.example/bridges"', "The desk", 'href="/public/desk/corrections.atom"'),
    ):
        assert words in html, words
    assert "changed" not in html


@pytest.mark.parametrize("path", [*PAGES, "/public/desk/corrections/3-1/", "/public/nowhere/corrections/"])
def test_what_is_not_public_is_not_there_for_anybody(signed_in, desk, edith, published, path):
    switch(desk, edith, public=False)
    assert read(path).status_code == 404
    assert signed_in(edith).get(path).status_code == 404


def test_a_draft_is_not_there(desk, edith, claim):
    switch(desk, edith, public=True)
    save_correction(desk, author=edith, span_id=claim, told=TOLD, base=None)
    key = Correction.objects.get().key
    assert read(f"/public/desk/corrections/{key}/").status_code == 404
    assert "No correction has been published." in read(PAGES[0]).content.decode()
    assert entry() is None


def test_the_feed_is_atom(settings, desk, published):
    settings.PUBLIC_URL = "https://facts.example"
    answer = read(PAGES[1])
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = Tree.fromstring(answer.content)
    key, day = keys().pop(), f"{Correction.objects.current().get().published_at:%Y-%m-%d}"
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}id") == "https://facts.example/public/desk/corrections.atom"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "The desk"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": "https://facts.example/public/desk/corrections.atom",
        "alternate": "https://facts.example/public/desk/corrections/",
    }
    [found] = feed.findall(f"{ATOM}entry")
    assert found.findtext(f"{ATOM}id") == f"tag:facts.example,{day}:desk/corrections/{key}"
    assert found.findtext(f"{ATOM}title") == "Correction: Bridges 🌉 counted"
    assert found.find(f"{ATOM}link").get("href") == f"https://facts.example/public/desk/corrections/{key}/"
    assert found.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}updated")
    assert found.findtext(f"{ATOM}updated").endswith("Z")
    content = found.find(f"{ATOM}content")
    assert content.get("type") == "html"
    assert "<p><b>We wrote:</b> 31 &lt;bridges&gt;</p>" in content.text
    assert "We counted one “bridge” twice." in content.text
    assert read(f"/public/desk/corrections/{key}/").status_code == 200


def test_a_change_says_so_and_keeps_its_id(desk, edith, claim, published):
    before = entry().findtext(f"{ATOM}id")
    told = Told("31 bridges", "29", "Two of them.")
    save_correction(desk, author=edith, span_id=claim, told=told, base=published)
    assert entry().findtext(f"{ATOM}id") == before
    assert "Changed on " in entry().findtext(f"{ATOM}content")
    html = read(PAGES[0]).content.decode()
    assert ("Two of them." in html, "“bridge” twice" in html, "changed <time" in html) == (True, False, True)


@pytest.mark.parametrize("how", ["withdrawn", "undone"])
def test_what_was_taken_back_says_so_without_its_words(desk, edith, claim, published, how):
    before = entry().findtext(f"{ATOM}id")
    if how == "withdrawn":
        withdraw_correction(desk, author=edith, span_id=claim, base=published)
    else:
        undo(desk, author=edith, number=Revision.objects.latest("pk").number)
    told = pages()
    assert "This correction was withdrawn." in told
    assert not [words for words in ("31 ", "30 ", "twice") if words in told]
    assert (entry().findtext(f"{ATOM}id"), entry().findtext(f"{ATOM}title")) == (
        before,
        "Withdrawn: Bridges 🌉 counted",
    )


def test_a_move_of_the_claim_changes_nothing_for_readers(desk, edith, claim, published, place):
    before = [read(path).content for path in PAGES]
    base = ClaimState.objects.current().get(span=claim).created_in
    move_claim(desk, author=edith, span_id=claim, place=place("31 bridges in"), base=base)
    assert [read(path).content for path in PAGES] == before


def test_nothing_restricted_is_among_it(desk, edith, ana, ben, article, claim, published, place):
    """A marker in every field that is not of a published correction."""
    for user in (edith, ana, ben):
        user.display_name, user.show_name, user.email = f"LEAK-{user.pk}", True, "LEAK@leak.example"
        user.save()
    switch(desk, edith, show_names=True, description="LEAK-description")
    said = Opinion("disputed", "LEAK-why", should_read="LEAK-should", must_fix=True)
    tag(desk, author=ben, target=claim, opinion=said, base=None)
    details = {"title": "LEAK-source", "note": "LEAK-note", "url": "https://leak.example/LEAK"}
    cited = Citation("contradicts", "LEAK-locator", "LEAK-excerpt")
    add_evidence(desk, author=ben, span_id=claim, source=NewSource("web", details), citation=cited)
    rule(desk, author=edith, span_id=claim, verdict="disputed", rationale="LEAK-rationale", base=None)
    asked = ask_legal(desk, author=ana, span_id=claim, question="LEAK-question", base=None).version
    answer_legal(desk, author=ben, span_id=claim, answer="objected", said="LEAK-objection", base=asked)
    keep_note(author=ana, span_id=claim, text="LEAK-private")
    other = tag(desk, author=ana, target=place("harbour"), opinion=Opinion("disputed"), base=None).span_id
    drafted = Told("LEAK-reads", "LEAK-should", "LEAK-draft")
    save_correction(desk, author=edith, span_id=other, told=drafted, base=None)
    standing = Standing("checking", ana.pk, None, "LEAK-hand-over")
    set_work(desk, author=edith, article_id=article.pk, base=None, wanted=standing)
    base = ArticleDetails.objects.current().get(article=article)
    edited = {"byline": "LEAK-byline", "derived_from": [{"title": "LEAK-origin"}]}
    edit_details(desk, author=edith, article_id=article.pk, base=base.pk, changes=edited)
    told = pages()
    assert "twice." in told
    assert "LEAK" not in told
    members = Membership.objects.select_related("user")
    names = {name for each in members for name in (each.pseudonym, each.user.username)}
    assert not [name for name in names if name in told]
    assert "Two more open in May" not in told, "the article's text stays in"


def test_no_cookie_no_session_and_fit_for_a_cache(signed_in, ana, published):
    for path in PAGES:
        anonymous, member = read(path), signed_in(ana).get(path)
        for answer in (anonymous, member):
            assert answer.cookies == {}
            assert "Cookie" not in answer.get("Vary", "")
            assert answer["Cache-Control"] == "public, max-age=300"
        assert anonymous.content == member.content
        assert (anonymous["ETag"], anonymous["Last-Modified"]) == (member["ETag"], member["Last-Modified"])


def test_asked_again_it_has_not_changed_until_it_has(desk, edith, claim, published, article):
    for path in PAGES:
        first = read(path)
        assert read(path, if_none_match=first["ETag"]).status_code == 304
        assert read(path, if_modified_since=first["Last-Modified"]).status_code == 304
        base = ArticleDetails.objects.current().get(article=article).pk
        edit_details(desk, author=edith, article_id=article.pk, base=base, changes={"title": f"Anew {path}"})
        assert read(path, if_none_match=first["ETag"]).status_code == 200


def test_compressed_it_is_compared_all_the_same(published):
    first = read(PAGES[0], accept_encoding="gzip")
    assert first["Content-Encoding"] == "gzip"
    assert read(PAGES[0], accept_encoding="gzip", if_none_match=first["ETag"]).status_code == 304


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_read_alone(published, method):
    for path in PAGES:
        assert getattr(Client(), method)(path).status_code == 405


def test_another_collections_corrections_are_not_among_it(desk, edith, sam, published):
    create_collection("other", author=sam, name="Other", public=True)
    key = keys().pop()
    assert read(f"/public/other/corrections/{key}/").status_code == 404
    assert "twice" not in read("/public/other/corrections/").content.decode()


def test_fifty_a_page_in_as_many_queries(desk, edith, ana, article, place, published):
    with CaptureQueriesContext(connection) as few:
        read(PAGES[0])
    with CaptureQueriesContext(connection) as fed:
        read(PAGES[1])
    for start in range(52):
        span = mark(desk, author=ana, place=_somewhere(article, start)).span_id
        rule(desk, author=edith, span_id=span, verdict="disputed", rationale="No", base=None)
        base = save_correction(
            desk, author=edith, span_id=span, told=Told("a", "b", f"Number {start}."), base=None
        ).version
        publish_correction(desk, author=edith, span_id=span, base=base)
    with CaptureQueriesContext(connection) as many:
        first = read(PAGES[0]).content.decode()
    with CaptureQueriesContext(connection) as feed:
        assert read(PAGES[1]).content.decode().count("<entry>") == 50
    assert (len(many), len(feed)) == (len(few), len(fed))
    assert ("Number 51." in first, "Number 1." in first) == (True, False)
    assert "Number 1." in read(f"{PAGES[0]}?page=2").content.decode()
    assert "No more corrections." in read(f"{PAGES[0]}?page=9").content.decode()


def _somewhere(article, start):
    return Place(article.pk, start + 18, start + 24, article.text[start + 18 : start + 24])
