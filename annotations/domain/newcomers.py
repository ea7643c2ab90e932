"""A list of people as it is pasted: a line each, "username, display name, e-mail"."""

import csv
from dataclasses import dataclass

FIELDS = ("username", "display_name", "email")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """`line` counts from 1, empty lines too. `surplus`: what stands behind the last field."""

    line: int
    username: str = ""
    display_name: str = ""
    email: str = ""
    surplus: str = ""


def newcomers(text: str) -> list[Newcomer]:
    """Between the fields stand commas, or tabs as spreadsheets copy them. A name with a comma goes in quotes."""
    return [_newcomer(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _newcomer(number: int, line: str) -> Newcomer:
    delimiter = "\t" if "\t" in line else ","
    [fields] = csv.reader([line], delimiter=delimiter, skipinitialspace=True)
    told = [field.strip() for field in fields]
    named = dict(zip(FIELDS, told, strict=False))
    return Newcomer(number, **named, surplus=delimiter.join(filter(None, told[len(FIELDS) :])))
