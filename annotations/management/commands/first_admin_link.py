from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from annotations.models import User
from annotations.services.accounts import create_person, one_time_link


class Command(BaseCommand):
    help = "Prints a one-time link with which the first administrator, or one who lost the password, chooses one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--username", default="admin", help="made, as a superuser, if there is none (default: admin)"
        )

    def handle(self, *, username: str, **_: Any) -> None:
        admin = User.objects.filter(username=username).first()
        if admin is None:
            admin = create_person(username, is_superuser=True)
        if not admin.is_superuser or not admin.is_active:
            raise CommandError(f"{username} is not an active superuser. Choose another name with --username.")
        days = settings.PASSWORD_RESET_TIMEOUT // 86400
        self.stdout.write(
            f"Sign in as {username} with a password that you choose here (once, within {days} days):"
        )
        self.stdout.write(one_time_link(admin))
