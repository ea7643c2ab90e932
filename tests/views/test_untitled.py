"""An article without a title has one name, wherever one reads of it."""

import re

import pytest

from annotations.models import Article, ArticleDetails
from annotations.services.articles import Details, import_article
from annotations.services.assignments import assign
from annotations.services.claims import Opinion, Place, tag
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.work import Standing, set_work
from tests.conftest import TEXT, blocks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def untitled(desk, edith, ana, ben, article):
    """Judged, contested and given to Ana, beside an article with a title that tells one of its claims too."""
    text = f"{TEXT}\nAnd no more."
    details = Details(publisher="", language="en", blocks=blocks_of(text))
    stored = import_article(desk, author=edith, text=text, details=details)
    first, second = (
        Place(number, text.index(words), text.index(words) + len(words), words)
        for number, words in ((stored.article_id, "31 bridges"), (stored.article_id, "$2 billion"))
    )
    tag(desk, author=ana, target=first, opinion=Opinion("disputed"), base=None)
    tag(desk, author=ben, target=first, opinion=Opinion("verified"), base=None)
    for person in (ana, ben):
        agreed = tag(desk, author=person, target=second, opinion=Opinion("verified"), base=None).span_id
    web = NewSource("web", {"title": "Register", "url": "https://harbour.example/r", "is_primary": True})
    add_evidence(desk, author=ana, span_id=agreed, source=web)
    tag(desk, author=ben, target=_same(article), opinion=Opinion("verified"), base=None)
    set_work(desk, author=edith, article_id=stored.article_id, base=None, wanted=Standing("checking", ana.pk))
    assign(desk, author=edith, reviewer_ids=[ana.pk], article_ids=[stored.article_id])
    return Article.objects.get(pk=stored.article_id)


def _same(article):
    at = TEXT.index("31 bridges")
    return Place(article.pk, at, at + 10, "31 bridges")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/c/desk/",
        "/c/desk/articles/",
        "/c/desk/articles/{}/",
        "/c/desk/articles/{}/plain/",
        "/c/desk/articles/{}/proof/",
        "/c/desk/articles/{}/beside/",
        "/c/desk/articles/{other}/?beside={}",
        "/c/desk/articles/{other}/beside/",
        "/c/desk/articles/{}/details/",
        "/c/desk/articles/{}/work/",
        "/c/desk/claims/",
        "/c/desk/claims/?article={}",
        "/c/desk/claims/accept/",
        "/c/desk/claims/{claim}/",
        "/c/desk/claims/{same}/",
        "/c/desk/history/",
        "/c/desk/history/?article={}",
        "/c/desk/dataset/",
        "/c/desk/dataset/?article={}",
    ],
)
def test_it_is_called_the_same_on_every_page(signed_in, edith, article, untitled, path):
    claims = {each.article_id: each.pk for each in [*article.spans.all(), *untitled.spans.order_by("-pk")]}
    found = {"other": article.pk, "claim": claims[untitled.pk], "same": claims[article.pk]}
    html = signed_in(edith).get(path.format(untitled.pk, **found)).content.decode()
    assert f"Untitled article {untitled.pk}" in html
    assert not re.findall(r"Untitled article(?! \d)|an article</a>|Details of this", html)


def test_at_the_desk_and_among_suggestions_it_is_called_so_too(signed_in, ana, article, untitled):
    name = f"Untitled article {untitled.pk}"
    assert f">{name}</a>" in signed_in(ana).get("/").content.decode()
    path = f"/c/desk/articles/{article.pk}/known-sources/?for=article&q="
    assert f'data-name="{name}"' in signed_in(ana).get(path, headers={"hx-request": "true"}).content.decode()


def test_a_list_of_articles_says_how_it_begins(signed_in, ana, untitled):
    html = signed_in(ana).get("/c/desk/articles/").content.decode()
    assert html.count("<i>Bridges 🌉 counted</i>") == 1


def test_what_has_a_title_is_called_by_it(article):
    assert str(ArticleDetails.objects.current().get(article=article)) == "Bridges 🌉 counted"
