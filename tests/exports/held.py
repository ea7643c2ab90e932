"""Which columns of a row a format holds: those that change what it writes."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime

from annotations.exports.claimschema import claim_schema, resolved
from annotations.exports.jsontext import dumps

MOMENT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
URL = "https://facts.example/c/desk/claims/7/"


def columns(schema=None, above=""):
    """Of the row, without those that only hold others: `reviews[].at`."""
    for name, each in (schema or claim_schema())["properties"].items():
        below = resolved(each)
        if below["type"] == "array":
            yield from columns(resolved(below["items"]), f"{above}{name}[].")
        elif below["type"] == "object":
            yield from columns(below, f"{above}{name}.")
        else:
            yield above + name


def made(verdict="disputed", ruled=True, stance="contradicts"):
    """A row in which nothing is empty."""
    row = {}
    for path in columns():
        *heads, last = path.split(".")
        place = row
        for head in heads:
            if head.endswith("[]"):
                (place,) = place.setdefault(head[:-2], [{}])
            else:
                place = place.setdefault(head, {})
        place[last] = value_of(path, last)
    row |= {"verdict": verdict, "status": "ruled" if ruled else "agreed"}
    row["evidence"][0]["stance"] = stance
    return row if ruled else row | {"ruling": None}


def value_of(path, name):
    known = {
        "id": 7,
        "start": 3,
        "end": 9,
        "start_utf16": 4,
        "end_utf16": 10,
        "revision": 12,
        "confidence": 90,
    }
    known |= {"at": MOMENT, "is_primary": True, "kind": "web", "url": URL, "archived_url": f"{URL}archived"}
    known |= dict.fromkeys(("published_on", "true_as_of", "check_again_on"), date(2024, 3, 31))
    known |= {"problem": "figure", "verdict": "disputed", "aspect": "fact", "key": "3-1", "sha256": "a" * 64}
    return known.get(name, f"what {path} says")


def not_held(write, rows=()):
    """`write`: row → what becomes of it, or None. Columns that may say anything without a difference to any row."""
    rows = rows or [made(), made(ruled=False), made("verified", stance="supports")]
    return tuple(
        path
        for path in columns()
        if all(text(write, row) == text(write, changed(row, path)) for row in rows if reaches(row, path))
    )


def text(write, row):
    return json.loads(dumps(write(deepcopy(row))))


def reaches(row, path):
    return row["ruling"] is not None or not path.startswith("ruling")


def changed(row, path):
    row = deepcopy(row)
    place = row
    *heads, last = path.split(".")
    for head in heads:
        place = place[head[:-2]][0] if head.endswith("[]") else place[head]
    place[last] = another(place[last], last)
    return row


def another(value, name):
    others = {"verdict": ("verified", "disputed"), "stance": ("contradicts", "background")}
    others |= {"aspect": ("fact", "said"), "status": ("agreed", "ruled"), "kind": ("web", "image")}
    others |= {"problem": ("figure", "date")}
    if name in others:
        return next(each for each in others[name] if each != value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime | date):
        return value.replace(year=2025)
    return value + 1 if isinstance(value, int) else f"{value}2"
