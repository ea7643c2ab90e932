"""Whom an article is given to, for the page of its work."""

from collections import Counter
from typing import Any

from annotations import access_desk
from annotations.access import Seat
from annotations.forms.assignments import PeopleForm
from annotations.models import User


def people_of(seat: Seat) -> list[tuple[int, str]]:
    return [(person.pk, str(person)) for person in access_desk.judges(seat)]


def assigned(seat: Seat, article_id: int, form: PeopleForm | None = None) -> dict[str, Any]:
    """What the page of its work says of it: who has all of it, and how many claims of it others have."""
    rows = access_desk.assignments(seat).filter(article=article_id).select_related("reviewer")
    whole: list[User] = []
    claims: Counter[User] = Counter()
    for row in rows:
        if row.span_id is None:
            whole.append(row.reviewer)
        else:
            claims[row.reviewer] += 1
    whole.sort(key=lambda person: str(person).casefold())
    if not seat.is_editor:
        return {"whole": whole, "of_claims": claims.items(), "assign": None}
    held = {person.pk for person in whole}
    free = [pair for pair in people_of(seat) if pair[0] not in held]
    return {"whole": whole, "of_claims": claims.items(), "assign": form or PeopleForm(people=free)}
