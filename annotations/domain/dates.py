"""Dates as newsrooms write them, in the notations and languages that this desk meets.

A date that can be read in two ways (03/04/2024) is no date: the caller says so instead of choosing.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_MONTH_NAMES = {
    1: "january jan enero ene janvier janv januar jänner janeiro gennaio gen januari января янв ינואר يناير"
    " ژانویه जनवरी",
    2: "february feb febrero febr février févr fév februar fevereiro fev febbraio februari февраля фев"
    " פברואר فبراير फ़रवरी फरवरी",
    3: "march mar marzo mars märz mrz março maart mrt марта мар מרץ مارس मार्च",
    4: "april apr abril abr avril avr aprile апреля апр אפריל أبريل ابريل अप्रैल",
    5: "may mayo mai maio maggio mag mei мая מאי مايو मई",
    6: "june jun junio juin juni junho giugno giu июня июн יוני يونيو जून",
    7: "july jul julio juillet juil juli julho luglio lug июля июл יולי يوليو जुलाई",
    8: "august aug agosto ago août aout augustus августа авг אוגוסט أغسطس अगस्त",
    9: "september sept sep septiembre septembre setembro set settembre сентября сен ספטמבר سبتمبر सितंबर"
    " सितम्बर",
    10: "october oct octubre octobre oktober okt outubro out ottobre ott октября окт אוקטובר أكتوبر अक्टूबर",
    11: "november nov noviembre novembre novembro ноября ноя נובמבר نوفمبر नवंबर नवम्बर",
    12: "december dec diciembre dic décembre déc dezember dez dezembro dicembre декабря дек דצמבר ديسمبر"
    " दिसंबर दिसम्बर",
}
_MONTHS = {
    unicodedata.normalize("NFC", name): number
    for number, names in _MONTH_NAMES.items()
    for name in names.split()
}
_MONTH = r"(?P<month>[^\W\d_][^\W\d_\u0300-\u036f\u093c\u093e-\u094d\u0902]*(?:[\u093c\u093e-\u094d\u0902][^\W\d_]*)*)"
_YEAR = r"(?P<year>(?:1[6-9]|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)"
_NOTATIONS = (
    re.compile(rf"(?<![\d/.-]){_YEAR}-(?P<m>[01]?\d)-{_DAY}(?![\d/-])"),
    re.compile(rf"(?<![\d/.-]){_YEAR}[/.](?P<m>[01]?\d)[/.]{_DAY}(?![\d/])"),
    re.compile(rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<m>[01]?\d)\s?[月월]\s?{_DAY}\s?[日일]"),
    re.compile(rf"(?<![\w/.-]){_MONTH}\.?\s+{_DAY}(?:st|nd|rd|th)?,?\s+(?:at\s+)?{_YEAR}(?!\d)"),
    re.compile(
        rf"(?<![\d/.-]){_DAY}(?:st|nd|rd|th|er|º|\.)?\s*[- ]\s*(?:(?:de|of"
        rf"|ב)\s*)?{_MONTH}\.?,?\s*[- ]\s*(?:(?:de|del)\s+)?{_YEAR}(?!\d)"
    ),
    re.compile(rf"(?<![\d/.-]){_DAY}\.(?P<m>[01]?\d)\.{_YEAR}(?!\d)"),
)
_SLASHED = re.compile(rf"(?<![\d/.-])(?P<a>[0-3]?\d)[/-](?P<b>[0-3]?\d)[/-]{_YEAR}(?![\d/-])")


@dataclass(frozen=True)
class Found:
    """A date in a line: `iso` is empty when it can be read as two different days."""

    start: int
    end: int
    iso: str


def find_dates(line: str) -> list[Found]:
    digits = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in line)
    found: dict[int, Found] = {}
    for date in (*_written_out(digits), *map(_slashed, _SLASHED.finditer(digits))):
        if date is not None:
            found.setdefault(date.start, date)
    return [found[start] for start in sorted(found)]


def _written_out(line: str) -> Iterator[Found]:
    for notation in _NOTATIONS:
        for match in notation.finditer(line):
            groups = match.groupdict()
            month = int(groups["m"]) if "m" in groups else _month(groups["month"])
            if iso := _iso(int(match["year"]), month, int(match["day"])):
                yield Found(match.start(), match.end(), iso)


def _month(name: str) -> int:
    name = unicodedata.normalize("NFC", name.lower())
    return _MONTHS.get(name) or _MONTHS.get(name.removeprefix("ב"), 0)


def _slashed(match: re.Match[str]) -> Found | None:
    year, a, b = int(match["year"]), int(match["a"]), int(match["b"])
    readings = {iso for iso in (_iso(year, a, b), _iso(year, b, a)) if iso}
    if not readings:
        return None
    return Found(match.start(), match.end(), readings.pop() if len(readings) == 1 else "")


def _iso(year: int, month: int, day: int) -> str:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""


_WEEKDAY = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?|lunes|martes|miércoles|jueves"
    r"|viernes|sábado|domingo"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|montag|dienstag|mittwoch|donnerstag|freitag"
    r"|samstag|sonntag"
)
_REST_OF_DATE_LINE = re.compile(
    rf"\b(?:{_WEEKDAY}|published|posted|first|originally|updated|last|modified|date|on|at|el|le|am|as|a|à|um"
    rf"|uhr|às|alle|om|ore"
    r"|publicado|actualizado|publié|mis|jour|et|veröffentlicht|aktualisiert|stand|pubblicato|aggiornato"
    r"|atualizado|gepubliceerd"
    r"|опубликовано|обновлено|[ap]\.?m\.?|[A-Z]{2,4}T|UTC|GMT|BST|IST|KST|local|time|p|of)\b|نشر|تاريخ|النشر"
    r"|發布|发布|公開|更新|입력|수정|時|分"
    r"|\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\.\d+)?|[+-]\d{2}:?\d{2}|\bT(?=\d)|(?<=\d)Z\b|\d{1,2}(?=\s*[ap]\.?m)|["
    r"|,:;·•()\[\]/@&–—.-]|\s|\d{1,2}\s*(?:min(?:ute)?s?)\s+read",
    re.IGNORECASE,
)


def is_date_line(line: str) -> bool:
    """Nothing but a date, its hour and the words around it (“Updated Mon, 8 April 2024, 06:39 EST”)."""
    if len(line) > 160 or not (dates := find_dates(line)):
        return False
    rest = line
    for date in reversed(dates):
        rest = rest[: date.start] + " " + rest[date.end :]
    return not _REST_OF_DATE_LINE.sub("", rest).strip()
