"""spans/{id}/annotation/: my opinion, and the version that every change names (T28)."""

from datetime import date

import pytest

from annotations.models import Annotation, Revision
from annotations.services.rulings import rule
from tests.api.cast import api, article_in, mark, tag

WHOLE = {
    "verdict": "disputed",
    "why": "The tables say 31.\nTwice.",
    "problem": "figure",
    "should_read": "31 percent",
    "must_fix": True,
    "confidence": 80,
}


def test_the_first_one_is_made_and_read_back(desk):
    client, path = api(desk.ana), f"desk/spans/{desk.span}/annotation/"
    made = client.put(path, WHOLE, If_None_Match="*")
    assert made.status_code == 201
    assert {name: made.json()[name] for name in WHOLE} == WHOLE
    read = client.get(path)
    assert (read.json(), read["ETag"]) == (made.json(), made["ETag"])


def test_only_the_verdict_is_needed(desk):
    made = api(desk.ana).put(
        f"desk/spans/{desk.span}/annotation/", {"verdict": "verified"}, If_None_Match="*"
    )
    assert made.json()["confidence"] is None
    assert api(desk.ben).put(f"desk/spans/{desk.span}/annotation/", {}, If_None_Match="*").status_code == 400


def test_a_change_names_its_base(desk):  # T28
    client, path = api(desk.ana), f"desk/spans/{desk.span}/annotation/"
    first = client.put(path, {"verdict": "verified"}, If_None_Match="*")
    assert client.put(path, WHOLE).status_code == 428
    assert client.put(path, WHOLE, If_Match="*").status_code == 428
    changed = client.put(path, WHOLE, If_Match=first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    for stale in ({"If_Match": first["ETag"]}, {"If_None_Match": "*"}, {"If_Match": '"none"'}):
        late = client.put(path, {"verdict": "needs_source"}, **stale)
        assert (late.status_code, late["ETag"]) == (412, changed["ETag"])
        assert late.json()["current"] == changed.json()
    assert client.get(path).json()["verdict"] == "disputed"


def test_the_same_again_is_no_change(desk):
    client, path = api(desk.ana), f"desk/spans/{desk.span}/annotation/"
    first = client.put(path, WHOLE, If_None_Match="*")
    before = Revision.objects.count()
    again = client.put(path, WHOLE, If_Match=first["ETag"])
    assert (again.status_code, again["ETag"], again.json()) == (200, first["ETag"], first.json())
    assert Revision.objects.count() == before


def test_a_weakened_tag_is_the_same_version(desk):
    client, path = api(desk.ana), f"desk/spans/{desk.span}/annotation/"
    first = client.put(path, WHOLE, If_None_Match="*")
    assert client.put(path, {"verdict": "verified"}, If_Match="W/" + first["ETag"]).status_code == 200


def test_withdrawing_names_its_base_too(desk):
    client, path = api(desk.ana), f"desk/spans/{desk.span}/annotation/"
    first = client.put(path, WHOLE, If_None_Match="*")
    assert client.delete(path).status_code == 428
    assert client.delete(path, If_Match='"999"').status_code == 412
    assert client.delete(path, If_Match=first["ETag"]).status_code == 204
    assert client.get(path).status_code == 404
    assert client.delete(path, If_Match=first["ETag"]).status_code == 404
    assert client.put(path, WHOLE, If_None_Match="*").status_code == 201


def test_mine_is_mine_alone(desk):
    tag(desk.collection, desk.ben, desk.span)
    assert api(desk.ana).get(f"desk/spans/{desk.span}/annotation/").status_code == 404


def test_whoever_decided_does_not_review(desk):
    rule(
        desk.collection,
        author=desk.owner,
        span_id=desk.span,
        verdict="verified",
        rationale="So it is.",
        base=None,
    )
    answer = api(desk.owner).put(f"desk/spans/{desk.span}/annotation/", WHOLE, If_None_Match="*")
    assert (answer.status_code, answer.json()["code"]) == (403, "reviewed-by-ruler")


def test_extra_fields_do_nothing(desk):  # T4
    body = {"verdict": "verified", "reviewer": desk.ben.pk, "id": 999, "collection": 9, "created_in": 1}
    made = api(desk.ana).put(f"desk/spans/{desk.span}/annotation/", body, If_None_Match="*")
    assert made.status_code == 201
    assert list(Annotation.objects.values_list("reviewer", "span")) == [(desk.ana.pk, desk.span)]


def test_a_claim_of_another_collection_is_not_there(desk):  # T3
    article = article_in(desk.other, desk.stranger)
    foreign = mark(desk.other, desk.stranger, article, "2023")
    client = api(desk.owner)
    before = (Revision.objects.count(), Annotation.objects.count())
    for method, path, body, headers in [
        ("GET", f"desk/spans/{foreign}/", None, {}),
        ("PATCH", f"desk/spans/{foreign}/", {"not_checkable": True, "reason": "x"}, {"If_Match": '"3"'}),
        ("DELETE", f"desk/spans/{foreign}/", None, {"If_Match": '"3"'}),
        ("GET", f"desk/spans/{foreign}/annotation/", None, {}),
        ("PUT", f"desk/spans/{foreign}/annotation/", WHOLE, {"If_None_Match": "*"}),
        ("POST", f"desk/spans/{foreign}/evidence/", {"kind": "web", "title": "t"}, {}),
        (
            "PUT",
            f"desk/spans/{foreign}/ruling/",
            {"verdict": "verified", "rationale": "r", "revision": 3},
            {"If_None_Match": "*"},
        ),
        ("GET", f"desk/articles/{article}/", None, {}),
        ("PATCH", f"desk/articles/{article}/", {"title": "Mine"}, {"If_Match": '"1"'}),
        ("POST", "desk/spans/", {"article": article, "start": 0, "end": 5, "quote": "Chips"}, {}),
        ("POST", "desk/articles/", {"text": "New.", "supersedes": article}, {}),
    ]:
        answer = client(method, path, body, **headers)
        assert (answer.status_code, method, path) == (404, method, path)
    assert (Revision.objects.count(), Annotation.objects.count()) == before


@pytest.mark.parametrize(
    "text",
    [
        "𝟛𝟙 percent 💩👩\u200d👩\u200d👧",
        "نسبة ٣١",
        "e\u0301 \u00a0 \u2028 \u202e abc",
        " kept \n",
        "<script>alert(1)</script>",
    ],
)
def test_texts_come_back_exactly(desk, text):  # T26
    client, path = api(desk.ana), f"desk/spans/{desk.span}/annotation/"
    body = {"verdict": "disputed", "why": text, "should_read": text}
    assert client.put(path, body, If_None_Match="*").json()["why"] == text
    row = client.get(f"desk/spans/{desk.span}/").json()
    assert (row["reviews"][0]["why"], row["reviews"][0]["should_read"]) == (text, text)


@pytest.mark.parametrize("broken", ["a\\u0000b", "\\ud800", "\\udc00x"])
def test_what_no_database_keeps_is_refused(desk, broken):  # T26
    body = f'{{"verdict": "verified", "why": "{broken}"}}'
    answer = api(desk.ana).put(f"desk/spans/{desk.span}/annotation/", body, If_None_Match="*")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "why")


def test_what_the_body_has_no_words_for_stays(desk):
    asked = {"asked": "The ministry", "due_on": date(2026, 12, 1)}
    tag(desk.collection, desk.ana, desk.span, "needs_source", **asked)
    client, path = api(desk.ana), f"desk/spans/{desk.span}/annotation/"
    read, before = client.get(path), Revision.objects.count()
    same = client.put(path, read.json(), If_Match=read["ETag"])
    assert (same.status_code, same["ETag"], Revision.objects.count()) == (200, read["ETag"], before)
    for _ in range(2):
        body = read.json() | {"why": "Asked."}
        changed = client.put(path, body, If_Match=read["ETag"], Idempotency_Key="once")
        assert changed.status_code == 200
    assert Annotation.objects.current().filter(why="Asked.", **asked).count() == 1
