"""People as they are pasted."""

import pytest

from annotations.domain.newcomers import Newcomer, newcomers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nora, Nora Quill, nora@desk.example", [Newcomer(1, "nora", "Nora Quill", "nora@desk.example")]),
        ("nora\tNora Quill\tnora@x.y", [Newcomer(1, "nora", "Nora Quill", "nora@x.y")]),
        ("nora", [Newcomer(1, "nora")]),
        ("\n  \r\nnora , Nora\n", [Newcomer(3, "nora", "Nora")]),
        ('nora, "Quill, Nora", n@x.y', [Newcomer(1, "nora", "Quill, Nora", "n@x.y")]),
        ("nora, Quill, Nora, n@x.y", [Newcomer(1, "nora", "Quill", "Nora", "n@x.y")]),
        ("nora, Nora Quill,,", [Newcomer(1, "nora", "Nora Quill")]),
        (", Nora", [Newcomer(1, "", "Nora")]),
        ("", []),
    ],
)
def test_a_line_is_a_person(text, expected):
    assert newcomers(text) == expected


def test_an_open_quotation_mark_ends_with_its_line():
    assert newcomers('nora, "Nora\nben') == [Newcomer(1, "nora", "Nora"), Newcomer(2, "ben")]
