"""Administration: who may do what there, the second factor, one-time links, and the ledger's door."""

import re

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from annotations.models import ApiToken, CollectionSettings, Membership, Revision, User
from annotations.services.claims import Opinion, tag
from annotations.services.settings import set_member
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LINKS = "/admin/annotations/user/links/"


@pytest.fixture
def root(person):
    return person("root", is_staff=True, is_superuser=True)


def open_as(user):
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def user_form(user, **changed):
    fields = {"username": user.username, "display_name": user.display_name, "email": "", "kind": user.kind}
    return fields | {"is_active": "on"} | changed


def test_only_staff_come_in_and_by_our_own_door(ana, stan):
    assert Client().get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert Client().get("/admin/login/?next=/admin/")["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    assert Client().post("/admin/login/", {"username": "stan", "password": PASSWORD}).status_code == 302
    assert open_as(ana).get("/admin/", follow=True).status_code == 403
    assert open_as(stan).get("/admin/").status_code == 200


def test_staff_make_a_person_and_are_shown_a_one_time_link(stan):
    sent = {"username": "nora", "display_name": "Nora N.", "email": "", "kind": "person", "is_active": "on"}
    answer = open_as(stan).post("/admin/annotations/user/add/", sent)
    link = re.search(r"<code>[^<]*(/accounts/link/[^<]+)</code>", answer.content.decode())[1]
    assert not User.objects.get(username="nora").has_usable_password()
    assert Client().get(link).status_code == 200


def test_staff_cannot_raise_themselves_or_others(stan, ana):
    """T5"""
    browser = open_as(stan)
    flags = {"is_staff": "on", "is_superuser": "on", "user_permissions": "1", "groups": "1", "password": "x"}
    assert (
        browser.post(f"/admin/annotations/user/{stan.pk}/change/", user_form(stan, **flags)).status_code
        == 403
    )
    browser.post(f"/admin/annotations/user/{ana.pk}/change/", user_form(ana, **flags, display_name="Ana!"))
    browser.post("/admin/annotations/user/add/", user_form(User(username="new"), **flags, kind="person"))
    changed = User.objects.get(pk=ana.pk)
    assert changed.display_name == "Ana!", "what staff may change did change"
    assert changed.check_password(PASSWORD)
    assert User.objects.filter(username="new").exists()
    assert list(User.objects.filter(is_staff=True)) == [stan]
    assert not User.objects.filter(is_superuser=True).exists()


def test_staff_do_not_touch_staff_or_superusers(stan, person, root):
    """T5: a one-time link for a superuser would be the superuser's account."""
    other, browser = person("other", is_staff=True), open_as(stan)
    for target in (root, other, stan):
        sent = user_form(target, is_active="")
        assert browser.post(f"/admin/annotations/user/{target.pk}/change/", sent).status_code == 403
        answer = browser.post(LINKS, {"_selected_action": target.pk, "confirmed": "1"})
        assert answer.status_code == 422
        assert "/accounts/link/" not in answer.content.decode()


def test_a_person_does_not_become_a_service(stan, ana):
    open_as(stan).post(f"/admin/annotations/user/{ana.pk}/change/", user_form(ana, kind="service"))
    assert User.objects.get(pk=ana.pk).kind == "person"


def test_staff_make_a_link_for_a_lost_password_by_post_alone(stan, ana):
    browser, sent = open_as(stan), {"_selected_action": ana.pk, "confirmed": "1"}
    assert browser.get(LINKS).status_code == 405
    assert "/accounts/link/" in browser.post(LINKS, sent).content.decode()
    assert Client(enforce_csrf_checks=True).post(LINKS, sent).status_code in (302, 403)


def test_nobody_deletes_users_memberships_or_collections(root, ana, desk):
    browser = open_as(root)
    membership = Membership.objects.get(user=ana)
    for path in (f"user/{ana.pk}", f"membership/{membership.pk}", f"collection/{desk.pk}"):
        assert browser.post(f"/admin/annotations/{path}/delete/", {"post": "yes"}).status_code == 403


def test_staff_change_no_membership_of_their_own(stan, desk):
    """T5"""
    own = set_member(desk, stan, "viewer")
    path = f"/admin/annotations/membership/{own.pk}/change/"
    assert open_as(stan).post(path, {"role": "editor", "member_now": "on"}).status_code == 403
    assert Membership.objects.get(pk=own.pk).role == "viewer"


def test_staff_say_who_is_a_lawyer(stan, ana):
    own = Membership.objects.get(user=ana)
    path = f"/admin/annotations/membership/{own.pk}/change/"
    for sent, is_lawyer in (({"is_lawyer": "on"}, True), ({}, False)):
        open_as(stan).post(path, {"role": "reviewer", "member_now": "on"} | sent)
        assert Membership.objects.get(pk=own.pk).is_lawyer == is_lawyer


def test_a_membership_ends_and_begins_again_under_its_pseudonym(stan, ana):
    browser, own = open_as(stan), Membership.objects.get(user=ana)
    path = f"/admin/annotations/membership/{own.pk}/change/"
    browser.post(path, {"role": "reviewer"})
    ended = Membership.objects.get(pk=own.pk)
    assert ended.ended is not None
    assert open_as(ana).get("/c/desk/").status_code == 404
    browser.post(path, {"role": "viewer", "member_now": "on"})
    again = Membership.objects.get(pk=own.pk)
    assert (again.ended, again.role, again.pseudonym) == (None, "viewer", own.pseudonym)


SETTINGS = {"name": "The desk", "reviews_needed": "2", "verified_needs_source": "on", "text_exportable": "on"}


@pytest.mark.django_db(transaction=True)
def test_settings_changed_here_go_through_the_ledger(stan, desk):
    base = CollectionSettings.objects.current().get().pk
    browser, path = open_as(stan), f"/admin/annotations/collection/{desk.pk}/change/"
    answer = browser.post(path, SETTINGS | {"base": base})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    last = Revision.objects.order_by("number").last()
    assert (last.action, last.author, last.number) == ("settings", stan, 2)
    assert CollectionSettings.objects.current().get().reviews_needed == 2
    stale = browser.post(path, SETTINGS | {"base": base, "reviews_needed": "3"})
    assert "Somebody changed these settings" in stale.content.decode()
    assert CollectionSettings.objects.current().get().reviews_needed == 2


@pytest.mark.django_db(transaction=True)
def test_a_collection_is_begun_here_through_the_ledger(stan):
    sent = SETTINGS | {"slug": "fresh", "name": "Fresh"}
    assert open_as(stan).post("/admin/annotations/collection/add/", sent).status_code == 302
    assert str(CollectionSettings.objects.current().get(collection__slug="fresh")) == "Fresh"
    assert Revision.objects.get(collection__slug="fresh").author == stan


def test_the_ledger_is_for_superusers_to_look_at_and_for_nobody_to_change(root, stan, article):
    browser = open_as(root)
    for model in (
        "revision",
        "article",
        "articledetails",
        "span",
        "source",
        "claimstate",
        "annotation",
        "ruling",
    ):
        base = f"/admin/annotations/{model}/"
        assert browser.get(base).status_code == 200
        assert browser.get(f"{base}add/").status_code == 403
        assert open_as(stan).get(base).status_code == 403
    row = f"/admin/annotations/article/{article.pk}"
    assert browser.get(f"{row}/change/").status_code == 200
    assert browser.post(f"{row}/change/", {"text": "other"}).status_code == 403
    assert browser.post(f"{row}/delete/", {"post": "yes"}).status_code == 403
    assert browser.get("/admin/annotations/privatenote/").status_code == 404


def test_staff_make_tokens_for_services_only(stan, ana, person, desk):
    robot, browser = person("robot", kind=User.Kind.SERVICE), open_as(stan)
    sent = {"name": "sync", "scope": "read", "collections": [desk.pk], "days": "30"}
    browser.post("/admin/annotations/apitoken/add/", sent | {"user": ana.pk})
    assert not ApiToken.objects.exists()
    answer = browser.post("/admin/annotations/apitoken/add/", sent | {"user": robot.pk})
    secret = re.search(r"<code>([0-9a-f]{64})</code>", answer.content.decode())[1]
    token = ApiToken.objects.get()
    assert (token.user, token.name, list(token.collections.all())) == (robot, "sync", [desk])
    assert secret not in browser.get(f"/admin/annotations/apitoken/{token.pk}/change/").content.decode()


def code_of(device):
    return f"{totp(device.bin_key):06d}"


def test_once_a_second_factor_is_set_up_administration_asks_for_it(stan):
    """T6"""
    browser = open_as(stan)
    assert browser.get("/admin/").status_code == 200
    TOTPDevice.objects.create(user=stan, name="App")
    assert (
        browser.get("/admin/", follow=True).redirect_chain[-1][0]
        == "/account/second-factor/?next=%2Fadmin%2F"
    )
    assert browser.post("/account/second-factor/", {"code": "000000"}).status_code == 422
    assert browser.get("/admin/annotations/user/").status_code == 302


def test_the_code_opens_administration_for_this_session(stan):
    """T6"""
    device, browser = TOTPDevice.objects.create(user=stan, name="App"), open_as(stan)
    answer = browser.post("/account/second-factor/", {"code": code_of(device), "next": "/admin/"})
    assert answer["Location"] == "/admin/"
    assert browser.get("/admin/").status_code == 200
    assert open_as(stan).get("/admin/").status_code == 302, "another session has to show its own code"


def test_setting_a_second_factor_up_takes_a_code_from_the_app(stan):
    browser, path = open_as(stan), "/account/second-factor/"
    browser.get(path)
    assert not TOTPDevice.objects.exists(), "looking makes nothing"
    browser.post(path, {"begin": "1"})
    device = TOTPDevice.objects.get()
    assert not device.confirmed
    assert browser.post(path, {"code": "123"}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert browser.post(path, {"code": code_of(device)}).status_code == 302
    assert TOTPDevice.objects.get().confirmed
    assert "otpauth" not in browser.get(path).content.decode()


def test_settings_changed_here_say_what_they_did_to_claims(stan, desk, ana, place):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    base = CollectionSettings.objects.current().get().pk
    browser, path = open_as(stan), f"/admin/annotations/collection/{desk.pk}/change/"
    assert "all claims at once" in browser.get(path).content.decode()
    answer = browser.post(path, SETTINGS | {"base": base}, follow=True)
    assert "1 agreed → waiting" in answer.content.decode()


def test_a_second_factor_can_be_required(stan, settings):
    """T6"""
    settings.ADMIN_REQUIRE_OTP = True
    assert (
        open_as(stan).get("/admin/", follow=True).redirect_chain[-1][0].startswith("/account/second-factor/")
    )


@pytest.mark.parametrize(
    "path",
    [
        "",
        "annotations/user/",
        "annotations/user/add/",
        "annotations/collection/add/",
        "annotations/membership/",
    ],
)
def test_administration_is_under_the_same_policy(root, desk, path):
    """T18: Django's own pages carry no inline script or style either."""
    answer = open_as(root).get(f"/admin/{path}")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert not re.search(
        rb"<script(?![^>]*\ssrc=)(?![^>]*application/json)|<style|\son[a-z]+=\"|\sstyle=", answer.content
    )
