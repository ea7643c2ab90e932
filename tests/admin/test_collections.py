"""The list of collections: what is in each, when it changed, its policy; by a constant number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.models import CollectionSettings, User
from annotations.services.claims import Opinion, mark, tag
from annotations.services.settings import change_settings, create_collection, set_member

pytestmark = pytest.mark.django_db
LIST = "/admin/annotations/collection/"


def slugs(answer):
    return [collection.slug for collection in answer.context["cl"].result_list]


def cells(answer, slug):
    admin = answer.context["cl"].model_admin
    [row] = [each for each in answer.context["cl"].result_list if each.slug == slug]
    return {name: getattr(admin, name)(row) for name in ("named", "articles", "claims", "members", "policy")}


@pytest.fixture
def worked(desk, ana, ben, place):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    mark(desk, author=ben, place=place("harbour"))


def test_each_with_what_is_in_it(at, stan, worked, desk, edith):
    base = CollectionSettings.objects.current().get().pk
    change_settings(desk, author=edith, base=base, changes={"public": True, "text_exportable": False})
    answer = at(stan).get(LIST)
    shown = cells(answer, "desk")
    assert (shown["named"], shown["articles"], shown["claims"]) == ("The desk", "1", "2")
    assert ">3</a>" in shown["members"]
    assert shown["policy"] == "texts stay in, public corrections"


def test_an_empty_one_has_its_zeros(at, stan):
    create_collection("fresh", author=None, name="Fresh")
    assert cells(at(stan).get(LIST), "fresh") | {"members": ""} == {
        "named": "Fresh",
        "articles": "0",
        "claims": "0",
        "members": "",
        "policy": "–",
    }


def test_who_sees_results_only_is_told_no_count_of_the_others(at, stan, worked, desk):
    set_member(desk, stan, "viewer")
    assert cells(at(stan).get(LIST), "desk")["claims"] == "–"
    set_member(desk, stan, "reviewer")
    assert cells(at(stan).get(LIST), "desk")["claims"] == "2"


def test_a_collection_is_found_by_both_its_names_and_narrowed(at, stan, edith, desk):
    create_collection("wire", author=None, name="Agency copy", blind=True)
    browser = at(stan)
    found = {
        "q=wir": ["wire"],
        "q=AGENCY": ["wire"],
        "policy=blind": ["wire"],
        "policy=nobody": ["wire"],
        "policy=public": [],
        "": ["desk", "wire"],
    }
    for query, expected in found.items():
        assert slugs(browser.get(f"{LIST}?{query}")) == expected, query
    User.objects.filter(pk=edith.pk).update(is_active=False)
    assert slugs(browser.get(f"{LIST}?policy=nobody")) == ["desk", "wire"]


def test_60_collections_cost_as_many_queries_as_two(at, stan):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert at(stan).get(LIST).status_code == 200
        return len(asked)

    for name in ("a", "b"):
        create_collection(name, author=None)
    few = queries()
    for number in range(60):
        create_collection(f"c-{number}", author=None)
    assert queries() == few
