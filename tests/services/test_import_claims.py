"""Claims go out as jsonl and come back into a collection that holds the same articles."""

import io
import json
import subprocess
import sys
import time
from datetime import date
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations import access
from annotations.exports import w3c
from annotations.exports.dataset import Dataset
from annotations.exports.formats import FORMATS
from annotations.models import (
    Aspect,
    Collection,
    CollectionSettings,
    Evidence,
    Problem,
    Source,
    SourceDetails,
    Stance,
    User,
    Verdict,
)
from annotations.services import bulk, import_claims, import_sources
from annotations.services.claims import Opinion, Place, mark, set_checkable, tag, unmark
from annotations.services.evidence import Citation, NewSource, add_evidence, edit_evidence
from annotations.services.ledger import LedgerError
from annotations.services.rulings import Terms, rule
from annotations.services.settings import change_settings, create_collection, set_member
from annotations.services.undo import undo
from annotations.services.verify import verify
from tests.api.cast import article_in, person
from tests.services.conftest import database_url, environment_of

TEXTS = (
    "💩 Output\nrose 40 percent, they said.\nIt rose again, they said.\n",
    "قال الوزير ٤٠\nمن القول.\n",
    "大臣は四十と𠮷野で述べた。\n",
)
ROLES = {"edith": "editor", "olga": "editor", "ana": "reviewer", "ben": "reviewer", "cyd": "reviewer"}


@pytest.fixture
def two(db):
    people = {name: person(name) for name in ROLES}
    return SimpleNamespace(people=people, home=collection("home", people), away=collection("away", people))


def collection(slug, people):
    made = create_collection(slug, author=None)
    for name, user in people.items():
        set_member(made, user, ROLES[name])
    for nth, text in enumerate(TEXTS):
        article_in(made, people["edith"], text, title=f"Article {nth}")
    article_in(made, people["edith"], "A report.", title="A report", role="reference")
    return Collection.objects.get(pk=made.pk)


def exported(made, form="jsonl"):
    made.refresh_from_db()
    return b"".join(FORMATS[form].write(Dataset(access.desk_seat(made), made.head)))


def names(made):
    return {seat.pseudonym: seat.user.username for seat in made.memberships.select_related("user")}


def told(made, people=None):
    """What the rows say, whatever they are numbered here, by whom under their usernames."""
    people = people or names(made)
    rows = [json.loads(line) for line in exported(made).splitlines()]
    for row in rows:
        for name in ("id", "revision", "url"):
            del row[name]
        del row["article"]["id"]
        for review in row["reviews"]:
            del review["at"]
            review["reviewer"] = people[review["reviewer"]]
        for cited in row["evidence"]:
            del cited["key"], cited["source"]["id"]
            if cited["source"]["article"]:
                del cited["source"]["article"]["id"]
        if row["ruling"]:
            del row["ruling"]["at"]
            row["ruling"]["editor"] = people[row["ruling"]["editor"]]
    return sorted(rows, key=lambda row: (row["article"]["sha256"], row["start"], row["end"], row["aspect"]))


def bring(two, tmp_path, data, *options, into=None):
    """What the command says: (of what was done, of faults, why it failed or "")."""
    file, people = tmp_path / "claims.jsonl", tmp_path / "people.json"
    file.write_bytes(data)
    people.write_text(json.dumps(names(two.home)))
    out, err, failed = io.StringIO(), io.StringIO(), ""
    command = ["import_claims", str(file), "--collection", (into or two.away).slug, "--as", "edith"]
    try:
        call_command(*command, "--people", str(people), *options, stdout=out, stderr=err)
    except CommandError as error:
        failed = str(error)
    return out.getvalue(), err.getvalue(), failed


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
SAID = WORDS.filter(lambda words: words.strip() == words and words)
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2020, 1, 1))
TO_COME = st.none() | st.dates(date(2100, 1, 1), date(2200, 1, 1))
REVIEW = st.builds(
    Opinion,
    st.sampled_from(Verdict.values),
    WORDS,
    st.sampled_from(["", *Problem.values]),
    WORDS,
    st.just(False),
    st.none() | st.integers(0, 100),
)
SOURCE = st.tuples(
    st.sampled_from(Source.Kind.values),
    st.fixed_dictionaries(
        {
            "title": SAID,
            "publisher": WORDS,
            "url": st.sampled_from(["", "https://stats.example/٤?a=b"]),
            "archived_url": st.sampled_from(["", "https://archive.example/1"]),
            "published_on": DAYS,
            "is_primary": st.booleans(),
        }
    ),
)
CITED = st.tuples(SOURCE, st.builds(Citation, st.sampled_from(Stance.values), WORDS, WORDS))
RULING = st.tuples(st.sampled_from(Verdict.values), SAID, st.builds(Terms, SAID | st.just(""), DAYS, TO_COME))
CLAIM = st.fixed_dictionaries(
    {
        "text": st.integers(0, 2),
        "at": st.tuples(st.integers(0, 12), st.integers(1, 14)),
        "aspect": st.sampled_from(Aspect.values),
        "reviews": st.dictionaries(st.sampled_from(["ana", "ben", "cyd", "olga"]), REVIEW, max_size=3),
        "cited": st.lists(CITED, max_size=2),
        "again": st.booleans(),
        "ruling": st.none() | RULING,
        "reason": st.just("") | SAID.filter(lambda words: len(words) <= 200),
    }
)


def write(two, claims):
    articles = dict(two.home.articles.values_list("text", "pk"))
    people, shared = two.people, []
    for said in claims:
        text, (start, length) = TEXTS[said["text"]], said["at"]
        quote = text[start : start + length]
        if not quote.strip():
            continue
        place = Place(articles[text], start, start + len(quote), quote, said["aspect"])
        span = mark(two.home, author=people["ana"], place=place).span_id
        try:
            for name, opinion in said["reviews"].items():
                tag(two.home, author=people[name], target=span, opinion=opinion, base=None)
        except LedgerError:  # the place was drawn before
            continue
        for (kind, details), citation in said["cited"]:
            article = articles[TEXTS[0]] if kind == "article" else None
            source = NewSource(kind, details, "public", article)
            source = shared[0] if said["again"] and shared else source
            done = add_evidence(
                two.home, author=people["ben"], span_id=span, source=source, citation=citation
            )
            shared.append(Evidence.objects.get(pk=done.version).source_id)
        if said["ruling"]:
            verdict, rationale, terms = said["ruling"]
            rule(
                two.home,
                author=people["edith"],
                span_id=span,
                verdict=verdict,
                rationale=rationale,
                terms=terms,
                base=None,
            )
        elif said["reason"]:
            reason = said["reason"]
            set_checkable(two.home, author=people["cyd"], target=span, not_checkable=True, reason=reason)


@given(claims=st.lists(CLAIM, min_size=1, max_size=6), form=st.sampled_from(["jsonl", "w3c"]))
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_goes_out_comes_back_the_same(two, tmp_path, monkeypatch, claims, form):
    nth = Collection.objects.count()
    pair = SimpleNamespace(people=two.people)
    pair.home, pair.away = (collection(f"{name}-{nth}", two.people) for name in ("home", "away"))
    write(pair, claims)
    monkeypatch.setattr("annotations.management.commands.import_claims.AT_ONCE", 2)
    monkeypatch.setattr(w3c, "A_PAGE", 3)
    out, err, failed = bring(pair, tmp_path, exported(pair.home, form))
    assert (err, failed) == ("", ""), out
    assert told(pair.away) == told(pair.home)
    assert Evidence.objects.filter(collection=pair.home).values("source").distinct().count() == (
        Evidence.objects.filter(collection=pair.away).values("source").distinct().count()
    )
    head = Collection.objects.get(pk=pair.away.pk).head
    out, *_ = bring(pair, tmp_path, exported(pair.home, form))
    assert out.startswith("0 claims are in")
    assert Collection.objects.get(pk=pair.away.pk).head == head


@pytest.mark.parametrize(("form", "size"), [("json", 0), ("w3c", 1000), ("w3c", 7), ("w3c", 3), ("w3c", 1)])
def test_a_file_that_was_laid_out_anew_is_read_too(two, tmp_path, monkeypatch, form, size):
    monkeypatch.setattr(w3c, "A_PAGE", size)
    filled(two)
    said = json.loads(exported(two.home, form))
    assert bring(two, tmp_path, json.dumps(said, indent=2).encode())[1:] == ("", "")
    assert told(two.away) == told(two.home)


@pytest.mark.parametrize("laid_out", [bytes, lambda data: json.dumps(json.loads(data), indent=1).encode()])
def test_a_file_of_one_page_as_it_was_written_before_there_were_several_comes_in(two, tmp_path, laid_out):
    filled(two)
    lines = exported(two.home, "w3c").splitlines(keepends=True)
    lines[0] = lines[0].replace(b"&page=1", b"#page-1")
    assert bring(two, tmp_path, laid_out(b"".join(lines)))[1:] == ("", "")
    assert told(two.away) == told(two.home)


@pytest.mark.parametrize("laid_out", [bytes, lambda data: json.dumps(json.loads(data), indent=1).encode()])
def test_pages_come_in_one_by_one_too(two, tmp_path, monkeypatch, laid_out):
    monkeypatch.setattr(w3c, "A_PAGE", 3)
    filled(two)
    two.home.refresh_from_db()
    dataset = Dataset(access.desk_seat(two.home), two.home.head)
    for number, come in ((1, 3), (3, 4), (2, 7)):
        page = laid_out(b"".join(w3c.write_page(dataset, number)))
        assert bring(two, tmp_path, page)[1:] == ("", "")
        assert len(told(two.away)) == come
    assert told(two.away) == told(two.home)


def test_bodies_in_another_order_say_the_same_and_none_is_passed_over(two, tmp_path):
    filled(two)
    said = json.loads(exported(two.home, "w3c"))
    for each in said["first"]["items"]:
        each["body"].reverse()
    assert bring(two, tmp_path, json.dumps(said).encode())[1:] == ("", "")
    assert told(two.away) == told(two.home)
    words = next(
        body for each in said["first"]["items"] for body in each["body"] if body["purpose"] == "commenting"
    )
    words["creator"]["nickname"] = "nobody"
    said["first"]["items"][-1]["body"].append({"type": "TextualBody", "purpose": "praising", "value": "!"})
    _, err, failed = bring(two, tmp_path, json.dumps(said).encode())
    assert "Words of nobody belong to no verdict here" in err
    assert "the purpose praising" in err
    assert failed.startswith("2 lines")


def test_what_is_no_annotation_is_told_by_its_place(two, tmp_path, monkeypatch):
    filled(two)
    whole = exported(two.home, "w3c")
    lines = whole.splitlines(keepends=True)
    lines[2] = b'{"type": "Annotation"},\n'
    lines[4] = lines[4].replace(b'"disputed"', b'"true"')
    lines[5] = b"oh\n"
    _, err, failed = bring(two, tmp_path, b"".join(lines))
    assert [line.split(": ", 1)[0].split(", ")[1] for line in err.splitlines()] == [
        "line 3",
        "line 5",
        "line 6",
    ]
    assert "This is no annotation" in err
    assert "reviews[0].verdict is one of" in err
    assert "This is no JSON" in err
    assert failed.startswith("3 lines")
    monkeypatch.setattr("annotations.imports.web_annotations.LARGEST", 1000)
    _, err, _ = bring(two, tmp_path, json.dumps(json.loads(whole), indent=2).encode())
    assert "too large to be read whole" in err
    for nothing, words in (
        (b'{"@context": "x"}', "no list of annotations"),
        (b"[1]", "the line is to be an object"),
        (b"", ""),
    ):
        assert words in bring(two, tmp_path, nothing)[1]


@pytest.mark.parametrize(
    ("cut", "words"),
    [
        (lambda data: data[: data.index(b"\n]}}")], "line 9: The file is cut off"),
        (lambda data: b"".join(data.splitlines(True)[:3]), "line 4: The file is cut off"),
        (lambda data: data.splitlines(True)[0], "line 2: The file is cut off"),
        (
            lambda data: b"".join(line for nth, line in enumerate(data.splitlines(True)) if nth != 2),
            "line 8: There are 6 annotations in it, of 7.",
        ),
        (
            lambda data: json.dumps(json.loads(data) | {"total": 9}, indent=2).encode(),
            "line 8: There are 7 annotations in it, of 9.",
        ),
    ],
)
def test_a_w3c_file_that_was_cut_off_is_not_taken_for_the_whole(two, tmp_path, cut, words):
    filled(two)  # line 1 begins the page, 2 to 8 are annotations
    _, err, failed = bring(two, tmp_path, cut(exported(two.home, "w3c")))
    assert words in err
    assert failed.startswith("1 line cannot be brought in: nothing was.")
    assert told(two.away) == []


@pytest.mark.parametrize("kept", range(1, 10))
def test_wherever_a_file_of_several_pages_is_cut_it_is_told(two, tmp_path, monkeypatch, kept):
    monkeypatch.setattr(w3c, "A_PAGE", 3)
    filled(two)
    lines = exported(two.home, "w3c").splitlines(keepends=True)
    assert len(lines) == 11
    without = lines[:kept] + lines[kept + 1 :]
    for some in (lines[:kept], without) if kept != 8 else (lines[:kept],):  # line 9 only begins the last page
        _, err, failed = bring(two, tmp_path, b"".join(some))
        assert "cut off, or lines of it are" in err or "There are 6 annotations in it, of 7." in err
        assert failed.startswith("1 line cannot be brought in: nothing was.")


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


QUOTES = ("Output", "rose 40 percent", "It rose again", "rose", "they said", "40", "again")


def filled(two):
    """One claim a quote, reviewed, one decided, one sourced."""
    article = two.home.articles.get(text=TEXTS[0]).pk
    for quote in QUOTES:
        start = TEXTS[0].index(quote)
        place = Place(article, start, start + len(quote), quote)
        span = tag(
            two.home, author=two.people["ana"], target=place, opinion=Opinion("disputed", "No."), base=None
        ).span_id
    add_evidence(
        two.home, author=two.people["ana"], span_id=span, source=NewSource("web", {"title": "Bureau"})
    )
    decided = {"span_id": span, "verdict": "verified", "rationale": "So it is."}
    rule(two.home, author=two.people["edith"], base=None, **decided)
    return [json.loads(line) for line in exported(two.home).splitlines()]


def lines(rows):
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def test_an_import_that_was_cut_off_goes_on_where_it_was(two, tmp_path, monkeypatch):
    data = lines(filled(two))
    monkeypatch.setattr("annotations.management.commands.import_claims.AT_ONCE", 2)
    calls, written = [], bulk.insert_versions

    def cut(revision, model, rows):
        calls.append(model)
        if len(calls) == 12:
            raise KeyboardInterrupt
        written(revision, model, rows)

    monkeypatch.setattr(import_claims.bulk, "insert_versions", cut)
    with pytest.raises(KeyboardInterrupt):
        bring(two, tmp_path, data)
    assert len(told(two.away)) == 4
    monkeypatch.setattr(import_claims.bulk, "insert_versions", written)
    out, _, failed = bring(two, tmp_path, data)
    assert (out, failed) == ("3 claims are in away, 4 by an earlier run.\n", "")
    assert told(two.away) == told(two.home)
    assert not list(verify())


ONE_BY_ONE = """
import sys, django
django.setup()
from django.core.management import call_command
from annotations.management.commands import import_claims
import_claims.AT_ONCE = 1
call_command("import_claims", *sys.argv[1:])
"""


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_killed_goes_on_where_it_was(tmp_path):
    people = {name: person(name) for name in ROLES}
    two = SimpleNamespace(people=people, home=collection("home", people), away=collection("away", people))
    file, names_file = tmp_path / "claims.jsonl", tmp_path / "people.json"
    file.write_bytes(lines(filled(two)))
    names_file.write_text(json.dumps(names(two.home)))
    words = [str(file), "--collection", "away", "--as", "edith", "--people", str(names_file)]
    environment = environment_of(database_url(), django_settings.DATA_DIR)
    begun = Collection.objects.get(slug="away").head
    for more in (2, None):
        process = subprocess.Popen(
            [sys.executable, "-c", ONE_BY_ONE, *words],
            cwd=django_settings.BASE_DIR,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        before = Collection.objects.get(slug="away").head
        while more and process.poll() is None and Collection.objects.get(slug="away").head < before + more:
            time.sleep(0.002)
        if more:
            process.kill()
        process.wait(30)
    assert process.returncode == 0
    assert told(two.away) == told(two.home)
    assert Collection.objects.get(slug="away").head == begun + len(QUOTES)
    assert not list(verify())


def test_an_import_is_undone_like_any_change_and_can_be_done_again(two, tmp_path):
    data = lines(filled(two))
    bring(two, tmp_path, data)
    two.away.refresh_from_db()
    undo(two.away, author=two.people["edith"], number=two.away.head)
    assert told(two.away) == []
    out, err, failed = bring(two, tmp_path, data)
    assert (out, err, failed) == ("7 claims are in away.\n", "", "")
    assert told(two.away) == told(two.home)
    assert not list(verify())


def test_lines_that_were_left_out_come_in_once_what_they_lacked_is_there(two, tmp_path):
    bare = collection("bare", {"edith": two.people["edith"]})
    rows = filled(two)
    rows[0]["reviews"] = []
    file = tmp_path / "claims.jsonl"
    file.write_bytes(lines(rows))
    command = ["import_claims", str(file), "--collection", "bare", "--as", "edith"]
    with pytest.raises(CommandError, match="could not be brought in"):
        call_command(*command, "--partial", stdout=io.StringIO(), stderr=io.StringIO())
    before = len(told(bare))
    assert 0 < before < 7
    call_command(*command, "--strangers", stdout=io.StringIO())
    assert len(told(bare)) == 7
    assert (
        Source.objects.filter(collection=bare).count() == Source.objects.filter(collection=two.home).count()
    ), "none came in twice"


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


def test_a_check_with_strangers_says_what_the_run_will_do(two, tmp_path):
    bare = collection("bare", {"edith": two.people["edith"]})
    rows = filled(two)
    file = tmp_path / "claims.jsonl"
    command = ["import_claims", str(file), "--collection", "bare", "--as", "edith", "--strangers"]
    file.write_bytes(lines(rows))
    call_command(*command, "--check", stdout=io.StringIO())
    file.write_bytes(lines([*rows[:1], {**rows[1], "quote": "nowhere"}]))
    with pytest.raises(CommandError, match="nothing was"):
        call_command(*command, stdout=io.StringIO(), stderr=io.StringIO())
    assert not User.objects.filter(username__startswith="imported-").exists()
    assert told(bare) == []


def test_what_is_a_claim_already_stays_as_it_is(two, tmp_path):
    rows = filled(two)
    article = two.away.articles.get(text=TEXTS[0]).pk
    there = mark(two.away, author=two.people["ben"], place=Place(article, 2, 8, "Output")).span_id
    out, _, failed = bring(two, tmp_path, lines([*rows, rows[1]]))
    assert failed == ""
    assert f"line 1: is claim {there} here already" in out
    assert "line 8: is the claim of line 2 again: left out" in out
    assert [len(row["reviews"]) for row in told(two.away)] == [0, 1, 1, 1, 1, 1, 1]


def test_a_place_is_found_anew_only_where_the_context_stands_once(two, tmp_path):
    rows = filled(two)
    by_quote = {row["quote"]: row for row in rows}
    for row in rows:
        row["start"], row["end"] = row["start"] + 1, row["end"] + 1
    by_quote["they said"] |= {"prefix": ", ", "suffix": ".\n"}
    by_quote["rose"] |= {"prefix": "It ", "suffix": " fell"}
    out, err, failed = bring(two, tmp_path, lines(rows), "--partial")
    refused = [number for number, row in enumerate(rows, 1) if row["quote"] in ("they said", "rose")]
    assert [f"line {number}:" in err for number in range(1, 8)] == [n in refused for n in range(1, 8)]
    assert "stands nowhere else, or more than once" in err
    assert "line 1: placed anew at 2–8" in out or "placed anew at 2–8" in out
    assert failed == "2 lines could not be brought in: they are named above."
    kept = [row for row in told(two.home) if row["quote"] not in ("they said", "rose")]
    assert told(two.away) == kept


def change(**values):
    return lambda row: row | values


def inside(name, nth=None, **values):
    def changed(row):
        part = row[name] if nth is None else row[name][nth]
        part |= values
        return row

    return changed


FAULTS = [
    (lambda row: [row], "the line is to be an object"),
    (change(article=None), "article is to be an object"),
    (inside("article", sha256="0" * 64), "“Article 0”, has another text here"),
    (inside("article", sha256="0" * 64, title="Else"), "No article here has its text (sha256 000000000000…)"),
    (inside("article", sha256="A"), "64 hexadecimal digits"),
    (change(start="2"), "start is to be a whole number"),
    (change(start=True), "start is to be a whole number"),
    (change(quote=" "), "The quote is empty"),
    (change(aspect="tone"), "aspect is one of fact, said, wording, not “tone”"),
    (change(status="done"), "status is one of"),
    (inside("reviews", 0, verdict="true"), "reviews[0].verdict is one of verified, disputed, needs_source"),
    (inside("reviews", 0, problem="odd"), "reviews[0].problem is one of"),
    (inside("reviews", 0, confidence=101), "reviews[0].confidence is a percentage"),
    (inside("reviews", 0, why="a\0b"), "reviews[0].why holds a NUL"),
    (inside("reviews", 0, why="a" * 10_001), "at most 10,000 characters"),
    (inside("reviews", 0, reviewer="reviewer-nobody"), "Nobody here is “reviewer-nobody”"),
    (inside("evidence", 0, stance="maybe"), "evidence[0].stance is one of"),
    (lambda row: row["evidence"][0]["source"].update(url="javascript:1") or row, "An address begins with"),
    (lambda row: row["evidence"][0]["source"].update(kind="rumour") or row, "evidence[0].source.kind is one"),
    (lambda row: row["evidence"][0]["source"].update(kind="article") or row, "no article here has the title"),
    (
        lambda row: row["evidence"][0]["source"].update(kind="article", article={"id": 1}) or row,
        "evidence[0].source.article.sha256 is to be a text",
    ),
    (change(reason="a" * 201), "Reason: at most 200 characters"),
    (inside("ruling", rationale=" "), "ruling.rationale is empty"),
    (inside("ruling", true_as_of="31.3.2026"), "ruling.true_as_of is a day"),
    (inside("ruling", true_as_of="2199-01-01"), "ruling.true_as_of is a day to come"),
    (inside("ruling", true_as_of="2020-01-02", check_again_on="2020-01-02"), "later than true_as_of"),
    (lambda row: row["ruling"].update(editor=row["reviews"][0]["reviewer"]) or row, "may not decide"),
    (change(reviews={}), "reviews is to be a list"),
]


def test_each_fault_is_named_by_its_line_and_nothing_is_written(two, tmp_path):
    row = filled(two)[-1]
    head = Collection.objects.get(pk=two.away.pk).head
    bad = [broken(json.loads(json.dumps(row))) for broken, _ in FAULTS]
    twice = json.loads(json.dumps(row))
    twice["reviews"].append(twice["reviews"][0])
    data = lines([row, *bad, twice]) + b'{"quote": "\n\xff\n\n'
    _, err, failed = bring(two, tmp_path, data)
    found = {int(each.split("line ")[1].split(":")[0]): each for each in err.splitlines()}
    assert found.keys() == set(range(2, len(FAULTS) + 5))
    for number, (_, words) in enumerate(FAULTS, 2):
        assert words in found[number]
    assert "Two of its reviews are one person's" in found[len(FAULTS) + 2]
    assert "This is no JSON" in found[len(FAULTS) + 3]
    assert failed.startswith(f"{len(FAULTS) + 3} lines cannot be brought in: nothing was.")
    assert Collection.objects.get(pk=two.away.pk).head == head


def test_a_claim_that_was_here_keeps_reviewers_and_editors_apart(two, tmp_path):
    rows = filled(two)
    article = two.away.articles.get(text=TEXTS[0]).pk
    start = rows[-1]["start"]
    place = Place(article, start, start + 5, "again")
    done = tag(two.away, author=two.people["edith"], target=place, opinion=Opinion("verified"), base=None)
    unmark(two.away, author=two.people["edith"], span_id=done.span_id)
    _, err, _ = bring(two, tmp_path, lines(rows))
    assert err.startswith("claims.jsonl, line 7: Somebody would have reviewed and decided it")


def test_names_that_are_nobodys_get_accounts_that_nobody_signs_in_to(two, tmp_path):
    bare = collection("bare", {"edith": two.people["edith"]})
    data = lines(filled(two))
    file = tmp_path / "claims.jsonl"
    file.write_bytes(data)
    command = ["import_claims", str(file), "--collection", "bare", "--as", "edith"]
    with pytest.raises(CommandError, match="7 lines cannot be brought in"):
        call_command(*command, stdout=io.StringIO(), stderr=io.StringIO())
    for _ in range(2):
        call_command(*command, "--strangers", stdout=io.StringIO())
    made = User.objects.filter(username__startswith="imported-")
    assert sorted(made.values_list("is_active", "memberships__role")) == [
        (False, "editor"),
        (False, "reviewer"),
    ]
    assert {user.display_name for user in made} <= names(two.home).keys()
    assert len(told(bare)) == 7


def test_an_account_for_a_name_is_found_again_whatever_became_of_it(two, tmp_path):
    bare = collection("bare", {"edith": two.people["edith"]})
    rows, long = filled(two), "Ä very long name " * 12
    for row in rows:
        row["reviews"][0]["reviewer"] = long
    file = tmp_path / "claims.jsonl"
    command = ["import_claims", str(file), "--collection", "bare", "--as", "edith", "--strangers"]
    for nth in (1, 4, 7):
        file.write_bytes(lines(rows[:nth]))
        call_command(*command, stdout=io.StringIO())
        made = User.objects.filter(username__startswith="imported-very-long", memberships__collection=bare)
        made.update(is_active=True, **({"display_name": "Renamed"} if nth == 4 else {}))
    assert len(told(bare)) == 7
    assert made.count() == 1


def test_where_they_check_blind_no_editor_comes_in_as_a_reviewer(two, tmp_path):
    rows = filled(two)
    olga = next(name for name, user in names(two.home).items() if user == "olga")
    rows[0]["reviews"][0]["reviewer"] = olga
    assert bring(two, tmp_path, lines(rows[:1]), "--check")[1:] == ("", "")
    base = CollectionSettings.objects.current().get(collection=two.away).pk
    change_settings(two.away, author=two.people["edith"], base=base, changes={"blind": True})
    _, err, failed = bring(two, tmp_path, lines(rows))
    assert err.startswith(
        f"claims.jsonl, line 1: “{olga}” is editor here, where they check blind, and may not"
    )
    assert failed.startswith("1 line cannot")


def test_what_comes_out_otherwise_is_said_and_a_check_writes_nothing(two, tmp_path):
    rows = filled(two)
    head = Collection.objects.get(pk=two.away.pk).head
    rows[0]["status"] = "contested"
    out, err, failed = bring(two, tmp_path, lines(rows), "--check")
    first, last = out.splitlines()
    assert first == "claims.jsonl, line 1: comes to agreed here; the file says contested."
    assert last == f"{len(rows)} claims would come in, 0 are there already."
    assert (err, failed, Collection.objects.get(pk=two.away.pk).head) == ("", "", head)


def test_a_check_says_what_would_come_in_what_is_there_and_what_would_be_left_out(two, tmp_path):
    rows = filled(two)
    assert (
        bring(two, tmp_path, lines(rows[:1]), "--check")[0] == "1 claim would come in, 0 are there already.\n"
    )
    bring(two, tmp_path, lines(rows[:1]))
    assert (
        bring(two, tmp_path, lines(rows[:1]), "--check")[0] == "0 claims would come in, 1 is there already.\n"
    )
    rows[1]["reviews"][0]["reviewer"] = "Somebody Else"
    rows[2]["article"]["sha256"] = "0" * 64
    out, _, failed = bring(two, tmp_path, lines(rows[:3]), "--check", "--partial", "--strangers")
    assert out.splitlines()[-1] == (
        "1 claim would come in, 1 is there already, 1 line would be left out;"
        " made as members whom nobody can sign in as: Somebody Else."
    )
    assert failed == ""


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_csv_is_called_so_once(two, tmp_path, mark):
    filled(two)
    _, err, failed = bring(two, tmp_path, mark + exported(two.home, "csv"))
    assert err == "claims.jsonl, line 1: This looks like CSV; only jsonl, json and w3c come back in.\n"
    assert failed.startswith("1 line cannot be brought in: nothing was.")


def test_only_an_editor_brings_claims_in(two, tmp_path):
    file = tmp_path / "claims.jsonl"
    file.write_bytes(b"")
    for options, words in (
        (("--collection", "nowhere", "--as", "edith"), "no collection nowhere"),
        (("--collection", "away", "--as", "ana"), "ana is no editor of away"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("import_claims", str(file), *options)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_claims", str(tmp_path / "none"), "--collection", "away", "--as", "edith")
