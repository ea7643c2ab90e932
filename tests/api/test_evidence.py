import pytest

from annotations.models import Evidence, Source, SourceDetails
from annotations.services.evidence import add_evidence
from tests.api.cast import api, article_in, cite, etag_of, mark, tag

NEW = {
    "kind": "web",
    "title": "Bureau tables",
    "publisher": "Bureau",
    "url": "https://stats.example/2023",
    "archived_url": "https://archive.example/x",
    "published_on": "2024-02-01",
    "is_primary": True,
    "stance": "contradicts",
    "locator": "table 4",
    "excerpt": "31.2",
}


def test_a_new_source_is_cited(desk):
    client = api(desk.ana)
    made = client.post(f"desk/spans/{desk.span}/evidence/", NEW)
    assert made.status_code == 201
    assert made["Location"].endswith(f"/collections/desk/evidence/{made.json()['key']}/")
    row = client.get(f"desk/spans/{desk.span}/").json()["evidence"][0]
    assert row["source"] == {name: NEW.get(name) for name in row["source"]} | {"id": row["source"]["id"]}
    assert (row["stance"], row["locator"], row["excerpt"]) == ("contradicts", "table 4", "31.2")
    read = client.get(made["Location"])
    assert (read.json(), read["ETag"]) == (made.json(), made["ETag"])


def test_a_source_is_cited_again_by_its_id(desk):
    source = Source.objects.get(evidence__key=cite(desk.collection, desk.ana, desk.span).key)
    other = mark(desk.collection, desk.ana, desk.article, "2023")
    made = api(desk.ben).post(f"desk/spans/{other}/evidence/", {"source": source.pk})
    assert made.json()["source"]["id"] == source.pk
    assert Source.objects.count() == 1


def test_a_source_of_another_collection_is_not_there(desk):  # T3
    article = article_in(desk.other, desk.stranger)
    cited = cite(desk.other, desk.stranger, mark(desk.other, desk.stranger, article, "2023"))
    source = Source.objects.get().pk
    client = api(desk.owner)
    assert client.post(f"desk/spans/{desk.span}/evidence/", {"source": source}).status_code == 404
    assert client.get(f"desk/evidence/{cited.key}/").status_code == 404
    assert client.put(f"desk/evidence/{cited.key}/", {}, If_Match=f'"{cited.version}"').status_code == 404
    assert client.delete(f"desk/evidence/{cited.key}/", If_Match=f'"{cited.version}"').status_code == 404
    answer = client.post(f"desk/spans/{desk.span}/evidence/", {"kind": "article", "article": article})
    assert answer.status_code in {400, 404}
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "web"},
        {"kind": "rumour", "title": "x"},
        NEW | {"url": "javascript:alert(1)"},
        NEW | {"url": "//x"},
        NEW | {"stance": "maybe"},
        NEW | {"published_on": "yesterday"},
        NEW | {"tier": "secret"},
    ],
)
def test_what_names_no_source_is_refused(desk, body):
    assert api(desk.ana).post(f"desk/spans/{desk.span}/evidence/", body).status_code == 400
    assert not Source.objects.exists()


def test_a_citation_is_changed_and_taken_away_by_its_version(desk):
    cited = cite(desk.collection, desk.ana, desk.span)
    client, path, base = api(desk.ana), f"desk/evidence/{cited.key}/", etag_of(cited)
    assert client.put(path, {"stance": "background"}).status_code == 428
    changed = client.put(path, {"stance": "background", "title": "Tables, revised"}, If_Match=base)
    assert (changed.json()["stance"], changed.json()["source"]["title"]) == ("background", "Tables, revised")
    late = client.delete(path, If_Match=base)
    assert (late.status_code, late.json()["current"]["stance"]) == (412, "background")
    assert client.delete(path, If_Match=changed["ETag"]).status_code == 204
    assert client.get(path).status_code == 404


def test_another_reviewer_s_citation_is_theirs(desk):
    cited = cite(desk.collection, desk.ana, desk.span)
    path, base = f"desk/evidence/{cited.key}/", etag_of(cited)
    assert api(desk.ben).put(path, {}, If_Match=base).status_code == 403
    assert api(desk.ben).delete(path, If_Match=base).status_code == 403
    assert api(desk.owner).delete(path, If_Match=base).status_code == 204


@pytest.mark.parametrize(("kind", "leaves"), [("web", 1), ("person", 0), ("document", 0), ("calculation", 1)])
def test_only_public_sources_leave(desk, kind, leaves):
    cited = cite(desk.collection, desk.ana, desk.span, kind=kind, title="An insider")
    tag(desk.collection, desk.ben, desk.span)
    row = api(desk.owner).get(f"desk/spans/{desk.span}/").json()
    assert (len(row["evidence"]), row["status"]) == (leaves, "agreed")
    for path in ("desk/spans/", "desk/export/", "desk/changes/"):
        answer = api(desk.vera).get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert (b"An insider" in body) is bool(leaves)
    assert api(desk.vera).get(f"desk/evidence/{cited.key}/").status_code == (200 if leaves else 404)


@pytest.fixture
def shared(desk):
    """ana cited the source first, ben cites it too."""
    first = cite(desk.collection, desk.ana, desk.span)
    source = Source.objects.get().pk
    other = mark(desk.collection, desk.ana, desk.article, "2023")
    second = add_evidence(desk.collection, author=desk.ben, span_id=other, source=source)
    return {"ana": first, "ben": second}


def test_an_etag_covers_the_source_as_well(desk, shared):
    ana, owner = api(desk.ana), api(desk.owner)
    path = f"desk/evidence/{shared['ana'].key}/"
    base = ana.get(path)["ETag"]
    assert base == etag_of(shared["ana"])
    theirs = owner.put(
        f"desk/evidence/{shared['ben'].key}/", {"title": "Theirs"}, If_Match=etag_of(shared["ben"])
    )
    assert theirs.status_code == 200
    for stale in (base, f'"{shared["ana"].version}"'):
        refused = ana.put(path, {"title": "Mine"}, If_Match=stale)
        assert (refused.status_code, refused.json()["current"]["source"]["title"]) == (412, "Theirs")
        assert ana.delete(path, If_Match=stale).status_code == 412
    assert SourceDetails.objects.current().get().title == "Theirs"
    assert ana.put(path, {"title": "Mine"}, If_Match=refused["ETag"]).status_code == 200


def test_what_a_source_is_says_who_cited_it_first(desk, shared):
    ben, path = api(desk.ben), f"desk/evidence/{shared['ben'].key}/"
    refused = ben.put(path, {"title": "Gossip"}, If_Match=etag_of(shared["ben"]))
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert "add a source of your own" in refused.json()["detail"]
    same = {"title": "Bureau tables", "stance": "background", "locator": "table 4"}
    assert ben.put(path, same, If_Match=etag_of(shared["ben"])).json()["locator"] == "table 4"
    ana = api(desk.ana).put(
        f"desk/evidence/{shared['ana'].key}/", {"title": "Tables"}, If_Match=etag_of(shared["ana"])
    )
    assert ana.json()["source"]["title"] == "Tables"


def test_a_source_keeps_a_name(desk):
    cited = cite(desk.collection, desk.ana, desk.span)
    client, path = api(desk.ana), f"desk/evidence/{cited.key}/"
    blank = client.put(path, {"title": "", "url": "", "note": " "}, If_Match=etag_of(cited))
    assert (blank.status_code, blank.json()["errors"][0]["field"]) == (400, "title")
    assert client.get(path).json()["source"]["title"] == "Bureau tables"
    assert client.put(path, {"title": ""}, If_Match=etag_of(cited)).status_code == 200


def test_an_article_cited_is_of_this_collection(desk):  # T3
    client, path = api(desk.ana), f"desk/spans/{desk.span}/evidence/"
    foreign = article_in(desk.other, desk.stranger, "Foreign.\n")
    for article, status in ((foreign, 404), (987_654, 404), (desk.article, 201)):
        assert client.post(path, {"kind": "article", "article": article}).status_code == status
    assert client.post(path, {"kind": "article"}).status_code == 400
