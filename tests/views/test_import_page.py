"""The import page: read, look, correct, confirm; nothing stored before."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from annotations.domain.text import sha256
from annotations.models import Article, ArticleDetails
from annotations.services.articles import Details, import_article
from tests.conftest import blocks_of

pytestmark = pytest.mark.django_db
PATH = "/c/desk/articles/import/"
TEXT = (
    "Harbour Post\n\nFerries carried more than ever\n\nBy Nora Quill\n\n"
    "The ferries carried 12,000 people in May.\n\nREAD NEXT: Bridges\n"
)


def upload(name, content):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def read(browser, *files, pasted=""):
    return browser.post(PATH, {"uploads": list(files), "pasted": pasted})


def fields_of(answer):
    """What the page would send when its form is submitted, as a browser has it."""
    html = answer.content.decode()
    form = html[
        html.index('enctype="multipart/form-data"') : html.index("</form>", html.index('enctype="multipart'))
    ]
    sent = {"confirm": "1", "draft": re.findall(r'name="draft" value="(\w+)"', form)}
    for name, value in re.findall(r'<input[^>]*? name="(d\d+-\w+)"(?: value="([^"]*)")?', form):
        sent[name] = unescaped(value)
    for name, value in re.findall(r'<textarea name="(d\d+-text)" hidden>\n(.*?)</textarea>', form, re.S):
        sent[name] = unescaped(value).replace("\n", "\r\n")
    for name, options in re.findall(r'<select[^>]*? name="([\w-]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else re.search(r'value="([^"]*)"', options)[1]
    return sent


def unescaped(value):
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        value = value.replace(entity, char)
    return value


def test_reading_a_file_stores_nothing_and_shows_each_guess_with_its_reason(signed_in, edith):
    answer = read(signed_in(edith), upload("ferries.txt", TEXT))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Nothing is stored yet" in html
    assert 'value="Ferries carried more than ever"' in html
    assert html.count('class="guess"') >= 2
    assert html.count('class="line ') == 5
    assert not Article.objects.exists()


def test_confirming_stores_the_text_exactly_with_what_was_corrected(signed_in, edith):
    browser = signed_in(edith)
    sent = fields_of(read(browser, upload("ferries.txt", TEXT)))
    sent |= {
        "d0-title": "Ferries",
        "d0-publisher": "Harbour Post",
        "d0-published_on": "2026-05-01",
        "d0-role-3": "deck",
    }
    answer = browser.post(PATH, sent)
    article = Article.objects.get()
    details = ArticleDetails.objects.current().get()
    assert answer["Location"] == f"/c/desk/articles/{article.pk}/"
    assert (article.text, article.sha256) == (TEXT, sha256(TEXT))
    assert (details.title, details.publisher, str(details.published_on)) == (
        "Ferries",
        "Harbour Post",
        "2026-05-01",
    )
    assert (details.blocks[3]["role"], details.blocks[3]["reason"]) == ("deck", "chosen")
    assert details.blocks[3]["sentences"]


@pytest.mark.parametrize(
    "text",
    [
        "\n\n  Starts with empty lines.\nLast line without an end",
        "Tab\tand\u00a0nbsp “quotes” 👩‍👩‍👧 e\u0301\n",
        'Markup </textarea><script>alert(1)</script> & &amp; "quoted"\n',
        "\u202eright to left\u202c and عربي\nالسطر الثاني\n",
    ],
)
def test_a_text_comes_through_the_page_unchanged(signed_in, edith, text):
    browser = signed_in(edith)
    assert browser.post(PATH, fields_of(read(browser, upload("odd.txt", text)))).status_code == 302
    assert Article.objects.get().text == text


def test_a_bad_file_says_what_to_do_and_stops_no_other(signed_in, edith):
    files = [
        upload("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(40)),
        upload("ferries.txt", TEXT),
        upload("empty.txt", b""),
        upload("nul.txt", b"a\x00b and more text"),
    ]
    browser = signed_in(edith)
    answer = read(browser, *files)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count('class="notice trouble"') == 3
    assert "picture.png" in html
    browser.post(PATH, fields_of(answer))
    assert Article.objects.count() == 1


def test_only_bad_files_store_nothing(signed_in, edith):
    answer = read(signed_in(edith), upload("deep.html", "<div>" * 100_000))
    assert answer.status_code == 422
    assert 'class="notice trouble"' in answer.content.decode()
    assert not Article.objects.exists()


def test_the_same_text_again_leads_to_the_first(signed_in, desk, edith):
    first = import_article(
        desk, author=edith, text=TEXT, details=Details(blocks=blocks_of_text(TEXT))
    ).article_id
    answer = read(signed_in(edith), upload("again.txt", TEXT.replace("\n", "\r\n")))
    assert answer.status_code == 422
    assert f'href="/c/desk/articles/{first}/"' in answer.content.decode()


def test_the_same_text_twice_at_once_is_imported_once(signed_in, edith):
    browser = signed_in(edith)
    answer = read(browser, upload("one.txt", TEXT), upload("two.txt", TEXT))
    assert "The same text as one.txt" in answer.content.decode()
    assert browser.post(PATH, fields_of(answer)).status_code == 302
    assert Article.objects.count() == 1


def test_a_text_imported_meanwhile_leads_to_it(signed_in, desk, edith):
    browser = signed_in(edith)
    sent = fields_of(read(browser, upload("ferries.txt", TEXT)))
    first = import_article(
        desk, author=edith, text=TEXT, details=Details(blocks=blocks_of_text(TEXT))
    ).article_id
    answer = browser.post(PATH, sent)
    assert answer.status_code == 422
    assert f'href="/c/desk/articles/{first}/"' in answer.content.decode()


def blocks_of_text(text):
    return [block for block in blocks_of(text) if block["end"] > block["start"]]


def test_confirming_twice_stores_once_and_leads_to_the_same(signed_in, edith):
    browser = signed_in(edith)
    sent = fields_of(read(browser, upload("ferries.txt", TEXT)))
    assert browser.post(PATH, sent)["Location"] == browser.post(PATH, sent)["Location"]
    assert Article.objects.count() == 1


def test_wrong_details_are_said_at_their_field_and_keep_the_draft(signed_in, edith):
    browser = signed_in(edith)
    sent = fields_of(read(browser, upload("ferries.txt", TEXT)))
    answer = browser.post(PATH, sent | {"d0-published_on": "last week", "d0-title": "My title"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_d0-published_on_error"' in html
    assert 'value="My title"' in html
    assert browser.post(PATH, fields_of(answer) | {"d0-published_on": ""}).status_code == 302


def test_a_draft_that_was_tampered_with_is_refused(signed_in, edith):
    browser = signed_in(edith)
    sent = fields_of(read(browser, upload("ferries.txt", TEXT)))
    for change in (
        {"d0-text": "Another text"},
        {"d0-sealed": sent["d0-sealed"][:-2] + "xx"},
        {"draft": ["d7"], "d7-take": "1"},
    ):
        assert browser.post(PATH, sent | change)["Location"] == PATH
    assert not Article.objects.exists()


def test_pasted_text_and_a_choice_among_several(signed_in, edith):
    browser = signed_in(edith)
    answer = read(browser, upload("ferries.txt", TEXT), pasted="A second text.\nIt has two lines.")
    sent = fields_of(answer)
    del sent["d0-take"]
    assert browser.post(PATH, sent).status_code == 302
    assert Article.objects.get().text == "A second text.\nIt has two lines."


@pytest.mark.parametrize("files", [[], [upload(f"{n}.txt", f"Text {n}") for n in range(21)]])
def test_none_or_too_many_files_are_said(signed_in, edith, files):
    answer = read(signed_in(edith), *files)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_names_of_files_are_shown_and_never_run(signed_in, edith):
    """T17"""
    html = read(signed_in(edith), upload('"><script>alert(1)</script>.exe', b"MZ")).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html or "script&gt;.exe" in html


GUESSED = "Ferries carried more than ever"


@pytest.mark.parametrize(
    ("typed", "roles", "title"),
    [
        (
            GUESSED,
            {"d0-role-1": "deck", "d0-role-3": "headline"},
            "The ferries carried 12,000 people in May.",
        ),
        ("My own", {"d0-role-1": "deck", "d0-role-3": "headline"}, "My own"),
        (GUESSED, {"d0-role-3": "headline"}, GUESSED),
        (GUESSED, {}, GUESSED),
    ],
)
def test_the_title_follows_the_headline_until_it_is_edited(signed_in, edith, typed, roles, title):
    browser = signed_in(edith)
    sent = fields_of(read(browser, upload("ferries.txt", TEXT)))
    assert sent["d0-title"] == GUESSED
    answer = browser.post(PATH, sent | {"d0-title": typed} | roles, follow=True)
    assert ArticleDetails.objects.current().get().title == title
    two = len(roles) == 1
    assert ("More than one line is a headline" in answer.content.decode()) == two
