"""The dataset to stdout, as an editor gets it: `manage.py export desk --format jsonl > desk.jsonl`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from annotations import access
from annotations.exports import filters
from annotations.exports.dataset import Dataset
from annotations.exports.formats import FORMATS
from annotations.models import Collection


class Command(BaseCommand):
    help = "Writes a collection's claims to stdout, as of its last revision or an earlier one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = (
            f"Links in the file begin with {settings.PUBLIC_URL}. Where aigap is served at another address, as by"
            " PORT=8123 make run, set AIGAP_PUBLIC_URL, or the same PORT, for this command too."
        )
        parser.add_argument("slug")
        parser.add_argument("--format", choices=list(FORMATS), required=True)
        parser.add_argument("--at", type=int, help="revision; the last one unless given")
        for name in filters.NAMES:
            said = "a day" if name in filters.DAYS else "may be repeated, for OR"
            parser.add_argument(f"--{name.replace('_', '-')}", action="append", default=[], help=said)

    def handle(self, *, slug: str, format: str, at: int | None, **given: Any) -> None:
        collection = Collection.objects.filter(slug=slug, head__gt=0).first()
        if collection is None:
            raise CommandError(f"There is no collection {slug}.")
        at = collection.head if at is None else at
        if not 1 <= at <= collection.head:
            raise CommandError(f"{slug} has revisions 1 to {collection.head}.")
        try:
            wanted = filters.read(lambda name: given[name])
        except filters.Refused as refused:
            raise CommandError(str(refused)) from refused
        dataset = Dataset(access.desk_seat(collection), at, wanted)
        try:
            for part in FORMATS[format].write(dataset):
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
