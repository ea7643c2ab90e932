"""A quotation next to its origin: which words are compared, and what is said of the difference."""

import pytest

from annotations.domain.quoting import compared, quoted
from annotations.domain.worddiff import in_the_article, word_diff

ORIGIN = "I thank the council. Two ferries could open almost next year. Nobody asked about trams."


def test_quotations_without_their_marks():
    assert quoted("“We have 31,” she said, and “more will come”.") == ["We have 31,", "more will come"]
    assert quoted("She said that there are 31.") == []


def said(claim, origin, **options):
    return in_the_article(compared(claim, origin, **options))


def test_what_the_article_leaves_out_and_says_otherwise():
    told = said("“Two ferries will open next year”, the mayor said.", ORIGIN)
    assert told == "The article says “will” for “could”; leaves out “almost”."


def test_other_sentences_of_the_origin_are_not_left_out_of_the_quotation():
    assert "thank" not in said("“Two ferries could open next year.”", ORIGIN)


def test_the_first_word_of_the_sentence_is():
    told = said("“31 bridges in the harbour”", "We have almost 31 bridges in the harbour")
    assert told == "The article leaves out “We have almost”."


def test_word_for_word_and_not_among_them():
    assert said("“Nobody asked about trams.”", ORIGIN) == "Word for word the same."
    assert compared("“Zebras fly.”", ORIGIN) == []


def test_of_several_quotations_the_one_that_the_origin_tells():
    claim = "“Zebras fly”, one said; another: “Nobody asked us about trams.”"
    assert said(claim, ORIGIN) == "The article adds “us”."


def test_nothing_to_compare():
    assert compared("No quotation here.", ORIGIN) is None
    assert compared("“Quoted.”", "x" * 4000) is None
    assert compared("“Quoted.”", " ") == []


@pytest.mark.parametrize("end", [",", "", "."])
def test_the_mark_that_ends_a_quotation_is_the_articles(end):
    assert said(f"“Nobody asked about trams{end}” she said", ORIGIN) == "Word for word the same."


def test_what_was_said_is_compared_whole():
    assert said("Nobody will ask about trams.", ORIGIN, whole=True) is not None


def test_added_and_left_out_in_words():
    assert in_the_article(word_diff("a b c", "a b c d")) == "The article adds “d”."


def test_where_the_origin_quotes_too_the_quotations_are_compared():
    origin = "“We will build two ferries,” the mayor said."
    assert said("“We could build two ferries,” said she.", origin) == "The article says “could” for “will”."
    assert said("“We will build two ferries,” said she.", origin) == "Word for word the same."


def test_a_word_in_marks_in_the_origin_is_not_taken_for_the_whole():
    origin = "We will “build” two new ferries, the mayor said."
    assert "“new”" in said("“We will build two ferries”", origin)
    assert "“new”" in said("We will build two ferries, the mayor said.", origin, whole=True)
