"""Keeps a copy of a collection in an SQLite file of yours, by its changes feed. Standard library alone.

    AIGAP_TOKEN=… python mirror.py https://desk.example/api/v1/collections/harbour/ harbour.sqlite3 [--every 60]

Each page of the feed is one transaction, with the place to go on from: killed at any moment, it goes on where it was.
Read the views `article` and `claim`; `state.next` is null while the copy is whole, that of revision `state.head`.
"""

import argparse
import json
import os
import sqlite3
import sys
import time
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

OF_ARTICLE = ("title", "publisher", "published_on", "url", "sha256")
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS thing
    (type TEXT, id INTEGER, round INTEGER NOT NULL, object TEXT NOT NULL, PRIMARY KEY (type, id));
CREATE TABLE IF NOT EXISTS state (head INTEGER, epoch INTEGER, round INTEGER, next TEXT);
INSERT INTO state SELECT 0, NULL, 0, NULL WHERE NOT EXISTS (SELECT 1 FROM state);
CREATE VIEW IF NOT EXISTS article AS SELECT id, object FROM thing WHERE type = 'article';
CREATE VIEW IF NOT EXISTS claim AS SELECT c.id, json_set(c.object, {
    ", ".join(f"'$.article.{name}', json_extract(a.object, '$.{name}')" for name in OF_ARTICLE)
}) AS object FROM thing c JOIN thing a ON a.type = 'article' AND a.id = json_extract(c.object, '$.article.id')
    WHERE c.type = 'claim';
"""  # A claim is not sent again when its article is corrected: hence the join.


def fetch(address: str) -> dict:
    token = os.environ["AIGAP_TOKEN"]
    with urlopen(Request(address, headers={"Authorization": f"Token {token}"}), timeout=60) as answer:
        return json.load(answer)


def follow(db: sqlite3.Connection, collection: str, limit: int) -> tuple[bool, int]:
    """Takes in one page; whether nothing was left to take in behind it, and how many claims it brought or took."""
    head, epoch, turn, following = db.execute("SELECT head, epoch, round, next FROM state").fetchone()
    known = "" if epoch is None else f"&epoch={epoch}"
    try:
        page = fetch(following or f"{collection}changes/?after={head}&limit={limit}{known}")
    except HTTPError as error:
        if error.code != 410:
            raise
        with db:  # resync: walk it all again; what that walk does not bring is dropped at its end
            db.execute("UPDATE state SET head = 0, epoch = NULL, next = NULL, round = round + 1")
        return False, 0
    with db:
        for each in page["results"]:
            db.execute("DELETE FROM thing WHERE type = ? AND id = ?", (each["type"], each["id"]))
            if each["op"] == "upsert":
                row = (each["type"], each["id"], turn, json.dumps(each["object"], ensure_ascii=False))
                db.execute("INSERT INTO thing VALUES (?, ?, ?, ?)", row)
        if page["next"] is None:
            db.execute("DELETE FROM thing WHERE round < ?", (turn,))
            head = page["head"]
        db.execute("UPDATE state SET head = ?, epoch = ?, next = ?", (head, page["epoch"], page["next"]))
    claims = sum(each["type"] == "claim" for each in page["results"])
    return following is None and page["next"] is None, claims


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("collection", help="its address in the API, with the slash at the end")
    parser.add_argument("copy", help="the SQLite file")
    parser.add_argument("--every", type=float, help="seconds between two looks; without it, one look")
    parser.add_argument("--limit", type=int, default=1000, help="of a page")
    given = parser.parse_args()
    if not os.environ.get("AIGAP_TOKEN"):
        parser.error("AIGAP_TOKEN is not set: a token is made at /account/")
    db = sqlite3.connect(given.copy)
    db.executescript(SCHEMA)
    changed = 0
    while True:
        try:
            done, claims = follow(db, given.collection, given.limit)
            changed += claims
            if not done:
                continue
            if changed or given.every is None:
                (head,) = db.execute("SELECT head FROM state").fetchone()
                print(f"head {head}: {changed} claim{'' if changed == 1 else 's'} changed", flush=True)
            changed = 0
            if given.every is None:
                return
            time.sleep(given.every)
        except HTTPError as error:
            if error.code != 429 and error.code < 500:
                # waiting will not mend it
                wrong = "AIGAP_TOKEN" if error.code == 401 else "the address, or who may read there"
                raise SystemExit(f"{error}. Look at {wrong}.") from None
            time.sleep(int(error.headers.get("Retry-After") or 10))
        except (OSError, HTTPException, ValueError) as error:  # the network, or an answer that was cut off
            print(f"{error}. Again in 10 seconds.", file=sys.stderr)
            time.sleep(10)


if __name__ == "__main__":
    main()
