import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.offsets import Utf16, find_quote, snap_to_graphemes

PIECES = [
    "a",
    "中",
    "💩",
    "e\u0301",
    "👩‍🚀",
    "🇩🇪",
    "🇫🇷",
    "\u200d",
    "\ufe0f",
    "क्ष",
    "की",
    "한",
    "ᄒ",
    "ᅡ",
    "ᆫ",
    "\n",
]
NASTY = st.lists(st.sampled_from([*PIECES, "\u0600", "\u0e33", "ก", "©", "\r", "\uff9e", " ", "\u0d4e"])).map(
    "".join
)


def test_utf16_offsets_of_the_reference_example():
    utf16 = Utf16("💩This is an annotation.")

    assert (utf16.at(12), utf16.at(22)) == (13, 23)
    assert (utf16.code_point(13), utf16.code_point(23)) == (12, 22)


@given(st.one_of(st.text(), NASTY))
def test_utf16_agrees_with_the_codec_and_comes_back(text):
    utf16 = Utf16(text)

    for offset in range(len(text) + 1):
        units = len(text[:offset].encode("utf-16-le")) // 2
        assert utf16.at(offset) == units
        assert utf16.code_point(units) == offset


@given(NASTY.filter(lambda text: "💩" in text))
def test_no_code_point_begins_inside_a_pair(text):
    utf16 = Utf16(text)

    with pytest.raises(ValueError, match="inside a surrogate pair"):
        utf16.code_point(utf16.at(text.index("💩")) + 1)


@pytest.mark.parametrize("text", ["ab", "a💩"])
def test_offsets_outside_the_text_are_refused(text):
    utf16 = Utf16(text)

    for convert in (utf16.at, utf16.code_point):
        for offset in (-1, 4):
            with pytest.raises(ValueError, match="outside the text"):
                convert(offset)


@pytest.mark.parametrize(
    ("text", "given_span", "snapped"),
    [
        ("abc", (1, 2), (1, 2)),
        ("ae\u0301b", (1, 2), (1, 3)),
        ("ae\u0301b", (2, 3), (1, 3)),
        ("x👩‍🚀y", (2, 3), (1, 4)),
        ("🇩🇪🇫🇷🇮🇹", (3, 3), (2, 4)),
        ("क्षत", (1, 1), (0, 3)),
        ("a\r\nb", (2, 3), (1, 3)),
        ("abc", (0, 0), (0, 0)),
        ("abc", (3, 3), (3, 3)),
    ],
)
def test_a_span_grows_to_whole_graphemes(text, given_span, snapped):
    assert snap_to_graphemes(text, *given_span) == snapped


@given(text=NASTY, data=st.data())
def test_snapping_agrees_with_cutting_the_whole_text(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    edges = [0, *(cluster.end() for cluster in regex.finditer(r"\X", text))]

    expected = max(edge for edge in edges if edge <= start), min(edge for edge in edges if edge >= end)

    assert snap_to_graphemes(text, start, end) == expected


@pytest.mark.parametrize("span", [(-1, 1), (2, 1), (0, 4)])
def test_what_is_no_span_is_not_snapped(span):
    with pytest.raises(ValueError, match="no span"):
        snap_to_graphemes("abc", *span)


@pytest.mark.parametrize(
    ("quote", "prefix", "suffix", "found"),
    [
        ("gap", "", "", (4, 7)),
        ("gap", "wrong", "wrong", (4, 7)),
        ("lead", "", "", None),
        ("lead", "U.S. ", "", (14, 18)),
        ("lead", "", ", China", (14, 18)),
        ("lead", "China ", ".", (26, 30)),
        ("lead", " ", "", None),
        ("lead", "Japan ", "", None),
        ("absent", "", "", None),
        ("", "", "", None),
    ],
)
def test_a_quote_is_found_where_it_is_unique_or_its_context_is(quote, prefix, suffix, found):
    assert find_quote("The gap: U.S. lead, China lead.", quote, prefix, suffix) == found


def test_overlapping_occurrences_are_two():
    assert find_quote("aaa", "aa") is None
