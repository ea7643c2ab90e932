"""export/: filters, formats, headers, and one revision however much is written meanwhile (T38)."""

import hashlib
import json
import sys
import threading

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator

from annotations.api.exports import OCTETS
from annotations.api.schema import document
from annotations.domain.offsets import Utf16
from annotations.exports import rows as exported_rows
from annotations.exports import utf16, w3c
from annotations.exports.formats import FORMATS
from annotations.models import Collection
from annotations.services.settings import set_member
from tests.api.cast import TEXT, Api, api, article_in, cite, make_desk, mark, tag

W3C = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
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


def test_no_parameter_reaches_a_column_of_its_own(busy):
    answer = api(busy.ana).get("desk/spans/?author__password__startswith=a")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "author__password__startswith")


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
        ("", "application/vnd.apache.parquet", "application/vnd.apache.parquet", "parquet"),
        ("", "application/ld+json", W3C, "w3c.jsonld"),
        ("", "text/csv, */*;q=0.1", "text/csv; charset=utf-8", "csv"),
        (
            "",
            "application/vnd.apache.parquet, application/json;q=0.5",
            "application/vnd.apache.parquet",
            "parquet",
        ),
        ("", "text/csv;q=0.2, image/png, application/jsonl; q=0.30", "application/jsonl", "jsonl"),
        ("", "text/csv;q=0, */*;q=0.1", "application/json", "json"),
        ("?format=claimreview", "*/*", "application/ld+json", "claimreview.jsonld"),
        ("?format=brat", "application/octet-stream", "application/octet-stream", "brat.zip"),
        ("?format=csv", "application/octet-stream;q=0.5, text/csv", "text/csv; charset=utf-8", "csv"),
        ("", "application/octet-stream", "application/octet-stream", "json"),
    ],
)
def test_formats_and_their_names(busy, query, accept, kind, suffix):
    answer = api(busy.ana).get(f"desk/export/{query}", Accept=accept)
    head = Collection.objects.get(pk=busy.collection.pk).head
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"] == f'attachment; filename="desk-{head}.{suffix}"'
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= set(answer["Vary"].split(", "))


def test_every_page_of_a_w3c_export_is_at_its_address(busy, monkeypatch, settings):
    settings.PUBLIC_URL = "http://testserver"
    monkeypatch.setattr(w3c, "A_PAGE", 2)
    client, home = api(busy.ana), "http://testserver/api/v1/collections/"
    whole, rows_then = json.loads(body(client.get("desk/export/?format=w3c"))), rows(client)
    mark(busy.collection, busy.ana, busy.article, "rose")  # after the revision that the pages are of
    page, found = whole["first"], []
    while page:
        found += page["items"]
        page = page.get("next") and json.loads(body(client.get(page["next"].removeprefix(home))))
    assert [each["claim"] for each in found] == [row["id"] for row in rows_then]
    path = whole["last"].removeprefix(home)
    last, head = client.get(path), client("HEAD", path)
    data = body(last)
    assert int(head["Content-Length"]) == len(data)
    assert head["ETag"] == last["ETag"] != client("HEAD", whole["id"].removeprefix(home))["ETag"]
    assert body(client.get(path, Range="bytes=3-8")) == data[3:9]
    at = whole["revision"]
    assert last["Content-Disposition"] == f'attachment; filename="desk-{at}.page-2.w3c.jsonld"'


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("format=w3c&page=0", 400, "page is a whole number from 1"),
        ("format=w3c&page=two", 400, "page is a whole number from 1"),
        ("format=jsonl&page=1", 404, "jsonl does not come in pages"),
        ("format=w3c&page=2", 404, "There is no page 2: the last one is 1."),
        ("format=w3c&page=1&publisher=nobody", 404, "There is no claim"),
    ],
)
def test_a_page_that_is_not_there_is_said_to_be_none(busy, query, status, words):
    answer = api(busy.ana).get(f"desk/export/?{query}")
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True)


def test_what_comes_as_json_is_as_the_openapi_document_says(busy):
    described = document()["paths"]["/api/v1/collections/{slug}/export/"]["get"]["responses"]["200"][
        "content"
    ]
    assert set(described) == {OCTETS, *(each.media_type.split(";")[0] for each in FORMATS.values())}
    said = described["application/json"]["schema"] | {"components": document()["components"]}
    check = Draft202012Validator(json.loads(json.dumps(said), object_hook=without_nullable))
    for name in ("json", "averitec", "labelstudio"):
        found = rows(api(busy.ana), f"?format={name}")
        assert found
        assert [each.message for each in check.iter_errors(found)] == [], name


def without_nullable(schema):
    """OpenAPI 3.0 says nullable where JSON Schema names null."""
    if schema.pop("nullable", False):
        return {"anyOf": [schema, {"type": "null"}]}
    return schema


def test_head_has_the_headers_and_no_body(busy):
    answer = api(busy.ana)("HEAD", "desk/export/?format=jsonl")
    assert (answer.status_code, body(answer), answer["Content-Type"]) == (200, b"", "application/jsonl")
    assert answer["ETag"] == api(busy.ana).get("desk/export/?format=jsonl")["ETag"]


def test_an_export_of_nothing_known(busy):
    client = api(busy.ana)
    for query in ("?at=0", "?at=x", "?format=xml", "?format="):
        assert client.get(f"desk/export/{query}").status_code == 400
    assert client.get("desk/export/?at=10000").status_code == 404


LISTS = ("desk/", "desk/spans/", "desk/articles/", "desk/export/", "desk/changes/", "")


@pytest.mark.parametrize("path", LISTS)
def test_what_a_client_has_is_not_sent_again(busy, path):
    client = api(busy.ana)
    first = client.get(path)
    assert client.get(path, If_None_Match=f'"x", W/{first["ETag"]}').status_code == 304
    again = client.get(path, If_None_Match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (again["Cache-Control"], "Authorization" in again["Vary"]) == ("private, no-cache", True)
    assert "Content-Type" not in again, "a cache would take it for that of what it keeps"
    mark(busy.collection, busy.ana, busy.article, "rose")
    assert client.get(path, If_None_Match=first["ETag"]).status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_tags_tell_queries_roles_and_epochs_apart(busy, path):
    first = api(busy.ana).get(path)["ETag"]
    narrowed = "verdict=verified" if path in ("desk/spans/", "desk/export/") else "limit=7"
    assert api(busy.ana).get(f"{path}?{narrowed}")["ETag"] != first
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


def test_offsets_are_kept_as_long_as_there_is_room_for_their_places(monkeypatch):
    kept = utf16._Kept()
    monkeypatch.setattr(kept, "PLACES", 100)
    monkeypatch.setattr(kept, "TEXTS", 5)
    for name, places in (("a", 60), ("b", 0), ("a", 60), ("c", 40)):
        kept.remember(name, Utf16("💩" * places + "x"))
    assert [name for name in "abc" if kept.get(name)] == ["a", "b", "c"]
    kept.remember("d", Utf16("💩"))
    assert ([name for name in "abcd" if kept.get(name)], kept.places) == (["b", "c", "d"], 41)
    kept.remember("e", Utf16("💩" * 1000))
    assert ([name for name in "abcde" if kept.get(name)], kept.places) == (["e"], 1000)
    for name in "fghijkl":
        kept.remember(name, Utf16("x"))
    assert ([name for name in "efghijkl" if kept.get(name)], kept.places) == (list("hijkl"), 0)
    many = Utf16("💩" * 10_000)
    assert sys.getsizeof(many._astral) < 50_000, "four bytes a place"
    assert (many.at(10_000), many.code_point(2)) == (20_000, 1)


@pytest.mark.parametrize("path", ["desk/spans/", "desk/export/", "desk/changes/", "desk/articles/"])
def test_queries_do_not_grow_with_claims(desk, path):
    client = api(desk.ana)

    def asked():
        utf16._utf16.clear()
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


def test_the_size_of_a_chunk_changes_nothing(busy):
    from annotations.access import desk_seat

    collection = Collection.objects.get(pk=busy.collection.pk)
    whole, *others = (
        list(exported_rows.claim_rows(desk_seat(collection), collection.head, chunk=chunk))
        for chunk in (1000, 1, 2, 3)
    )
    assert others == [whole] * 3


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


UNKNOWN = (
    "foo=1",
    "verdicts=verified",
    "format=csv&stauts=agreed",
    "limit=7",
    "author__password__startswith=a",
)


def test_a_parameter_that_is_not_known_is_refused_by_name(busy):
    client = api(busy.ana)
    for query in UNKNOWN:
        answer = client.get(f"desk/export/?{query}")
        name = query.split("&")[-1].split("=")[0]
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, name)
        assert f"no parameter {name}. Known are format, at, page, status" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("desk/export/?at=1&at=2", "at"),
        ("desk/export/?format=csv&format=json", "format"),
        ("desk/spans/?limit=1&limit=2", "limit"),
        ("desk/changes/?after=1&after=2", "after"),
    ],
)
def test_what_is_one_thing_is_said_once(busy, path, name):
    answer = api(busy.ana).get(path)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, name)
    assert "said once" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("desk/spans/?stauts=agreed", "limit, cursor, status"),
        ("desk/spans/?at=1", "limit, cursor, status"),
        ("desk/articles/?publishr=x", "limit, cursor, publisher, language, role"),
        ("desk/changes/?afetr=5", "after, epoch, head, limit, cursor"),
        ("?limt=1", "limit, cursor"),
    ],
)
def test_a_list_leaves_nothing_in_for_a_misspelt_filter(busy, path, known):
    answer = api(busy.ana).get(path)
    name = path.partition("?")[2].partition("=")[0]
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, name)
    assert f"There is no parameter {name}. Known are {known}" in answer.json()["detail"]
