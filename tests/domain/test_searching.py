import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.searching import LONGEST, MOST_TERMS, Term, terms


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", []),
        ("  ?! \" ' () * --", []),
        ("Bridges", [Term(("bridges",), True)]),
        ("31 bridges ", [Term(("31",)), Term(("bridges",))]),
        ("$1.2 billion", [Term(("1", "2")), Term(("billion",), True)]),
        ('"two billion"', [Term(("two", "billion"))]),
        ('cost "two bil', [Term(("cost",)), Term(("two", "bil"), True)]),
        ("NOT a AND (b OR c*)", [Term((w,)) for w in ("not", "a", "and", "b", "or")] + [Term(("c",), True)]),
        ("人工智能", [Term(("人工智能",), True)]),
        ("o'brien_s", [Term(("o", "brien", "s"), True)]),
    ],
)
def test_what_is_typed_becomes_words(typed, found):
    assert terms(typed) == found


@given(st.text(max_size=200))
def test_words_are_letters_and_digits_and_few(typed):
    found = terms(typed)
    assert len(found) <= MOST_TERMS
    assert all(word.isalnum() and len(word) <= 2 * LONGEST for term in found for word in term.words)
