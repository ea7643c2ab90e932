"""What was done in administration, to look at; wrong passwords, who is locked out, and letting them in."""

from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations.models import Membership, User
from annotations.services.admin_log import note
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOG = "/admin/admin/logentry/"
TRIES = "/admin/axes/accessattempt/"


def said(answer):
    return [entry.change_message for entry in answer.context["cl"].result_list]


@pytest.fixture
def done(stan, root, ana, ben, desk):
    note(stan, [ana], "First.")
    note(root, [ben], "Second.")
    note(stan, [desk], "Third.")
    LogEntry.objects.filter(change_message="First.").update(action_time=timezone.now() - timedelta(days=8))


def test_acts_are_listed_last_first_searched_and_narrowed(at, stan, done):
    browser = at(stan)
    kind = LogEntry.objects.filter(change_message="Third.").values_list("content_type", flat=True).get()
    found = {
        "": ["Third.", "Second.", "First."],
        "q=ben": ["Second."],
        "q=second": ["Second."],
        "q=root": ["Second."],
        "when=week": ["Third.", "Second."],
        "by=stan": ["Third.", "First."],
        f"to={kind}": ["Third."],
    }
    for query, expected in found.items():
        assert said(browser.get(f"{LOG}?{query}")) == expected, query


def test_nobody_writes_in_the_log_not_even_a_superuser(at, root, done):
    entry, browser = LogEntry.objects.first(), at(root)
    assert browser.get(f"{LOG}add/").status_code == 403
    assert browser.post(f"{LOG}{entry.pk}/change/", {"change_message": "x"}).status_code == 403
    assert browser.post(f"{LOG}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": entry.pk, "post": "yes"}
    browser.post(LOG, chosen)
    assert LogEntry.objects.count() == 3


def test_only_staff_read_it(at, ana, done):
    assert at(ana).get(LOG).status_code == 302


def test_10000_acts_cost_no_more_queries_than_three(at, stan, ana, done):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert at(stan).get(LOG).status_code == 200
        return len(asked)

    few = queries()
    entry = LogEntry.objects.first()
    fields = {"user": stan, "content_type": entry.content_type, "object_repr": "Ana", "action_flag": 2}
    LogEntry.objects.bulk_create(LogEntry(**fields, object_id=str(ana.pk)) for _ in range(10_000))
    assert queries() == few


# Signing in


def wrong(username, times=5):
    answers = [
        Client().post("/accounts/login/", {"username": username, "password": "no"}) for _ in range(times)
    ]
    return answers[-1].status_code


def sign_in(username):
    return Client().post("/accounts/login/", {"username": username, "password": PASSWORD}).status_code


def test_who_is_locked_out_is_shown_and_let_in_from_their_page(at, stan, ana):
    assert wrong("ana") == 429
    browser = at(stan)
    assert [
        user.username for user in browser.get("/admin/annotations/user/?locked=yes").context["cl"].result_list
    ] == ["ana"]
    assert "locked out" in browser.get("/admin/annotations/user/?q=ana").content.decode()
    page = f"/admin/annotations/user/{ana.pk}/change/"
    assert "Unlock sign-in" in browser.get(page).content.decode()
    browser.post("/admin/annotations/user/unlock/", {"_selected_action": ana.pk, "confirmed": "1"})
    assert sign_in("ana") == 302
    assert "Unlock sign-in" not in browser.get(page).content.decode()
    assert LogEntry.objects.get().change_message == "Sign-in unlocked."


def test_the_list_of_tries_says_until_when_and_unlocks(at, stan, ana, ben):
    wrong("ana")
    wrong("ben", 2)
    browser = at(stan)
    answer = browser.get(f"{TRIES}?state=locked")
    [attempt] = answer.context["cl"].result_list
    assert (attempt.username, "locked until" in answer.content.decode()) == ("ana", True)
    assert len(browser.get(TRIES).context["cl"].result_list) == 2
    chosen = browser.post(TRIES, {"action": "unlock", "_selected_action": attempt.pk})
    assert "Unlock 1 user" in chosen.content.decode()
    assert sign_in("ana") == 429


def test_a_lock_that_is_over_is_none(at, stan, ana):
    wrong("ana")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    browser = at(stan)
    assert not browser.get(f"{TRIES}?state=locked").context["cl"].result_list
    answer = browser.post(
        "/admin/annotations/user/unlock/", {"_selected_action": ana.pk, "confirmed": "1"}, follow=True
    )
    assert "Nothing was left to do" in answer.content.decode()


def test_staff_unlock_no_staff(at, stan, root):
    """T5, T7: whoever guesses a superuser's password is not given more tries."""
    wrong("root")
    sent = {"_selected_action": root.pk, "confirmed": "1"}
    assert at(stan).post("/admin/annotations/user/unlock/", sent).status_code == 422
    assert sign_in("root") == 429


def test_a_password_in_the_wrong_field_is_shown_to_no_staff(at, stan, root):
    wrong("correct horse battery", 1)
    for path in (TRIES, f"{TRIES}?q=correct"):
        page = at(stan).get(path)
        assert "correct horse" not in page.content.decode().replace('value="correct"', "")
        assert not page.context["cl"].result_list
    [attempt] = at(root).get(TRIES).context["cl"].result_list
    assert at(stan).get(f"{TRIES}{attempt.pk}/change/").status_code == 302


def test_no_page_shows_what_was_typed_as_a_password(at, root, ana):
    wrong("ana", 1)
    attempt = AccessAttempt.objects.get()
    html = at(root).get(f"{TRIES}{attempt.pk}/change/").content.decode()
    assert "post_data" not in html
    assert "get_data" not in html


def test_the_names_of_who_is_anonymised_leave_the_log_of_devices_and_tries(at, stan, root, ana):
    from django_otp.plugins.otp_totp.models import TOTPDevice

    device = TOTPDevice.objects.create(user=ana, name="App")
    wrong("ana", 1)
    at(root).post(f"/admin/otp_totp/totpdevice/{device.pk}/delete/", {"post": "yes"})
    at(stan).post(f"/admin/annotations/user/{ana.pk}/anonymise/", {"username": "ana"})
    left = " ".join(LogEntry.objects.values_list("object_repr", flat=True))
    assert "ana" not in left.lower()
    assert "Of somebody who left" in left
    assert User.objects.get(pk=ana.pk).anonymised_at


def test_days_and_moments_are_written_in_one_way(at, root, ana, done):
    """Django's own pages too: not “Nov. 26, 2026, 4:05 p.m.” beside “26 Nov 2026 16:05 UTC”."""
    then = datetime(2026, 5, 4, 16, 5, tzinfo=UTC)
    User.objects.filter(pk=ana.pk).update(last_login=then)
    LogEntry.objects.filter(change_message="First.").update(action_time=then)
    browser, member = at(root), Membership.objects.get(user=ana)
    user = f"/admin/annotations/user/{ana.pk}"
    for path in (f"{user}/change/", f"{user}/history/", LOG):
        assert "4 May 2026 16:05 UTC" in browser.get(path).content.decode(), path
    html = browser.get(f"/admin/annotations/membership/{member.pk}/change/").content.decode()
    assert f"{member.started:%-d %b %Y %H:%M} UTC" in html
