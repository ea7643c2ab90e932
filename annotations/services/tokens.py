"""API tokens. Only a hash is kept; the text is handed over once, by the function that makes the token."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from annotations.models import ApiToken, Collection, User


def create_token(
    owner: User,
    *,
    name: str,
    scope: str = ApiToken.Scope.READ,
    collections: Iterable[Collection] = (),
    days: int | None = 90,
) -> tuple[ApiToken, str]:
    """The token and its text. No collection means all that the owner is a member of; no days, that it never expires."""
    with transaction.atomic():
        expiry = timedelta(days=days) if days else None
        token, secret = ApiToken.objects.create(user=owner, expiry=expiry, name=name, scope=scope)
        token.collections.set(collections)
    return token, secret


def revoke_all(owner: User) -> None:
    ApiToken.objects.filter(user=owner).delete()


def revoke_token(owner: User, token_key: str) -> ApiToken | None:
    token = ApiToken.objects.filter(user=owner, token_key=token_key).first()
    if token:
        token.delete()
    return token
