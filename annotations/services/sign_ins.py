"""Who is kept out after too many wrong passwords, and letting them in again."""

from collections.abc import Sequence

from axes.models import AccessAttempt
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations.models import User
from annotations.services.admin_log import note


def locked() -> QuerySet[AccessAttempt]:
    """The pairs of name and address that wait. An attempt's time is that of the last one before the lock."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    return AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gt=since
    )


def unlock(people: Sequence[User], *, author: User) -> list[User]:
    """Those who were kept out, from whatever address."""
    with transaction.atomic():
        kept_out = set(
            locked().filter(username__in=[p.username for p in people]).values_list("username", flat=True)
        )
        freed = [person for person in people if person.username in kept_out]
        AccessAttempt.objects.filter(username__in=kept_out).delete()
        note(author, freed, "Sign-in unlocked.")
    return freed
