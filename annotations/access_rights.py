"""Who may do what, told to those who administrate: per collection, per person, in words. Decides nothing itself."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from annotations.access import Seat
from annotations.models import ApiToken, CollectionSettings, Membership, User

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Rights:
    """`reads`: what, in words. `edits`: imports, decides, changes settings, undoes."""

    reads: str
    marks: bool = False
    edits: bool = False
    legal: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A person in a collection. The tokens are those that open it today."""

    seat: Membership
    settings: CollectionSettings
    rights: Rights
    reading_tokens: int
    writing_tokens: int

    @property
    def tokens(self) -> str:
        counts = (("read", self.reading_tokens), ("write", self.writing_tokens))
        return ", ".join(f"{count} {scope}" for scope, count in counts if count) or "–"


def rights(seat: Seat, *, is_lawyer: bool) -> Rights:
    if seat.is_viewer:
        reads = "what is agreed or decided"
    elif seat.hides:
        reads = "all of a claim, after their own verdict"
    else:
        reads = "all"
    return Rights(reads, marks=seat.may_annotate, edits=seat.is_editor, legal=is_lawyer)


def seats(
    *, of: User | None = None, slug: str = "", asked: str = "", state: str = "now"
) -> QuerySet[Membership]:
    """Memberships with their user and collection. `state`: now, ended or all; `asked`: part of a name."""
    rows = Membership.objects.select_related("user", "collection").order_by(
        "collection__slug", "user__username"
    )
    conditions = {"now": Q(ended=None), "ended": Q(ended__isnull=False)}
    rows = rows.filter(conditions.get(state, Q()))
    if of:
        rows = rows.filter(user=of)
    if slug:
        rows = rows.filter(collection__slug=slug)
    if asked:
        rows = rows.filter(Q(user__username__icontains=asked) | Q(user__display_name__icontains=asked))
    return rows.annotate(has_factor=Exists(TOTPDevice.objects.filter(user=OuterRef("user"), confirmed=True)))


def lines(rows: Sequence[Membership]) -> list[Line]:
    """Three queries, whatever the number."""
    settings = {
        live.collection_id: live
        for live in CollectionSettings.objects.current().filter(
            collection__in={seat.collection_id for seat in rows}
        )
    }
    tokens = _tokens({seat.user_id for seat in rows})
    return [
        _line(seat, settings.get(seat.collection_id) or _unnamed(seat), tokens.get(seat.user_id, []))
        for seat in rows
    ]


def every_line(rows: QuerySet[Membership]) -> Iterator[Line]:
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        yield from lines(list(rows.filter(pk__in=keys[start : start + CHUNK])))


def administrators() -> QuerySet[User]:
    """Who can change all that: staff the memberships of those who are not on staff, superusers of all."""
    return User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), is_active=True).order_by("username")


def live_tokens() -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(Q(expiry=None) | Q(expiry__gt=timezone.now()), user__is_active=True)


def _tokens(users: Iterable[int]) -> dict[int, list[tuple[str, set[int]]]]:
    """user → (scope, the collections that it is limited to) of each live token."""
    found: dict[int, list[tuple[str, set[int]]]] = {}
    for token in live_tokens().filter(user__in=users).prefetch_related("collections"):
        found.setdefault(token.user_id, []).append((token.scope, {c.pk for c in token.collections.all()}))
    return found


def _unnamed(seat: Membership) -> CollectionSettings:
    """Of a collection that is just being begun."""
    return CollectionSettings(name=seat.collection.slug)


def _line(seat: Membership, settings: CollectionSettings, tokens: list[tuple[str, set[int]]]) -> Line:
    if seat.ended or not seat.user.is_active:
        away = "nothing: the membership ended" if seat.ended else "nothing: deactivated"
        return Line(seat, settings, Rights(away), 0, 0)
    opening = Counter(scope for scope, limits in tokens if not limits or seat.collection_id in limits)
    taken = Seat(seat.user, seat.collection, settings, seat.role)
    allowed = rights(taken, is_lawyer=seat.is_lawyer)
    return Line(seat, settings, allowed, opening[ApiToken.Scope.READ], opening[ApiToken.Scope.WRITE])
