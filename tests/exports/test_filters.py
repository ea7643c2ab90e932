"""A filter tells what the rows tell: each is held against the unfiltered rows of the same person and revision.

So blind reviewers learn nothing from one that their rows do not show, and API, list, count and command agree.
"""

import io
import json
import random
import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlencode

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from annotations import access
from annotations.access_head import known_head
from annotations.exports.counts import count
from annotations.exports.filters import DAYS, NAMES, Filters, read
from annotations.exports.rows import claim_rows, rows_by_place, states
from annotations.models import (
    ArticleDetails,
    CollectionSettings,
    Problem,
    Revision,
    Status,
    Verdict,
)
from annotations.services.accounts import save_names
from annotations.services.claims import set_checkable, withdraw
from annotations.services.rulings import rule
from annotations.services.settings import change_settings
from tests.api.cast import TEXT, api, article_in, cite, make_desk, mark, tag

WORDS = [
    "register",
    "perc",
    "40",
    "Output rose",
    '"the minister"',
    "so",
    "hidden reason",
    "percent register",
    "$",
]
PLACES = ("40 percent", "2023", "minister", "Output rose", "The minister said so", "claims 💩")


@pytest.fixture
def world(db, monkeypatch):
    """Blind: two articles, claims of every state, reasons given and taken back, over some days of March."""
    hours, stopped = iter(range(10_000)), []
    begun = datetime(2026, 3, 20, 1, tzinfo=UTC)
    monkeypatch.setattr(
        timezone, "now", lambda: begun + timedelta(hours=next(hours) if not stopped else 9999)
    )
    desk = make_desk(blind=True, reviews_needed=2)
    second = {"publisher": "", "language": "fr", "published_on": date(2026, 3, 22)}
    other = article_in(desk.collection, desk.owner, f"{TEXT}More.\n", title="Other", **second)
    spans = [desk.span, *(mark(desk.collection, desk.ana, desk.article, words) for words in PLACES[1:4])]
    spans += [mark(desk.collection, desk.ben, other, words, f"{TEXT}More.\n") for words in PLACES[3:]]
    work(desk, spans)
    stopped.append(True)
    return desk


def work(desk, spans):
    """ana has spoken on the first two claims alone."""
    own, argued, sourced = desk.collection, *spans[:2]
    said = tag(own, desk.ana, argued, "disputed", why="The register says less", problem="figure")
    tag(own, desk.ben, argued, "verified", why="So it is")
    for person in (desk.ana, desk.ben):
        tag(own, person, sourced)
    cite(own, desk.ana, sourced)
    tag(own, desk.ana, argued, "disputed", base=said, why="Ledger", problem="date")
    tag(own, desk.ben, spans[2], "disputed", why="A hidden reason, in the register", problem="outdated")
    rule(own, author=desk.owner, span_id=spans[2], verdict="disputed", rationale="R", base=None)
    gone = tag(own, desk.ben, spans[3], "needs_source", why="hidden reason", problem="name")
    withdraw(own, author=desk.ben, span_id=spans[3], base=gone)
    set_checkable(own, author=desk.ben, target=spans[4], not_checkable=True, reason="opinion")


def exported(client, query=""):
    answer = client.get(f"desk/export/?{query}")
    assert answer.status_code == 200, answer.content
    return json.loads(b"".join(answer.streaming_content))


def fits(row, wanted, languages, days):
    """As a reader of the row would say."""
    reviews = [
        each
        for each in row["reviews"]
        if each["problem"] in wanted.get("problem", [each["problem"]])
        and each["reviewer"] in wanted.get("reviewer", [each["reviewer"]])
    ]
    published = str(row["article"]["published_on"] or "")
    told = {
        "status": row["status"] in wanted.get("status", []),
        "verdict": row["verdict"] in wanted.get("verdict", []),
        "problem": bool(reviews),
        "reviewer": bool(reviews),
        "article": str(row["article"]["id"]) in wanted.get("article", []),
        "publisher": row["article"]["publisher"] in wanted.get("publisher", []),
        "language": languages[row["article"]["id"]] in [tag.lower() for tag in wanted.get("language", [])],
        "text": any(holds(row, words) for words in wanted.get("text", [])),
        "published_from": bool(published) and published >= wanted.get("published_from", [""])[0],
        "published_to": bool(published) and published <= wanted.get("published_to", [""])[0],
        "changed_from": days[row["revision"]] >= wanted.get("changed_from", [""])[0],
    }
    return all(told[name] for name in wanted)


def holds(row, words):
    """All words in the quote or in one reason, those in quotation marks one after the other; the last may go on."""
    terms = re.findall(r'"[^"]+"|[^\W_]+', words.lower())
    patterns = [r"\b" + re.sub(r"\W+", r"\\W+", each.strip('"')) + r"\b" for each in terms]
    if patterns and not words.endswith('"'):
        patterns[-1] = patterns[-1].removesuffix(r"\b")
    texts = [row["quote"], *(each["why"] for each in row["reviews"])]
    return bool(patterns) and any(all(re.search(p, text.lower()) for p in patterns) for text in texts)


def values_in(desk):
    """name → what there is to ask with, and what there is not."""
    days = sorted({f"{at:%Y-%m-%d}" for at in Revision.objects.values_list("created_at", flat=True)})[1::2]
    known = {
        "status": Status.values,
        "verdict": Verdict.values,
        "problem": Problem.values,
        "article": [*map(str, ArticleDetails.objects.values_list("article", flat=True)), "999"],
        "publisher": ["The Lantern", "", "nobody"],
        "language": ["EN", "en", "Fr", ""],
        "reviewer": [*(each.pseudonym for each in desk.collection.memberships.all()), "ben"],
        "text": WORDS,
        **{name: [*days, "0001-01-01", "2027-01-01"] for name in DAYS},
    }
    assert tuple(known) == NAMES
    return known


def asked(known):
    """Each value alone, two of a filter, two filters together."""
    lot = random.Random(5)
    for name, values in known.items():
        yield from ({name: [value]} for value in values)
        if name not in DAYS:
            yield {name: lot.sample(list(values), 2)}
    for _ in range(25):
        one, two = lot.sample(list(known), 2)
        yield {one: [lot.choice(known[one])], two: [lot.choice(known[two])]}


def test_a_filter_tells_what_the_rows_tell(world):
    languages = dict(ArticleDetails.objects.values_list("article", "language"))
    days = {n: f"{at:%Y-%m-%d}" for n, at in Revision.objects.values_list("number", "created_at")}
    wanteds, found = list(asked(values_in(world))), set()
    for person in (world.owner, world.ana, world.ben, world.vera):
        seat = access.seat(person, "desk")
        for nth, at in enumerate((known_head(seat), known_head(seat) - 4, known_head(seat) - 9)):
            rows = list(claim_rows(seat, at))
            for wanted in wanteds[nth :: 3 if nth else 1]:
                filters = read(lambda name, wanted=wanted: wanted.get(name, []))
                expected = [row["id"] for row in rows if fits(row, wanted, languages, days)]
                assert sorted(states(seat, at, filters).values_list("span", flat=True)) == expected, wanted
                assert count(seat, at, filters) == len(expected), wanted
                found.update((person.username, name) for name in wanted if expected)
    # A viewer sees what is settled, and of that nothing was said in French.
    assert {(who, name) for who in ("owner", "ana", "ben") for name in NAMES} <= found


def test_all_doors_narrow_alike(world):
    """Export, list, count and command, by each filter; what is found by words comes in pages too."""
    owner, at = api(world.owner), known_head(access.seat(world.owner, "desk"))
    rows = exported(owner)
    for name, values in values_in(world).items():
        query = urlencode([(name, values[0])])
        found = exported(owner, query)
        assert [row for row in rows if row in found] == found
        assert owner.get(f"desk/spans/?{query}").json()["results"] == found == commanded({name: [values[0]]})
        assert owner.get(f"desk/export/count/?{query}").json() == {"count": len(found), "at": at}
    seat = access.seat(world.owner, "desk")
    for said in ("register", "o", "40"):
        filters = Filters(text=[said, "percent"])
        found = list(claim_rows(seat, at, filters))
        assert list(claim_rows(seat, at, filters, chunk=1)) == found
        assert sorted(rows_by_place(seat, at, filters), key=lambda row: row["id"]) == found


def commanded(wanted):
    out = io.StringIO()
    options = {name: wanted.get(name, []) for name in NAMES}
    call_command("export", "desk", format="json", stdout=out, **options)
    return json.loads(out.getvalue())


def test_names_are_those_that_the_policy_gives(world):
    owner, ben = api(world.owner), world.ben
    pseudonym = world.collection.memberships.get(user=ben).pseudonym
    assert (len(exported(owner, f"reviewer={pseudonym}")), exported(owner, "reviewer=ben")) == (3, [])
    base = CollectionSettings.objects.current().get(collection=world.collection).pk
    change_settings(world.collection, author=world.owner, base=base, changes={"show_names": True})
    ben.show_name = True
    save_names(ben)
    assert (exported(owner, f"reviewer={pseudonym}"), len(exported(owner, "reviewer=ben"))) == ([], 3)


REFUSED = {
    "problem": "problem=x",
    "published_from": "published_from=2026-02-30",
    "published_to": "published_to=20260501",
    "text": "text=a%00",
    "changed_from": "changed_from=2026-05-01&changed_from=2026-05-02",
    "reviewer": f"reviewer={'x' * 501}",
    "article": "article=99999999999999999999",
}


def test_what_cannot_be_meant_is_refused_by_name(world):
    owner = api(world.owner)
    for name, query in REFUSED.items():
        for path in ("desk/export/", "desk/export/count/", "desk/spans/"):
            answer = owner.get(f"{path}?{query}")
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, name), path
        said = {each: parse_qs(query).get(each, []) for each in NAMES}
        with pytest.raises(CommandError, match=name):
            call_command("export", "desk", format="json", **said)
    assert owner.get("desk/export/count/?limit=3").status_code == 400
    assert owner.get("desk/export/count/?at=999").status_code == 404
