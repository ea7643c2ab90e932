"""Who is asking: a session, or a token as `Authorization: Token …` or `Bearer …`. Basic is not spoken here."""

from hmac import compare_digest

from django.http import Http404
from django.utils import timezone
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.request import Request

from annotations import access
from annotations.api.problems import Problem
from annotations.models import ApiToken, User
from annotations.models.prepared import Prepared, Question, together

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenAuthentication(BaseAuthentication):
    """Knox's tokens, without its habit of deleting expired ones while it reads."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() not in {b"token", b"bearer"}:
            return None
        slug = request.parser_context["kwargs"].get("slug", "")
        token = _live_token(words[1], slug) if len(words) == 2 else None
        if token is None:
            raise exceptions.AuthenticationFailed("This token is unknown, revoked or expired.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="aigap"'


class CookieAuthentication(SessionAuthentication):
    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise exceptions.PermissionDenied(
                "A write with a session cookie needs the X-CSRFToken header.", "csrf-failed"
            ) from error


def _live_token(text: bytes, slug: str) -> ApiToken | None:
    """With what KEYED_SEATS finds in that collection: both by one question to the database."""
    plain = text.decode("ascii", "replace")
    if not plain.isascii() or not plain.isprintable():
        return None
    digest, key = hash_token(plain), plain[: CONSTANTS.TOKEN_KEY_LENGTH]
    seats = Question(access.KEYED_SEATS, (key, slug)) if slug else None
    keyed, seated = together(Question(_KEYED, (key,)), seats)
    found = [row for row in keyed if compare_digest(digest, row[_DIGEST])]
    if not found:
        return None
    token = ApiToken.from_db(None, _TOKEN, found[0][: len(_TOKEN)])
    token.user = User.from_db(None, _USER, found[0][len(_TOKEN) : -1])
    token.slugs = [limit for *_, limit in found if limit is not None]
    token.seats = seated if slug else None
    return token if is_live(token) else None


_TOKEN, _USER = ([field.attname for field in model._meta.concrete_fields] for model in (ApiToken, User))
_DIGEST = _TOKEN.index("digest")
_KEYED = Prepared(
    lambda key: ApiToken.objects.filter(token_key=key).values_list(
        *_TOKEN, *(f"user__{name}" for name in _USER), "collections__slug"
    ),
    str,
)
"""A row for each collection that the token is limited to, or one."""


def is_live(token: ApiToken) -> bool:
    """Neither expired nor of somebody who left. A revoked one is not there at all."""
    expired = token.expiry is not None and token.expiry <= timezone.now()
    return not expired and token.user.is_active


def check_token(request: Request, slug: str) -> None:
    """A collection outside the token is not there."""
    slugs = token_slugs(request)
    if slugs is not None and slug not in slugs:
        raise Http404("No such collection, or you are not a member of it.")


def check_scope(request: Request) -> None:
    token = request.auth
    if isinstance(token, ApiToken) and request.method not in SAFE and token.scope != ApiToken.Scope.WRITE:
        raise Problem(403, "token-scope", "This token may only read. Make one with the scope write.")


def token_slugs(request: Request) -> list[str] | None:
    """The collections that the token is limited to; None for no limit."""
    return (request.auth.slugs or None) if isinstance(request.auth, ApiToken) else None
