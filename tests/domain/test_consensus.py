from itertools import product

import pytest

from annotations.domain.consensus import STATUSES, VERDICTS, derive, tone

V, D, N = "verified", "disputed", "needs_source"
PLAIN = {
    "has_source": True,
    "ruling": None,
    "not_checkable": False,
    "reviews_needed": 1,
    "verified_needs_source": True,
}


@pytest.mark.parametrize(
    ("verdicts", "given", "expected"),
    [
        ([], {}, ("to_check", None)),
        ([], {"reviews_needed": 3, "has_source": False}, ("to_check", None)),
        ([V], {}, ("agreed", V)),
        ([D], {}, ("agreed", D)),
        ([N], {}, ("agreed", N)),
        ([V], {"reviews_needed": 2}, ("open", None)),
        ([V, V], {"reviews_needed": 2}, ("agreed", V)),
        ([V, D], {"reviews_needed": 2}, ("contested", None)),
        ([V, D], {"reviews_needed": 3}, ("open", None)),
        ([V, D, N], {}, ("contested", None)),
        ([V], {"has_source": False}, ("open", None)),
        ([V, V, V], {"has_source": False}, ("open", None)),
        ([V], {"has_source": False, "verified_needs_source": False}, ("agreed", V)),
        ([D], {"has_source": False}, ("agreed", D)),
        ([N, N], {"has_source": False}, ("agreed", N)),
        ([V, D], {"has_source": False}, ("contested", None)),
        ([], {"not_checkable": True}, ("not_checkable", None)),
        ([V, D], {"not_checkable": True}, ("not_checkable", None)),
        ([], {"ruling": D}, ("ruled", D)),
        ([V, V], {"ruling": D}, ("ruled", D)),
        ([V], {"ruling": V, "has_source": False}, ("ruled", V)),
        ([V], {"ruling": N, "not_checkable": True}, ("ruled", N)),
    ],
)
def test_what_the_opinions_come_to(verdicts, given, expected):
    assert derive(verdicts=verdicts, **{**PLAIN, **given}) == expected


ALL_OPINIONS = [opinions for size in range(4) for opinions in product(VERDICTS, repeat=size)]
ALL_SETTINGS = list(product([True, False], [None, *VERDICTS], [True, False], [1, 2, 3], [True, False]))


@pytest.mark.parametrize("opinions", ALL_OPINIONS)
def test_every_case_has_one_status_and_no_verdict_unless_settled(opinions):
    for values in ALL_SETTINGS:
        given = dict(zip(PLAIN, values, strict=True))
        status, verdict = derive(verdicts=opinions, **given)

        assert status in STATUSES
        assert (verdict is not None) == (status in ("agreed", "ruled"))
        assert derive(verdicts=opinions[::-1], **given) == (status, verdict)
        if status == "agreed":
            assert set(opinions) == {verdict}


@pytest.mark.parametrize(
    ("status", "verdict", "verdicts", "expected"),
    [
        ("to_check", None, [], "m"),
        ("open", None, [V], "v"),
        ("open", None, [D], "d"),
        ("open", None, [N, N], "n"),
        ("open", None, [V, N], "mix"),
        ("agreed", V, [V], "v"),
        ("agreed", D, [D, D], "d"),
        ("agreed", N, [N], "n"),
        ("contested", None, [V, D], "mix"),
        ("contested", None, [V, D, N], "mix"),
        ("ruled", V, [], "v"),
        ("ruled", D, [V, V], "d"),
        ("ruled", N, [V, D], "n"),
        ("not_checkable", None, [], "x"),
        ("not_checkable", None, [V, D], "x"),
    ],
)
def test_the_colour_in_the_reader(status, verdict, verdicts, expected):
    assert tone(status, verdict, verdicts) == expected
