"""Conditional requests: what an edit is based on, and which list a client already has."""

import hashlib
import re
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request

from annotations.access import Seat
from annotations.api.problems import Problem, invalid
from annotations.exports.build import build
from annotations.exports.jsontext import dumps

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
# Quotes forgotten, or a W/ put before them by a proxy that compresses, do not make it another version.
_VERSION = re.compile(r'(?:W/)?(?P<quote>"?)(?P<version>[0-9]{1,18})(?P=quote)')
_TWO_VERSIONS = re.compile(r'(?:W/)?(?P<quote>"?)(?P<version>[0-9]{1,18})\.(?P<second>[0-9]{1,18})(?P=quote)')
KEY_LENGTH = 100
NEVER = -1
"""A base that no version has: the service answers with what is live."""


def etag(version: int) -> str:
    return f'"{version}"'


def base(request: Request) -> int:
    """The version named by If-Match; 428 without one."""
    given = _if_match(request)
    if exact := _VERSION.fullmatch(given):
        return int(exact["version"])
    return NEVER


def claim_etag(row: dict[str, Any]) -> str:
    """Its revision, and a digest: what stands in a claim's row of its article, say, changes without the claim."""
    digest = hashlib.sha256(dumps(row)).digest()
    return f'"{row["revision"]}.{int.from_bytes(digest[:7])}"'


def claim_base(request: Request) -> int:
    """As `base`: the claim's revision, which is the first part of its ETag, or all that is sent."""
    first, _ = two_bases(request)
    return base(request) if first == NEVER else first


def two_bases(request: Request) -> tuple[int, int]:
    """As `base`, of a resource that is made of two version rows."""
    if exact := _TWO_VERSIONS.fullmatch(_if_match(request)):
        return int(exact["version"]), int(exact["second"])
    return NEVER, NEVER


def _if_match(request: Request) -> str:
    given = request.headers.get("If-Match", "").strip()
    if not given or given == "*":
        raise Problem(
            428,
            "precondition-required",
            "Name the version that you read: If-Match with the ETag it came with.",
        )
    if _VERSION.fullmatch(given) or _TWO_VERSIONS.fullmatch(given) or _TAG.fullmatch(given):
        return given
    raise invalid('If-Match takes one ETag, in quotes: If-Match: "12".', "If-Match")


def base_or_new(request: Request) -> int | None:
    """For what the first PUT creates: None with `If-None-Match: *`, else as `base`."""
    if "If-Match" not in request.headers and request.headers.get("If-None-Match", "").strip() == "*":
        return None
    if "If-Match" in request.headers:
        return base(request)
    raise Problem(
        428,
        "precondition-required",
        "Send If-None-Match: * for the first one, or If-Match with the ETag of the one you read.",
    )


def idempotency_key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 0 < len(key) <= KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise invalid(f"Idempotency-Key is 1 to {KEY_LENGTH} printable ASCII characters.", "Idempotency-Key")
    return key


def list_tag(request: Request, *parts: object) -> str:
    """Strong, over everything that the answer depends on: `parts`, the query and this build of aigap."""
    query = sorted((name, value) for name, values in request.query_params.lists() for value in values)
    address = request.build_absolute_uri(request.path)
    seed = dumps([address, query, build(), *[str(part) for part in parts]])
    return f'"{hashlib.sha256(seed).hexdigest()[:32]}"'


def seat_tag(request: Request, seat: Seat, head: int, at: int | str) -> str:
    collection = seat.collection
    return list_tag(request, collection.pk, at, collection.epoch, sight(seat, head))


def sight(seat: Seat, head: int) -> list[str | int]:
    """What decides what the person sees: the role and, where others' work is hidden from them, the person and the head
    that they know. A verdict of mine shows me more, even of what was long ago."""
    return [seat.role, seat.user.pk, head] if seat.is_blind else [seat.role]


def not_modified(request: Request, tag: str) -> HttpResponse | None:
    given = request.headers.get("If-None-Match", "")
    known = {each.removeprefix("W/") for each in _TAG.findall(given)}
    if given.strip() != "*" and tag not in known:
        return None
    # Of no type: a cache puts what is said here over what it knows of the body that it keeps.
    return HttpResponseNotModified(headers={"ETag": tag})


def private(response: HttpResponseBase) -> None:
    """Kept by the client alone, and asked for anew each time."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    patch_vary_headers(response, ["Authorization", "Cookie"])
