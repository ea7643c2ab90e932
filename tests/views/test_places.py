"""Moving, merging and splitting claims, and the aspects of one place, without a browser."""

import pytest

from annotations import access, access_undo
from annotations.models import (
    Annotation,
    ClaimLink,
    ClaimState,
    Collection,
    CollectionSettings,
    Revision,
    Span,
)
from annotations.services.claims import Opinion, mark, tag
from annotations.services.places import move_claim
from annotations.services.rulings import rule
from annotations.services.settings import change_settings

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
LINE = "There are 31 bridges in the harbour, the mayor said."


@pytest.fixture
def claim(desk, ana, place) -> int:
    """Ana disputes "31 bridges"."""
    return tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id


@pytest.fixture
def at(article):
    return f"/c/desk/articles/{article.pk}/"


def base(span_id: int) -> int:
    return ClaimState.objects.current().get(span=span_id).created_in


def moved(desk, editor, span_id, there) -> int:
    return move_claim(desk, author=editor, span_id=span_id, place=there, base=base(span_id)).span_id


def blind(desk, editor) -> None:
    live = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=editor, base=live, changes={"blind": True})


def test_a_move_answers_with_both_places_and_is_sent_again(signed_in, ana, at, claim):
    client, path = signed_in(ana), f"{at}claims/{claim}/move/"
    form = {"words": "31 bridges in the harbour", "base": base(claim), "key": "k"}
    first = client.post(path, form, **HTMX).content.decode()
    there = ClaimState.objects.current().get().span_id
    assert f'id="c{claim}"' in first
    assert "data-gone" in first
    assert f'id="card" class="claim-card d" aria-label="Claim {there}"' in first
    again = client.post(path, form, **HTMX)
    assert again.status_code == 200
    assert f'id="c{there}"' in again.content.decode()
    assert Revision.objects.filter(action="move").count() == 1


def test_a_move_without_scripts(signed_in, ana, at, claim):
    client = signed_in(ana)
    page = client.get(f"{at}claims/{claim}/move/").content.decode()
    assert "csrfmiddlewaretoken" in page
    assert "31 bridges</textarea>" in page
    answer = client.post(f"{at}claims/{claim}/move/", {"words": "in the harbour", "base": base(claim)})
    there = ClaimState.objects.current().get().span
    assert there.quote == "in the harbour"
    assert answer["Location"] == f"{at}?claim={there.pk}#r{there.pk}"


@pytest.mark.parametrize(
    "form",
    [
        {"words": "Here are 31"},
        {"words": ""},
        {"places": "[1]"},
        {"places": "no list"},
        {"places": '[{"start": 1, "end": 99999999999999999999, "quote": "x"}]'},
        {"places": '[{"start": 28, "end": 38, "quote": "30 bridges"}]'},
        {"words": "harbour", "base": "x"},
    ],
)
def test_nonsense_is_refused_with_what_to_do(signed_in, ana, at, claim, form):
    head = Collection.objects.get().head
    answer = signed_in(ana).post(f"{at}claims/{claim}/move/", {"base": base(claim), **form}, **HTMX)
    assert answer.status_code in {409, 422}
    assert "toast trouble" in answer.content.decode()
    assert Collection.objects.get().head == head


def test_what_others_worked_on_is_an_editors_to_move(signed_in, ben, edith, at, claim):
    form = {"words": "31", "base": base(claim)}
    assert signed_in(ben).post(f"{at}claims/{claim}/move/", form, **HTMX).status_code == 403
    assert 'data-do="move"' not in signed_in(ben).get(f"{at}?claim={claim}").content.decode()
    assert signed_in(edith).post(f"{at}claims/{claim}/move/", form, **HTMX).status_code == 200


def test_a_claim_that_changed_since_shows_both(signed_in, desk, ben, edith, at, claim):
    seen = base(claim)
    tag(desk, author=ben, target=claim, opinion=Opinion("verified"), base=None)
    client, path = signed_in(edith), f"{at}claims/{claim}/move/"
    answer = client.post(path, {"words": "31", "base": seen}, **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Ben gave an opinion less than a minute ago." in html
    assert f'name="base" value="{base(claim)}"' in html
    assert 'name="words" value="31"' in html


def test_a_taken_place(signed_in, desk, ana, edith, at, claim, place):
    other = mark(desk, author=ana, place=place(LINE)).span_id
    form = {"words": LINE, "base": base(claim)}
    refused = signed_in(ana).post(f"{at}claims/{claim}/move/", form, **HTMX)
    assert refused.status_code == 409
    assert "Ask an editor to merge" in refused.content.decode()
    offered = signed_in(edith).post(f"{at}claims/{claim}/move/", form, **HTMX).content.decode()
    assert f"Merge claim {claim} into claim {other}?" in offered


def test_old_addresses_lead_to_where_it_is_now(signed_in, desk, ana, edith, at, claim, place):
    there = moved(desk, edith, claim, place(LINE))
    client = signed_in(ana)
    page = client.get(f"/c/desk/claims/{claim}/", follow=True).content.decode()
    assert f"Claim {claim} has moved: it is claim {there} now." in page
    card = client.get(f"{at}card/?claim={claim}", **HTMX).content.decode()
    assert f'data-n="{there}"' in card
    assert "has moved" in card
    answer = client.get(f"/api/v1/collections/desk/spans/{claim}/")
    assert answer.status_code == 302
    assert client.get(answer["Location"]).json()["id"] == there


def test_viewers_are_led_only_to_what_is_settled(signed_in, desk, ana, edith, vera, at, place):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    there = moved(desk, edith, span, place(LINE))
    client = signed_in(vera)
    assert client.get(f"/c/desk/claims/{span}/").status_code == 404
    assert client.get(f"/api/v1/collections/desk/spans/{span}/").status_code == 404
    assert str(there) not in client.get(f"{at}card/?claim={span}", **HTMX).content.decode()
    rule(desk, author=edith, span_id=there, verdict="verified", rationale="So.", base=None)
    assert client.get(f"/c/desk/claims/{span}/")["Location"] == f"/c/desk/claims/{there}/"


def test_merging_says_who_spoke_on_both_and_names_both_bases(
    signed_in, desk, ana, ben, edith, at, claim, place
):
    other = tag(desk, author=ana, target=place(LINE), opinion=Opinion("verified"), base=None).span_id
    tag(desk, author=ben, target=other, opinion=Opinion("verified"), base=None)
    client, path = signed_in(edith), f"{at}claims/{claim}/merge/"
    listed = client.get(path, **HTMX).content.decode()
    assert f"?with={other}" in listed
    shown = client.get(f"{path}?with={other}", **HTMX).content.decode()
    assert f"Ana spoke on both: what they said of claim {claim} stays" in shown
    form = {"base": base(claim), "away": other, "away_base": base(other), "key": "k"}
    assert client.post(path, {**form, "key": "j", "away_base": 1}, **HTMX).status_code == 409
    assert client.post(path, form, **HTMX).status_code == 200
    assert client.post(path, form, **HTMX).status_code == 200
    said = Annotation.objects.current().filter(span=claim).values_list("reviewer__username", "verdict")
    assert set(said) == {("ana", "disputed"), ("ben", "verified")}
    assert Revision.objects.filter(action="merge").count() == 1


def test_a_stale_merge_is_kept_with_the_base_of_the_claim_that_changed(
    signed_in, desk, ana, ben, edith, at, claim, place
):
    other = mark(desk, author=ana, place=place(LINE)).span_id
    form = {"base": base(claim), "away": other, "away_base": base(other)}
    tag(desk, author=ben, target=other, opinion=Opinion("verified"), base=None)
    html = signed_in(edith).post(f"{at}claims/{claim}/merge/", form, **HTMX).content.decode()
    assert f'name="away_base" value="{base(other)}"' in html
    assert f'name="base" value="{base(claim)}"' in html


@pytest.mark.parametrize("other", ["", "x", "999999", "self"])
def test_merging_wants_another_claim(signed_in, edith, at, claim, other):
    other = claim if other == "self" else other
    answer = signed_in(edith).get(f"{at}claims/{claim}/merge/?with={other}", **HTMX)
    assert answer.status_code == (200 if other == "" else 404 if other == "999999" else 422)


def test_a_split_shows_on_the_whole_by_one_query(signed_in, desk, ana, at, place, django_assert_num_queries):
    whole = mark(desk, author=ana, place=place(LINE)).span_id
    client = signed_in(ana)
    form = {"words": "31 bridges\nthe mayor said", "base": base(whole), "key": "k"}
    assert client.post(f"{at}claims/{whole}/split/", form, **HTMX).status_code == 200
    assert client.post(f"{at}claims/{whole}/split/", form, **HTMX).status_code == 200
    parts = list(ClaimLink.objects.current().values_list("other", flat=True))
    assert len(parts) == 2
    tag(desk, author=ana, target=parts[0], opinion=Opinion("disputed"), base=None)
    page = client.get(at).content.decode()
    assert "in parts: 1 disputed, 1 to check" in page
    card = client.get(f"{at}card/?claim={parts[0]}", **HTMX).content.decode()
    assert "A part of" in card


def test_parts_tell_blind_reviewers_nothing(signed_in, desk, ana, ben, edith, at, place):
    whole = mark(desk, author=ana, place=place(LINE)).span_id
    form = {"words": "31 bridges\nthe mayor said", "base": base(whole)}
    signed_in(ana).post(f"{at}claims/{whole}/split/", form)
    part = Span.objects.get(quote="31 bridges").pk
    tag(desk, author=ana, target=part, opinion=Opinion("disputed"), base=None)
    blind(desk, edith)
    client = signed_in(ben)
    assert "in parts: 2 to check" in client.get(at).content.decode()
    card = client.get(f"{at}card/?claim={whole}", **HTMX).content.decode()
    assert "In parts: 2 to check" in card
    assert "to d" not in card


@pytest.mark.parametrize("door", ["move", "split"])
def test_blind_reviewers_give_their_verdict_before_they_move_or_split(
    signed_in, desk, ben, edith, at, claim, door
):
    blind(desk, edith)
    form = {"words": "31\nbridges" if door == "split" else "31", "base": base(claim)}
    answer = signed_in(ben).post(f"{at}claims/{claim}/{door}/", form, **HTMX)
    assert answer.status_code == 403
    assert "Give your verdict" in answer.content.decode()
    assert f'data-do="{door}"' not in signed_in(ben).get(f"{at}?claim={claim}").content.decode()


def test_reviewers_undo_their_own_moves_and_splits_not_an_editors_merge(desk, ana, edith, claim, place):
    move_claim(desk, author=ana, span_id=claim, place=place("31"), base=base(claim))
    number = Revision.objects.latest("number").number
    assert access_undo.undoable(access.seat(ana, "desk"), number).action == "move"


def test_aspects_are_rows_of_one_card(signed_in, desk, ana, at, claim, place):
    said = tag(
        desk, author=ana, target=place("31 bridges", "said"), opinion=Opinion("verified"), base=None
    ).span_id
    client = signed_in(ana)
    page = client.get(at).content.decode()
    assert '<span class="h mix">31 bridges</span>' in page
    assert page.count('class="ref ') == 1
    here = client.get(f"{at}card/?start=30&end=30", **HTMX).content.decode()
    assert f'data-n="{claim}"' in here
    assert here.count('<li class="aspect ') == 3
    other = client.get(f"{at}card/?start=28&end=38&aspect=said", **HTMX).content.decode()
    assert f'data-n="{said}"' in other
    nobody = client.get(f"{at}card/?start=28&end=38&aspect=wording", **HTMX).content.decode()
    assert 'data-aspect="wording"' in nobody
    assert Span.objects.count() == 2


def test_aspects_tell_blind_reviewers_nothing(signed_in, desk, ana, ben, edith, at, claim, place):
    tag(desk, author=ana, target=place("31 bridges", "said"), opinion=Opinion("verified"), base=None)
    blind(desk, edith)
    card = signed_in(ben).get(f"{at}card/?claim={claim}", **HTMX).content.decode()
    assert card.count('<li class="aspect m"') == 2
    assert "Verified</span>" not in card


def test_words_that_do_not_exist_have_no_aspect(signed_in, ana, at):
    assert signed_in(ana).get(f"{at}card/?start=5&end=99999&aspect=said", **HTMX).status_code == 404
