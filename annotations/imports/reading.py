"""The way in: which format a file has, and its limits."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from .decoding import decode
from .draft import Draft
from .errors import ImportRefused
from .html import read_html
from .markdown import read_markdown
from .plain import read_plain
from .sniffing import looks_like_html, refuse_binary

MAX_BYTES = 5 * 1024 * 1024
SUFFIXES = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml")

_TYPES = {
    "text/plain": "text",
    "text/markdown": "markdown",
    "text/html": "html",
    "application/xhtml+xml": "html",
}
_FORMATS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
_READERS: dict[str, Callable[[str, str, str], Draft]] = {
    "text": read_plain,
    "markdown": read_markdown,
    "html": read_html,
}


def read_upload(name: str, data: bytes, content_type: str = "") -> Draft:
    """Reads an uploaded file, or raises ImportRefused. The suffix decides; without one, type and content."""
    name = clean_name(name)
    _refuse_size(len(data))
    refuse_binary(data)
    format = _format(name, content_type)
    text, encoding, warnings = decode(data, content_type, declares=format in {"html", ""})
    draft = _READERS[format or ("html" if looks_like_html(text) else "text")](name, text, encoding)
    draft.warnings[:0] = warnings
    return draft


def read_pasted(text: str, name: str = "pasted text", format: str = "text") -> Draft:
    """Reads pasted text: as it stands, unless `format` says html or markdown."""
    _refuse_size(len(text.encode("utf-8", "surrogatepass")))
    return _READERS[format](name, text, "utf-8")


def clean_name(name: str) -> str:
    """The last part of a path, in one line: names come from outside and are shown."""
    last = re.split(r"[\\/]", name)[-1]
    return "".join(char for char in last if char.isprintable()).strip()[:200] or "file"


def _refuse_size(size: int) -> None:
    if not size:
        raise ImportRefused(
            "empty", "The file is empty.", "Choose a file with text, or paste the text itself."
        )
    if size > MAX_BYTES:
        raise ImportRefused(
            "too-large",
            f"This is {size / 1024 / 1024:.1f} MB; {MAX_BYTES // 1024 // 1024} MB are allowed.",
            "Import the article alone, without pictures, or split it into parts.",
        )


def _format(name: str, content_type: str) -> str:
    suffix = PurePosixPath(name.lower()).suffix
    if suffix in _FORMATS:
        return _FORMATS[suffix]
    known = _TYPES.get(content_type.split(";")[0].strip().lower(), "")
    if known or not suffix or not re.fullmatch(r"\.[a-z][a-z0-9]{1,7}", suffix):
        return known
    raise ImportRefused(
        "unsupported-type",
        f"Files that end in {suffix} are not imported.",
        "Save the article as .txt, .md or .html, or paste the text.",
    )
