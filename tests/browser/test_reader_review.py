"""What reviewers and editors say to each other about a claim, in its card: by mouse and by finger."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Assignment, Comment, Mention, SentBack
from annotations.services.claims import Opinion, tag
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_reader_claims import saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def claim(desk, ana, place) -> int:
    return tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desk", "phone"])
def opened(request, new_page, live_server, sign_in, article, claim):
    """opened(person): the claim's card in that person's reader."""
    touch = {"has_touch": True, "is_mobile": True} if request.param == PHONE else {}

    def reader(person):
        page = sign_in(new_page(viewport=request.param, **touch), person)
        page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={claim}")
        expect(page.locator("#card")).to_contain_text("31 bridges")
        return page

    reader.width = request.param["width"]
    return reader


def test_a_comment_names_somebody_who_answers(opened, desk, ana, ben, edith, claim, axe, shot):
    his = opened(ben)
    his.locator("#comments > summary").click()
    his.get_by_label("Add a comment").fill("Which register did you use, @ana?")
    his.locator("#comments").get_by_role("button", name="Comment", exact=True).click()
    saved(his, "omment")
    assert Mention.objects.current().get().person == ana
    hers = opened(ana)
    expect(hers.locator("#comments")).to_contain_text("You are asked to answer.")
    expect(hers.locator("#comments .by")).to_contain_text("just now")
    shot(hers, f"review-comment-{opened.width}")
    assert axe(hers) == []
    hers.get_by_label("Add a comment").fill("The harbour's own.")
    hers.locator("#comments").get_by_role("button", name="Comment", exact=True).click()
    expect(hers.locator("#comments")).to_contain_text("The harbour's own.")
    assert [row.author for row in Comment.objects.current().order_by("pk")] == [ben, ana]
    assert not Mention.objects.current().exists()


def test_a_review_is_sent_back_and_looked_at_again(opened, ana, edith, claim, axe, shot):
    editor = opened(edith)
    editor.locator("#card .opinion summary", has_text="Send back").click()
    editor.get_by_label("What to look at again").fill("Of which year is that figure?")
    editor.locator("#card .opinion").get_by_role("button", name="Send back").click()
    saved(editor, "back")
    assert SentBack.objects.current().get().reviewer == ana
    shot(editor, f"review-sent-{opened.width}")
    hers = opened(ana)
    expect(hers.locator("#sent-back")).to_contain_text("Of which year is that figure?")
    shot(hers, f"review-back-{opened.width}")
    assert axe(hers) == []
    hers.locator("#article").focus()
    hers.keyboard.press("v")
    saved(hers, "verified")
    expect(hers.locator("#sent-back")).to_have_count(0)
    assert not SentBack.objects.current().exists()
    assert Annotation.objects.current().get().verdict == "verified"


def test_a_claim_is_assigned_and_that_is_taken_back(opened, ben, edith, claim, axe, shot):
    editor = opened(edith)
    editor.locator("#card summary", has_text="Assign").click()
    editor.get_by_label("Assign to").select_option(str(ben.pk))
    editor.locator("#card").get_by_role("button", name="Assign", exact=True).click()
    expect(editor.locator("#card .assigned")).to_contain_text("Assigned to Ben")
    assert Assignment.objects.current().get().reviewer == ben
    shot(editor, f"review-assigned-{opened.width}")
    assert axe(editor) == []
