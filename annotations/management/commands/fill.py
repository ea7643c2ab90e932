from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from annotations.models import Collection
from annotations.services.errors import Invalid
from annotations.services.fill import fill
from annotations.services.settings import create_collection


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = (
        "Brings synthetic articles and claims into a collection, which it makes if need be. For load tests."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--collection", metavar="SLUG", required=True)
        parser.add_argument("--articles", type=int, default=100, help="how many articles")
        parser.add_argument("--spans", type=int, default=1000, help="how many claims, in all")
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same texts and claims")

    def handle(self, *, collection: str, articles: int, spans: int, seed: int, **_: Any) -> None:
        found = Collection.objects.filter(slug=collection, head__gt=0).first()
        try:
            target = found or create_collection(collection, author=None, name=f"Load {collection}")
            fill(target, articles=articles, spans=spans, seed=seed, tell=self.tell)
        except Invalid as wrong:
            raise CommandError(str(wrong)) from wrong
        self.stdout.write(f"{articles:,} articles with {spans:,} claims are in {collection}.")

    def tell(self, claims: int) -> None:
        self.stdout.write(f"{claims:,} claims", ending="\r")
        self.stdout.flush()
