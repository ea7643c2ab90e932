"""The pages around the reader: desk, dashboard, lists, history, settings, details, dataset."""

import re

import pytest

from annotations.models import Annotation, ArticleDetails, Collection, CollectionSettings, Revision
from annotations.services.articles import Details, edit_details, import_article
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.settings import change_settings, create_collection, set_member
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db


def words(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def more_articles(desk, author, count, start=0):
    for n in range(start, start + count):
        text = f"Headline {n}\nIn {1900 + n} there were {n} bridges.\n"
        details = Details(title=f"Headline {n}", publisher=f"Outlet {n % 3}", blocks=blocks_of(text))
        stored = import_article(desk, author=author, text=text, details=details)
        at = text.index("there")
        place = Place(stored.article_id, at, at + 10, text[at : at + 10])
        tag(desk, author=author, target=place, opinion=Opinion("needs_source"), base=None)


@pytest.fixture
def disputed(desk, ana, place):
    return tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id


@pytest.fixture
def contested(desk, ben, place, disputed):
    tag(desk, author=ben, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    return disputed


def make_blind(desk, edith):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})


def test_an_empty_desk_says_so(signed_in, sam):
    html = words(signed_in(sam).get("/"))
    assert "Nothing waits for you." in html
    assert "not a member of any collection" in html


def test_the_desk_lists_what_waits_for_me_and_not_what_has_my_opinion(signed_in, desk, ana, ben, vera, place):
    mark(desk, author=ana, place=place("harbour"))
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    assert "2 to check" in words(signed_in(ben).get("/"))
    html = words(signed_in(ana).get("/"))
    assert "1 to check" in html
    assert ">31 bridges<" not in html
    assert "Nothing waits for you." in words(signed_in(vera).get("/"))


def test_editors_are_shown_what_to_decide_unless_they_reviewed_it(
    signed_in, desk, edith, ana, contested, person
):
    other = set_member(desk, person("eve"), "editor").user
    assert "1 to decide" in words(signed_in(edith).get("/"))
    tag_claim = Place(*_place_of(contested))
    tag(desk, author=edith, target=tag_claim, opinion=Opinion("verified"), base=None)
    assert "to decide" not in words(signed_in(edith).get("/"))
    assert "1 to decide" in words(signed_in(other).get("/"))
    assert "to decide" not in words(signed_in(ana).get("/"))


def _place_of(span_id):
    from annotations.models import Span

    span = Span.objects.get(pk=span_id)
    return span.article_id, span.start, span.end, span.quote


def test_in_a_blind_collection_the_desk_says_nothing_of_others(
    signed_in, desk, edith, ben, contested, ana, place, person
):
    make_blind(desk, edith)
    cleo = set_member(desk, person("cleo"), "reviewer").user
    mark(desk, author=ana, place=place("harbour"))
    assert "2 to check" in words(signed_in(cleo).get("/"))
    assert "1 to check" in words(signed_in(ben).get("/"))


def test_the_dashboard_counts_claims_by_status_and_verdict(signed_in, desk, edith, ana, place, contested):
    mark(desk, author=ana, place=place("harbour"))
    html = words(signed_in(edith).get("/c/desk/"))
    assert "2 claims" in html
    assert '?status=contested"><span class="count">1</span>' in html
    assert '?status=to_check"><span class="count">1</span>' in html
    assert "0 of 2" in html
    assert "Reviewers disagree" in html


def test_the_dashboard_hides_from_blind_reviewers_and_viewers_what_they_may_not_see(
    signed_in, desk, edith, vera, contested, person
):
    make_blind(desk, edith)
    cleo = set_member(desk, person("cleo"), "reviewer").user
    html = words(signed_in(cleo).get("/c/desk/"))
    assert '?status=to_check"><span class="count">1</span>' in html
    assert '?status=contested"><span class="count">0</span>' in html
    assert "1 Disputed" not in html
    assert "0 claims" in words(signed_in(vera).get("/c/desk/"))


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/", 16),
        ("/c/desk/", 34),
        ("/c/desk/articles/", 9),
        ("/c/desk/claims/", 9),
        ("/c/desk/history/", 15),
        ("/c/desk/dataset/", 21),
        ("/c/desk/settings/", 5),
    ],
)
def test_no_page_asks_more_of_the_database_for_more_rows(
    signed_in, desk, edith, contested, path, queries, django_assert_max_num_queries
):
    browser = signed_in(edith)
    more_articles(desk, edith, 2)
    with django_assert_max_num_queries(queries):
        browser.get(path)
    more_articles(desk, edith, 9, start=2)
    for n in range(3):
        set_member(create_collection(f"more-{n}", author=edith), edith, "editor")
    with django_assert_max_num_queries(queries):
        browser.get(path)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=COUNTED", ["Bridges 🌉 counted"]),
        ("q=1901", ["Headline 1"]),
        ("q=outlet+2", ["Headline 2"]),
        ("publisher=Outlet+0", ["Headline 0"]),
        ("work=left", ["Bridges 🌉 counted"]),
        ("work=done&q=1902", ["Headline 2"]),
        ("sort=title", ["Bridges 🌉 counted", "Headline 0", "Headline 1", "Headline 2"]),
        ("sort=newest", ["Headline 2", "Headline 1", "Headline 0", "Bridges 🌉 counted"]),
        ("role=reference", []),
        ("q=%25", []),
    ],
)
def test_articles_are_searched_filtered_and_sorted(signed_in, desk, edith, place, query, titles):
    mark(desk, author=edith, place=place("harbour"))
    more_articles(desk, edith, 3)
    shown = signed_in(edith).get(f"/c/desk/articles/?{query}").context["articles"]
    assert [row.title for row in shown] == titles


def test_a_search_that_finds_nothing_or_is_too_long_says_what_to_do(signed_in, ana, article):
    browser = signed_in(ana)
    assert "No article fits." in words(browser.get("/c/desk/articles/?q=zebra"))
    assert "Null characters are not allowed" in words(browser.get("/c/desk/articles/?q=nothing%00like"))
    assert "at most 200 characters" in words(browser.get("/c/desk/articles/?q=" + "a" * 5000))


def test_articles_come_in_pages_and_keep_the_filter(signed_in, desk, edith):
    more_articles(desk, edith, 27)
    html = words(signed_in(edith).get("/c/desk/articles/?sort=title"))
    assert "1–25 of 27" in html
    assert 'href="?sort=title&amp;page=2"' in html
    assert "26–27 of 27" in words(signed_in(edith).get("/c/desk/articles/?sort=title&page=2"))
    assert "The list ends before this page." in words(signed_in(edith).get("/c/desk/articles/?page=999"))
    assert "1–25 of 27" in words(signed_in(edith).get("/c/desk/articles/?page=-1"))


def test_progress_counts_what_i_may_see(signed_in, desk, ana, ben, edith, vera, article, place, disputed):
    mark(desk, author=ana, place=place("harbour"))
    assert "1 of 2" in words(signed_in(ana).get("/c/desk/articles/"))
    assert ">1 claim</a>" in words(signed_in(vera).get("/c/desk/articles/"))
    make_blind(desk, edith)
    assert "0 of 2" in words(signed_in(ben).get("/c/desk/articles/"))


@pytest.mark.parametrize(
    ("query", "quotes"),
    [
        ("", ["harbour", "31 bridges"]),
        ("status=to_check", ["harbour"]),
        ("verdict=disputed", ["31 bridges"]),
        ("publisher=harbour", ["harbour", "31 bridges"]),
        ("publisher=nobody", []),
        ("article=999999", []),
        ("status=password&verdict=%27", ["harbour", "31 bridges"]),
    ],
)
def test_claims_are_filtered(signed_in, desk, ana, place, disputed, query, quotes):
    mark(desk, author=ana, place=place("harbour"))
    shown = signed_in(ana).get(f"/c/desk/claims/?{query}").context["claims"]
    assert [row["quote"] for row in shown] == quotes


def test_a_claim_says_what_it_waits_for(signed_in, desk, edith, ana, place):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    assert "Waiting for a source" in words(signed_in(ana).get("/c/desk/claims/"))
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"reviews_needed": 2})
    assert "Waiting for a second opinion" in words(signed_in(ana).get("/c/desk/claims/"))


def test_claims_are_those_that_i_may_see(signed_in, desk, edith, ana, ben, vera, place, contested, person):
    settled = tag(desk, author=ana, target=place("harbour"), opinion=Opinion("disputed"), base=None).span_id
    shown = signed_in(vera).get("/c/desk/claims/").context["claims"]
    assert [row["id"] for row in shown] == [settled]
    make_blind(desk, edith)
    cleo = set_member(desk, person("cleo"), "reviewer").user
    rows = signed_in(cleo).get("/c/desk/claims/").context["claims"]
    assert {(row["status"], row["verdict"], tuple(row["counts"])) for row in rows} == {("to_check", None, ())}
    assert signed_in(cleo).get("/c/desk/claims/?verdict=disputed").context["claims"] == []


def test_history_tells_each_change_and_undoes_it(signed_in, desk, ana, edith, article, disputed):
    browser = signed_in(edith)
    html = words(browser.get("/c/desk/history/"))
    assert "gave an opinion" in html
    assert "brought in" in html
    assert browser.post("/c/desk/history/3/undo/")["Location"] == "/c/desk/history/#notices"
    html = words(browser.get("/c/desk/history/"))
    assert 'id="notices" role="status" tabindex="-1"' in html
    assert f'undid <a href="/c/desk/history/3/">change 3</a>: opinion of claim {disputed}, by Ana' in html
    assert 'undone by <a href="/c/desk/history/4/">change 4</a>' in html
    assert 'action="/c/desk/history/3/undo/"' not in html
    assert 'action="/c/desk/history/4/undo/"' in html
    assert "0 claims" in words(browser.get("/c/desk/"))


def test_reviewers_undo_their_own_changes_only(signed_in, ana, ben, disputed):
    assert 'action="/c/desk/history/3/undo/"' not in words(signed_in(ben).get("/c/desk/history/"))
    assert signed_in(ben).post("/c/desk/history/3/undo/").status_code == 403
    assert 'action="/c/desk/history/3/undo/"' in words(signed_in(ana).get("/c/desk/history/"))
    assert signed_in(ana).post("/c/desk/history/3/undo/").status_code == 302


def test_an_undo_that_others_work_depends_on_is_refused_naming_it(signed_in, desk, edith, disputed):
    answer = signed_in(edith).post("/c/desk/history/2/undo/")
    assert answer.status_code == 409
    assert "Not undone" in answer.content.decode()
    assert Revision.objects.filter(collection=desk).count() == 3


def test_a_refused_undo_tells_a_blind_reviewer_nothing_of_others(signed_in, desk, edith, ana, ben, place):
    marked = mark(desk, author=ana, place=place("harbour"))
    tag(desk, author=ben, target=place("harbour"), opinion=Opinion("disputed"), base=None)
    make_blind(desk, edith)
    html = signed_in(ana).post(f"/c/desk/history/{marked.revision}/undo/").content.decode()
    assert "Not undone" in html
    assert not re.search(
        r"\bben\b", html, re.IGNORECASE
    )  # in a word: a form's token may hold any three letters
    assert "disputed" not in html.lower()


def test_settings_are_changed_from_the_version_that_was_seen(signed_in, desk, edith):
    browser, base = signed_in(edith), CollectionSettings.objects.current().get().pk
    sent = {"base": base, "name": "Desk of bridges", "reviews_needed": 2, "license": "CC-BY-4.0"}
    assert browser.post("/c/desk/settings/", sent).status_code == 302
    assert CollectionSettings.objects.current().get().name == "Desk of bridges"
    stale = browser.post("/c/desk/settings/", sent | {"name": "Another name"})
    html = stale.content.decode()
    assert stale.status_code == 409
    assert "Desk of bridges" in html
    assert "Another name" in html
    fresh = CollectionSettings.objects.current().get().pk
    assert f'name="base" value="{fresh}"' in html
    assert (
        browser.post("/c/desk/settings/", sent | {"name": "Another name", "base": fresh}).status_code == 302
    )


def test_wrong_settings_are_said_at_their_field(signed_in, edith):
    base = CollectionSettings.objects.current().get().pk
    answer = signed_in(edith).post("/c/desk/settings/", {"base": base, "name": "", "reviews_needed": 0})
    assert answer.status_code == 422
    assert 'id="id_name_error"' in answer.content.decode()
    assert 'id="id_reviews_needed_error"' in answer.content.decode()


def details_of(article):
    return ArticleDetails.objects.current().get(article=article)


def sent_details(article, **changed):
    row = details_of(article)
    known = {"base": row.pk, "title": row.title, "direction": "ltr", "role": "checked", "language": "en"}
    return known | changed


def test_an_editor_corrects_details_and_roles(signed_in, desk, edith, article):
    browser, path = signed_in(edith), f"/c/desk/articles/{article.pk}/details/"
    html = words(browser.get(path))
    assert "Bridges 🌉 counted" in html
    sent = sent_details(
        article, title="Bridges", published_on="2026-04-01", **{"role-1": "deck", "role-2": "nonsense"}
    )
    assert browser.post(path, sent).status_code == 302
    row = details_of(article)
    assert (row.title, str(row.published_on)) == ("Bridges", "2026-04-01")
    assert [block["role"] for block in row.blocks][:3] == ["headline", "deck", "body"]
    assert row.blocks[1]["reason"] == "chosen"


def test_details_changed_meanwhile_are_shown_beside_mine(signed_in, desk, edith, article):
    browser, path = signed_in(edith), f"/c/desk/articles/{article.pk}/details/"
    mine = sent_details(article, title="Mine")
    edit_details(
        desk, author=edith, article_id=article.pk, base=details_of(article).pk, changes={"title": "Theirs"}
    )
    answer = browser.post(path, mine)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in html
    assert 'value="Mine"' in html
    kept = browser.post(path, mine | {"base": details_of(article).pk})
    assert (kept.status_code, details_of(article).title) == (302, "Mine")


TRICKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }}",
    "javascript:alert(1)",
    "\u202egnp.exe",
]


@pytest.mark.parametrize("trick", TRICKS)
def test_what_people_type_is_shown_and_never_run(signed_in, desk, edith, article, place, trick, person):
    """T17, on the server's side: names, titles, publishers, descriptions."""
    edith.display_name = trick
    edith.save()
    edit_details(
        desk,
        author=edith,
        article_id=article.pk,
        base=details_of(article).pk,
        changes={"title": trick, "publisher": trick, "byline": trick},
    )
    base = CollectionSettings.objects.current().get().pk
    change_settings(
        desk, author=edith, base=base, changes={"name": trick, "description": trick, "license": trick[:90]}
    )
    mark(desk, author=edith, place=place("31 bridges"))
    browser = signed_in(edith)
    for path in (
        "",
        "articles/",
        "claims/",
        "history/",
        "history/3/",
        "settings/",
        "dataset/",
        f"articles/{article.pk}/details/",
    ):
        html = words(browser.get(f"/c/desk/{path}"))
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert 'href="javascript' not in html
    assert Collection.objects.get(slug="desk").head == 5


def test_the_desk_asks_nothing_of_a_viewer_and_sends_staff_to_administration(
    signed_in, vera, ana, stan, article
):
    asks = "mark what it claims"
    assert asks not in words(signed_in(vera).get("/"))
    assert asks in words(signed_in(ana).get("/"))
    html = words(signed_in(stan).get("/"))
    assert "Ask whoever" not in html
    assert '<a href="/admin/">administration</a>' in html


def test_a_refusal_names_who_can_change_it(signed_in, vera, sam, desk):
    refused = signed_in(vera).get("/c/desk/history/")
    assert refused.status_code == 403
    assert "Whoever administrates this desk can change your role" in refused.content.decode()
    missing = signed_in(sam).get("/c/desk/")
    assert missing.status_code == 404
    assert "ask whoever administrates this desk to add you" in missing.content.decode()


def test_new_settings_say_how_many_claims_they_moved(signed_in, edith, desk, disputed):
    browser = signed_in(edith)
    page = words(browser.get("/c/desk/settings/"))
    assert page.count("all claims at once") == 2
    base = CollectionSettings.objects.current().get(collection=desk).pk
    form = {"base": base, "name": "The desk", "reviews_needed": 2, "verified_needs_source": "on"}
    saved = browser.post("/c/desk/settings/", form | {"text_exportable": "on"}, follow=True)
    assert "1 claim has another state now: 1 agreed → waiting." in words(saved)
    base = CollectionSettings.objects.current().get(collection=desk).pk
    form |= {"base": base, "name": "Another desk"}
    saved = browser.post("/c/desk/settings/", form | {"text_exportable": "on"}, follow=True)
    assert "Settings saved." in words(saved)
    assert "another state" not in words(saved)


def test_an_undo_that_was_undone_leaves_the_change_standing(signed_in, edith, disputed):
    browser = signed_in(edith)
    browser.post("/c/desk/history/3/undo/")
    browser.post("/c/desk/history/4/undo/")
    html = words(browser.get("/c/desk/history/"))
    assert "the undoing of change 3, by Edith" in html
    assert 'action="/c/desk/history/3/undo/"' in html
    assert 'action="/c/desk/history/4/undo/"' not in html


def test_a_second_thought_reads_otherwise_than_a_first_opinion(signed_in, desk, ana, place, disputed):
    base = Annotation.objects.current().get(span=disputed).pk
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed", why="32"), base=base)
    html = words(signed_in(ana).get("/c/desk/history/"))
    assert html.count("gave an opinion") == 1
    assert html.count("changed the opinion") == 1


def test_an_article_without_a_title_goes_by_its_first_line(signed_in, desk, edith, ana):
    long = "A first line that is " + "very " * 40 + "long."
    for n, text in enumerate(("\n <b>No headline</b> here.\nMore.", long)):
        details = Details(blocks=blocks_of(text), url=f"https://x.example/{n}")
        import_article(desk, author=edith, text=text, details=details)
    for path in ("/c/desk/", "/c/desk/articles/"):
        html = signed_in(ana).get(path).content.decode()
        assert "<i>&lt;b&gt;No headline&lt;/b&gt; here.</i>" in html
        assert "<i>A first line that is very very" in html
        assert "very long." not in html
