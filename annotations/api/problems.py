"""Errors as RFC 9457 problem details. `type` is always about:blank: what tells errors apart is `code`."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions

from annotations.exports.jsontext import dumps
from annotations.imports import ImportRefused
from annotations.imports.errors import CODES as NOT_IMPORTED
from annotations.services import errors, ledger

MEDIA_TYPE = "application/problem+json"
CODES: dict[int, tuple[str, ...]] = {
    400: ("invalid", "parse-error", *NOT_IMPORTED),
    401: ("not-authenticated", "bad-credentials"),
    403: (
        *("role", "forbidden", "token-scope", "csrf-failed"),
        *("ruled-by-reviewer", "reviewed-by-ruler", "reference-text"),
    ),
    404: ("not-found",),
    405: ("method-not-allowed",),
    406: ("not-acceptable",),
    409: ("quote-mismatch", "others-work", "duplicate-text", "refused"),
    410: ("resync",),
    412: ("stale",),
    413: ("too-large",),
    415: ("unsupported-media-type",),
    416: ("range-not-satisfiable",),
    422: ("key-reused",),
    428: ("precondition-required",),
    429: ("throttled",),
    500: ("server-error",),
    503: ("unavailable",),
}
"""status → each `code` that comes with it. A test holds them to what is raised and to docs/reference/api.md."""
logger = logging.getLogger("django.request")


class Problem(Exception):
    def __init__(
        self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.headers, self.members = dict(headers or {}), members

    def response(self) -> HttpResponse:
        body = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **self.members,
        }
        response = HttpResponse(dumps(body), MEDIA_TYPE, status=self.status, headers=self.headers)
        response["Cache-Control"] = "no-store"
        return response


def invalid(detail: str, *fields: str, code: str = "invalid") -> Problem:
    return Problem(400, code, detail, errors=[{"field": name, "detail": detail} for name in fields])


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """DRF's exception handler. An error that nobody expected is logged and signalled as Django does."""
    problem = of(error)
    if problem.status >= 500 and error is not problem:
        request = context["request"]._request
        logger.error("%s %s", request.method, request.path, exc_info=error)
        got_request_exception.send(sender=None, request=request)
    return problem.response()


def of(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case ledger.LedgerError():
            return _of_service(error)
        case ImportRefused():
            return Problem(400, error.code, f"{error.title} {error.what_next}", errors=[])
        case exceptions.APIException():
            return _of_framework(error)
        case Http404():
            return Problem(404, "not-found", _words(error, "There is nothing at this address."))
        case PermissionDenied():
            return Problem(403, "forbidden", _words(error, "You may not do this."))
        case RequestDataTooBig():
            most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
            return Problem(413, "too-large", f"The request is larger than {most} MB. Send less at once.")
        case SuspiciousOperation():
            return Problem(400, "invalid", "The request is not well formed.", errors=[])
        case OperationalError() | InterfaceError():
            words = "The database does not answer. Try again in a while."
            return Problem(503, "unavailable", words, headers={"Retry-After": "5"})
    return Problem(500, "server-error", "Something went wrong here. It has been logged; try again.")


def _of_service(error: ledger.LedgerError) -> Problem:
    match error:
        case errors.NotThere():
            return Problem(404, "not-found", str(error))
        case errors.NotAllowed():
            return Problem(403, error.code, str(error))
        case errors.QuoteMismatch():
            return Problem(409, "quote-mismatch", str(error), found=error.found)
        case errors.OthersWork():
            return Problem(409, "others-work", str(error), depends=error.depends)
        case errors.DuplicateText():
            return Problem(409, "duplicate-text", str(error), article=error.article_id)
        case ledger.KeyReused():
            return Problem(422, "key-reused", str(error))
        case ledger.Stale():
            return Problem(412, "stale", str(error), current=None)
        case errors.Invalid():
            return invalid(str(error), *[error.field] if error.field else [])
    return Problem(409, "refused", str(error))


_OF_FRAMEWORK = {
    400: "parse-error",
    401: "not-authenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    415: "unsupported-media-type",
    429: "throttled",
}


def _of_framework(error: exceptions.APIException) -> Problem:
    headers = {}
    if challenge := getattr(error, "auth_header", ""):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(wait)
    if isinstance(error, exceptions.ValidationError):
        faults = list(_faults(error.detail))
        detail = "; ".join(f"{each['field']}: {each['detail']}" for each in faults[:5])
        return Problem(400, "invalid", detail or "The request is not valid.", errors=faults)
    code = _OF_FRAMEWORK.get(error.status_code, "server-error")
    if isinstance(error, exceptions.AuthenticationFailed):
        code = "bad-credentials"
    elif error.get_codes() == "csrf-failed":
        code = "csrf-failed"
    detail = str(error.detail)
    if isinstance(error, exceptions.NotAuthenticated):
        detail = f"Send a token, as Authorization: Token …. Make one at {settings.PUBLIC_URL}/account/."
    members: dict[str, Any] = {"errors": []} if error.status_code == 400 else {}
    return Problem(error.status_code, code, detail, headers=headers, **members)


def _faults(detail: Any, path: str = "") -> Any:
    if isinstance(detail, dict):
        for name, below in detail.items():
            own = path if name == "non_field_errors" else f"{path}.{name}".strip(".")
            yield from _faults(below, own)
    elif isinstance(detail, list):
        for index, below in enumerate(detail):
            yield from _faults(below, f"{path}.{index}" if isinstance(below, dict) and below else path)
    else:
        yield {"field": path, "detail": str(detail)}


def _words(error: Exception, default: str) -> str:
    """Our own words: Django's for an unknown row would name the model, and for a route list the routes."""
    words = str(error.args[0]) if error.args and isinstance(error.args[0], str) else ""
    return default if not words or "matches the given query" in words else words
