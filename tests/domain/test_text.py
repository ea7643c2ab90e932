import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.text import BadText, context, line_spans, normalize, sha256


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("", ""),
        ("\ufeffTitle", "Title"),
        ("\ufeff\ufeffTitle", "\ufeffTitle"),
        ("a\ufeffb", "a\ufeffb"),
        ("a\r\nb\rc\nd\r\r\ne", "a\nb\nc\nd\n\ne"),
        ("a\tb\x01\x08\x0b\x0c\x1b\x1fc", "a\tbc"),
        ("\x7f\x85\u2028", "\x7f\x85\u2028"),
        ("\u00a0“quoted” \u200f e\u0301 é 👩‍🚀  \n\n", "\u00a0“quoted” \u200f e\u0301 é 👩‍🚀  \n\n"),
    ],
)
def test_normalize_changes_line_ends_bom_and_controls_only(raw, kept):
    assert normalize(raw) == kept


def test_a_nul_is_refused_with_its_line_and_what_to_do():
    with pytest.raises(BadText, match=r"NUL byte in line 3\. Save it as plain text"):
        normalize("one\r\ntwo\rth\0ree")


@pytest.mark.parametrize("half", ["\ud83d", "\udca9\ud83d"])
def test_a_lone_surrogate_is_refused_with_its_line(half):
    with pytest.raises(BadText, match="in line 2"):
        normalize(f"one\n{half}")


@given(st.text())
def test_normalizing_again_changes_nothing_but_a_second_bom(raw):
    try:
        text = normalize(raw)
    except BadText:
        assert "\0" in raw
        return
    assert normalize("\ufeff" + text) == text
    assert "\r" not in text


def test_sha256_is_over_utf8():
    assert sha256("né 💩") == hashlib.sha256(b"n\xc3\xa9 \xf0\x9f\x92\xa9").hexdigest()


def test_context_is_thirty_two_code_points_on_either_side():
    text = "💩" * 40 + "quote" + "é" * 40

    assert context(text, 40, 45) == ("💩" * 32, "é" * 32)
    assert context("ab", 0, 2) == ("", "")
    assert context("abc", 1, 2) == ("a", "c")


def test_lines_that_are_not_blank_are_spans_without_their_line_end():
    text = "\n  two words \n\u00a0\t\nlast\u2028still last"

    assert [text[start:end] for start, end in line_spans(text)] == ["  two words ", "last\u2028still last"]
    assert line_spans("") == []
    assert line_spans("one") == [(0, 3)]
    assert line_spans("one\n") == [(0, 3)]


@given(st.text(alphabet="ab \t\n\u00a0💩\u2028"))
def test_line_spans_hold_everything_that_is_not_white_space(text):
    spans = line_spans(text)

    assert [text[start:end] for start, end in spans] == [line for line in text.split("\n") if line.strip()]
    assert all("\n" not in text[start:end] for start, end in spans)
