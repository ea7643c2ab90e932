from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from annotations.imports import MAX_BYTES, SUFFIXES, Draft, ImportRefused, read_upload
from annotations.models import Collection
from annotations.services.articles import Details, Stored, import_article
from annotations.services.errors import DuplicateText


class Command(BaseCommand):
    help = "Imports articles from files, or from all text, Markdown and HTML files of directories."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--collection", required=True, metavar="SLUG")

    def handle(self, *, paths: list[Path], collection: str, **_: Any) -> None:
        place = Collection.objects.filter(slug=collection).first()
        if place is None:
            raise CommandError(
                f"There is no collection {collection}. Begin it: create_collection {collection}"
            )
        files = [file for path in paths for file in files_of(path)]
        refused = [file for file in files if not self.import_file(place, file)]
        self.stdout.write(f"{len(files) - len(refused)} of {len(files)} files are in {collection}.")
        if refused:
            raise CommandError(f"Not imported: {', '.join(file.name for file in refused)}")

    def import_file(self, place: Collection, file: Path) -> bool:
        try:
            with file.open("rb") as opened:
                draft = read_upload(file.name, opened.read(MAX_BYTES + 1))
            stored = store(place, draft)
        except DuplicateText as double:
            self.stdout.write(f"{file.name}: already there, as article {double.article_id}")
            return True
        except (ImportRefused, OSError) as refusal:
            self.stderr.write(f"{file.name}: {refusal}")
            return False
        for warning in draft.warnings:
            self.stdout.write(f"{file.name}: {warning}")
        self.stdout.write(f"{file.name}: article {stored.article_id}, {draft.title or 'without a headline'}")
        return True


def files_of(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
    return [path]


def store(place: Collection, draft: Draft) -> Stored:
    known = draft.metadata
    published = date.fromisoformat(known["published_on"]) if known["published_on"] else None
    details = Details(**known | {"published_on": published}, blocks=draft.blocks)
    return import_article(place, author=None, text=draft.text, details=details)
