"""Claims that wait for an answer from outside: whom somebody asked for a source, and by when. It stays at the desk."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils import timezone

from annotations import access
from annotations.models import Verdict
from annotations.views.reading import Claim, Reading


def asked_of(asked: str, due: date | None) -> str:
    whom = f"Asked {asked}" if asked else ""
    if due is None:
        return whom
    late = due < timezone.localdate()
    when = f"overdue since {due:%-d %B}" if late else f"due {due:%-d %B}"
    return " · ".join(filter(None, [whom or "Answer", when]))


def answers_due(reading: Reading, found: Iterable[Claim]) -> dict[int, str]:
    """claim → whom was asked, the earliest answer first. No query where nobody wants a source."""
    asking = [claim.id for claim in found if claim.counts.get(Verdict.NEEDS_SOURCE)]
    if not asking or reading.seat.is_viewer:
        return {}
    rows = access.opinions(reading.seat).filter(span__in=asking, verdict=Verdict.NEEDS_SOURCE)
    rows = rows.filter(~Q(asked="") | Q(due_on__isnull=False))
    said: dict[int, list[str]] = {}
    ordered = sorted(rows.values_list("span", "asked", "due_on"), key=lambda row: row[2] or date.max)
    for span, asked, due in ordered:
        said.setdefault(span, []).append(asked_of(asked, due))
    return {span: "; ".join(words) for span, words in said.items()}
