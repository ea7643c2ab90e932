from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.ranges import parse

SIZES = st.integers(0, 50)


@given(SIZES, st.none() | st.integers(0, 60), st.none() | st.integers(0, 60), st.integers(0, 30))
def test_a_stretch_is_the_slice_that_the_header_names(size, first, last, zeros):
    said = ["" if each is None else f"{'0' * zeros}{each}" for each in (first, last)]
    stretch = parse(f"bytes={said[0]}-{said[1]}")
    whole = bytes(range(size))
    if (first is None and last is None) or (None not in (first, last) and last < first):
        assert stretch is None
        return
    expected = (
        whole[-last:]
        if first is None and last
        else whole[first:]
        if last is None
        else whole[first or 0 : last + 1]
    )
    if first is None and not last:
        expected = b""
    found = stretch.within(size)
    assert (whole[found[0] : found[1] + 1] if found else b"") == expected
