"""Many claims at once: the preview names what it touches and what not; what changed since is left out; who may."""

import re

import pytest

from annotations.models import Assignment, ClaimState, CollectionSettings, Revision
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, set_checkable, tag, unmark
from annotations.services.rulings import rule
from annotations.services.settings import change_settings
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db
BULK = "/c/desk/claims/bulk/"


@pytest.fixture
def claims(desk, ana, place):
    return [mark(desk, author=ana, place=place(quote)).span_id for quote in ("31 bridges", "harbour", "May")]


@pytest.fixture
def browser(signed_in, edith):
    return signed_in(edith)


def previewed(browser, spans, do, **fields):
    return browser.post(BULK, {"pick": spans, "do": do, **fields})


def confirm(browser, preview, **fields):
    """What the preview's form sends, with these fields filled in."""
    html = preview.content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    return browser.post(BULK, {**hidden, "confirm": "1", **fields})


def test_the_preview_names_each_and_writes_nothing(desk, browser, ben, claims):
    head = Revision.objects.count()
    answer = previewed(browser, [*claims[:2], 999_999], "assign")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Assign 2 claims" in html
    assert ">31 bridges<" in html
    assert ">harbour<" in html
    assert ">May<" not in html
    assert "It is no longer there." in html
    assert Revision.objects.count() == head


def test_confirmed_it_is_one_change_with_the_way_to_it(desk, browser, ben, claims):
    preview = previewed(browser, claims, "assign", query="status=to_check")
    answer = confirm(browser, preview, **{"with-reviewer": ben.pk})
    assert answer["Location"] == "/c/desk/claims/?status=to_check#notices"
    assert Assignment.objects.current().filter(reviewer=ben).count() == 3
    number = Revision.objects.order_by("-number").first().number
    page = browser.get(answer["Location"]).content.decode()
    assert f'3 claims: assigned. That is <a href="/c/desk/history/{number}/">change {number}</a>' in page
    assert "3 claims" in browser.get(f"/c/desk/history/{number}/").content.decode()
    browser.post(f"/c/desk/history/{number}/undo/")
    assert not Assignment.objects.current().exists()


def test_sent_twice_it_is_done_once(desk, browser, ben, claims):
    preview = previewed(browser, claims, "assign")
    for _ in range(2):
        assert confirm(browser, preview, **{"with-reviewer": ben.pk}).status_code == 302
    assert Revision.objects.filter(action="assign").count() == 1


def test_a_key_sent_with_other_choices_is_asked_again(desk, browser, ben, claims):
    preview = previewed(browser, claims, "not-checkable")
    confirm(browser, preview, **{"with-reason": "Opinion"})
    preview_key = re.search(r'name="key" value="(\w+)"', preview.content.decode())[1]
    other = previewed(browser, claims, "checkable")
    answer = confirm(browser, other, key=preview_key)
    assert answer.status_code == 409
    assert "Look at it once more" in answer.content.decode()


def test_what_is_missing_is_asked_for_at_its_field(browser, claims):
    answer = confirm(browser, previewed(browser, claims, "not-checkable"))
    assert answer.status_code == 422
    assert "Say why they cannot be checked." in answer.content.decode()
    assert "Choose whom." in confirm(browser, previewed(browser, claims, "assign")).content.decode()
    assert not Revision.objects.filter(action__in=["assign", "not-checkable"]).exists()


def test_what_somebody_changes_in_between_is_left_out_and_named(desk, browser, ana, ben, claims):
    preview = previewed(browser, claims[:2], "not-checkable")
    tag(desk, author=ana, target=claims[0], opinion=Opinion("disputed"), base=None)
    answer = confirm(browser, preview, **{"with-reason": "Opinion"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "1 claim: not checkable." in html
    assert "Ana changed it less than a minute ago. Open it, then pick it again." in html
    assert ">31 bridges<" in html
    assert [ClaimState.objects.current().get(span=span).status for span in claims[:2]] == [
        "agreed",
        "not_checkable",
    ]


def test_who_took_a_mark_away_in_between_is_named(desk, browser, ana, claims):
    preview = previewed(browser, claims[:2], "not-checkable")
    unmark(desk, author=ana, span_id=claims[0])
    html = confirm(browser, preview, **{"with-reason": "Opinion"}).content.decode()
    assert "It is no longer there: Ana changed it less than a minute ago." in html


def test_what_happens_after_it_is_done_names_nobody(desk, browser, ana, ben, claims):
    """Sent once more, it tells who changed the claim before: not who did since."""
    preview = previewed(browser, claims[:2], "not-checkable")
    tag(desk, author=ana, target=claims[0], opinion=Opinion("disputed"), base=None)
    confirm(browser, preview, **{"with-reason": "Opinion"})
    tag(desk, author=ben, target=claims[0], opinion=Opinion("disputed"), base=None)
    html = confirm(browser, preview, **{"with-reason": "Opinion"}).content.decode()
    assert "Ana changed it" in html
    assert "Ben changed it" not in html


def test_where_all_have_changed_nothing_is_done(desk, browser, ana, claims):
    preview = previewed(browser, claims[:1], "not-checkable")
    tag(desk, author=ana, target=claims[0], opinion=Opinion("disputed"), base=None)
    answer = confirm(browser, preview, **{"with-reason": "Opinion"})
    assert answer.status_code == 409
    assert "Nothing was done." in answer.content.decode()
    assert not Revision.objects.filter(action="not-checkable").exists()


def test_only_what_was_shown_is_touched(desk, browser, ben, claims):
    """A preview made before somebody was chosen, or picks added to it by hand: never more than it named."""
    preview = previewed(browser, claims[:1], "assign")
    answer = confirm(browser, preview, **{"with-reviewer": ben.pk, "picks": ",".join(map(str, claims))})
    assert answer.status_code == 302
    assert Assignment.objects.current().get().span_id == claims[0]


def test_chosen_whom_the_preview_says_who_has_what(desk, browser, ana, ben, edith, claims):
    confirm(browser, previewed(browser, claims[:1], "assign"), **{"with-reviewer": ben.pk})
    rule(desk, author=edith, span_id=claims[1], verdict="disputed", rationale="x", base=None)
    again = {"again": "1", "with-reviewer": ben.pk}
    html = previewed(browser, claims, "assign", **again).content.decode()
    assert "Ben has it already." in html
    assert "Assign 2 claims to Ben" in html
    html = previewed(browser, claims, "assign", **again | {"with-reviewer": edith.pk}).content.decode()
    assert "Edith decided it, and is not asked to judge it." in html
    html = previewed(browser, claims, "unassign", **again).content.decode()
    assert "Take 1 claim off Ben" in html
    assert "It is not Ben&#x27;s by itself." in html


def test_not_checkable_and_back(desk, browser, ana, claims):
    set_checkable(desk, author=ana, target=claims[0], not_checkable=True, reason="A wish")
    preview = previewed(browser, claims, "not-checkable")
    assert "Not checkable already: A wish" in preview.content.decode()
    confirm(browser, preview, **{"with-reason": "Opinion"})
    assert ClaimState.objects.current().filter(status="not_checkable").count() == 3
    assert confirm(browser, previewed(browser, claims, "checkable")).status_code == 302
    assert ClaimState.objects.current().filter(status="to_check").count() == 3


def test_a_legal_read_of_several(desk, browser, claims):
    confirm(browser, previewed(browser, claims[:2], "legal"), **{"with-question": "Libel?"})
    html = previewed(browser, claims, "legal").content.decode()
    assert html.count("A lawyer is asked already.") == 2
    assert "Ask for a legal read of 1 claim" in html


def test_all_that_fit_up_to_a_bound(desk, browser, ben, claims, monkeypatch):
    everything = {"do": "assign", "everything": "1"}
    html = browser.post(BULK, everything | {"query": "status=to_check&sort=oldest"}).content.decode()
    assert "Assign 3 claims" in html
    assert "Assign 0 claims" not in html
    assert "None of these would change." not in html
    monkeypatch.setattr("annotations.views.bulk.MOST", 2)
    html = browser.post(BULK, everything | {"query": "after=1"}).content.decode()
    assert "At most 2 at once: more claims than these fit." in html
    assert browser.post(BULK, everything | {"query": "status=ruled"}).status_code == 302


def test_in_a_blind_collection_editors_do_not_judge_in_bulk_either(desk, browser, edith, ana, claims):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    assert previewed(browser, claims, "not-checkable").status_code == 403
    html = browser.get("/c/desk/claims/").content.decode()
    assert '<option value="assign">' in html
    assert '<option value="not-checkable">' not in html
    assert f'<option value="{edith.pk}">' not in previewed(browser, claims, "assign").content.decode()


def test_for_editors_alone(signed_in, ana, vera, sam, claims):
    for user, status in ((ana, 403), (vera, 403), (sam, 404)):
        assert previewed(signed_in(user), claims, "assign").status_code == status
    assert signed_in(ana).get(BULK).status_code == 405
    assert 'name="pick"' not in signed_in(ana).get("/c/desk/claims/").content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"do": "assign"}, {"do": "destroy", "pick": "1"}, {"do": "assign", "pick": "x"}]
)
def test_what_makes_no_sense_leads_back_to_the_list(browser, claims, sent):
    answer = browser.post(BULK, sent | {"query": "q=a"})
    assert answer["Location"] == "/c/desk/claims/?q=a#notices"


def test_claims_of_another_collection_are_not_there(desk, browser, ben, sam, claims):
    from annotations.services.settings import create_collection, set_member

    other = create_collection("elsewhere", author=sam)
    set_member(other, sam, "editor")
    text = "Elsewhere."
    stored = import_article(other, author=sam, text=text, details=Details(title="T", blocks=blocks_of(text)))
    foreign = mark(other, author=sam, place=Place(stored.article_id, 0, 9, "Elsewhere")).span_id
    html = previewed(browser, [foreign, claims[0]], "assign").content.decode()
    assert "Elsewhere" not in html
    assert "Assign 1 claim" in html


def test_more_claims_ask_no_more_of_the_database(
    desk, browser, ana, article, claims, django_assert_max_num_queries
):
    for end in range(10, 16):
        claims.append(mark(desk, author=ana, place=Place(article.pk, 0, end, article.text[:end])).span_id)
    for some in (claims[:1], claims):
        with django_assert_max_num_queries(12):
            previewed(browser, some, "assign", again="1", **{"with-reviewer": ana.pk})
