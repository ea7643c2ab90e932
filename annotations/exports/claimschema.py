"""The JSON Schema (2020-12) of a row: a file, given out as it is; other formats take their types from it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("claim.schema.json")
MEDIA_TYPE = "application/schema+json"
ADDRESS = "/api/v1/schema/claim.json"


@cache
def claim_schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_bytes())
    return found


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """What a $ref, or the one alternative that is not null, leads to."""
    if "anyOf" in schema:
        schema = next(each for each in schema["anyOf"] if each.get("type") != "null")
    reference = schema.get("$ref")
    return schema if reference is None else claim_schema()["$defs"][reference.rpartition("/")[2]]


def may_be_null(schema: dict[str, Any]) -> bool:
    return "null" in schema.get("type", ()) or {"type": "null"} in schema.get("anyOf", ())
