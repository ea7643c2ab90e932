"""Authentication: tokens and sessions, and what neither opens (T10, T11, T13)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from knox.crypto import hash_token

from annotations.models import ApiToken
from annotations.services.settings import set_member
from annotations.services.tokens import create_token, revoke_token
from tests.api.cast import Api, api, person


def asked(secret, scheme="Token", path="/api/v1/collections/"):
    return Client().get(path, headers={"Authorization": f"{scheme} {secret}"})


@pytest.mark.parametrize("scheme", ["Token", "Bearer", "bearer"])
def test_both_schemes_open(desk, scheme):
    assert asked(api(desk.ana).token, scheme).status_code == 200


def test_no_plain_token_in_the_database(desk):  # T10
    _, secret = create_token(desk.ana, name="script")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert secret not in str(cursor.fetchall())


def test_an_expired_token_opens_nothing_and_stays_for_its_owner_to_see(desk):  # T11
    token, secret = create_token(desk.ana, name="old")
    ApiToken.objects.filter(pk=token.pk).update(expiry=timezone.now() - timedelta(seconds=1))
    answer = asked(secret)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad-credentials")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert ApiToken.objects.filter(pk=token.pk).exists()


@pytest.mark.parametrize("secret", ["", "a b", "a\0b", "a\x7fb", "ä", "x" * 10_000])
def test_what_can_be_no_token_is_refused_in_words(desk, secret):
    answer = Api(Client(), secret).get("desk/", Authorization=f"Token {secret}")
    assert answer.status_code == 401
    assert answer.json()["code"] == "bad-credentials"


def test_a_revoked_token_is_refused_at_once(desk):  # T11
    token, secret = create_token(desk.ana, name="script")
    assert asked(secret).status_code == 200
    revoke_token(desk.ana, token.token_key)
    assert asked(secret).status_code == 401


def test_a_token_to_read_does_not_write(desk):  # T11
    answer = api(desk.ana, scope="read").post("desk/spans/", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "token-scope")


def test_a_limited_token_sees_its_collections_alone(desk):
    client = api(desk.owner, collections=[desk.collection])
    assert [row["slug"] for row in client.get("").json()["results"]] == ["desk"]
    outside = api(desk.owner, collections=[desk.other])
    assert outside.get("desk/").status_code == 404
    assert outside.get("").json()["results"] == []
    assert outside.get("elsewhere/").status_code == 404


def test_a_token_limited_to_two_collections_reaches_both(desk):
    set_member(desk.other, desk.owner, "viewer")
    client = api(desk.owner, collections=[desk.collection, desk.other])
    assert {client.get(f"{each.slug}/").status_code for each in (desk.collection, desk.other)} == {200}
    assert {row["slug"] for row in client.get("").json()["results"]} == {"desk", desk.other.slug}


def test_tokens_that_begin_alike_have_each_its_own_limit(desk):
    limited, secret = create_token(desk.owner, name="one", collections=[desk.other])
    free, _ = create_token(desk.owner, name="two")
    alike = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    ApiToken.objects.filter(pk=free.pk).update(token_key=limited.token_key, digest=hash_token(alike))
    here = "/api/v1/collections/desk/"
    assert (asked(secret, path=here).status_code, asked(alike, path=here).status_code) == (404, 200)


def test_a_service_speaks_by_token(desk):
    robot = person("robot", kind="service")
    set_member(desk.collection, robot, "viewer")
    assert api(robot).get("desk/").status_code == 200


def test_a_leaver_s_token_is_refused(desk):
    client = api(desk.ana)
    desk.ana.is_active = False
    desk.ana.save()
    assert client.get("desk/").status_code == 401


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token ünknown", "Bearer 0", "Basic b3duZXI6eA=="])
def test_what_is_no_token_opens_nothing(desk, header):
    answer = Client().get("/api/v1/collections/", headers={"Authorization": header})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_a_bad_token_is_not_saved_by_a_good_session(desk):
    client = Client()
    client.force_login(desk.ana)
    answer = client.get("/api/v1/collections/", headers={"Authorization": "Token 0000"})
    assert answer.status_code == 401


def test_a_session_reads_and_writes_with_its_csrf_token_alone(desk):  # T13
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.ana)
    session = Api(client)
    assert session.get("desk/").status_code == 200
    path = f"desk/spans/{desk.span}/annotation/"
    bare = session.put(path, {"verdict": "verified"}, If_None_Match="*")
    assert (bare.status_code, bare.json()["code"]) == (403, "csrf-failed")
    token = "a" * 32
    client.cookies["csrftoken"] = token
    with_token = session.put(path, {"verdict": "verified"}, If_None_Match="*", X_CSRFToken=token)
    assert with_token.status_code == 201
