"""The dataset page: its filters are the export's, and what it counts is what the export gives."""

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.access import seat
from annotations.access_dataset import languages
from annotations.exports.filters import NAMES
from annotations.exports.formats import FORMATS
from annotations.forms.dataset import DatasetForm
from annotations.models import ArticleDetails, ClaimState, CollectionSettings
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, tag, unmark
from annotations.services.fill import fill
from annotations.services.settings import change_settings, create_collection, set_member
from annotations.services.withdrawal import withdraw_article
from annotations.views.dataset import FOR_WHAT
from tests.api.cast import article_in
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db

PAGE = "/c/desk/dataset/"


@pytest.fixture
def claims(desk, ana, ben, place):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed", why="30."), base=None)
    tag(desk, author=ben, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    tag(
        desk, author=ben, target=place("$2 billion"), opinion=Opinion("disputed", problem="figure"), base=None
    )
    mark(desk, author=ana, place=place("harbour"))


def page(client, query=""):
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def said(html):
    """The line that counts."""
    return " ".join(re.search(r'<h2 id="found"[^>]*>(.*?)</h2>', html, re.S)[1].split())


def exported(client, html):
    """The rows that the page's link gives."""
    address = re.search(r'href="(/api/v1/collections/desk/export/\?format=jsonl[^"]*)"', html)[1]
    answer = client.get(address)
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("query", "counted"),
    [
        ("", "3 claims"),
        ("status=contested", "1 of 3 claims"),
        ("status=contested&status=to_check", "2 of 3 claims"),
        ("verdict=needs_source&status=agreed", "0 of 3 claims"),
        ("problem=figure", "1 of 3 claims"),
        ("text=bridges", "1 of 3 claims"),
        ("text=&article=&published_from=&at=", "3 claims"),
        ("language=EN", "3 of 3 claims"),
        ("language=", "0 of 3 claims"),
        ("language=de&language=en&language=", "3 of 3 claims"),
        ("published_to=1999-12-31", "0 of 3 claims"),
        ("at=1", "0 claims"),
    ],
)
def test_what_it_counts_and_shows_is_what_its_links_give(signed_in, edith, claims, query, counted):
    client = signed_in(edith)
    html = page(client, query)
    rows = exported(client, html)
    assert said(html) == counted
    assert int(counted.split()[0]) == len(rows)
    assert [int(n) for n in re.findall(r'class="quote" href="/c/desk/claims/(\d+)/"', html)] == [
        row["id"] for row in rows
    ]


def test_a_revision_is_counted_and_described_as_it_was_then(signed_in, desk, edith, ana, claims):
    desk.refresh_from_db()
    at, base = desk.head, CollectionSettings.objects.current().get()
    changes = {"name": "Another name", "license": "MIT"}
    change_settings(desk, author=edith, base=base.pk, changes=changes)
    for span in ClaimState.objects.current().filter(status="to_check").values_list("span", flat=True):
        unmark(desk, author=ana, span_id=span)
    client = signed_in(edith)
    assert said(page(client)) == "2 claims"
    html = page(client, f"at={at}&status=to_check&status=contested")
    assert said(html) == "2 of 3 claims"
    assert '<p id="counted" role="status">2 of 3 claims</p>' in html
    about = html.split('id="about"')[1]
    assert f'<dd dir="auto">{base.name}</dd>' in about
    assert "MIT" not in about
    assert "<dd>MIT</dd>" in page(client)


def test_every_filter_of_the_export_is_on_the_page_and_every_format(signed_in, edith, claims):
    html = page(signed_in(edith), "article=1")
    assert {*NAMES, "at"} == DatasetForm.base_fields.keys()
    for name in NAMES:
        assert f'name="{name}"' in html, name
    assert FOR_WHAT.keys() >= FORMATS.keys()
    for name in FORMATS:
        assert f"format={name}&at=" in html


def test_what_a_format_leaves_out_is_said_beside_it(signed_in, edith, claims):
    html = " ".join(page(signed_in(edith)).split())
    shorter = [name for name, form in FORMATS.items() if form.omits]
    assert shorter == ["claimreview", "averitec"]
    for name in shorter:
        line = re.search(rf'<li><a href="[^"]*format={name}&[^"]*" download>.*?</li>', html)[0]
        assert FORMATS[name].omits in line


def test_snippets_carry_the_filters_and_the_revision(signed_in, edith, desk, claims):
    html = page(signed_in(edith), "status=contested&text=31 bridges")
    codes = re.findall(r"<code id=[^>]+>(.*?)</code>", html, re.S)
    desk.refresh_from_db()
    assert len(codes) == 5
    for code in codes:
        assert f"at={desk.head}&status=contested&text=31+bridges" in code


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("at=99", "The last change is"),
        ("at=none", "Enter a whole number"),
        ("published_from=May", "published_from is one day"),
        ("status=done", "status is one of"),
        ("article=x", "article is the id of an article"),
        ("text=bridges&text=harbour", "One at a time here"),
        ("stauts=agreed", "There is no filter stauts. Known are text, status,"),
        ("format=csv&status=agreed", "There is no filter format."),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field_and_nothing_is_counted(
    signed_in, edith, claims, query, why
):
    html = page(signed_in(edith), query)
    assert why in html
    assert "Nothing is counted" in html
    assert "format=csv" not in html


def test_a_reviewer_who_checks_blind_sees_no_more_than_in_the_export(signed_in, desk, edith, person, claims):
    base = CollectionSettings.objects.current().get().pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    client = signed_in(set_member(desk, person("cleo"), "reviewer").user)
    assert said(page(client, "status=to_check")) == "3 of 3 claims"
    assert said(page(client, "status=contested")) == "0 of 3 claims"
    assert said(page(client, "problem=figure")) == "0 of 3 claims"


def test_an_outlet_in_the_address_stays_ticked_though_it_is_none_of_those_offered(signed_in, edith, claims):
    assert not ArticleDetails.objects.filter(publisher="Nowhere Times").exists()
    html = page(signed_in(edith), "publisher=Nowhere Times")
    assert re.search(r'value="Nowhere Times"[^>]* checked', html)
    assert said(html) == "0 of 3 claims"


def test_languages_are_offered_by_name_and_none_as_well(signed_in, edith, desk, claims):
    stored = import_article(desk, author=edith, text="No\n", details=Details(blocks=blocks_of("No\n")))
    mark(desk, author=edith, place=Place(stored.article_id, 0, 2, "No"))
    html = page(signed_in(edith), "language=zh-Hant-TW")
    choices = re.findall(r'<input[^>]*name="language"[^>]*><span>[^<]*', html)
    offered = [(re.search('value="([^"]*)"', each)[1], each.rpartition(">")[2]) for each in choices]
    assert offered == [("", "None named"), ("en", "English"), ("zh-Hant-TW", "zh-Hant-TW")]
    assert re.search(r'value="zh-Hant-TW"[^>]* checked', html)
    assert "There is" not in html
    html = page(signed_in(edith), "language=")
    assert said(html) == "1 of 4 claims"
    assert [row["quote"] for row in exported(signed_in(edith), html)] == ["No"]


def test_as_filters_change_the_address_follows(signed_in, edith, claims):
    answer = signed_in(edith).get(f"{PAGE}?text=&status=contested", headers={"HX-Request": "true"})
    assert answer["HX-Push-Url"] == f"{PAGE}?status=contested"
    for name in ("publisher", "language"):
        answer = signed_in(edith).get(f"{PAGE}?{name}=", headers={"HX-Request": "true"})
        assert answer["HX-Push-Url"] == f"{PAGE}?{name}="


def test_how_a_program_comes_by_a_token_is_said_once_and_every_line_takes_it_from_there(
    signed_in, edith, claims
):
    html = page(signed_in(edith))
    assert html.count("<code>export AIGAP_TOKEN=…</code>") == 1
    assert re.search(r'make one at <a href="/account/">', html)
    codes = re.findall(r"<code id=[^>]+>(.*?)</code>", html, re.S)
    assert [code for code in codes if "AIGAP_TOKEN" not in code] == []


def test_a_secret_of_duckdb_goes_to_this_server_alone(signed_in, edith, claims):
    assert re.search(r"SCOPE 'http[^']*/api/v1/collections/desk/export/'", page(signed_in(edith)))


def test_reviewers_are_offered_as_in_the_list_of_claims_and_no_hour_of_others_is_told(
    signed_in, desk, ana, edith, vera, person, claims
):
    assert pseudonym(ana) in offered(page(signed_in(edith)))
    assert offered(page(signed_in(vera))) == []
    base = CollectionSettings.objects.current().get().pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    cleo = set_member(desk, person("cleo"), "reviewer").user
    blind = signed_in(cleo)
    assert offered(page(blind)) == [pseudonym(cleo)]
    assert "<time" not in page(blind, "at=3")
    assert b'"modified"' not in exported_whole(blind, "w3c").splitlines()[0]
    assert b'"dateModified"' not in exported_whole(blind, "claimreview")
    assert "<time" in page(signed_in(edith), "at=3")
    assert b'"modified"' in exported_whole(signed_in(edith), "w3c").splitlines()[0]


def test_an_article_is_chosen_by_number_or_title_and_its_title_is_told(signed_in, edith, desk, claims):
    number = desk.articles.get().pk
    client = signed_in(edith)
    html = page(client)
    assert f'<option value="{number}">Bridges 🌉 counted</option>' in html
    assert re.search(r'<input [^>]*name="article" list="newest-articles"', html)
    html = page(client, f"article={number}&article=999999")
    assert re.search(rf'name="article" value="{number}"[^>]* checked', html)
    assert f"<span>Bridges 🌉 counted ({number})</span>" in html
    assert "<span>No article here (999999)</span>" in html
    assert f'In <a href="/c/desk/articles/{number}/" dir="auto">Bridges 🌉 counted</a>' in html
    assert (
        f'href="/c/desk/dataset/?article={number}"'
        in client.get(f"/c/desk/articles/{number}/").content.decode()
    )


def test_what_is_offered_takes_as_many_queries_with_many_articles(signed_in, desk, edith, claims):
    client = signed_in(edith)
    here = f"article={desk.articles.get().pk}"
    page(client, here)
    with CaptureQueriesContext(connection) as few:
        page(client, here)
    numbers = [article_in(desk, edith, f"Text {nth}.", title=f"Title {nth}") for nth in range(12)]
    with CaptureQueriesContext(connection) as many:
        html = page(client, "&".join([here, *(f"article={number}" for number in numbers)]))
    assert len(many) == len(few)
    assert html.count('name="article" value="') == 13


def test_a_language_of_one_article_long_ago_is_offered_still(signed_in, desk, edith):
    article_in(desk, edith, "Men sil it sjen.", title="Tekst", language="fy")
    gone = article_in(desk, edith, "Nach.", title="Text", language="yi")
    article_in(create_collection("else", author=edith), edith, "Eile.", title="Else", language="ga")
    fill(desk, articles=505, spans=1)
    base = ArticleDetails.objects.current().get(article=gone).pk
    withdraw_article(desk, author=edith, article_id=gone, base=base)
    assert list(languages(seat(edith, "desk"))) == ["en", "fy"]
    assert 'name="language" value="fy"' in page(signed_in(edith))


def test_languages_are_those_of_the_articles_whatever_their_case(signed_in, desk, edith, claims):
    article_in(desk, edith, "Ein Text.", title="Text", language="de-CH")
    article_in(desk, edith, "Noch ein Text.", title="Text", language="DE-ch")
    html = page(signed_in(edith), "language=de-ch&language=EN")
    assert re.findall(r'name="language" value="([^"]*)"[^>]* checked', html) == ["de-CH", "en"]
    assert said(html) == "3 of 3 claims"


@pytest.mark.parametrize("query", ["status=contested", "verdict=needs_source&status=agreed", "at=99"])
def test_the_count_stands_beside_show_in_the_one_region_that_is_read_out(signed_in, edith, claims, query):
    html = page(signed_in(edith), query)
    foot = re.search(r'<div class="form-foot">(.*?)</div>', html, re.S)[1]
    told = re.search(r'<p id="counted" role="status">(.*?)</p>', foot)[1]
    assert (
        told
        == {
            "status=contested": "1 of 3 claims",
            "verdict=needs_source&status=agreed": "0 of 3 claims. No claim fits: take a filter away.",
            "at=99": "Nothing is counted: see what cannot be meant so.",
        }[query]
    )
    assert html.count("3 claims. No claim") <= 1
    assert ("As of change:</b> The last change is" in html) == (query == "at=99")


@pytest.mark.parametrize("typed", ["—", "?!+%26", "$ ..."])
def test_where_no_word_is_typed_to_look_for_that_is_said_in_place_of_no_claim_fits(
    signed_in, edith, claims, typed
):
    html = page(signed_in(edith), f"text={typed}")
    assert said(html) == "0 of 3 claims"
    words = typed.replace("+", " ").replace("%26", "&")
    assert html.count(f"No word to look for in “<bdi>{words}</bdi>”.") == 2
    assert "No claim fits" not in html
    assert "No word to look for" not in page(signed_in(edith), "text=zebra")


def test_an_editor_is_told_who_a_reviewer_is_and_nobody_else(signed_in, desk, ana, edith, ben, vera, claims):
    named = f"{pseudonym(ana)} ({ana})"
    assert named in page(signed_in(edith))
    assert named not in page(signed_in(ben))
    assert named not in page(signed_in(vera))
    assert str(ana) not in exported_whole(signed_in(edith), "jsonl").decode()


def exported_whole(client, name):
    return client.get(f"/api/v1/collections/desk/export/?format={name}").getvalue()


def pseudonym(user):
    return user.memberships.get().pseudonym


def offered(html):
    return sorted(re.findall(r'name="reviewer" value="([^"]+)"', html))
