"""No page reads a whole table: the plan of every statement behind it, with many claims and fresh statistics.

AIGAP_PLAN_CLAIMS says how many (50,000; `make plans` takes a million).
"""

import os
import re
from collections.abc import Iterator
from itertools import product

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from annotations import access, access_articles, access_head
from annotations.api import changes
from annotations.exports import feed, parts, rows
from annotations.exports.rows import STATE, states
from annotations.models import Annotation, Article, ClaimState, Collection, CollectionSettings, User
from annotations.models.prepared import Prepared, Question
from annotations.services import agreement
from annotations.services.bulk import analyse
from annotations.services.claims import Opinion, tag
from annotations.services.fill import fill
from annotations.services.settings import change_settings, create_collection, set_member
from annotations.views import recent
from tests.blind.ground import unwritten

CLAIMS = int(os.environ.get("AIGAP_PLAN_CLAIMS", "50000"))
ARTICLES = CLAIMS // 20
SMALL = 1000
PAGES = [
    "/",
    "/c/load/",
    "/c/load/articles/",
    "/c/load/articles/?sort=title",
    "/c/load/articles/?page=2",
    "/c/load/claims/",
    "/c/load/claims/?status=contested",
    "/c/load/claims/?verdict=verified",
    "/c/load/claims/?sort=oldest&status=agreed",
    "/c/load/claims/?sort=article",
    "/c/load/claims/?sort=article&verdict=verified&problem=figure",
    "/c/load/claims/?sort=due",
    "/c/load/claims/?due=overdue",
    "/c/load/claims/?article={article}",
    "/c/load/claims/?problem=figure&person={person}",
    "/c/load/claims/?problem=figure&unsourced=on",
    "/c/load/claims/?publisher=post&given=nobody",
    "/c/load/claims/?given={person}",
    "/c/load/claims/?status=again",
    "/c/load/claims/?status=waiting_source",
    "/c/load/claims/?q=billion&status=contested",
    "/c/load/claims/{claim}/",
    "/c/load/history/",
    "/c/load/legal/",
    "/c/load/legal/?show=cleared",
    "/c/load/articles/{article}/proof/",
    "/c/load/history/?claim={claim}",
    "/c/load/history/?article={article}",
    "/c/load/history/?person={person}",
    "/c/load/history/?action=rule",
    "/c/load/history/?from=2026-01-02&to=2026-01-03",
    "/c/load/history/?since=visit",
    "/c/load/dataset/",
    "/c/load/articles/{article}/",
    "/c/load/articles/{article}/card/?claim={claim}",
    "/c/load/articles/{article}/since/?n={late}&here=0",
    "/api/v1/collections/load/spans/?limit=100",
    "/api/v1/collections/load/spans/?status=agreed&limit=100",
    "/api/v1/collections/load/articles/?limit=100",
    "/api/v1/collections/load/spans/{claim}/",
    "/api/v1/collections/load/changes/?after={late}&limit=100",
    "/api/v1/collections/load/spans/?problem=figure&language=en&limit=100",
    "/api/v1/collections/load/spans/?reviewer={pseudonym}&changed_from=2026-01-01&limit=100",
    "/api/v1/collections/load/spans/?text=billion&limit=100",
    "/api/v1/collections/load/export/count/?status=agreed",
    "/api/v1/collections/load/export/count/?article={article}",
    "/api/v1/collections/load/export/count/?problem=figure&reviewer={pseudonym}",
]
"""Not here: a count by outlet, day or words. It looks at each claim of its collection (docs/exports.md)."""
EDITORS_PAGES = [
    "/c/load/claims/{claim}/",
    "/c/load/claims/accept/",
    "/c/load/claims/accept/?article={article}",
    "/c/load/agreement/",
    "/c/load/agreement/?way=standing",
    "/c/load/agreement/cell/?way=standing&a={one}&b={two}&va=verified&vb=disputed",
    "/c/load/agreement/verdicts.csv",
    "/c/load/assignments/",
]
FEED = [
    "/api/v1/collections/load/changes/?limit=100",
    "/api/v1/collections/load/changes/?after={middle}&limit=100",
    "/api/v1/collections/load/changes/?cursor={middle}-claim-{claim}&limit=100",
    "/api/v1/collections/load/changes/?after={late}&limit=100",
]


Load = tuple[User, set[str]]


@pytest.fixture(scope="module")
def load(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Load]:
    """Somebody who reviews in a large collection, and the tables that are big: filled once, gone after this module."""
    with django_db_blocker.unblock(), unwritten():
        yield loaded(), big_tables()


@pytest.mark.django_db
def test_no_page_reads_a_whole_table(load: Load, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is counted of a million claims is a hundredth of them; a fifth of 50,000 is rightly read as a whole.
    monkeypatch.setattr(agreement, "MOST", CLAIMS // 100)
    (reader, big), collection = load, Collection.objects.get(slug="load")
    client.force_login(reader)
    article = Article.objects.filter(collection=collection).order_by("pk")[ARTICLES // 2]
    claim = (
        ClaimState.objects.current().filter(span__article=article).values_list("span_id", flat=True).first()
    )
    edith = set_member(collection, User.objects.create_user("edith"), "editor").user
    one, two = Annotation.objects.filter(collection=collection).values_list("reviewer").distinct()[:2]
    known = {"article": article.pk, "claim": claim, "person": reader.pk, "late": collection.head - 1}
    known |= {"one": one[0], "two": two[0], "pseudonym": collection.memberships.get(user=reader).pseudonym}
    faults = []
    for person, page in [(reader, page) for page in PAGES] + [(edith, page) for page in EDITORS_PAGES]:
        faults += faults_of(client, person, page.format(**known), big)
    assert not faults, "\n".join(faults)
    assert "evidence_cited_last" in plan_for_anybody(recent._CITED, collection.pk, edith.pk)
    for column, steps in (
        ("language", access_articles._LANGUAGES),
        ("publisher", access_articles._PUBLISHERS),
    ):
        plan = explained(steps, [collection.pk, collection.pk, 200])
        steps_seen = 2 if connection.vendor == "sqlite" else 1  # PostgreSQL 15 does not show the second
        assert plan.count(f"article_live_{column}") >= steps_seen, plan
        assert "Seq Scan" not in plan
    assert not sorts(states(access.desk_seat(collection), 3).order_by("span_id").values_list(*STATE)[:2000])


def plan_for_anybody(prepared: Prepared, *values: int | list[int]) -> str:
    """PostgreSQL makes one plan for a prepared statement, whoever asks, when it has been asked a few times."""
    statement, given = prepared.statement, prepared.statement.params(values)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement.sql}", given)
            return str(cursor.fetchall())
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        types = ", ".join("bigint" if isinstance(value, int) else "unknown" for value in given)
        cursor.execute(f"PREPARE anybody ({types}) AS {statement.plain}")
        words = ", ".join(f"'{value}'" for value in given)
        cursor.execute(f"EXPLAIN EXECUTE anybody({words})")
        plan = str(cursor.fetchall())
        cursor.execute("DEALLOCATE anybody")
        return plan


def explained(sql: str, params: list[int]) -> str:
    with connection.cursor() as cursor:
        how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{how} {sql}", params)
        return str(cursor.fetchall())


def sorts(rows: QuerySet) -> list[str]:
    """A chunk of an export of an early revision is walked: sorting all that was there, chunk for chunk, is a square."""
    return re.findall("TEMP B-TREE FOR ORDER|claim_state_created", rows.explain())


@pytest.mark.django_db
def test_nor_does_the_feed_whoever_follows_it(load: Load, client: Client) -> None:
    (reader, big), collection = load, Collection.objects.get(slug="load")
    vera = set_member(collection, User.objects.create_user("vera"), "viewer").user
    edith = set_member(collection, User.objects.create_user("edith"), "editor").user
    claim = ClaimState.objects.current().filter(collection=collection).order_by("span")[CLAIMS // 2].span_id
    known = {"claim": claim, "middle": collection.head // 2, "late": collection.head - 1}
    faults = []
    people = [vera, reader, edith]
    for blind in (False, True):
        base = CollectionSettings.objects.current().get(collection=collection).pk
        change_settings(collection, author=edith, base=base, changes={"blind": blind, "name": f"{blind}"})
        for person, page in product(people, FEED):
            faults += faults_of(client, person, page.format(**known), big)
    assert not faults, "\n".join(faults)
    for person in (vera, reader, edith):
        assert not generic_faults(access.seat(person, "load"), big), person
    # A page that begins and ends within revisions reads no more of these than it tells.
    seat = access.seat(edith, "load")
    for source, stretch in product((*feed._WRITTEN, *feed._GONE), stretches(collection.head)):
        plan = plan_of_the_feed(seat, source, stretch)
        index = "created" if source.seq == "created_in" else "retired"
        assert re.search(bounds(source.seq, source.thing, stretch), plan), (source, plan)
        assert f"_{index}" in plan, (source, plan)
        assert not re.search("TEMP B-TREE|Sort", plan), (source, plan)
        if source.kind == "claim":  # of those that a viewer does not see there may be any number
            seen = plan_of_the_feed(access.seat(vera, "load"), source, stretch)
            assert f"claim_state_settled_{index}" in seen, (source, seen)


@pytest.mark.django_db
def test_what_a_blind_reviewer_may_know_of_is_looked_up_claim_by_claim(load: Load) -> None:
    collection = Collection.objects.get(slug="load")
    edith = set_member(collection, User.objects.create_user("edith"), "editor").user
    nora = set_member(collection, User.objects.create_user("nora"), "reviewer").user
    base = CollectionSettings.objects.current().get(collection=collection)
    changes = {"blind": True, "reviews_needed": 3 - base.reviews_needed}  # which writes many claims anew
    change_settings(collection, author=edith, base=base.pk, changes=changes)
    collection.refresh_from_db()
    assert ClaimState.objects.filter(collection=collection, created_in=collection.head).count() > CLAIMS // 10
    analyse()
    seat = access.seat(nora, "load")
    plans = [
        plan_for_anybody(shown._prepare(seat), collection.pk, 0, nora.pk, seat.spoken_by)
        for shown in (access_head._SHOWN, access_head._CLAIMS_SHOWN)
    ]
    sources = (*feed._WRITTEN, *feed._GONE, *feed._OWN_SOURCES)
    plans += [plan_of_the_feed(seat, each, way) for each in sources for way in stretches(collection.head)]
    found = [lookup for plan in plans for lookup in lookups_of_states(plan)]
    assert len(found) > 20
    assert all(re.search(r"span_id ?= ?", lookup) for lookup in found), found


def lookups_of_states(plan: str) -> list[str]:
    """What finds the states of a claim that a row outside names."""
    if connection.vendor == "sqlite":
        return re.findall(
            r"SEARCH [UV]\d USING COVERING INDEX claim_state_history \((.*?)\)", plan
        ) + re.findall(r"SEARCH U\d USING COVERING INDEX claim_state_(?:created|retired) \((.*?)\)", plan)
    found = re.findall(r"annotations_claimstate [uv]\d.*?Index Cond: (.*?)'", plan)
    return [lookup for lookup in found if "CASE WHEN" not in lookup]  # that is where a walk begins


def generic_faults(seat: access.Seat, big: set[str]) -> list[str]:
    """The tables that a page of the feed would read whole by the plan that serves any page."""
    sources = (*feed._WRITTEN, *feed._GONE, *(feed._OWN_SOURCES if seat.hides else ()))
    plans = [
        plan_of_the_feed(seat, each, stretch)
        for each in sources
        for stretch in stretches(seat.collection.head)
    ]
    plans += [plan_for_anybody(prepared, *values) for prepared, values, _ in questions_of_rows(seat)]
    return [table for plan in plans for table in re.findall(r"Seq Scan on (\w+)", plan) if table in big]


def questions_of_rows(seat: access.Seat) -> list[Question]:
    """What a page of claims and of articles is made of."""
    here, at, ids = seat.collection.pk, seat.collection.head, list(range(1, 101))
    of_claims = (parts.OPINIONS, parts.RULINGS, parts.CITATIONS)
    asked = [part._walk.question(seat, at, ids[0], ids[-1]) for part in of_claims]
    asked += [part.question(seat, at, ids) for part in (*(each._look for each in of_claims), rows.STATES_OF)]
    asked += [Question(parts.ARTICLES, (at, ids)), Question(changes._ARTICLES, (here, at, ids))]
    asked += [Question(parts.TIMES, (here, ids)), Question(access.NAMED, (here,))]
    asked += [Question(access.KEYED_SEATS, ("a key", "load"))]
    if seat.hides:
        asked.append(Question(parts.HISTORY, (here, at, ids)))
        asked.append(Question(access._OPENED, (seat.user.pk, seat.spoken_by, ids)))
    return asked


def bounds(seq: str, thing: str, stretch: feed.Stretch) -> str:
    if connection.vendor == "sqlite":
        place = rf"\(collection_id,{seq},{thing}\)"
        return f"{place}>.*{place}<"
    if isinstance(stretch, feed.Part):
        return rf"Index Cond: .*ROW\({seq}, {thing}\) > .*\({seq} = .*\({thing} <= "
    return rf"Index Cond: .*\({seq} >= .*\({seq} <= "


def stretches(head: int) -> list[feed.Stretch]:
    return [feed.Revisions(head, 1, head), feed.Part(head, head // 2, CLAIMS // 3, CLAIMS // 2)]


def plan_of_the_feed(seat: access.Seat, source: feed.Source, stretch: feed.Stretch) -> str:
    person = [seat.user.pk, seat.spoken_by] if seat.hides else []
    statement = feed._statement(source, 128, isinstance(stretch, feed.Part))._prepare(seat)
    return plan_for_anybody(statement, seat.collection.pk, *stretch, *person)


def faults_of(client: Client, person: User, path: str, big: set[str]) -> list[str]:
    client.force_login(person)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path, headers={"HX-Request": "true"}).status_code in {200, 204}, path
    return [
        f"{path}: {fault}\n    {query['sql'][:600]}"
        for query in queries.captured_queries
        for fault in whole_reads(query["sql"], big)
    ]


def loaded() -> User:
    collection = create_collection("load", author=None, name="Load")
    fill(collection, articles=ARTICLES, spans=CLAIMS, seed=1)
    collection.refresh_from_db()
    state = ClaimState.objects.current().filter(collection=collection).order_by("-span")[:1].get()
    rita = set_member(collection, User.objects.create_user("rita"), "reviewer").user
    for verdict in ("verified", "disputed", "needs_source"):
        # What people add one by one to what came in bulk: the feed reads these alone.
        base = (
            Annotation.objects.current()
            .filter(span=state.span_id, reviewer=rita)
            .values_list("pk", flat=True)
        )
        opinion = Opinion(verdict)
        tag(collection, author=rita, target=state.span_id, opinion=opinion, base=base.first())
    analyse()
    return rita


def big_tables() -> set[str]:
    with connection.cursor() as cursor:
        tables = [
            name for name in connection.introspection.table_names(cursor) if name.startswith("annotations_")
        ]
        return {name for name in tables if rows_in(cursor, name) > SMALL}


def rows_in(cursor: object, table: str) -> int:
    cursor.execute(f'SELECT count(*) FROM "{table}"')  # type: ignore[attr-defined]
    count: int = cursor.fetchone()[0]  # type: ignore[attr-defined]
    return count


def whole_reads(sql: str, big: set[str]) -> list[str]:
    if not sql.lstrip().upper().startswith("SELECT"):
        return []
    return list(sqlite_faults(sql, big) if connection.vendor == "sqlite" else postgres_faults(sql, big))


def sqlite_faults(sql: str, big: set[str]) -> Iterator[str]:
    """A SCAN of a big table is a fault, unless it walks an index in order and a LIMIT stops it. So is a SEARCH by the
    collection alone, where what it finds is sorted after."""
    names = {
        alias: table for table, alias in re.findall(r'"?(annotations_\w+)"? (?:AS )?"?([A-Za-z]\w*)"?', sql)
    }
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        details = [detail for *_, detail in cursor.fetchall()]
        sorted_after = any(re.match("USE TEMP B-TREE FOR (ORDER|GROUP) BY", detail) for detail in details)
        for detail in details:
            if "VIRTUAL TABLE INDEX" in detail and ":M" in detail:
                continue  # by the words that are looked for
            scan = re.match(r"(SCAN|SEARCH) (\w+)(.*)", detail)
            if not scan or names.get(scan[2], scan[2]) not in big:
                continue
            if scan[1] == "SCAN" and not ("USING" in scan[3] and "LIMIT" in sql):
                yield detail
            if scan[1] == "SEARCH" and detail.endswith("(collection_id=?)") and sorted_after:
                yield detail


def postgres_faults(sql: str, big: set[str]) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        for (line,) in cursor.fetchall():
            scan = re.search(r"Seq Scan on (\w+).*rows=(\d+)", line)
            if scan and scan[1] in big and int(scan[2]) > SMALL:
                yield line.strip()
