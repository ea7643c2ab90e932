"""Texts made of invented words: what is to be found is known, whatever was done to it."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.domain.align import Shortlist, align, whole_words
from annotations.domain.carry import GONE, carry_over
from annotations.domain.text import line_spans

OTHER = """The Lull in Chips

Demand for chips fell in the spring, three traders said, and no one expects it to come back soon.
Over the year the fund spent $2 billion on 68 deals. A year before it had been $5.5 billion and 377.
Ann Roe, who leads the fund, called the lag behind its rivals “a year, perhaps two”.
The weather was fine."""


def _found(passage, other=OTHER):
    match = align(passage, 0, len(passage), other, line_spans(other))
    return match and other[match[0] : match[1]]


def test_the_same_words_are_found_to_the_letter():
    passage = "the fund spent $2 billion on 68 deals"
    start, end, score = align(passage, 0, len(passage), OTHER, line_spans(OTHER))
    assert (OTHER[start:end], score) == (passage, 100)


@pytest.mark.parametrize(
    ("passage", "told"),
    [
        ("some $2 billion went into 68 transactions", "$2 billion on 68 deals"),
        ("The fund's head, Ann Roe, admitted to a lag", "Ann Roe, who leads the fund"),
        ("traders told us that chips saw less demand in spring", "Demand for chips fell in the spring"),
    ],
)
def test_other_words_for_the_same_are_found(passage, told):
    assert told in _found(passage)


def test_what_is_not_told_is_not_found():
    assert _found("Farmers in the valley await a good harvest of plums") is None
    assert _found("   ") is None
    assert align("a fund", 0, 6, "", []) is None


def test_what_is_no_block_is_left_out():
    blocks = [block for block in line_spans(OTHER) if "68" not in OTHER[slice(*block)]]
    passage = "the fund spent $2 billion on 68 deals"
    match = align(passage, 0, len(passage), OTHER, blocks)
    assert match is None or "68" not in OTHER[match[0] : match[1]]


def test_a_text_without_spaces():
    other = "天气很好。\n该公司去年投资了三十亿美元。\n没有人知道。"
    assert _found("公司在去年投资三十亿", other).startswith("公司去年投资了三十亿")


def test_a_long_block_is_looked_at_in_pieces():
    other = (
        "nothing of note happens here today. " * 400
        + "The fund spent $2 billion. "
        + "all is quiet now. " * 400
    )
    assert _found("it spent $2 billion", other) == "fund spent $2 billion."
    assert all(end - start <= 1_200 for start, end in Shortlist(other, [(0, len(other))]).pieces)


def test_places_grow_to_whole_words():
    assert whole_words("the fund spent", 5, 7) == (4, 8)
    assert whole_words("the fund spent", 3, 9) == (4, 8)


OLD = """The Lull

The fund spent $31 billion in 1,151 deals. Nobody knew.
Its head, Ann Roe, leads it.
The end of it."""


def _carried(new, words, old=OLD):
    start = old.index(words)
    [(left, right, result)] = carry_over(old, new, [(start, start + len(words))])
    return (new[left:right], result) if result != "gone" else (None, "gone")


@pytest.mark.parametrize(
    ("change", "words", "expected"),
    [
        (("", ""), "$31 billion", ("$31 billion", "exact")),
        (("The Lull\n", "A New Title\n\nAnother line\n"), "$31 billion", ("$31 billion", "exact")),
        (("Nobody", "Hardly anybody"), "$31 billion", ("$31 billion", "exact")),
        (("$31", "$29"), "spent $31 billion", ("spent $29 billion", "moved")),
        (
            ("The fund", "Last year the fund"),
            "$31 billion in 1,151 deals",
            ("$31 billion in 1,151 deals", "exact"),
        ),
        ((" Nobody knew.", ""), "Nobody knew.", (None, "gone")),
        (("\nIts head, Ann Roe, leads it.", ""), "Ann Roe", (None, "gone")),
        (("deals. Nobody", "deals.\n\nNobody"), "$31 billion", ("$31 billion", "exact")),
        (
            ("knew.\nIts", "knew. Its"),
            "Ann Roe, leads it.\nThe end",
            ("Ann Roe, leads it.\nThe end", "exact"),
        ),
    ],
)
def test_carried_over(change, words, expected):
    assert _carried(OLD.replace(*change), words) == expected


def test_a_paragraph_that_changed_places_is_the_same():
    first, *rest, last = OLD.split("\n")
    assert _carried("\n".join([last, *rest, first]), "The end of it.") == ("The end of it.", "exact")


def test_one_of_two_equal_paragraphs_keeps_its_order():
    old = "one line\nthe same\nanother\nthe same\nlast"
    assert carry_over(old, "new\n" + old, [(26, 34)]) == [(30, 38, "exact")]


def test_nothing_to_carry_to():
    assert carry_over(OLD, "", [(10, 20)]) == [GONE]
    assert carry_over(OLD, OLD, []) == []


VOWELS, CONSONANTS = "aeiou", "bdfgklmnprstvz"


def _article(chance, paragraphs=12):
    def word():
        return "".join(chance.choice(CONSONANTS) + chance.choice(VOWELS) for _ in range(chance.randint(1, 4)))

    common = [word() for _ in range(120)]
    return [
        [chance.choice(common) if chance.random() < 0.7 else word() for _ in range(chance.randint(15, 70))]
        for _ in range(paragraphs)
    ]


def _edited(chance, paragraphs, rate):
    """Words replaced, cut out or put in at this rate, each word with its old place; now and then whole paragraphs."""
    new = []
    for p, words in enumerate(paragraphs):
        if chance.random() < rate / 2:
            new.append([(f"extra{chance.random()}", None) for _ in range(20)])
        edited = []
        for w, word in enumerate(words):
            dice = chance.random() / rate
            if dice < 0.4:
                edited.append((word[::-1] + "x", (p, w)))
            elif dice >= 0.7:
                edited.append((word, (p, w)))
            if 0.7 <= dice < 1:
                edited.append((f"in{chance.randint(0, 999)}", None))
        if chance.random() >= rate / 2:
            new.append(edited)
    return new


def _laid_out(paragraphs):
    """The text, and the place of each word."""
    text, places = "", {}
    for p, words in enumerate(paragraphs):
        for w, (word, origin) in enumerate(words):
            text += " " if w else ""
            places[origin or ("new", p, w)] = (len(text), len(text) + len(word))
            text += word
        text += "\n"
    return text, places


def _tally(rate, seeds):
    tally = {"exact": 0, "moved": 0, "gone": 0, "wrong": 0, "false": 0}
    for seed in seeds:
        chance = random.Random(seed)
        old = _article(chance)
        new_text, new_places = _laid_out(_edited(chance, old, rate))
        old_text, old_places = _laid_out(
            [[(w, (p, i)) for i, w in enumerate(ws)] for p, ws in enumerate(old)]
        )
        claims = [(p, w, min(w + chance.randint(1, 12), len(old[p]) - 1)) for p in range(12) for w in (2, 9)]
        spans = [(old_places[p, a][0], old_places[p, b][1]) for p, a, b in claims]
        for (p, a, b), span, carried in zip(
            claims, spans, carry_over(old_text, new_text, spans), strict=True
        ):
            left = [new_places[p, w] for w in range(a, b + 1) if (p, w) in new_places]
            tally[carried.result] += 1
            if carried.result == "gone":
                continue
            right_place = left and carried.start < left[-1][1] and left[0][0] < carried.end
            tally["wrong"] += not right_place
            same = new_text[carried.start : carried.end] == old_text[slice(*span)]
            tally["false"] += carried.result == "exact" and not same
    return tally


@pytest.mark.parametrize(
    ("rate", "gone", "wrong"), [(0.01, 0.02, 0.002), (0.05, 0.06, 0.004), (0.15, 0.16, 0.02)]
)
def test_edits_of_each_size(rate, gone, wrong):
    """FRONTEND's bound on what may be misplaced; nothing is called exact that is not."""
    tally = _tally(rate, range(40))
    claims = tally["exact"] + tally["moved"] + tally["gone"]
    assert tally["false"] == 0
    assert tally["wrong"] <= wrong * claims
    assert tally["gone"] <= gone * claims


@settings(max_examples=80, deadline=None)
@given(st.text("ab \n.差", max_size=60), st.text("ab \n.差", max_size=60), st.data())
def test_what_is_carried_lies_in_the_new_text(old, new, data):
    edges = st.integers(0, len(old))
    spans = data.draw(st.lists(st.tuples(edges, edges).map(sorted).map(tuple), max_size=4))
    for (start, end), carried in zip(spans, carry_over(old, new, spans), strict=True):
        if carried.result == "gone":
            assert carried == GONE
        else:
            assert 0 <= carried.start < carried.end <= len(new)
            assert (new[carried.start : carried.end] == old[start:end]) or carried.result == "moved"


@settings(max_examples=50, deadline=None)
@given(st.text("ab \n.差1", max_size=80), st.data())
def test_an_unchanged_text_keeps_every_place(text, data):
    edges = st.integers(0, len(text))
    spans = data.draw(st.lists(st.tuples(edges, edges).map(sorted).map(tuple), max_size=4))
    for (start, end), carried in zip(spans, carry_over(text, text, spans), strict=True):
        assert carried == ((start, end, "exact") if start < end else GONE)
