"""A reviewer in a blind collection: what the reader says of a hidden claim. tests/blind/ walks every address."""

import re
from io import BytesIO

import pytest

from annotations.access import seat
from annotations.models import (
    Annotation,
    ClaimState,
    CollectionSettings,
    Evidence,
    Source,
    SourceDetails,
)
from annotations.services.claims import Opinion, mark, set_checkable, tag
from annotations.services.comments import add_comment
from annotations.services.corrections import Told, save_correction
from annotations.services.documents import keep
from annotations.services.evidence import Citation, NewSource, add_evidence, edit_evidence
from annotations.services.legal import answer_legal, ask_legal
from annotations.services.rulings import rule
from annotations.services.sent_back import send_back
from annotations.services.settings import change_settings, set_member

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
HIDDEN = re.compile(
    r"HIDDEN|Bruno|Edna|another reviewer|somebody else|editor's decision|an opinion of|(?<!elsewhere, )changed this"
    r"|[Dd]isputed, |Decided|decided|\(change |change \d+ came"
)


@pytest.fixture
def claim(desk, edith, ana, ben, place):
    """ana marked it and cited a source; ben and edith did all there is to do, and changed ana's citation; blind."""
    for user, name in ((ben, "Bruno"), (edith, "Edna")):
        user.display_name = name
        user.save()
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    span_id = mark(desk, author=ana, place=place("31 bridges")).span_id
    own = add_evidence(desk, author=ana, span_id=span_id, source=NewSource("web", {"title": "Register"}))
    said = Opinion("disputed", "HIDDEN-why", should_read="HIDDEN-read")
    tag(desk, author=ben, target=span_id, opinion=said, base=None)
    hidden = {"title": "HIDDEN-title", "note": "HIDDEN-note", "url": "https://hidden.example/HIDDEN"}
    cited = Citation("contradicts", "HIDDEN-locator", "HIDDEN-excerpt")
    add_evidence(desk, author=ben, span_id=span_id, source=NewSource("web", hidden), citation=cited)
    set_checkable(desk, author=ben, target=span_id, not_checkable=True, reason="HIDDEN-reason")
    rule(desk, author=edith, span_id=span_id, verdict="disputed", rationale="HIDDEN-rationale", base=None)
    edit_evidence(desk, author=edith, evidence_key=own.key, base=own.version, citation=Citation("background"))
    asked = ask_legal(desk, author=ben, span_id=span_id, question="HIDDEN-question", base=None)
    objection = {"answer": "objected", "said": "HIDDEN-objection", "base": asked.version}
    answer_legal(desk, author=edith, span_id=span_id, **objection)
    told = Told("HIDDEN-reads", "HIDDEN-should", "HIDDEN-told")
    save_correction(desk, author=edith, span_id=span_id, told=told, base=None)
    add_comment(desk, author=ben, span_id=span_id, text="HIDDEN-comment, @ana")
    opinion = Annotation.objects.current().get(reviewer=ben).pk
    send_back(desk, author=edith, span_id=span_id, reviewer_id=ben.pk, reason="HIDDEN-back", base=opinion)
    return span_id


@pytest.fixture
def as_ana(client, ana):
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_card_of_a_hidden_claim_names_no_later_change(as_ana, desk, article, claim):
    """The number of its last change would tell that others were here."""
    html = as_ana.get(f"/c/desk/articles/{article.pk}/card/?claim={claim}", **HTMX).content.decode()
    live = ClaimState.objects.current().get(span=claim).created_in
    assert f'name="base" value="{live}"' not in html.replace(_own_forms(html), "")
    assert "unmark/" in html


def _own_forms(html):
    return html[html.index('<ul class="sources">') : html.index("</ul>")]


def test_a_guess_at_what_is_live_names_nobody(as_ana, desk, edith, article, claim):
    """With the version that stands now, and what is said of the source changed by the editor."""
    own = Evidence.objects.current().get(added_by__username="ana")
    path = f"/c/desk/articles/{article.pk}/sources/{own.key}/"
    form = {"base": own.pk, "source_base": 10**6, "title": "Mine", "url": ""}
    assert "You yourself, elsewhere, changed this" in as_ana.post(path, form, **HTMX).content.decode()
    details = SourceDetails.objects.current().get(source=own.source)
    edit_evidence(
        desk,
        author=edith,
        evidence_key=own.key,
        base=own.pk,
        citation=Citation("background"),
        source_details={"publisher": "The city"},
        source_base=details.pk,
    )
    form["base"] = Evidence.objects.current().get(key=own.key).pk
    html = as_ana.post(path, form, **HTMX).content.decode()
    assert "It has changed since you read it" in html
    assert not HIDDEN.search(html)


def test_nor_do_suggestions_and_documents(as_ana, desk, ben, article, claim, settings, tmp_path):
    """What others cite here is neither suggested, nor said to be a source already, nor given out."""
    settings.MEDIA_ROOT = tmp_path
    file = keep(BytesIO(b"%PDF-1.7\nHIDDEN-words"))
    details = {"title": "HIDDEN-document", "url": "https://hidden.example/document"}
    source = NewSource("document", details, file=file)
    add_evidence(desk, author=ben, span_id=claim, source=source)
    at = f"/c/desk/articles/{article.pk}/"
    for typed in ("hid", "HIDDEN-title", "https://hidden.example/HIDDEN", "hidden.example/document", "regi"):
        html = as_ana.get(f"{at}known-sources/", {"q": typed}, **HTMX).content.decode()
        assert not re.search("HIDDEN|already a source", html), typed
        assert ("Register" in html) == (typed == "regi")
    theirs = Source.objects.get(kind="document")
    assert as_ana.get(f"/c/desk/sources/{theirs.pk}/document/").status_code == 404
    cited = as_ana.post(f"{at}claims/{claim}/sources/", {"source": theirs.pk}, **HTMX)
    assert (cited.status_code, "HIDDEN" in cited.content.decode()) == (404, False)
    again = {"kind": "web", "url": "https://hidden.example/HIDDEN", "title": "Mine"}
    html = as_ana.post(f"{at}claims/{claim}/sources/", again, **HTMX).content.decode()
    assert "source added." in html
    assert "already a source" not in html


def test_my_verdict_opens_them(as_ana, ana, article, claim):
    set_member(seat(ana, "desk").collection, ana, "reviewer")
    place = {"start": 28, "end": 38, "quote": "31 bridges", "verdict": "verified", "base": "none"}
    html = as_ana.post(f"/c/desk/articles/{article.pk}/tag/", place, **HTMX).content.decode()
    assert "HIDDEN-why" in html
    assert "HIDDEN-rationale" in html
    live = ClaimState.objects.current().get(span=claim).created_in
    refused = as_ana.post(f"/c/desk/articles/{article.pk}/claims/{claim}/unmark/", {"base": live}, **HTMX)
    assert "another reviewer (disputed)" in refused.content.decode()


def test_what_somebody_said_unseen_stands(as_ana, desk, article, claim):
    at = f"/c/desk/articles/{article.pk}/"
    place = {"start": 28, "end": 38, "quote": "31 bridges", "claim": claim}
    for path, form in (
        (f"{at}claims/{claim}/checkable/", {}),
        (f"{at}not-checkable/", place | {"reason": "a forecast"}),
    ):
        assert as_ana.post(path, form, **HTMX).status_code == 200
        assert ClaimState.objects.current().get(span=claim).reason == "HIDDEN-reason"
