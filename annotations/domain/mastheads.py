"""Outlets' names: alone on a line above the headline, and in copyright lines."""

import re
from collections.abc import Sequence

from . import line_patterns as patterns

_OUTLET = re.compile(
    r"(?:Post|Times|Tribune|News|Daily|Herald|Journal|Gazette|Review|Chronicle|Observer|Guardian|Press|Wire"
    r"|Newswire|Weekly|Magazine|Standard|Mail|Express|Telegraph|Bulletin|Courier|Monitor|Inquirer|Mercury|Globe"
    r"|Register|Ledger|Dispatch|Examiner|Sentinel|Independent|Zeitung|Nachrichten|Rundschau|Diario|Periódico"
    r"|Gazeta|Corriere|Giornale)"
)
_SMALL_WORDS = frozenset("of the and for de la le el di da der die das und &".split())
_SITE = re.compile(r"(?:[\w-]+\.)+[a-z]{2,12}", re.IGNORECASE)
_NOT_A_NAME = re.compile(
    r"(?:all rights reserved|todos los derechos reservados|tous droits réservés|alle rechte vorbehalten"
    r"|todos os direitos reservados|tutti i diritti riservati|alle rechten voorbehouden|все права защищены"
    r"|جميع الحقوق محفوظة|版权所有|版權所有|無断転載).*",
    re.IGNORECASE,
)
_COPYRIGHT_SIGN = re.compile(r"^(?:copyright|©|\(c\)|ⓒ|\s|\d{4}(?:\s*[-–]\s*\d{4})?|by\b|,)+", re.IGNORECASE)


def copyright_holder(line: str) -> str:
    """“© 2024 Harbour Post, all rights reserved.” → “Harbour Post”."""
    if not _COPYRIGHT_SIGN.match(line):
        return ""
    rest = _NOT_A_NAME.sub("", _COPYRIGHT_SIGN.sub("", line))
    name = re.split(r"[.|•·](?:\s|$)|,\s", rest)[0]
    name = re.sub(r"\s*(?:\d{4}|©)\s*$", "", name).strip(" ,.;:|–—-")
    return name if 2 <= len(name) <= 60 and not name.casefold().startswith("all rights") else ""


def named_outlets(lines: Sequence[str]) -> frozenset[str]:
    """Casefolded, from copyright lines and from sentences about where a text first came out."""
    short = (line for line in lines if len(line) <= 300)
    found = {name for line in short if (name := copyright_holder(line) or patterns.written_by(line)[1])}
    return frozenset(name.casefold().removeprefix("the ") for name in found)


def is_named(line: str, outlets: frozenset[str]) -> bool:
    return line.strip().casefold().removeprefix("the ") in outlets


def looks_like_outlet(line: str) -> bool:
    """“The Quayside Tribune”, “harbour.example”: few words, each a name's, one of them a newspaper's."""
    words = line.split()
    if not 1 <= len(words) <= 6 or patterns.weight(line) > 45 or patterns.ends_sentence(line):
        return False
    if len(words) == 1:
        return bool(_SITE.fullmatch(line))
    names = all(word.casefold() in _SMALL_WORDS or word[:1].isupper() for word in words)
    return names and any(_OUTLET.fullmatch(word) for word in (words[0], words[-1]))
