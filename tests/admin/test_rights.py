"""Who has which rights: per collection, per person, as csv; what is said is what access.py does."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.models import Membership, User
from annotations.services.settings import create_collection, end_membership, set_member
from annotations.services.tokens import create_token

pytestmark = pytest.mark.django_db


def told(answer):
    return {
        line.seat.user.username: (line.rights.reads, line.rights.marks, line.rights.edits, line.rights.legal)
        for line in answer.context["lines"]
    }


def in_collection(browser, collection, query=""):
    return browser.get(f"/admin/annotations/collection/{collection.pk}/rights/{query}")


def rows(answer):
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def test_each_role_is_told_in_words(at, stan, edith, ana, vera, desk):
    set_member(desk, vera, "viewer", is_lawyer=True)
    assert told(in_collection(at(stan), desk)) == {
        "edith": ("all", True, True, False),
        "ana": ("all", True, False, False),
        "vera": ("what is agreed or decided", False, False, True),
    }


def test_where_reviewers_check_blind_it_is_another_story(at, stan, edith, ana):
    blind = create_collection("blind", author=None, blind=True)
    set_member(blind, edith, "editor")
    set_member(blind, ana, "reviewer")
    assert told(in_collection(at(stan), blind)) == {
        "edith": ("all", False, True, False),
        "ana": ("all of a claim, after their own verdict", True, False, False),
    }


def test_who_is_away_may_do_nothing(at, stan, ana, ben, desk):
    User.objects.filter(pk=ana.pk).update(is_active=False)
    end_membership(desk, ben)
    assert told(in_collection(at(stan), desk)) == {"ana": ("nothing: deactivated", False, False, False)}
    assert told(in_collection(at(stan), desk, "?state=ended")) == {
        "ben": ("nothing: the membership ended", False, False, False)
    }
    assert set(told(in_collection(at(stan), desk, "?state=all"))) == {"ana", "ben"}


def test_tokens_count_where_they_open_something_today(at, stan, ana, ben, desk):
    wire = create_collection("wire", author=None)
    set_member(wire, ana, "reviewer")
    create_token(ana, name="all")
    create_token(ana, name="desk", scope="write", collections=[desk])
    create_token(ana, name="past", days=-1)
    counted = {
        collection.slug: [line.tokens for line in in_collection(at(stan), collection).context["lines"]]
        for collection in (desk, wire)
    }
    assert counted == {"desk": ["1 read, 1 write", "–"], "wire": ["1 read"]}


def test_a_member_is_found_by_name(at, stan, ana, ben, desk):
    assert set(told(in_collection(at(stan), desk, "?q=BEN"))) == {"ben"}
    assert "Nobody of that name." in in_collection(at(stan), desk, "?q=zebra").content.decode()


def test_ticked_members_stand_in_the_form_that_changes_them(at, stan, ana, ben, desk):
    html = in_collection(at(stan), desk).content.decode()
    seat = Membership.objects.get(user=ben)
    assert f'name="_selected_action" value="{seat.pk}"' in html
    sent = {"action": "change_several", "_selected_action": [seat.pk]}
    answer = at(stan).post("/admin/annotations/membership/", sent)
    assert answer.context["form"].initial == {"people": "ben", "collection": "desk"}


def test_a_person_in_each_collection_with_their_tokens_and_no_secret(at, stan, ana, desk):
    set_member(create_collection("wire", author=None, name="The wire"), ana, "viewer")
    token, secret = create_token(ana, name="notebook", days=None)
    html = at(stan).get(f"/admin/annotations/user/{ana.pk}/rights/").content.decode()
    for word in ("The desk", "The wire", "notebook", "every collection of theirs", "never"):
        assert word in html
    assert not [part for part in (secret, token.token_key, token.digest) if part in html]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("stan", "On staff: manages users"),
        ("root", "A superuser: changes every user"),
        ("sam", "sees nothing but"),
    ],
)
def test_what_administration_gives_is_told_in_words(at, stan, root, sam, name, words):
    person = User.objects.get(username=name)
    assert words in at(stan).get(f"/admin/annotations/user/{person.pk}/rights/").content.decode()


def test_the_csv_of_a_collection_a_person_and_all(at, stan, ana, ben, desk):
    wire = create_collection("wire", author=None)
    set_member(wire, ana, "viewer", is_lawyer=True)
    User.objects.filter(pk=ben.pk).update(display_name="=cmd|' /C calc'!A1", last_login=ben.date_joined)
    browser, base = at(stan), "/admin/annotations"
    of_desk = rows(browser.get(f"{base}/collection/{desk.pk}/rights.csv"))
    assert [(row["username"], row["role"], row["marks"]) for row in of_desk] == [
        ("ana", "reviewer", "true"),
        ("ben", "reviewer", "true"),
    ]
    assert of_desk[1]["name"] == "'=cmd|' /C calc'!A1"
    assert of_desk[1]["last_sign_in"].startswith(f"{ben.date_joined:%Y-%m-%d}")
    of_ana = rows(browser.get(f"{base}/user/{ana.pk}/rights.csv"))
    assert [(row["collection"], row["answers_legal_reads"]) for row in of_ana] == [
        ("desk", "false"),
        ("wire", "true"),
    ]
    assert len(rows(browser.get(f"{base}/membership/rights.csv"))) == 3
    found = rows(browser.get(f"{base}/collection/{desk.pk}/rights.csv?q=ana"))
    assert [row["username"] for row in found] == ["ana"]


@pytest.mark.parametrize(
    "page", ["collection/{}/rights/", "collection/{}/rights.csv", "user/{}/rights/", "user/{}/rights.csv"]
)
def test_only_staff_only_to_look_and_only_of_what_is_there(at, stan, ana, page):
    assert at(stan).get(f"/admin/annotations/{page.format(7_777)}").status_code == 404
    assert at(stan).post(f"/admin/annotations/{page.format(1)}").status_code == 405
    assert at(ana).get(f"/admin/annotations/{page.format(1)}").status_code == 302


def test_5000_members_cost_no_more_queries_than_five(at, stan, crowd, desk):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert in_collection(at(stan), desk).status_code == 200
        return len(asked)

    crowd(5)
    few = queries()
    crowd(5_000)
    assert queries() == few
    assert "Page 1 of 51" in in_collection(at(stan), desk).content.decode()


def test_the_csv_costs_a_few_queries_for_each_500(at, stan, crowd, desk, django_assert_max_num_queries):
    crowd(1_200)
    browser = at(stan)
    with django_assert_max_num_queries(8 + 3 * 4):
        assert len(rows(browser.get(f"/admin/annotations/collection/{desk.pk}/rights.csv"))) == 1_200


def test_last_sign_in_is_a_day(at, stan, ana, desk):
    User.objects.filter(pk=ana.pk).update(last_login=ana.date_joined - timedelta(days=400))
    day = ana.date_joined - timedelta(days=400)
    assert f"{day:%-d %b %Y}" in in_collection(at(stan), desk).content.decode()
