"""changes/: a copy that follows the feed is the collection."""

import json
import threading
import time
from dataclasses import replace
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotations import access
from annotations.api.changes import things
from annotations.exports.feed import Page, Walk, changes
from annotations.exports.rows import Builder
from annotations.models import ArticleDetails, ClaimState, Collection, CollectionSettings, Evidence, prepared
from annotations.models.prepared import answered
from annotations.services.articles import edit_details
from annotations.services.claims import set_checkable, unmark
from annotations.services.evidence import Citation, add_evidence, edit_evidence, remove_evidence
from annotations.services.fill import fill
from annotations.services.rulings import rule
from annotations.services.settings import change_settings, create_collection, set_member
from annotations.services.undo import undo
from tests.api.cast import api, article_in, cite, make_desk, mark, tag


def export(client, slug="desk", query=""):
    return json.loads(b"".join(client.get(f"{slug}/export/{query}").streaming_content))


def walk(client, after=0, limit=100, slug="desk"):
    """Every entry, and the head to come back with."""
    page = client.get(f"{slug}/changes/?after={after}&limit={limit}").json()
    entries = page["results"]
    while page["next"]:
        page = client.get(page["next"]).json()
        entries += page["results"]
    return entries, page["head"]


def follow(copy, entries):
    for entry in entries:
        if entry["op"] == "delete":
            copy.pop((entry["type"], entry["id"]), None)
        else:
            copy[entry["type"], entry["id"]] = entry["object"]
    for (kind, _), thing in copy.items():
        if kind == "claim":
            about = copy["article", thing["article"]["id"]]
            thing["article"] = {name: about[name] for name in thing["article"]}


def claims_of(copy):
    return [copy[key] for key in sorted(copy) if key[0] == "claim"]


def test_the_first_walk_is_the_whole_collection(desk):
    tag(desk.collection, desk.ana, desk.span)
    entries, head = walk(api(desk.owner))
    assert [(each["op"], each["type"], each["id"]) for each in entries] == [
        ("upsert", "article", desk.article),
        ("upsert", "claim", desk.span),
    ]
    assert head == Collection.objects.get(pk=desk.collection.pk).head
    assert [each["seq"] for each in entries] == [2, head]


def test_nothing_new_is_nothing(desk):
    _, head = walk(api(desk.ana))
    answer = api(desk.ana).get(f"desk/changes/?after={head}").json()
    assert (answer["results"], answer["next"], answer["head"]) == ([], None, head)


def test_what_has_gone_is_a_delete(desk):
    _, head = walk(api(desk.ana))
    unmark(desk.collection, author=desk.ana, span_id=desk.span)
    entries, _ = walk(api(desk.ana), head)
    assert [(each["op"], each["id"], each["object"]) for each in entries] == [("delete", desk.span, None)]


def test_what_came_back_is_an_upsert(desk):
    _, head = walk(api(desk.ana))
    gone = unmark(desk.collection, author=desk.ana, span_id=desk.span).revision
    undo(desk.collection, author=desk.ana, number=gone)
    entries, _ = walk(api(desk.ana), head)
    assert [(each["op"], each["id"]) for each in entries] == [("upsert", desk.span)]


def test_a_corrected_article_is_one_change(desk):
    client = api(desk.owner)
    _, head = walk(client)
    base = int(client.get(f"desk/articles/{desk.article}/")["ETag"].strip('"'))
    edit_details(
        desk.collection, author=desk.owner, article_id=desk.article, base=base, changes={"title": "B"}
    )
    entries, _ = walk(client, head)
    assert [(each["type"], each["object"]["title"]) for each in entries] == [("article", "B")]


def test_articles_and_claims_are_as_the_lists_have_them(desk):
    client = api(desk.owner)
    tag(desk.collection, desk.ana, desk.span)
    told = {each["type"]: each["object"] for each in walk(client)[0]}
    assert client.get("desk/articles/").json()["results"] == [told["article"]]
    assert client.get("desk/spans/").json()["results"] == [told["claim"]]


def test_a_walk_ends_where_its_first_page_said(desk):
    client = api(desk.ana)
    for word in ("Output", "rose", "2023", "minister"):
        mark(desk.collection, desk.ana, desk.article, word)
    page = client.get("desk/changes/?limit=2").json()
    late = mark(desk.collection, desk.ana, desk.article, "said")
    seen = [each["id"] for each in page["results"] if each["type"] == "claim"]
    while page["next"]:
        page = client.get(page["next"]).json()
        seen += [each["id"] for each in page["results"] if each["type"] == "claim"]
    assert late not in seen
    assert len(seen) == len(set(seen)) == 5
    entries, _ = walk(client, page["head"])
    assert [each["id"] for each in entries] == [late]


def test_a_bulk_revision_spans_pages(desk):
    client = api(desk.owner)
    _, head = walk(client)
    spans = [mark(desk.collection, desk.ana, desk.article, word) for word in ("Output", "rose", "2023")]
    for span in spans:
        tag(desk.collection, desk.ana, span, "disputed")
    live = CollectionSettings.objects.current().get(collection=desk.collection)
    change_settings(desk.collection, author=desk.owner, base=live.pk, changes={"reviews_needed": 2})
    entries, _ = walk(client, head, limit=1)
    assert sorted(each["id"] for each in entries) == spans
    assert len({each["seq"] for each in entries}) == 1


def page_of(seat: access.Seat, walk: Walk, limit: int) -> Page:
    return answered(changes(seat, walk, limit, partial(things, Builder(seat, walk.head))))


def test_what_lies_behind_a_page_that_is_full_is_not_read(desk):
    fill(desk.collection, articles=1, spans=30, seed=1)
    tag(desk.collection, desk.ana, desk.span)
    desk.collection.refresh_from_db()
    seat = access.seat(desk.owner, "desk")
    first = page_of(seat, Walk(0, desk.collection.head), 20).entries[-1]
    beside = Walk(0, desk.collection.head, edge=first[:3])
    assert len(beside.stretches("claim")) > 1  # the rest of the bulk revision, and what came after it
    asked = {}
    for limit in (3, 100):
        with CaptureQueriesContext(connection) as queries:
            assert len(page_of(seat, beside, limit).entries) >= 3
        asked[limit] = sum("annotations_span" in each["sql"] for each in queries.captured_queries)
    assert asked[3] < asked[100]


@pytest.mark.django_db
@pytest.mark.parametrize("blind", [False, True])
def test_an_article_among_the_claims_that_fill_a_page_is_told_in_its_place(blind):
    desk = make_desk(blind=blind)
    client, marked = api(desk.ana), partial(mark, desk.collection, desk.ana, desk.article)
    desk.collection.refresh_from_db()
    after = desk.collection.head
    before = marked("rose")
    between = article_in(desk.collection, desk.owner, "Another text.\n")
    behind = [marked(quote) for quote in ("40", "percent", "2023")]
    page = client.get(f"desk/changes/?after={after}&limit=1").json()
    assert [each["id"] for each in page["results"]] == [before]
    page = client.get(page["next"].replace("limit=1", "limit=2")).json()
    assert [(each["type"], each["id"]) for each in page["results"]] == [
        ("article", between),
        ("claim", behind[0]),
    ]
    assert [each["object"]["id"] for each in page["results"]] == [between, behind[0]]


def test_a_page_is_asked_for_in_few_steps(desk, monkeypatch):
    tag(desk.collection, desk.ana, desk.span)
    steps: list[int] = []
    ask = prepared.ask

    def counted(*asked, **how):
        steps.append(len(asked))
        return ask(*asked, **how)

    monkeypatch.setattr(prepared, "ask", counted)
    page = api(desk.owner).get("desk/changes/?after=0&limit=100")
    assert len(page.json()["results"]) == 2
    # Who asks, articles, claims, all that they are made of, and when it was said.
    assert steps[:3] == [2, 1, 1]
    assert len(steps) == 4


def test_a_viewer_is_told_of_agreed_claims_and_of_their_end(desk):
    vera = api(desk.vera)
    assert [each["type"] for each in walk(vera)[0]] == ["article"]
    tag(desk.collection, desk.ana, desk.span, "disputed")
    entries, head = walk(vera)
    assert ("upsert", desk.span) in [(each["op"], each["id"]) for each in entries if each["type"] == "claim"]
    tag(desk.collection, desk.ben, desk.span, "verified")
    entries, _ = walk(vera, head)
    assert [(each["op"], each["id"]) for each in entries] == [("delete", desk.span)]
    never = mark(desk.collection, desk.ana, desk.article, "2023")
    unmark(desk.collection, author=desk.ana, span_id=never)
    assert never not in [each["id"] for each in walk(vera)[0] if each["type"] == "claim"]


def test_who_checks_blind_is_told_what_becomes_of_their_sources_elsewhere(blind):
    cited = cite(blind.collection, blind.ben, blind.span)
    other = mark(blind.collection, blind.ana, blind.article, "2023")
    again = cite_again(blind, blind.ana, other, cited.key)
    client = api(blind.ben)
    _, head = walk(client, slug="sealed")
    name_source(blind, again, "Bureau tables, corrected")
    entries, _ = walk(client, head, slug="sealed")
    assert [(each["op"], each["id"]) for each in entries] == [("upsert", blind.span)]
    assert entries[0]["object"]["evidence"][0]["source"]["title"] == "Bureau tables, corrected"


def cite_again(desk, author, span, key):
    """The source of that citation, on another claim; returns the key of the new one."""
    source = Evidence.objects.current().get(collection=desk.collection, key=key).source_id
    return add_evidence(desk.collection, author=author, span_id=span, source=source).key


def name_source(desk, key, title):
    """By way of one of its citations, which stays as it is."""
    row = Evidence.objects.current().get(collection=desk.collection, key=key)
    edit_evidence(
        desk.collection,
        author=desk.owner,
        evidence_key=key,
        base=row.pk,
        citation=Citation(row.stance, row.locator, row.excerpt),
        source_details={"title": title},
    )


def test_a_stale_epoch_is_told_to_start_anew(desk):
    client = api(desk.ana)
    page = client.get("desk/changes/").json()
    assert client.get(f"desk/changes/?epoch={page['epoch']}").status_code == 200
    set_member(desk.collection, desk.ben, "viewer")
    answer = client.get(f"desk/changes/?after={page['head']}&epoch={page['epoch']}")
    assert (answer.status_code, answer.json()["code"]) == (410, "resync")
    assert answer.json()["epoch"] > page["epoch"]


def test_a_copy_of_another_history_is_told_so_too(desk):
    assert api(desk.ana).get("desk/changes/?after=100000").status_code == 410


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            "mark unmark tag rule cite again uncite source check article details undo walk".split()
        ),
        st.integers(0, 5),
    ),
    max_size=12,
)
WORDS = ("Output", "rose", "percent", "2023", "minister", "said")


@given(steps=STEPS, limit=st.integers(1, 4), who=st.sampled_from(["owner", "ben", "vera"]))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_copy_that_follows_the_feed_is_the_export(desk, steps, limit, who):
    follows(desk, steps, limit, who)


@example(steps=[("walk", 0), ("source", 1)], limit=4, who="ben")
@given(steps=STEPS, limit=st.integers(1, 4), who=st.sampled_from(["owner", "ana", "ben", "vera"]))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_so_is_one_of_a_blind_collection(blind, steps, limit, who):
    follows(blind, steps, limit, who)


def another(desk):
    """A collection of the same people that no example before has touched: two of them cite one source."""
    settings = CollectionSettings.objects.current().get(collection=desk.collection)
    slug = f"{desk.collection.slug}-{Collection.objects.count()}"
    collection = create_collection(slug, author=desk.owner, blind=settings.blind)
    for member in desk.collection.memberships.all():
        set_member(collection, member.user, member.role)
    article = article_in(collection, desk.owner)
    span = mark(collection, desk.ana, article, "40 percent")
    made = replace(desk, collection=collection, article=article, span=span)
    cite_again(made, desk.ana, span, cite(collection, desk.ben, span).key)
    return made


def follows(desk, steps, limit, who):
    desk = another(desk)
    client, copy, head, slug = api(getattr(desk, who)), {}, 0, desk.collection.slug
    for number, (step, pick) in enumerate([*steps, ("walk", 0)]):
        if step == "walk":
            entries, head = walk(client, head, limit, slug)
            assert len({(each["type"], each["id"]) for each in entries}) == len(entries)
            follow(copy, entries)
            assert claims_of(copy) == export(client, slug, f"?at={head}")
        else:
            act(desk, step, pick, number)


def act(desk, step, pick, number):
    from annotations.services.ledger import LedgerError

    live = list(ClaimState.objects.current().filter(collection=desk.collection).order_by("span"))
    cited = list(Evidence.objects.current().filter(collection=desk.collection).order_by("pk"))
    try:
        act_on_articles(desk, step, pick, number)
        if live:
            act_on_a_claim(desk, step, pick, live[pick % len(live)].span_id)
        if live and cited:
            act_on_a_source(desk, step, pick, live[pick % len(live)].span_id, cited[pick % len(cited)])
    except LedgerError:
        return


def act_on_articles(desk, step, pick, number):
    head = Collection.objects.get(pk=desk.collection.pk).head
    match step:
        case "mark":
            mark(desk.collection, desk.ana, desk.article, WORDS[pick])
        case "article":
            article_in(desk.collection, desk.owner, f"Text number {number} of {head}.")
        case "undo":
            undo(desk.collection, author=desk.owner, number=head - pick % 3)
        case "details":
            # None: the import was undone before.
            details = ArticleDetails.objects.current().filter(article=desk.article).first()
            edit_details(
                desk.collection,
                author=desk.owner,
                article_id=desk.article,
                base=details.pk if details else 0,
                changes={"title": f"Title {pick}"},
            )


def act_on_a_claim(desk, step, pick, span):
    collection, verdict = desk.collection, ("verified", "disputed")[pick // 3]
    match step:
        case "unmark":
            unmark(collection, author=desk.ana, span_id=span)
        case "tag":
            tag(collection, (desk.ana, desk.ben)[pick % 2], span, verdict)
        case "rule":
            rule(collection, author=desk.owner, span_id=span, verdict=verdict, rationale="So.", base=None)
        case "cite":
            cite(collection, (desk.ana, desk.ben)[pick % 2], span)
        case "check":
            no = bool(pick % 2)
            set_checkable(collection, author=desk.ana, target=span, not_checkable=no, reason="opinion")


def act_on_a_source(desk, step, pick, span, cited):
    match step:
        case "again":
            cite_again(desk, (desk.ana, desk.ben)[pick // 3], span, cited.key)
        case "uncite":
            remove_evidence(desk.collection, author=desk.owner, evidence_key=cited.key, base=cited.pk)
        case "source":
            name_source(desk, cited.key, f"Title {cited.pk}")


WRITERS, TIMES = 8, 4
LONG = "".join(f"Word{nth:02} and so on.\n" for nth in range(WRITERS * TIMES))


@pytest.mark.django_db(transaction=True)
def test_nothing_is_missed_or_told_twice_while_slow_writers_write(monkeypatch):  # T39
    desk = make_desk()
    article = article_in(desk.collection, desk.owner, LONG)
    dawdle(monkeypatch)
    writers = [threading.Thread(target=write, args=(desk, article, nth)) for nth in range(WRITERS)]
    client, copy, head, seen, walks = api(desk.owner), {}, 0, set(), 0
    for writer in writers:
        writer.start()
    while True:
        alive = any(writer.is_alive() for writer in writers)
        entries, head = walk(client, head, limit=3)
        told = {(each["seq"], each["type"], each["id"]) for each in entries}
        assert len(told) == len(entries)
        assert not told & seen
        seen |= told
        walks += bool(entries)
        follow(copy, entries)
        if not alive:
            break
    for writer in writers:
        writer.join()
    assert walks > TIMES
    assert claims_of(copy) == export(client)
    assert len(claims_of(copy)) == WRITERS * TIMES + 1


def dawdle(monkeypatch):
    """Every change is written long before it is committed."""
    from annotations.services import ledger

    begin = ledger._begin

    def slow(*asked):
        revision = begin(*asked)
        time.sleep(0.01)
        return revision

    monkeypatch.setattr(ledger, "_begin", slow)


def write(desk, article, nth):
    collection = Collection.objects.get(pk=desk.collection.pk)
    try:
        for word in (f"Word{nth * TIMES + each:02}" for each in range(TIMES)):
            span = mark(collection, desk.ana, article, word, LONG)
            version = tag(collection, desk.ben, span, "disputed")
            tag(collection, desk.ben, span, "needs_source", base=version)
    finally:
        connection.close()


def test_a_walk_does_not_end_before_it_begins(desk):
    answer = api(desk.ana).get("desk/changes/?after=3&head=1")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "head")
