"""Documents and pictures as sources: kept under MEDIA_ROOT by what is in them, never under a name of the user's.

A file is whole and on the disk before the revision that names it begins. One that no revision came to name does no
harm: the same upload will find it there. Nothing here deletes.
"""

import hashlib
import os
import re
import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from django.conf import settings

from annotations.models import Collection, Source, SourceDetails, User
from annotations.services.errors import Invalid, NotThere
from annotations.services.evidence import Citation, Cited, NewSource, add_evidence

MOST = 20 * 1024 * 1024
FOLDER = "documents"
CHUNK = 1 << 16
NAME = re.compile(rf"{FOLDER}/([0-9a-f]{{64}})(\.pdf|\.png|\.jpg)")
TYPES = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg"}
KINDS = {".pdf": Source.Kind.DOCUMENT, ".png": Source.Kind.IMAGE, ".jpg": Source.Kind.IMAGE}
SUPPORTS = Citation()
_PNG = re.compile(rb"\x89PNG\r\n\x1a\n....IHDR", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Download:
    """`disposition`: the header Content-Disposition."""

    path: Path
    media_type: str
    disposition: str


def add_document(
    collection: Collection,
    *,
    author: User,
    span_id: int,
    upload: IO[bytes],
    shows: str,
    title: str = "",
    citation: Citation = SUPPORTS,
    tier: str = "",
    key: str | None = None,
) -> Cited:
    """Cite an upload for a claim. What it is, its first bytes say; `shows`, what is to be seen there, is required."""
    if not shows.strip():
        raise Invalid("Say what it shows, for those who cannot see it.", "shows")
    name = keep(upload)
    details = {"title": title.strip(), "note": shows.strip()}
    source = NewSource(KINDS[Path(name).suffix], details, tier=tier, file=name)
    return add_evidence(collection, author=author, span_id=span_id, source=source, citation=citation, key=key)


def keep(upload: IO[bytes]) -> str:
    """Puts it on the disk; returns its name for SourceDetails.file."""
    start = upload.read(CHUNK)
    suffix = _kind_of(start)
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    # Backups pass over names that begin with a dot.
    draft = folder / f".{uuid.uuid4().hex}.part"
    try:
        digest = _write(draft, start, upload)
        draft.replace(folder / f"{digest}{suffix}")
    finally:
        draft.unlink(missing_ok=True)
    _settle(folder)
    return f"{FOLDER}/{digest}{suffix}"


def path_of(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name


def download(details: SourceDetails) -> Download:
    found, path = NAME.fullmatch(details.file), path_of(details.file)
    if found is None or not path.is_file():
        raise NotThere("There is no document with this source.")
    suffix = found[2]
    title = details.title or f"document {details.source_id}"
    return Download(path, TYPES[suffix], disposition(title, suffix))


def disposition(title: str, suffix: str) -> str:
    """An attachment, named in ASCII for old clients and in UTF-8, without anything that a file name cannot hold."""
    plain = re.sub(r'[/\\:*?"<>|%;]', "-", unicodedata.normalize("NFC", title).removesuffix(suffix))
    plain = "".join(c for c in plain if unicodedata.category(c)[0] != "C")
    plain = " ".join(plain.split())[:80].strip(". -") or "document"
    letters = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    ascii_name = re.sub(r"[^A-Za-z0-9 _.,()-]", "-", letters).strip("-. ") or "document"
    return f"attachment; filename=\"{ascii_name}{suffix}\"; filename*=UTF-8''{quote(plain, safe='')}{suffix}"


def wrong_files() -> Iterator[tuple[int, str]]:
    """(id, what is wrong) of source details whose document is not as it was. Each file is read once."""
    judged: dict[str, str] = {}
    named = SourceDetails.objects.exclude(file="").order_by("pk").values_list("pk", "file")
    for pk, name in named.iterator(chunk_size=2000):
        if name not in judged:
            judged[name] = _fault_of(name)
        if judged[name]:
            yield pk, judged[name]


def _fault_of(name: str) -> str:
    found = NAME.fullmatch(name)
    if found is None:
        return "Its document has a name that no document has."
    try:
        with path_of(name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return f"Its document {name} is missing or cannot be read."
    return "" if digest == found[1] else f"Its document {name} is not what was uploaded."


def _kind_of(start: bytes) -> str:
    if start.startswith(b"%PDF-"):
        return ".pdf"
    if _PNG.match(start):
        return ".png"
    if start.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    what = "It is neither" if start else "The file is empty, and so neither"
    raise Invalid(f"{what} a PDF, a PNG nor a JPEG. Save it as one of these, then choose it again.", "file")


def _write(path: Path, start: bytes, rest: IO[bytes]) -> str:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        chunk = start
        while chunk:
            size += len(chunk)
            if size > MOST:
                raise Invalid(
                    "It is larger than 20 MB. Cite the page that matters, or a smaller scan.", "file"
                )
            digest.update(chunk)
            file.write(chunk)
            chunk = rest.read(CHUNK)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _settle(folder: Path) -> None:
    """The name is on the disk too."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
