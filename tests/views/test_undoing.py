"""Several changes undone at once: picked in the history, looked at, agreed to."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.models import Annotation, ClaimState, Collection, CollectionSettings, Revision
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.rulings import rule
from annotations.services.settings import change_settings
from annotations.services.undo import undo

pytestmark = pytest.mark.django_db
ADDRESS = "/c/desk/history/undo/"
HISTORY = "/c/desk/history/"


@pytest.fixture
def claim(desk, ana, place):
    """Changes 3 and 4: ana's, after the beginning and the article."""
    return tag(
        desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed", "No."), base=None
    ).span_id


@pytest.fixture
def cited(desk, ana, claim):
    """Change 4."""
    return add_evidence(desk, author=ana, span_id=claim, source=NewSource("web", {"title": "Register"}))


def picked(*numbers):
    return f"{ADDRESS}?" + "&".join(f"n={number}" for number in numbers)


def agreed(html):
    """What the form of the preview sends."""
    form = html[html.index('<form class="row" method="post"') :]
    return {
        "n": re.findall(r'name="n" value="(\d+)"', form),
        "seen": re.search(r'name="seen" value="(\w+)"', form)[1],
        "head": re.search(r'name="head" value="(\d+)"', form)[1],
        "key": re.search(r'name="key" value="([\w-]+)"', form)[1],
    }


def test_the_history_offers_what_may_be_undone(signed_in, desk, ana, ben, edith, cited):
    html = signed_in(edith).get(HISTORY).content.decode()
    assert re.findall(r'name="n" value="(\d+)" form="picks"', html) == ["4", "3", "2"]
    assert 'name="all"' not in html
    assert 'name="all"' in signed_in(edith).get(f"{HISTORY}?person={ana.pk}").content.decode()
    assert 'id="picks"' not in signed_in(ben).get(HISTORY).content.decode()


def test_what_would_come_of_it_is_shown_and_nothing_is_written(signed_in, desk, ana, claim, cited):
    answer = signed_in(ana).get(picked(3, 4))

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Undo 2 changes?" in html
    for words in ("Opinion of Ana", "Source: Register", "The mark", "goes", f"Claim {claim}"):
        assert words in html, words
    assert Collection.objects.get().head == 4


def test_a_document_is_called_by_its_title(signed_in, desk, ana, claim):
    details = {"title": "The register", "note": "A list of bridges."}
    source = NewSource("document", details, file="documents/0a1b2c.pdf")
    cited = add_evidence(desk, author=ana, span_id=claim, source=source)
    for path in (picked(cited.revision), f"{HISTORY}{cited.revision}/"):
        html = signed_in(ana).get(path).content.decode()
        assert "The register" in html
        assert "A PDF document" in html
        assert "0a1b2c" not in html


def test_agreed_to_it_is_one_change_that_can_be_undone(signed_in, desk, ana, claim, cited):
    browser = signed_in(ana)
    form = agreed(browser.get(picked(4, 3)).content.decode())

    answer = browser.post(ADDRESS, form)
    assert (answer.status_code, answer["Location"]) == (302, f"{HISTORY}#notices")
    assert not ClaimState.objects.current().exists()
    html = browser.get(HISTORY).content.decode()
    assert "2 changes are undone. That is change 5, and can be undone too." in html
    assert re.search(r"undid 2 changes:\s*<a href=\"/c/desk/history/3/\">3</a>,\s*<a", html)
    assert html.count("undone by <a") == 2
    assert browser.post(ADDRESS, form).status_code == 302
    assert Collection.objects.get().head == 5
    assert browser.post(f"{HISTORY}5/undo/").status_code == 302
    assert ClaimState.objects.current().get().span_id == claim


def test_those_that_cannot_be_are_named_and_the_others_offered(
    signed_in, desk, ana, ben, edith, claim, cited
):
    tag(desk, author=ben, target=claim, opinion=Opinion("verified"), base=None)

    html = signed_in(edith).get(picked(3, 4)).content.decode()
    assert "This one cannot be undone" in html
    assert f"an opinion of claim {claim} (change 5, by Ben less than a minute ago)" in plain(html)
    assert "Undo the other</button>" in html
    assert agreed(html)["n"] == ["4"]
    html = signed_in(edith).get(picked(3)).content.decode()
    assert "Nothing to undo" in html
    assert 'name="seen"' not in html


def test_what_is_in_the_way_is_linked(signed_in, desk, ana, ben, edith, claim, cited):
    """The claim, the change; of a claim that is no more, its history."""
    tag(desk, author=ben, target=claim, opinion=Opinion("verified"), base=None)

    reasons = reasons_in(signed_in(edith).get(picked(3)).content.decode())
    assert (
        f'<a href="/c/desk/claims/{claim}/">claim {claim}</a> (<a href="{HISTORY}5/">change 5</a>' in reasons
    )
    page = signed_in(edith).post(f"{HISTORY}3/undo/").content.decode()
    assert f'<a href="/c/desk/claims/{claim}/">claim {claim}</a>' in page[page.index("Not undone") :]
    for number in (5, 4, 3):
        undo(desk, author=edith, number=number)
    reasons = reasons_in(signed_in(edith).get(picked(7)).content.decode())
    assert f'<a href="/c/desk/history/?claim={claim}">claim {claim}</a> is no longer marked' in reasons
    assert signed_in(edith).get(f"/c/desk/history/?claim={claim}").status_code == 200


def test_what_does_not_fit_is_counted(signed_in, desk, ana, edith, article):
    """Of one change: 34 claims stand on the article that it brought in."""
    letters = [at for at, each in enumerate(article.text) if each.isalnum()]
    for start in letters[:34]:
        mark(desk, author=ana, place=Place(article.pk, start, start + 1, article.text[start]))

    reasons = reasons_in(signed_in(edith).get(picked(2)).content.decode())
    assert reasons.count("is marked in it") == 20
    assert "<li>and 14 more</li>" in reasons
    page = signed_in(edith).post(f"{HISTORY}2/undo/").content.decode()
    assert page.count("is marked in it") == 34


def test_names_in_the_way_are_words(signed_in, desk, ana, ben, edith, claim):
    type(ben).objects.filter(pk=ben.pk).update(display_name="<b>change 3</b>")
    tag(desk, author=ben, target=claim, opinion=Opinion("verified"), base=None)

    reasons = reasons_in(signed_in(edith).get(picked(3)).content.decode())
    assert "by &lt;b&gt;change 3&lt;/b&gt; less than" in reasons


def test_more_in_the_way_asks_no_more_questions(signed_in, desk, ana, ben, edith, place):
    def asked(*numbers):
        browser = signed_in(edith)
        browser.get(picked(*numbers))
        with CaptureQueriesContext(connection) as queries:
            html = browser.get(picked(*numbers)).content.decode()
        return html.count("an opinion of"), len(queries)

    for words in ("harbour", "mayor", "May", "cost"):
        span = mark(desk, author=ana, place=place(words)).span_id
        tag(desk, author=ben, target=span, opinion=Opinion("verified"), base=None)
    (one, few), (four, many) = asked(3), asked(3, 5, 7, 9)
    assert (one, four) == (1, 4)
    assert many <= few + 2


def reasons_in(html):
    return html[html.index('<ul class="reasons">') :].partition("</ul>")[0]


def plain(html):
    return re.sub(r"</?a\b[^>]*>", "", html)


def test_all_that_fits_a_filter(signed_in, desk, ana, edith, article, place, claim, cited):
    mark(desk, author=edith, place=place("harbour"))
    undo(desk, author=ana, number=4)
    mark(desk, author=ana, place=place("mayor"))

    html = signed_in(edith).get(f"{ADDRESS}?all=1&person={ana.pk}&article={article.pk}").content.decode()
    assert agreed(html)["n"] == ["3", "7"]
    html = signed_in(ana).get(f"{ADDRESS}?all=1").content.decode()
    assert agreed(html)["n"] == ["3", "7"]
    html = signed_in(edith).get(f"{ADDRESS}?all=1&after=6").content.decode()
    assert agreed(html)["n"] == ["7"]
    assert signed_in(edith).get(f"{ADDRESS}?all=1&from=never").status_code == 404
    html = signed_in(edith).get(f"{ADDRESS}?all=1&action=undo").content.decode()
    assert agreed(html)["n"] == ["6"]


def test_all_undone_already(signed_in, desk, ana, cited):
    undo(desk, author=ana, number=4)
    undo(desk, author=ana, number=3)

    answer = signed_in(ana).get(f"{ADDRESS}?all=1")
    assert (answer.status_code, "All of it has been undone already." in answer.content.decode()) == (
        200,
        True,
    )


def test_what_changed_since_is_shown_anew(signed_in, desk, ana, ben, edith, claim, cited):
    browser = signed_in(edith)
    form = agreed(browser.get(picked(3, 4)).content.decode())
    tag(desk, author=ben, target=claim, opinion=Opinion("verified"), base=None)

    answer = browser.post(ADDRESS, form)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "something has changed since you looked" in html
    assert f"an opinion of claim {claim} (change 5, by Ben less than a minute ago)" in plain(html)
    assert agreed(html)["n"] == ["4"]
    assert Collection.objects.get().head == 5
    assert agreed(html)["key"] != form["key"]


def test_who_changed_the_claims_meanwhile_is_said(signed_in, desk, ana, ben, edith, claim, cited):
    browser = signed_in(edith)
    form = agreed(browser.get(picked(4)).content.decode())
    undo(desk, author=ana, number=4)
    undo(desk, author=ben, number=5)

    html = browser.post(ADDRESS, form).content.decode()
    assert (
        f'<a href="/c/desk/claims/{claim}/">Claim {claim}</a>: Ben changed it less than a minute ago.' in html
    )
    assert "Ana changed it" not in html


def test_who_checks_blind_is_not_told_who_changed_the_claims(signed_in, desk, ana, edith, claim, cited):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    browser = signed_in(ana)
    form = agreed(browser.get(picked(4)).content.decode())
    undo(desk, author=edith, number=4)
    undo(desk, author=edith, number=6)

    answer = browser.post(ADDRESS, form)
    assert answer.status_code == 409
    assert "something has changed since you looked" in answer.content.decode()
    assert "Edith" not in answer.content.decode()


def test_another_row_in_the_same_place_is_a_change_too(signed_in, desk, ana, cited):
    browser = signed_in(ana)
    form = agreed(browser.get(picked(4)).content.decode())
    undo(desk, author=ana, number=4)
    undo(desk, author=ana, number=5)

    assert browser.post(ADDRESS, form).status_code == 409
    assert Collection.objects.get().head == 6


def test_a_key_sent_with_other_changes(signed_in, desk, ana, cited):
    browser = signed_in(ana)
    form = agreed(browser.get(picked(4)).content.decode())
    browser.post(ADDRESS, form)
    seen = agreed(browser.get(picked(3)).content.decode())["seen"]

    answer = browser.post(ADDRESS, form | {"n": ["3"], "seen": seen})
    assert answer.status_code == 422
    assert "Choose them again" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 422), ("?n=1", 422), ("?n=99", 404), ("?n=x", 404), ("?n=99999999999", 404),
     ("?" + "&".join(f"n={n}" for n in range(2, 300)), 422)],
)  # fmt: skip
def test_what_nobody_can_undo(signed_in, edith, cited, query, status):
    answer = signed_in(edith).get(f"{ADDRESS}{query}")
    assert answer.status_code == status
    assert signed_in(edith).post(ADDRESS, {"n": query.removeprefix("?n=")}).status_code in (404, status)


def test_reviewers_undo_their_own(signed_in, desk, ana, ben, edith, vera, sam, client, claim, cited):
    decided = rule(desk, author=edith, span_id=claim, verdict="disputed", rationale="So.", base=None)
    assert signed_in(ben).get(picked(3)).status_code == 403
    assert signed_in(ben).post(ADDRESS, {"n": ["3", "4"]}).status_code == 403
    assert signed_in(ana).get(picked(3, decided.revision)).status_code == 403
    assert signed_in(vera).get(picked(3)).status_code == 403
    assert signed_in(sam).get(picked(3)).status_code == 404
    assert client.get(picked(3)).status_code == 302
    assert signed_in(ana).put(picked(3)).status_code == 405
    assert Collection.objects.get().head == 5


def test_an_own_undoing_of_several_is_ones_own_to_undo(signed_in, desk, ana, ben, cited):
    form = agreed(signed_in(ana).get(picked(3, 4)).content.decode())
    signed_in(ana).post(ADDRESS, form)

    assert 'value="5" form="picks"' in signed_in(ana).get(HISTORY).content.decode()
    assert signed_in(ben).post(f"{HISTORY}5/undo/").status_code == 403
    html = signed_in(ana).get(picked(5)).content.decode()
    assert "comes back" in html


def test_who_checks_blind_is_told_nothing_of_others(signed_in, desk, ana, ben, edith, claim, cited):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    other = mark(desk, author=ana, place=_at(claim, "harbour")).span_id
    tag(desk, author=ben, target=other, opinion=Opinion("verified", "HIDDEN"), base=None)

    html = signed_in(ana).get(picked(4, 6)).content.decode()
    assert "later work depends on it" in html
    assert not re.search(r"HIDDEN|an opinion of|change 7|\bBen\b", html)
    assert signed_in(ana).get(picked(4, 7)).status_code == 404


def _at(claim, words):
    from annotations.models import Span

    article = Span.objects.get(pk=claim).article
    start = article.text.index(words)
    return Place(article.pk, start, start + len(words), words)


def test_the_last_of_mine_is_what_several_left(signed_in, desk, ana, article, claim, cited):
    """In the reader "undo" goes on from before what was undone at once."""
    browser = signed_in(ana)
    browser.post(ADDRESS, agreed(browser.get(picked(4)).content.decode()))

    browser.post(f"/c/desk/articles/{article.pk}/undo/", HTTP_HX_REQUEST="true")
    assert not Annotation.objects.current().exists()
    assert Revision.objects.last().result["undone"] == 3


def test_more_changes_ask_no_more_questions(
    signed_in, desk, ana, place, cited, django_assert_max_num_queries
):
    for words in ("harbour", "mayor", "May", "cost", "open"):
        mark(desk, author=ana, place=place(words))
    browser = signed_in(ana)
    browser.get(picked(5))
    with django_assert_max_num_queries(90) as one:
        browser.get(picked(5))
    with django_assert_max_num_queries(len(one) + 2):
        assert browser.get(picked(5, 6, 7, 8, 9)).status_code == 200
