"""Claims go out as jsonl and come back into a collection that holds the same articles."""

import io
import json
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from annotations.models import Collection, CollectionSettings, Source, User
from annotations.services import bulk, import_claims
from annotations.services.claims import Opinion, Place, mark, tag, unmark
from annotations.services.settings import change_settings
from annotations.services.undo import undo
from annotations.services.verify import verify
from tests.api.cast import person
from tests.services.conftest import database_url, environment_of
from tests.services.exchange import (
    QUOTES,
    ROLES,
    TEXTS,
    bring,
    collection,
    filled,
    lines,
    names,
    told,
)


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
    environment = environment_of(database_url(), settings.DATA_DIR)
    begun = Collection.objects.get(slug="away").head
    for more in (2, None):
        process = subprocess.Popen(
            [sys.executable, "-c", ONE_BY_ONE, *words],
            cwd=settings.BASE_DIR,
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
