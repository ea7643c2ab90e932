"""A list of files to import, with what is known of each: CSV with a header, or JSON, a list of objects."""

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from .draft import LONGEST

FIELDS = ("file", "title", "publisher", "byline", "published_on", "url", "language", "direction", "role")
CHOICES = {"role": ("checked", "reference"), "direction": ("ltr", "rtl")}


class BadManifest(ValueError):
    """What is wrong with the list, and where: nothing was imported."""


def read_manifest(path: Path) -> list[tuple[Path, dict[str, Any]]]:
    """(file, details) of each line; a field that is left empty is guessed from the text. Files are beside the list."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = json.loads(text) if path.suffix.lower() == ".json" else list(csv.DictReader(text.splitlines()))
    except (OSError, ValueError, csv.Error) as error:
        raise BadManifest(f"{path.name} cannot be read: {error}.") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadManifest(f"{path.name} is no list of objects.")
    return [_entry(path, number, row) for number, row in enumerate(rows, 1)]


def _entry(path: Path, number: int, row: Mapping[Any, Any]) -> tuple[Path, dict[str, Any]]:
    where = f"{path.name}, entry {number}"
    if unknown := [str(name) for name in row if name not in FIELDS]:
        raise BadManifest(f"{where}: there is no field {', '.join(unknown)}. Known: {', '.join(FIELDS)}.")
    said = {name: str(value).strip() for name, value in row.items() if str(value or "").strip()}
    if "file" not in said:
        raise BadManifest(f"{where}: it names no file.")
    return path.parent / said.pop("file"), dict(_checked(where, said))


def _checked(where: str, said: dict[str, str]) -> Iterator[tuple[str, Any]]:
    for name, value in said.items():
        if name in CHOICES and value not in CHOICES[name]:
            raise BadManifest(f"{where}: {name} is one of {', '.join(CHOICES[name])}, not {value}.")
        if len(value) > LONGEST.get(name, len(value)):
            raise BadManifest(f"{where}: {name} has at most {LONGEST[name]} characters.")
        if name == "url" and not value.startswith(("https://", "http://")):
            raise BadManifest(f"{where}: url begins with https:// or http://, not {value[:40]}.")
        if name == "published_on":
            try:
                yield name, date.fromisoformat(value)
            except ValueError as error:
                raise BadManifest(f"{where}: write published_on as 2026-03-31, not {value}.") from error
        else:
            yield name, value
