"""Two people, each in a browser of their own, on one article: what reaches whom, and what is left alone."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Annotation
from annotations.services.claims import Opinion, mark, tag
from annotations.services.withdrawal import withdraw_article
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_reader_claims import drag_words, open_reader, press, saved

pytestmark = [
    pytest.mark.browser,
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True),
]
SOON = 5500
"""A poll every 4 seconds, and the way there and back."""


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desk", "phone"])
def anas(request, new_page, live_server, sign_in, ana, article):
    """Ana's reader on a desk, and on a phone."""
    page = new_page(viewport=request.param, has_touch=request.param is PHONE)
    return open_reader(page, live_server, sign_in, ana, article)


@pytest.fixture
def reader(new_page, live_server, sign_in, ana, article):
    return open_reader(new_page(), live_server, sign_in, ana, article)


@pytest.fixture
def marked(desk, ana, place):
    return mark(desk, author=ana, place=place("31 bridges")).span_id


def disputes(desk, user, target):
    return tag(desk, author=user, target=target, opinion=Opinion("disputed", "It is 30."), base=None).span_id


def ask(page: Page) -> None:
    """Asks at once what is new, as one does who comes back to the window."""
    page.evaluate("() => { document.dispatchEvent(new Event('visibilitychange')) }")


def words_in_list(page: Page) -> list[str]:
    return page.locator("#claims .claim .words").all_inner_texts()


def test_a_change_is_announced_and_shown_when_asked(anas, desk, ben, place, shot):
    disputes(desk, ben, place("31 bridges"))
    show = anas.get_by_role("button", name="1 change · Show")
    expect(show).to_be_visible(timeout=SOON)
    expect(anas.locator("#article .h.d")).to_have_text("31 bridges")
    expect(anas.locator("#said")).to_contain_text("1 change")
    assert words_in_list(anas) == []
    disputes(desk, ben, place("$2 billion"))
    ask(anas)
    expect(anas.get_by_role("button", name="2 changes · Show")).to_be_visible(timeout=SOON)
    shot(anas, f"together-{anas.viewport_size['width']}")
    assert anas.evaluate("document.documentElement.scrollWidth <= innerWidth")
    anas.get_by_role("button", name="2 changes · Show").click()
    expect(anas.locator("#claims .claim")).to_have_count(2)
    expect(anas.locator("#news")).to_be_hidden()
    expect(anas.locator("#article")).to_be_focused()


def test_it_is_said_once(reader, desk, ben, place):
    disputes(desk, ben, place("31 bridges"))
    expect(reader.locator("#said")).to_contain_text("1 change", timeout=SOON)
    reader.evaluate("() => { document.getElementById('said').textContent = 'quiet' }")
    with reader.expect_response(lambda answer: "/since/" in answer.url):
        pass
    with reader.expect_response(lambda answer: "/since/" in answer.url) as idle:
        pass
    assert idle.value.status == 204
    expect(reader.locator("#said")).to_have_text("quiet")


def test_colours_and_lines_change_in_place(marked, reader, desk, ana, ben, place):
    mark(desk, author=ana, place=place("$2 billion"))
    reader.reload()
    before = words_in_list(reader)
    reader.locator(f"#c{marked} a").focus()
    disputes(desk, ben, marked)
    ask(reader)
    expect(reader.locator("#article .h.d")).to_have_text("31 bridges", timeout=SOON)
    expect(reader.locator(f"#c{marked} .state")).to_contain_text("Disputed")
    expect(reader.locator(f"#c{marked} a")).to_be_focused()
    assert words_in_list(reader) == before
    expect(reader.locator("#news")).to_be_hidden()


def test_my_own_changes_here_are_not_announced(reader, article):
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    saved(reader, "verified")
    with reader.expect_response(lambda answer: "/since/" in answer.url):
        pass
    reader.wait_for_timeout(300)
    expect(reader.locator("#news")).to_be_hidden()
    expect(reader.locator("#claims .claim")).to_have_count(1)


def test_mine_of_another_window_are(reader, desk, ana, place):
    disputes(desk, ana, place("31 bridges"))
    ask(reader)
    expect(reader.get_by_role("button", name="1 change · Show")).to_be_visible(timeout=SOON)


def test_a_form_that_somebody_writes_in_is_left_alone(marked, reader, desk, ana, ben, place):
    tag(desk, author=ana, target=marked, opinion=Opinion("verified"), base=None)
    reader.reload()
    reader.locator(f"#c{marked} a").click()
    expect(reader.locator("#card[data-n]")).to_be_visible()
    press(reader, "w")
    reader.keyboard.type("I counted them")
    reader.locator("#article").focus()
    base = reader.locator("#card").get_attribute("data-base")
    disputes(desk, ben, marked)
    ask(reader)
    show = reader.get_by_role("button", name="1 change · Show")
    expect(show).to_be_visible(timeout=SOON)
    show.click()
    expect(reader.locator("#said")).to_contain_text("The card stays")
    expect(reader.locator("#card textarea[name=why]").first).to_have_value("I counted them")
    assert reader.locator("#card").get_attribute("data-base") == base


def test_the_card_is_exchanged_when_i_say_so(marked, reader, desk, ben):
    reader.reload()
    reader.locator(f"#c{marked} a").click()
    expect(reader.locator("#card h2")).to_contain_text("To check")
    disputes(desk, ben, marked)
    ask(reader)
    show = reader.get_by_role("button", name="1 change · Show")
    expect(show).to_be_visible(timeout=SOON)
    expect(reader.locator("#card h2")).to_contain_text("To check")
    show.click()
    expect(reader.locator("#card h2")).to_contain_text("Disputed")
    expect(reader.locator("#card")).to_contain_text("It is 30.")
    expect(reader.locator("#news")).to_be_hidden()


def test_what_was_decided_on_the_old_version_is_compared(marked, reader, desk, ana):
    """The base of my next verdict stays that of the card which I saw."""
    first = tag(desk, author=ana, target=marked, opinion=Opinion("verified"), base=None)
    reader.reload()
    reader.locator(f"#c{marked} a").click()
    expect(reader.locator("#card .mine.verified")).to_be_visible()
    tag(desk, author=ana, target=marked, opinion=Opinion("disputed"), base=first.version)
    ask(reader)
    expect(reader.get_by_role("button", name="1 change · Show")).to_be_visible(timeout=SOON)
    press(reader, "n")
    expect(reader.locator("#card.conflict")).to_be_visible()
    assert Annotation.objects.current().get().verdict == "disputed"


def test_words_being_selected_are_left_alone(reader, desk, ben, article, place):
    drag_words(reader, article, "in the harbour")
    chosen = reader.evaluate("getSelection().toString()")
    disputes(desk, ben, place("31 bridges"))
    ask(reader)
    expect(reader.get_by_role("button", name="1 change · Show")).to_be_visible(timeout=SOON)
    assert reader.evaluate("getSelection().toString()") == chosen == "in the harbour"
    expect(reader.locator("#article .h.d")).to_have_count(0)
    press(reader, "Escape")
    ask(reader)
    expect(reader.locator("#article .h.d")).to_have_text("31 bridges", timeout=SOON)


def test_a_removed_mark_goes_when_i_say_so(marked, reader, desk, ana):
    from annotations.services.claims import unmark

    reader.reload()
    desk.refresh_from_db()
    unmark(desk, author=ana, span_id=marked, base=desk.head)
    ask(reader)
    expect(reader.locator("#article .h")).to_have_count(0, timeout=SOON)
    expect(reader.locator("#claims .claim")).to_have_count(1)
    reader.get_by_role("button", name="1 change · Show").click()
    expect(reader.locator("#claims .claim")).to_have_count(0)


def test_who_else_reads(anas, new_page, live_server, sign_in, ben, article, shot):
    expect(anas.locator("#also")).to_be_hidden()
    bens = open_reader(new_page(), live_server, sign_in, ben, article)
    expect(anas.locator("#also")).to_contain_text("Also reading: Ben", timeout=10_000)
    expect(anas.locator("#also .total" if anas.viewport_size["width"] < 400 else "#also b")).to_be_visible()
    expect(bens.locator("#also")).to_contain_text("Also reading: Ana", timeout=10_000)
    shot(anas, f"together-reading-{anas.viewport_size['width']}")


def test_who_left_is_named_no_more(reader, new_page, live_server, sign_in, ben, article):
    bens = open_reader(new_page(), live_server, sign_in, ben, article)
    expect(reader.locator("#also")).to_contain_text("Also reading: Ben", timeout=10_000)
    bens.close()
    expect(reader.locator("#also")).to_be_hidden(timeout=20_000)


def test_a_withdrawn_article_says_so(reader, desk, edith, article):
    withdraw_article(desk, author=edith, article_id=article.pk, base=article.versions.get().pk)
    ask(reader)
    expect(reader.locator("#standing")).to_contain_text("This article was withdrawn.", timeout=SOON)
    expect(reader.get_by_role("link", name="What happened")).to_be_visible()


def test_signed_out_says_so_and_keeps_what_is_typed(reader):
    reader.context.clear_cookies()
    ask(reader)
    expect(reader.locator("#standing")).to_contain_text("You are signed out.", timeout=SOON)
    expect(reader.get_by_role("link", name="Sign in")).to_be_visible()


def test_axe_finds_nothing(marked, reader, new_page, live_server, sign_in, desk, ben, article, axe, shot):
    bens = open_reader(new_page(), live_server, sign_in, ben, article)
    reader.reload()
    reader.locator(f"#c{marked} a").click()
    expect(reader.locator(f"#card[data-n='{marked}']")).to_be_visible()
    disputes(desk, ben, marked)
    ask(reader)
    expect(reader.locator("#show")).to_be_visible(timeout=SOON)
    expect(reader.locator("#also")).to_contain_text("Ben", timeout=10_000)
    reader.context.clear_cookies()
    ask(reader)
    expect(reader.locator("#standing")).to_be_visible(timeout=SOON)
    for size in (DESKTOP, PHONE):
        reader.set_viewport_size(size)
        shot(reader, f"together-all-{size['width']}")
        assert axe(reader) == []
    bens.close()
