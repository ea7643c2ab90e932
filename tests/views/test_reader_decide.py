"""An editor decides in the reader: who may, what the card offers, and what happens when it has changed."""

import re

import pytest

from annotations.models import Annotation, ClaimState, CollectionSettings, Revision, Ruling
from annotations.services.claims import Opinion, tag, withdraw
from annotations.services.rulings import rule, withdraw_ruling
from annotations.services.settings import change_settings, set_member

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def contested(desk, ana, ben, place):
    span = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id
    tag(desk, author=ben, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    return span


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def card(client, article, span):
    return client.get(f"/c/desk/articles/{article.pk}/card/?claim={span}", **HTMX).content.decode()


def form_in(html, verdict, rationale):
    form = html[html.index("/decide/") :]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form)[:2])
    return hidden | {"verdict": verdict, "rationale": rationale}


def test_an_editor_decides_changes_and_withdraws(as_, desk, edith, article, contested):
    client, path = as_(edith), f"/c/desk/articles/{article.pk}/claims/{contested}/decide/"
    answer = client.post(path, form_in(card(client, article, contested), "disputed", " It is 30. "), **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.startswith('<p class="block" id="b18"')
    assert "<b>Edith</b> decided: Disputed" in html
    assert f"Claim {contested} is decided: disputed." in html
    assert "Change decision" in html
    answer = client.post(path, form_in(html, "verified", "It is 31."), **HTMX)
    assert Ruling.objects.current().get().rationale == "It is 31."
    base = Ruling.objects.current().get().pk
    answer = client.post(f"{path}withdraw/", {"base": base}, **HTMX)
    assert "the decision is withdrawn" in answer.content.decode()
    assert ClaimState.objects.current().get().status == "contested"


def test_who_is_offered_to_decide(as_, desk, edith, ana, vera, article, contested, person):
    assert 'id="decide"' in card(as_(edith), article, contested)
    assert 'id="decide"' not in card(as_(ana), article, contested)
    set_member(desk, ana, "editor")
    html = card(as_(ana), article, contested)
    assert 'id="decide"' not in html
    assert "You reviewed this claim, so another editor decides it: Edith." in html
    assert "/decide/" not in card(as_(vera), article, contested)


def test_a_reviewer_turned_editor_is_refused(as_, desk, ana, article, contested):
    set_member(desk, ana, "editor")
    path = f"/c/desk/articles/{article.pk}/claims/{contested}/decide/"
    revision = ClaimState.objects.current().get().created_in
    form = {"base": "none", "claim_revision": revision, "verdict": "verified", "rationale": "I say so."}
    answer = as_(ana).post(path, form, **HTMX)
    assert answer.status_code == 403
    assert "another editor" in answer.content.decode()
    assert not Ruling.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rationale": " "}, "rationale"),
        ({"rationale": "x" * 10_001}, "rationale"),
        ({"rationale": "a\0b"}, "rationale"),
        ({"verdict": "true"}, "verdict"),
        ({"claim_revision": ""}, "claim_revision"),
    ],
)
def test_what_is_missing_is_said(as_, edith, article, contested, wrong, field):
    client, path = as_(edith), f"/c/desk/articles/{article.pk}/claims/{contested}/decide/"
    form = form_in(card(client, article, contested), "disputed", "It is 30.") | wrong
    answer = client.post(path, form, **HTMX)
    assert answer.status_code == 422
    assert f'data-field="{field}"' in answer.content.decode()
    assert not Ruling.objects.exists()


def test_new_opinions_are_shown_before_a_decision_stands(as_, desk, edith, ana, article, contested):
    client, path = as_(edith), f"/c/desk/articles/{article.pk}/claims/{contested}/decide/"
    form = form_in(card(client, article, contested), "disputed", "It is 30.")
    mine = Annotation.objects.get(reviewer=ana)
    tag(desk, author=ana, target=contested, opinion=Opinion("needs_source"), base=mine.pk)
    answer = client.post(path, form, **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Reviewers now: 1 verified, 1 needs source." in html
    assert "It is 30." in html
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))
    assert client.post(path, again, **HTMX).status_code == 200
    assert Ruling.objects.current().get().rationale == "It is 30."


@pytest.mark.parametrize("meanwhile", ["decided", "withdrawn"])
def test_two_editors_get_both_versions(as_, desk, edith, person, article, contested, meanwhile):
    other = set_member(desk, person("emil"), "editor").user
    if meanwhile == "withdrawn":
        base = rule(
            desk, author=other, span_id=contested, verdict="verified", rationale="It is 31.", base=None
        ).version
    client, path = as_(edith), f"/c/desk/articles/{article.pk}/claims/{contested}/decide/"
    form = form_in(card(client, article, contested), "disputed", "It is 30.")
    if meanwhile == "withdrawn":
        withdraw_ruling(desk, author=other, span_id=contested, base=base)
    else:
        rule(desk, author=other, span_id=contested, verdict="verified", rationale="It is 31.", base=None)
    answer = client.post(path, form, **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    deed = "decided it" if meanwhile == "decided" else "took back a decision"
    assert f"Emil {deed} less than a minute ago." in html
    assert html.count("Emil") == 1
    assert ("It is 31." in html) == (meanwhile == "decided")
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))
    assert client.post(path, again, **HTMX).status_code == 200
    ruling = Ruling.objects.current().get()
    assert (ruling.editor, ruling.verdict) == (edith, "disputed")


def test_it_works_in_blind_collections_and_can_be_undone(as_, desk, edith, article, contested):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    client, here = as_(edith), f"/c/desk/articles/{article.pk}/"
    form = form_in(card(client, article, contested), "disputed", "It is 30.") | {"key": "once"}
    for _ in range(2):
        assert client.post(f"{here}claims/{contested}/decide/", form, **HTMX).status_code == 200
    assert Revision.objects.filter(action="rule").count() == 1
    assert "Undone: decision" in client.post(f"{here}undo/", **HTMX).content.decode()
    assert not Ruling.objects.current().exists()


def test_who_is_no_editor_any_more_undoes_no_decision(as_, desk, edith, article, contested):
    client, here = as_(edith), f"/c/desk/articles/{article.pk}/"
    form = form_in(card(client, article, contested), "disputed", "It is 30.")
    client.post(f"{here}claims/{contested}/decide/", form, **HTMX)
    set_member(desk, edith, "reviewer")
    assert "Nothing of yours" in client.post(f"{here}undo/", **HTMX).content.decode()
    assert Ruling.objects.current().exists()


def test_without_scripts_it_leads_back_to_the_claim(as_, edith, article, contested):
    client, path = as_(edith), f"/c/desk/articles/{article.pk}/claims/{contested}/decide/"
    answer = client.post(path, form_in(card(client, article, contested), "disputed", "It is 30."))
    assert answer["Location"] == f"/c/desk/articles/{article.pk}/?claim={contested}#r{contested}"


def test_a_decision_says_what_it_should_read_and_until_when_it_holds(as_, edith, article, contested):
    client, path = as_(edith), f"/c/desk/articles/{article.pk}/claims/{contested}/decide/"
    form = form_in(card(client, article, contested), "disputed", "It is 30.")
    terms = {"should_read": "30 bridges", "true_as_of": "2026-01-31", "check_again_on": "2099-05-04"}
    html = client.post(path, form | terms, **HTMX).content.decode()
    assert "Should read:</i> 30 bridges" in html
    assert "True as of 31 January 2026 · Check again by 4 May 2099" in html

    client.post(path, form_in(html, "verified", "Asked nothing else."), **HTMX)
    kept = Ruling.objects.current().get()
    assert (kept.should_read, str(kept.check_again_on)) == ("30 bridges", "2099-05-04")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"true_as_of": "2099-01-01"}, "true_as_of"),
        ({"true_as_of": "2026-01-31", "check_again_on": "2026-01-31"}, "check_again_on"),
        ({"check_again_on": "soon"}, "check_again_on"),
        ({"check_again_on": "2026-02-01"}, "check_again_on"),
    ],
)
def test_days_that_cannot_be_are_refused(as_, edith, article, contested, said, field):
    client, path = as_(edith), f"/c/desk/articles/{article.pk}/claims/{contested}/decide/"
    form = form_in(card(client, article, contested), "disputed", "It is 30.")
    answer = client.post(path, form | said, **HTMX)
    assert (answer.status_code, f'data-field="{field}"' in answer.content.decode()) == (422, True)


def test_who_reviewed_it_is_told_who_can_decide(as_, desk, edith, ana, article, contested, person):
    set_member(desk, ana, "editor")
    set_member(desk, person("max"), "editor")
    client, path = as_(ana), f"/c/desk/articles/{article.pk}/claims/{contested}/decide/"
    who = "You reviewed this claim, so another editor decides it: Edith, Max."
    assert who in card(client, article, contested)
    form = {"base": "none", "claim_revision": "1", "verdict": "verified", "rationale": "So."}
    answer = client.post(path, form, **HTMX)
    assert (answer.status_code, who in answer.content.decode()) == (403, True)
    assert client.post(path, form).status_code == 403


def test_who_decided_reads_so_in_place_of_the_keys_for_a_verdict(
    as_, desk, edith, ana, article, contested, person
):
    client, page = as_(edith), f"/c/desk/claims/{contested}/"
    assert "No verdict of yours yet" in card(client, article, contested)
    ruled = rule(desk, author=edith, span_id=contested, verdict="disputed", rationale="So.", base=None)
    html = card(client, article, contested)
    assert "No verdict of yours yet" not in html
    words = "You decided this claim, so it gets no verdict of yours. Change the decision, or withdraw it."
    assert words in html
    max_ = set_member(desk, person("max"), "editor").user
    assert "No verdict of yours yet" in card(as_(max_), article, contested)
    withdraw_ruling(desk, author=edith, span_id=contested, base=ruled.version)
    for row in Annotation.objects.current():
        withdraw(desk, author=row.reviewer, span_id=contested, base=row.pk)
    words = "You decided this claim before, so it gets no verdict of yours. Decide it again, or leave it to"
    assert words in card(as_(edith), article, contested)
    html = client.get(page).content.decode()
    assert words in html
    assert 'id="judge"' not in html
    assert 'id="decide"' in html
