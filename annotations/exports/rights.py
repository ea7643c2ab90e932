"""Who has which rights, as csv."""

from collections.abc import Iterable, Iterator
from itertools import chain

from annotations.access_rights import Line
from annotations.exports.csv import line
from annotations.exports.jsonlines import gathered

COLUMNS = (
    *("collection", "username", "name", "kind", "active", "staff", "superuser", "second_factor"),
    *("role", "since", "ended", "reads", "marks", "imports_and_decides", "answers_legal_reads"),
    *("read_tokens", "write_tokens", "last_sign_in"),
)


def rights(lines: Iterable[Line]) -> Iterator[bytes]:
    return gathered(line(values).encode() for values in chain([COLUMNS], map(_row, lines)))


def _row(each: Line) -> tuple[object, ...]:
    seat, user, allowed = each.seat, each.seat.user, each.rights
    return (
        *(seat.collection.slug, user.username, user.display_name, user.kind),
        *(user.is_active, user.is_staff, user.is_superuser, getattr(seat, "has_factor", None)),
        *(seat.role, seat.started.isoformat(), seat.ended.isoformat() if seat.ended else None),
        *(allowed.reads, allowed.marks, allowed.edits, allowed.legal),
        *(each.reading_tokens, each.writing_tokens),
        user.last_login.isoformat() if user.last_login else None,
    )
