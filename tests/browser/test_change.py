"""The page of one change in a browser: before and after, at both widths and in both schemes."""

import pytest

from annotations.models import ArticleDetails
from annotations.services.articles import edit_details
from annotations.services.claims import Opinion, tag
from annotations.services.evidence import Citation, NewSource, add_evidence, edit_evidence

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "The harbour register lists 31 bridges, of which two carry no road and one is closed for good."
BETTER = "The harbour register of 2025 lists 29 bridges, of which two carry no road."


@pytest.fixture
def changes(desk, ana, edith, article, place):
    """(a changed opinion, a changed source, changed details)."""
    first = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified", WHY), base=None)
    better = Opinion("disputed", BETTER, problem="figure", should_read="29 bridges", must_fix=True)
    said = tag(desk, author=ana, target=first.span_id, opinion=better, base=first.version)
    web = NewSource("web", {"title": "Harbour register", "url": "https://harbour.example/register"})
    cited = add_evidence(desk, author=ana, span_id=first.span_id, source=web)
    again = edit_evidence(
        desk,
        author=ana,
        evidence_key=cited.key,
        base=cited.version,
        citation=Citation("contradicts", "p. 12", "Bridges: 29."),
        source_details={"title": "Register of the harbour", "is_primary": True},
    )
    live = ArticleDetails.objects.current().get(article=article)
    blocks = [live.blocks[0], {**live.blocks[1], "role": "caption"}, *live.blocks[2:]]
    edit_details(
        desk,
        author=edith,
        article_id=article.pk,
        base=live.pk,
        changes={"title": "Bridges", "byline": "By A. Reporter", "blocks": blocks},
    )
    return said.revision, again.revision, again.revision + 1


def test_before_and_after_fit_and_are_accessible(new_page, live_server, sign_in, axe, shot, edith, changes):
    page, wrong = sign_in(new_page(), edith), []
    for number in changes:
        page.goto(f"{live_server.url}/c/desk/history/{number}/")
        for width, height in ((1280, 800), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            shot(page, f"change-{number}-{width}", full_page=True)
            wrong += [f"{number} {width}: {fault}" for fault in axe(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{number} {width}: scrolls sideways")
    assert not wrong, wrong


def test_one_goes_from_change_to_change_by_keyboard(new_page, live_server, sign_in, edith, changes):
    page = sign_in(new_page(), edith)
    page.goto(f"{live_server.url}/c/desk/history/{changes[0]}/")
    page.get_by_role("link", name="after it").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=f"Change {changes[0] + 1}").wait_for()
    page.get_by_role("link", name="before it").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=f"Change {changes[0]}", exact=True).wait_for()
    assert "“lists 31” became" in page.locator(".word-diff").first.inner_text() or page.locator("ins").count()
