"""`make bench`: every figure of docs/performance.md. `make bench ARGS="tag export"` runs some of them."""

import json
import os
import sys
import tempfile
from collections.abc import Callable

import psycopg

from benchmarks import browser, desk, export, lists, poll, reader, tag

POSTGRES = os.environ.get("DATABASE_URL_PG", "postgres://postgres@127.0.0.1:5432/aigap")


def on_postgres(measure: Callable[[str], dict[str, object]]) -> dict[str, object]:
    """In a database of its own, gone afterwards."""
    address, _, name = POSTGRES.rpartition("/")
    bench = f"{name}_bench"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{bench}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{bench}"')
        try:
            return measure(f"{address}/{bench}")
        finally:
            server.execute(f'DROP DATABASE IF EXISTS "{bench}" WITH (FORCE)')


def export_on_sqlite() -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="aigap-bench-") as folder:
        return export.measure(folder)


MEASUREMENTS: dict[str, Callable[[], dict[str, object]]] = {
    "tag": tag.measure,
    "tag-postgres": lambda: on_postgres(tag.measure),
    "poll": poll.measure,
    "reader": reader.measure,
    "browser": browser.measure,
    "lists": lists.measure,
    "desk": desk.measure,
    "desk-postgres": lambda: on_postgres(desk.measure),
    "export": export_on_sqlite,
}


def main() -> None:
    for name in sys.argv[1:] or MEASUREMENTS:
        print(json.dumps({name: MEASUREMENTS[name]()}, indent=1), flush=True)


if __name__ == "__main__":
    main()
