import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from annotations.models import User
from annotations.services import samples
from annotations.services.errors import LedgerError

NO_LOOK_ALIKES = "abcdefghjkmnpqrstuvwxyz23456789"


class Command(BaseCommand):
    help = "Loads the sample corpus with its demo accounts. Interrupted or repeated, it ends the same."

    def handle(self, **_: Any) -> None:
        corpus = samples.Corpus()
        path = settings.DATA_DIR / "demo-accounts.txt"
        known = set(User.objects.values_list("username", flat=True))
        passwords = kept_passwords(path, corpus)
        try:
            collection = samples.load(corpus, passwords)
        except LedgerError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"Sample collection “{corpus.settings['name']}”: {len(corpus.articles)} articles, "
            f"{len(corpus.claims)} claims, {collection.head} revisions."
        )
        if {person["username"] for person in corpus.people} <= known:
            self.stdout.write(f"The demo accounts are kept in {path}")
        else:
            self.stdout.write(f"\n{path.read_text(encoding='utf-8')}\nKept in {path}\n")


def kept_passwords(path: Path, corpus: samples.Corpus) -> dict[str, str]:
    """By username. On the disk before any account is made: an interrupted load must not lock people out."""
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(account_list(corpus))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    names = {person["username"] for person in corpus.people}
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    kept = {row[0]: row[1] for row in rows if len(row) == 3 and row[0] in names}
    return {name: kept.get(name) or new_password() for name in names}


def account_list(corpus: samples.Corpus) -> str:
    rows = [
        f"{person['username']:10} {new_password()}   {person.get('role', 'staff')}"
        for person in corpus.people
    ]
    head = [
        "Demo accounts, made for this installation. Deactivate them before others can reach it.",
        f"Sign in at {settings.PUBLIC_URL}/",
        "",
    ]
    return "\n".join([*head, *rows, ""])


def new_password() -> str:
    return "-".join("".join(secrets.choice(NO_LOOK_ALIKES) for _ in range(4)) for _ in range(4))
