"""Sources of claims that come in: found among those that are here, or brought with them."""

import json
from datetime import date

import pytest

from annotations.models import Evidence, Source, SourceDetails
from annotations.services import import_sources
from annotations.services.claims import Place, mark, set_checkable
from annotations.services.evidence import Citation, NewSource, add_evidence, edit_evidence
from annotations.services.undo import undo
from annotations.services.verify import verify
from tests.services.exchange import QUOTES, TEXTS, bring, exported, lines, told


def sourced(two, *sources):
    """A claim a source, as rows."""
    article = two.home.articles.get(text=TEXTS[0]).pk
    free = QUOTES[Evidence.objects.filter(collection=two.home).count() :]
    for quote, source in zip(free, sources, strict=False):
        start = TEXTS[0].index(quote)
        place = Place(article, start, start + len(quote), quote)
        span = mark(two.home, author=two.people["ana"], place=place).span_id
        add_evidence(two.home, author=two.people["ana"], span_id=span, source=source)
    return [json.loads(line) for line in exported(two.home).splitlines()]


def source_of(two, row):
    """The id here of the source of this row's claim."""
    return Evidence.objects.current().get(collection=two.away, span__quote=row["quote"]).source_id


def bureau(**details):
    return NewSource("web", {"title": "Bureau", "url": "https://bureau.example", **details})


def cites_article(two, **details):
    """A claim that cannot be checked, with the report as its source: as rows."""
    article = two.home.articles.get(text=TEXTS[0]).pk
    span = mark(two.home, author=two.people["ana"], place=Place(article, 2, 8, "Output")).span_id
    report = two.home.articles.get(text="A report.").pk
    source = NewSource("article", details, article_id=report)
    add_evidence(two.home, author=two.people["ana"], span_id=span, source=source)
    set_checkable(two.home, author=two.people["ana"], target=span, not_checkable=True, reason="a forecast")
    return [json.loads(line) for line in exported(two.home).splitlines()]


def cited_here(two):
    return [each.source.article.text for each in Evidence.objects.current().filter(collection=two.away)]


def test_an_address_that_looks_like_a_source_without_one_is_kept(two, tmp_path):
    article = two.home.articles.get(text=TEXTS[0]).pk
    span = mark(two.home, author=two.people["ana"], place=Place(article, 2, 8, "Output")).span_id
    for nth in range(2):
        number = (Source.objects.order_by("pk").values_list("pk", flat=True).last() or 0) + 1
        url = f"https://x.example/paper#source-{number}" if nth else ""
        source = NewSource("web", {"title": "Paper", "url": url})
        add_evidence(two.home, author=two.people["ana"], span_id=span, source=source)
    assert Source.objects.filter(pk=number, collection=two.home).exists()
    assert bring(two, tmp_path, exported(two.home, "w3c"))[1:] == ("", "")
    (row,) = told(two.away)
    assert [cited["source"]["url"] for cited in row["evidence"]] == ["", url]


@pytest.mark.parametrize("form", ["jsonl", "w3c"])
def test_an_article_that_is_cited_is_found_by_its_text_whatever_it_is_called(two, tmp_path, form):
    cites_article(two, title="Somebody's report")
    assert bring(two, tmp_path, exported(two.home, form))[1:] == ("", "")
    assert cited_here(two) == ["A report."]
    (row,) = told(two.away)
    assert (row["reason"], row["evidence"][0]["source"]["title"]) == ("a forecast", "Somebody's report")
    assert told(two.home) == [row]


def test_rows_of_before_say_neither_which_article_nor_why_and_come_in_as_they_did(two, tmp_path):
    (row,) = cites_article(two, title="A report")
    del row["reason"], row["evidence"][0]["source"]["article"]
    assert bring(two, tmp_path, lines([row]))[1:] == ("", "")
    assert cited_here(two) == ["A report."]
    assert told(two.away)[0]["reason"] == "as imported"


def test_an_article_that_is_cited_and_is_not_here_is_asked_for(two, tmp_path):
    (row,) = cites_article(two, title="A report")
    row["evidence"][0]["source"]["article"]["sha256"] = "0" * 64
    err = bring(two, tmp_path, lines([row]))[1]
    assert "cites an article, “A report”, and no article here has its text (sha256 000000000000…)" in err


@pytest.mark.parametrize("cites", ["web", "article"])
def test_a_corrected_file_brings_no_source_a_second_time(two, tmp_path, cites):
    report = two.home.articles.get(text="A report.").pk
    shared = {"web": bureau(), "article": NewSource("article", {"title": "R"}, article_id=report)}[cites]
    rows = sourced(two, shared)
    first = Source.objects.get(collection=two.home).pk
    rows = sourced(two, first, first, first)
    bad = [rows[0], rows[1], {**rows[2], "quote": "nowhere"}]
    bring(two, tmp_path, lines(bad), "--partial")
    assert bring(two, tmp_path, lines(rows))[1:] == ("", "")
    assert len({source_of(two, row) for row in rows}) == 1
    assert Source.objects.filter(collection=two.away).count() == 1
    assert not list(verify())


def test_two_sources_that_say_the_same_stay_two(two, tmp_path, monkeypatch):
    monkeypatch.setattr("annotations.management.commands.import_claims.AT_ONCE", 1)
    rows = sourced(two, bureau(), bureau(), bureau())
    bring(two, tmp_path, lines([rows[0], rows[1]]))
    assert bring(two, tmp_path, lines([rows[2], rows[0]]))[1:] == ("", "")
    assert Source.objects.filter(collection=two.away).count() == 2
    again = sourced(two, *[bureau()] * 4)
    assert bring(two, tmp_path, lines(again))[1:] == ("", "")
    assert len({source_of(two, row) for row in again[3:]}) == 4, "in one file each is its own"


@pytest.mark.parametrize(
    "here",
    [
        bureau(title="Another bureau"),
        bureau(publisher="State"),
        bureau(published_on=date(2020, 1, 1)),
        bureau(is_primary=True),
        bureau(note="Ask for Nora."),
        bureau(accessed_on=date(2020, 1, 1)),
        NewSource("recording", {"title": "Bureau", "url": "https://bureau.example"}),
        NewSource("web", {"title": "Bureau", "url": "https://bureau.example"}, "desk"),
    ],
)
def test_a_source_that_is_not_the_same_in_every_field_is_another(two, tmp_path, here):
    article = two.away.articles.get(text=TEXTS[1]).pk
    span = mark(two.away, author=two.people["ana"], place=Place(article, 0, 3, TEXTS[1][:3])).span_id
    done = add_evidence(two.away, author=two.people["ana"], span_id=span, source=here)
    (row,) = sourced(two, bureau())
    bring(two, tmp_path, lines([row]))
    assert source_of(two, row) != Evidence.objects.get(pk=done.version).source_id


def test_a_source_added_by_hand_that_says_the_same_is_taken_unless_it_was_changed_since(two, tmp_path):
    article = two.away.articles.get(text=TEXTS[1]).pk
    span = mark(two.away, author=two.people["ana"], place=Place(article, 0, 3, TEXTS[1][:3])).span_id
    done = add_evidence(two.away, author=two.people["ana"], span_id=span, source=bureau())
    rows = sourced(two, bureau(), bureau())
    bring(two, tmp_path, lines(rows[:1]))
    there = Evidence.objects.get(pk=done.version).source_id
    assert source_of(two, rows[0]) == there
    details = SourceDetails.objects.current().get(source=there)
    edit_evidence(
        two.away,
        author=two.people["edith"],
        evidence_key=done.key,
        base=done.version,
        citation=Citation(),
        source_details={"title": "Bureau of numbers"},
        source_base=details.pk,
    )
    bring(two, tmp_path, lines(rows[1:]))
    assert source_of(two, rows[1]) != there


def test_a_source_whose_import_was_undone_comes_in_anew(two, tmp_path):
    rows = sourced(two, bureau())
    bring(two, tmp_path, lines(rows))
    two.away.refresh_from_db()
    undo(two.away, author=two.people["edith"], number=two.away.head)
    rows[0]["suffix"] = ""
    assert bring(two, tmp_path, lines(rows))[1:] == ("", "")
    assert Source.objects.filter(collection=two.away).count() == 2
    assert not list(verify())


def test_every_field_of_a_source_is_one_that_a_row_tells_or_one_that_it_cannot():
    columns = {field.name for field in SourceDetails._meta.get_fields()}
    columns -= {"id", "collection", "created_in", "retired_in", "source"}
    assert columns == {*import_sources.TOLD, *import_sources.UNTOLD}
