"""No page reads a whole table: the plan of every statement behind it, with many claims and fresh statistics.

AIGAP_PLAN_CLAIMS says how many (50,000; `make plans` takes a million).
"""

import os
import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.models import Annotation, Article, ClaimState, Collection, User
from annotations.services.claims import Opinion, tag
from annotations.services.fill import fill
from annotations.services.settings import create_collection, set_member

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
]


@pytest.mark.django_db
def test_no_page_reads_a_whole_table(client: Client) -> None:
    collection, reader = loaded()
    client.force_login(reader)
    big = big_tables()
    article = Article.objects.filter(collection=collection).order_by("pk")[ARTICLES // 2]
    claim = (
        ClaimState.objects.current().filter(span__article=article).values_list("span_id", flat=True).first()
    )
    faults = []
    for page in PAGES:
        path = page.format(article=article.pk, claim=claim, person=reader.pk, late=collection.head - 1)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path, headers={"HX-Request": "true"}).status_code in {200, 204}, path
        for query in queries.captured_queries:
            faults += [
                f"{path}: {fault}\n    {query['sql'][:600]}" for fault in whole_reads(query["sql"], big)
            ]
    assert not faults, "\n".join(faults)


def loaded() -> tuple[Collection, User]:
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
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return collection, rita


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
    """A SCAN of a big table is a fault, unless it walks an index in order and a LIMIT stops it."""
    names = {
        alias: table for table, alias in re.findall(r'"?(annotations_\w+)"? (?:AS )?"?([A-Za-z]\w*)"?', sql)
    }
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        for *_, detail in cursor.fetchall():
            scan = re.match(r"SCAN (\w+)(.*)", detail)
            if scan and names.get(scan[1], scan[1]) in big and not ("USING" in scan[2] and "LIMIT" in sql):
                yield detail


def postgres_faults(sql: str, big: set[str]) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        for (line,) in cursor.fetchall():
            scan = re.search(r"Seq Scan on (\w+).*rows=(\d+)", line)
            if scan and scan[1] in big and int(scan[2]) > SMALL:
                yield line.strip()
