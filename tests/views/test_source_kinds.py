"""Every kind of source, from its form to the card and out; and the same one again."""

from io import BytesIO

import pytest

from annotations.models import Evidence, Source, SourceDetails
from annotations.services.claims import mark
from annotations.services.documents import keep
from annotations.services.evidence import NewSource, add_evidence

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
RECORDING = {
    "kind": "recording",
    "url": "https://radio.example/7",
    "title": "The mayor on the radio",
    "publisher": "Harbour Radio",
    "published_on": "2026-03-30",
    "locator": "12:40",
    "excerpt": "we have thirty-one",
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def span(desk, ana, place):
    return mark(desk, author=ana, place=place("31 bridges")).span_id


def add(browser, article, span, form):
    path = f"/c/desk/articles/{article.pk}/claims/{span}/sources/"
    return browser.post(path, form, **HTMX)


def exported(browser) -> str:
    answer = browser.get("/api/v1/collections/desk/export/?format=csv")
    return b"".join(answer.streaming_content).decode()


def test_a_recording_is_stored_shown_and_exported(signed_in, ana, article, span):
    browser = signed_in(ana)
    html = add(browser, article, span, RECORDING).content.decode()
    assert "Recording · Harbour Radio · 30 March 2026 · 12:40" in html
    assert "we have thirty-one" in html
    source = Source.objects.get()
    assert (source.kind, source.tier) == ("recording", "public")
    assert "The mayor on the radio" in exported(browser)


def test_one_for_the_desk_is_not_exported(signed_in, edith, article, span):
    browser = signed_in(edith)
    assert add(browser, article, span, RECORDING | {"tier": "desk"}).status_code == 200
    assert "The mayor on the radio" not in exported(browser)
    assert "12:40" not in exported(browser)


@pytest.mark.parametrize("kind", [*Source.Kind.values])
@pytest.mark.parametrize("how", ["button", "empty form"])
def test_the_same_again_is_that_very_source(signed_in, desk, ana, place, article, span, kind, how):
    file = keep(BytesIO(b"%PDF-1.7\n")) if kind in ("document", "image") else ""
    names = {"calculation": {"note": "18 + 13"}, "person": {"person_role": "Engineer"}}
    source = NewSource(
        kind,
        names.get(kind, {"title": "Register"}),
        article_id=article.pk if kind == "article" else None,
        file=file,
    )
    first = add_evidence(desk, author=ana, span_id=span, source=source)
    other = mark(desk, author=ana, place=place("$2 billion")).span_id
    empty = {"kind": "document" if kind == "image" else kind, "stance": "supports", "title": "", "shows": ""}
    form = empty | {"accessed_on": "2026-04-01", "article": "", "locator": ""}
    html = add(signed_in(ana), article, other, form | ({"again": "1"} if how == "button" else {}))
    assert "source added again" in html.content.decode()
    cited = Evidence.objects.current().filter(span=other).get()
    assert cited.source_id == Evidence.objects.get(pk=first.version).source_id
    assert Source.objects.count() == 1


def test_a_source_is_first_hand_where_the_box_is_ticked(signed_in, desk, ana, article, place):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    at, browser = f"/c/desk/articles/{article.pk}/", signed_in(ana)
    typed = {"kind": "web", "title": "Register", "is_primary": ["", "1"]}
    html = browser.post(f"{at}claims/{span}/sources/", typed, **HTMX).content.decode()
    assert "Web page · first hand" in html

    cited, details = Evidence.objects.get(), SourceDetails.objects.get()
    unticked = {"base": cited.pk, "source_base": details.pk, "title": "Register", "is_primary": ""}
    browser.post(f"{at}sources/{cited.key}/", unticked, **HTMX)
    assert [each.is_primary for each in SourceDetails.objects.order_by("pk")] == [True, False]
