"""People leave: deactivated, and come back; or anonymised, which is for good. Their work stays as it is."""

from collections.abc import Sequence

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from annotations.models import ApiToken, Membership, Opened, PrivateNote, SavedFilter, User, Visit
from annotations.services.accounts import save_names
from annotations.services.admin_log import note
from annotations.services.settings import raise_epochs


def deactivate(people: Sequence[User], *, author: User) -> list[User]:
    """Whoever was active is so no more: sessions, one-time links and tokens end at once, and do not come back."""
    with transaction.atomic():
        users = _locked(people).filter(is_active=True)
        changed = _without_password(list(users), is_active=False)
        ApiToken.objects.filter(user__in=changed).delete()
        note(author, changed, "Deactivated; sessions and tokens ended.")
    return changed


def reactivate(people: Sequence[User], *, author: User) -> list[User]:
    """They choose a password anew, by one-time link: what was open before they left stays shut."""
    with transaction.atomic():
        users = _locked(people).filter(is_active=False, anonymised_at=None)
        changed = _without_password(list(users), is_active=True)
        note(author, changed, "Active again.")
    return changed


def reset_second_factor(people: Sequence[User], *, author: User) -> list[User]:
    with transaction.atomic():
        devices = [TOTPDevice.objects.filter(user__in=people), StaticDevice.objects.filter(user__in=people)]
        owners = {owner for kind in devices for owner in kind.values_list("user", flat=True)}
        for kind in devices:
            kind.delete()
        changed = [person for person in people if person.pk in owners]
        note(author, changed, "Second factor taken away.")
    return changed


def anonymise(person: User, *, author: User) -> None:
    """Name, e-mail and username go, from administration's own log too; memberships end. Not to be undone.

    The pseudonyms under which the work is known outside stay. What people wrote stays as they wrote it.
    """
    with transaction.atomic():
        user = _locked([person]).get()
        if user.anonymised_at:
            return
        _forget_tries(user.username)
        _forget_in_notes_of_devices(user)
        _forget_belongings(user)
        _rename(user)
        save_names(user)
        _end_memberships(user)
        _forget_in_the_log(user)
        note(author, [user], "Anonymised.")


def _locked(people: Sequence[User]) -> QuerySet[User]:
    users = User.objects.filter(pk__in=[person.pk for person in people]).order_by("pk")
    return users.select_for_update(no_key=True) if connection.vendor == "postgresql" else users


def _without_password(users: list[User], *, is_active: bool) -> list[User]:
    """Sessions and one-time links hang on the password's hash."""
    for user in users:
        user.is_active, user.password = is_active, make_password(None)
    User.objects.bulk_update(users, ["is_active", "password"], batch_size=500)
    return users


def _forget_tries(username: str) -> None:
    for model in (AccessAttempt, AccessLog, AccessFailureLog):
        model.objects.filter(username=username).delete()


def _forget_belongings(user: User) -> None:
    for model in (ApiToken, TOTPDevice, StaticDevice, SavedFilter, Visit, Opened):
        model.objects.filter(user=user).delete()
    PrivateNote.objects.filter(author=user).delete()


def _rename(user: User) -> None:
    user.username = _free_username(f"left-{user.pk}")
    user.display_name = f"Former member {user.pk}"
    user.email = user.first_name = user.last_name = ""
    user.password, user.is_active, user.show_name = make_password(None), False, False
    user.last_login, user.preferences, user.anonymised_at = None, {}, timezone.now()


def _forget_in_notes_of_devices(user: User) -> None:
    """Superusers delete devices and tries in administration, which notes them by what they are called."""
    kinds = ContentType.objects.get_for_models(
        TOTPDevice, StaticDevice, AccessAttempt, AccessLog, AccessFailureLog
    )
    called = Q(object_repr__contains=user.username) | Q(object_repr__contains=str(user))
    LogEntry.objects.filter(called, content_type__in=kinds.values()).update(
        object_repr="Of somebody who left"
    )


def _free_username(wanted: str) -> str:
    taken = set(User.objects.filter(username__startswith=wanted).values_list("username", flat=True))
    tries = (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3)))
    return next(name for name in tries if name not in taken)


def _end_memberships(user: User) -> None:
    live = Membership.objects.filter(user=user, ended=None)
    homes = list(live.values_list("collection", flat=True))
    live.update(ended=timezone.now())
    raise_epochs(homes)


def _forget_in_the_log(user: User) -> None:
    """Of a log entry it is the name of its row that tells a person's."""
    seats = Membership.objects.filter(user=user).values_list("pk", flat=True)
    for model, rows in ((User, [user.pk]), (Membership, list(seats))):
        about = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
        about.filter(object_id__in=[str(pk) for pk in rows]).update(object_repr=str(user))
