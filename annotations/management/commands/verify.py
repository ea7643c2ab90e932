from typing import Any

from django.core.management import BaseCommand, CommandError

from annotations.services.verify import verify


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Checks everything that is stored against the rules of the ledger. Exit status 1 when there is a fault."

    def handle(self, **_: Any) -> None:
        faults = 0
        for fault in verify():
            faults += 1
            self.stdout.write(str(fault))
        if faults:
            raise CommandError(f"{faults} fault{'s' * (faults > 1)}.")
        self.stdout.write("No fault.")
