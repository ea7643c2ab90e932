from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from annotations.imports import MAX_BYTES, SUFFIXES, Draft, ImportRefused, read_upload, reblock
from annotations.imports.manifest import BadManifest, read_manifest
from annotations.models import Collection
from annotations.services.articles import Details, Stored, import_article
from annotations.services.errors import DuplicateText


class Command(BaseCommand):
    help = "Imports articles from files, or from all text, Markdown and HTML files of directories."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
        parser.add_argument("--collection", required=True, metavar="SLUG")
        parser.add_argument(
            "--manifest",
            type=Path,
            metavar="FILE",
            help="A list in CSV or JSON: file, and what is known of it: title, publisher, byline, published_on, url,"
            " language, direction, role.",
        )
        parser.add_argument(
            "--reference",
            action="store_true",
            help="These are reference texts: origins, transcripts or reports, which are cited and not checked.",
        )

    def handle(
        self, *, paths: list[Path], collection: str, manifest: Path | None, reference: bool, **_: Any
    ) -> None:
        place = Collection.objects.filter(slug=collection).first()
        if place is None:
            raise CommandError(
                f"There is no collection {collection}. Begin it: create_collection {collection}"
            )
        known = {"role": "reference"} if reference else {}
        files = [(file, known) for path in paths for file in files_of(path)]
        if manifest:
            files += [(file, known | said) for file, said in listed(manifest)]
        if not files:
            raise CommandError("Nothing to import: name files or directories, or a list with --manifest.")
        refused = [file for file, said in files if not self.import_file(place, file, said)]
        self.stdout.write(f"{len(files) - len(refused)} of {len(files)} files are in {collection}.")
        if refused:
            raise CommandError(f"Not imported: {', '.join(file.name for file in refused)}")

    def import_file(self, place: Collection, file: Path, said: dict[str, Any]) -> bool:
        try:
            with file.open("rb") as opened:
                draft = read_upload(file.name, opened.read(MAX_BYTES + 1))
            stored = store(place, draft, said)
        except DuplicateText as double:
            self.stdout.write(f"{file.name}: already there, as article {double.article_id}")
            return True
        except (ImportRefused, OSError) as refusal:
            self.stderr.write(f"{file.name}: {refusal}")
            return False
        title = said.get("title") or draft.title or "without a headline"
        for warning in draft.warnings:
            self.stdout.write(f"{file.name}: {warning}")
        self.stdout.write(f"{file.name}: article {stored.article_id}, {title}")
        return True


def files_of(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
    return [path]


def listed(manifest: Path) -> list[tuple[Path, dict[str, Any]]]:
    try:
        return read_manifest(manifest)
    except BadManifest as refusal:
        raise CommandError(str(refusal)) from refusal


def store(place: Collection, draft: Draft, said: dict[str, Any]) -> Stored:
    """`said` by the list, before what the text itself suggests."""
    known = draft.metadata
    known["published_on"] = date.fromisoformat(known["published_on"]) if known["published_on"] else None
    blocks = draft.blocks
    if said.get("language", draft.language) != draft.language:
        blocks = reblock(draft.text, blocks, said["language"])
    details = Details(**known | said, blocks=blocks)
    return import_article(place, author=None, text=draft.text, details=details)
