"""Claims of a jsonl, json or w3c export into a collection that holds their articles."""

import hashlib
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.imports.claim_rows import Read, batches
from annotations.models import Collection, Membership, User
from annotations.services import bulk
from annotations.services.errors import Invalid
from annotations.services.import_claims import AT_ONCE, Faulty, File
from annotations.services.import_people import People, make_accounts, named, people_of, planned
from annotations.services.import_plan import Told

TOLD = 200
"""Faults and notes that are named one by one; of the rest the number."""


class Command(BaseCommand):
    help = "Brings the claims of a jsonl, json or w3c export into a collection that holds the same articles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--collection", required=True, metavar="SLUG")
        parser.add_argument(
            "--as", dest="author", required=True, metavar="USER", help="The editor who brings them in."
        )
        parser.add_argument(
            "--people",
            type=Path,
            metavar="FILE",
            help='Who the people of the file are: JSON, {"reviewer-1a2b3c4d": "username", …}.',
        )
        parser.add_argument(
            "--strangers",
            action="store_true",
            help="For names that are nobody's here, make members whom nobody can sign in as.",
        )
        parser.add_argument(
            "--partial", action="store_true", help="Bring in what can be, though some lines cannot."
        )
        parser.add_argument("--check", action="store_true", help="Say what would happen, and write nothing.")

    def handle(self, *, file: Path, collection: str, author: str, **options: Any) -> None:
        self.told = 0
        self.path = file
        home, given = self.home(collection), self.given(options["people"])
        editor = self.editor(home, author)
        try:
            people = people_of(home, given)
        except Invalid as bad:
            raise CommandError(str(bad)) from bad
        digest = self.digest()
        new = self.strangers(people) if options["strangers"] else {}
        self.file = File(home, editor, planned(people, new), digest)
        faults, fit, there = self.examine(quiet=options["partial"] and not options["check"])
        if faults and not options["partial"]:
            raise CommandError(
                f"{_lines(faults)} cannot be brought in: nothing was. Correct them, say with --people or --strangers"
                " who is who, or leave them out with --partial."
            )
        if options["check"]:
            self.stdout.write(_would(fit, there, faults, sorted(new)))
        else:
            if new:
                make_accounts(home, new)
                self.file = File(home, editor, people_of(home, given), digest)
            self.write(partial=options["partial"])

    def home(self, slug: str) -> Collection:
        found = Collection.objects.filter(slug=slug, head__gt=0).first()
        if found is None:
            raise CommandError(f"There is no collection {slug}. Begin it: create_collection {slug}")
        return found

    def editor(self, home: Collection, username: str) -> User:
        seat = Membership.objects.filter(
            collection=home, user__username=username, user__is_active=True, ended=None, role="editor"
        ).first()
        if seat is None:
            raise CommandError(f"{username} is no editor of {home.slug}.")
        return seat.user

    def given(self, path: Path | None) -> dict[str, str]:
        if path is None:
            return {}
        try:
            said = json.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
        if not isinstance(said, dict) or not all(isinstance(name, str) for name in said.values()):
            raise CommandError(f'{path} is to be an object of names: {{"reviewer-1a2b3c4d": "ana"}}.')
        return said

    def strangers(self, people: People) -> dict[str, bool]:
        found = named(each for _, read in self.batches() for each in read)
        return {name: decides for name, decides in found.items() if people.user(name) is None}

    def digest(self) -> str:
        try:
            with self.path.open("rb") as opened:
                return hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as error:
            raise CommandError(f"{self.path} cannot be read: {error}") from error

    def batches(self) -> Any:
        """(number, lines) of each."""

        def read() -> Any:
            with self.path.open("rb") as opened:
                yield from enumerate(batches(opened, AT_ONCE))

        return read()

    def examine(self, *, quiet: bool) -> tuple[int, int, int]:
        """How many lines cannot be written, how many would be, and how many are in the collection already."""
        faults = fit = there = 0
        for nth, read in self.batches():
            if done := self.file.written(nth):
                there += done["claims"]
                continue
            found = self.file.check(read)
            faults, fit, there = faults + len(found.faults), fit + len(found.placed), there + found.there
            if not quiet:
                self.tell(found.faults, self.stderr)
            self.tell(found.notes, self.stdout)
            for words in found.remarks:
                self.stdout.write(f"{self.path.name}: {words}")
        return faults, fit, there

    def write(self, *, partial: bool) -> None:
        sources: dict[str, int] = {}
        claims = before = faults = 0
        for nth, read in self.batches():
            if done := self.file.written(nth):
                sources |= done["sources"]
                before += done["claims"]
                continue
            brought = self.bring(nth, read, sources, partial)
            claims += brought.claims
            faults += len(brought.plan.faults)
            self.tell(brought.plan.faults, self.stderr)
        bulk.analyse()
        earlier = f", {before:,} by an earlier run" if before else ""
        self.stdout.write(f"{claims:,} claims are in {self.file.collection.slug}{earlier}.")
        if faults:
            raise CommandError(f"{_lines(faults)} could not be brought in: they are named above.")

    def bring(self, nth: int, read: list[Read], sources: dict[str, int], partial: bool) -> Any:
        try:
            return self.file.write(nth, read, sources, partial=partial)
        except Faulty as meanwhile:
            self.tell(meanwhile.faults, self.stderr)
            raise CommandError(
                "The collection changed meanwhile: from these lines on nothing was brought in. Run it again."
            ) from meanwhile

    def tell(self, lines: list[Told], out: Any) -> None:
        for line, what in lines:
            self.told += 1
            if self.told <= TOLD:
                out.write(f"{self.path.name}, line {line}: {what}")
            elif self.told == TOLD + 1:
                out.write("… and more of the kind.")


def _would(fit: int, there: int, faults: int, new: list[str]) -> str:
    said = f"{fit:,} claim{'' if fit == 1 else 's'} would come in, "
    said += f"{there:,} {'is' if there == 1 else 'are'} there already"
    if faults:
        said += f", {_lines(faults)} would be left out"
    if new:
        said += f"; made as members whom nobody can sign in as: {', '.join(new)}"
    return f"{said}."


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"
