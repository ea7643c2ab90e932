"""Exports kept as files, for clients that ask for a part of one, or how long it is (ADR 30).

A file is made once, under the lock of its draft: who comes meanwhile waits a moment, and where the maker dies the
kernel frees the lock and the next one begins anew. It gets its name, COLLECTION-EPOCH-KEY, when it is whole. The files
used last are kept, of a collection those of its last epoch.
"""

import errno
import fcntl
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

DRAFT = ".part"
BLOCK = 64 * 1024
PATIENCE = 1.0
"""Seconds that somebody waits for a file that another makes, in a thread that others need."""
_WAITING = threading.BoundedSemaphore(1)
"""Who waits in this process: nobody beside them."""
FLOOR = 128 * 1024 * 1024
"""Bytes that stay free on the disk, for the database."""
FULL = (errno.ENOSPC, errno.EDQUOT)


class Busy(Exception):
    """Another is making the file still."""


class NoRoom(Exception):
    """The disk is full, or nearly, or nothing can be written in the folder."""


class File:
    """An open file, by its number alone: of an answer that nobody began to read it is closed without a word."""

    def __init__(self, number: int) -> None:
        self.number = number

    @property
    def size(self) -> int:
        return os.fstat(self.number).st_size

    def close(self) -> None:
        number, self.number = self.number, -1
        if number >= 0:
            os.close(number)

    def __del__(self) -> None:
        self.close()


class Slice:
    """Bytes `first` to `last` of a file, which it closes. For a streaming response."""

    def __init__(self, file: File, first: int, last: int) -> None:
        self.file, self.first, self.last = file, first, last

    def __iter__(self) -> Iterator[bytes]:
        at = self.first
        while at <= self.last:
            part = os.pread(self.file.number, min(BLOCK, self.last + 1 - at), at)
            if not part:
                return
            at += len(part)
            yield part

    def close(self) -> None:
        self.file.close()


def folder() -> Path:
    place: Path = settings.DATA_DIR / "cache" / "exports"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def found(name: str) -> File | None:
    """The file if it was made already, and one that is used: it is not the next to go."""
    _drop_before(name)
    try:
        file = File(os.open(folder() / name, os.O_RDONLY))
    except OSError:
        return None
    with suppress(OSError):
        os.utime(file.number)
    return file


def forget(collections: Iterable[int]) -> None:
    """What somebody may see of these collections has changed: files made before are nobody's any more."""
    for collection in collections:
        with _alone():
            for path in folder().glob(f"{collection}-*"):
                path.unlink(missing_ok=True)


def _drop_before(name: str) -> None:
    """What was forgotten where this node did not hear of it: files of the collection that have an earlier epoch."""
    if not (this := _NAMED.match(name)):
        return
    with suppress(OSError):
        for path in folder().glob(f"{this[1]}-*"):
            other = _NAMED.match(path.name)
            if other and int(other[2]) < int(this[2]) and not path.name.endswith(DRAFT):
                path.unlink(missing_ok=True)


_NAMED = re.compile(r"(\d+)-(\d+)-")


@contextmanager
def _alone() -> Iterator[None]:
    """For what takes names away or gives them: that a draft is one's own still is true until it has its name."""
    lock = File(os.open(folder().with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600))
    try:
        fcntl.flock(lock.number, fcntl.LOCK_EX)
        yield
    finally:
        lock.close()


def opened(name: str, write: Callable[[], Iterable[bytes]]) -> File:
    """The file of this name, open for reading; made by `write` where it is not there. Raises Busy, NoRoom."""
    try:
        draft = folder() / f"{name}{DRAFT}"
    except OSError as error:
        raise NoRoom from error
    if file := _now(name, draft, write):
        return file
    if not _WAITING.acquire(blocking=False):
        raise Busy(name)
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            time.sleep(0.05)
            if file := _now(name, draft, write):
                return file
    finally:
        _WAITING.release()
    raise Busy(name)


def _now(name: str, draft: Path, write: Callable[[], Iterable[bytes]]) -> File | None:
    """The file, found or made, or None where another makes it."""
    if file := found(name):
        return file
    if (own := _claimed(draft)) is None:
        return None
    # It may have been finished between the look and the claim.
    file = found(name)
    if file is None:
        return _made(own, draft, write)
    _settle(own, draft)
    own.close()
    return file


def _claimed(draft: Path) -> File | None:
    """The draft, open and locked, or None where somebody else has it."""
    try:
        file = File(os.open(draft, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise NoRoom from error
    try:
        fcntl.flock(file.number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(file.number), draft.stat()):
            return file
    except (BlockingIOError, FileNotFoundError):
        pass
    # Locked by another, or under this name no more: it was finished or cleared away in between.
    file.close()
    return None


def _made(file: File, draft: Path, write: Callable[[], Iterable[bytes]]) -> File:
    try:
        os.ftruncate(file.number, 0)
        with open(file.number, "wb", closefd=False) as out:
            out.writelines(_while_there_is_room(write()))
        os.fsync(file.number)
        _settle(file, draft, draft.with_name(draft.name.removesuffix(DRAFT)))
    except BaseException as error:
        with suppress(OSError):
            _settle(file, draft)
        file.close()
        if isinstance(error, OSError) and error.errno in FULL:
            raise NoRoom from error
        raise
    fcntl.flock(file.number, fcntl.LOCK_UN)
    evict(settings.EXPORT_CACHE_BYTES)
    return file


def _settle(file: File, draft: Path, name: Path | None = None) -> None:
    """The draft gets this name, or goes. Where its collection was forgotten meanwhile it is gone, or another's: then
    the file is this answer's alone."""
    with _alone(), suppress(FileNotFoundError):
        if os.path.samestat(os.fstat(file.number), draft.stat()):
            if name:
                draft.rename(name)
            else:
                draft.unlink()


def _while_there_is_room(parts: Iterable[bytes]) -> Iterator[bytes]:
    for part in parts:
        if shutil.disk_usage(folder()).free < FLOOR:
            raise OSError(errno.ENOSPC, "What is left of the disk is the database's.")
        yield part


def evict(most: int) -> None:
    """Clear away abandoned drafts, and the files used longest ago until the rest has `most` bytes. The last one stays,
    however large; who reads one that goes has it open."""
    total, files = 0, []
    for path in folder().iterdir():
        if path.name.endswith(DRAFT):
            total += _size_of_draft(path)
        elif about := _about(path):
            files.append((about.st_mtime_ns, about.st_size, path))
    for nth, (_, size, path) in enumerate(sorted(files, reverse=True)):
        total += size
        if nth and total > most:
            path.unlink(missing_ok=True)


def _size_of_draft(path: Path) -> int:
    """0 for one that nobody writes, which is cleared away."""
    about = _about(path)
    if about and (abandoned := _claimed(path)):
        path.unlink(missing_ok=True)
        abandoned.close()
        return 0
    return about.st_size if about else 0


def _about(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None
