from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from annotations.services.backup import backup


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Writes everything, as it is at one moment, into one file. Nobody has to stop working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="replaced, if it is there, once the new one is whole")

    def handle(self, *, file: Path, **_: Any) -> None:
        if not file.parent.is_dir():
            raise CommandError(
                f"The backup was not made: there is no folder {file.parent}. Make it, or name another place."
            )
        try:
            manifest = backup(file)
        except (OSError, DatabaseError) as error:
            raise CommandError(f"The backup was not made: {error}") from error
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(f"{file}: {rows:,} rows and {len(manifest['media']):,} files.")
