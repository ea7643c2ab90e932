import pytest

from annotations.domain.origins import marks
from annotations.domain.unanimous import (
    LEGAL,
    MUST_FIX,
    NOT_AGREED,
    REVIEWED,
    SENT_BACK,
    SOURCED,
    UNDISPUTED,
    UNSOURCED,
    UNVERIFIED,
    Standing,
    in_the_way,
)


def test_nothing_is_in_the_way():
    assert in_the_way(Standing(1, True, "verified", first_hand=True)) == []
    outlets = [marks(outlet) for outlet in ("Wire", "Gazette", "Post")]
    assert in_the_way(Standing(1, True, "verified", marks=outlets)) == []


def test_two_of_one_origin_are_one():
    outlets = [marks(outlet) for outlet in ("Wire", "wire ", "Post")]
    assert in_the_way(Standing(1, True, "verified", marks=outlets)) == [UNVERIFIED]


def test_of_what_nobody_found_a_source_for_it_is_said_so():
    assert in_the_way(Standing(1, True, "needs_source")) == [UNSOURCED]
    assert in_the_way(Standing(1, True, "verified")) == [UNVERIFIED]


@pytest.mark.parametrize(
    ("verdict", "stance", "reasons"),
    [
        ("verified", "supports", []),
        ("verified", "contradicts", [UNVERIFIED]),
        ("verified", "background", [UNVERIFIED]),
        ("disputed", "contradicts", []),
        ("disputed", "supports", [UNDISPUTED]),
        ("disputed", "background", [UNDISPUTED]),
        ("needs_source", "supports", [SOURCED]),
        ("needs_source", "contradicts", [SOURCED]),
        ("needs_source", "background", [UNSOURCED]),
    ],
)
def test_a_verdict_rests_on_what_takes_its_side(verdict, stance, reasons):
    standing = Standing(1, True, verdict)
    standing.cite(stance, marks("Register"), first_hand=True)
    assert in_the_way(standing) == reasons
    several = Standing(1, True, verdict)
    for outlet in ("Wire", "Gazette", "Post"):
        several.cite(stance, marks(outlet), first_hand=False)
    assert in_the_way(several) == reasons


def test_every_reason_is_named():
    standing = Standing(1, True, "disputed", reviewed=True, must_fix=True, legal=True, sent_back=True)
    assert in_the_way(standing) == [REVIEWED, MUST_FIX, LEGAL, SENT_BACK, UNDISPUTED]


def test_what_is_not_agreed_is_no_matter_of_reasons():
    assert in_the_way(Standing(1, False, must_fix=True)) == [NOT_AGREED]
