"""Who is let in from where, what a lost password closes, and what a change of name tells those who read exports."""

import pytest
from django.test import Client

from annotations.models import ApiToken, Collection
from annotations.services.accounts import one_time_link
from annotations.services.tokens import create_token
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def tries(forwarded, count=1, password="wrong"):
    browser = Client()
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    sent = {"username": "ana", "password": password}
    return [browser.post("/accounts/login/", sent, headers=headers).status_code for _ in range(count)][-1]


def test_behind_a_proxy_of_ours_one_address_does_not_lock_out_another(ana, settings):
    settings.PROXIES = 1
    assert tries("6.6.6.6", count=6) == 429
    assert tries("9.9.9.9", password=PASSWORD) == 302


def test_the_address_that_a_stranger_writes_counts_for_nothing(ana, settings):
    settings.PROXIES = 1
    for n in range(6):
        last = tries(f"1.2.3.{n}, 6.6.6.6")
    assert last == 429


def test_without_a_proxy_the_header_is_not_believed(ana):
    for n in range(6):
        last = tries(f"1.2.3.{n}")
    assert last == 429


def test_a_one_time_link_closes_what_the_old_password_opened(client, ana):
    create_token(ana, name="notebook", scope="write")
    path = one_time_link(ana).split("8000")[-1]
    path = path if path.startswith("/") else "/" + path.split("/", 3)[3]
    chosen = {"new_password1": "three blue herons at dusk", "new_password2": "three blue herons at dusk"}

    assert client.post(path, chosen).status_code == 302
    assert not ApiToken.objects.filter(user=ana).exists()


def test_a_change_of_name_tells_those_who_read_exports(client, desk, ana):
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    before = Collection.objects.get(pk=desk.pk).epoch

    client.post("/account/profile/", {"display_name": "Ana", "show_name": "on"})
    client.post("/account/profile/", {"display_name": "Ana", "show_name": "on"})

    assert Collection.objects.get(pk=desk.pk).epoch == before + 1


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client, article):
    page = f"/c/desk/articles/{article.pk}/"
    answer = client.post(f"{page}mark/", {}, headers={"referer": f"http://testserver{page}?claim=3"})
    assert answer["Location"] == f"/accounts/login/?next={page}%3Fclaim%3D3"

    elsewhere = client.post(f"{page}mark/", {}, headers={"referer": "http://evil.example/x"})
    assert elsewhere["Location"] == "/accounts/login/?next=/"
