"""The reader's page and the fragments it fetches, as each person sees them."""

import pytest

from annotations.models import CollectionSettings
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.settings import change_settings
from annotations.views import reader
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def disputed(desk, ana, place):
    """Ana disputes "31 bridges"."""
    return tag(
        desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed", "It is 30."), base=None
    ).span_id


def open_as(client, user, path):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(path)


def test_the_page_has_text_claim_and_what_is_left(client, ben, article, disputed):
    html = open_as(client, ben, f"/c/desk/articles/{article.pk}/").content.decode()
    assert '<span class="h d">31 bridges</span>' in html
    assert f'id="r{disputed}" href="#c{disputed}"' in html
    assert f'<li class="claim d" id="c{disputed}"' in html
    assert "Can it run?" in html
    assert "<b>1</b> disputed" in html


@pytest.mark.parametrize(("lines", "long"), [(40, False), (41, True)])
def test_only_of_a_long_text_is_laid_out_what_is_in_sight(client, desk, edith, article, lines, long):
    text = "\n".join(f"Line {n} of the report." for n in range(lines))
    other = import_article(
        desk, author=edith, text=text, details=Details(title="Report", blocks=blocks_of(text))
    ).article_id
    html = open_as(client, edith, f"/c/desk/articles/{other}/?beside={article.pk}").content.decode()
    assert ('id="article" class="article long"' in html) is long
    assert 'id="other" class="article"' in html
    html = open_as(client, edith, f"/c/desk/articles/{article.pk}/?beside={other}").content.decode()
    assert ('id="other" class="article long"' in html) is long


def test_nothing_is_laid_out_before_the_page_s_own_styles(client, ben, article):
    """A mouse over the window would have it laid out without them: the parser waits for a sheet in the body."""
    head, body = open_as(client, ben, f"/c/desk/articles/{article.pk}/").content.decode().split("<body", 1)
    before_anything = body.split(">", 1)[1].lstrip()
    assert before_anything.startswith('<link rel="stylesheet" href="/static/annotations/css/reader')
    assert "css/site" in head


def test_a_chosen_claim_is_on_the_card(client, ben, article, disputed):
    html = open_as(client, ben, f"/c/desk/articles/{article.pk}/?claim={disputed}").content.decode()
    assert f'id="card" class="claim-card d" aria-label="Claim {disputed}"' in html
    assert "It is 30." in html


def test_strangers_and_signed_out_people_see_nothing(client, sam, article):
    assert client.get(f"/c/desk/articles/{article.pk}/").status_code == 302
    assert open_as(client, sam, f"/c/desk/articles/{article.pk}/").status_code == 404
    for part in ("card", "claims", "next", "left"):
        assert client.get(f"/c/desk/articles/{article.pk}/{part}/", **HTMX).status_code == 404


def test_viewers_see_settled_claims_only(client, desk, vera, ana, article, place, disputed):
    marked = mark(desk, author=ana, place=place("$2 billion")).span_id
    html = open_as(client, vera, f"/c/desk/articles/{article.pk}/").content.decode()
    assert f'id="c{disputed}"' in html
    assert f'id="c{marked}"' not in html
    assert f'id="r{marked}"' not in html
    card = client.get(f"/c/desk/articles/{article.pk}/card/?claim={disputed}", **HTMX).content.decode()
    assert "It is 30." in card
    assert "<form" not in card
    hidden = client.get(f"/c/desk/articles/{article.pk}/card/?claim={marked}", **HTMX).content.decode()
    assert "No claim here" in hidden


def test_blind_reviewers_see_places_only_until_their_own_verdict(
    client, desk, edith, ben, article, disputed, place
):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    html = open_as(client, ben, f"/c/desk/articles/{article.pk}/?claim={disputed}").content.decode()
    assert '<span class="h m">31 bridges</span>' in html
    assert "It is 30." not in html
    assert "hidden until you give your verdict" in html
    tag(desk, author=ben, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    html = client.get(f"/c/desk/articles/{article.pk}/?claim={disputed}").content.decode()
    assert "It is 30." in html
    assert '<span class="h mix">31 bridges</span>' in html


@pytest.mark.parametrize("part", ["card/?claim=1", "claims/", "next/", "left/"])
def test_fragments_asked_for_as_pages_lead_to_the_page(client, ana, article, part):
    answer = open_as(client, ana, f"/c/desk/articles/{article.pk}/{part}")
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/c/desk/articles/{article.pk}/")


def test_the_card_for_words_lists_the_claims_there(client, desk, ana, article, place, disputed):
    other = mark(desk, author=ana, place=place("31")).span_id
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    where = place("31 bridges")
    several = client.get(
        f"/c/desk/articles/{article.pk}/card/?start={where.start + 1}&end={where.start + 1}", **HTMX
    )
    assert "2 claims here" in several.content.decode()
    exact = client.get(f"/c/desk/articles/{article.pk}/card/?start={where.start}&end={where.end}", **HTMX)
    assert f'data-n="{disputed}"' in exact.content.decode()
    assert f'data-n="{other}"' not in exact.content.decode()


def test_next_is_the_next_claim_without_my_verdict(client, desk, ana, ben, article, place):
    first = mark(desk, author=ana, place=place("31 bridges")).span_id
    second = mark(desk, author=ana, place=place("$2 billion")).span_id
    client.force_login(ben, backend="django.contrib.auth.backends.ModelBackend")
    base = f"/c/desk/articles/{article.pk}/next/"
    assert f'data-n="{first}"' in client.get(f"{base}?after=0", **HTMX).content.decode()
    assert f'data-n="{second}"' in client.get(f"{base}?after=40", **HTMX).content.decode()
    assert f'data-n="{first}"' in client.get(f"{base}?after=9999", **HTMX).content.decode()
    for each in ("31 bridges", "$2 billion"):
        tag(desk, author=ben, target=place(each), opinion=Opinion("verified"), base=None)
    assert "Nothing here waits for you." in client.get(f"{base}?after=0", **HTMX).content.decode()


def test_the_list_comes_in_windows(client, desk, ana, article, monkeypatch):
    monkeypatch.setattr(reader, "WINDOW", 3)
    ids = [
        mark(desk, author=ana, place=Place(article.pk, at, at + 4, article.text[at : at + 4])).span_id
        for at in range(20, 27)
    ]
    html = open_as(client, ana, f"/c/desk/articles/{article.pk}/").content.decode()
    assert f'id="c{ids[2]}"' in html
    assert f'id="c{ids[3]}"' not in html
    after = html.split('data-more="claims/')[1].split('"')[0]
    more = client.get(f"/c/desk/articles/{article.pk}/claims/{after}", **HTMX).content.decode()
    assert [f'id="c{each}"' in more for each in ids] == [False] * 3 + [True] * 3 + [False]


def test_the_page_asks_as_much_of_the_database_for_many_claims_as_for_one(
    client, desk, ana, article, place, disputed, django_assert_max_num_queries
):
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    with django_assert_max_num_queries(22):
        client.get(f"/c/desk/articles/{article.pk}/?claim={disputed}")
    for each in ("31", "harbour", "mayor", "Two", "May", "cost"):
        mark(desk, author=ana, place=place(each))
    with django_assert_max_num_queries(22):
        client.get(f"/c/desk/articles/{article.pk}/?claim={disputed}")


def test_text_and_titles_are_escaped(client, desk, edith, ana):
    text = 'The <script>alert(1)</script> line & "quotes".'
    block = {"start": 0, "end": len(text), "role": "body", "reason": "", "sentences": [[0, len(text)]]}
    details = Details(
        title="<img src=x onerror=alert(1)>",
        url='https://x.example/"><script>alert(2)</script>',
        blocks=[block],
    )
    stored = import_article(desk, author=edith, text=text, details=details)
    html = open_as(client, ana, f"/c/desk/articles/{stored.article_id}/").content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
