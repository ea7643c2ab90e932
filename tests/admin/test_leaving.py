"""Links, deactivating, coming back, a lost second factor, anonymising: of one or several, with who is left out."""

import re

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.admin.models import LogEntry
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from annotations.models import Annotation, ApiToken, Collection, Membership, PrivateNote, User
from annotations.services.accounts import one_time_link
from annotations.services.claims import Opinion, tag
from annotations.services.tokens import create_token
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
USERS = "/admin/annotations/user/"


def send(browser, act, *people, confirmed=True, **more):
    sent = {"_selected_action": [person.pk for person in people], **more}
    return browser.post(f"{USERS}{act}/", sent | ({"confirmed": "1"} if confirmed else {}), follow=True)


def reload(user):
    return User.objects.get(pk=user.pk)


def links(answer):
    return re.findall(r"<code>[^<]*(/accounts/link/[^<]+)</code>", answer.content.decode())


def test_the_lists_menu_shows_what_would_happen_before_it_does(at, stan, ana, ben):
    chosen = {"action": "deactivate", "_selected_action": [ana.pk, ben.pk, stan.pk]}
    answer = at(stan).post(USERS, chosen)
    html = answer.content.decode()
    assert "Deactivate 2 users" in html
    assert "This is you. Another administrator has to do it." in html
    assert reload(ana).is_active


def test_one_chosen_by_nobody_is_asked_for(at, stan):
    assert "Choose at least one user first." in send(at(stan), "deactivate").content.decode()
    assert "Choose at least one user first." in send(at(stan), "deactivate", User(pk=77)).content.decode()


def test_deactivating_ends_sessions_links_and_tokens_at_once_and_keeps_the_work(at, stan, ana, desk, place):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    hers, link = at(ana), one_time_link(ana)
    _, secret = create_token(ana, name="hers")
    send(at(stan), "deactivate", ana)
    assert hers.get("/")["Location"].startswith("/accounts/login/")
    assert (
        Client().get("/api/v1/collections/", headers={"authorization": f"Token {secret}"}).status_code == 401
    )
    assert Client().get("/accounts/link/" + link.split("/link/")[1]).status_code == 410
    assert Annotation.objects.filter(reviewer=ana).exists()
    assert Membership.objects.get(user=ana).ended is None


def test_what_was_open_before_does_not_come_back_with_the_person(at, stan, ana):
    hers, link = at(ana), one_time_link(ana)
    create_token(ana, name="hers")
    send(at(stan), "deactivate", ana)
    [new] = links(send(at(stan), "reactivate", ana))
    assert hers.get("/").status_code == 302
    assert Client().get("/accounts/link/" + link.split("/link/")[1]).status_code == 410
    assert not ApiToken.objects.exists()
    assert Client().post("/accounts/login/", {"username": "ana", "password": PASSWORD}).status_code == 422
    assert Client().get(new).status_code == 200


def test_a_preview_says_what_the_desk_lacks_without_them(at, stan, edith, article):
    html = send(at(stan), "deactivate", edith, confirmed=False).content.decode()
    assert "desk has no other editor: nobody decides there any more." in html


@pytest.mark.parametrize("act", ["links", "deactivate", "reactivate", "second-factor"])
def test_staff_do_none_of_it_to_staff_superusers_or_themselves(at, stan, person, root, ana, act):
    """T5"""
    other = person("other", is_staff=True)
    TOTPDevice.objects.create(user=root, name="App")
    User.objects.filter(pk=other.pk).update(is_active=act != "reactivate")
    answer = send(at(stan), act, other, root, stan)
    assert (answer.status_code, links(answer)) == (422, [])
    assert reload(root).is_active
    assert reload(other).is_active == (act != "reactivate")
    assert TOTPDevice.objects.count() == 1
    assert not LogEntry.objects.exists()


def test_a_superuser_does_it_to_staff_but_deactivates_nobody_without_whom_they_are_locked_out(at, stan, root):
    send(at(root), "deactivate", stan, root)
    assert (reload(stan).is_active, reload(root).is_active) == (False, True)


def test_a_lost_second_factor_is_a_superusers_to_take_away(at, stan, root, ana):
    TOTPDevice.objects.create(user=stan, name="App")
    TOTPDevice.objects.create(user=ana, name="App")
    send(at(root), "second-factor", stan)
    assert [device.user for device in TOTPDevice.objects.all()] == [ana]
    send(at(stan), "second-factor", ana)
    assert TOTPDevice.objects.count() == 1


def test_several_lost_passwords_at_once(at, stan, ana, ben, person):
    robot, gone = person("robot", kind="service"), person("gone", is_active=False)
    answer = send(at(stan), "links", ana, ben, robot, gone)
    assert len(links(answer)) == 2
    assert "ana" in answer.context["text"]


def test_each_act_is_in_the_log_and_once(at, stan, ana):
    browser = at(stan)
    for act in ("deactivate", "deactivate", "reactivate", "links"):
        send(browser, act, ana)
    said = LogEntry.objects.order_by("pk").values_list("user__username", "object_repr", "change_message")
    assert list(said) == [
        ("stan", "Ana", "Deactivated; sessions and tokens ended."),
        ("stan", "Ana", "Active again."),
        ("stan", "Ana", "One-time link made."),
    ]


@pytest.mark.parametrize("act", ["links", "deactivate", "reactivate", "second-factor"])
def test_acts_are_sent_and_never_followed(at, stan, ana, act):
    assert at(stan).get(f"{USERS}{act}/").status_code == 405
    assert at(ana).post(f"{USERS}{act}/", {"_selected_action": ana.pk}).status_code == 302
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(stan, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.post(f"{USERS}{act}/", {"_selected_action": ana.pk, "confirmed": "1"}).status_code == 403
    assert reload(ana).is_active


def test_acting_on_500_costs_as_much_as_on_five(at, stan, crowd, django_assert_max_num_queries):
    browser, people = at(stan), crowd(505)
    for chosen in (people[:5], people[5:]):
        with django_assert_max_num_queries(18):
            send(browser, "deactivate", *chosen, confirmed=False)
        with django_assert_max_num_queries(36):
            send(browser, "deactivate", *chosen)
    assert User.objects.filter(is_active=False).count() == 505
    answer = send(browser, "reactivate", *people)
    assert "Choose at most 500 users at once." in answer.content.decode()


# Anonymising


@pytest.fixture
def known(ana, stan, desk, place):
    """Ana has worked, and left traces of all kinds."""
    claim = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id
    User.objects.filter(pk=ana.pk).update(email="ana@desk.example", show_name=True, preferences={"size": 1})
    PrivateNote.objects.create(span_id=claim, author=ana, text="mine")
    create_token(ana, name="ana's own")
    where = {"username": "ana", "ip_address": "192.0.2.7", "user_agent": "x", "path_info": "/"}
    AccessAttempt.objects.create(**where, failures_since_start=1)
    AccessLog.objects.create(**where)
    return reload(ana)


def typed(browser, user, username):
    return browser.post(f"{USERS}{user.pk}/anonymise/", {"username": username}, follow=True)


def test_what_goes_and_what_stays_is_told_first(at, stan, known):
    html = at(stan).get(f"{USERS}{known.pk}/anonymise/").content.decode()
    pseudonym = Membership.objects.get(user=known).pseudonym
    for word in ("It cannot be undone", "ana@desk.example", pseudonym, f"Former member {known.pk}"):
        assert word in html
    assert reload(known).username == "ana"


@pytest.mark.parametrize("username", ["", "Ana", "ben"])
def test_without_the_username_nothing_happens(at, stan, known, username):
    assert typed(at(stan), known, username).status_code == 422
    assert reload(known).username == "ana"


def test_no_trace_of_the_name_is_left_and_the_work_is(at, stan, known, desk):
    browser, hers, link = at(stan), at(known), one_time_link(known)
    browser.post(
        f"{USERS}{known.pk}/change/", {"username": "ana", "display_name": "Ana Marsh", "email": "a@x.example"}
    )
    pseudonym = Membership.objects.get(user=known).pseudonym
    typed(browser, known, "ana")
    gone = reload(known)
    assert (gone.username, str(gone), gone.email) == (f"left-{known.pk}", f"Former member {known.pk}", "")
    assert (gone.is_active, gone.show_name, gone.has_usable_password(), gone.last_login) == (
        False,
        False,
        False,
        None,
    )
    assert not any(model.objects.exists() for model in (ApiToken, PrivateNote, AccessAttempt))
    assert not AccessLog.objects.filter(username="ana").exists()
    assert hers.get("/").status_code == 302
    assert Client().get("/accounts/link/" + link.split("/link/")[1]).status_code == 410
    seat = Membership.objects.get(user=known)
    assert (seat.pseudonym, seat.ended is None) == (pseudonym, False)
    assert Annotation.objects.current().filter(reviewer=known).exists()
    assert "Ana" not in " ".join(LogEntry.objects.values_list("object_repr", flat=True))
    assert Collection.objects.get(pk=desk.pk).epoch > desk.epoch


def test_exports_show_the_pseudonym_even_where_names_were_agreed_to(at, stan, known, edith, desk):
    from annotations.models import CollectionSettings
    from annotations.services.settings import change_settings

    live = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=live, changes={"show_names": True})
    rows = "/api/v1/collections/desk/export/?format=json"
    assert b'"Ana"' in b"".join(at(edith).get(rows))
    typed(at(stan), known, "ana")
    told = b"".join(at(edith).get(rows))
    assert b"Ana" not in told
    assert b"Former" not in told
    assert Membership.objects.get(user=known).pseudonym.encode() in told


def test_twice_is_once(at, stan, known):
    browser = at(stan)
    typed(browser, known, "ana")
    before = reload(known).anonymised_at
    assert "nobody&#x27;s account any more" in typed(browser, known, "ana").content.decode()
    assert reload(known).anonymised_at == before
    assert LogEntry.objects.filter(change_message="Anonymised.").count() == 1


def test_a_taken_name_is_not_taken_again(at, stan, known, person):
    person(f"left-{known.pk}")
    typed(at(stan), known, "ana")
    assert reload(known).username == f"left-{known.pk}-2"


def test_nobody_anonymises_themselves_staff_superusers_or_services(at, stan, root, person, ana):
    for user in (stan, root, person("robot", kind="service")):
        for admin in (stan, root):
            typed(at(admin), user, user.username)
        assert reload(user).anonymised_at is None
    assert typed(at(ana), ana, "ana").status_code == 403


def test_who_is_gone_comes_back_by_no_door(at, stan, root, known, desk):
    typed(at(stan), known, "ana")
    for act in ("links", "reactivate", "deactivate"):
        assert send(at(root), act, known).status_code == 422
    path = f"{USERS}{known.pk}/change/"
    assert at(root).post(path, {"username": "ana", "display_name": "Ana"}).status_code == 403
    assert at(root).get(path).status_code == 200
    assert (reload(known).is_active, reload(known).username) == (False, f"left-{known.pk}")


def test_a_user_who_is_not_there(at, stan):
    assert at(stan).get(f"{USERS}77/anonymise/").status_code == 404


def test_a_superuser_does_not_take_their_own_flags(at, root, stan):
    form = {"username": "root", "display_name": "Root", "email": ""}
    at(root).post(f"{USERS}{root.pk}/change/", form)
    assert reload(root).is_superuser
    at(root).post(f"{USERS}{stan.pk}/change/", form | {"username": "stan"})
    assert not reload(stan).is_staff


def test_one_name_in_two_spellings_is_refused(at, stan, ana):
    sent = {"username": "Ana", "display_name": "", "email": "", "kind": "person"}
    assert "Choose another username" in at(stan).post(f"{USERS}add/", sent).content.decode()
    assert not User.objects.filter(username="Ana").exists()


def test_an_ended_membership_stays_ended_for_the_anonymised(at, stan, known, desk):
    typed(at(stan), known, "ana")
    seat = Membership.objects.get(user=known)
    at(stan).post(f"/admin/annotations/membership/{seat.pk}/change/", {"role": "viewer", "member_now": "on"})
    assert Membership.objects.get(pk=seat.pk).ended
