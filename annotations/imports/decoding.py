"""Bytes to text: by byte-order mark, by declaration, as strict UTF-8, at last by charset-normalizer.

A declaration is believed unless the bytes contradict it: text beyond ASCII that is valid UTF-8 is UTF-8,
whatever a page says, since other encodings never look like that by accident.
"""

import codecs
import re

from charset_normalizer import CharsetMatch, from_bytes

from annotations.domain.languages import guess_language

from .errors import ImportRefused

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATIONS = (
    re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE),
    re.compile(rb"<meta\s[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE),
)
# What browsers read these labels as (WHATWG Encoding); Python is stricter or narrower.
_AS_BROWSERS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "tis-620": "cp874",
    "big5": "big5hkscs",
}
_PLAUSIBLE = (
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 koi8_r koi8_u iso8859_2 iso8859_15 cp932 euc_jp"
    " iso2022_jp gb18030 big5 cp949"
).split()  # fmt: skip
_JAPANESE = ("cp932", "euc_jp", "iso2022_jp")
_BY_LANGUAGE = (
    ("cp1252", frozenset({"en", "fr", "de", "es", "pt", "it", "nl", "sv", "da", "nb", "id"})),
    ("cp1250", frozenset({"pl", "ro"})),
    ("cp1254", frozenset({"tr"})),
)
_WORDS = {
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1252": "Western European (Windows-1252)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp874": "Thai (Windows-874)",
    "cp932": "Japanese (Shift JIS)",
    "cp949": "Korean (Windows-949)",
    "koi8_r": "Russian (KOI8-R)",
    "koi8_u": "Ukrainian (KOI8-U)",
    "iso8859_2": "Central European (ISO 8859-2)",
    "iso8859_15": "Western European (ISO 8859-15)",
    "euc_jp": "Japanese (EUC)",
    "iso2022_jp": "Japanese (ISO 2022)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Traditional Chinese (Big5)",
    "big5hkscs": "Traditional Chinese (Big5)",
}
_SAMPLE = 200_000
_SURE_CHAOS = 0.1
_UNDECIDABLE_NEXT = "Open it where it reads well, save it as UTF-8, and import that file."


def decode(data: bytes, content_type: str = "", declares: bool = False) -> tuple[str, str, list[str]]:
    """(text, encoding, warnings); a mark stays at the start of the text, where `normalize` takes it off.

    `declares`: the file may name its encoding in itself, as HTML does."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data, encoding)
    declared = _declared(data, content_type, declares)
    if declared and (text := _try(data, declared)) is not None:
        return _declared_or_utf8(data, text, declared)
    if (text := _try(data, "utf-8")) is not None and not _nul_heavy(data):
        return text, "utf-8", _contradiction(declared, "utf-8")
    if (wide := _wide(data)) and (text := _try(data, wide)) is not None:
        return text, wide, [f"The encoding was recognised as {wide.upper()}. Check that the text reads well."]
    return _by_statistics(data, declared)


def _decode_marked(data: bytes, encoding: str) -> tuple[str, str, list[str]]:
    text = _try(data, encoding)
    if text is None:
        raise ImportRefused(
            "undecidable-encoding",
            f"The file begins as {encoding.upper()} does, but goes on with bytes that are not.",
            _UNDECIDABLE_NEXT,
        )
    return text, encoding, []


def _declared(data: bytes, content_type: str, declares: bool) -> str:
    if header := re.search(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", content_type, re.IGNORECASE):
        if known := _known(header[1]):
            return known
    if declares:
        for pattern in _DECLARATIONS:
            if match := pattern.search(data[:4096]):
                label = _known(match[1].decode("ascii"))
                # A page whose declaration can be read as ASCII is not UTF-16, as browsers know.
                return "utf-8" if label.startswith("utf-16") else label
    return ""


def _known(label: str) -> str:
    """Python's name of the text encoding that a label means, or an empty string."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return ""
    try:
        b"".decode(name)
    except (LookupError, UnicodeError):
        return ""
    return "utf-16-le" if name == "utf-16" else _AS_BROWSERS.get(name, name)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _declared_or_utf8(data: bytes, text: str, declared: str) -> tuple[str, str, list[str]]:
    if (
        declared != "utf-8"
        and not data.isascii()
        and (utf8 := _try(data, "utf-8")) is not None
        and "\0" not in utf8
    ):
        return utf8, "utf-8", _contradiction(declared, "utf-8")
    return text, declared, []


def _contradiction(declared: str, found: str) -> list[str]:
    if not declared or declared == found:
        return []
    return [
        f"The file says that it is {in_words(declared)}, but it is {found.upper()}: it was read as {found.upper()}."
    ]


def in_words(encoding: str) -> str:
    """“Western European (Windows-1252)”, for people who never met a code page."""
    return _WORDS.get(encoding.replace("-", "_").lower(), encoding.upper())


def _nul_heavy(data: bytes) -> bool:
    return data.count(0, 0, 4096) * 5 > len(data[:4096])


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: in Western text every second byte is NUL."""
    sample = data[: 4096 & ~1]
    if len(data) % 2 or len(sample) < 4 or not _nul_heavy(data):
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 4 * even and odd * 3 > len(sample) // 2:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd and even * 3 > len(sample) // 2 else ""


def _by_statistics(data: bytes, declared: str) -> tuple[str, str, list[str]]:
    """The best reading, if there is one that makes sense and no equally good one reads differently."""
    encoding = _by_language(data) or _most_orderly(data)
    text = _try(data, encoding) if encoding else None
    if text is None or not _sane(text):
        raise ImportRefused(
            "undecidable-encoding",
            "It cannot be told in which encoding this text was saved.",
            _UNDECIDABLE_NEXT,
        )
    says = f"; the file says {in_words(declared)}, which does not fit" if declared else ""
    return (
        text,
        encoding,
        [f"The encoding was guessed as {in_words(encoding)}{says}. Check letters beyond A to Z."],
    )


def _by_language(data: bytes) -> str:
    """Where the statistics of bytes confuse neighbours, the commonest words (mostly ASCII) settle it."""
    for encoding in _JAPANESE:
        text = _try(data, encoding)
        if text is not None and _sane(text) and guess_language(text) == "ja":
            return encoding
    for encoding, languages in _BY_LANGUAGE:
        text = _try(data, encoding)
        # In these languages accented letters stand alone or in pairs: a longer run is another script.
        if text is not None and _sane(text) and not re.search(r"[À-ÖØ-öø-ÿ]{4}", text):
            if guess_language(text) in languages:
                return encoding
    return ""


def _most_orderly(data: bytes) -> str:
    matches = list(from_bytes(data[:_SAMPLE], cp_isolation=list(_PLAUSIBLE), enable_fallback=False))
    if not matches or matches[0].chaos > _SURE_CHAOS or _rivals(matches):
        return ""
    return str(matches[0].encoding)


def _sane(text: str) -> bool:
    return not any("\x7f" <= char <= "\x9f" for char in text[:_SAMPLE])


def _rivals(matches: list[CharsetMatch]) -> bool:
    first = matches[0]
    return any(
        m.chaos == first.chaos and m.coherence == first.coherence and str(m) != str(first)
        for m in matches[1:]
    )
