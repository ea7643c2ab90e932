"""People's accounts. Not part of the ledger: accounts belong to the desk, not to a collection."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from annotations.models import Membership, User
from annotations.services import tokens
from annotations.services.admin_log import note
from annotations.services.settings import raise_epochs


def one_time_link(user: User) -> str:
    """A whole address that lets its holder choose this user's password, once, within PASSWORD_RESET_TIMEOUT."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return f"{settings.PUBLIC_URL}/accounts/link/{uid}/{default_token_generator.make_token(user)}/"


def link_each(people: Sequence[User], *, author: User) -> list[User]:
    """That these are given a one-time link; whoever shows it calls `one_time_link`."""
    with transaction.atomic():
        note(author, people, "One-time link made.")
    return list(people)


def user_of_link(uid: str, token: str) -> User | None:
    """Whose link this is, or None when it is spent, expired, forged, or no longer anyone's."""
    try:
        user = User.objects.filter(
            pk=int(urlsafe_base64_decode(uid)), is_active=True, kind=User.Kind.PERSON
        ).first()
    except ValueError:
        return None
    return user if user and default_token_generator.check_token(user, token) else None


def open_with_link(user: User, password: str) -> None:
    """A new password for somebody who had none, or lost it: nothing opened with the old one stays open."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        tokens.revoke_all(user)


def save_names(user: User) -> None:
    """Save a user whose names may have changed: exports that showed the old one are told."""
    with transaction.atomic():
        user.save()
        raise_epochs(list(Membership.objects.filter(user=user).values_list("collection", flat=True)))


def create_person(username: str, *, display_name: str = "", is_superuser: bool = False) -> User:
    """An account without a password: it opens with a one-time link."""
    user = User(
        username=username, display_name=display_name, is_staff=is_superuser, is_superuser=is_superuser
    )
    user.set_unusable_password()
    user.save()
    return user
