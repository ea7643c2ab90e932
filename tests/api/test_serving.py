"""Parts of an export, its size, compressed or not: always of the same bytes, and only for who may have them."""

import os
import zlib
from dataclasses import dataclass

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as looked
from hypothesis import strategies as st

from annotations.exports.formats import FORMATS
from annotations.models import Collection, CollectionSettings
from annotations.services.settings import change_settings, end_membership
from tests.api.cast import Api, api, cite, make_desk, mark, tag


def body(answer):
    """Of a stream what came; once it was read, the same again."""
    if not hasattr(answer, "read"):
        answer.read = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.read


@dataclass
class Reader(Api):
    """Reads what it asked for to its end."""

    def __call__(self, *asked, **headers):
        answer = super().__call__(*asked, **headers)
        body(answer)
        return answer


def reader(user):
    return Reader(Client(), api(user).token)


@pytest.fixture
def served(db, settings, tmp_path):
    """A desk of three claims; files go to a folder of its own."""
    settings.DATA_DIR = tmp_path
    desk = make_desk()
    tag(desk.collection, desk.ana, desk.span, "disputed", why="Ä reason. " * 50)
    cite(desk.collection, desk.ana, desk.span)
    for words in ("2023", "minister"):
        mark(desk.collection, desk.ana, desk.article, words)
    desk.at = desk.collection.head
    desk.files = tmp_path / "cache" / "exports"
    return desk


def path_of(desk, name="jsonl"):
    return f"desk/export/?format={name}&at={desk.at}"


number = st.integers(0, 9000) | st.integers(0, 10)
headers = (
    st.tuples(number, st.integers(0, 9000)).map(lambda pair: (pair[0], pair[0] + pair[1]))
    | number.map(lambda first: (first, None))
    | number.map(lambda last: (None, last))
)


def test_parts_are_slices_of_the_whole(served):
    """As it is made, as a file, and in any part of it."""
    client = reader(served.ana)
    whole = {}
    for name in FORMATS:
        made = client.get(path_of(served, name))
        whole[name] = body(made)
        head = client("HEAD", path_of(served, name))
        kept = client.get(path_of(served, name))
        assert (int(head["Content-Length"]), body(head)) == (len(whole[name]), b"")
        assert (body(kept), int(kept["Content-Length"])) == (whole[name], len(whole[name]))
        for header in ("ETag", "Content-Type", "Content-Disposition", "Accept-Ranges", "Vary"):
            assert made[header] == head[header] == kept[header]
        assert made["Accept-Ranges"] == "bytes"

    @looked(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(list(FORMATS)), headers)
    def check(name, asked):
        first, last = asked
        size = len(whole[name])
        sliced = (
            whole[name][size - min(last, size) :]
            if first is None
            else whole[name][first : None if last is None else last + 1]
        )
        said = "-".join("" if each is None else str(each) for each in asked)
        answer = client.get(path_of(served, name), Range=f"bytes={said}")
        if not sliced:
            assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{size}")
            assert answer.json()["code"] == "range-not-satisfiable"
            return
        begins = size - len(sliced) if first is None else first
        assert (answer.status_code, body(answer)) == (206, sliced)
        assert answer["Content-Range"] == f"bytes {begins}-{begins + len(sliced) - 1}/{size}"
        assert (answer["Content-Length"], answer["Content-Type"]) == (
            str(len(sliced)),
            FORMATS[name].media_type,
        )

    check()


def test_headers_say_under_which_licence_it_is_and_where_its_fields_are_described(served, settings):
    """Of bare rows nothing in the file does."""
    settings.PUBLIC_URL = "https://facts.example"
    described = (
        '<https://facts.example/api/v1/schema/claim.json>; rel="describedby"; type="application/schema+json"'
    )
    client = reader(served.ana)
    for license, link in (
        ("CC-BY-4.0", f'{described}, <https://spdx.org/licenses/CC-BY-4.0>; rel="license"'),
        ("MIT OR Apache-2.0", described),
        ("Ärztlich", f'{described}, <https://spdx.org/licenses/%C3%84rztlich>; rel="license"'),
        ("", described),
    ):
        live = CollectionSettings.objects.current().get(collection=served.collection)
        change_settings(served.collection, author=served.owner, base=live.pk, changes={"license": license})
        served.collection.refresh_from_db()
        served.at = served.collection.head
        for name in FORMATS if license == "CC-BY-4.0" else ("json",):
            path = path_of(served, name)
            asked = ({}, {"Range": "bytes=0-9"}, {"Accept_Encoding": "gzip"})
            for answer in (*[client.get(path, **each) for each in asked], client("HEAD", path)):
                assert answer["Link"] == link, (name, answer.status_code)
    assert client.get(path_of(served, "w3c") + "&page=1")["Link"] == described


def test_what_may_be_ignored_gets_the_whole(served):
    client, whole = reader(served.ana), body(reader(served.ana).get(path_of(served)))
    for said in (
        "bytes=0-1,4-5",
        "bytes=5-2",
        "bytes=-",
        "bytes=x-",
        "lines=0-1",
        "bytes 0-1",
        "bytes=٣-",
        "0-1",
    ):
        answer = client.get(path_of(served), Range=said)
        assert (answer.status_code, body(answer)) == (200, whole), said
    assert client("HEAD", path_of(served), Range="bytes=0-1")["Content-Length"] == str(len(whole))


def test_parts_of_two_revisions_never_meet(served):
    """Without `at` a range alone gets the whole; with the tag of what one has, the rest of it."""
    client, path = reader(served.ana), "desk/export/?format=jsonl"
    first = client.get(path)
    assert client.get(path, Range="bytes=5-").status_code == 200
    rest = client.get(path, Range="bytes=5-", If_Range=first["ETag"])
    assert (rest.status_code, body(rest)) == (206, body(first)[5:])
    for other in (
        f"W/{first['ETag']}",
        '"x"',
        "Fri, 27 Nov 2026 13:00:00 GMT",
        f'{first["ETag"][:-1]}-gzip"',
    ):
        assert client.get(path_of(served), Range="bytes=5-", If_Range=other).status_code == 200
    mark(served.collection, served.ana, served.article, "rose")
    again = client.get(path, Range="bytes=5-", If_Range=first["ETag"])
    assert (again.status_code, again["ETag"] == first["ETag"]) == (200, False)
    pinned = client.get(path_of(served), Range="bytes=5-", If_Range=first["ETag"])
    assert body(pinned) == body(rest)


def test_compressed_it_is_another_representation(served):
    client, path = reader(served.ana), path_of(served)
    plain, squeezed = client.get(path), client.get(path, Accept_Encoding="br, gzip;q=0.8")
    data = body(squeezed)
    assert (squeezed["Content-Encoding"], squeezed["Accept-Ranges"]) == ("gzip", "none")
    assert (zlib.decompress(data, 31), len(data) < len(body(plain))) == (body(client.get(path)), True)
    assert squeezed["ETag"] != plain["ETag"]
    assert "Accept-Encoding" in squeezed["Vary"]
    assert "Accept-Encoding" in plain["Vary"]
    assert os.listdir(served.files) == [], "nothing was kept for it"
    part = client.get(path, Accept_Encoding="gzip", Range="bytes=0-9")
    assert (part.status_code, part.has_header("Content-Encoding"), len(body(part))) == (206, False, 10)
    assert body(client.get(path, Accept_Encoding="gzip")) == data, "from the file the same"
    head = client("HEAD", path, Accept_Encoding="gzip")
    assert (head["ETag"], head.has_header("Content-Length")) == (squeezed["ETag"], False)
    for tag_of, encoding, status in ((squeezed, "gzip", 304), (plain, "", 304), (plain, "gzip", 200)):
        same = client.get(path, Accept_Encoding=encoding, If_None_Match=tag_of["ETag"])
        assert same.status_code == status
    for refused in ("gzip;q=0", "identity", "br"):
        assert not client.get(path, Accept_Encoding=refused).has_header("Content-Encoding")
    assert not client.get(path_of(served, "brat"), Accept_Encoding="gzip").has_header("Content-Encoding")


def test_a_file_is_for_those_who_see_the_same(served):
    """And for who may still come in: that it is there opens nothing."""
    clients = {name: reader(getattr(served, name)) for name in ("owner", "ana", "ben", "vera")}
    for client in clients.values():
        client("HEAD", path_of(served))
    assert len(os.listdir(served.files)) == 3, "ana and ben see the same"
    known = clients["ben"].get(path_of(served))["ETag"]
    end_membership(served.collection, served.ben)
    for headers in ({}, {"Range": "bytes=0-5"}, {"If_None_Match": known}):
        assert clients["ben"].get(path_of(served), **headers).status_code == 404
    assert Reader(Client()).get(path_of(served)).status_code == 401
    assert reader(served.stranger).get(path_of(served), Range="bytes=0-5").status_code == 404


def test_blind_each_has_a_file_of_their_own_and_another_after_their_verdict(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    blind = make_desk(blind=True)
    path = f"desk/export/?format=jsonl&at={blind.collection.head}"
    tag(blind.collection, blind.ben, blind.span, "disputed", why="ben's")
    ana, ben = reader(blind.ana), reader(blind.ben)
    tags = {who.get(path, Range="bytes=0-")["ETag"] for who in (ana, ben, reader(blind.owner))}
    assert len(tags) == len(os.listdir(tmp_path / "cache" / "exports")) == 3
    at = blind.collection.head
    tag(blind.collection, blind.ana, blind.span)
    shown = ana.get(f"desk/export/?format=jsonl&at={at}", Range="bytes=0-")
    assert b"ben's" in body(shown)
    assert shown["ETag"] not in tags


def test_a_full_disk_and_one_that_is_being_made_say_what_to_do(served, monkeypatch):
    from annotations.api import serving
    from annotations.services import kept_exports as kept

    for fault, wait in ((kept.NoRoom(), "600"), (kept.Busy(), "5")):

        def raising(*_, fault=fault):
            raise fault

        monkeypatch.setattr(serving.kept, "opened", raising)
        answer = reader(served.ana).get(path_of(served), Range="bytes=0-5")
        assert (answer.status_code, answer["Retry-After"]) == (503, wait)
        assert reader(served.ana).get(path_of(served)).status_code == 200


def test_a_tag_does_not_tell_when_others_worked(db, settings, tmp_path):
    """Whoever knows all else that is in it could try one moment after the other."""
    settings.DATA_DIR = tmp_path
    blind = make_desk(blind=True)
    client, path = reader(blind.ana), f"desk/export/?format=jsonl&at={blind.collection.head}"
    tags = set()
    for settings.SECRET_KEY in ("one" * 20, "two" * 20):
        tags.add(client.get(path, Range="bytes=0-")["ETag"])
    assert len(tags) == 2


def test_a_file_is_named_by_its_epoch(served):
    client = reader(served.ana)
    for settings_of in ("before", "after"):
        client("HEAD", path_of(served))
        (name,) = os.listdir(served.files)
        served.collection.refresh_from_db()
        assert name.startswith(f"{served.collection.pk}-{served.collection.epoch}-"), settings_of
        Collection.objects.filter(pk=served.collection.pk).update(epoch=served.collection.epoch + 1)


def test_another_database_or_build_has_other_tags(served, monkeypatch):
    from annotations.api import serving
    from annotations.models import Revision

    client = reader(served.ana)
    tags = {client.get(path_of(served))["ETag"]}
    monkeypatch.setattr(serving, "build", lambda: "another")
    tags.add(client.get(path_of(served))["ETag"])
    last = Revision.objects.get(number=served.at, collection=served.collection)
    monkeypatch.setattr(serving.Dataset, "written_at", lambda self: last.created_at.replace(year=2001))
    tags.add(client.get(path_of(served))["ETag"])
    assert len(tags) == 3
