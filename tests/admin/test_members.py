"""Many memberships at once: a preview that names each change and who is left out, then all of it or nothing."""

import pytest
from django.contrib.admin.models import LogEntry

from annotations.models import Collection, Membership, User
from annotations.services.settings import create_collection, end_membership, set_member

pytestmark = pytest.mark.django_db
SEVERAL = "/admin/annotations/membership/several/"
LIST = "/admin/annotations/membership/"


def form(people, **more):
    return {"people": people, "collection": "desk", "role": "reviewer", "lawyer": ""} | more


def look(browser, people, **more):
    return browser.post(SEVERAL, form(people, **more) | {"look": "1"})


def change(browser, people, **more):
    seen = look(browser, people, **more).context["seen"]
    return browser.post(SEVERAL, form(people, **more) | {"change": "1", "seen": seen})


def planned(answer):
    return [(step.user.username, step.was, step.becomes) for step in answer.context["taken"]]


def left_out(answer):
    return {step.user.username: step.why_not for step in answer.context["left_out"]}


def seats():
    return {
        seat.user.username: (seat.role, seat.is_lawyer, seat.ended is None)
        for seat in Membership.objects.select_related("user")
    }


def test_each_change_is_named_and_nothing_is_done_yet(at, stan, ana, vera, sam, ben, desk):
    end_membership(desk, ben)
    answer = look(at(stan), "ana\nvera\nsam\nben\nnobody", role="editor")
    assert planned(answer) == [
        ("ana", "reviewer", "editor"),
        ("vera", "viewer", "editor"),
        ("sam", "no member", "editor"),
        ("ben", "no member any more (was reviewer)", "editor"),
    ]
    assert "Line 5: there is no such user." in answer.content.decode()
    assert seats()["ana"] == ("reviewer", False, True)


def test_who_is_left_out_is_told_why(at, stan, root, person, ana, sam, desk):
    person("gone", is_active=False)
    set_member(desk, stan, "viewer")
    answer = look(at(stan), "ana\nstan\nroot\ngone\nsam", role="reviewer")
    assert planned(answer) == [("sam", "no member", "reviewer")]
    assert left_out(answer) == {
        "ana": "Is that already.",
        "stan": "This is you. Another administrator has to do it.",
        "root": "On staff: only a superuser may.",
        "gone": "Deactivated: make them active first.",
    }


def test_all_begin_change_and_begin_again_at_once(at, stan, ana, vera, sam, ben, desk):
    end_membership(desk, ben)
    pseudonym = Membership.objects.get(user=ben).pseudonym
    epoch = Collection.objects.get(pk=desk.pk).epoch
    change(at(stan), "ana\nvera\nsam\nben", role="editor", lawyer="yes")
    assert seats() == dict.fromkeys(("ana", "vera", "sam", "ben"), ("editor", True, True))
    assert Membership.objects.get(user=ben).pseudonym == pseudonym
    assert Collection.objects.get(pk=desk.pk).epoch == epoch + 1
    assert at(ben).get("/c/desk/").status_code == 200


def test_a_lawyer_is_named_without_touching_the_role(at, stan, ana, vera):
    change(at(stan), "ana\nvera", role="", lawyer="yes")
    assert seats() == {"ana": ("reviewer", True, True), "vera": ("viewer", True, True)}


def test_memberships_end_and_what_they_did_stays(at, stan, ana, vera, sam):
    answer = change(at(stan), "ana\nvera\nsam", role="ends")
    assert answer["Location"] == f"{LIST}?collection=desk"
    assert seats() == {"ana": ("reviewer", False, False), "vera": ("viewer", False, False)}
    assert at(ana).get("/c/desk/").status_code == 404
    assert left_out(look(at(stan), "ana\nsam", role="ends")) == {
        "ana": "Is no member.",
        "sam": "Is no member.",
    }


def test_without_an_editor_nobody_decides_and_the_preview_says_so(at, stan, edith, ana):
    assert "would have no editor any more" in look(at(stan), "edith", role="viewer").content.decode()
    assert "would have no editor any more" not in look(at(stan), "ana", role="viewer").content.decode()
    assert (
        "would have no editor any more" not in look(at(stan), "edith", role="", lawyer="yes").content.decode()
    )


def test_where_reviewers_check_blind_the_preview_says_what_a_role_shows(at, stan, ana, edith):
    blind = create_collection("blind", author=None, blind=True)
    set_member(blind, ana, "reviewer")
    set_member(blind, edith, "editor")
    told = look(at(stan), "ana", collection="blind", role="editor").content.decode()
    assert "Sees everybody&#x27;s work from then on, and gives no verdicts here." in told
    told = look(at(stan), "edith", collection="blind", role="reviewer").content.decode()
    assert "their verdicts will not be independent" in told


def test_what_changed_while_one_looked_is_shown_and_not_overwritten(at, stan, ana, vera, desk):
    browser = at(stan)
    seen = look(browser, "ana\nvera", role="editor").context["seen"]
    set_member(desk, ana, "viewer")
    answer = browser.post(SEVERAL, form("ana\nvera", role="editor") | {"change": "1", "seen": seen})
    assert answer.status_code == 409
    assert planned(answer)[0] == ("ana", "viewer", "editor")
    assert seats()["vera"] == ("viewer", False, True)


def test_what_was_not_looked_at_is_not_done(at, stan, ana, sam):
    browser = at(stan)
    seen = look(browser, "ana", role="editor").context["seen"]
    answer = browser.post(SEVERAL, form("ana\nsam", role="editor") | {"change": "1", "seen": seen})
    assert (answer.status_code, seats()["ana"]) == (409, ("reviewer", False, True))


def test_sent_twice_it_is_done_once(at, stan, sam, desk):
    browser = at(stan)
    sent = form("sam") | {"change": "1", "seen": look(browser, "sam").context["seen"]}
    assert [browser.post(SEVERAL, sent).status_code for _ in range(2)] == [302, 409]
    assert LogEntry.objects.count() == 1


def test_ones_own_membership_is_refused_whatever_is_sent(at, stan, desk):
    """T5"""
    answer = change(at(stan), "stan", role="editor")
    assert (answer.status_code, seats()) == (422, {})


def test_a_superuser_may_begin_with_themselves(at, root, desk):
    change(at(root), "root", role="editor")
    assert seats() == {"root": ("editor", False, True)}


def test_each_is_in_the_log_with_what_it_was_and_became(at, stan, ana, sam):
    change(at(stan), "ana\nsam", role="editor", lawyer="yes")
    said = LogEntry.objects.order_by("object_repr").values_list(
        "user__username", "action_flag", "change_message"
    )
    assert set(said) == {("stan", 2, "Reviewer → editor, lawyer."), ("stan", 1, "Editor, lawyer.")}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"people": " "}, "people"),
        ({"people": "\n".join(f"p{n}" for n in range(501))}, "people"),
        ({"collection": "nowhere"}, "collection"),
        ({"collection": ""}, "collection"),
        ({"role": "owner"}, "role"),
        ({"role": "", "lawyer": ""}, "role"),
    ],
)
def test_a_fault_is_at_its_field(at, stan, ana, sent, field):
    answer = at(stan).post(SEVERAL, form("ana") | sent)
    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)


def test_names_are_found_whatever_their_capitals_and_once(at, stan, sam, person, desk):
    person("SAM2")
    assert [name for name, *_ in planned(look(at(stan), "Sam\nsam, Sam S.\nsam2"))] == ["sam", "SAM2"]


def test_who_is_ticked_in_the_lists_stands_in_the_form(at, stan, ana, vera, sam, desk):
    users = {"action": "memberships", "_selected_action": [ana.pk, sam.pk]}
    answer = at(stan).post("/admin/annotations/user/", users)
    assert answer.context["form"].initial == {"people": "ana\nsam", "collection": ""}
    ticked = list(Membership.objects.values_list("pk", flat=True))
    answer = at(stan).post(LIST, {"action": "change_several", "_selected_action": ticked})
    assert answer.context["form"].initial == {"people": "ana\nvera", "collection": "desk"}


def test_memberships_of_two_collections_are_not_changed_together(at, stan, ana):
    set_member(create_collection("wire", author=None), ana, "viewer")
    ticked = list(Membership.objects.values_list("pk", flat=True))
    sent = {"action": "change_several", "_selected_action": ticked}
    answer = at(stan).post(LIST, sent, follow=True)
    assert "Choose memberships of one collection" in answer.content.decode()


def test_memberships_are_narrowed_and_ended_ones_are_there(at, stan, ana, ben, edith, desk):
    set_member(create_collection("wire", author=None), ana, "viewer", is_lawyer=True)
    end_membership(desk, ben)
    User.objects.filter(pk=edith.pk).update(is_active=False)
    found = {
        "collection=desk": {"ana", "ben", "edith"},
        "collection=wire": {"ana"},
        "role__exact=editor": {"edith"},
        "is_lawyer__exact=1": {"ana"},
        "state=ended": {"ben"},
        "state=away": {"edith"},
        "state=now&collection=desk": {"ana", "edith"},
        "q=edi": {"edith"},
    }
    for query, expected in found.items():
        listed = at(stan).get(f"{LIST}?{query}").context["cl"].result_list
        assert {seat.user.username for seat in listed} == expected, query


def test_500_cost_as_many_queries_as_five(at, stan, crowd, django_assert_max_num_queries):
    browser, people = at(stan), [user.username for user in crowd(505)]
    for names in (people[:5], people[5:]):
        with django_assert_max_num_queries(14):
            seen = look(browser, "\n".join(names), role="viewer").context["seen"]
        sent = form("\n".join(names), role="viewer") | {"change": "1", "seen": seen}
        with django_assert_max_num_queries(20):
            assert browser.post(SEVERAL, sent).status_code == 302
    assert Membership.objects.filter(role="viewer").count() == 505


def test_only_staff(at, ana):
    assert at(ana).get(SEVERAL).status_code == 302
    assert at(ana).post(SEVERAL, form("ana", role="editor")).status_code == 302
    assert seats()["ana"] == ("reviewer", False, True)
