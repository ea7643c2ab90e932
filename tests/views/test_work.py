"""Owner, stage, deadline, handing over, and withdrawing, as each person has them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from annotations.models import Article, ArticleDetails, ArticleWork, CollectionSettings, Revision
from annotations.services.articles import Details, import_article
from annotations.services.claims import mark
from annotations.services.settings import change_settings
from annotations.services.work import Standing, set_work
from annotations.views.work import due_words
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db


def at(article, part=""):
    return f"/c/desk/articles/{article.pk}/{part}"


def give(desk, author, article, owner, stage="checking", due=None, note=""):
    live = ArticleWork.objects.current().filter(article=article).first()
    wanted = Standing(stage, owner.pk if owner else None, due, note)
    set_work(desk, author=author, article_id=article.pk, base=live and live.pk, wanted=wanted)
    return ArticleWork.objects.current().get()


def test_a_reviewer_takes_what_is_nobodys_and_hands_it_over(signed_in, ana, ben, article):
    hers = signed_in(ana)
    sent = {"base": "", "stage": "checking", "owner": ana.pk, "note": ""}
    assert hers.post(at(article, "work/"), sent).status_code == 302
    row = ArticleWork.objects.current().get()
    assert (row.owner, row.stage) == (ana, "checking")
    note = "please look at the <figures>"
    hers.post(at(article, "work/"), sent | {"base": row.pk, "owner": ben.pk, "note": note})
    html = signed_in(ben).get(at(article)).content.decode()
    assert "please look at the &lt;figures&gt;" in html
    assert '<b dir="auto">Ben</b> · checking' in html
    assert 'from <span dir="auto">Ana</span>' in html
    assert "please look" in signed_in(ben).get("/").content.decode()


def test_a_reviewer_changes_nothing_of_anothers(signed_in, desk, ana, ben, edith, article):
    row = give(desk, edith, article, ben)
    sent = {"base": row.pk, "stage": "cleared", "owner": ana.pk, "note": ""}
    assert signed_in(ana).post(at(article, "work/"), sent).status_code == 403
    assert 'class="panel work-form"' not in signed_in(ana).get(at(article)).content.decode()
    assert ArticleWork.objects.count() == 1


def test_a_reviewer_sets_no_deadline_and_gives_away_nothing_of_nobodys(signed_in, desk, ana, ben, article):
    hers = signed_in(ana)
    sent = {"base": "", "stage": "checking", "owner": ana.pk, "due_at": "2026-05-04T18:30", "note": ""}
    hers.post(at(article, "work/"), sent)
    row = ArticleWork.objects.current().get()
    assert row.due_at is None
    hers.post(at(article, "work/"), {"base": row.pk, "stage": "waiting", "owner": "", "note": ""})
    row = ArticleWork.objects.current().get()
    assert (row.owner, row.stage) == (None, "waiting")
    gift = {"base": row.pk, "stage": "checking", "owner": ben.pk, "note": ""}
    assert hers.post(at(article, "work/"), gift).status_code == 422
    nobody = {"base": row.pk, "stage": "cleared", "owner": "", "note": ""}
    assert hers.post(at(article, "work/"), nobody).status_code == 403


def test_both_versions_are_shown_where_another_was_first(signed_in, desk, edith, ana, article):
    row = give(desk, edith, article, ana)
    sent = {"base": row.pk, "stage": "cleared", "owner": ana.pk, "note": "all fine"}
    give(desk, edith, article, ana, "with_author")
    answer = signed_in(ana).post(at(article, "work/"), sent)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "with_author" in html or "With the author" in html
    assert "Keep mine" in html
    fresh = ArticleWork.objects.current().get()
    assert f'name="base" value="{fresh.pk}"' in html
    assert signed_in(ana).post(at(article, "work/"), sent | {"base": fresh.pk}).status_code == 302
    assert ArticleWork.objects.current().get().stage == "cleared"


def test_a_form_sent_twice_is_stored_once(signed_in, desk, ana, article):
    hers = signed_in(ana)
    sent = {"base": "", "stage": "checking", "owner": ana.pk, "note": "", "key": "k1"}
    assert [hers.post(at(article, "work/"), sent).status_code for _ in range(2)] == [302, 302]
    assert ArticleWork.objects.count() == 1
    assert hers.post(at(article, "work/"), sent | {"stage": "cleared"}).status_code == 422
    assert hers.post(at(article, "work/"), sent | {"key": "x" * 101}).status_code == 422


def test_viewers_see_none_of_it(signed_in, desk, edith, vera, ana, article):
    give(desk, edith, article, ana, note="between us")
    for page in (at(article), "/c/desk/articles/", "/c/desk/", "/"):
        html = signed_in(vera).get(page).content.decode()
        assert "between us" not in html
        assert "checking" not in html.lower()


def test_in_a_blind_collection_a_note_is_for_whom_it_was_written_to(
    signed_in, desk, edith, ana, ben, article
):
    base = CollectionSettings.objects.current().get(collection=desk).pk
    change_settings(desk, author=edith, base=base, changes={"blind": True})
    give(desk, edith, article, ben, note="the third is wrong")
    assert "the third is wrong" in signed_in(ben).get(at(article)).content.decode()
    html = signed_in(ana).get(at(article)).content.decode()
    assert "the third is wrong" not in html
    assert "Ben" in html


def test_the_list_has_owner_stage_and_deadline(signed_in, desk, edith, ana, ben, vera, article):
    give(desk, edith, article, ana, due=datetime(2026, 5, 4, 18, 30, tzinfo=UTC))
    page = signed_in(edith).get("/c/desk/articles/?sort=due").content.decode()
    assert "Ana" in page
    assert "overdue since 4 May" in page
    for query, found in (
        ("owner=me", 0),
        ("owner=nobody", 0),
        ("stage=checking", 1),
        ("stage=waiting", 0),
        ("stage=cleared", 0),
    ):
        rows = signed_in(edith).get(f"/c/desk/articles/?{query}").context["articles"]
        assert len(rows) == found, query
    assert len(signed_in(ana).get("/c/desk/articles/?owner=me").context["articles"]) == 1
    page = signed_in(ana).get(f"/c/desk/articles/?owner={ben.pk}")
    assert not page.context["articles"]
    assert f'<option value="{ben.pk}" selected>Ben</option>' in page.content.decode()
    assert len(signed_in(ben).get(f"/c/desk/articles/?owner={ana.pk}").context["articles"]) == 1
    assert not re.search(r"\bBen\b", signed_in(vera).get("/c/desk/articles/").content.decode())


def test_deadlines_in_words():
    now = timezone.now()
    today = now.replace(hour=18, minute=30)
    assert due_words(today, late=False) == "due today 18:30 UTC"
    assert due_words(today + timedelta(days=1), late=False) == "due tomorrow 18:30 UTC"
    assert due_words(today - timedelta(days=1), late=True) == "overdue since yesterday 18:30 UTC"
    assert due_words(datetime(2020, 5, 4, 9, tzinfo=UTC), late=True) == "overdue since 4 May 2020 09:00 UTC"


def test_history_has_words_for_each_and_undoes_it(signed_in, desk, edith, ana, ben, article):
    give(desk, ana, article, ana)
    give(desk, ana, article, ben)
    html = " ".join(signed_in(ana).get("/c/desk/history/").content.decode().split())
    assert "took over the checking of" in html
    assert "handed over" in html
    assert signed_in(ana).post("/c/desk/history/4/undo/").status_code == 302
    assert ArticleWork.objects.current().get().owner == ana


# Withdrawing a wrong import


def test_an_editor_withdraws_and_brings_back(signed_in, desk, edith, ana, article):
    hers, base = signed_in(edith), ArticleDetails.objects.current().get().pk
    assert "Withdraw this article" in hers.get(at(article, "details/")).content.decode()
    assert "can be undone" in hers.get(at(article, "withdraw/")).content.decode()
    assert hers.post(at(article, "withdraw/"), {"base": base})["Location"] == at(article)
    gone = hers.get(at(article))
    html = gone.content.decode()
    assert gone.status_code == 410
    assert "Edith</span> withdrew it on" in html
    assert 'action="/c/desk/history/3/undo/"' in html
    theirs = signed_in(ana).get(at(article))
    assert theirs.status_code == 410
    assert "undo/" not in theirs.content.decode()
    assert signed_in(ana).get("/c/desk/articles/").context["articles"] == []
    assert "withdrew <span" in " ".join(hers.get("/c/desk/history/").content.decode().split())
    hers.post("/c/desk/history/3/undo/")
    assert hers.get(at(article)).status_code == 200


def test_others_are_told_nothing_but_404(signed_in, desk, edith, sam, article):
    base = ArticleDetails.objects.current().get().pk
    signed_in(edith).post(at(article, "withdraw/"), {"base": base})
    assert signed_in(sam).get(at(article)).status_code == 404
    assert signed_in(edith).get("/c/desk/articles/99999/").status_code == 404


def test_what_stands_in_the_way_is_listed(signed_in, desk, edith, ana, article, place):
    span = mark(desk, author=ana, place=place("harbour")).span_id
    base = ArticleDetails.objects.current().get().pk
    answer = signed_in(edith).post(at(article, "withdraw/"), {"base": base})
    assert answer.status_code == 409
    assert f"claim {span}: somebody else marked it" in answer.content.decode()
    assert Revision.objects.filter(collection=desk).last().action == "mark"


def test_roles_of_a_very_long_article_can_all_be_chosen(signed_in, desk, edith):
    text = "\n".join(f"Line {n}" for n in range(450))
    details = Details(title="Long", language="en", blocks=blocks_of(text))
    article = Article.objects.get(
        pk=import_article(desk, author=edith, text=text, details=details).article_id
    )
    hers = signed_in(edith)
    html = hers.get(at(article, "details/?lines=2")).content.decode()
    assert 'name="role-400"' in html
    assert 'name="role-399"' not in html
    assert "401 to 450 of 450" in html
    live = ArticleDetails.objects.current().get(article=article)
    sent = {"base": live.pk, "title": "Long", "direction": "ltr", "role": "checked", "language": "en"}
    sent |= {"role-449": "credit"}
    assert hers.post(at(article, "details/?lines=2"), sent).status_code == 302
    row = ArticleDetails.objects.current().get(article=article)
    assert [block["role"] for block in row.blocks] == ["headline", *["body"] * 448, "credit"]
