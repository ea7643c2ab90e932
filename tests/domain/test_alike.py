from annotations.domain.alike import MOST, alike, looked_for, told
from annotations.domain.searching import Term

LINE = "Investors put $31 billion into AI in 1,151 deals, CB Insights said in March 2024."


def looked(words, text=LINE):
    start = text.index(words)
    return [[term.words for term in wanted] for wanted in looked_for(text, start, start + len(words))]


def test_figures_are_looked_for_the_longest_first():
    assert looked("put $31 billion into AI in 1,151 deals") == [[("31", "billion")], [("1", "151")]]


def test_what_is_not_in_the_claim_is_not_looked_for():
    assert looked("1,151 deals") == [[("1", "151")]]


def test_without_a_figure_all_names():
    text = "On Monday the mayor met Sam Altman and Xi Jinping in the harbour."
    assert looked("met Sam Altman and Xi Jinping", text) == [[("sam", "altman"), ("xi", "jinping")]]
    assert looked("met Sam Altman", text) == []
    assert looked("in the harbour", text) == []


def test_a_lone_digit_says_too_little():
    assert looked("2 more", "There are 2 more.") == []


def test_a_phrase_is_not_the_beginning_of_another():
    assert looked_for("It has 31 bridges.", 0, 17) == [[Term(("31",))]]


def test_what_other_words_tell():
    assert told("China raised $2 billion in 68 deals in 2023") == (["$2 billion", "68"], ["2023"])


def test_the_likest_first_and_nothing_unlike():
    others = [
        (1, "31 bridges"),
        (2, "A cost of 31 million in another town altogether"),
        (3, "the 31 bridges of the harbour"),
        (4, "Sport: 31"),
    ]
    assert alike("31 bridges in the harbour", others)[:2] == [1, 3]
    assert 4 not in alike("There are thirty-one bridges in the old harbour", others)
    assert len(alike("31 bridges", [(n, "31 bridges") for n in range(20)])) == MOST
