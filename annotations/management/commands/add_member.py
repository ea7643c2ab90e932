from argparse import ArgumentParser, BooleanOptionalAction
from typing import Any

from django.core.management import BaseCommand, CommandError

from annotations.models import Collection, Membership, User
from annotations.services.settings import set_member


class Command(BaseCommand):
    help = "Makes a user a member of a collection, or changes the member's role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("user", help="the name they sign in with")
        parser.add_argument("role", choices=Membership.Role.values)
        parser.add_argument(
            "--lawyer",
            action=BooleanOptionalAction,
            help="they answer legal reads, or no longer; left out, it stays as it is",
        )

    def handle(self, *, slug: str, user: str, role: str, lawyer: bool | None, **_: Any) -> None:
        collection = Collection.objects.filter(slug=slug).first()
        person = User.objects.filter(username=user).first()
        if collection is None:
            raise CommandError(f"There is no collection {slug}. Begin it: create_collection {slug}")
        if person is None:
            raise CommandError(f"There is no user {user}. Add them in administration.")
        set_member(collection, person, role, is_lawyer=lawyer)
        self.stdout.write(f"{user} is {role} of {slug}.")
