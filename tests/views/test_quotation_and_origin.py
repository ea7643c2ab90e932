"""A source that is an article: its card tells, word by word and in words, what the quotation made of it."""

import pytest

from annotations.services.articles import Details, import_article
from annotations.services.claims import Place, mark
from annotations.services.evidence import Citation, NewSource, add_evidence
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
TEXT = "Ferries\n“Two ferries will open next year,” the mayor said.\nIt costs $2 <billion>."
ORIGIN = "Speech\nI thank you. Two ferries could open almost next year."
EXCERPT = "Two ferries could open almost next year."


@pytest.fixture
def card(client, desk, edith, ana):
    """card(words, …): the card of a claim in these words, with an article cited for it."""
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    ids = [
        import_article(
            desk, author=edith, text=text, details=Details(title=text[:6], role=role, blocks=blocks_of(text))
        ).article_id
        for text, role in ((TEXT, "checked"), (ORIGIN, "reference"))
    ]

    def show(words: str, aspect: str = "fact", excerpt: str = EXCERPT, article: int | None = ids[1]) -> str:
        start = TEXT.index(words)
        place = Place(ids[0], start, start + len(words), words, aspect)
        span = mark(desk, author=ana, place=place).span_id
        source = NewSource("article" if article else "web", {"title": "Speech"}, article_id=article)
        add_evidence(desk, author=ana, span_id=span, source=source, citation=Citation(excerpt=excerpt))
        return client.get(f"/c/desk/articles/{ids[0]}/card/?claim={span}", **HTMX).content.decode()

    return show


def test_a_quotation_is_compared_with_its_origin(card):
    html = card("“Two ferries will open next year,” the mayor said")
    assert "<del>could</del>" in html
    assert "<ins>will</ins>" in html
    assert "The article says “will” for “could”; leaves out “almost”." in html


def test_the_source_can_be_opened_beside(card):
    html = card("“Two ferries will open next year,” the mayor said")
    assert 'data-do="beside:' in html


def test_what_is_no_quotation_is_not_compared(card):
    assert "word-diff" not in card("It costs $2")


def test_the_wording_is_compared_without_marks_too(card):
    assert "leaves out “almost”" in card("Two ferries will open next year", aspect="wording")


def test_a_source_that_is_no_article_or_has_no_words_is_not_compared(card):
    assert "word-diff" not in card("“Two ferries will open next year,”", article=None)
    assert "word-diff" not in card("“Two ferries will open next year,” the", excerpt="")


def test_words_that_are_not_there_are_said_to_be_missing(card):
    assert "The words quoted are not among these." in card(
        "“Two ferries will open next year,”", excerpt="Nobody sang."
    )


def test_what_was_quoted_is_escaped(card):
    html = card("It costs $2 <billion>", aspect="said", excerpt="It costs $2 <b>billion</b>")
    assert "<b>billion" not in html
    assert "<billion" not in html
