"""My account: profile, password, tokens."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from annotations.models import ApiToken, User
from annotations.services.settings import create_collection
from annotations.services.tokens import create_token
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "three blue herons at dusk"


def make_token(browser, **fields):
    return browser.post("/account/tokens/", {"name": "notebook", "scope": "read", "days": 30, **fields})


def secret_in(answer):
    return re.search(r'id="secret">([0-9a-f]+)<', answer.content.decode())[1]


def test_a_profile_is_changed_by_its_owner_and_nothing_else(signed_in, ana):
    """T4: what is no field of the form is ignored."""
    sent = {
        "display_name": "Ana S.",
        "show_name": "on",
        "username": "root",
        "is_staff": "on",
        "is_superuser": "on",
        "kind": "service",
    }
    assert signed_in(ana).post("/account/profile/", sent).status_code == 302
    ana.refresh_from_db()
    assert (ana.display_name, ana.show_name) == ("Ana S.", True)
    assert (ana.username, ana.is_staff, ana.is_superuser, ana.kind) == ("ana", False, False, "person")


def test_a_new_password_ends_the_other_sessions(signed_in, ana):
    """T8"""
    here, elsewhere = signed_in(ana), signed_in(ana)
    answer = here.post(
        "/account/password/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    )
    assert answer.status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_a_new_password_needs_the_old_one(signed_in, ana):
    browser = signed_in(ana)
    answer = browser.post(
        "/account/password/", {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}
    )
    assert answer.status_code == 422
    assert 'id="id_old_password_error"' in answer.content.decode()
    assert User.objects.get(pk=ana.pk).check_password(PASSWORD)


def test_a_token_is_shown_once_and_kept_as_a_hash(signed_in, ana, desk):
    """T10"""
    browser = signed_in(ana)
    answer = make_token(browser, collections=[desk.pk])
    secret = secret_in(answer)
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    assert secret not in browser.get("/account/").content.decode()
    token = ApiToken.objects.get()
    assert (token.scope, list(token.collections.all())) == ("read", [desk])
    assert all(secret not in str(value) for value in ApiToken.objects.values().get().values())


@pytest.mark.parametrize("name", ["Links to exports", "  links to  EXPORTS "])
def test_no_token_of_ones_own_passes_for_one_of_those_for_links(signed_in, ana, name):
    """It would sign links of its owner's browser, and go with a new password."""
    answer = make_token(signed_in(ana), name=name, scope="write")
    assert answer.status_code == 422
    assert "tokens that are made for links: take another name" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_token_that_was_named_so_before_neither_makes_links_nor_goes(signed_in, ana, desk):
    own, _ = create_token(ana, name="mine", scope="write", days=None)
    ApiToken.objects.update(name="Links to exports")
    browser = signed_in(ana)
    sent = browser.post("/api/v1/collections/desk/export/links/", "{}", content_type="application/json")
    assert sent.status_code == 201
    assert ApiToken.objects.exclude(pk=own.pk).get().scope == "read"
    browser.post("/account/password/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert ApiToken.objects.get() == own


def test_a_token_opens_the_api_until_it_is_revoked(signed_in, ana, desk):
    """T11"""
    browser, program = signed_in(ana), Client()
    headers = {"HTTP_AUTHORIZATION": f"Token {secret_in(make_token(browser))}"}
    assert program.get("/api/v1/collections/desk/", **headers).status_code == 200
    assert program.delete("/api/v1/collections/desk/spans/1/", **headers).status_code == 403
    browser.post("/account/tokens/revoke/", {"token": ApiToken.objects.get().token_key})
    assert program.get("/api/v1/collections/desk/", **headers).status_code == 401


def test_an_expired_token_opens_nothing(ana, desk):
    """T11"""
    token, secret = create_token(ana, name="old", days=1)
    ApiToken.objects.filter(pk=token.pk).update(expiry=timezone.now() - timedelta(minutes=1))
    answer = Client().get("/api/v1/collections/desk/", HTTP_AUTHORIZATION=f"Token {secret}")
    assert answer.status_code == 401


def test_a_token_is_for_collections_of_its_maker_only(signed_in, ana, sam):
    """T3"""
    foreign = create_collection("elsewhere", author=sam, name="Elsewhere")
    assert make_token(signed_in(ana), collections=[foreign.pk]).status_code == 422
    assert make_token(signed_in(ana), scope="admin").status_code == 422
    assert make_token(signed_in(ana), days=99999).status_code == 422
    assert not ApiToken.objects.exists()


def test_nobody_revokes_anothers_token(signed_in, ana, ben):
    """T3"""
    token, _ = create_token(ana, name="hers")
    signed_in(ben).post("/account/tokens/revoke/", {"token": token.token_key})
    assert ApiToken.objects.filter(pk=token.pk).exists()


def test_the_account_asks_as_much_of_the_database_for_many_tokens(
    signed_in, ana, desk, django_assert_num_queries
):
    browser = signed_in(ana)
    for n in range(2):
        create_token(ana, name=f"t{n}", collections=[desk])
    with django_assert_num_queries(8):
        browser.get("/account/")
    for n in range(10):
        create_token(ana, name=f"u{n}", collections=[desk])
    with django_assert_num_queries(8):
        browser.get("/account/")
