"""One change: what it did to each thing, before and after; who may see which of it."""

import re

import pytest

from annotations.models import (
    LIVE,
    VERSION_MODELS,
    Annotation,
    ArticleDetails,
    ArticleWork,
    CollectionSettings,
    Comment,
)
from annotations.services.articles import edit_details
from annotations.services.claims import Opinion, mark, tag, withdraw
from annotations.services.evidence import Citation, NewSource, add_evidence, edit_evidence
from annotations.services.ledger import commit
from annotations.services.places import merge_claims, move_claim
from annotations.services.rulings import rule
from annotations.services.settings import change_settings
from annotations.services.undo import undo
from annotations.services.work import Standing, set_work
from annotations.views.said import FIELDS
from tests.services.ground import say_at_the_desk

pytestmark = pytest.mark.django_db
ROW = re.compile(r'<th scope="row">(.*?)</th>\s*(.*?)\s*</tr>', re.DOTALL)


@pytest.fixture
def claim(desk, ana, place):
    """Change 3, after the beginning and the article."""
    return mark(desk, author=ana, place=place("31 bridges")).span_id


def page(browser, number):
    answer = browser.get(f"/c/desk/history/{number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def rows(html):
    """What changed: field → before | after."""
    return {
        label: "|".join(re.sub("<[^>]+>", "", cell) for cell in re.findall("<td.*?</td>", cells, re.DOTALL))
        for label, cells in ROW.findall(html)
    }


def facts(html):
    return dict(re.findall(r'<dt>(.*?)</dt><dd dir="auto">(.*?)</dd>', html, re.DOTALL))


def test_every_kind_of_row_has_labels_for_its_fields():
    assert set(FIELDS) == set(VERSION_MODELS)
    silent = {"id", "collection", "created_in", "retired_in", "counts", "blocks", "key", "sha256", "comment"}
    whose = {"reviewer", "author", "person"}  # said in the heading
    for model, fields in FIELDS.items():
        named = {each.name.removesuffix("_id") for each in fields} | silent | whose | set(model.KEY)
        missing = {each.name for each in model._meta.concrete_fields} - named
        assert not missing - {"kind"}, model


def test_a_changed_opinion_says_before_and_after(signed_in, desk, ana, claim):
    first = tag(
        desk, author=ana, target=claim, opinion=Opinion("verified", "The register has 31."), base=None
    )
    said = Opinion("disputed", "The register has 13.", problem="figure")
    changed = tag(desk, author=ana, target=claim, opinion=said, base=first.version)

    html = page(signed_in(ana), changed.revision)
    told = rows(html)
    assert told["Verdict"] == "Verified|Disputed"
    assert told["What is wrong"] == "–|Figure is wrong"
    assert "The register has <del>31</del> <ins>13</ins>." in html
    assert "“31” became “13”." in html
    assert f"/articles/{Annotation.objects.first().span.article_id}/?claim={claim}" in html
    assert "Opinion of Ana" in html


def test_what_is_new_and_what_is_gone(signed_in, desk, ana, claim):
    said = tag(desk, author=ana, target=claim, opinion=Opinion("disputed", "No."), base=None)
    gone = withdraw(desk, author=ana, span_id=claim, base=said.version)

    html = page(signed_in(ana), said.revision)
    assert facts(html) == {"Verdict": "Disputed", "Why": "No."}
    assert rows(html) == {"State": "To check|Agreed", "Result": "–|Disputed"}
    html = page(signed_in(ana), gone.revision)
    assert "taken away" in html
    assert facts(html) == {"Verdict": "Disputed", "Why": "No."}


def test_a_source_and_what_is_said_of_it_stand_with_the_claim(signed_in, desk, ana, claim):
    web = NewSource("web", {"title": "Register", "url": "https://a.example/"})
    cited = add_evidence(desk, author=ana, span_id=claim, source=web)
    request = {"evidence_key": cited.key, "base": cited.version, "citation": Citation("contradicts")}
    changed = edit_evidence(desk, author=ana, source_details={"title": "The register"}, **request)

    html = page(signed_in(ana), changed.revision)
    assert html.count('<section class="section changed">') == 1
    told = rows(html)
    assert told["What it does"] == "Supports|Contradicts"
    assert "<del>Register</del>" not in html
    assert told["Title or name"] == "Register|The register"


def test_details_of_an_article_and_the_part_of_a_line(signed_in, desk, edith, article):
    live = ArticleDetails.objects.current().get(article=article)
    blocks = [live.blocks[0], {**live.blocks[1], "role": "caption"}, *live.blocks[2:]]
    changes = {"title": "Bridges", "blocks": blocks}
    edit_details(desk, author=edith, article_id=article.pk, base=live.pk, changes=changes)

    told = rows(page(signed_in(edith), 3))
    assert told["Title"] == "Bridges 🌉 counted|Bridges"
    assert told["“There are 31 bridges in the harbour, the mayor said.”"] == "body|caption"


def test_settings_say_that_claims_follow(signed_in, desk, ana, edith, claim):
    tag(desk, author=ana, target=claim, opinion=Opinion("disputed"), base=None)
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"reviews_needed": 2})

    html = page(signed_in(edith), 5)
    assert rows(html) == {"Opinions that a claim needs": "1|2"}
    assert "Claims that follow from it have another state now." in html


def test_a_move_shows_both_places(signed_in, desk, edith, ana, place, claim):
    tag(desk, author=ana, target=claim, opinion=Opinion("disputed"), base=None)
    moved = move_claim(desk, author=edith, span_id=claim, place=place("31 bridges in"), base=4)

    html = page(signed_in(edith), moved.revision)
    assert f"Claim {claim} moved to claim {moved.span_id}" in html
    assert f"/c/desk/history/?claim={claim}" in html
    merged = mark(desk, author=ana, place=place("harbour"))
    gone = {"away": merged.span_id, "keep_base": 5, "away_base": 6}
    merge_claims(desk, author=edith, keep=moved.span_id, **gone)
    assert f"was merged into claim {moved.span_id}" in page(signed_in(edith), 7)


def test_what_was_said_at_the_desk(signed_in, desk, ana, ben, edith, claim):
    with commit(desk, author=edith, action="comment") as revision:
        say_at_the_desk(revision, claim, reviewer=ana, editor=edith)

    html = page(signed_in(edith), 4)
    for words in (
        *("Comment by Edith", "Ana asked in a comment", "For Ana to judge", "Review of Ana, sent back"),
        *("Legal read", "Correction for readers", "Is this libel?", "Which register?"),
    ):
        assert words in html, words
    assert "Which register?" not in page(signed_in(ben), 4)
    assert "Which register?" in page(signed_in(ana), 4)


def test_it_leads_to_the_changes_beside_it(signed_in, desk, ana, edith, claim):
    undone = undo(desk, author=ana, number=3)

    html = page(signed_in(edith), 3)
    assert f'href="/c/desk/history/{undone}/">Change {undone}, after it</a>' in html
    assert 'href="/c/desk/history/2/">Change 2, before it</a>' in html
    assert f'undone by <a href="/c/desk/history/{undone}/">' in html
    assert "after it" not in page(signed_in(edith), undone)
    assert "before it" not in page(signed_in(edith), 1)


def blind(desk, edith):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})


def test_who_checks_blind_learns_nothing_from_their_own_change(signed_in, desk, ana, ben, edith, claim):
    blind(desk, edith)
    tag(desk, author=ben, target=claim, opinion=Opinion("disputed", "HIDDEN"), base=None)
    rule(desk, author=edith, span_id=claim, verdict="disputed", rationale="HIDDEN", base=None)
    cited = add_evidence(desk, author=ana, span_id=claim, source=NewSource("web", {"title": "Register"}))

    html = page(signed_in(ana), cited.revision)
    assert facts(html) == {
        "Source": "Register",
        "What it does": "Supports",
        "Added by": "Ana",
        "Title or name": "Register",
    }
    assert "State" not in rows(html)
    assert not re.search("HIDDEN|Decided|Change 5|Change 6", html)
    assert "Change 3, before it" in html
    assert signed_in(ana).get("/c/desk/history/5/").status_code == 404


def test_who_checks_blind_reads_no_note_to_somebody_else(signed_in, desk, ana, ben, edith, article):
    blind(desk, edith)
    given = set_work(
        desk, author=edith, article_id=article.pk, base=None, wanted=Standing(owner_id=ben.pk, note="HIDDEN")
    )
    freed = set_work(
        desk, author=edith, article_id=article.pk, base=given.version, wanted=Standing(note="HIDDEN too")
    )
    taken = set_work(
        desk, author=ana, article_id=article.pk, base=freed.version, wanted=Standing(owner_id=ana.pk)
    )

    html = page(signed_in(ana), taken.revision)
    assert rows(html)["Whose it is"] == "–|Ana"
    assert "HIDDEN" not in html


def test_the_page_of_a_change_is_for_the_team(signed_in, desk, vera, sam, client, claim):
    assert signed_in(vera).get("/c/desk/history/3/").status_code == 403
    assert signed_in(sam).get("/c/desk/history/3/").status_code == 404
    assert client.get("/c/desk/history/3/").status_code == 302
    assert signed_in(vera).post("/c/desk/history/3/").status_code in (403, 405)


def test_many_things_ask_no_more_questions(
    signed_in, desk, ana, edith, place, claim, django_assert_max_num_queries
):
    spans = [mark(desk, author=ana, place=place(words)).span_id for words in ("harbour", "mayor", "May")]
    with commit(desk, author=edith, action="comment") as revision:
        for span in spans:
            key = revision.new_key()
            revision.insert(Comment, span_id=span, key=key, author_id=edith.pk, text="So")
    browser = signed_in(edith)
    browser.get("/c/desk/history/3/")
    with django_assert_max_num_queries(26) as one:
        page(browser, 3)
    with django_assert_max_num_queries(len(one) + 2):
        html = page(browser, revision.number)
    assert html.count("Comment by Edith") == 3
    assert ArticleWork.objects.count() == 0
    assert Comment.objects.filter(retired_in=LIVE).count() == 3
