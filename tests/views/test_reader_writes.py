"""The reader's writes without a browser: who may, what is refused, and the answer both ways."""

import re
from datetime import date

import pytest

from annotations.models import (
    Annotation,
    ClaimState,
    Collection,
    CollectionSettings,
    Evidence,
    PrivateNote,
    Revision,
    Span,
)
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, mark, tag
from annotations.services.evidence import Citation, NewSource, add_evidence
from annotations.services.settings import change_settings
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def fields(place):
    def of(words, **more):
        where = place(words)
        return {"start": where.start, "end": where.end, "quote": words, **more}

    return of


def verdict_of(desk, user, target, verdict="verified"):
    return tag(desk, author=user, target=target, opinion=Opinion(verdict), base=None)


def every_write(article, span_id, key):
    base = f"/c/desk/articles/{article.pk}/"
    claim = f"{base}claims/{span_id}/"
    return [
        *(f"{base}{name}/" for name in ("mark", "tag", "not-checkable", "undo")),
        *(f"{claim}{name}/" for name in ("why", "withdraw", "checkable", "unmark", "note", "sources")),
        *(f"{base}sources/{key}/", f"{base}sources/{key}/remove/"),
    ]


def test_who_may_not_write(as_, client, desk, ana, vera, sam, article, place):
    span_id = verdict_of(desk, ana, place("31 bridges")).span_id
    key = add_evidence(desk, author=ana, span_id=span_id, source=NewSource("web", {"title": "Register"})).key
    head = Revision.objects.count()
    for path in every_write(article, span_id, key):
        client.logout()
        assert client.post(path).status_code == 302, path
        assert as_(sam).post(path, **HTMX).status_code == 404, path
        assert as_(vera).post(path, **HTMX).status_code == 403, path
        assert as_(ana).get(path).status_code == 405, path
    assert Revision.objects.count() == head


def test_a_claim_under_another_article_is_not_there(as_, desk, edith, ana, article, place):
    span_id = verdict_of(desk, ana, place("31 bridges")).span_id
    key = add_evidence(desk, author=ana, span_id=span_id, source=NewSource("web", {"title": "Register"})).key
    details = Details(title="Other", blocks=blocks_of("Other\ntext."))
    other = import_article(desk, author=edith, text="Other\ntext.", details=details)
    head = Revision.objects.count()
    client = as_(ana)
    base = Annotation.objects.get().pk
    other_article = type("Other", (), {"pk": other.article_id})
    for path in every_write(other_article, span_id, key)[4:]:
        assert client.post(path, {"base": base, "text": "x", "title": "x"}, **HTMX).status_code == 404, path
    assert Revision.objects.count() == head
    assert not PrivateNote.objects.exists()


def test_a_tag_answers_with_the_paragraph_the_card_the_line_and_a_toast(as_, ana, article, fields):
    answer = as_(ana).post(
        f"/c/desk/articles/{article.pk}/tag/", fields("31 bridges", verdict="disputed", base="none"), **HTMX
    )
    html = answer.content.decode()
    span = Span.objects.get()
    assert answer.status_code == 200
    assert html.startswith('<p class="block" id="b18"')
    assert '<span class="h d">31 bridges</span>' in html
    assert f'data-base="{Annotation.objects.get().pk}"' in html
    assert f'<li class="claim d" id="c{span.pk}"' in html
    assert 'id="toast"' in html
    assert html.count('class="block') == 1


def test_without_htmx_a_write_leads_back_to_the_claim(as_, ana, article, fields):
    answer = as_(ana).post(f"/c/desk/articles/{article.pk}/tag/", fields("31 bridges", verdict="verified"))
    span = Span.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/c/desk/articles/{article.pk}/?claim={span.pk}#r{span.pk}"


def test_words_that_are_not_there_are_refused(as_, ana, article, fields):
    form = fields("31 bridges", verdict="verified") | {"quote": "30 bridges"}
    answer = as_(ana).post(f"/c/desk/articles/{article.pk}/tag/", form, **HTMX)
    assert answer.status_code == 409
    assert "Read the article again" in answer.content.decode()
    assert not Span.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": "-1"},
        {"start": "x"},
        {"end": "99999999999999999999"},
        {"end": "0"},
        {"verdict": "true"},
        {"verdict": ""},
        {"start": "17", "end": "18", "quote": "\n"},
        {"base": "x"},
        {"key": "k" * 101},
    ],
)
def test_nonsense_is_refused_with_what_to_do(as_, ana, article, fields, wrong):
    form = fields("31 bridges", verdict="verified") | wrong
    answer = as_(ana).post(f"/c/desk/articles/{article.pk}/tag/", form, **HTMX)
    assert answer.status_code in (409, 422)
    assert 'class="toast trouble"' in answer.content.decode()
    assert not Span.objects.exists()


def test_blank_lines_between_two_paragraphs_need_not_match_to_the_space(as_, desk, edith, ana):
    text = "First line.\n \t\nSecond line."
    blocks = [
        {"start": 0, "end": 11, "role": "body", "reason": "", "sentences": [[0, 11]]},
        {"start": 15, "end": 27, "role": "body", "reason": "", "sentences": [[15, 27]]},
    ]
    stored = import_article(desk, author=edith, text=text, details=Details(title="T", blocks=blocks))
    form = {"start": 6, "end": 21, "quote": "line.\n\n\n\nSecond", "verdict": "verified"}
    assert as_(ana).post(f"/c/desk/articles/{stored.article_id}/tag/", form, **HTMX).status_code == 200
    assert Span.objects.get().quote == text[6:21]


def test_the_same_key_twice_is_one_change(as_, ana, article, fields):
    client, form = as_(ana), fields("31 bridges", verdict="verified", base="none", key="once")
    first = client.post(f"/c/desk/articles/{article.pk}/tag/", form, **HTMX)
    again = client.post(f"/c/desk/articles/{article.pk}/tag/", form, **HTMX)
    assert (first.status_code, again.status_code) == (200, 200)
    assert Annotation.objects.count() == 1
    other = client.post(f"/c/desk/articles/{article.pk}/tag/", form | {"verdict": "disputed"}, **HTMX)
    assert other.status_code == 422


def test_each_write_can_be_sent_again(as_, desk, ana, article, place):
    """A lost answer: the same request, key and all, once more, changes nothing and is no error."""
    span_id = verdict_of(desk, ana, place("31 bridges")).span_id
    client, base = as_(ana), f"/c/desk/articles/{article.pk}/"

    def twice(path, **form):
        answers = [client.post(f"{base}{path}", {**form, "key": path}, **HTMX) for _ in range(2)]
        heads.append(Revision.objects.count())
        return [answer.status_code for answer in answers]

    heads = [Revision.objects.count()]
    mine = Annotation.objects.get().pk
    assert twice(f"claims/{span_id}/why/", base=mine, why="Because.") == [200, 200]
    assert twice(f"claims/{span_id}/sources/", kind="web", title="Register") == [200, 200]
    cited = Evidence.objects.get()
    details = cited.source.versions.get().pk
    form = {"base": cited.pk, "source_base": details, "title": "The register", "stance": "background"}
    assert twice(f"sources/{cited.key}/", **form) == [200, 200]
    row = Evidence.objects.current().get()
    assert twice(f"sources/{cited.key}/remove/", base=row.pk) == [200, 200]
    mine = Annotation.objects.current().get().pk
    assert twice(f"claims/{span_id}/withdraw/", base=mine) == [200, 200]
    assert twice("undo/") == [200, 200]
    assert Annotation.objects.current().exists()
    revision = ClaimState.objects.current().get().created_in
    assert twice(f"claims/{span_id}/unmark/", base=revision) == [200, 200]
    assert [b - a for a, b in zip(heads, heads[1:], strict=False)] == [1] * 7


def test_two_windows_get_both_versions(as_, ana, article, fields):
    client, path = as_(ana), f"/c/desk/articles/{article.pk}/tag/"
    client.post(path, fields("31 bridges", verdict="verified", base="none"), **HTMX)
    answer = client.post(path, fields("31 bridges", verdict="disputed", base="none"), **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert '<td dir="auto">Verified</td><td dir="auto">Disputed</td>' in html
    assert f'name="base" value="{Annotation.objects.get().pk}"' in html


def test_others_work_keeps_a_mark(as_, desk, ana, ben, article, place):
    span_id = verdict_of(desk, ana, place("31 bridges")).span_id
    revision = ClaimState.objects.get().created_in
    path = f"/c/desk/articles/{article.pk}/claims/{span_id}/unmark/"
    answer = as_(ben).post(path, {"base": revision}, **HTMX)
    assert answer.status_code == 409
    assert "another reviewer" in answer.content.decode()
    assert ClaimState.objects.current().exists()


def test_others_sources_are_theirs_to_change(as_, desk, ana, ben, article, place):
    span_id = verdict_of(desk, ana, place("31 bridges")).span_id
    cited = add_evidence(
        desk, author=ana, span_id=span_id, source=NewSource("web", {"title": "Register"}), citation=Citation()
    )
    path = f"/c/desk/articles/{article.pk}/sources/{cited.key}/remove/"
    assert as_(ben).post(path, {"base": cited.version}, **HTMX).status_code == 403
    assert Evidence.objects.current().exists()


@pytest.mark.parametrize(
    ("form", "stored"),
    [
        ({"kind": "web", "url": "harbour.example/x"}, {"url": "https://harbour.example/x"}),
        ({"kind": "person", "title": "Ada", "person_role": "Mayor"}, {"person_role": "Mayor"}),
        ({"kind": "calculation", "note": "30 + 1 = 31"}, {"note": "30 + 1 = 31"}),
        ({"kind": "document", "title": "Act", "published_on": "2026-03-01"}, {"title": "Act"}),
        ({"kind": "recording", "title": "Council, 3 May"}, {"title": "Council, 3 May"}),
    ],
)
def test_sources_of_each_kind(as_, desk, ana, article, place, form, stored):
    span_id = mark(desk, author=ana, place=place("31 bridges")).span_id
    path = f"/c/desk/articles/{article.pk}/claims/{span_id}/sources/"
    assert as_(ana).post(path, form | {"stance": "supports"}, **HTMX).status_code == 200
    source = Evidence.objects.get().source
    assert source.kind == form["kind"]
    details = source.versions.get()
    assert {name: getattr(details, name) for name in stored} == stored


def test_an_article_as_a_source(as_, desk, edith, ana, article, place):
    other = import_article(
        desk, author=edith, text="Other.", details=Details(title="Other", blocks=blocks_of("Other."))
    )
    span_id = mark(desk, author=ana, place=place("31 bridges")).span_id
    path = f"/c/desk/articles/{article.pk}/claims/{span_id}/sources/"
    wanted = f"https://desk.example/c/desk/articles/{other.article_id}/?claim=3"
    assert as_(ana).post(path, {"kind": "article", "article": wanted}, **HTMX).status_code == 200
    assert Evidence.objects.get().source.article_id == other.article_id
    assert as_(ana).post(path, {"kind": "article", "article": "999999"}, **HTMX).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"url": "javascript:alert(1)"},
        {"title": "x", "published_on": "2026-02-31"},
        {"kind": "image", "title": "x"},
    ],
)
def test_a_source_that_says_nothing_is_refused(as_, desk, ana, article, place, wrong):
    span_id = mark(desk, author=ana, place=place("31 bridges")).span_id
    path = f"/c/desk/articles/{article.pk}/claims/{span_id}/sources/"
    assert as_(ana).post(path, {"kind": "web", **wrong}, **HTMX).status_code == 422
    assert not Evidence.objects.exists()


def test_undo_is_mine_and_here(as_, desk, edith, ana, ben, article, place):
    verdict_of(desk, ana, place("31 bridges"))
    verdict_of(desk, ben, place("$2 billion"))
    path = f"/c/desk/articles/{article.pk}/undo/"
    assert "Undone: verdict" in as_(ana).post(path, **HTMX).content.decode()
    assert [row.reviewer for row in Annotation.objects.current()] == [ben]
    assert "Nothing of yours" in as_(ana).post(path, **HTMX).content.decode()
    assert "Nothing of yours" in as_(edith).post(path, **HTMX).content.decode()


def test_undo_walks_back_one_change_at_a_time(as_, desk, ana, article, fields):
    client, base = as_(ana), f"/c/desk/articles/{article.pk}/"
    client.post(f"{base}tag/", fields("31 bridges", verdict="verified", base="none"), **HTMX)
    mine = Annotation.objects.get().pk
    client.post(f"{base}tag/", fields("31 bridges", verdict="disputed", base=mine), **HTMX)
    client.post(f"{base}mark/", fields("harbour"), **HTMX)
    assert "Undone: mark" in client.post(f"{base}undo/", **HTMX).content.decode()
    assert "Undone: verdict" in client.post(f"{base}undo/", **HTMX).content.decode()
    assert Annotation.objects.current().get().verdict == "verified"
    assert "Undone: verdict" in client.post(f"{base}undo/", **HTMX).content.decode()
    assert not ClaimState.objects.current().exists()


def test_a_mark_that_others_work_on_cannot_be_undone(as_, desk, ana, ben, article, place):
    mark(desk, author=ana, place=place("31 bridges"))
    verdict_of(desk, ben, place("31 bridges"))
    answer = as_(ana).post(f"/c/desk/articles/{article.pk}/undo/", **HTMX)
    assert answer.status_code == 409
    assert "an opinion of claim" in answer.content.decode()
    assert ClaimState.objects.current().exists()


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["fragment", "page"])
def test_an_undo_that_is_refused_leads_to_what_else_is_mine_here(
    as_, desk, ana, ben, article, place, headers
):
    mark(desk, author=ana, place=place("31 bridges"))
    verdict_of(desk, ben, place("31 bridges"))
    answer = as_(ana).post(f"/c/desk/articles/{article.pk}/undo/", **headers)
    assert answer.status_code == 409
    assert "Undo earlier ones in the history." in answer.content.decode()
    here = f"/c/desk/history/?article={article.pk}&amp;person={ana.pk}"
    assert f'href="{here}"' in answer.content.decode()
    assert as_(ana).get(here.replace("&amp;", "&")).status_code == 200


def test_a_source_changed_in_two_windows_shows_both(as_, desk, ana, article, place):
    span_id = verdict_of(desk, ana, place("31 bridges")).span_id
    cited = add_evidence(desk, author=ana, span_id=span_id, source=NewSource("web", {"title": "Register"}))
    client, path = as_(ana), f"/c/desk/articles/{article.pk}/sources/{cited.key}/"
    form = {"base": cited.version, "title": "Register", "stance": "supports"}
    assert client.post(path, form | {"locator": "page 4"}, **HTMX).status_code == 200
    answer = client.post(path, form | {"locator": "page 5"}, **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "page 4" in html
    assert "page 5" in html
    again = form | {"locator": "page 5", "base": Evidence.objects.current().get().pk}
    assert client.post(path, again, **HTMX).status_code == 200
    assert Evidence.objects.current().get().locator == "page 5"


def test_an_editor_of_a_blind_collection_sees_and_does_not_judge(as_, desk, edith, article, fields):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    path = f"/c/desk/articles/{article.pk}/tag/"
    answer = as_(edith).post(path, fields("31 bridges", verdict="verified"), **HTMX)
    assert answer.status_code == 403
    assert "do not review" in answer.content.decode()


def test_what_people_write_is_escaped(as_, desk, ana, ben, article, place):
    attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    written = tag(
        desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed", attack), base=None
    )
    details = {"title": attack, "publisher": attack, "url": 'https://x.example/?q="><b>'}
    cited = Citation(locator=attack, excerpt=attack)
    add_evidence(desk, author=ana, span_id=written.span_id, source=NewSource("web", details), citation=cited)
    client = as_(ben)
    client.post(f"/c/desk/articles/{article.pk}/claims/{written.span_id}/note/", {"text": attack}, **HTMX)
    html = client.get(f"/c/desk/articles/{article.pk}/?claim={written.span_id}").content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert '?q="><b>' not in html
    assert html.count("&lt;script&gt;alert(1)") >= 6


def test_a_tag_takes_few_statements(as_, ana, article, fields, django_assert_max_num_queries):
    client, path = as_(ana), f"/c/desk/articles/{article.pk}/tag/"
    client.post(path, fields("31 bridges", verdict="verified"), **HTMX)
    with django_assert_max_num_queries(25):
        client.post(path, fields("harbour", verdict="verified"), **HTMX)


@pytest.mark.parametrize("door", ["tag", "mark", "not-checkable"])
def test_a_claim_of_another_aspect_in_hand_is_the_one_that_is_meant(
    as_, desk, ana, article, place, fields, door
):
    said = mark(desk, author=ana, place=place("31 bridges", aspect="said")).span_id
    client, base = as_(ana), f"/c/desk/articles/{article.pk}/"
    html = client.get(f"{base}card/?claim={said}", **HTMX).content.decode()
    assert f'data-n="{said}"' in html
    assert 'data-aspect="said"' in html
    form = fields("31 bridges", verdict="verified", reason="opinion", claim=said)
    assert client.post(f"{base}{door}/", form, **HTMX).status_code == 200
    assert Span.objects.get().pk == said
    page = client.get(base).content.decode()
    if door == "tag":
        assert f'data-mine="28-38-said:{Annotation.objects.get().pk}"' in page


def test_a_claim_that_stands_elsewhere_is_not_meant(as_, desk, ana, article, place, fields):
    said = mark(desk, author=ana, place=place("31 bridges", aspect="said")).span_id
    path = f"/c/desk/articles/{article.pk}/tag/"
    for claim in (said, "99", "x"):
        form = fields("harbour", verdict="verified", claim=claim)
        assert as_(ana).post(path, form, **HTMX).status_code in {404, 422}
    assert not Annotation.objects.exists()


def test_of_whom_a_source_was_asked_stays(as_, ana, desk, article, place, fields):
    asked = {"asked": "The ministry", "due_on": date(2026, 12, 1)}
    given = tag(
        desk, author=ana, target=place("31 bridges"), opinion=Opinion("needs_source", **asked), base=None
    )
    at = f"/c/desk/articles/{article.pk}/"
    form = {"base": given.version, "why": "Asked."}
    assert as_(ana).post(f"{at}claims/{given.span_id}/why/", form, **HTMX).status_code == 200
    base = Annotation.objects.current().get(**asked, why="Asked.").pk
    form = fields("31 bridges", base=base, verdict="needs_source")
    assert as_(ana).post(f"{at}tag/", form, **HTMX).status_code == 200
    assert Annotation.objects.current().filter(**asked).exists()


JOINING = (("mark", {}), ("tag", {"verdict": "verified"}), ("not-checkable", {"reason": "opinion"}))


@pytest.mark.parametrize(("door", "form"), JOINING)
def test_words_of_a_claim_ask_to_join_it_and_write_nothing(
    as_, desk, ana, ben, article, place, fields, door, form
):
    claim = verdict_of(desk, ben, place("31 bridges in the harbour"), "disputed").span_id
    path, head = f"/c/desk/articles/{article.pk}/{door}/", Collection.objects.get().head
    answer = as_(ana).post(path, fields("31 bridges", key="k", **form), **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert html.startswith('<section id="join"')
    assert f"Join claim {claim}?" in html
    assert "csrfmiddlewaretoken" not in html
    assert Collection.objects.get().head == head


@pytest.mark.parametrize("answered", ["join", "new"])
@pytest.mark.parametrize(("door", "form"), JOINING)
def test_without_scripts_the_question_is_a_page(
    as_, desk, ana, ben, article, place, fields, door, form, answered
):
    claim = verdict_of(desk, ben, place("31 bridges in the harbour"), "disputed").span_id
    client, path = as_(ana), f"/c/desk/articles/{article.pk}/{door}/"
    page = client.post(path, fields("31 bridges", **form))
    assert page.status_code == 409
    forms = re.findall(
        r"<form method=\"post\" action=\"([^\"]+)\" data-join>(.*?)</form>", page.content.decode()
    )
    action, inner = forms[0 if answered == "join" else 1]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', inner))
    assert sent.pop("csrfmiddlewaretoken")
    assert client.post(action, sent).status_code == 303
    joined = set(ClaimState.objects.current().values_list("span", flat=True)) == {claim}
    assert joined == (answered == "join")


def test_joining_where_i_spoke_already_changes_my_opinion(as_, desk, ana, article, place, fields):
    mine = verdict_of(desk, ana, place("31 bridges in the harbour"), "disputed")
    answer = as_(ana).post(
        f"/c/desk/articles/{article.pk}/tag/", fields("31 bridges", verdict="verified"), **HTMX
    )
    assert f'name="base" value="{mine.version}"' in answer.content.decode()


def test_a_retry_is_answered_not_asked(as_, desk, ana, ben, article, place, fields):
    client, path = as_(ana), f"/c/desk/articles/{article.pk}/tag/"
    form = fields("31 bridges", verdict="verified", key="k", base="none")
    assert client.post(path, form, **HTMX).status_code == 200
    client.post(f"/c/desk/articles/{article.pk}/undo/", {}, **HTMX)
    verdict_of(desk, ben, place("31 bridges in the harbour"), "disputed")
    assert client.post(path, form, **HTMX).status_code == 200
    assert ClaimState.objects.current().count() == 1


@pytest.mark.parametrize("aspect", ["said", "wording"])
def test_another_aspect_of_the_words_is_not_asked_about(as_, desk, ana, ben, article, place, fields, aspect):
    verdict_of(desk, ben, place("31 bridges in the harbour"), "disputed")
    form = fields("31 bridges", verdict="verified", aspect=aspect)
    assert as_(ana).post(f"/c/desk/articles/{article.pk}/tag/", form, **HTMX).status_code == 200
    assert Span.objects.filter(aspect=aspect).exists()
