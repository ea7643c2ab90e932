"""The page of agreement: who sees it, what it says where there is nothing to say, its numbers lead to claims."""

import csv
import re

import pytest

from annotations.models import CollectionSettings, Membership
from annotations.services import agreement
from annotations.services.claims import Opinion, mark, tag
from annotations.services.settings import change_settings, set_member

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/c/desk/agreement/"
BOTH = {"31 bridges": "verified verified", "harbour": "disputed verified", "mayor": "verified verified"}


@pytest.fixture
def blind(desk, edith):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    return desk


@pytest.fixture
def judged(blind, ana, ben, place):
    """ana and ben on three claims, and on a fourth ana alone."""
    claims = {}
    for words, verdicts in (BOTH | {"$2 billion": "disputed"}).items():
        span = mark(blind, author=ana, place=place(words)).span_id
        for who, verdict in zip((ana, ben), verdicts.split(), strict=False):
            tag(blind, author=who, target=span, opinion=Opinion(verdict), base=None)
        claims[words] = span
    return claims


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def rows(answer):
    return list(csv.DictReader(answer.content.decode().splitlines()))


def test_reviewers_are_told_why_it_is_not_for_them(signed_in, judged, ana, vera, sam):
    for path in ("", "cell/", "pairs.csv", "verdicts.csv"):
        for person, status in ((ana, 403), (vera, 403), (sam, 404)):
            assert signed_in(person).get(f"{PAGE}{path}").status_code == status
    assert "on claims that you have not judged" in text(signed_in(ana).get(PAGE))
    assert PAGE not in signed_in(ana).get("/c/desk/").content.decode()


def test_an_editor_sees_all_together_by_verdict_and_two_by_two(signed_in, judged, edith):
    told = text(signed_in(edith).get(PAGE))
    assert "3 claims with two opinions or more" in told
    assert "no range: fewer than 10 claims" in told
    assert re.search(r"The same verdict 67 %", told)
    assert re.search(r"Ana and Ben 3 67 % 0\.00", told)
    assert f'href="{PAGE}"' in signed_in(edith).get("/c/desk/").content.decode()


def test_each_number_leads_to_its_claims(signed_in, judged, ana, ben, edith):
    browser = signed_in(edith)
    html = browser.get(PAGE, {"a": ben.pk, "b": ana.pk}).content.decode()
    links = re.findall(r'href="(cell/\?[^"]+)" aria-label="(\d+) claims?: Ben (\w+), Ana (\w+)"', html)
    assert [link[1:] for link in links] == [("2", "verified", "verified"), ("1", "verified", "disputed")]
    found = browser.get(f"{PAGE}{links[1][0]}".replace("&amp;", "&"))
    assert re.findall(r"Claim (\d+)<", found.content.decode()) == [str(judged["harbour"])]
    assert "Ben : verified, Ana : disputed" in text(found)


NUMBER = re.compile(r'<a href="(cell/\?[^"]+)"[^>]*>(\d+)(?: claims?)?</a>')


@pytest.mark.parametrize("way", ["unseen", "standing"])
def test_behind_each_number_are_as_many_claims(signed_in, blind, judged, ana, ben, edith, person, place, way):
    """Verdicts, pairs, cells, rows, columns and totals, of three people; ben has thought again."""
    cora = set_member(blind, person("cora"), "reviewer").user
    for words, verdict in (("31 bridges", "disputed"), ("harbour", "verified")):
        tag(blind, author=cora, target=judged[words], opinion=Opinion(verdict), base=None)
    version = ben.annotations.get(span=judged["harbour"], retired_in=2147483647).pk
    tag(blind, author=ben, target=judged["harbour"], opinion=Opinion("disputed"), base=version)
    browser = signed_in(edith)
    html = browser.get(PAGE, {"a": ben.pk, "b": ana.pk, "way": way}).content.decode()
    links = NUMBER.findall(html)
    assert len(links) == 2 + 3 + 4 + 2 + {"unseen": 1, "standing": 2}[way] + 2 + 1
    for address, number in links:
        found = browser.get(PAGE + address.replace("&amp;", "&"))
        assert len(re.findall(r"Claim (\d+)<", found.content.decode())) == int(number), address


def test_a_number_says_what_it_is_of(signed_in, judged, ana, ben, edith):
    browser = signed_in(edith)
    of = {"way": "unseen", "a": ana.pk, "b": ben.pk}
    assert "Ana : any verdict, Ben : verified" in text(browser.get(f"{PAGE}cell/", of | {"vb": "verified"}))
    told = text(browser.get(f"{PAGE}cell/", {"way": "unseen", "va": "disputed"}))
    assert "Disputed by at least one of two or more" in told
    assert f"Claim {judged['harbour']}" in told
    assert f"Claim {judged['$2 billion']}" not in told
    wrong = ({"a": ana.pk}, {"vb": "verified"}, {}, {"va": "verified", "vb": "verified"})
    for each in wrong:
        assert browser.get(f"{PAGE}cell/", {"way": "unseen"} | each).status_code == 404


def test_a_cell_that_is_none_is_not_there(signed_in, judged, ana, ben, edith):
    browser, good = signed_in(edith), {"way": "unseen", "a": ana.pk, "b": ben.pk, "va": "verified"}
    assert browser.get(f"{PAGE}cell/", good | {"vb": "verified"}).status_code == 200
    assert "No claim was judged like that" in text(browser.get(f"{PAGE}cell/", good | {"vb": "disputed"}))
    wrong = (good | {"a": ""}, good | {"vb": "maybe"}, good | {"vb": "verified", "b": edith.pk})
    assert [browser.get(f"{PAGE}cell/", each).status_code for each in wrong] == [404] * 3


def test_the_two_ways_differ_where_somebody_thinks_again(signed_in, blind, judged, ana, ben, edith):
    version = ben.annotations.get(span=judged["harbour"], retired_in=2147483647).pk
    tag(blind, author=ben, target=judged["harbour"], opinion=Opinion("disputed"), base=version)
    browser = signed_in(edith)
    assert "The same verdict 67 %" in text(browser.get(PAGE, {"way": "unseen"}))
    assert "The same verdict 100 %" in text(browser.get(PAGE, {"way": "standing"}))


def test_where_nobody_differs_it_is_undefined_and_says_why(signed_in, blind, ana, ben, edith, place):
    span = tag(blind, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None).span_id
    tag(blind, author=ben, target=span, opinion=Opinion("verified"), base=None)
    told = text(signed_in(edith).get(PAGE))
    assert "Krippendorff’s α undefined All the same verdict, so chance alone would agree too." in told
    assert "nan" not in told


def test_with_nothing_to_compare_it_says_what_it_takes(signed_in, desk, ana, ben, edith, place):
    browser = signed_in(edith)
    assert "No claim has two opinions yet." in text(browser.get(PAGE))
    span = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None).span_id
    tag(desk, author=ben, target=span, opinion=Opinion("disputed"), base=None)
    assert "In an open collection the second reviewer always sees the first" in text(
        browser.get(PAGE, {"way": "unseen"})
    )
    assert "The same verdict 0 %" in text(browser.get(PAGE))
    assert rows(browser.get(f"{PAGE}pairs.csv"))[0]["way"] == "standing"


def test_nobody_is_set_against_themselves(signed_in, judged, ana, edith):
    answer = signed_in(edith).get(PAGE, {"a": ana.pk, "b": ana.pk})
    assert "Choose two different people." in text(answer)
    assert signed_in(edith).get(PAGE, {"a": "x", "b": "0", "way": "?", "page": "-1"}).status_code == 200


def test_the_files_name_people_as_exports_do(signed_in, blind, judged, ana, ben, edith):
    browser = signed_in(edith)
    secret = {m.user_id: m.pseudonym for m in Membership.objects.filter(collection=blind)}
    (pair,) = rows(browser.get(f"{PAGE}pairs.csv"))
    first, second = sorted((ana.pk, ben.pk))
    assert (pair["reviewer_a"], pair["reviewer_b"]) == (secret[first], secret[second])
    assert (pair["claims"], pair["verified/verified"], pair["kappa"]) == ("3", "2", "0.0")
    given = rows(browser.get(f"{PAGE}verdicts.csv"))
    assert len(given) == 7
    assert {row["reviewer"] for row in given} == {secret[ana.pk], secret[ben.pk]}
    assert given[0] == {
        "claim": str(judged["$2 billion"]),
        "url": f"http://127.0.0.1:8000/c/desk/claims/{judged['$2 billion']}/",
        "reviewer": secret[ana.pk],
        "unseen": "disputed",
        "standing": "disputed",
    }


def test_only_the_claims_marked_last_are_counted(signed_in, judged, ana, ben, edith, monkeypatch):
    monkeypatch.setattr(agreement, "MOST", 3)
    browser = signed_in(edith)
    told = text(browser.get(PAGE))
    assert "Counted are the 3 claims marked last." in told
    assert "2 claims with two opinions or more" in told
    cell = {"way": "unseen", "a": ana.pk, "b": ben.pk, "va": "verified", "vb": "verified"}
    found = browser.get(f"{PAGE}cell/", cell).content.decode()
    assert re.findall(r"Claim (\d+)<", found) == [str(judged["mayor"])]
    assert len(rows(browser.get(f"{PAGE}verdicts.csv"))) == 5


def test_a_long_list_goes_on(signed_in, judged, ana, ben, edith, monkeypatch):
    monkeypatch.setattr("annotations.views.agreement.PAGE", 1)
    cell = {"way": "unseen", "a": ana.pk, "b": ben.pk, "va": "verified", "vb": "verified"}
    browser = signed_in(edith)
    html = browser.get(f"{PAGE}cell/", cell).content.decode()
    assert re.findall(r"Claim (\d+)<", html) == [str(judged["mayor"])]
    older = re.search(r'rel="next" href="([^"]+)"', html)[1].replace("&amp;", "&")
    html = browser.get(f"{PAGE}cell/{older}").content.decode()
    assert re.findall(r"Claim (\d+)<", html) == [str(judged["31 bridges"])]
    assert 'rel="next"' not in html


def test_queries_do_not_grow(
    signed_in, blind, judged, ana, ben, edith, place, person, django_assert_num_queries
):
    browser = signed_in(edith)
    cell = f"{PAGE}cell/?way=unseen&a={ana.pk}&b={ben.pk}&va=verified&vb=verified"
    for path in (PAGE, cell):
        browser.get(path)  # counts, and keeps what it counted
    with django_assert_num_queries(6):
        browser.get(PAGE)
    with django_assert_num_queries(COUNT := 17):
        browser.get(cell)
    cora = set_member(blind, person("cora"), "reviewer").user
    for words in ("There", "Two more", "May"):
        span = mark(blind, author=ana, place=place(words)).span_id
        for who in (ana, ben, cora):
            tag(blind, author=who, target=span, opinion=Opinion("verified"), base=None)
    browser.get(PAGE)
    with django_assert_num_queries(6):
        browser.get(PAGE)
    with django_assert_num_queries(COUNT):
        browser.get(cell)
