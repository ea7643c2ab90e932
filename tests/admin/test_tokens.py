"""All tokens and never a secret; revoked by one or many, with what stops working."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from annotations.models import ApiToken, User
from annotations.services.settings import create_collection
from annotations.services.tokens import create_token

pytestmark = pytest.mark.django_db
LIST = "/admin/annotations/apitoken/"


@pytest.fixture
def robot(person):
    return person("robot", kind=User.Kind.SERVICE)


def names(answer):
    return {token.name for token in answer.context["cl"].result_list}


def revoke(browser, *tokens, confirmed=True):
    sent = {"_selected_action": [token.pk for token in tokens]} | ({"confirmed": "1"} if confirmed else {})
    return browser.post(f"{LIST}revoke/", sent, follow=True)


def opens(secret):
    answer = Client().get("/api/v1/collections/", headers={"authorization": f"Token {secret}"})
    return answer.status_code == 200


def test_all_tokens_are_listed_and_narrowed(at, stan, ana, robot, desk):
    create_token(ana, name="hers")
    create_token(ana, name="past", days=-1)
    create_token(robot, name="sync", scope="write", collections=[desk], days=None)
    create_token(stan, name="own", days=7)
    found = {
        "": {"hers", "past", "sync", "own"},
        "state=live": {"hers", "sync", "own"},
        "state=expired": {"past"},
        "state=never": {"sync"},
        "state=soon": {"own"},
        "owner=service": {"sync"},
        "owner=person": {"hers", "past", "own"},
        "owner=staff": {"own"},
        "scope__exact=write": {"sync"},
        "collection=desk": {"sync"},
        "collection=": {"hers", "past", "own"},
        "q=ana": {"hers", "past"},
        "q=syn": {"sync"},
    }
    for query, expected in found.items():
        assert names(at(stan).get(f"{LIST}?{query}")) == expected, query


def test_their_number_is_said_of_api_tokens(at, stan, robot):
    create_token(stan, name="own")
    assert "1 API token\n" in at(stan).get(LIST).content.decode()
    create_token(robot, name="sync")
    assert "2 API tokens\n" in at(stan).get(LIST).content.decode()


def test_no_page_shows_what_opens_anything(at, stan, ana):
    token, secret = create_token(ana, name="hers")
    ticked = {"action": "revoke_chosen", "_selected_action": [token.pk]}
    pages = [at(stan).get(LIST), at(stan).get(f"{LIST}{token.pk}/change/"), at(stan).post(LIST, ticked)]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert not [
        page for page in pages if secret in page.content.decode() or token.token_key in page.content.decode()
    ]


def test_what_stops_working_is_told_first(at, stan, ana, robot, desk):
    sync, secret = create_token(robot, name="sync", scope="write", collections=[desk])
    hers, _ = create_token(ana, name="hers")
    create_token(ana, name="other")
    html = revoke(at(stan), sync, hers, confirmed=False).content.decode()
    assert "robot) has no other live token: this service stops working." in html
    assert "read and write in desk" in html
    assert "ana) has no other" not in html
    assert opens(secret)


def test_a_revoked_token_opens_nothing_at_once_and_the_others_do(at, stan, ana, robot):
    sync, secret = create_token(robot, name="sync")
    hers, her_secret = create_token(ana, name="hers")
    _, other = create_token(ana, name="other")
    assert "2 tokens revoked." in revoke(at(stan), sync, hers).content.decode()
    assert [opens(each) for each in (secret, her_secret, other)] == [False, False, True]


def test_tokens_of_staff_are_a_superusers_matter_and_ones_own_ones_own(at, stan, root, person):
    """T5"""
    other, _ = create_token(person("other", is_staff=True), name="other")
    high, _ = create_token(root, name="high")
    own, _ = create_token(stan, name="own")
    assert revoke(at(stan), other, high).status_code == 422
    revoke(at(stan), other, high, own)
    assert set(ApiToken.objects.values_list("name", flat=True)) == {"other", "high"}
    revoke(at(root), other)
    assert set(ApiToken.objects.values_list("name", flat=True)) == {"high"}


def test_twice_is_once_and_each_is_in_the_log_of_its_owner_without_its_name(at, stan, ana, desk):
    token, _ = create_token(ana, name="for Dr. Marsh", collections=[desk], days=None)
    browser = at(stan)
    revoke(browser, token)
    assert "were revoked before" in revoke(browser, token).content.decode()
    said = LogEntry.objects.values_list("user__username", "object_repr", "object_id", "change_message")
    assert list(said) == [("stan", "Ana", str(ana.pk), "Token revoked: read, in desk, for ever.")]


def test_a_services_token_is_in_the_log_without_its_hash(at, stan, robot, desk):
    sent = {"user": robot.pk, "name": "sync", "scope": "read", "collections": [desk.pk], "days": "30"}
    at(stan).post(f"{LIST}add/", sent)
    entry, until = LogEntry.objects.get(), timezone.now() + timedelta(days=30)
    assert entry.change_message == f"Token made: read, in desk, until {until:%-d %B %Y}."
    assert (entry.object_id, entry.object_repr) == (str(robot.pk), "Robot")


def test_a_service_s_token_is_not_named_as_those_for_links(at, stan, robot):
    sent = {"user": robot.pk, "name": "Links to exports", "scope": "read", "days": "30"}
    answer = at(stan).post(f"{LIST}add/", sent)
    assert "take another name" in answer.content.decode()
    assert not ApiToken.objects.filter(user=robot, name="Links to exports").exists()


def test_a_deactivated_service_gets_no_token(at, stan, person, desk):
    robot = person("robot", kind=User.Kind.SERVICE, is_active=False)
    at(stan).post(f"{LIST}add/", {"user": robot.pk, "name": "sync", "scope": "read", "days": "30"})
    assert not ApiToken.objects.exists()


def test_revoking_is_sent_never_followed_and_for_staff(at, stan, ana, robot):
    token, secret = create_token(robot, name="sync")
    assert at(stan).get(f"{LIST}revoke/").status_code == 405
    revoke(at(ana), token)
    assert opens(secret)
    assert "were revoked before" in revoke(at(stan), ApiToken(pk="0" * 128)).content.decode()


def test_500_cost_as_many_queries_as_five(at, stan, crowd, django_assert_max_num_queries):
    create_collection("wire", author=None)
    owners = crowd(250)
    tokens = [create_token(owner, name=f"t{n}")[0] for owner in owners for n in range(2)]
    browser = at(stan)
    for some in (tokens[:5], tokens[5:]):
        with django_assert_max_num_queries(14):
            assert browser.get(LIST).status_code == 200
        with django_assert_max_num_queries(14):
            revoke(browser, *some, confirmed=False)
        with django_assert_max_num_queries(36):
            revoke(browser, *some)
    assert not ApiToken.objects.exists()
