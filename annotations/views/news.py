"""What is new to somebody who was here before: a line of words."""

from dataclasses import dataclass
from datetime import datetime

from annotations import access
from annotations.access import Seat
from annotations.services.visits import last_visit, unread
from annotations.views.moments import moment_in_words

COUNTED = 1000


@dataclass(frozen=True, slots=True)
class News:
    """ "12 changes since yesterday 17:40 UTC, 4 of them yours" """

    changes: str
    since: str
    yours: str


def news(seat: Seat, visit: tuple[int, datetime] | None) -> News | None:
    """None on a first visit, and where nothing happened since."""
    if visit is None or seat.is_viewer:
        return None
    number, at = visit
    mine = access.revisions(seat).filter(author=seat.user, number__gt=number)
    own = mine.order_by("number")[: COUNTED + 1].count()
    # Numbers have no gaps. Where others' changes are hidden their number is too.
    total = own if seat.hides else seat.collection.head - number
    if not total:
        return None
    yours = f"{_counted(own)} of them yours" if 0 < own < total else "" if own == 0 else "all of them yours"
    if total == 1:
        yours = yours and "yours"
    return News(f"{_counted(total)} change{'' if total == 1 else 's'}", moment_in_words(at), yours)


def unread_news(seat: Seat) -> News | None:
    """For the dashboard: none where the person has read all there is."""
    if seat.hides or seat.is_viewer or not unread(seat.collection, seat.user):
        return None
    return news(seat, last_visit(seat.collection, seat.user))


def _counted(number: int) -> str:
    return f"{number:,}" if number <= COUNTED else f"more than {COUNTED:,}"
