"""The lines of our sheets are those of Python's own writer, byte for byte."""

import csv
import io
from datetime import UTC, date

from hypothesis import example, given
from hypothesis import strategies as st

from annotations.exports.csv import line
from annotations.exports.jsontext import dumps

ODD = "\",;'\r\n\t\0\x0b\x1c\x85\u2028\ufeff\\ =+-@a7é💩"
TEXTS = st.text(st.sampled_from(ODD), max_size=3) | st.text(st.characters(codec="utf-8"))
VALUES = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    *(st.dates(), st.datetimes(timezones=st.just(UTC)), st.lists(st.fixed_dictionaries({"why": TEXTS}))),
)


@example([*ODD])
@example([f"a{odd}" for odd in ODD])
@example([" padded ", ""])
@example(["", ""])
@given(st.lists(VALUES, min_size=2))
def test_a_line_is_the_standard_writers(values):
    """Of two cells or more: of one that is empty the standard writer makes two quotes."""
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerow([said(value) for value in values])
    assert line(values) == sheet.getvalue()


def said(value):
    if isinstance(value, str):
        return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
    if value is None or type(value) is int:
        return value
    text = dumps(value).decode()
    return text.removeprefix('"').removesuffix('"') if isinstance(value, date) else text
