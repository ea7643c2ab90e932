"""What reviewers agree on, accepted many at once: previewed, once given its reason, undone as one."""

import re

import pytest

from annotations.domain.unanimous import SOURCED, UNDISPUTED, UNSOURCED, UNVERIFIED
from annotations.models import Annotation, ClaimState, Evidence, Revision, Ruling
from annotations.services.claims import Opinion, tag, unmark, withdraw
from annotations.services.evidence import Citation, NewSource, add_evidence, remove_evidence
from annotations.services.legal import ask_legal
from annotations.services.sent_back import send_back
from annotations.services.settings import set_member
from annotations.services.verify import verify

pytestmark = pytest.mark.django_db
URL = "/c/desk/claims/accept/"


@pytest.fixture
def agreed(desk, ana, place):
    """agreed("31 bridges"): ana verifies it, with a source first hand that bears her out."""

    def so(quote, verdict="verified", primary=True, stance=None, **said):
        opinion = Opinion(verdict, **said)
        span = tag(desk, author=ana, target=place(quote), opinion=opinion, base=None).span_id
        details = {"title": f"Register of {quote}", "is_primary": primary}
        cited = Citation(stance=stance or {"verified": "supports"}.get(verdict, "contradicts"))
        add_evidence(desk, author=ana, span_id=span, source=NewSource("web", details), citation=cited)
        return span

    return so


def preview(browser, query=""):
    answer = browser.get(URL + query)
    assert answer.status_code == 200
    takes, _, leaves = answer.content.decode().partition('id="leaves-title"')
    return takes, leaves


def form_in(html, **said):
    key = re.search(r'name="key" value="(\w+)"', html)[1]
    return {"claim": re.findall(r'name="claim" value="([\d-]+)" checked', html), "key": key, **said}


def test_each_that_is_accepted_and_each_left_out(signed_in, desk, edith, ana, ben, agreed, place):
    good = agreed("31 bridges")
    must_fix = agreed("harbour", "disputed", must_fix=True)
    legal = agreed("mayor")
    ask_legal(desk, author=ana, span_id=legal, question="", base=None)
    weak = agreed("Two more", primary=False)
    back = agreed("May")
    opinion = Annotation.objects.current().get(span=back).pk
    send_back(desk, author=edith, span_id=back, reviewer_id=ana.pk, reason="Look.", base=opinion)
    tag(desk, author=ben, target=place("$2 billion"), opinion=Opinion("disputed"), base=None)
    takes, leaves = preview(signed_in(edith))
    assert re.findall(r'name="claim" value="(\d+)-', takes) == [str(good)]
    for span, why in (
        (must_fix, "must be put right"),
        (legal, "A legal read stands in the way"),
        (weak, "No source first hand supports it, and fewer than three that are independent do"),
        (back, "sent back"),
    ):
        line = next(part for part in leaves.split('<a class="quote"') if f"/claims/{span}/" in part)
        assert why in line


@pytest.mark.parametrize("stance", ["contradicts", "background"])
def test_a_source_that_does_not_bear_out_the_verdict_does_not_count(signed_in, edith, agreed, stance):
    agreed("31 bridges", stance=stance)
    agreed("harbour", "disputed", stance="background")
    agreed("mayor", "needs_source", stance="supports")
    takes, leaves = preview(signed_in(edith))
    assert 'name="claim"' not in takes
    for why in (UNVERIFIED, UNDISPUTED, SOURCED):
        assert why[1:] in leaves


def test_three_independent_sources_bear_it(signed_in, desk, edith, ana, agreed):
    span = agreed("31 bridges", primary=False)
    for outlet in ("Wire", "Gazette"):
        source = NewSource("web", {"title": outlet, "publisher": outlet, "url": f"https://{outlet}.example/"})
        add_evidence(desk, author=ana, span_id=span, source=source)
    assert f'value="{span}-' in preview(signed_in(edith))[0]


def test_what_needs_a_source_is_left_to_an_editor(signed_in, desk, edith, ana, ben, agreed, place):
    for who in (ana, ben):
        tag(desk, author=who, target=place("31 bridges"), opinion=Opinion("needs_source"), base=None)
    takes, leaves = preview(signed_in(edith))
    assert 'name="claim"' not in takes
    assert UNSOURCED[1:] in leaves


def test_one_change_with_one_reason_undone_as_one(signed_in, desk, edith, agreed):
    spans = [agreed("31 bridges"), agreed("harbour", "disputed")]
    browser = signed_in(edith)
    form = form_in(preview(browser)[0], rationale="Counted by all. ")
    for _ in range(2):
        answer = browser.post(URL, form)
        assert answer.status_code == 302
    number = Revision.objects.get(action="accept").number
    assert answer["Location"] == f"{URL}?done={number}#notices"
    rows = Ruling.objects.current().order_by("span")
    assert [(row.span_id, row.verdict, row.rationale, row.editor) for row in rows] == [
        (spans[0], "verified", "Counted by all.", edith),
        (spans[1], "disputed", "Counted by all.", edith),
    ]
    assert set(ClaimState.objects.current().values_list("status", flat=True)) == {"ruled"}
    assert not list(verify())
    html = browser.get(answer["Location"]).content.decode()
    assert "2 claims accepted" in html
    assert "2 claims" in browser.get("/c/desk/history/").content.decode()
    browser.post(f"/c/desk/history/{number}/undo/")
    assert set(ClaimState.objects.current().values_list("status", flat=True)) == {"agreed"}
    assert not Ruling.objects.current().exists()
    assert not list(verify())


def test_what_changed_since_the_preview_is_left_out_and_named(signed_in, desk, edith, ben, agreed, place):
    kept, changed = agreed("31 bridges"), agreed("harbour")
    browser = signed_in(edith)
    form = form_in(preview(browser)[0], rationale="So.")
    tag(desk, author=ben, target=changed, opinion=Opinion("disputed"), base=None)
    html = browser.get(browser.post(URL, form)["Location"]).content.decode()
    assert "1 claim accepted" in html
    tag(desk, author=ben, target=kept, opinion=Opinion("disputed"), base=None)  # of no account: it is decided
    assert f"Claim {changed}</a>: Ben changed it less than a minute ago" in html
    assert Ruling.objects.get().span_id == kept


def test_where_all_have_changed_it_is_said_who_did(signed_in, desk, edith, ana, ben, agreed):
    changed, gone = agreed("31 bridges"), agreed("harbour")
    browser = signed_in(edith)
    form = form_in(preview(browser)[0], rationale="So.")
    tag(desk, author=ben, target=changed, opinion=Opinion("disputed"), base=None)
    source = Evidence.objects.current().get(span=gone)
    remove_evidence(desk, author=ana, evidence_key=source.key, base=source.pk)
    withdraw(desk, author=ana, span_id=gone, base=Annotation.objects.current().get(span=gone).pk)
    unmark(desk, author=ana, span_id=gone)
    html = browser.post(URL, form).content.decode()
    assert f"Claim {changed}</a>: Ben changed it less than a minute ago" in html
    assert f"Claim {gone}</a>: it is no longer marked: Ana changed it less than a minute ago" in html


def test_a_legal_read_asked_for_meanwhile_counts_too(signed_in, desk, edith, ana, agreed):
    span = agreed("31 bridges")
    browser = signed_in(edith)
    form = form_in(preview(browser)[0], rationale="So.")
    ask_legal(desk, author=ana, span_id=span, question="", base=None)
    answer = browser.post(URL, form)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Nothing is accepted" in html
    assert f"Claim {span}</a>: a legal read stands in the way" in html
    assert not Ruling.objects.exists()
    assert not Revision.objects.filter(action="accept").exists()


def test_an_editor_accepts_nothing_that_they_reviewed(signed_in, desk, ana, agreed):
    agreed("31 bridges")
    set_member(desk, ana, "editor")
    takes, leaves = preview(signed_in(ana))
    assert 'name="claim"' not in takes
    assert "You reviewed it, so another editor decides it." in leaves


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"rationale": " "}, "a decision needs its reasons"),
        ({"claim": []}, "Choose at least one claim."),
        ({"claim": ["1"]}, "Choose claims from the list."),
        ({"claim": ["x-1"]}, "Choose claims from the list."),
        ({"rationale": "x" * 10_001}, "10000 characters"),
        ({"rationale": "a\0b"}, "Null characters"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(signed_in, edith, agreed, said, words):
    agreed("31 bridges")
    agreed("harbour")
    browser = signed_in(edith)
    form = form_in(preview(browser)[0], rationale="Counted by all.")
    form["claim"] = form["claim"][:1]
    answer = browser.post(URL, form | said)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert ("Counted by all." in html) == ("rationale" not in said)
    assert len(re.findall(r'name="claim" value="[\d-]+" checked', html)) == ("claim" not in said)
    assert not Ruling.objects.exists()


def test_another_collections_claims_are_not_there(signed_in, desk, edith, sam, agreed):
    from annotations.services.settings import create_collection

    span = agreed("31 bridges")
    other = create_collection("elsewhere", author=sam, name="Elsewhere")
    set_member(other, sam, "editor")
    revision = ClaimState.objects.current().get().created_in
    browser = signed_in(sam)
    answer = browser.post(
        "/c/elsewhere/claims/accept/", {"claim": [f"{span}-{revision}"], "rationale": "So."}
    )
    assert answer.status_code == 409
    assert "it is no longer marked" in answer.content.decode()
    assert not Ruling.objects.exists()


def test_of_one_article_or_chosen_ones(signed_in, desk, edith, article, agreed):
    first, second = agreed("31 bridges"), agreed("harbour")
    browser = signed_in(edith)
    assert f'value="{first}-' not in preview(browser, f"?claim={second}&claim=x")[0]
    assert f'value="{first}-' in preview(browser, f"?article={article.pk}")[0]
    takes, leaves = preview(browser, f"?article={article.pk + 1}")
    assert "Reviewers agree on none of these." in takes + leaves
    assert f'value="{first}-' not in preview(browser, f"?after={first}")[0]
    assert f'value="{second}-' in preview(browser, f"?after={first}&article=nonsense")[0]


def test_nothing_waits(signed_in, edith):
    assert "Nothing waits to be accepted." in preview(signed_in(edith))[0]
    assert "Accept what reviewers agree on" in signed_in(edith).get("/c/desk/claims/").content.decode()


def test_only_ones_own_change_is_told_of(signed_in, desk, edith, person, agreed):
    agreed("31 bridges")
    browser = signed_in(edith)
    told = browser.post(URL, form_in(preview(browser)[0], rationale="So."))["Location"]
    other = set_member(desk, person("max"), "editor").user
    assert "accepted with change" not in signed_in(other).get(told).content.decode()
    assert "accepted with change" not in browser.get(f"{URL}?done=1").content.decode()


def test_more_than_are_shown(signed_in, desk, edith, agreed, monkeypatch):
    from annotations import access_unanimous

    spans = [agreed(quote) for quote in ("31 bridges", "harbour", "mayor")]
    monkeypatch.setattr(access_unanimous, "SHOWN", 2)
    browser = signed_in(edith)
    takes, _ = preview(browser)
    assert f'value="{spans[2]}-' not in takes
    assert f'href="?after={spans[1]}"' in takes
    assert f'value="{spans[2]}-' in preview(browser, f"?after={spans[1]}")[0]


def test_queries_do_not_grow(signed_in, desk, edith, ana, agreed, django_assert_max_num_queries):
    agreed("31 bridges")
    browser = signed_in(edith)
    with django_assert_max_num_queries(17):
        preview(browser)
    for quote in ("harbour", "mayor", "Two more", "open", "May", "cost"):
        agreed(quote)
    with django_assert_max_num_queries(17):
        takes, _ = preview(browser)
    form = form_in(takes, rationale="So.")
    with django_assert_max_num_queries(30):
        browser.post(URL, form)
    assert Ruling.objects.count() == 7
