from annotations.domain.origins import marks
from annotations.domain.unanimous import (
    LEGAL,
    MUST_FIX,
    NOT_AGREED,
    REVIEWED,
    SENT_BACK,
    UNBORNE,
    UNSOURCED,
    Standing,
    in_the_way,
)


def test_nothing_is_in_the_way():
    assert in_the_way(Standing(1, True, "verified", first_hand=True)) == []
    outlets = [marks(outlet) for outlet in ("Wire", "Gazette", "Post")]
    assert in_the_way(Standing(1, True, "verified", marks=outlets)) == []


def test_two_of_one_origin_are_one():
    outlets = [marks(outlet) for outlet in ("Wire", "wire ", "Post")]
    assert in_the_way(Standing(1, True, "verified", marks=outlets)) == [UNBORNE]


def test_of_what_nobody_found_a_source_for_it_is_said_so():
    assert in_the_way(Standing(1, True, "needs_source")) == [UNSOURCED]
    assert in_the_way(Standing(1, True, "verified")) == [UNBORNE]


def test_every_reason_is_named():
    standing = Standing(1, True, "disputed", reviewed=True, must_fix=True, legal=True, sent_back=True)
    assert in_the_way(standing) == [REVIEWED, MUST_FIX, LEGAL, SENT_BACK, UNBORNE]


def test_what_is_not_agreed_is_no_matter_of_reasons():
    assert in_the_way(Standing(1, False, must_fix=True)) == [NOT_AGREED]
