"""T37: what was backed up is what comes back, on either database."""

import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from annotations.models import Annotation, Collection, Revision, Span, User, triggers
from annotations.services.archive import BadArchive, Reader, digest_of_table, tables
from annotations.services.articles import Details, import_article
from annotations.services.backup import Refused, backup, restore
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.settings import raise_epoch
from annotations.services.verify import verify
from tests.services.conftest import database_url, manage

TEXT = "Zwölf 🌉 Brücken. جسور كثيرة"
Start = Callable[..., "subprocess.Popen[str]"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def upload(own_data_dir: Path) -> Iterator[Path]:
    path = Path(settings.MEDIA_ROOT) / "sources" / "register.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(range(256)))
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def span(busy: Collection) -> int:
    blocks = [{"start": 0, "end": len(TEXT), "role": "body", "reason": "test"}]
    stored = import_article(busy, author=None, text=TEXT, details=Details(title="Brücken", blocks=blocks))
    ana = User.objects.get(username="ana")
    place = Place(stored.article_id, 6, 15, TEXT[6:15])
    return tag(busy, author=ana, target=place, opinion=Opinion("disputed", why="“no”\n"), base=None).span_id


@pytest.fixture
def file(span: int, upload: Path, tmp_path: Path) -> Path:
    backup(tmp_path / "backup.zip")
    return tmp_path / "backup.zip"


def digests() -> dict[str, tuple[str, int]]:
    """Of all but the collections, whose epochs a restore raises."""
    return {model._meta.db_table: digest_of_table(model) for model in tables() if model is not Collection}


def test_everything_comes_back(file: Path, busy: Collection, span: int, upload: Path) -> None:
    before = digests()
    ben = User.objects.get(username="ben")
    tag(busy, author=ben, target=span, opinion=Opinion("verified"), base=None)
    upload.unlink()
    assert digests() != before

    restore(file, force=True)

    assert digests() == before
    assert upload.read_bytes() == bytes(range(256))
    assert triggers.missing(connection) == []
    assert list(verify()) == []


def test_work_goes_on_after_it(file: Path, busy: Collection, span: int) -> None:
    restore(file, force=True)

    article = Span.objects.get(pk=span).article_id
    done = mark(busy, author=User.objects.get(username="ben"), place=Place(article, 0, 5, TEXT[:5]))

    assert done.span_id > span
    assert done.revision == Collection.objects.get(pk=busy.pk).head
    assert User.objects.create_user("new").pk > User.objects.get(username="ben").pk


def test_clients_are_told_to_read_anew(file: Path, busy: Collection) -> None:
    raise_epoch(busy)
    lost = Collection.objects.get(pk=busy.pk)

    restore(file, force=True)

    back = Collection.objects.get(pk=busy.pk)
    assert (back.slug, back.head) == (lost.slug, lost.head)
    assert back.epoch > lost.epoch


def test_the_file_is_its_owners_alone(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.glob(".*")) == []


def test_nothing_is_put_over_what_is_there(file: Path) -> None:
    before = digests()

    with pytest.raises(Refused, match="--force"):
        restore(file)

    assert digests() == before


def test_a_backup_of_another_version_is_refused(file: Path) -> None:
    changed = rewritten(
        file, "manifest.json", lambda text: text.replace(b"annotations.0001", b"annotations.9001")
    )

    with pytest.raises(Refused, match="another version"):
        restore(changed, force=True)


def rewritten(file: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """A sound zip with one entry changed."""
    other = file.with_name("changed.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry == name else content)
    return other


def truncated(file: Path) -> Path:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    return file


def flipped(file: Path) -> Path:
    """One bit of the stored articles."""
    with zipfile.ZipFile(file) as archive:
        at = archive.getinfo("tables/annotations_article.jsonl").header_offset + 120
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)
    return file


def replaced(file: Path) -> Path:
    file.write_text("no backup at all")
    return file


def missing(file: Path) -> Path:
    return file.with_name("nowhere.zip")


def edited(file: Path) -> Path:
    return rewritten(file, "tables/annotations_span.jsonl", lambda text: text.replace(b'"fact"', b'"said"'))


def robbed(file: Path) -> Path:
    return rewritten(file, "tables/annotations_span.jsonl", lambda text: b"")


def swapped(file: Path) -> Path:
    return rewritten(file, "media/sources/register.pdf", lambda content: b"<script>")


def escaping(file: Path) -> Path:
    return rewritten(
        file, "manifest.json", lambda text: text.replace(b"sources/register.pdf", b"../../register.pdf")
    )


DAMAGES = (truncated, flipped, replaced, missing, edited, robbed, swapped, escaping)


def test_a_damaged_backup_changes_nothing(file: Path) -> None:
    before = digests()
    for damage in DAMAGES:
        copy = file.with_name(f"{damage.__name__}.zip")
        copy.write_bytes(file.read_bytes())
        with pytest.raises(BadArchive):
            restore(damage(copy), force=True)

    assert digests() == before
    assert triggers.missing(connection) == []


def test_whichever_byte_is_damaged_that_is_said_in_words(file: Path) -> None:
    """What the compressed bytes then hold fails in many ways."""
    whole, copy = file.read_bytes(), file.with_name("damaged.zip")
    with zipfile.ZipFile(file) as archive:
        first = archive.getinfo("tables/annotations_article.jsonl").header_offset
    refused = 0
    for at in (*range(first, first + 160), *range(len(whole) - 120, len(whole))):
        for mask in (1, 8, 255):
            copy.write_bytes(whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :])
            try:
                Reader(copy).close()
            except BadArchive:
                refused += 1
    assert refused > 400


def test_a_backup_that_fails_leaves_the_last_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    last = file.read_bytes()
    monkeypatch.setattr("annotations.services.backup._uploads", lambda: [Path("/nowhere/at/all")])

    with pytest.raises((OSError, ValueError)):
        backup(file)

    assert file.read_bytes() == last
    assert list(file.parent.iterdir()) == [file]


def test_the_command_says_what_to_do(tmp_path: Path, busy: Collection) -> None:
    with pytest.raises(CommandError, match="backup was not made") as refusal:
        call_command("backup", str(tmp_path / "no" / "folder.zip"))
    assert f"no folder {tmp_path / 'no'}." in str(refusal.value)
    with pytest.raises(CommandError, match="Nothing was restored"):
        call_command("restore", str(tmp_path / "nowhere.zip"))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[list[tuple[str, Path]]]:
    """Empty, migrated databases: one of SQLite, and one of PostgreSQL where the suite runs on that."""
    places = [(f"sqlite:///{tmp_path / 'other.sqlite3'}", tmp_path)]
    name = f"{connection.settings_dict['NAME']}_restored"
    if connection.vendor == "postgresql":
        with psycopg.connect(database_url(), autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{name}"')
        places.append((database_url(name), tmp_path))
    for url, folder in places:
        assert manage(url, folder, "migrate", "-v0").returncode == 0
    yield places
    if connection.vendor == "postgresql":
        with psycopg.connect(database_url(), autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_backed_up_under_writes_and_restored_elsewhere(
    long_article: int, start: Start, tmp_path: Path, elsewhere: list[tuple[str, Path]]
) -> None:
    writers = [
        start(do="write_many", article=long_article, times=3000, **{"from": nth * 6000}) for nth in range(3)
    ]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.readline()
    head = Revision.objects.count()
    made = backup(tmp_path / "busy.zip")
    still_writing = [writer.poll() is None for writer in writers]
    told_later = json.loads(writers[0].stdout.readline())["number"]  # type: ignore[union-attr]

    assert all(still_writing)
    assert told_later
    assert made["tables"]["annotations_revision"]["rows"] >= head
    for url, folder in elsewhere:
        restored = manage(url, folder, "restore", str(tmp_path / "busy.zip"))
        assert restored.returncode == 0, restored.stderr
        assert "No fault." in restored.stdout
        again = manage(url, folder, "backup", str(tmp_path / "again.zip"))
        assert again.returncode == 0
        with closing(Reader(tmp_path / "again.zip")) as archive:
            tables_now = archive.manifest["tables"]
        differ = {table for table, said in made["tables"].items() if tables_now[table] != said}
        assert differ == {"annotations_collection"}
    assert Annotation.objects.count() > 0
