"""*Make a link* on the dataset page: the export that is in sight, for tools that send no headers, shown once."""

import json
import re
from html import unescape

import pytest
from django.test import Client

from annotations.models import ApiToken
from annotations.services.claims import Opinion, mark, tag
from annotations.services.settings import create_collection

pytestmark = pytest.mark.django_db

MAKE = "/c/desk/dataset/link/"


@pytest.fixture
def claims(desk, ana, ben, place, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    for reviewer in (ana, ben):
        tag(
            desk,
            author=reviewer,
            target=place("31 bridges"),
            opinion=Opinion("disputed", why="30."),
            base=None,
        )
    mark(desk, author=ana, place=place("harbour"))


def made(client, query="status=agreed", **form):
    answer = client.post(f"{MAKE}?{query}", {"format": "jsonl", "expires_in": "86400"} | form)
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store"), answer.content
    html = answer.content.decode()
    return html, unescape(re.search(r'id="link">(http://testserver[^<]+)<', html)[1])


def quotes(url):
    answer = Client().get(url.removeprefix("http://testserver"))
    return answer.status_code, [json.loads(line)["quote"] for line in b"".join(answer).splitlines()]


def test_the_page_has_a_button_that_makes_a_link_to_what_is_in_sight(signed_in, vera, claims):
    viewer = signed_in(vera)
    page = viewer.get("/c/desk/dataset/?status=agreed").content.decode()
    action = unescape(re.search(r'<form class="make-link" method="post" action="([^"]+)"', page)[1])
    assert re.fullmatch(rf"{re.escape(MAKE)}\?at=\d+&status=agreed", action)
    html, url = made(viewer, action.partition("?")[2])
    assert quotes(url) == (200, ["31 bridges"])
    assert 'data-copy="link"' in html
    assert "Links to exports" in html
    assert re.search(r'until <time datetime="[^"]+">\d', html)


def test_it_ends_with_its_token(signed_in, vera, claims):
    _, url = made(signed_in(vera))
    ApiToken.objects.get(user=vera, name="Links to exports").delete()
    assert Client().get(url.removeprefix("http://testserver")).status_code == 401


def test_a_stranger_makes_none_nor_who_is_signed_out_nor_another_site(signed_in, person, vera, claims):
    create_collection("elsewhere", author=None)
    assert signed_in(person("sam")).post(MAKE, {"format": "csv"}).status_code == 404
    assert Client().post(MAKE, {"format": "csv"}).status_code == 302
    assert signed_in(vera, enforce_csrf_checks=True).post(MAKE, {"format": "csv"}).status_code == 403
    assert signed_in(vera).get(MAKE).status_code == 405
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("status=x", {}),
        ("stauts=agreed", {}),
        ("at=99", {}),
        ("", {"format": "xml"}),
        ("", {"expires_in": "9999999"}),
    ],
)
def test_what_cannot_be_meant_leads_back_to_the_page_that_says_so(signed_in, vera, claims, query, form):
    answer = signed_in(vera).post(f"{MAKE}?{query}", {"format": "csv"} | form)
    assert (answer.status_code, answer["Location"]) == (302, f"/c/desk/dataset/?{query}")
    assert not ApiToken.objects.exists()
