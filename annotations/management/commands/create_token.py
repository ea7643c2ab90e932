from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from annotations.models import ApiToken, Collection, User
from annotations.services.errors import Invalid
from annotations.services.tokens import create_token


class Command(BaseCommand):
    help = "Makes an API token for a user. The token stands alone on the last line, and is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the name they sign in with")
        parser.add_argument(
            "--collection", action="append", required=True, metavar="SLUG", help="may be repeated"
        )
        parser.add_argument("--scope", choices=ApiToken.Scope.values, default=ApiToken.Scope.READ)
        parser.add_argument("--name", default="made on the server")
        parser.add_argument("--days", type=int, default=90, help="until it expires; 0 for never")

    def handle(self, *, user: str, collection: list[str], scope: str, name: str, days: int, **_: Any) -> None:
        owner = User.objects.filter(username=user).first()
        if owner is None:
            raise CommandError(f"There is no user {user}.")
        found = list(Collection.objects.filter(slug__in=collection))
        if missing := set(collection) - {place.slug for place in found}:
            raise CommandError(f"There is no collection {', '.join(sorted(missing))}.")
        try:
            token, secret = create_token(owner, name=name, scope=scope, collections=found, days=days or None)
        except Invalid as bad:
            raise CommandError(str(bad)) from bad
        until = f"until {token.expiry:%Y-%m-%d}" if token.expiry else "without end"
        self.stdout.write(f"A {scope} token of {user} for {', '.join(collection)}, {until}:")
        self.stdout.write(secret)
