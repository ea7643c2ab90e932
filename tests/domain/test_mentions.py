import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.mentions import begins, handle, mentioned

PEOPLE = {1: ("ana", "Ana Lima"), 2: ("ben", "Ben"), 3: ("j.doe", "J. Doe"), 4: ("zoe", "Ben")}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@ana, look", {1}),
        ("Ask @ana.", {1}),
        ("Ask @j.doe.", {3}),
        ("@ANA and (@ben)", {1, 2}),
        ('@"Ana Lima" knows', {1}),
        ("@“ana lima” knows", {1}),
        ('@"Ben": one of the two', {2, 4}),
        ("write to press@ana.example", set()),
        ("@anabel, @@ana, @ ana", set()),
        ('@"Ana', set()),
        ("@ana @ana", {1}),
        ("", set()),
    ],
)
def test_who_is_named(text, who):
    assert mentioned(text, PEOPLE) == who


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
USERNAMES = st.text(st.sampled_from("abzAZ019_.+-@"), min_size=1, max_size=12)


@given(USERNAMES, NAMES)
def test_what_is_suggested_names_the_person(username, display):
    named = handle(username, display)
    assert not named or mentioned(f"Ask {named} please", {1: (username, display)}) == {1}
    assert named or "@" in username or username[-1] in ".+-"


@pytest.mark.parametrize(
    ("typed", "fits"),
    [("", True), ("an", True), ("LI", True), ("ana l", True), ("ma", False), ("anna", False)],
)
def test_how_a_name_may_begin(typed, fits):
    assert begins(typed, "ana", "Ana Lima") is fits


def test_whom_nothing_names_is_not_suggested():
    assert handle("ana@desk.example", "") == ""
    assert not begins("a", "ana@desk.example", "")
    assert handle("ana@desk.example", " Ana Lima ") == '@"Ana Lima"'
