from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.core.validators import validate_slug

from annotations.services.errors import Invalid
from annotations.services.settings import create_collection


class Command(BaseCommand):
    help = "Begins a collection."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="its name in addresses: letters, figures, hyphens")
        parser.add_argument("--name", help="its name on pages; otherwise the slug")
        parser.add_argument(
            "--blind", action="store_true", help="reviewers see others' work after their own verdict"
        )
        parser.add_argument("--reviews-needed", type=int, default=1, metavar="N")

    def handle(self, *, slug: str, name: str | None, blind: bool, reviews_needed: int, **_: Any) -> None:
        try:
            validate_slug(slug)
            create_collection(
                slug, author=None, name=name or slug, blind=blind, reviews_needed=reviews_needed
            )
        except Invalid as refusal:
            raise CommandError(str(refusal)) from refusal
        except ValidationError as error:
            raise CommandError("A slug has letters, figures, hyphens and underscores only.") from error
        self.stdout.write(
            f"Collection {slug} begun. Give someone a place in it: add_member {slug} USER editor"
        )
