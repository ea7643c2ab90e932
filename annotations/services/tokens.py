"""API tokens. Only a hash is kept; the text is handed over once, by the function that makes the token."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations.models import ApiToken, Collection, User
from annotations.services.admin_log import note
from annotations.services.errors import Invalid

LINKS = "Links to exports"
"""The name of tokens that are made for links alone."""


def create_token(
    owner: User,
    *,
    name: str,
    scope: str = ApiToken.Scope.READ,
    collections: Iterable[Collection] = (),
    days: int | None = 90,
) -> tuple[ApiToken, str]:
    """The token and its text. No collection means all that the owner is a member of; no days, that it never expires.
    Raises Invalid."""
    check_name(name)
    return _create(owner, name, scope, collections, days)


def check_name(name: str) -> None:
    """A token that its owner made may not pass for one of those for links."""
    if " ".join(name.split()).casefold() == LINKS.casefold():
        raise Invalid(f"“{LINKS}” are tokens that are made for links: take another name.", "name")


def _create(
    owner: User, name: str, scope: str, collections: Iterable[Collection], days: int | None
) -> tuple[ApiToken, str]:
    with transaction.atomic():
        expiry = timedelta(days=days) if days else None
        token, secret = ApiToken.objects.create(user=owner, expiry=expiry, name=name, scope=scope)
        token.collections.set(collections)
    return token, secret


def token_for_links(owner: User, collection: Collection, until: datetime) -> ApiToken:
    """A token with which a signed-in person's links to exports are made, to read this collection for two days, so that
    the links of a day share one: among their tokens they see it, and revoke it. Nobody knows its text."""
    mine = _for_links(owner)
    with transaction.atomic():
        mine.filter(expiry__lte=timezone.now()).delete()
        lasting = mine.filter(expiry__gte=until, collections=collection).first()
        return lasting or _create(owner, LINKS, ApiToken.Scope.READ, [collection], 2)[0]


def revoke_links(owner: User) -> None:
    """Of somebody who changes their password: what was made while signed in with the old one."""
    _for_links(owner).delete()


def _for_links(owner: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=owner, name=LINKS, scope=ApiToken.Scope.READ)


def revoke_tokens(tokens: Iterable[ApiToken], *, author: User) -> list[ApiToken]:
    """By administration, which is kept in its log, of the owner: those that were there still."""
    with transaction.atomic():
        keys = [token.pk for token in tokens]
        there = list(
            ApiToken.objects.filter(pk__in=keys).select_related("user").prefetch_related("collections")
        )
        ApiToken.objects.filter(pk__in=[token.pk for token in there]).delete()
        for words, owners in _alike(
            (token.user, f"Token revoked: {in_words(token)}.") for token in there
        ).items():
            note(author, owners, words)
    return there


def note_made(token: ApiToken, *, author: User) -> None:
    note(author, [token.user], f"Token made: {in_words(token)}.")


def in_words(token: ApiToken) -> str:
    """Without its name, which its owner chose and may be about a person."""
    where = ", ".join(sorted(collection.slug for collection in token.collections.all()))
    until = f"until {token.expiry:%-d %B %Y}" if token.expiry else "for ever"
    return f"{token.get_scope_display().lower()}, in {where or 'every collection of theirs'}, {until}"


def _alike(said: Iterable[tuple[User, str]]) -> dict[str, list[User]]:
    found: dict[str, list[User]] = {}
    for owner, words in said:
        found.setdefault(words, []).append(owner)
    return found


def revoke_all(owner: User) -> None:
    ApiToken.objects.filter(user=owner).delete()


def revoke_token(owner: User, token_key: str) -> ApiToken | None:
    token = ApiToken.objects.filter(user=owner, token_key=token_key).first()
    if token:
        token.delete()
    return token
