"""What `make run` does before it serves: backup, migrate, static files, and on first use the samples."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Makes this installation ready to serve. Safe to run again."

    def handle(self, **_: Any) -> None:
        if pending_migrations():
            self.back_up()
            call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("clearsessions")
        self.first_use()
        self.stdout.write(f"aigap serves {settings.PUBLIC_URL}/ (Ctrl+C stops it)")

    def back_up(self) -> None:
        """PostgreSQL has its own tools and its own administrator; the embedded database has only us."""
        if connection.vendor == "sqlite" and connection.introspection.table_names():
            path = copy_of_sqlite(settings.DATA_DIR / "backups")
            self.stdout.write(f"Kept a copy of the database before migrating: {path}")

    def first_use(self) -> None:
        from annotations.models import User

        new = not User.objects.exists()
        if settings.DEMO:
            self.load_samples(new)
        elif new:
            call_command("first_admin_link", stdout=self.stdout)

    def load_samples(self, new: bool) -> None:
        """On first use, and again where the first time was interrupted."""
        accounts, loaded = settings.DATA_DIR / "demo-accounts.txt", settings.DATA_DIR / "samples-loaded"
        if new or (accounts.exists() and not loaded.exists()):
            call_command("load_seeds", stdout=self.stdout)
            loaded.touch()
        elif accounts.exists():
            self.stdout.write(f"The demo accounts are kept in {accounts}")


def pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def copy_of_sqlite(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"before-migrate-{datetime.now(UTC):%Y%m%d-%H%M%S}.sqlite3"
    connection.ensure_connection()
    with sqlite3.connect(path) as target:
        connection.connection.backup(target)
    target.close()
    path.chmod(0o600)
    return path
