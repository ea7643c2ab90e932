"""articles/{id}/work/: whose an article is, in what stage, until when."""

import pytest

from annotations.models import ArticleWork
from tests.api.cast import api

DUE = "2031-05-04T16:30:00Z"


@pytest.fixture
def path(desk):
    return f"desk/articles/{desk.article}/work/"


def live():
    return ArticleWork.objects.current().get()


def test_nobodys_article_waits(desk, path):
    answer = api(desk.ben).get(path)
    assert answer.json() == {"stage": "waiting", "owner": None, "due_at": None, "revision": None}
    assert answer["ETag"] == '"0"'


def test_a_reviewer_takes_it_and_hands_it_over(desk, path):
    ana = api(desk.ana)
    taken = ana.put(path, {"owner": "ana", "stage": "checking"}, If_Match='"0"')
    assert (taken.status_code, taken.json()["owner"], taken.json()["stage"]) == (200, "ana", "checking")
    given = ana.put(path, {"owner": "ben", "note": "Mind the figures."}, If_Match=taken["ETag"])
    assert (given.json()["owner"], given.json()["stage"]) == ("ben", "checking")
    assert live().note == "Mind the figures."
    assert "Mind" not in given.content.decode()
    assert ana.put(path, {"stage": "cleared"}, If_Match=given["ETag"]).status_code == 403


def test_the_deadline_is_the_editors(desk, path):
    assert api(desk.ana).put(path, {"owner": "ana", "due_at": DUE}, If_Match='"0"').status_code == 403
    answer = api(desk.owner).put(path, {"due_at": DUE}, If_Match='"0"')
    assert answer.json()["due_at"] == "2031-05-04T16:30:00Z"
    assert api(desk.owner).put(path, {"due_at": None}, If_Match=answer["ETag"]).json()["due_at"] is None


@pytest.mark.parametrize("owner", ["vera", "stranger", "nobody-of-this-name"])
def test_to_nobody_who_may_not_check(desk, path, owner):
    answer = api(desk.owner).put(path, {"owner": owner}, If_Match='"0"')
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "owner")


@pytest.mark.parametrize(
    "body", [{"stage": "done"}, {"due_at": "soon"}, {"due_at": "0001-01-01T00:00:00+23:00"}]
)
def test_what_makes_no_sense_is_refused(desk, path, body):
    assert api(desk.owner).put(path, body, If_Match='"0"').status_code == 400


def test_its_base_is_named_and_compared(desk, path):
    editor = api(desk.owner)
    assert editor.put(path, {"stage": "checking"}).status_code == 428
    first = editor.put(path, {"stage": "checking"}, If_Match='"0"')
    stale = editor.put(path, {"stage": "cleared"}, If_Match='"0"')
    assert (stale.status_code, stale.json()["current"]["stage"]) == (412, "checking")
    assert stale["ETag"] == first["ETag"]
    same = editor.put(path, {"stage": "checking"}, If_Match=first["ETag"])
    assert (same.status_code, same["ETag"], ArticleWork.objects.count()) == (200, first["ETag"], 1)


def test_a_retry_is_one_change(desk, path):
    ana = api(desk.ana)
    for _ in range(2):
        answer = ana.put(path, {"owner": "ana"}, If_Match='"0"', Idempotency_Key="once")
        assert answer.status_code == 200
    assert ArticleWork.objects.count() == 1
