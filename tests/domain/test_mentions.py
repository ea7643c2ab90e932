import pytest

from annotations.domain.mentions import mentioned

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
