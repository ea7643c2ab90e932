"""Idempotency-Key: one effect however often and however much at once it is sent (T29, T34)."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from annotations.models import Annotation, ClaimState, Evidence, Revision, Source
from annotations.services.claims import withdraw
from tests.api.cast import TEXT, Api, api, cite, etag_of, make_desk, mark, tag

KEY = "7f0c-once"


def at_once(times, ask):
    def one(_):
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.django_db(transaction=True)
def test_one_key_twenty_times_at_once_is_one_opinion():  # T29
    desk = make_desk()
    token, path = api(desk.ana).token, f"desk/spans/{desk.span}/annotation/"
    before = Revision.objects.count()

    def put():
        return Api(Client(), token).put(path, {"verdict": "verified"}, If_None_Match="*", Idempotency_Key=KEY)

    answers = at_once(20, put)
    assert {(answer.status_code, answer["ETag"], answer.content) for answer in answers} == {
        (201, answers[0]["ETag"], answers[0].content)
    }
    assert (Annotation.objects.count(), Revision.objects.count()) == (1, before + 1)


@pytest.mark.django_db(transaction=True)
def test_one_key_twenty_times_at_once_is_one_source():  # T29
    desk = make_desk()
    token, path = api(desk.ana).token, f"desk/spans/{desk.span}/evidence/"
    body = {"kind": "web", "title": "Tables"}
    answers = at_once(20, lambda: Api(Client(), token).post(path, body, Idempotency_Key=KEY))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["key"] for answer in answers}) == 1
    assert (Evidence.objects.count(), Source.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_mark_twenty_times_at_once_is_one_claim():
    desk = make_desk()
    token = api(desk.ana).token
    start = TEXT.index("Output")
    body = {"article": desk.article, "start": start, "end": start + 6, "quote": "Output"}
    answers = at_once(20, lambda: Api(Client(), token).post("desk/spans/", body, Idempotency_Key=KEY))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert ClaimState.objects.current().count() == 2


def test_another_body_under_the_key_is_refused(desk):  # T29
    client, path = api(desk.ana), f"desk/spans/{desk.span}/annotation/"
    client.put(path, {"verdict": "verified"}, If_None_Match="*", Idempotency_Key=KEY)
    other = client.put(path, {"verdict": "disputed"}, If_None_Match="*", Idempotency_Key=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    elsewhere = client.post(
        f"desk/spans/{desk.span}/evidence/", {"kind": "web", "title": "t"}, Idempotency_Key=KEY
    )
    assert elsewhere.status_code == 422


def test_a_key_is_its_author_s_own(desk):
    path = f"desk/spans/{desk.span}/annotation/"
    for person in (desk.ana, desk.ben):
        assert (
            api(person).put(path, {"verdict": "verified"}, If_None_Match="*", Idempotency_Key=KEY).status_code
            == 201
        )


def test_a_late_retry_gets_its_first_answer_though_all_has_gone_since(desk):  # T34
    client, path = api(desk.ana), f"desk/spans/{desk.span}/annotation/"
    first = client.put(path, {"verdict": "verified"}, If_None_Match="*", Idempotency_Key=KEY)
    withdraw(desk.collection, author=desk.ana, span_id=desk.span, base=int(first["ETag"].strip('"')))
    retry = client.put(path, {"verdict": "verified"}, If_None_Match="*", Idempotency_Key=KEY)
    assert (retry.status_code, retry["ETag"], retry.content) == (201, first["ETag"], first.content)
    assert not Annotation.objects.current().exists()


def test_a_retry_of_a_removal_is_done_already(desk):  # T34
    client = api(desk.ana)
    mine = mark(desk.collection, desk.ana, desk.article, "Output")
    version = tag(desk.collection, desk.ana, desk.span)
    cited = cite(desk.collection, desk.ana, desk.span)
    removals = [
        (f"desk/spans/{mine}/", client.get(f"desk/spans/{mine}/")["ETag"]),
        (f"desk/spans/{desk.span}/annotation/", f'"{version}"'),
        (f"desk/evidence/{cited.key}/", etag_of(cited)),
    ]
    for path, base in removals:
        for _ in range(2):
            answer = client.delete(path, If_Match=base, Idempotency_Key=path)
            assert answer.status_code == 204
        assert client.delete(path, If_Match=base, Idempotency_Key=f"{path}2").status_code == 404


def test_a_retried_change_is_not_stale(desk):
    client, path = api(desk.owner), f"desk/articles/{desk.article}/"
    base = client.get(path)["ETag"]
    answers = [client.patch(path, {"title": "B"}, If_Match=base, Idempotency_Key=KEY) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    span = f"desk/spans/{desk.span}/"
    base = client.get(span)["ETag"]
    body = {"not_checkable": True, "reason": "opinion"}
    answers = [client.patch(span, body, If_Match=base, Idempotency_Key=f"{KEY}2") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    before = Revision.objects.count()
    body = {"text": "An article about ships."}
    answers = [client.post("desk/articles/", body, Idempotency_Key=f"{KEY}3") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Revision.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_of_many_edits_at_once_each_success_is_one_revision():  # T27
    desk = make_desk()
    token, path = api(desk.ana).token, f"desk/spans/{desk.span}/annotation/"
    first = Api(Client(), token).put(path, {"verdict": "verified"}, If_None_Match="*")
    before = Revision.objects.count()
    turn = itertools.count()

    def edits():
        client, base, won = Api(Client(), token), first["ETag"], 0
        for _ in range(5):
            answer = client.put(path, {"verdict": "disputed", "why": f"{next(turn)}"}, If_Match=base)
            assert answer.status_code in {200, 412}
            won, base = won + (answer.status_code == 200), answer["ETag"]
        return won

    won = sum(at_once(8, edits))
    assert won == Revision.objects.count() - before > 0
    assert Annotation.objects.count() == won + 1
