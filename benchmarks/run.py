"""`make bench`: every figure of docs/performance.md. `make bench ARGS="tag export"` runs some of them."""

import json
import os
import sys
from collections.abc import Callable

import psycopg

from benchmarks import browser, desk, export, feed, lists, poll, reader, tag
from benchmarks.large import KEEP

POSTGRES = os.environ.get("DATABASE_URL_PG", "postgres://postgres@127.0.0.1:5432/aigap")


def on_postgres(measure: Callable[[str], dict[str, object]]) -> dict[str, object]:
    """In a database of its own, gone afterwards unless AIGAP_BENCH_KEEP keeps it."""
    address, _, name = POSTGRES.rpartition("/")
    bench = f"{name}_bench"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
        there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (bench,)).fetchone()
        if there and not KEEP:
            server.execute(f'DROP DATABASE "{bench}" WITH (FORCE)')
        if not (there and KEEP):
            server.execute(f'CREATE DATABASE "{bench}"')
        try:
            return measure(f"{address}/{bench}")
        finally:
            if not KEEP:
                server.execute(f'DROP DATABASE "{bench}" WITH (FORCE)')


MEASUREMENTS: dict[str, Callable[[], dict[str, object]]] = {
    "tag": tag.measure,
    "tag-postgres": lambda: on_postgres(tag.measure),
    "poll": poll.measure,
    "reader": reader.measure,
    "browser": browser.measure,
    "lists": lists.measure,
    "desk": desk.measure,
    "desk-postgres": lambda: on_postgres(desk.measure),
    "export": export.measure,
    "export-postgres": lambda: on_postgres(export.measure),
    "feed": feed.measure,
    "feed-postgres": lambda: on_postgres(feed.measure),
}


def main() -> None:
    for name in sys.argv[1:] or MEASUREMENTS:
        print(json.dumps({name: MEASUREMENTS[name]()}, indent=1), flush=True)


if __name__ == "__main__":
    main()
