"""What goes out comes back the same, in every form in which claims come back in."""

import json
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations import access
from annotations.exports import w3c
from annotations.exports.dataset import Dataset
from annotations.models import Aspect, Collection, Evidence, Problem, Source, Stance, Verdict
from annotations.services.claims import Opinion, Place, mark, set_checkable, tag
from annotations.services.evidence import Citation, NewSource, add_evidence
from annotations.services.rulings import Terms, rule
from tests.services.exchange import TEXTS, bring, collection, exported, filled, told

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
    people, shared, drawn = two.people, [], set()
    for said in claims:
        text, (start, length) = TEXTS[said["text"]], said["at"]
        quote = text[start : start + length]
        place = Place(articles[text], start, start + len(quote), quote, said["aspect"])
        if not quote.strip() or place in drawn:
            continue
        drawn.add(place)
        span = mark(two.home, author=people["ana"], place=place).span_id
        for name, opinion in said["reviews"].items():
            tag(two.home, author=people[name], target=span, opinion=opinion, base=None)
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


@pytest.mark.parametrize("form", ["json", "w3c"])
def test_a_file_on_one_line_is_read_too(two, tmp_path, form):
    filled(two)
    on_one_line = json.dumps(json.loads(exported(two.home, form))).encode()
    assert bring(two, tmp_path, on_one_line)[1:] == ("", "")
    assert told(two.away) == told(two.home)


@pytest.mark.parametrize("form", ["jsonl", "json", "w3c"])
def test_a_byte_order_mark_before_a_file_is_none_of_its_claims(two, tmp_path, form):
    filled(two)
    assert bring(two, tmp_path, b"\xef\xbb\xbf" + exported(two.home, form))[1:] == ("", "")
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


@pytest.mark.parametrize("laid_out", [bytes, lambda data: json.dumps(json.loads(data), indent=1).encode()])
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "This is one page: 3 annotations of the 7 that the collection has. Bring in its other pages"),
        (
            3,
            "This is one page: 1 annotation of the 7 that the collection has, those after the first 6. Bring",
        ),
    ],
)
def test_one_page_is_not_taken_for_the_whole(two, tmp_path, monkeypatch, laid_out, number, words):
    monkeypatch.setattr(w3c, "A_PAGE", 3)
    filled(two)
    two.home.refresh_from_db()
    page = json.loads(b"".join(w3c.write_page(Dataset(access.desk_seat(two.home), two.home.head), number)))
    out, err, failed = bring(two, tmp_path, laid_out(laid_by_line(page)), "--check")
    assert (out.startswith(f"claims.jsonl: {words}"), err, failed) == (True, "", "")
    page["partOf"] = page["partOf"]["id"]  # as pages were before they said so, and as others' are
    out = bring(two, tmp_path, laid_out(laid_by_line(page)), "--check")[0]
    assert out.startswith(f"claims.jsonl: {words.replace(' of the 7 that the collection has', '')}")


def laid_by_line(page):
    head, tail = json.dumps(page | {"items": []}, separators=(",", ":")).split('"items":[]')
    items = ",\n".join(map(json.dumps, page["items"]))
    return f'{head}"items":[\n{items}\n]{tail}\n'.encode()


def test_the_only_page_is_the_whole(two, tmp_path):
    filled(two)
    two.home.refresh_from_db()
    page = b"".join(w3c.write_page(Dataset(access.desk_seat(two.home), two.home.head), 1))
    assert bring(two, tmp_path, page) == ("7 claims are in away.\n", "", "")


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


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_csv_is_called_so_once(two, tmp_path, mark):
    filled(two)
    _, err, failed = bring(two, tmp_path, mark + exported(two.home, "csv"))
    assert err == "claims.jsonl, line 1: This looks like CSV; only jsonl, json and w3c come back in.\n"
    assert failed.startswith("1 line cannot be brought in: nothing was.")
