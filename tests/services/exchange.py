"""Two collections of the same articles and people, and claims that go from one to the other in a file."""

import io
import json
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from annotations import access
from annotations.exports.dataset import Dataset
from annotations.exports.formats import FORMATS
from annotations.models import Collection
from annotations.services.claims import Opinion, Place, tag
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.rulings import rule
from annotations.services.settings import create_collection, set_member
from tests.api.cast import article_in, person

TEXTS = (
    "💩 Output\nrose 40 percent, they said.\nIt rose again, they said.\n",
    "قال الوزير ٤٠\nمن القول.\n",
    "大臣は四十と𠮷野で述べた。\n",
)
ROLES = {"edith": "editor", "olga": "editor", "ana": "reviewer", "ben": "reviewer", "cyd": "reviewer"}
QUOTES = ("Output", "rose 40 percent", "It rose again", "rose", "they said", "40", "again")


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
