"""Several users at once: all that were pasted, or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.admin.models import ADDITION
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from annotations.domain.newcomers import Newcomer
from annotations.models import Collection, Membership, User
from annotations.services.admin_log import note
from annotations.services.errors import Invalid
from annotations.services.settings import raise_epoch

MOST = 200
"""So many fit one page of links."""


@dataclass(frozen=True, slots=True)
class Examined:
    newcomer: Newcomer
    faults: list[str]


class Faulty(Invalid):
    """`lines`: everybody who was asked for; those with faults are why nobody was made."""

    def __init__(self, lines: list[Examined]) -> None:
        super().__init__("Nobody was made. Correct the lines that are marked, then look again.", "people")
        self.lines = lines


def examine(newcomers: Sequence[Newcomer]) -> list[Examined]:
    """Each with what is wrong with their line."""
    lines: dict[str, int] = {}
    for each in newcomers:
        lines.setdefault(each.username.lower(), each.line)
    known = User.objects.annotate(lower=Lower("username")).filter(lower__in=list(lines))
    taken = set(known.values_list("lower", flat=True))
    return [Examined(each, _faults(each, taken, lines[each.username.lower()])) for each in newcomers]


def create_several(
    newcomers: Sequence[Newcomer], *, author: User, collection: Collection | None = None, role: str = ""
) -> list[User]:
    """In the order of the lines, members of the collection where one is given. Raises Faulty."""
    if len(newcomers) > MOST:
        raise Invalid(f"At most {MOST} at once. Paste the rest afterwards.", "people")
    try:
        with transaction.atomic():
            lines = examine(newcomers)
            if any(each.faults for each in lines):
                raise Faulty(lines)
            users = User.objects.bulk_create(_user(each) for each in newcomers)
            note(author, users, "Made with others, from a list.", ADDITION)
            if collection:
                _seat(users, collection, role, author)
    except IntegrityError as taken:
        raise Faulty(examine(newcomers)) from taken
    return users


def _seat(users: list[User], collection: Collection, role: str, author: User) -> None:
    seats = Membership.objects.bulk_create(
        Membership(collection=collection, user=user, role=role) for user in users
    )
    note(author, seats, f"Made {role}.", ADDITION)
    raise_epoch(collection)


def _user(newcomer: Newcomer) -> User:
    return User(
        username=newcomer.username,
        display_name=newcomer.display_name,
        email=newcomer.email,
        password=make_password(None),
    )


def _faults(newcomer: Newcomer, taken: set[str], first: int) -> list[str]:
    faults = []
    if newcomer.surplus:
        faults.append(
            f"More than three fields: “{newcomer.surplus}”. A name with a comma goes in quotation marks."
        )
    if newcomer.username.lower() in taken:
        faults.append(f"There is a user “{newcomer.username}” already.")
    elif newcomer.username and first != newcomer.line:
        faults.append(f"The same username as in line {first}.")
    try:
        _user(newcomer).clean_fields()
    except ValidationError as wrong:
        faults += [f"{FIELDS[field]}: {said[0]}" for field, said in wrong.message_dict.items()]
    return faults


FIELDS = {"username": "Username", "display_name": "Display name", "email": "E-mail"}
