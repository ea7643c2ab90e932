"""Signed links, as they come back: an address of one export that needs no header, for tools that send none (ADR 30).

A link is signed over all that it asks for, its hour, and the token that it is made with; so nothing of it can be
changed, and it ends with its hour, with its token, with the token's right to the collection, and with the membership.
"""

import re

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from annotations.api.authentication import SAFE, is_live
from annotations.models import ApiToken, User
from annotations.services.export_links import PARAMETER, Query, signature

_LINK = re.compile(r"(?P<token>[0-9a-f]{16})\.(?P<until>[0-9]{1,12})\.(?P<signature>[\w-]{43})", re.ASCII)


class LinkAuthentication(BaseAuthentication):
    """As the token that the link was made with, for what it was made for and nothing else."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        given = request.query_params.getlist(PARAMETER)
        if not given or request.method not in SAFE:
            return None
        token = _token_behind(request, given[0]) if len(given) == 1 else None
        if token is None:
            raise exceptions.AuthenticationFailed(
                "This link was changed, or it has ended, or its token has. Make another one."
            )
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="aigap"'


def query_of(request: Request) -> Query:
    """All that is asked for, but the link itself."""
    parameters = request.query_params.lists()
    return [(name, value) for name, values in parameters for value in values if name != PARAMETER]


def _token_behind(request: Request, given: str) -> ApiToken | None:
    match = _LINK.fullmatch(given)
    if match is None or int(match["until"]) <= timezone.now().timestamp():
        return None
    slug = request.parser_context["view"].kwargs["slug"]
    expected = signature(slug, query_of(request), match["token"], match["until"])
    if not constant_time_compare(expected, match["signature"]):
        return None
    named = ApiToken.objects.filter(digest__gte=match["token"], digest__lt=f"{match['token']}g")
    return next((token for token in named.select_related("user") if is_live(token)), None)
