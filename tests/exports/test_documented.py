"""docs/exports.md names each field of each format, and no other."""

import re
from pathlib import Path

import pyarrow as pa

from annotations.exports.averitec import LEFT_OUT, OF_DECIDED
from annotations.exports.formats import FORMATS
from annotations.exports.parquet import claim_fields

PAGE = (Path(__file__).parents[2] / "docs" / "exports.md").read_text()


def section_of(heading, level="##"):
    return re.split(rf"\n#{{2,{len(level)}}} ", PAGE.split(f"\n{level} {heading}\n")[1])[0]


def named(heading, level="##"):
    """The first cells of the tables of a section, in `backquotes`."""
    return re.findall(r"^\| `([^`]*)`", section_of(heading, level), re.MULTILINE)


def test_columns_of_parquet():
    assert named("parquet") == list(columns(claim_fields()))


def test_each_name_in_a_row():
    """As deep as it goes. `article` and `ruling` have no line of their own: their parts are the columns of csv."""
    written = [
        name.removesuffix("[]") for name in columns(claim_fields()) if name not in ("article", "ruling")
    ]
    assert named("A row is a claim") == written


def columns(fields, above=""):
    for field in fields:
        kind, name = field.type, above + field.name
        if pa.types.is_list(kind):
            kind, name = kind.value_type, f"{name}[]"
        yield name
        if pa.types.is_struct(kind):
            yield from columns(list(kind), f"{name}.")


def test_each_format_has_its_section_in_their_order():
    sections = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
    told = [name for each in sections for name in re.split(", | and ", each) if name in FORMATS]
    assert told == list(FORMATS)


def test_what_has_no_header_is_said_to_be_left_out():
    said = section_of("averitec").split("of a claim ")[1].split(".\n\n")[0]
    assert tuple(re.findall(r"`([^`]*)`", said)) == LEFT_OUT + OF_DECIDED
