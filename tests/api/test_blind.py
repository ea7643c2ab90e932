"""Blind collections: of a claim that I have not judged I see its place, and nothing that others did."""

import pytest

from annotations import access, access_head
from annotations.models import ClaimState
from annotations.services.claims import set_checkable
from annotations.services.rulings import rule
from tests.api.cast import api, cite, mark, tag


def rows(client, path="sealed/export/"):
    answer = client.get(path)
    return (
        answer.json()["results"]
        if not answer.streaming
        else __import__("json").loads(b"".join(answer.streaming_content))
    )


@pytest.fixture
def judged(blind):
    """ben has an opinion and a source, owner has decided; ana knows nothing of it."""
    tag(blind.collection, blind.ben, blind.span, "disputed", why="ben's reason")
    cite(blind.collection, blind.ben, blind.span, title="ben's source")
    rule(
        blind.collection,
        author=blind.owner,
        span_id=blind.span,
        verdict="disputed",
        rationale="owner's",
        base=None,
    )
    return blind


PATHS = ("sealed/spans/", "sealed/export/", "sealed/changes/", "sealed/spans/{span}/")


@pytest.fixture
def known(judged):
    """The same, and ana has done something since: the head that she knows of is behind what is hidden from her."""
    mark(judged.collection, judged.ana, judged.article, "2023")
    return judged


def test_why_it_cannot_be_checked_is_told_with_that_it_cannot(blind):
    """Who has not judged the claim reads neither, also who said so: to them the claim is to be checked."""
    said = {"not_checkable": True, "reason": "ben's opinion"}
    set_checkable(blind.collection, author=blind.ben, target=blind.span, **said)
    seen = {
        who: [(row["status"], row["reason"]) for row in rows(api(person))]
        for who, person in (("ana", blind.ana), ("ben", blind.ben), ("owner", blind.owner))
    }
    hidden, told = [("to_check", "")], [("not_checkable", "ben's opinion")]
    assert seen == {"ana": hidden, "ben": hidden, "owner": told}
    assert rows(api(blind.vera)) == []
    tag(blind.collection, blind.ana, blind.span)
    assert [(row["status"], row["reason"]) for row in rows(api(blind.ana))] == told
    rule(
        blind.collection,
        author=blind.owner,
        span_id=blind.span,
        verdict="disputed",
        rationale="It can.",
        base=None,
    )
    assert [(row["status"], row["reason"]) for row in rows(api(blind.owner))] == [("ruled", "")]


def whole(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("form", ["json", "csv", "w3c"])
def test_what_i_say_meanwhile_opens_nothing_in_a_file_that_is_begun(known, form):
    """One ETag, the same bytes."""
    ana, path = api(known.ana), f"sealed/export/?format={form}"
    before = ana.get(path)
    bytes_before = whole(before)
    begun = ana.get(path)
    tag(known.collection, known.ana, known.span)
    assert begun["ETag"] == before["ETag"]
    assert whole(begun) == bytes_before
    assert b"ben's" in whole(ana.get(path))


@pytest.mark.parametrize("path", PATHS)
def test_nor_in_an_answer_of_several_statements(known, monkeypatch, path):
    ana, path = api(known.ana), path.format(span=known.span)
    before, opened = whole(ana.get(path)), access.opened

    def and_meanwhile(seat, span_ids):
        monkeypatch.undo()
        tag(known.collection, known.ana, known.span)
        return opened(seat, span_ids)

    monkeypatch.setattr(access, "opened", and_meanwhile)
    assert whole(ana.get(path)) == before
    assert b"ben's" in whole(ana.get(path))


def test_nor_where_one_s_verdict_is_what_is_counted(known, monkeypatch):
    ana, path = api(known.ana), "sealed/export/count/?status=ruled"
    head = access_head.known_head

    def known_before_it(seat):
        number = head(seat)
        tag(known.collection, known.ana, known.span)
        return number

    monkeypatch.setattr(access_head, "known_head", known_before_it)
    assert ana.get(path).json()["count"] == 0
    monkeypatch.undo()
    assert ana.get(path).json()["count"] == 1


def test_what_others_did_shows_nowhere(judged):
    ana = api(judged.ana)
    for path in PATHS:
        answer = ana.get(path.format(span=judged.span))
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        for word in (b"ben's", b"owner's", b"ruled", b"disputed"):
            assert word not in body, path


def test_a_hidden_claim_is_one_to_check_of_the_revision_that_marked_it(judged):
    row = api(judged.ana).get(f"sealed/spans/{judged.span}/").json()
    assert (row["status"], row["verdict"], row["ruling"]) == ("to_check", None, None)
    assert (row["reviews"], row["evidence"], row["quote"]) == ([], [], "40 percent")
    assert row["revision"] < judged.collection.head - 2


def test_filters_and_etags_tell_nothing_either(judged):
    ana, owner = api(judged.ana), api(judged.owner)
    assert len(ana.get("sealed/spans/?status=to_check").json()["results"]) == 1
    assert ana.get("sealed/spans/?status=ruled").json()["results"] == []
    assert ana.get("sealed/spans/?verdict=disputed").json()["results"] == []
    assert len(owner.get("sealed/spans/?status=ruled").json()["results"]) == 1
    tags = {who.get("sealed/spans/")["ETag"] for who in (ana, owner, api(judged.ben))}
    assert len(tags) == 3


def test_my_own_shows(judged):
    cite(judged.collection, judged.ana, judged.span, title="ana's source")
    row = api(judged.ana).get(f"sealed/spans/{judged.span}/").json()
    assert [each["source"]["title"] for each in row["evidence"]] == ["ana's source"]
    assert row["status"] == "to_check"


def test_my_own_source_is_another_answer(judged):
    ana, path = api(judged.ana), f"sealed/spans/{judged.span}/"
    before = ana.get(path)["ETag"]
    cite(judged.collection, judged.ben, judged.span)
    assert ana.get(path)["ETag"] == before
    cite(judged.collection, judged.ana, judged.span)
    assert ana.get(path)["ETag"] != before


def test_my_verdict_reveals_all_and_counts_as_a_change(judged):
    ana = api(judged.ana)
    before = ana.get("sealed/changes/").json()
    made = ana.put(f"sealed/spans/{judged.span}/annotation/", {"verdict": "verified"}, If_None_Match="*")
    row = ana.get(f"sealed/spans/{judged.span}/").json()
    assert (row["status"], len(row["reviews"]), row["ruling"]["rationale"]) == ("ruled", 2, "owner's")
    changes = ana.get(f"sealed/changes/?after={before['head']}&epoch={before['epoch']}").json()
    assert [(each["op"], each["id"], each["object"]) for each in changes["results"]] == [
        ("upsert", judged.span, row)
    ]
    ana.delete(f"sealed/spans/{judged.span}/annotation/", If_Match=made["ETag"])
    assert ana.get(f"sealed/spans/{judged.span}/").json()["status"] == "ruled"


def test_the_feed_skips_what_others_do_to_a_hidden_claim(blind):
    ana = api(blind.ana)
    start = ana.get("sealed/changes/").json()
    tag(blind.collection, blind.ben, blind.span, "disputed")
    set_checkable(blind.collection, author=blind.ben, target=blind.span, not_checkable=True, reason="opinion")
    other = mark(blind.collection, blind.ben, blind.article, "2023")
    changes = ana.get(f"sealed/changes/?after={start['head']}").json()
    assert [(each["op"], each["id"]) for each in changes["results"]] == [("upsert", other)]
    assert changes["results"][0]["object"]["status"] == "to_check"
    whole = ana.get("sealed/changes/").json()["results"]
    assert [
        (each["type"], each["seq"]) for each in whole if each["id"] == blind.span and each["type"] == "claim"
    ] == [("claim", start["head"])]


def test_the_feed_tells_me_of_my_own_sources(judged):
    from annotations.services.evidence import Citation, edit_evidence, remove_evidence

    ana = api(judged.ana)
    feed = [ana.get("sealed/changes/").json()]

    def news():
        feed.append(ana.get(f"sealed/changes/?after={feed[-1]['head']}").json())
        return [(each["op"], each["id"], len(each["object"]["evidence"])) for each in feed[-1]["results"]]

    cited = cite(judged.collection, judged.ana, judged.span)
    assert news() == [("upsert", judged.span, 1)]
    edited = edit_evidence(
        judged.collection,
        author=judged.ana,
        evidence_key=cited.key,
        base=cited.version,
        citation=Citation("background"),
    )
    assert news() == [("upsert", judged.span, 1)]
    remove_evidence(judged.collection, author=judged.ana, evidence_key=cited.key, base=edited.version)
    assert news() == [("upsert", judged.span, 0)]
    cite(judged.collection, judged.ben, judged.span)
    assert news() == []
    whole = ana.get("sealed/changes/").json()["results"]
    assert [each["type"] for each in whole] == ["article", "claim"]


def test_a_version_of_a_hidden_claim_is_the_one_shown(judged):
    ana = api(judged.ana)
    shown = ana.get(f"sealed/spans/{judged.span}/")["ETag"]
    refused = ana.delete(f"sealed/spans/{judged.span}/", If_Match=shown)
    assert (refused.status_code, refused.json()["depends"]) == (409, [])
    assert (
        ana.delete(f"sealed/spans/{judged.span}/", If_Match=f'"{judged.collection.head}"').status_code == 412
    )


def test_others_sources_are_not_to_be_found(judged):
    from annotations.models import Evidence

    cited = Evidence.objects.current().get()
    ana = api(judged.ana)
    assert ana.get(f"sealed/evidence/{cited.key}/").status_code == 404
    assert ana.get(f"sealed/spans/{judged.span}/ruling/").status_code == 404
    answer = ana.post(f"sealed/spans/{judged.span}/evidence/", {"source": cited.source_id})
    assert answer.status_code == 404


def test_editors_see_and_do_not_review(judged):
    owner = api(judged.owner)
    assert owner.get(f"sealed/spans/{judged.span}/").json()["status"] == "ruled"
    answer = owner.put(f"sealed/spans/{judged.span}/annotation/", {"verdict": "verified"}, If_None_Match="*")
    assert answer.status_code == 403


def test_a_verdict_of_mine_makes_another_answer_of_an_old_revision(judged):
    ana = api(judged.ana)
    path = f"sealed/export/?at={ana.get('sealed/').json()['head']}"
    before = ana.get(path)["ETag"]
    tag(judged.collection, judged.ana, judged.span)
    assert ana.get(path)["ETag"] != before


def test_an_earlier_revision_hides_as_much(judged):
    at, ana = judged.collection.head, api(judged.ana)
    known = ana.get("sealed/").json()["head"]
    assert [row["status"] for row in rows(ana, f"sealed/export/?at={known}")] == ["to_check"]
    assert ana.get(f"sealed/export/?at={at}").status_code == 404
    tag(judged.collection, judged.ana, judged.span)
    assert [row["status"] for row in rows(api(judged.ana), f"sealed/export/?at={at}")] == ["ruled"]


@pytest.fixture
def unfit(blind):
    """ben said that the claim cannot be checked; ana does not see it."""
    set_checkable(blind.collection, author=blind.ben, target=blind.span, not_checkable=True, reason="opinion")
    return blind


@pytest.mark.parametrize("body", [{"not_checkable": False}, {"not_checkable": True, "reason": "forecast"}])
def test_what_somebody_said_unseen_stands(unfit, body):
    ana, path = api(unfit.ana), f"sealed/spans/{unfit.span}/"
    before = ana.get(path)
    answer = ana.patch(path, body, If_Match=before["ETag"])
    assert (answer.status_code, answer["ETag"], answer.json()) == (200, before["ETag"], before.json())
    assert ClaimState.objects.current().get(span=unfit.span).reason == "opinion"
    tag(unfit.collection, unfit.ana, unfit.span)
    seen = ana.patch(path, body, If_Match=ana.get(path)["ETag"])
    assert seen.status_code == 200
    assert ClaimState.objects.current().get(span=unfit.span).reason == body.get("reason", "")


def test_my_own_word_on_a_hidden_claim_i_take_back(blind):
    ana, path = api(blind.ana), f"sealed/spans/{blind.span}/"
    base = ana.get(path)["ETag"]
    for body, reason in (
        ({"not_checkable": True, "reason": "a"}, "a"),
        ({"not_checkable": True, "reason": "b"}, "b"),
        ({"not_checkable": False}, ""),
    ):
        assert ana.patch(path, body, If_Match=base).status_code == 200
        assert ClaimState.objects.current().get(span=blind.span).reason == reason


def test_a_retry_is_one_though_the_claim_shows_since(blind):
    ana, path = api(blind.ana), f"sealed/spans/{blind.span}/"
    asked = {"If_Match": ana.get(path)["ETag"], "Idempotency_Key": "once"}
    body = {"not_checkable": True, "reason": "opinion"}
    assert ana.patch(path, body, **asked).status_code == 200
    tag(blind.collection, blind.ana, blind.span)
    before = blind.collection.head
    retry = ana.patch(path, body, **asked)
    assert (retry.status_code, ana.get("sealed/").json()["head"]) == (200, before)


def test_the_head_is_that_of_what_i_see(judged):
    """Asked for again and again, the true one would tell that somebody judges what I have not judged."""
    ana, owner = api(judged.ana), api(judged.owner)
    marked = ana.get(f"sealed/spans/{judged.span}/").json()["revision"]
    assert owner.get("sealed/").json()["head"] == judged.collection.head > marked
    assert ana.get("sealed/").json()["head"] == ana.get("").json()["results"][0]["head"] == marked
    assert ana.get("sealed/changes/").json()["head"] == marked
    assert f"sealed-{marked}.json" in ana.get("sealed/export/")["Content-Disposition"]
    assert ana.get(f"sealed/export/?at={marked + 1}").status_code == 404
    assert ana.get(f"sealed/changes/?after={marked + 1}").status_code == 410


def test_a_list_that_i_have_is_the_same_though_others_work(judged):
    ana = api(judged.ana)
    have = {path: ana.get(path)["ETag"] for path in ("sealed/spans/", "sealed/export/", "sealed/changes/")}
    cite(judged.collection, judged.ben, judged.span, title="another")
    assert [ana.get(path, If_None_Match=tag).status_code for path, tag in have.items()] == [304] * 3
    mark(judged.collection, judged.ben, judged.article, "2023")
    assert [ana.get(path, If_None_Match=tag).status_code for path, tag in have.items()] == [200] * 3


def test_of_a_mark_that_is_not_mine_i_am_not_told_whether_it_can_go(blind):
    """Refused where others worked, it would tell; so it is refused until I have judged the claim."""
    mine, theirs = blind.span, mark(blind.collection, blind.ben, blind.article, "2023")
    ana = api(blind.ana)
    tags = {span: ana.get(f"sealed/spans/{span}/")["ETag"] for span in (mine, theirs)}
    assert ana.delete(f"sealed/spans/{theirs}/", If_Match=tags[theirs]).status_code == 403
    assert ana.delete(f"sealed/spans/{mine}/", If_Match=tags[mine]).status_code == 204
