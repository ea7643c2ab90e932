import pytest
from django.utils import timezone

from annotations.models import ClaimState, Revision
from tests.api.cast import api, person, tag

TERMS = ("should_read", "true_as_of", "check_again_on")
TODAY = timezone.localdate().isoformat()
RULING = {"verdict": "disputed", "rationale": "The tables say 31."}


def ruling(desk, **changes):
    """Of the claim as it is now."""
    now = ClaimState.objects.current().get(span=desk.span).created_in
    return RULING | {"revision": now} | changes


def test_an_editor_decides_and_decides_anew(desk):
    tag(desk.collection, desk.ana, desk.span)
    client, path = api(desk.owner), f"desk/spans/{desk.span}/ruling/"
    assert client.put(path, ruling(desk)).status_code == 428
    made = client.put(path, ruling(desk), If_None_Match="*")
    assert made.status_code == 201
    row = client.get(f"desk/spans/{desk.span}/").json()
    assert (row["status"], row["verdict"]) == ("ruled", "disputed")
    assert row["ruling"] == {
        name: made.json()[name] for name in ("verdict", "rationale", "editor", "at", *TERMS)
    }
    again = client.put(path, ruling(desk), If_None_Match="*")
    assert (again.status_code, again["ETag"]) == (412, made["ETag"])
    changed = client.put(path, ruling(desk, verdict="verified"), If_Match=made["ETag"])
    assert (changed.status_code, changed.json()["verdict"]) == (200, "verified")
    assert client.delete(path, If_Match=made["ETag"]).status_code == 412
    assert client.delete(path, If_Match=changed["ETag"]).status_code == 204
    assert client.get(path).status_code == 404


def test_a_ruling_names_the_claim_as_it_was_read(desk):
    client, path = api(desk.owner), f"desk/spans/{desk.span}/ruling/"
    read = client.get(f"desk/spans/{desk.span}/").json()["revision"]
    tag(desk.collection, desk.ana, desk.span)
    assert client.put(path, RULING, If_None_Match="*").status_code == 428
    late = client.put(path, RULING | {"revision": read}, If_None_Match="*")
    assert (late.status_code, late.json()["current"]) == (412, None)
    made = client.put(path, RULING | {"revision": late.json()["revision"]}, If_None_Match="*")
    assert made.status_code == 201


def test_a_ruling_has_terms_and_a_put_says_all_of_them(desk):
    tag(desk.collection, desk.ana, desk.span)
    client, path = api(desk.owner), f"desk/spans/{desk.span}/ruling/"
    terms = {"should_read": "30 bridges", "true_as_of": "2026-01-31", "check_again_on": "2099-05-04"}
    made = client.put(path, ruling(desk) | terms, If_None_Match="*")
    assert {name: made.json()[name] for name in TERMS} == terms
    assert client.get(f"desk/spans/{desk.span}/").json()["ruling"].items() >= terms.items()
    plain = client.put(path, ruling(desk), If_Match=made["ETag"])
    assert [plain.json()[name] for name in TERMS] == ["", None, None]


@pytest.mark.parametrize(
    "days", [{"check_again_on": "2026-02-01"}, {"true_as_of": "2099-01-01"}, {"check_again_on": TODAY}]
)
def test_days_that_the_page_refuses_are_refused_here_too(desk, days):
    tag(desk.collection, desk.ana, desk.span)
    refused = api(desk.owner).put(f"desk/spans/{desk.span}/ruling/", ruling(desk, **days), If_None_Match="*")
    assert refused.status_code == 400
    assert next(iter(days)) in refused.content.decode()


def test_who_saw_it_otherwise_stays_in_the_rows_of_a_decided_claim(desk):
    tag(desk.collection, desk.ana, desk.span, "verified")
    client = api(desk.owner)
    client.put(f"desk/spans/{desk.span}/ruling/", ruling(desk), If_None_Match="*")
    row = client.get(f"desk/spans/{desk.span}/").json()
    assert (row["verdict"], [each["verdict"] for each in row["reviews"]]) == ("disputed", ["verified"])


def test_the_same_again_is_no_change(desk):
    client, path = api(desk.owner), f"desk/spans/{desk.span}/ruling/"
    made = client.put(path, ruling(desk), If_None_Match="*")
    before = Revision.objects.count()
    same = client.put(path, ruling(desk), If_Match=made["ETag"])
    assert (same.status_code, same["ETag"], same.json()) == (200, made["ETag"], made.json())
    assert Revision.objects.count() == before


def test_who_reviewed_it_once_does_not_decide_it(desk):
    from annotations.services.claims import withdraw
    from annotations.services.settings import set_member

    version = tag(desk.collection, desk.ana, desk.span)
    withdraw(desk.collection, author=desk.ana, span_id=desk.span, base=version)
    set_member(desk.collection, desk.ana, "editor")
    answer = api(desk.ana).put(f"desk/spans/{desk.span}/ruling/", ruling(desk), If_None_Match="*")
    assert (answer.status_code, answer.json()["code"]) == (403, "ruled-by-reviewer")


def test_nor_who_undid_it_at_once(desk):
    from annotations.models import Collection
    from annotations.services.undo import undo

    tag(desk.collection, desk.ana, desk.span)
    path, client = f"desk/spans/{desk.span}/", api(desk.owner)
    assert client.put(f"{path}annotation/", {"verdict": "verified"}, If_None_Match="*").status_code == 201
    undo(desk.collection, author=desk.owner, number=Collection.objects.get(slug="desk").head)
    assert client.get(f"{path}annotation/").status_code == 404
    refused = client.put(f"{path}ruling/", ruling(desk), If_None_Match="*")
    assert (refused.status_code, refused.json()["code"]) == (403, "ruled-by-reviewer")


def test_a_ruling_has_reasons(desk):
    answer = api(desk.owner).put(
        f"desk/spans/{desk.span}/ruling/", ruling(desk, rationale=" "), If_None_Match="*"
    )
    assert answer.status_code == 400


def test_names_are_hidden_until_collection_and_person_agree(desk):
    from annotations.models import CollectionSettings
    from annotations.services.settings import change_settings

    client = api(desk.owner)
    client.put(f"desk/spans/{desk.span}/ruling/", ruling(desk), If_None_Match="*")
    tag(desk.collection, desk.ana, desk.span)
    path = f"desk/spans/{desk.span}/"
    assert "ana" not in client.get(path).content.decode()
    live = CollectionSettings.objects.current().get(collection=desk.collection)
    change_settings(desk.collection, author=desk.owner, base=live.pk, changes={"show_names": True})
    assert client.get(path).json()["reviews"][0]["reviewer"].startswith("reviewer-")
    desk.ana.show_name, desk.ana.display_name = True, "Ana Ruiz"
    desk.ana.save()
    row = client.get(path).json()
    assert row["reviews"][0]["reviewer"] == "Ana Ruiz"
    assert row["ruling"]["editor"].startswith("reviewer-")


def test_a_person_who_left_keeps_their_pseudonym(desk):
    from annotations.services.settings import end_membership

    person("someone")
    tag(desk.collection, desk.ana, desk.span)
    before = api(desk.owner).get(f"desk/spans/{desk.span}/").json()["reviews"][0]["reviewer"]
    end_membership(desk.collection, desk.ana)
    assert api(desk.owner).get(f"desk/spans/{desk.span}/").json()["reviews"][0]["reviewer"] == before
