"""What the schema says of each operation, next to its view: parameters, bodies, answers and problems."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from annotations.api import outputs
from annotations.api.examples import EXAMPLES
from annotations.api.fields import NO_NUL
from annotations.api.paging import DEFAULT, MOST
from annotations.api.problem_examples import PROBLEMS
from annotations.api.problems import MEDIA_TYPE
from annotations.models import ArticleDetails, Problem, Status, Verdict

READ = ("invalid", "not-authenticated", "bad-credentials", "not-found", "not-acceptable")
NAMED = ("token-scope", "csrf-failed", "key-reused")
WRITE = (*READ, *NAMED, "parse-error", "unsupported-media-type")
BASED = ("stale", "precondition-required")
"""Names of problems (`problem_examples`) that may come."""
PLAIN_ENTITY_TAG = r'^"[0-9]{1,18}(\.[0-9]{1,18})?"$'


def header(name: str, text: str, pattern: str = "", **options: Any) -> OpenApiParameter:
    kind: Any = {"type": "string", "pattern": pattern} if pattern else OpenApiTypes.STR
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, description=text, **options)


def query(name: str, text: str, kind: Any = OpenApiTypes.STR, **options: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=text, **options)


def whole(least: int, most: int = 2**31 - 1) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


def several(kind: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": kind}


TEXT = {"type": "string", "maxLength": 500, "pattern": NO_NUL}
IF_MATCH = header(
    "If-Match", "The ETag of what you read. 428 without it, 412 when it has changed.", PLAIN_ENTITY_TAG
)
IF_NEW = header("If-None-Match", "For the first one: *. Later ones name their base in If-Match.", r"^\*$")
KEY = header(
    "Idempotency-Key",
    "A retry with the same key and body has one effect; another body under it gets 422.",
    r"^[ -~]{1,100}$",
)
KNOWN = header("If-None-Match", "The ETag of the answer you have: 304 when it still holds.")
LIMIT = query("limit", f"Items a page: {DEFAULT} unless given, at most {MOST:,}.", whole(1))
PAGE = (
    LIMIT,
    query(
        "cursor",
        "From a next or previous link.",
        {"type": "string", "pattern": r"^(after|before)-[0-9]{1,18}$"},
    ),
)
DAY = {"type": "string", "format": "date"}
CLAIM_FILTERS = (
    query("status", "Repeat for OR.", many=True, enum=Status.values),
    query("verdict", "Repeat for OR.", many=True, enum=Verdict.values),
    query("problem", "Of a review; repeat for OR.", many=True, enum=Problem.values),
    query("article", "Id of an article; repeat for OR.", kind=several(whole(1, 2**63 - 1))),
    query("publisher", "Repeat for OR.", kind=several(TEXT)),
    query("language", "Of the article; repeat for OR.", kind=several(TEXT)),
    query("reviewer", "A reviewer as rows name them; repeat for OR.", kind=several(TEXT)),
    query(
        "text", "Words of the quote, or of one reason; the last may go on. Repeat for OR.", kind=several(TEXT)
    ),
    query("published_from", "The article's day, or later.", DAY),
    query("published_to", "The article's day, or earlier.", DAY),
    query("changed_from", "Claims last changed on this day (UTC) or later.", DAY),
)
ARTICLE_FILTERS = (
    query("publisher", "Repeat for OR.", kind=several(TEXT)),
    query("language", "Repeat for OR.", kind=several(TEXT)),
    query("role", "Repeat for OR.", many=True, enum=ArticleDetails.Role.values),
)


def listed(gives: Any, summary: str, *filters: OpenApiParameter) -> Callable[..., Any]:
    return operation(summary, {200: gives, 304: None}, READ, [*PAGE, *filters, KNOWN], tags=(200, 304))


def shown(gives: Any, summary: str, *also: str) -> Callable[..., Any]:
    return operation(summary, {200: gives}, (*READ, *also), [], tags=(200,))


def created(gives: Any, summary: str, takes: Any, *also: int, problems: Sequence[str]) -> Callable[..., Any]:
    """`also`: statuses other than 201 that come with the same body."""
    answers = dict.fromkeys((201, *also), gives)
    return operation(summary, answers, (*WRITE, *problems), [KEY], takes, tags=tuple(answers), places=(201,))


def changed(
    gives: Any, summary: str, takes: Any, *, new: bool = False, problems: Sequence[str]
) -> Callable[..., Any]:
    answers = {200: gives} | ({201: gives} if new else {})
    parameters = [IF_MATCH, *([IF_NEW] if new else []), KEY]
    names = (*WRITE, *BASED, *problems)
    return operation(summary, answers, names, parameters, takes, tags=(*answers,), current=gives)


def removed(was: Any, summary: str, *problems: str) -> Callable[..., Any]:
    names = (*READ, *NAMED, *BASED, *problems)
    return operation(summary, {204: None}, names, [IF_MATCH, KEY], current=was)


def operation(
    summary: str,
    answers: dict[Any, Any],
    problems: Sequence[str],
    parameters: Sequence[OpenApiParameter],
    takes: Any = None,
    *,
    tags: Sequence[int] = (),
    places: Sequence[int] = (),
    current: Any = None,
) -> Callable[..., Any]:
    """`problems`: by name; `tags`: the statuses that come with an ETag; `places`: with a Location; `current`: what a
    write that comes too late is shown."""
    responses = {key: _answer(key, gives) for key, gives in answers.items()} | _problems(problems, current)
    headers = [
        header(name, text, response=list(codes), required=True)
        for name, text, codes in (("ETag", "Its version.", tags), ("Location", "Its address.", places))
        if codes
    ]

    def document(view: Callable[..., Any]) -> Any:
        return extend_schema(
            operation_id=view.__qualname__.replace(".", "_").lower(),
            tags=[view.__module__.rpartition(".")[2]],
            summary=summary,
            description=(view.__doc__ or "").strip(),
            request=takes,
            responses=responses,
            parameters=[*parameters, *headers],
        )(view)

    return document


def _answer(key: Any, gives: Any) -> OpenApiResponse:
    code = key[0] if isinstance(key, tuple) else key
    return OpenApiResponse(gives, description=HTTPStatus(code).phrase)


def _problems(names: Sequence[str], current: Any) -> dict[Any, OpenApiResponse]:
    """Each status with an example of each problem that may come with it."""
    found: dict[int, list[OpenApiExample]] = defaultdict(list)
    for name in names:
        body = PROBLEMS[name]
        if name == "stale":
            body = body | {"current": EXAMPLES[current.__name__]}
        status = body["status"]
        found[status].append(OpenApiExample(name, body, media_type=MEDIA_TYPE, status_codes=[str(status)]))
    return {
        (status, MEDIA_TYPE): OpenApiResponse(
            outputs.ProblemOut, description=HTTPStatus(status).phrase, examples=examples
        )
        for status, examples in sorted(found.items())
    }


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "annotations.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A token from /account/."}


class LinkScheme(OpenApiAuthenticationExtension):
    target_class = "annotations.api.signed.LinkAuthentication"
    name = "link"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "query",
            "name": "link",
            "description": "Part of a URL from export/links/.",
        }


class CookieScheme(OpenApiAuthenticationExtension):
    target_class = "annotations.api.authentication.CookieAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "Signed in here; writes need the X-CSRFToken header too.",
        }
