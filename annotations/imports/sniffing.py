"""Tells files that are no text by their first bytes, so that the refusal can name what they look like."""

from .errors import ImportRefused

_MAGIC = (
    (b"%PDF-", "a PDF", "Open it, select the article, and paste the text."),
    (
        b"PK\x03\x04",
        "a Word document, an e-book or a ZIP archive",
        "Save the article as plain text (.txt) or HTML.",
    ),
    (b"PK\x05\x06", "an empty ZIP archive", "Choose the text file itself."),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Word or Excel document",
        "Save the article as plain text (.txt).",
    ),
    (b"{\\rtf", "an RTF document", "Save the article as plain text (.txt) or HTML."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and choose the text file itself."),
    (b"BZh", "a bzip2 archive", "Unpack it and choose the text file itself."),
    (b"\xfd7zXZ\x00", "an xz archive", "Unpack it and choose the text file itself."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it and choose the text file itself."),
    (b"Rar!\x1a\x07", "a RAR archive", "Unpack it and choose the text file itself."),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", "Unpack it and choose the text file itself."),
    (b"\x89PNG\r\n", "a PNG image", "Type the text of the image, or paste it."),
    (b"\xff\xd8\xff", "a JPEG image", "Type the text of the image, or paste it."),
    (b"GIF8", "a GIF image", "Type the text of the image, or paste it."),
    (b"SQLite format 3\x00", "an SQLite database", "Export the article from it as plain text."),
    (b"bplist00", "a web archive or a property list", "Save the page as HTML instead."),
    (b"\x7fELF", "a program", "Choose a text file."),
    (b"MZ\x90\x00", "a program", "Choose a text file."),
    (b"ID3", "a sound file", "Import its transcript as text."),
    (b"OggS", "a sound or video file", "Import its transcript as text."),
)
_AT_OFFSET = (
    (4, b"ftyp", "a video or a HEIC image", "Import its transcript as text."),
    (8, b"WEBP", "a WebP image", "Type the text of the image, or paste it."),
    (8, b"WAVE", "a sound file", "Import its transcript as text."),
    (257, b"ustar", "a tar archive", "Unpack it and choose the text file itself."),
)
_UTF_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"\xef\xbb\xbf")
_PLAIN_CONTROLS = frozenset(b"\t\n\r\x0b\x0c\x1b\x08")


def refuse_binary(data: bytes) -> None:
    for magic, looks_like, what_next in _MAGIC:
        if data.startswith(magic):
            raise _binary(looks_like, what_next)
    for offset, magic, looks_like, what_next in _AT_OFFSET:
        if data[offset : offset + len(magic)] == magic:
            raise _binary(looks_like, what_next)
    if not data.startswith(_UTF_MARKS) and _many_controls(data[:8192]):
        raise _binary("a binary file", "Choose a .txt, .md or .html file, or paste the text.")


def _binary(looks_like: str, what_next: str) -> ImportRefused:
    return ImportRefused("binary", f"This is not text: it looks like {looks_like}.", what_next)


def _many_controls(sample: bytes) -> bool:
    """A tenth of control characters is no text; NULs are counted apart, UTF-16 is full of them."""
    controls = sum(byte < 0x20 and byte not in _PLAIN_CONTROLS and byte != 0 for byte in sample)
    nuls = sample.count(0)
    regular = max(sample[::2].count(0), sample[1::2].count(0)) > 0.9 * nuls
    return controls * 10 > len(sample) or (nuls * 20 > len(sample) and not regular)


def looks_like_html(text: str) -> bool:
    start = text[:2048].lstrip("\ufeff \t\r\n").lower()
    if start.startswith(("<!doctype html", "<html", "<head", "<body")):
        return True
    return start.startswith(("<?xml", "<!--")) and "<html" in start
