"""The list of users: found by name and address, narrowed, and as cheap at 5,000 as at 50."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from annotations.models import User
from annotations.services.settings import create_collection, end_membership, set_member
from annotations.services.tokens import create_token

pytestmark = pytest.mark.django_db
LIST = "/admin/annotations/user/"


def names(answer):
    return [user.username for user in answer.context["cl"].result_list]


@pytest.mark.parametrize("asked", ["ana", "Ana A", "ana@desk"])
def test_users_are_found_by_username_name_and_email(at, stan, ana, ben, asked):
    User.objects.filter(pk=ana.pk).update(display_name="Ana A.", email="ana@desk.example")
    assert names(at(stan).get(LIST, {"q": asked})) == ["ana"]


def test_users_are_narrowed_by_what_an_admin_asks(at, stan, ana, ben, edith, sam):
    long_ago = timezone.now() - timedelta(days=100)
    User.objects.filter(pk=ana.pk).update(last_login=long_ago)
    User.objects.filter(pk__in=[ben.pk, edith.pk]).update(last_login=timezone.now())
    TOTPDevice.objects.create(user=edith, name="App")
    TOTPDevice.objects.create(user=ben, name="Begun", confirmed=False)
    create_token(ana, name="hers")
    create_token(ben, name="past", days=-1)
    found = {
        "signed_in=never": {"sam"},
        "signed_in=90": {"ana"},
        "signed_in=365": set(),
        "signed_in=week": {"ben", "edith", "stan"},
        "factor=yes": {"edith"},
        "tokens=yes": {"ana"},
        "collection=desk": {"ana", "ben", "edith"},
        "collection=": {"sam", "stan"},
        "is_staff__exact=1": {"stan"},
    }
    browser = at(stan)
    for query, expected in found.items():
        assert set(names(browser.get(f"{LIST}?{query}"))) == expected, query


def test_a_membership_that_ended_does_not_count(at, stan, ana, desk):
    set_member(create_collection("wire", author=None), ana, "viewer")
    assert "desk: reviewer, wire: viewer" in at(stan).get(LIST).content.decode()
    end_membership(desk, ana)
    assert names(at(stan).get(f"{LIST}?collection=desk")) == []


@pytest.mark.parametrize(
    "address",
    [
        "user/?password__startswith=md5",
        "user/?auth_token_set__token_key__startswith=a",
        "membership/?user__password__startswith=md5",
        "membership/?pseudonym__startswith=r",
        "apitoken/?token_key__startswith=a",
        "apitoken/?digest__startswith=a",
        "collection/?memberships__user__password__startswith=a",
    ],
)
def test_nothing_is_told_letter_by_letter(at, stan, ana, address):
    """A filter that the page does not offer would tell a password's hash by its answers."""
    assert at(stan).get(f"/admin/annotations/{address}").status_code == 400


def test_the_list_costs_no_more_queries_with_5000_users(at, stan, crowd):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert at(stan).get(f"{LIST}?q=crowd").status_code == 200
        return len(asked)

    crowd(5)
    few = queries()
    crowd(5_000)
    assert queries() == few
