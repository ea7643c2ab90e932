"""Offsets of claims in UTF-16, without reading each article's text each time."""

from collections import OrderedDict
from threading import Lock

from annotations.domain.offsets import Utf16
from annotations.models import Article

TEXTS_AT_ONCE = 50


class _Kept:
    """By the text's sha256: a text never changes, and most have few characters that count twice."""

    TEXTS = 20_000
    PLACES = 2_000_000
    """In all of them: 8 MB. One text alone may have more."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        self._found: OrderedDict[str, Utf16] = OrderedDict()
        self.places = 0

    def get(self, sha256: str) -> Utf16 | None:
        return self._found.get(sha256)

    def remember(self, sha256: str, offsets: Utf16) -> Utf16:
        with self._lock:
            if sha256 not in self._found:  # else another thread was quicker
                self._found[sha256] = offsets
                self.places += offsets.places
            while len(self._found) > 1 and (len(self._found) > self.TEXTS or self.places > self.PLACES):
                self.places -= self._found.popitem(last=False)[1].places
        return offsets


_utf16 = _Kept()


def utf16_of(articles: dict[int, str]) -> dict[int, Utf16]:
    """`articles`: id → sha256 of the text."""
    known = {number: _utf16.get(sha256) for number, sha256 in articles.items()}
    found = {number: offsets for number, offsets in known.items() if offsets is not None}
    missing = sorted(articles.keys() - found.keys())
    for first in range(0, len(missing), TEXTS_AT_ONCE):
        some = missing[first : first + TEXTS_AT_ONCE]
        for number, text in Article.objects.filter(pk__in=some).values_list("pk", "text"):
            found[number] = _utf16.remember(articles[number], Utf16(text))
    return found
