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

SCHEMA = """
CREATE TABLE IF NOT EXISTS thing (type TEXT, id INTEGER, round INTEGER, object TEXT, PRIMARY KEY (type, id));
CREATE TABLE IF NOT EXISTS state (head INTEGER, epoch INTEGER, round INTEGER, next TEXT);
INSERT INTO state SELECT 0, NULL, 0, NULL WHERE NOT EXISTS (SELECT 1 FROM state);
CREATE VIEW IF NOT EXISTS article AS SELECT id, object FROM thing WHERE type = 'article';
CREATE VIEW IF NOT EXISTS claim AS SELECT c.id, json_set(c.object, '$.article', json((
    SELECT json_group_object(key, a.value) FROM json_each(article.object) a
    JOIN json_each(c.object, '$.article') USING (key)))) AS object
    FROM thing c JOIN article ON article.id = json_extract(c.object, '$.article.id') WHERE c.type = 'claim';
"""  # A claim is not sent again when what its article says of itself changes: hence the joins.


def fetch(address: str) -> dict | None:
    """What stands there, once the server can give it; None where the copy is to begin anew."""
    request = Request(address, headers={"Authorization": f"Token {os.environ.get('AIGAP_TOKEN')}"})
    while True:
        try:
            with urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except HTTPError as error:
            if error.code == 410:
                return None
            if error.code != 429 and error.code < 500:
                wrong = "AIGAP_TOKEN" if error.code == 401 else "the address, or who may read there"
                raise SystemExit(f"{error}. Look at {wrong}.") from None
            time.sleep(int(error.headers.get("Retry-After") or 10))
        except (OSError, HTTPException, ValueError) as error:  # the network, or an answer that was cut off
            print(f"{error}. Again in 10 seconds.", file=sys.stderr)
            time.sleep(10)


def follow(db: sqlite3.Connection, changes: str) -> tuple[int, int]:
    """Takes in what is new, until nothing is: the revision that the copy is of, and how many claims changed."""
    changed = 0
    while True:
        head, epoch, turn, following = db.execute("SELECT head, epoch, round, next FROM state").fetchone()
        page = fetch(following or f"{changes}&after={head}" + (f"&epoch={epoch}" if head else ""))
        if page is None:  # walk it all again; what that walk does not bring is dropped at its end
            turn, page = turn + 1, fetch(f"{changes}&after=0")
        with db:
            for each in page["results"]:
                key = (each["type"], each["id"])
                db.execute("DELETE FROM thing WHERE type = ? AND id = ?", key)
                if each["op"] == "upsert":
                    row = (*key, turn, json.dumps(each["object"], ensure_ascii=False))
                    db.execute("INSERT INTO thing VALUES (?, ?, ?, ?)", row)
                changed += each["type"] == "claim"
            if page["next"] is None:
                db.execute("DELETE FROM thing WHERE round < ?", (turn,))
                head = page["head"]
            place = (head, page["epoch"], turn, page["next"])
            db.execute("UPDATE state SET head = ?, epoch = ?, round = ?, next = ?", place)
        if not following and not page["next"]:  # behind a walk that was taken up again there may be more
            return head, changed


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("collection", help="its address in the API, with the slash at the end")
    parser.add_argument("copy", help="the SQLite file")
    parser.add_argument("--every", type=float, help="seconds between two looks; without it, one look")
    parser.add_argument("--limit", type=int, default=1000, help="of a page")
    given = parser.parse_args()
    db = sqlite3.connect(given.copy)
    db.executescript(SCHEMA)
    while True:
        head, changed = follow(db, f"{given.collection}changes/?limit={given.limit}")
        if changed or not given.every:
            print(f"head {head}: {changed} claim{'' if changed == 1 else 's'} changed", flush=True)
        if not given.every:
            break
        time.sleep(given.every)
