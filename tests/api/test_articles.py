import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from annotations.models import Article, Revision
from tests.api.cast import TEXT, api, article_in

PASTED = "Ships sail north\n\nBy Kim Doe\n\nForty ships sailed north on Monday, the harbour office said 💩.\n"


def test_the_list_leaves_the_texts_out(desk):
    article_in(desk.collection, desk.owner, "Another text.", title="Second", publisher="The Crier")
    rows = api(desk.vera).get("desk/articles/").json()["results"]
    assert [row["title"] for row in rows] == ["Chips and claims", "Second"]
    assert "text" not in rows[0]
    found = api(desk.vera).get("desk/articles/?publisher=The+Crier&publisher=None").json()["results"]
    assert [row["title"] for row in found] == ["Second"]
    assert api(desk.vera).get("desk/articles/?language=EN").json()["results"] == rows
    assert api(desk.vera).get("desk/articles/?role=reference").json()["results"] == []


def test_one_article_has_text_and_blocks_in_both_units(desk):
    body = api(desk.vera).get(f"desk/articles/{desk.article}/").json()
    assert body["text"] == TEXT
    utf16 = body["text"].encode("utf-16-le")
    for block in body["blocks"]:
        in_units = utf16[2 * block["start_utf16"] : 2 * block["end_utf16"]].decode("utf-16-le")
        assert in_units == TEXT[block["start"] : block["end"]]


def test_a_text_that_stays_in(desk):
    from annotations.models import CollectionSettings
    from annotations.services.settings import change_settings

    live = CollectionSettings.objects.current().get(collection=desk.collection)
    change_settings(desk.collection, author=desk.owner, base=live.pk, changes={"text_exportable": False})
    path = f"desk/articles/{desk.article}/"
    for person in (desk.vera, desk.ana, desk.owner):
        body = api(person).get(path).json()
        assert (body["text"], body["blocks"]) == (None, None), "a token takes things out"
    changed = api(desk.owner).patch(path, {"byline": "Kim"}, If_Match=api(desk.owner).get(path)["ETag"])
    assert (changed.json()["byline"], changed.json()["text"]) == ("Kim", None)
    browser = Client()
    for person, text in ((desk.ana, TEXT), (desk.owner, TEXT), (desk.vera, None)):
        browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        answer = browser.get(f"/api/v1/collections/{path}")
        assert answer.json()["text"] == text, "signed in, the pages show it to who checks it"


@pytest.mark.parametrize("field", ["text", "html", "markdown"])
def test_pasted_text_comes_in(desk, field):
    body = {"html": "<h1>Ships sail north</h1><p>Forty ships sailed north on Monday, the office said.</p>"}
    made = api(desk.owner).post("desk/articles/", {field: body.get(field, PASTED), "publisher": "The Buoy"})
    assert made.status_code == 201
    article = made.json()
    assert (article["publisher"], article["title"]) == ("The Buoy", "Ships sail north")
    assert api(desk.owner).get(made["Location"]).json() == article
    assert "".join(article["text"][b["start"] : b["end"]] for b in article["blocks"]) == article[
        "text"
    ].replace("\n", "")


def test_a_file_comes_in(desk):
    client = api(desk.owner)
    file = SimpleUploadedFile("ships.txt", PASTED.encode("utf-16"), "text/plain")
    made = client.client.post(
        "/api/v1/collections/desk/articles/",
        {"file": file, "title": "Ships", "published_on": "2024-05-01"},
        headers={"Authorization": f"Token {client.token}"},
    )
    assert made.status_code == 201
    assert (made.json()["text"], made.json()["title"], made.json()["published_on"]) == (
        PASTED,
        "Ships",
        "2024-05-01",
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid"),
        ({"text": "a", "html": "b"}, "invalid"),
        ({"text": " \n"}, "empty"),
        ({"html": "<div>" * 100_000}, "too-deep"),
        ({"text": "x", "url": "javascript:alert(1)"}, "invalid"),
        ({"text": "x", "role": "admin"}, "invalid"),
    ],
)
def test_what_cannot_be_imported_is_refused(desk, body, code):
    answer = api(desk.owner).post("desk/articles/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert Article.objects.filter(collection=desk.collection).count() == 1


def test_the_same_text_twice(desk):
    answer = api(desk.owner).post("desk/articles/", {"text": TEXT})
    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["article"]) == ("duplicate-text", desk.article)


def test_details_are_corrected_by_version(desk):
    client, path = api(desk.owner), f"desk/articles/{desk.article}/"
    read = client.get(path)
    assert client.patch(path, {"title": "Better"}).status_code == 428
    changed = client.patch(path, {"title": "Better", "published_on": "2024-01-31"}, If_Match=read["ETag"])
    assert (changed.status_code, changed.json()["title"], changed.json()["published_on"]) == (
        200,
        "Better",
        "2024-01-31",
    )
    assert changed.json()["publisher"] == "The Lantern"
    late = client.patch(path, {"title": "Worse"}, If_Match=read["ETag"])
    assert (late.status_code, late.json()["current"]["title"]) == (412, "Better")
    before = Revision.objects.count()
    same = client.patch(path, {"title": "Better"}, If_Match=changed["ETag"])
    assert (same.status_code, same["ETag"], Revision.objects.count()) == (200, changed["ETag"], before)


def test_roles_of_blocks_are_corrected(desk):
    client, path = api(desk.owner), f"desk/articles/{desk.article}/"
    read = client.get(path)
    start = read.json()["blocks"][1]["start"]
    changed = client.patch(path, {"blocks": [{"start": start, "role": "furniture"}]}, If_Match=read["ETag"])
    assert [block["role"] for block in changed.json()["blocks"]] == ["headline", "furniture", "body"]
    answer = client.patch(path, {"blocks": [{"start": 1, "role": "body"}]}, If_Match=changed["ETag"])
    assert answer.status_code == 400


def test_the_text_never_changes(desk):  # T4
    client, path = api(desk.owner), f"desk/articles/{desk.article}/"
    body = {"text": "Other", "sha256": "0" * 64, "id": 7, "collection": desk.other.pk}
    changed = client.patch(path, body, If_Match=client.get(path)["ETag"])
    assert (changed.status_code, changed.json()["text"]) == (200, TEXT)


def test_a_body_too_large_is_refused(desk):
    body = json.dumps({"text": "x" * 27_000_000})
    answer = api(desk.owner).post("desk/articles/", body)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def upload(client, *texts, key="", **fields):
    files = [SimpleUploadedFile(f"{number}.txt", text.encode()) for number, text in enumerate(texts)]
    headers = {"Authorization": f"Token {client.token}"} | ({"Idempotency-Key": key} if key else {})
    return client.client.post("/api/v1/collections/desk/articles/", {"file": files} | fields, headers=headers)


def test_several_files_come_in_together(desk):
    client, texts = api(desk.owner), [f"{PASTED}Number {number}.\n" for number in range(3)]
    for _ in range(2):
        made = upload(client, *texts, key="once")
        assert made.status_code == 201
        assert [row["title"] for row in made.json()["results"]] == ["Ships sail north"] * 3
    assert Article.objects.filter(collection=desk.collection).count() == 4


def test_or_none_does(desk):
    client = api(desk.owner)
    for last, status in ((TEXT, 409), ("\x00\x01\x02" * 40, 400)):
        assert upload(client, f"{PASTED}One.", last).status_code == status
    assert Article.objects.filter(collection=desk.collection).count() == 1


def test_nor_where_two_of_them_are_alike(desk):
    client = api(desk.owner)
    answer = upload(client, "First.\n", "Second.\n", "First.\n")
    assert (answer.status_code, answer.json()["code"]) == (409, "duplicate-text")
    assert "2.txt has the same text as 0.txt" in answer.json()["detail"]
    assert Article.objects.filter(collection=desk.collection).count() == 1


@pytest.mark.parametrize(
    "field", [{"title": "T"}, {"publisher": "P"}, {"text": "Lost words."}, {"supersedes": "1"}]
)
def test_several_files_have_no_details_in_common(desk, field):
    answer = upload(api(desk.owner), "First.\n", "Second.\n", **field)
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (400, [*field])
    assert Article.objects.filter(collection=desk.collection).count() == 1


def test_several_files_are_one_change(desk):
    client, before = api(desk.owner), Revision.objects.count()
    upload(client, "First.\n", "Second.\n")
    assert Revision.objects.count() == before + 1


def test_a_key_of_several_files_is_compared_whole(desk):  # T29
    client, long = api(desk.owner), "k" * 99
    for last in "ab":
        assert upload(client, f"First {last}.", f"Second {last}.", key=long + last).status_code == 201
    assert upload(client, "First a.", "Other.", key=long + "a").json()["code"] == "key-reused"


def test_an_upload_too_large_is_not_read(desk):
    answer = upload(api(desk.owner), "x" * 6_000_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    answer = upload(api(desk.owner), "x" * 27_000_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_what_an_article_derives_from_is_of_this_collection(desk):  # T3
    client, path = api(desk.owner), f"desk/articles/{desk.article}/"
    foreign = article_in(desk.other, desk.stranger, "Foreign.\n")
    ours = article_in(desk.collection, desk.owner, "Ours.\n")
    read = client.get(path)
    for article, posted, patched in ((foreign, 404, 404), (987_654, 404, 404), (ours, 201, 200)):
        origins = [{"title": "Elsewhere", "article": None}, {"article": article}]
        made = client.post("desk/articles/", {"text": "Another.", "derived_from": origins})
        changed = client.patch(path, {"derived_from": origins}, If_Match=read["ETag"])
        assert (made.status_code, changed.status_code) == (posted, patched)
    assert [origin.get("article") for origin in changed.json()["derived_from"]] == [None, ours]
