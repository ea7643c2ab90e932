"""The dataset to stdout, as an editor gets it: `manage.py export desk --format jsonl > desk.jsonl`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations import access
from annotations.exports.formats import FORMATS
from annotations.exports.rows import claim_rows
from annotations.models import Collection


class Command(BaseCommand):
    help = "Writes a collection's claims to stdout, as of its last revision or an earlier one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--format", choices=list(FORMATS), required=True)
        parser.add_argument("--at", type=int, help="revision; the last one unless given")

    def handle(self, *, slug: str, format: str, at: int | None, **_: Any) -> None:
        collection = Collection.objects.filter(slug=slug, head__gt=0).first()
        if collection is None:
            raise CommandError(f"There is no collection {slug}.")
        at = collection.head if at is None else at
        if not 1 <= at <= collection.head:
            raise CommandError(f"{slug} has revisions 1 to {collection.head}.")
        rows = claim_rows(access.desk_seat(collection), at)
        try:
            for part in FORMATS[format].write(rows):
                self._put(part)
        except BrokenPipeError:  # the reader, such as head, has had enough
            return

    def _put(self, part: bytes) -> None:
        out = getattr(self.stdout._out, "buffer", None)
        if out is None:
            self.stdout.write(part.decode(), ending="")
            return
        out.write(part)
        out.flush()
