from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command

from annotations.services.archive import BadArchive
from annotations.services.backup import Refused, restore


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Puts a backup into an empty, migrated database, on SQLite or PostgreSQL alike, and verifies it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="whatever is in the database now is lost")

    def handle(self, *, file: Path, force: bool, **_: Any) -> None:
        try:
            manifest = restore(file, force=force)
        except (Refused, BadArchive) as refusal:
            raise CommandError(f"Nothing was restored. {refusal}") from refusal
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"{rows:,} rows and {len(manifest['media']):,} files are back, as of {manifest['made']}."
        )
        call_command("verify", stdout=self.stdout)
