from tests.api.cast import TEXT, api, cite, mark, tag


def test_a_reviewer_marks_a_claim(desk):
    start = TEXT.index("2023")
    body = {"article": desk.article, "start": start, "end": start + 4, "quote": "2023"}
    answer = api(desk.ana).post("desk/spans/", body)
    assert answer.status_code == 201
    row = answer.json()
    assert (row["start"], row["end"]) == (start, start + 4)
    assert (row["start_utf16"], row["end_utf16"]) == (start + 1, start + 5)
    assert row["status"] == "to_check"
    assert answer["ETag"].startswith(f'"{row["revision"]}.')
    assert answer["Location"].endswith(f"/api/v1/collections/desk/spans/{row['id']}/")


def test_the_same_place_again_is_the_same_claim(desk):
    start = TEXT.index("40 percent")
    body = {"article": desk.article, "start": start, "end": start + 10, "quote": "40 percent"}
    answer = api(desk.ben).post("desk/spans/", body)
    assert (answer.status_code, answer.json()["id"]) == (200, desk.span)


def test_a_quote_that_is_not_there_is_a_conflict_that_says_what_is(desk):
    body = {"article": desk.article, "start": 0, "end": 5, "quote": "Chops"}
    answer = api(desk.ana).post("desk/spans/", body)
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["found"]) == ("quote-mismatch", "Chips")


def test_the_row_has_the_contract_s_columns(desk):
    tag(desk.collection, desk.ana, desk.span)
    cite(desk.collection, desk.ana, desk.span)
    row = api(desk.owner).get(f"desk/spans/{desk.span}/").json()
    assert (
        list(row)
        == (
            "id article start end start_utf16 end_utf16 quote prefix suffix aspect status verdict reason reviews "
            "evidence ruling revision url"
        ).split()
    )
    assert list(row["article"]) == "id title publisher published_on url sha256".split()
    assert list(row["reviews"][0]) == "reviewer verdict why problem should_read confidence at".split()
    assert list(row["evidence"][0]) == "key stance locator excerpt source".split()
    assert list(row["evidence"][0]["source"]) == (
        "id kind article title publisher url archived_url published_on is_primary".split()
    )
    assert row["status"] == "agreed"
    assert row["reviews"][0]["reviewer"].startswith("reviewer-")


def test_lists_go_by_pages_in_both_directions(desk):
    ids = [desk.span, *(mark(desk.collection, desk.ana, desk.article, word) for word in ("Output", "2023"))]
    client = api(desk.ana)
    first = client.get("desk/spans/?limit=2").json()
    assert [row["id"] for row in first["results"]] == ids[:2]
    assert first["previous"] is None
    second = client.get(first["next"]).json()
    assert ([row["id"] for row in second["results"]], second["next"]) == (ids[2:], None)
    back = client.get(second["previous"]).json()
    assert [row["id"] for row in back["results"]] == ids[:2]
    assert back["previous"] is None


def test_a_page_has_at_most_a_thousand(desk, monkeypatch):
    monkeypatch.setattr("annotations.api.paging.MOST", 2)
    for word in ("Output", "rose", "2023"):
        mark(desk.collection, desk.ana, desk.article, word)
    page = api(desk.ana).get("desk/spans/?limit=5000").json()
    assert (len(page["results"]), page["next"] is None) == (2, False)


def test_not_checkable_and_back(desk):
    client = api(desk.ana)
    tag_now = client.get(f"desk/spans/{desk.span}/")["ETag"]
    said = client.patch(
        f"desk/spans/{desk.span}/", {"not_checkable": True, "reason": "opinion"}, If_Match=tag_now
    )
    assert (said.status_code, said.json()["status"]) == (200, "not_checkable")
    late = client.patch(f"desk/spans/{desk.span}/", {"not_checkable": False}, If_Match=tag_now)
    assert late.status_code == 412
    assert late.json()["current"]["status"] == "not_checkable"
    back = client.patch(f"desk/spans/{desk.span}/", {"not_checkable": False}, If_Match=late["ETag"])
    assert back.json()["status"] == "to_check"
    again = client.patch(f"desk/spans/{desk.span}/", {"not_checkable": False}, If_Match=back["ETag"])
    assert again["ETag"] == back["ETag"]


def test_unmarking_wants_its_base_and_spares_others_work(desk):
    client = api(desk.ana)
    assert client.delete(f"desk/spans/{desk.span}/").status_code == 428
    tag(desk.collection, desk.ben, desk.span)
    now = client.get(f"desk/spans/{desk.span}/")["ETag"]
    refused = client.delete(f"desk/spans/{desk.span}/", If_Match=now)
    assert (refused.status_code, refused.json()["code"]) == (409, "others-work")
    mine = mark(desk.collection, desk.ana, desk.article, "Output")
    gone = client.delete(f"desk/spans/{mine}/", If_Match=client.get(f"desk/spans/{mine}/")["ETag"])
    assert gone.status_code == 204
    assert client.get(f"desk/spans/{mine}/").status_code == 404


def test_white_space_is_no_claim(desk):
    start = TEXT.index("\n")
    body = {"article": desk.article, "start": start, "end": start + 1, "quote": "\n"}
    answer = api(desk.ana).post("desk/spans/", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "start")


def test_two_answers_have_two_etags_and_one_claim(desk):
    client, path = api(desk.ana), f"desk/spans/{desk.span}/"
    first, article = client.get(path), f"desk/articles/{desk.article}/"
    owner = api(desk.owner)
    owner.patch(article, {"title": "Corrected"}, If_Match=owner.get(article)["ETag"])
    second = client.get(path)
    assert second.json() == first.json() | {"article": first.json()["article"] | {"title": "Corrected"}}
    assert second["ETag"] != first["ETag"]
    assert client.get(path)["ETag"] == second["ETag"]
    for base in (first["ETag"], f'"{first.json()["revision"]}"'):
        body = {"not_checkable": False}
        assert client.patch(path, body, If_Match=base).status_code == 200
