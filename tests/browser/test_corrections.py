"""A correction from the claim to the reader, in a real browser; and the pages as readers see them."""

import pytest
from playwright.sync_api import expect

from annotations.models import CollectionSettings, Correction
from annotations.services.claims import Opinion, mark, tag
from annotations.services.corrections import Told, publish_correction, save_correction, withdraw_correction
from annotations.services.rulings import rule
from annotations.services.settings import change_settings
from tests.browser.conftest import PHONE
from tests.browser.test_reader_claims import saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def claim(desk, ana, place):
    opinion = Opinion("disputed", should_read="30 bridges")
    return tag(desk, author=ana, target=place("31 bridges"), opinion=opinion, base=None).span_id


@pytest.fixture
def public(desk, edith):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"public": True})


def corrected(desk, edith, span, words, *, publish=True):
    told = Told("31 bridges", "30 bridges", words)
    version = save_correction(desk, author=edith, span_id=span, told=told, base=None).version
    return publish_correction(desk, author=edith, span_id=span, base=version).version if publish else version


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_from_the_claim_to_the_reader(
    new_page, live_server, sign_in, edith, article, claim, public, axe, shot, viewport
):
    page = sign_in(new_page(**({"viewport": viewport} if viewport else {})), edith)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={claim}")
    page.locator("#correction summary").click()
    expect(page.get_by_label("It should read").last).to_have_value("30 bridges")
    page.get_by_label("The correction").fill("We counted one bridge twice.")
    shot(page, f"correction-form-{viewport['width'] if viewport else 1280}")
    page.keyboard.press("Control+Enter")
    saved(page, f"Claim {claim}: the correction is saved.")
    assert axe(page) == []
    page.get_by_role("button", name="Publish the correction").click()
    saved(page, f"Claim {claim}: the correction is published.")
    shot(page, f"correction-card-{viewport['width'] if viewport else 1280}")
    assert Correction.objects.current().get().approved_by == edith
    reader = new_page()
    reader.goto(f"{live_server.url}/public/desk/corrections/")
    expect(reader.locator(".told")).to_contain_text("We counted one bridge twice.")
    assert reader.context.cookies() == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_corrections(
    new_page, live_server, sign_in, desk, edith, ana, article, claim, place, public, axe, shot, width
):
    first = corrected(desk, edith, claim, "We counted one bridge of the harbour twice.")
    told = Told("31 bridges", "29 bridges", "We counted two bridges of the harbour twice.")
    save_correction(desk, author=edith, span_id=claim, told=told, base=first)
    spans = [mark(desk, author=ana, place=place(words)).span_id for words in ("$2 billion", "May", "mayor")]
    for span in spans:
        rule(desk, author=edith, span_id=span, verdict="disputed", rationale="No.", base=None)
    gone = corrected(desk, edith, spans[0], "The cost is in euros.")
    withdraw_correction(desk, author=edith, span_id=spans[0], base=gone)
    corrected(desk, edith, spans[1], "They open in June.")
    corrected(desk, edith, spans[2], "It was the deputy mayor.", publish=False)
    touch = {"has_touch": True, "is_mobile": True} if width == 390 else {}
    page = new_page(viewport={"width": width, "height": 844}, **touch)
    page.goto(f"{live_server.url}/public/desk/corrections/")
    expect(page.locator(".told")).to_have_count(3)
    shot(page, f"public-{width}", full_page=True)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Link to this correction").first.click()
    expect(page.locator(".told")).to_have_count(1)
    sign_in(page, edith).goto(f"{live_server.url}/c/desk/corrections/")
    shot(page, f"corrections-drafts-{width}")
    assert axe(page) == []
    page.get_by_role("link", name="Published").click()
    expect(page.locator(".list > li")).to_have_count(2)
    shot(page, f"corrections-published-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
