"""Words typed or pasted, found where they stand."""

import time

import pytest

from annotations.domain.finding import closest, occurrences

TEXT = "The mayor said: “It’s 31 bridges – not 30.”\nIn 2020 there were 30 bridges.\nThe cafe\u0301 is new. 30 bridges."


def said(words):
    return [TEXT[start:end] for start, end in occurrences(TEXT, words)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("31 bridges", ["31 bridges"]),
        ("30 bridges", ["30 bridges", "30 bridges"]),
        ("  In 2020 ", ["In 2020"]),
        ('"It\'s 31 bridges - not 30."', ["“It’s 31 bridges – not 30.”"]),
        ("not 30.”\r\n\r\nIn 2020", ["not 30.”\nIn 2020"]),
        ("“In 2020 there were”", ["In 2020 there were"]),
        ("the mayor SAID", ["The mayor said"]),
        ("caf\u00e9", ["cafe\u0301"]),
        ("cafe", []),
        ("31  bridges", ["31 bridges"]),
        ("32 bridges", []),
        ("", []),
        ('""', []),
        ("(.*", []),
    ],
)
def test_where_they_stand(typed, found):
    assert said(typed) == found


def test_the_case_counts_where_it_tells_two_places_apart():
    assert occurrences("The bridge. the bridge.", "the bridge") == [(12, 22)]


def test_what_comes_closest_is_whole_words():
    blocks = [(0, 43), (44, 74), (75, len(TEXT))]
    found = [TEXT[slice(*place)] for place in closest(TEXT, blocks, "In 2020 there ware 31 bridges")]
    assert found[0] == "In 2020 there were 30 bridges"
    assert closest(TEXT, blocks, "zzz qqq") == []


def test_a_long_text_is_searched_at_once():
    text = "so many words as there are in it " * 3000
    before = time.perf_counter()
    assert len(occurrences(text, "many words as")) == 50
    assert occurrences(text, "many wordz " * 500) == []
    assert time.perf_counter() - before < 2
