"""How an export leaves: as it is made, or as a file of which parts can be had (ADR 30).

The bytes of one representation (revision, format, filters, and what decides what the person sees) are always the same,
and so is its strong ETag. As it is, it has ranges; compressed, it is another representation, with a tag of its own.
"""

import logging
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from rest_framework.request import Request

from annotations.api import conditions
from annotations.api.problems import Problem
from annotations.domain import ranges
from annotations.exports.about import links
from annotations.exports.build import build
from annotations.exports.dataset import Dataset
from annotations.exports.formats import FORMATS
from annotations.exports.jsontext import dumps
from annotations.services import kept_exports as kept

logger = logging.getLogger("django.request")
_COMPRESSIBLE = re.compile(r"text/|application/(.*\+)?(json|jsonl|xml)\b")


@dataclass(frozen=True, slots=True)
class Download:
    """`pinned`: the request names the revision, so that parts of one file fit together. `head`: the last change of
    which the person knows. `page`: of a format in pages, that one alone."""

    dataset: Dataset
    name: str
    pinned: bool
    head: int
    page: int | None = None
    key: str = field(init=False)
    """Names the bytes, whoever asks for them by whatever way."""

    def __post_init__(self) -> None:
        collection = self.dataset.seat.collection
        history = [collection.pk, collection.slug, self.dataset.at, self.dataset.written_at()]
        sight = [collection.epoch, *conditions.sight(self.dataset.seat, self.head)]
        what = [self.name, self.page, self.dataset.filters.given()]
        seed = dumps([build(), settings.PUBLIC_URL, history, sight, *what])
        # With the server's key: who knows the rest could try out when others worked, which is not told to everybody.
        digest = salted_hmac("aigap.export", seed, algorithm="sha256")
        object.__setattr__(self, "key", digest.hexdigest()[:40])

    @property
    def file(self) -> str:
        """Its name among the files that are kept."""
        collection = self.dataset.seat.collection
        return f"{collection.pk}-{collection.epoch}-{self.key}"

    def bytes(self) -> Iterator[bytes]:
        chosen = FORMATS[self.name]
        if self.page and chosen.write_page:
            return chosen.write_page(self.dataset, self.page)
        return chosen.write(self.dataset)

    @property
    def headers(self) -> dict[str, str]:
        slug, at = self.dataset.seat.collection.slug, self.dataset.at
        part = f".page-{self.page}" if self.page else ""
        filename = f"{slug}-{at}{part}.{FORMATS[self.name].extension}"
        return {"Content-Disposition": f'attachment; filename="{filename}"', "Link": links(self.dataset)}

    @property
    def media_type(self) -> str:
        return FORMATS[self.name].media_type


def serve(request: Request, download: Download) -> HttpResponseBase:
    """Whoever asks has been let in already. Raises Problem."""
    tag = f'"{download.key}"'
    stretch = _stretch(request, download, tag)
    if stretch is None and _gzipped(request, download):
        tag = f'"{download.key}-gzip"'
        response = conditions.not_modified(request, tag) or _compressed(request, download)
        response["Accept-Ranges"] = "none"
    else:
        response = conditions.not_modified(request, tag) or _plain(request, download, tag, stretch)
        response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    patch_vary_headers(response, ["Accept", "Accept-Encoding"])
    return response


def _stretch(request: Request, download: Download, tag: str) -> ranges.Stretch | None:
    """What is asked for, unless it could be of another file than the client takes it for: where the revision is not
    named, the last one may have changed since, and only If-Range says that it has not."""
    if request.method != "GET" or "Range" not in request.headers:
        return None
    known = request.headers.get("If-Range")
    fits = download.pinned if known is None else known.strip() == tag
    return ranges.parse(request.headers["Range"]) if fits else None


def _gzipped(request: Request, download: Download) -> bool:
    """Whether the client takes gzip, and the format is worth it."""
    if not _COMPRESSIBLE.match(download.media_type):
        return False
    for item in request.headers.get("Accept-Encoding", "").lower().split(","):
        coding, *parameters = [part.strip() for part in item.split(";")]
        if coding == "gzip":
            return not any(re.fullmatch(r"q\s*=\s*0(\.0*)?", each) for each in parameters)
    return False


def _plain(
    request: Request, download: Download, tag: str, stretch: ranges.Stretch | None
) -> HttpResponseBase:
    """A part, or the whole: its size is told where the file is there."""
    if stretch is None and request.method == "GET":
        file = kept.found(download.file)
        return _of_file(download, file) if file else _response(download, download.bytes())
    file = _file(download)
    size = file.size
    if stretch is None:
        file.close()
        return _response(download, [], size)
    part = stretch.within(size)
    if part is None:
        file.close()
        unsatisfiable = {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes", "ETag": tag}
        words = f"There is no such part: the file has {size} bytes."
        raise Problem(416, "range-not-satisfiable", words, headers=unsatisfiable)
    return _of_file(download, file, part)


def _of_file(download: Download, file: kept.File, part: tuple[int, int] | None = None) -> HttpResponseBase:
    size = file.size
    first, last = part or (0, size - 1)
    response = _response(download, kept.Slice(file, first, last), last + 1 - first)
    if part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _compressed(request: Request, download: Download) -> HttpResponseBase:
    if request.method == "HEAD":
        parts: Iterable[bytes] = []
    else:
        file = kept.found(download.file)
        parts = gzip(kept.Slice(file, 0, file.size - 1) if file else download.bytes())
    response = _response(download, parts)
    response["Content-Encoding"] = "gzip"
    return response


def gzip(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Without the hour in it: the same bytes each time."""
    squeeze = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        for part in parts:
            if done := squeeze.compress(part):
                yield done
        yield squeeze.flush()
    finally:
        getattr(parts, "close", lambda: None)()


def _response(download: Download, parts: Iterable[bytes], size: int | None = None) -> HttpResponseBase:
    response = StreamingHttpResponse(parts, content_type=download.media_type, headers=download.headers)
    if size is not None:
        response["Content-Length"] = str(size)
    return response


def _file(download: Download) -> kept.File:
    try:
        return kept.opened(download.file, download.bytes)
    except kept.Busy as busy:
        words = "This export is being made. Ask again in a moment."
        raise Problem(503, "unavailable", words, headers={"Retry-After": "5"}) from busy
    except kept.NoRoom as full:
        logger.error("The disk is full: there is no room to keep an export.")
        words = "There is no room to keep this export: ask for the whole of it, without a range."
        raise Problem(503, "unavailable", words, headers={"Retry-After": "600"}) from full
