"""Another text beside the article: who sees which, what comes first, where it tells the same."""

import pytest

from annotations.models import ArticleDetails, CollectionSettings
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, tag
from annotations.services.settings import change_settings, create_collection
from annotations.services.withdrawal import withdraw_article
from tests.conftest import TEXT, blocks_of

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
ORIGIN = "Transcript\n“We have almost 31 bridges in the harbour,” the mayor told the council."


def bring(collection, author, text, supersedes=None, **fields) -> int:
    details = Details(blocks=blocks_of(text), language="en", **fields)
    stored = import_article(collection, author=author, text=text, details=details, supersedes=supersedes)
    return stored.article_id


@pytest.fixture
def origin(desk, edith) -> int:
    return bring(desk, edith, ORIGIN, title="Transcript", publisher="City", role="reference")


@pytest.fixture
def as_ana(client, ana):
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    return client


def headings(html: str) -> list[str]:
    return [part.split(">")[1].split("<")[0] for part in html.split("<h3")[1:]]


def test_the_page_has_both_texts_with_ids_of_their_own(as_ana, article, origin):
    html = as_ana.get(f"/c/desk/articles/{article.pk}/?beside={origin}").content.decode()
    assert '<p class="block" id="b18"' in html
    assert '<p class="block" id="o-b11"' in html
    assert "We have almost 31 bridges" in html
    assert "Reference text: cited, not checked." in html
    assert f'href="/c/desk/articles/{origin}/?beside={article.pk}">Work on this text' in html


def test_fragment_and_page_hold_the_same_text(as_ana, article, origin):
    path = f"/c/desk/articles/{article.pk}/beside/{origin}/"
    fragment = as_ana.get(path, **HTMX).content.decode()
    assert fragment.strip() in as_ana.get(f"/c/desk/articles/{article.pk}/?beside={origin}").content.decode()
    assert as_ana.get(path)["Location"] == f"/c/desk/articles/{article.pk}/?beside={origin}"
    choices = as_ana.get(f"/c/desk/articles/{article.pk}/beside/", **HTMX).content.decode()
    assert choices.strip() in as_ana.get(f"/c/desk/articles/{article.pk}/beside/").content.decode()


def alone(browser, path) -> str:
    """What the reader says that opens without the text which `path` asks for."""
    answer = browser.get(path)
    assert (answer.status_code, answer["Location"]) == (302, path.partition("?")[0])
    html = browser.get(answer["Location"]).content.decode()
    assert 'id="other"' not in html
    return html.partition('<div class="notice warning"><p class="body">')[2].partition("</p>")[0]


@pytest.mark.parametrize("wrong", ["abc", "", "-1", "999999", "9" * 30])
def test_what_is_no_article_of_this_collection_is_not_there(as_ana, article, wrong):
    path = f"/c/desk/articles/{article.pk}/?beside={wrong}"
    assert alone(as_ana, path) == "There is no such text to put beside this one."


def test_what_else_the_address_asks_for_stays(as_ana, article):
    answer = as_ana.get(f"/c/desk/articles/{article.pk}/?claim=7&beside=999999")
    assert answer["Location"] == f"/c/desk/articles/{article.pk}/?claim=7"


def test_nor_another_collections_article_nor_the_article_itself(as_ana, article, edith):
    elsewhere = create_collection("elsewhere", author=None, name="Elsewhere")
    foreign = bring(elsewhere, edith, ORIGIN)
    base = f"/c/desk/articles/{article.pk}/"
    for other in (foreign, article.pk):
        assert alone(as_ana, f"{base}?beside={other}") == "There is no such text to put beside this one."
        assert as_ana.get(f"{base}beside/{other}/", **HTMX).status_code == 404
        assert as_ana.get(f"{base}beside/{other}/align/?start=0&end=5", **HTMX).status_code == 404


def test_strangers_and_wrong_methods(client, sam, ana, article, origin):
    base = f"/c/desk/articles/{article.pk}/beside/"
    doors = [base, f"{base}{origin}/", f"{base}{origin}/align/?start=0&end=5"]
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    assert [client.get(door, **HTMX).status_code for door in doors] == [404] * 3
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    assert [client.post(door, **HTMX).status_code for door in doors] == [405] * 3


def test_a_withdrawn_text_stands_beside_nothing(as_ana, desk, edith, article, origin):
    base = ArticleDetails.objects.current().get(article=origin).pk
    withdraw_article(desk, author=edith, article_id=origin, base=base)
    path = f"/c/desk/articles/{article.pk}/?beside={origin}"
    assert alone(as_ana, path) == "The text beside was withdrawn."
    assert as_ana.get(f"/c/desk/articles/{article.pk}/beside/{origin}/", **HTMX).status_code == 410
    listed = as_ana.get(f"/c/desk/articles/{article.pk}/beside/").content.decode()
    assert f"beside={origin}" not in listed
    assert "There is no other text" in listed


def test_versions_first_then_references_then_what_is_most_alike(as_ana, desk, edith, article, origin):
    second = bring(desk, edith, f"{TEXT} Updated.", supersedes=article.pk, title="Bridges counted again")
    third = bring(desk, edith, f"{TEXT} Twice.", supersedes=second, title="Bridges counted a third time")
    like = bring(
        desk, edith, "Bridges counted in the harbour, the mayor said.", title="Bridges of the harbour"
    )
    unlike = bring(desk, edith, "Trams will run at night.", title="Trams")
    html = as_ana.get(f"/c/desk/articles/{second}/beside/").content.decode()
    assert headings(html) == ["Earlier versions", "Later versions", "Reference texts", "Other articles"]
    order = (article.pk, third, origin, like, unlike)
    places = [html.index(f'?beside={each}"') for each in order]
    assert places == sorted(places)


def test_words_find_a_text_by_title_or_publisher(as_ana, desk, edith, article, origin):
    bring(desk, edith, "Trams will run at night.", title="Trams")
    html = as_ana.get(f"/c/desk/articles/{article.pk}/beside/?q=city", **HTMX).content.decode()
    assert f"beside={origin}" in html
    assert "Trams" not in html
    nothing = as_ana.get(f"/c/desk/articles/{article.pk}/beside/?q=zz%00<b>", **HTMX).content.decode()
    assert "No text with these words." in nothing
    assert "<b>" not in nothing


def test_the_passage_that_tells_the_same_both_ways(as_ana, article, origin, place):
    where = place("31 bridges in the harbour")
    path = f"/c/desk/articles/{article.pk}/beside/{origin}/align/"
    found = as_ana.get(f"{path}?start={where.start}&end={where.end}", **HTMX).json()["found"]
    assert "31 bridges in the harbour" in ORIGIN[found["start"] : found["end"]]
    assert found["alike"] >= 80
    back = f"{path}?from=other&start={found['start']}&end={found['end']}"
    home = as_ana.get(back, **HTMX).json()["found"]
    assert "31 bridges in the harbour" in TEXT[home["start"] : home["end"]]
    other = place("Two more open in May")
    assert as_ana.get(f"{path}?start={other.start}&end={other.end}", **HTMX).json() == {"found": None}


@pytest.mark.parametrize(
    "place", ["", "start=5&end=5", "start=9&end=3", "start=0&end=99999", "start=x&end=y"]
)
def test_words_that_are_not_there_are_not_aligned(as_ana, article, origin, place):
    path = f"/c/desk/articles/{article.pk}/beside/{origin}/align/?{place}"
    assert as_ana.get(path, **HTMX).status_code == 404


def test_blind_reviewers_see_places_beside_as_everywhere(as_ana, desk, edith, ana, ben, article):
    text = "Another paper\nIt counted 31 bridges."
    paper = bring(desk, edith, text, title="Another paper")
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    place = Place(paper, 25, 35, text[25:35])
    tag(desk, author=ben, target=place, opinion=Opinion("disputed", "HIDDEN"), base=None)
    path = f"/c/desk/articles/{article.pk}/?beside={paper}"
    assert '<span class="h m">31 bridges</span>' in as_ana.get(path).content.decode()
    tag(desk, author=ana, target=place, opinion=Opinion("disputed"), base=None)
    assert '<span class="h d">31 bridges</span>' in as_ana.get(path).content.decode()


def test_a_title_is_text(as_ana, desk, edith, article):
    sly = bring(desk, edith, "A <b>text</b>.", title='"><script>alert(1)</script>')
    html = as_ana.get(f"/c/desk/articles/{article.pk}/?beside={sly}").content.decode()
    html += as_ana.get(f"/c/desk/articles/{article.pk}/beside/").content.decode()
    assert "<script>alert" not in html
    assert "A <b>" not in html


def test_queries_do_not_grow(as_ana, desk, edith, ana, article, django_assert_max_num_queries):
    paper = bring(desk, edith, ORIGIN, title="A paper")

    def fill(n: int) -> None:
        last = bring(desk, edith, f"Version {n} of it.", supersedes=article.pk)
        for k in range(5):
            last = bring(desk, edith, f"Version {n} {k} of it.", supersedes=last)
            bring(desk, edith, f"Another {n} {k}.", title=f"Another {n} {k}")
        place = Place(paper, 12 + n, 20 + n, ORIGIN[12 + n : 20 + n])
        tag(desk, author=ana, target=place, opinion=Opinion("verified"), base=None)

    for n in range(2):
        with django_assert_max_num_queries(19):
            as_ana.get(f"/c/desk/articles/{article.pk}/?beside={paper}")
        with django_assert_max_num_queries(9):
            as_ana.get(f"/c/desk/articles/{article.pk}/beside/", **HTMX)
        fill(n)
