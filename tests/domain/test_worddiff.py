import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.domain.worddiff import in_words, word_diff

SIGNS = {"kept": "=", "removed": "-", "added": "+"}


def _short(a, b):
    return [SIGNS[change.kind] + change.text for change in word_diff(a, b)]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("", "", []),
        ("the gap is wide", "the gap is wide", ["=the gap is wide"]),
        ("the gap is wide", "the gap was wide", ["=the gap", "-is", "+was", "=wide"]),
        ("it indicates a gap", "it indicates", ["=it indicates", "-a gap"]),
        ("a gap", "a very wide gap", ["=a", "+very wide", "=gap"]),
        ("2.7 billion", "2.9 billion", ["-2.7", "+2.9", "=billion"]),
        ("so, it is", "so it is", ["=so", "-,", "=it is"]),
        ("it’s a gap", "it's a gap", ["=it’s a gap"]),
        ("“a gap”", '"a gap"', ["=a gap"]),
        ("cafe\u0301 noir", "caf\u00e9 noir", ["=cafe\u0301 noir"]),
        ("差距很大", "差距不大", ["=差距", "-很", "+不", "=大"]),
        ("الفجوة كبيرة", "الفجوة صغيرة", ["=الفجوة", "-كبيرة", "+صغيرة"]),
    ],
)
def test_words(a, b, expected):
    assert _short(a, b) == expected


def test_a_stray_word_is_no_common_ground():
    a, b = "they measure themselves by the rival model today", "they take rivals as the standard today"
    assert _short(a, b) == [
        "=they",
        "-measure themselves by the rival model",
        "+take rivals as the standard",
        "=today",
    ]


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("a gap", "a gap", "Word for word the same."),
        ("", "", "Word for word the same."),
        ("it indicates a gap", "it is indicating a gap", "“indicates” became “is indicating”."),
        ("it shows how far they are", "it shows", "“how far they are” is left out."),
        ("so, it is", "so it is now", "A comma is left out; “now” is added."),
        ("yes", "no", "Not one word in common."),
    ],
)
def test_said_in_words(a, b, said):
    assert in_words(word_diff(a, b)) == said


def test_a_long_passage_is_cut_when_said():
    said = in_words(word_diff("so " + "many words " * 40, "so"))
    assert said.endswith(" …” is left out.")
    assert len(said) < 130


WORDS = st.lists(
    st.sampled_from(["the", "gap", "is", "wide", ",", "2.7", "“", "差", "距", "é", "it’s", "\n"]), max_size=14
)


@settings(deadline=None)
@given(WORDS.map(" ".join), WORDS.map("".join))
def test_changes_hold_every_word_of_both_in_order(a, b):
    changes = word_diff(a, b)
    for text, (start, end), dropped in ((a, (2, 3), "added"), (b, (4, 5), "removed")):
        at, outside = 0, ""
        for change in changes:
            assert at <= change[start] <= change[end]
            assert (change[start] == change[end]) == (change.kind == dropped)
            outside += text[at : change[start]]
            at = change[end]
        assert not (outside + text[at:]).strip("“ \n\t")
    for change in changes:
        source = (
            b[change.b_start : change.b_end] if change.kind == "added" else a[change.a_start : change.a_end]
        )
        assert change.text == source
        assert change.text
