"""Who has which rights, as csv."""

import csv
import io
from collections.abc import Iterable, Iterator

from annotations.access_rights import Line
from annotations.exports.csv import AT_ONCE, cell

COLUMNS = (
    *("collection", "username", "name", "kind", "active", "staff", "superuser", "second_factor"),
    *("role", "since", "ended", "reads", "marks", "imports_and_decides", "answers_legal_reads"),
    *("read_tokens", "write_tokens", "last_sign_in"),
)


def rights(lines: Iterable[Line]) -> Iterator[bytes]:
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([cell(value) for value in _row(line)])
        if sheet.tell() >= AT_ONCE:
            yield sheet.getvalue().encode()
            sheet.seek(0)
            sheet.truncate()
    yield sheet.getvalue().encode()


def _row(line: Line) -> tuple[object, ...]:
    seat, user, allowed = line.seat, line.seat.user, line.rights
    return (
        *(seat.collection.slug, user.username, user.display_name, user.kind),
        *(user.is_active, user.is_staff, user.is_superuser, getattr(seat, "has_factor", None)),
        *(seat.role, seat.started.isoformat(), seat.ended.isoformat() if seat.ended else None),
        *(allowed.reads, allowed.marks, allowed.edits, allowed.legal),
        *(line.reading_tokens, line.writing_tokens),
        user.last_login.isoformat() if user.last_login else None,
    )
