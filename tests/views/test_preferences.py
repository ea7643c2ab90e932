"""How a person reads is their own, kept on the server, and only what is a choice is kept."""

import pytest

from annotations.models import Revision
from annotations.services.preferences import preferences_of, save_preferences

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana_client(client, ana):
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_account_page_saves_how_i_read(ana_client, ana):
    answer = ana_client.post("/account/reading/", {"size": "large", "keys": "off"})
    assert (answer.status_code, answer.url) == (302, "/account/")
    ana.refresh_from_db()
    assert ana.preferences == {"size": "large", "width": "normal", "keys": "off", "view": "text"}
    assert 'value="large" selected' in ana_client.get("/account/").text
    assert not Revision.objects.filter(author=ana).exists()


def test_what_is_no_choice_is_refused_and_changes_nothing(ana_client, ana):
    for sent in ({"size": "9"}, {"width": "x" * 100_000}, {"keys": "off", "view": "<b>"}):
        assert ana_client.post("/account/reading/", sent).status_code == 422
        assert ana_client.post("/account/reading/", sent, headers={"HX-Request": "true"}).status_code == 422
    ana.refresh_from_db()
    assert ana.preferences == {}
    with pytest.raises(ValueError, match="no choice"):
        save_preferences(ana, {"colour": "red"})


def test_fields_of_no_meaning_are_not_kept(ana_client, ana):
    ana_client.post("/account/reading/", {"width": "wide", "base": "none", "key": "k", "other": "x" * 5000})
    ana.refresh_from_db()
    assert ana.preferences == {"size": "normal", "width": "wide", "keys": "on", "view": "text"}


@pytest.mark.parametrize("kept", [[], "large", {"size": 3}, {"size": ["large"]}, {"size": {}}])
def test_what_an_older_version_kept_opens_as_not_chosen(ana, kept):
    ana.preferences = kept
    assert preferences_of(ana)["size"] == "normal"


def test_the_reader_opens_as_chosen_on_the_first_paint(ana_client, ana, ben, client, article):
    save_preferences(ana, {"size": "largest", "width": "narrow", "keys": "off"})
    page = ana_client.get(f"/c/desk/articles/{article.pk}/").text
    assert '<html lang="en" class="size-largest width-narrow keys-off">' in page
    client.force_login(ben, backend="django.contrib.auth.backends.ModelBackend")
    assert '<html lang="en">' in client.get(f"/c/desk/articles/{article.pk}/").text
