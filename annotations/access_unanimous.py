"""Claims on which all reviewers agree, for an editor to accept many at once."""

from django.core.exceptions import PermissionDenied

from annotations import access
from annotations.access import Seat
from annotations.models import ClaimState, Revision, Span, Status, Verdict

SHOWN = 100


def accepting(seat: Seat) -> None:
    if not seat.is_editor:
        raise PermissionDenied("Editors accept what reviewers agree on.")


def agreed(seat: Seat, *, article: int | None, chosen: list[int], after: int) -> list[ClaimState]:
    """Behind claim `after`, of the article or among the chosen, where given; one more than are shown. In the order of
    their numbers: a walk along the index for each verdict."""
    rows = access.claims(seat).filter(status=Status.AGREED, span__gt=after)
    among = chosen
    if article is not None:
        # As a list, lest a database walk through all that is agreed for the few of one article.
        own = Span.objects.filter(article=article, **({"pk__in": chosen} if chosen else {}))
        among = list(own.values_list("pk", flat=True))
    if article is not None or chosen:
        rows = rows.filter(span__in=among)
    found = [
        row
        for verdict in Verdict.values
        for row in rows.filter(verdict=verdict).select_related("span").order_by("span")[: SHOWN + 1]
    ]
    return sorted(found, key=lambda row: row.span_id)[: SHOWN + 1]


def mine(seat: Seat, number: int) -> Revision | None:
    """A change of the person's own by which they accepted claims."""
    rows = access.revisions(seat).filter(number=number, author=seat.user, action="accept")
    return rows.first()
