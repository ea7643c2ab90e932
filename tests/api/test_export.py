"""export/: filters, formats, headers, and one revision however much is written meanwhile (T38)."""

import hashlib
import json
import threading

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.exports import rows as exported_rows
from annotations.models import Collection
from annotations.services.settings import set_member
from tests.api.cast import TEXT, Api, api, article_in, cite, make_desk, mark, tag

WORDS = ("Chips", "claims", "Output", "rose", "percent", "2023", "The", "minister", "said", "so")


def body(answer):
    return b"".join(answer.streaming_content)


def rows(client, query=""):
    return json.loads(body(client.get(f"desk/export/{query}")))


@pytest.fixture
def busy(desk):
    """Claims of several statuses in two articles of two publishers."""
    other = article_in(desk.collection, desk.owner, f"{TEXT}More.\n", title="Other", publisher="The Crier")
    tag(desk.collection, desk.ana, desk.span, "disputed")
    verified = mark(desk.collection, desk.ana, desk.article, "2023")
    tag(desk.collection, desk.ana, verified)
    cite(desk.collection, desk.ana, verified)
    mark(desk.collection, desk.ana, other, "minister")
    return desk


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["40 percent", "2023", "minister"]),
        ("?status=agreed", ["40 percent", "2023"]),
        ("?status=agreed&status=to_check", ["40 percent", "2023", "minister"]),
        ("?verdict=disputed", ["40 percent"]),
        ("?verdict=disputed&verdict=verified", ["40 percent", "2023"]),
        ("?verdict=verified&status=to_check", []),
        ("?publisher=The+Crier", ["minister"]),
        ("?publisher=The+Crier&publisher=The+Lantern&status=agreed", ["40 percent", "2023"]),
        ("?publisher=nobody", []),
    ],
)
def test_filters_repeat_for_or(busy, query, found):
    assert [row["quote"] for row in rows(api(busy.ana), query)] == found
    listed = api(busy.ana).get(f"desk/spans/{query}").json()["results"]
    assert listed == rows(api(busy.ana), query)


def test_no_parameter_reaches_a_column_of_its_own(busy):
    listed = api(busy.ana).get("desk/spans/?author__password__startswith=a").json()["results"]
    assert listed == rows(api(busy.ana), "")


def test_by_article(busy):
    assert [row["quote"] for row in rows(api(busy.ana), f"?article={busy.article}")] == ["40 percent", "2023"]
    assert rows(api(busy.ana), "?article=999999") == []


def test_a_viewer_gets_what_is_agreed_or_decided(busy):
    assert [row["quote"] for row in rows(api(busy.vera))] == ["40 percent", "2023"]
    assert [len(row["reviews"]) for row in rows(api(busy.vera))] == [1, 1]


def test_a_viewer_of_the_past_sees_what_was_agreed_then(busy):
    at = Collection.objects.get(pk=busy.collection.pk).head
    then = rows(api(busy.vera), f"?at={at}")
    tag(busy.collection, busy.ben, busy.span, "verified")
    assert rows(api(busy.vera), f"?at={at}") == then
    assert [row["quote"] for row in rows(api(busy.vera))] == ["2023"]


@pytest.mark.parametrize(
    ("query", "accept", "kind", "suffix"),
    [
        ("", "*/*", "application/json", "json"),
        ("?format=jsonl", "*/*", "application/jsonl", "jsonl"),
        ("?format=csv", "application/json", "text/csv; charset=utf-8", "csv"),
        ("", "text/csv", "text/csv; charset=utf-8", "csv"),
        ("", "application/x-ndjson", "application/jsonl", "jsonl"),
    ],
)
def test_formats_and_their_names(busy, query, accept, kind, suffix):
    answer = api(busy.ana).get(f"desk/export/{query}", Accept=accept)
    head = Collection.objects.get(pk=busy.collection.pk).head
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"] == f'attachment; filename="desk-{head}.{suffix}"'
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= set(answer["Vary"].split(", "))


def test_head_has_the_headers_and_no_body(busy):
    answer = api(busy.ana)("HEAD", "desk/export/?format=jsonl")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"", "application/jsonl")
    assert answer["ETag"] == api(busy.ana).get("desk/export/?format=jsonl")["ETag"]


@pytest.mark.parametrize("query", ["?at=0", "?at=x", "?format=xml", "?format="])
def test_an_export_of_nothing_known(busy, query):
    assert api(busy.ana).get(f"desk/export/{query}").status_code == 400


def test_a_revision_that_is_not_yet(busy):
    assert api(busy.ana).get("desk/export/?at=10000").status_code == 404


LISTS = ("desk/", "desk/spans/", "desk/articles/", "desk/export/", "desk/changes/", "")


@pytest.mark.parametrize("path", LISTS)
def test_what_a_client_has_is_not_sent_again(busy, path):
    client = api(busy.ana)
    first = client.get(path)
    assert client.get(path, If_None_Match=f'"x", W/{first["ETag"]}').status_code == 304
    again = client.get(path, If_None_Match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (again["Cache-Control"], "Authorization" in again["Vary"]) == ("private, no-cache", True)
    mark(busy.collection, busy.ana, busy.article, "rose")
    assert client.get(path, If_None_Match=first["ETag"]).status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_tags_tell_queries_roles_and_epochs_apart(busy, path):
    first = api(busy.ana).get(path)["ETag"]
    assert api(busy.ana).get(f"{path}?verdict=verified")["ETag"] != first
    assert api(busy.owner).get(path)["ETag"] != first
    set_member(busy.collection, busy.ben, "viewer")
    assert api(busy.ana).get(path)["ETag"] != first


def test_access_is_checked_before_it_is_said_that_nothing_changed(busy):
    tag_known = api(busy.ana).get("desk/export/")["ETag"]
    assert api(busy.stranger).get("desk/export/", If_None_Match=tag_known).status_code == 404
    assert Api(Client()).get("desk/export/", If_None_Match=tag_known).status_code == 401


def test_an_export_of_a_fixed_revision_keeps_its_tag(busy):
    client = api(busy.ana)
    tag_then = client.get("desk/export/?at=5")["ETag"]
    mark(busy.collection, busy.ana, busy.article, "rose")
    assert client.get("desk/export/?at=5", If_None_Match=tag_then).status_code == 304


@pytest.mark.parametrize("path", ["desk/spans/", "desk/export/", "desk/changes/", "desk/articles/"])
def test_queries_do_not_grow_with_claims(desk, path):
    client = api(desk.ana)

    def asked():
        exported_rows._utf16.clear()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answer = client.get(path)
            _ = body(answer) if answer.streaming else answer.content
        return len(captured)

    tag(desk.collection, desk.ana, desk.span)
    cite(desk.collection, desk.ana, desk.span)
    few = asked()
    for number, word in enumerate(WORDS):
        article = article_in(desk.collection, desk.owner, f"{TEXT}{number}")
        span = mark(desk.collection, desk.ana, article, word)
        tag(desk.collection, desk.ana, span)
        tag(desk.collection, desk.ben, span)
        cite(desk.collection, desk.ana, span)
    assert asked() <= few


@pytest.mark.parametrize("chunk", [1, 2, 3, 1000])
def test_the_size_of_a_chunk_changes_nothing(busy, chunk):
    from annotations.access import desk_seat

    collection = Collection.objects.get(pk=busy.collection.pk)
    seat = desk_seat(collection)
    assert list(exported_rows.claim_rows(seat, collection.head, chunk=chunk)) == list(
        exported_rows.claim_rows(seat, collection.head)
    )


@pytest.mark.django_db(transaction=True)
def test_an_export_is_of_one_revision_while_others_write(monkeypatch):  # T38
    desk = make_desk()
    spans = [mark(desk.collection, desk.ana, desk.article, word) for word in WORDS]
    for span in spans:
        tag(desk.collection, desk.ana, span, "disputed")
    monkeypatch.setattr(exported_rows.claim_rows, "__defaults__", (exported_rows.Filters(), 2))
    client, stop, errors = api(desk.owner), threading.Event(), []
    head = desk.collection.head
    writer = threading.Thread(target=write_until, args=(stop, desk, spans, errors))
    writer.start()
    try:
        for _ in range(15):
            answer = client.get("desk/export/?format=jsonl")
            at = answer["Content-Disposition"].split("-")[1].split(".")[0]
            slowly = hashlib.sha256(body(answer)).hexdigest()
            again = client.get(f"desk/export/?format=jsonl&at={at}")
            assert hashlib.sha256(body(again)).hexdigest() == slowly
    finally:
        stop.set()
        writer.join()
    assert not errors
    assert Collection.objects.get(pk=desk.collection.pk).head > head


def write_until(stop, desk, spans, errors):
    from annotations.models import Annotation

    try:
        while not stop.is_set():
            for span in spans:
                mine = Annotation.objects.current().filter(span=span, reviewer=desk.ben).first()
                tag(
                    desk.collection,
                    desk.ben,
                    span,
                    "verified",
                    base=mine and mine.pk,
                    why=str(mine and mine.pk),
                )
    except Exception as error:
        errors.append(error)
    finally:
        connection.close()


@pytest.mark.parametrize(
    "query",
    ["foo=1", "verdicts=verified", "format=csv&stauts=agreed", "limit=7", "author__password__startswith=a"],
)
def test_a_parameter_that_is_not_known_is_refused_by_name(busy, query):
    answer = api(busy.ana).get(f"desk/export/?{query}")
    assert answer.status_code == 400
    name = query.split("&")[-1].split("=")[0]
    assert f"no parameter {name}." in answer.json()["detail"]
    assert "format, at, status, verdict, article, publisher" in answer.json()["detail"]
    assert answer.json()["errors"][0]["field"] == name
