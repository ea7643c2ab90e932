"""The page that brings claims in: look, say who is who, confirm; nothing stored before."""

import json
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.forms import dataset_import as forms
from annotations.models import Annotation, ClaimState, Collection, Revision, User
from annotations.services import bulk
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.settings import create_collection, set_member
from annotations.services.undo import undo
from annotations.services.verify import verify
from tests.conftest import TEXT, blocks_of
from tests.services.exchange import exported, lines

pytestmark = pytest.mark.django_db
PATH = "/c/desk/dataset/import/"
QUOTES = ("31 bridges", "harbour", "$2 billion")


@pytest.fixture
def home(ana, ben, edith):
    """Another collection with the desk's text: three claims of Ana's, one of them with a source."""
    made = create_collection("home", author=None)
    for user, role in ((ana, "reviewer"), (ben, "reviewer"), (edith, "editor")):
        set_member(made, user, role)
    stored = import_article(
        made, author=edith, text=TEXT, details=Details(title="Bridges", blocks=blocks_of(TEXT))
    )
    for quote in QUOTES:
        start = TEXT.index(quote)
        place = Place(stored.article_id, start, start + len(quote), quote)
        span = tag(made, author=ana, target=place, opinion=Opinion("disputed", "No."), base=None).span_id
    add_evidence(made, author=ana, span_id=span, source=NewSource("web", {"title": "Register"}))
    return made


def rows(made):
    return [json.loads(line) for line in exported(made).splitlines()]


@pytest.fixture
def page(signed_in, edith, article):
    """page.look(bytes) → what the page says of the file; page.send(answer, ana="ana") confirms it."""
    browser = signed_in(edith)

    def look(data, name="home-9.jsonl"):
        return browser.post(PATH, {"file": SimpleUploadedFile(name, data)})

    def fields(answer, button="confirm", **who):
        """As a browser sends them. `who`: nth of the people → username."""
        html = answer.content.decode()
        sent = {name: unescape(value) for name, value in re.findall(r'name="(sealed)" value="([^"]*)"', html)}
        for name, options in re.findall(r'<select name="(who-\d+)"[^>]*>(.*?)</select>', html, re.S):
            chosen = re.search(r'value="([^"]*)" selected', options)
            sent[name] = who.get(name.replace("-", ""), chosen[1] if chosen else "")
        if button:
            sent[button] = re.search(r'name="confirm" value="([^"]*)"', html)[1]
        return sent

    def send(answer, button="confirm", **who):
        return browser.post(PATH, fields(answer, button, **who))

    return SimpleNamespace(browser=browser, look=look, fields=fields, send=send)


def words(answer):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split())


def claims():
    return ClaimState.objects.current().filter(collection__slug="desk").count()


def head():
    return Collection.objects.get(slug="desk").head


@pytest.mark.parametrize("form", ["jsonl", "json", "w3c"])
def test_claims_come_in_once_it_is_said_who_spoke(page, home, form):
    before = head()
    first = page.look(exported(home, form))
    assert (first.status_code, "Come in No claim" in words(first)) == (422, True)
    assert "Nobody here is “reviewer-" in words(first)
    second = page.send(first, button="", who0="ana")
    assert (second.status_code, "Come in 3 claims Here already None" in words(second)) == (200, True)
    assert (claims(), head()) == (0, before)
    done = page.send(second)
    assert (done.status_code, done["Location"]) == (302, f"/c/desk/history/{before + 1}/#notices")
    assert [each["quote"] for each in rows(Collection.objects.get(slug="desk"))] == list(QUOTES)
    assert {each.reviewer.username for each in Annotation.objects.filter(collection__slug="desk")} == {"ana"}
    told = words(page.browser.get(done["Location"]))
    assert "3 claims came in. This is the change, and it can be undone here." in told
    assert "Undo this change" in told
    assert not list(verify())


def looked_at(page, data):
    return page.send(page.look(data), button="", who0="ana")


def test_pressed_twice_it_comes_in_once(page, home):
    sent = page.fields(looked_at(page, exported(home)))
    first, second = (page.browser.post(PATH, sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert "The file came in before, with this change" in words(page.browser.get(second["Location"]))
    assert (claims(), Revision.objects.filter(action="import-claims").count()) == (3, 1)


def test_pressed_twice_with_lines_left_out_it_comes_in_once_too(page, home):
    bad = rows(home)
    bad[1]["quote"] = "nowhere"
    looked = looked_at(page, lines(bad))
    assert "Bring in 2 claims, leave out 1 line" in words(looked)
    assert "Line 2 At 46–53 the text says “harbour”, not the quote" in words(looked)
    sent = page.fields(looked)
    first, second = (page.browser.post(PATH, sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert "2 claims came in, 1 line was left out." in words(page.browser.get(first["Location"]))
    assert claims() == 2


def test_it_is_undone_like_any_change_and_can_be_done_again(page, home, desk, edith):
    sent = page.fields(looked_at(page, exported(home)))
    page.browser.post(PATH, sent)
    undo(desk, author=edith, number=head())
    assert claims() == 0
    page.browser.post(PATH, sent)
    assert claims() == 3


def test_what_is_here_stays_as_it_is_and_what_moved_is_placed_anew(page, home, desk, ben, place):
    there = mark(desk, author=ben, place=place("harbour")).span_id
    moved = rows(home)
    for row in moved:
        row["start"], row["end"] = row["start"] + 1, row["end"] + 1
    looked = looked_at(page, lines(moved))
    assert "Come in 2 claims , 2 of them placed anew Here already 1, left as it is" in words(looked)
    assert f"Line 2 is claim {there} here already, which is left as it is." in words(looked)
    assert "Line 1 placed anew at 28–38, the only place where the quote stands" in words(looked)
    page.send(looked)
    assert claims() == 3
    again = looked_at(page, lines(moved))
    assert "Come in No claim Here already 3, left as they are" in words(again)
    assert 'name="confirm"' not in again.content.decode()


def test_an_export_of_this_very_collection_knows_its_people(page, desk, ana, place):
    span = tag(desk, author=ana, target=place("harbour"), opinion=Opinion("verified"), base=None).span_id
    data = exported(desk)
    undo(desk, author=ana, number=head())
    looked = page.look(data)
    assert "Come in 1 claim " in words(looked)
    assert '<option value="ana" selected>Ana, reviewer</option>' in looked.content.decode()
    assert ClaimState.objects.current().filter(span=span).count() == 0
    page.send(looked)
    assert ClaimState.objects.current().filter(span=span).count() == 1


def test_other_people_than_those_looked_at_are_looked_at_first(page, home):
    looked = looked_at(page, exported(home))
    otherwise = page.send(looked, who0="ben")
    assert (otherwise.status_code, "no longer what you looked at" in words(otherwise)) == (409, True)
    assert claims() == 0
    page.send(otherwise)
    assert {each.reviewer.username for each in Annotation.objects.filter(collection__slug="desk")} == {"ben"}


def test_somebody_who_is_not_in_the_list_is_nobody(page, home, vera, sam):
    for name in ("vera", "sam", "x\0"):
        answer = page.send(page.look(exported(home)), button="", who0=name)
        assert "Choose somebody from the list." in words(answer)
        assert "Come in No claim" in words(answer)


def test_lines_that_became_unfit_meanwhile_are_looked_at_again(page, home, desk, edith, article):
    looked = looked_at(page, exported(home))
    set_member(desk, User.objects.get(username="ana"), "viewer")
    otherwise = page.send(looked)
    assert otherwise.status_code == 409
    assert (claims(), "Come in No claim" in words(otherwise)) == (0, True)


def test_a_fault_in_the_middle_leaves_nothing(page, home, monkeypatch):
    looked, written, calls, before = looked_at(page, exported(home)), bulk.insert_versions, [], head()

    def cut(revision, model, rows):
        calls.append(model)
        if len(calls) == 3:
            raise RuntimeError
        written(revision, model, rows)

    monkeypatch.setattr(bulk, "insert_versions", cut)
    with pytest.raises(RuntimeError):
        page.send(looked)
    assert (claims(), head(), Annotation.objects.filter(collection__slug="desk").count()) == (0, before, 0)
    monkeypatch.setattr(bulk, "insert_versions", written)
    assert page.send(looked).status_code == 302
    assert claims() == 3


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty. Export the claims again."),
        (b"\n \n", "There is no claim in it."),
        (b"[]", "There is no claim in it."),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "looks like a PNG image. Choose what an export gave, unpacked."),
        (b"\x1f\x8b\x08" + bytes(40), "looks like a gzip archive. Choose what an export gave, unpacked."),
        (b"id,article.id,quote\r\n1,2,x\r\n", "Line 1: This looks like CSV; only jsonl, json and w3c"),
        (b"<!doctype html>\n<p>Hello", "No claim can be read in it. Line 1: This is no JSON"),
        (b'{"quote": 1}', "No claim can be read in it. Line 1: article is to be an object"),
        (b"[" * 100_000, "No claim can be read in it. Line 1: This is no JSON"),
        ('{"a": 1}'.encode("utf-16"), "No claim can be read in it. Line 1: This is no JSON"),
    ],
)
def test_what_is_no_export_is_refused_in_words(page, data, said):
    answer = page.look(data)
    assert (answer.status_code, said in words(answer)) == (422, True), words(answer)
    assert claims() == 0


def test_no_file_asks_for_one(page):
    answer = page.browser.post(PATH, {})
    assert (answer.status_code, "Choose a file." in words(answer)) == (422, True)


def test_what_is_too_much_for_a_page_is_refused_in_words(page, home, monkeypatch):
    monkeypatch.setattr(forms, "AT_ONCE", 2)
    said = words(page.look(exported(home)))
    assert "There are more than 2 claims in it. Export fewer with a filter" in said
    assert "manage.py import_claims" in said
    monkeypatch.setattr(forms, "AT_ONCE", 3)
    assert page.look(exported(home, "w3c")).status_code == 422  # nobody is said to be Ana
    monkeypatch.setattr(forms, "MOST_PEOPLE", 0)
    assert "More than 0 people speak in it." in words(page.look(exported(home)))
    monkeypatch.setattr(forms, "MOST_BYTES", 100)
    assert "The file is larger than 10 MB. Split it." in words(page.look(exported(home)))
    large = page.browser.generic(
        "POST", PATH, b"--x", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(16 * 1024 * 1024)
    )
    assert (large.status_code, "larger than 10 MB. Split it." in words(large)) == (413, True)


def test_any_file_that_is_taken_fits_back_through_the_page():
    carried = forms.ClaimsFile("é.jsonl", zlib.compress(b"".join(map(str.encode, map(str, range(400_000))))))
    again = forms.reopen(carried.sealed)
    assert again == carried
    assert len(carried.sealed) / len(carried.data) * forms.MOST_BYTES < forms.MOST_CARRIED


def test_a_preview_that_was_changed_on_the_way_is_begun_anew(page, home):
    sent = page.fields(looked_at(page, exported(home)))
    answer = page.browser.post(PATH, sent | {"sealed": sent["sealed"][:-2]}, follow=True)
    assert answer.redirect_chain == [(PATH, 302)]
    assert "This preview is too old, or changed on the way. Choose the file again." in words(answer)
    assert claims() == 0


def test_of_many_lines_some_are_named_and_the_rest_counted(page, home):
    row = rows(home)[0]
    bad = [row | {"start": nth + 100, "end": nth + 110, "prefix": "x"} for nth in range(60)]
    answer = looked_at(page, lines([*bad, *[row] * 60]))
    assert "Left out 60 lines" in words(answer)
    assert "And 10 more lines: they are named once these are mended." in words(answer)
    assert "And 9 more lines." in words(answer)
    assert len(re.findall("<dt>Line", answer.content.decode())) == 50 + 50


def test_a_page_of_an_export_is_not_taken_for_the_whole(page, home):
    said = json.loads(exported(home, "w3c"))
    alone = {"@context": said["@context"]} | said["first"] | {"partOf": {"id": said["id"], "total": 30}}
    answer = page.look(json.dumps(alone).encode())
    assert "This is one page: 3 annotations of the 30 that the collection has." in words(answer)


def test_queries_do_not_grow_with_the_rows(page, home):
    def asked(rows, aspect, button):
        data = lines([row | {"aspect": aspect} for row in rows])
        with CaptureQueriesContext(connection) as queries:
            looked = looked_at(page, data)
            if button:
                page.send(looked, button)
        return len(queries)

    every = rows(home)
    assert asked(every, "fact", "") == asked(every[2:], "fact", "")
    asked(every[2:], "fact", "confirm")  # and the source is here
    assert asked(every, "said", "confirm") == asked(every[2:], "wording", "confirm")


def test_only_editors_come_here(signed_in, article, ana, vera, sam, stan, client, home):
    for user, status in ((ana, 403), (vera, 403), (sam, 404), (stan, 404)):
        browser = signed_in(user)
        sent = {"file": SimpleUploadedFile("a.jsonl", exported(home))}
        assert (browser.get(PATH).status_code, browser.post(PATH, sent).status_code) == (status, status)
        assert "dataset/import/" not in browser.get("/c/desk/dataset/").content.decode()
    assert client.get(PATH)["Location"].startswith("/accounts/login/")
    assert client.put(PATH).status_code == 302


def test_the_dataset_page_leads_an_editor_there(signed_in, edith, article):
    browser = signed_in(edith)
    assert f'href="{PATH}"' in browser.get("/c/desk/dataset/").content.decode()
    html = browser.get(PATH).content.decode()
    assert '<label for="id_file">File</label>' in html
    assert browser.delete(PATH).status_code == 405


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("left_out", [0, 1])
def test_sent_by_several_at_once_it_comes_in_once(page, home, left_out):
    said = rows(home)
    for row in said[:left_out]:
        row["quote"] = "nowhere"
    sent = page.fields(looked_at(page, lines(said)))

    def press(_):
        browser = Client()
        browser.cookies = page.browser.cookies
        try:
            return browser.post(PATH, sent)["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        places = set(pool.map(press, range(4)))
    assert len(places) == 1
    assert (claims(), Revision.objects.filter(action="import-claims").count()) == (3 - left_out, 1)
    assert not list(verify())
