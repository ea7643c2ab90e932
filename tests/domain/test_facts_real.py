"""The five articles that the desk began with: how many facts a checker has to walk. Their texts stay outside."""

import os
from collections import Counter
from pathlib import Path

import pytest

from annotations.domain.facts import facts, first_mentions

FOLDER = os.environ.get("AIGAP_REAL_ARTICLES", "")

pytestmark = pytest.mark.skipif(not FOLDER, reason="AIGAP_REAL_ARTICLES is not set")

# figure, money, percentage, date, quotation; names by more or less, since a rule for names is a guess.
EXPECTED = {
    "000": ((2, 0, 0, 3, 2), 29),
    "001": ((7, 5, 7, 6, 6), 49),
    "002": ((4, 1, 0, 1, 0), 10),
    "003": ((4, 4, 0, 3, 0), 11),
    "004": ((1, 0, 0, 1, 0), 16),
}


@pytest.mark.parametrize("number", EXPECTED)
def test_what_there_is_to_walk(number):
    (path,) = Path(FOLDER).glob(f"{number}_*.txt")
    text = path.read_text()
    found = first_mentions(text, facts(text, 0, len(text), "en"))
    kinds = Counter(fact.kind for fact in found)
    counted, names = EXPECTED[number]
    assert tuple(kinds[kind] for kind in ("figure", "money", "percentage", "date", "quotation")) == counted
    assert abs(kinds["name"] - names) <= 3
    assert all(text[fact.start : fact.end].strip() == text[fact.start : fact.end] for fact in found)
