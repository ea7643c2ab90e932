"""Lists a page at a time, by id: nothing is missed or seen twice however much is written meanwhile."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from rest_framework.request import Request

from annotations.api.problems import invalid

DEFAULT, MOST = 100, 1000
PARAMETERS = ("limit", "cursor")
_CURSOR = re.compile(r"(after|before)-([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Page:
    limit: int
    backwards: bool = False
    edge: int | None = None
    """The id that the page lies after, or before when `backwards`."""


def page_of(request: Request) -> Page:
    limit = limit_of(request)
    cursor = request.query_params.get("cursor")
    if cursor is None:
        return Page(limit)
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise invalid("The cursor comes from a next or previous link.", "cursor")
    return Page(limit, match[1] == "before", int(match[2]))


def limit_of(request: Request) -> int:
    """Who asks for more than there is in a page gets a page."""
    return min(whole(request, "limit", DEFAULT, least=1, most=2**31 - 1), MOST)


def whole(request: Request, name: str, default: int, *, least: int, most: int) -> int:
    given = request.query_params.get(name)
    if given is None:
        return default
    if not re.fullmatch(r"[0-9]{1,18}", given) or not least <= int(given) <= most:
        raise invalid(f"{name} is a whole number from {least} to {most}.", name)
    return int(given)


def paginate(
    request: Request, page: Page, rows: Any, field: str, show: Callable[[list[Any]], list[Any]]
) -> dict[str, Any]:
    """`rows`: a queryset; `field`: its unique id in the order of the list."""
    if page.edge is not None:
        rows = rows.filter(**{f"{field}__{'lt' if page.backwards else 'gt'}": page.edge})
    rows = rows.order_by(f"-{field}" if page.backwards else field)
    found = list(rows[: page.limit + 1])
    more, found = len(found) > page.limit, found[: page.limit]
    if page.backwards:
        found.reverse()
    ids = [_value(row, field) for row in found]
    has_next = page.backwards or more
    has_previous = more if page.backwards else page.edge is not None
    last = ids[-1] if ids else (page.edge or 0) - 1
    first = ids[0] if ids else (page.edge or 0) + 1
    return {
        "next": link(request, cursor=f"after-{max(last, 0)}") if has_next else None,
        "previous": link(request, cursor=f"before-{first}") if has_previous else None,
        "results": show(found),
    }


def _value(row: Any, field: str) -> int:
    return int(row[field] if isinstance(row, dict) else getattr(row, field))


def link(request: Request, **changes: Any) -> str:
    """This address with other parameters."""
    kept = [
        (name, value)
        for name, values in request.query_params.lists()
        for value in values
        if name not in changes
    ]
    return f"{request.build_absolute_uri(request.path)}?{urlencode([*kept, *changes.items()])}"
