"""A decision whose day has come: it says so everywhere, waits on my desk, and is over once it is decided again."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from annotations.models import Ruling
from annotations.services.claims import Opinion, tag
from annotations.services.rulings import Terms, rule
from annotations.services.settings import set_member
from tests.views.test_collection_pages import make_blind
from tests.views.test_decision import form_in, path_of, screen

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def decided(desk, edith, ana, place, monkeypatch):
    """decided(days=-3): a decision that was to be checked again three days ago."""

    def so(quote="31 bridges", **since):
        span = tag(desk, author=ana, target=place(quote), opinion=Opinion("disputed"), base=None).span_id
        terms = Terms(check_again_on=timezone.localdate() + timedelta(**since))
        with monkeypatch.context() as then:
            then.setattr("annotations.services.rulings.today", lambda: date(2020, 1, 1))
            rule(
                desk, author=edith, span_id=span, verdict="disputed", rationale="30.", base=None, terms=terms
            )
        return span

    return so


def words(days):
    day = timezone.localdate() + timedelta(days=days)
    year = f" {day.year}" if day.year != timezone.localdate().year else ""
    return f"heck again by {day:%-d %B}{year}"


def test_it_says_so_on_the_page_the_card_and_the_list(signed_in, edith, ana, vera, article, decided):
    span = decided(days=-3)
    for person in (edith, ana, vera):
        browser = signed_in(person)
        assert f"Disputed · c{words(-3)}" in screen(browser, span)
        card = f"/c/desk/articles/{article.pk}/card/?claim={span}"
        assert f"Disputed · c{words(-3)}" in browser.get(card, **HTMX).content.decode()
        assert f"C{words(-3)}" in browser.get("/c/desk/claims/").content.decode()


def test_before_that_day_it_is_decided(signed_in, edith, decided):
    span = decided(days=1)
    html = screen(signed_in(edith), span)
    assert "Disputed · decided" in html
    assert f"C{words(1)}" in html  # what the decision says


def test_on_the_day_it_waits_on_my_desk_and_in_the_turn(signed_in, edith, decided):
    span = decided(days=0)
    browser = signed_in(edith)
    html = browser.get("/").content.decode()
    assert "1 to check again" in html
    assert f"C{words(0)}" in html
    assert f'href="/c/desk/claims/{span}/"' in html
    assert "1 of 1 to decide" in screen(browser, span)


@pytest.mark.parametrize("again", ["2099-05-04", ""])
def test_deciding_again_clears_it(signed_in, edith, article, decided, again):
    span, browser = decided(days=-3), signed_in(edith)
    html = screen(browser, span)
    assert "Decide again</button>" in html
    assert "a new day, or none." in html
    form = form_in(html, verdict="disputed", rationale="30.", check_again_on=again)
    assert browser.post(path_of(article, span), form).status_code == 303
    html = screen(browser, span)
    assert "Disputed · decided" in html
    assert "Nothing else to decide" in html
    assert str(Ruling.objects.current().get().check_again_on or "") == again


def test_the_same_day_again_is_refused(signed_in, edith, article, decided):
    span, browser = decided(days=-3), signed_in(edith)
    was = str(Ruling.objects.current().get().check_again_on)
    form = form_in(screen(browser, span), verdict="disputed", rationale="30.", check_again_on=was)
    answer = browser.post(path_of(article, span), form)
    assert answer.status_code == 422
    assert "a day to come" in answer.content.decode()


def test_withdrawing_clears_it(signed_in, edith, article, decided):
    span, browser = decided(days=-3), signed_in(edith)
    base = Ruling.objects.current().get().pk
    browser.post(f"{path_of(article, span)}withdraw/", {"base": base, "then": span})
    html = screen(browser, span)
    assert "heck again by" not in html.partition("<form")[0]
    assert "to check again" not in browser.get("/").content.decode()


def test_who_checks_blind_is_not_told(signed_in, desk, edith, person, article, decided):
    span = decided(days=-3)
    make_blind(desk, edith)
    cleo = set_member(desk, person("cleo"), "reviewer").user
    browser = signed_in(cleo)
    for path in (f"/c/desk/claims/{span}/", "/c/desk/claims/", f"/c/desk/articles/{article.pk}/", "/"):
        assert "heck again by" not in browser.get(path).content.decode()


def test_a_proof_sheet_says_the_same_each_day(signed_in, edith, article, decided):
    decided(days=-3)
    html = signed_in(edith).get(f"/c/desk/articles/{article.pk}/proof/").content.decode()
    assert "Disputed · decided" in html


def test_a_day_of_another_year_names_it():
    from annotations.views.reading import due_again

    assert due_again(date(2020, 5, 4)) == "Check again by 4 May 2020"
    assert due_again(None) == due_again(date(2999, 1, 1)) == ""
