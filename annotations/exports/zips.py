"""A zip as it is made: one member in memory at a time. The same members make the same bytes, wherever: nothing is
compressed (deflate differs from library to library) and no clock is read."""

import io
from collections.abc import Iterable, Iterator
from zipfile import ZIP_STORED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say."""
UNIX = 3
READABLE = 0o644 << 16


def zipped(members: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """`members`: (name, content), names without a leading slash, each once."""
    out = _Handed()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name, content in members:
            info = ZipInfo(name, EPOCH)
            info.create_system, info.external_attr = UNIX, READABLE
            archive.writestr(info, content)
            yield out.take()
    yield out.take()


class _Handed(io.BytesIO):
    """Where an archive is written to; what it has finished is taken away, and offsets go on counting from the start."""

    def __init__(self) -> None:
        super().__init__()
        self._taken = 0

    def take(self) -> bytes:
        data = self.getvalue()
        self._taken += len(data)
        super().seek(0)
        self.truncate()
        return data

    def tell(self) -> int:
        return self._taken + super().tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._taken + super().seek(offset - self._taken if whence == io.SEEK_SET else offset, whence)
