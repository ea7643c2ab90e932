import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.origins import bears, grouped, marks, registrable


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.harbour.example/bridges", "harbour.example"),
        ("https://NEWS.bbc.co.uk:8443/1", "bbc.co.uk"),
        ("https://stats.gov.uk/x", "stats.gov.uk"),
        ("https://anna.substack.com/p/1", "anna.substack.com"),
        ("https://web.archive.org/web/20240101/https://harbour.example/a", "harbour.example"),
        ("http://192.0.2.7/a", "192.0.2.7"),
        ("http://[2001:db8::1]/a", "2001:db8::1"),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_the_part_of_a_host_that_somebody_registered(url, host):
    assert registrable(url) == host


def test_one_publisher_one_host_or_one_forebear_is_one_origin():
    wire = marks("Reuters")
    outlets = [
        marks("Harbour Post", "https://harbour.example/1") | wire,
        marks("The Crier", "https://crier.example/9") | wire,
        marks("Lantern", "https://www.lantern.example/a"),
        marks(url="https://lantern.example/b"),
        marks(" the  CRIER "),
    ]
    assert grouped(outlets) == [[0, 1, 4], [2, 3]]


def test_what_nobody_signed_stands_alone():
    assert grouped([marks(), marks()]) == [[0], [1]]


def test_a_third_source_joins_two_that_share_nothing():
    assert grouped([marks("A"), marks("B"), marks("A") | marks("B")]) == [[0, 1, 2]]


def test_a_verdict_rests_on_one_first_hand_or_three_apart():
    three = [marks("A"), marks("B"), marks("C")]
    assert bears(three, first_hand=False)
    assert not bears([*three[:2], marks("b")], first_hand=False)
    assert bears(three[:1], first_hand=True)


@given(st.lists(st.sets(st.tuples(st.just("publisher"), st.sampled_from("abcdef")))))
def test_each_source_is_in_one_group_and_groups_share_no_mark(sources):
    groups = grouped(sources)
    assert sorted(place for group in groups for place in group) == list(range(len(sources)))
    known = [set().union(*(sources[place] for place in group)) for group in groups]
    assert all(a.isdisjoint(b) for n, a in enumerate(known) for b in known[n + 1 :])
