"""What every view of the API does before and after its own work."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from annotations import access, access_head
from annotations.api import conditions, problems
from annotations.api.authentication import CookieAuthentication, TokenAuthentication, check_scope, check_token
from annotations.exports.jsontext import dumps
from annotations.models import ApiToken, Revision, User
from annotations.services.ledger import Stale

MAX_ID = 2**63 - 1
Body = tuple[Any, str]
"""A resource as the API shows it, and its ETag."""


class JsonOnly(BaseContentNegotiation):
    """`format=` is ours, not DRF's; a client that accepts no JSON gets 406."""

    accepted = frozenset({"*/*", "application/*", "application/json", problems.MEDIA_TYPE})
    otherwise = "The API answers in application/json."

    def select_parser(self, request: Request, parsers: Any) -> Any:
        kind = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        if not accepts(request, self.accepted):
            raise exceptions.NotAcceptable(self.otherwise)
        return renderers[0], "application/json"


def accepts(request: Request, kinds: frozenset[str]) -> bool:
    return not kinds.isdisjoint(wanted(request))


def wanted(request: Request) -> list[str]:
    """The media types of the Accept header, those that the client likes best first; without those that it refuses."""
    weighed = [_weighed(item) for item in (request.headers.get("Accept", "") or "*/*").split(",")]
    weighed.sort(key=lambda each: each[1], reverse=True)
    return [media_type for media_type, weight in weighed if weight]


def _weighed(item: str) -> tuple[str, float]:
    media_type, *parameters = [part.strip().lower() for part in item.split(";")]
    weights = [float(found[1]) for each in parameters if (found := _WEIGHT.fullmatch(each))]
    return media_type, weights[-1] if weights else 1.0


_WEIGHT = re.compile(r"q\s*=\s*([01](?:\.[0-9]{0,3})?)")


class Json(JSONParser):
    """No body of ours is deeper than a few levels: what is may cost no one a stack."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        too_deep = exceptions.ParseError("The JSON is nested too deeply.")
        try:
            data = super().parse(*args, **kwargs)
        except RecursionError:
            raise too_deep from None
        level = [data]
        for _ in range(DEEPEST):
            level = [below for each in level for below in _children(each)]
        if level:
            raise too_deep
        return data


DEEPEST = 50


def _children(data: Any) -> Iterable[Any]:
    if isinstance(data, dict):
        return data.values()
    return data if isinstance(data, list) else ()


class ApiView(APIView):
    authentication_classes = [TokenAuthentication, CookieAuthentication]
    permission_classes = [IsAuthenticated]
    parser_classes = [Json]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = JsonOnly
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    def get_exception_handler(self) -> Callable[..., HttpResponse]:
        return problems.handle

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        finished = super().finalize_response(request, response, *args, **kwargs)
        conditions.private(finished)
        return finished

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A body that is too large is refused before it is read, uploads too."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        super().initial(request, *args, **kwargs)

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user


class CollectionView(ApiView):
    # Everything under collections/{slug}/. A docstring here would be each operation's description in the schema.
    seat: access.Seat
    key: str | None
    """The request's Idempotency-Key."""
    writes = True
    """Whether what is neither GET nor HEAD changes something, so that a token to read may not."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_token(request, kwargs["slug"])
        seat = access.seat(self.user, kwargs["slug"], keyed=getattr(request.auth, "seats", None))
        self.seat = replace(seat, by_token=isinstance(request.auth, ApiToken))
        if self.writes:
            check_scope(request)
        if any(isinstance(value, int) and value > MAX_ID for value in kwargs.values()):
            raise Http404
        self.key = conditions.idempotency_key(request)

    @property
    def collection(self) -> Any:
        return self.seat.collection

    @cached_property
    def known_head(self) -> int:
        """The last change of which the person may know, as this request found the collection."""
        return access_head.known_head(self.seat)

    @cached_property
    def seat_then(self) -> access.Seat:
        """Of what the person said, only what `known_head` holds: one answer, under one ETag, is of one moment."""
        return replace(self.seat, spoken_by=self.known_head)

    def is_retry(self) -> bool:
        """The key was used before: the ledger answers, even where the thing itself has gone since."""
        return (
            self.key is not None
            and Revision.objects.filter(
                collection=self.collection, author=self.user, idempotency_key=self.key
            ).exists()
        )

    def need(self, allowed: bool, words: str) -> None:
        if not allowed:
            raise problems.Problem(403, "role", words)

    def need_reviewer(self) -> None:
        self.need(self.seat.is_reviewer, "Only reviewers and editors of this collection may do this.")

    def need_editor(self) -> None:
        self.need(self.seat.is_editor, "Only editors of this collection may do this.")


def answer(data: Any, status: int = 200, *, tag: str = "", **headers: str) -> HttpResponse:
    response = HttpResponse(dumps(data), "application/json", status=status)
    if tag:
        response["ETag"] = tag
    for name, value in headers.items():
        response[name] = value
    return response


def no_content() -> HttpResponse:
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response


def read(serializer: type[Serializer[Any]], data: Any) -> dict[str, Any]:
    """The body's known fields, checked; others are ignored."""
    if not isinstance(data, Mapping):
        raise problems.invalid("The body must be a JSON object.")
    checked = serializer(data=data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def stale(error: Stale, current: Callable[[], Body]) -> problems.Problem:
    """412 with what is there now, as a GET would show it."""
    try:
        data, tag = current()
    except Http404:
        return problems.Problem(412, "stale", str(error), current=None)
    return problems.Problem(412, "stale", str(error), current=data, headers={"ETag": tag})


@extend_schema(exclude=True)
class NoSuchRoute(ApiView):
    """Problem details also where there is no route."""

    authentication_classes = []
    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404("There is nothing at this address. Addresses end with a slash: see /api/v1/docs/.")
