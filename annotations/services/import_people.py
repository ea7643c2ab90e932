"""Who the people of an imported file are here: an export names them by pseudonym, or by name where both agreed."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.contrib.auth.hashers import make_password

from annotations.imports.claim_rows import ClaimRow, Read
from annotations.models import Collection, CollectionSettings, Membership, User
from annotations.services.errors import Invalid
from annotations.services.settings import set_member

Role = Membership.Role


@dataclass(frozen=True, slots=True)
class People:
    """`by_name`: name in the file → user id; `made`: username → user id, of the accounts that were made for names;
    `roles`: user id → what they are, or were, in the collection; `blind`: whether its reviewers check blind."""

    by_name: Mapping[str, int]
    made: Mapping[str, int]
    roles: Mapping[int, str]
    blind: bool

    def user(self, name: str) -> int | None:
        found = self.by_name.get(name)
        return self.made.get(_username(name)) if found is None else found

    def may(self, user: int, *, decide: bool) -> bool:
        if self.roles[user] == Role.EDITOR:
            return decide or not self.blind
        return not decide and self.roles[user] == Role.REVIEWER


def named(read: Iterable[Read]) -> dict[str, bool]:
    """Who said something in these lines → whether they decided."""
    found: dict[str, bool] = {}
    for row in read:
        for name, decides in row.names() if isinstance(row, ClaimRow) else ():
            found[name] = decides or found.get(name, False)
    return found


def people_of(collection: Collection, given: Mapping[str, str] | None = None) -> People:
    """`given`: name in the file → username, which goes first. Else a name is the pseudonym of a member, who may have
    left, or an account that was made for it (`make_accounts`). Raises Invalid where `given` names no member."""
    seats = list(Membership.objects.filter(collection=collection).select_related("user"))
    by_name = {seat.pseudonym: seat.user_id for seat in seats}
    accounts = {seat.user.username: seat.user_id for seat in seats}
    made = {username: user for username, user in accounts.items() if username.startswith(_PREFIX)}
    named = {}
    for name, username in (given or {}).items():
        if username not in accounts:
            raise Invalid(f"{username} is no member of {collection.slug}: add_member first.", "people")
        named[name] = accounts[username]
    blind = CollectionSettings.objects.current().get(collection=collection).blind
    return People(by_name | named, made, {seat.user_id: seat.role for seat in seats}, blind)


def make_accounts(collection: Collection, names: Mapping[str, bool]) -> None:
    """Members whom nobody can sign in as, named as in the file. `names`: name → whether they decided. Again: the same
    accounts."""
    for name, decides in sorted(names.items()):
        known = {"display_name": name[:150], "is_active": False, "password": make_password(None)}
        user, _ = User.objects.get_or_create(username=_username(name), defaults=known)
        seat = Membership.objects.filter(collection=collection, user=user).first()
        role = Role.EDITOR if decides else Role.REVIEWER
        if seat is None or (decides and seat.role != Role.EDITOR):
            set_member(collection, user, role)


def planned(people: People, names: Mapping[str, bool]) -> People:
    """As they will be once the accounts are made: until then a stranger's id is one that nobody has."""
    new = {name: -nth for nth, name in enumerate(sorted(names), 1)}
    roles = {new[name]: Role.EDITOR if decides else Role.REVIEWER for name, decides in names.items()}
    return replace(people, by_name={**people.by_name, **new}, roles={**people.roles, **roles})


_PREFIX = "imported-"


def _username(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    return f"{_PREFIX}{words or 'name'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
