"""What the dataset page offers to choose from: each within a bound, however large the collection."""

from collections.abc import Iterable

from django.db.models import QuerySet

from annotations import access, access_articles, access_history
from annotations.access import Seat
from annotations.models import ArticleDetails, Membership, article_name

Choices = dict[str, str]
"""Value → what it is called."""

NEWEST = 200


def newest_articles(seat: Seat) -> Choices:
    """By number: the last ones to come in. Of older ones the page takes the number."""
    return _titles(access.articles(seat).order_by("-article")[:NEWEST])


def articles_called(seat: Seat, numbers: Iterable[str]) -> Choices:
    """Those of the numbers that are articles here."""
    ids = [int(each) for each in numbers if each.isascii() and each.isdigit() and len(each) < 19]
    return _titles(access.articles(seat).filter(article__in=ids[:NEWEST])) if ids else {}


def _titles(rows: QuerySet[ArticleDetails]) -> Choices:
    found = rows.values_list("article", "title")
    return {str(number): article_name(number, title) for number, title in found}


def languages(seat: Seat) -> Choices:
    """Tags that differ in case alone are one."""
    known = {tag.lower(): tag for tag in sorted(access_articles.languages(seat))}
    return {tag: tag for tag in known.values()}


def reviewers(seat: Seat) -> Choices:
    """Under the names that rows give them. Editors, who know whose those are, are told so."""
    if seat.is_viewer:
        return {}
    names = access.public_names(seat)
    people = {names[each.pk]: str(each) for each in access_history.people(seat) if each.pk in names}
    told = seat.is_editor
    return {
        name: f"{name} ({person})" if told and person != name else name
        for name, person in sorted(people.items())
    }


def speakers(seat: Seat) -> dict[int, tuple[str, str]]:
    """User id → (username, what they are called): who reviews or decides in the collection, or did, for editors."""
    seats = Membership.objects.filter(collection=seat.collection).exclude(role=Membership.Role.VIEWER)
    found = seats.select_related("user").order_by("user__display_name", "user__username")
    return {
        each.user_id: (
            each.user.username,
            f"{each.user}, {each.get_role_display().lower()}{', left' if each.ended else ''}",
        )
        for each in found
    }
