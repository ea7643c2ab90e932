"""Each example writes the facts in brackets, with the first letter of the kind: “[m:$5] a head”.

f figure, m money, p percentage, d date, n name, q quotation.
"""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotations.domain.facts import facts, first_mentions, uncovered

KINDS = {"f": "figure", "m": "money", "p": "percentage", "d": "date", "n": "name", "q": "quotation"}
ENGLISH = [
    "",
    "nothing to check here",
    # figures: units belong to them, what is counted does not
    "it closed [f:68] deals and [f:1,151] more",
    "a lead of [f:two to three years], or [f:one to two years]",
    "they are [f:10–12] strong, [f:between 5 and 7] of them new",
    "it is [f:eight months] old and [f:a year] behind",
    "one of the two countries has [f:two] firms",
    "no one asked for [f:100 million] users, [f:half] of them [f:twice] as rich, with [f:two-thirds] gone",
    "[f:hundreds of millions] and [f:a dozen] and [f:half a million], [f:twenty-five]",
    "[f:one in five], [f:1 in 5], [f:9 out of 10]",
    "a [f:10-year] plan, a [f:30-year-old] firm, [f:10x] faster, [f:7B] weights, [f:5 km] away",
    "it came [f:3rd] with [f:1.5-2.5 years] to go",
    # money
    "a [m:$1 billion] valuation",
    "it took [m:$31 billion] in [f:1,151] deals against [m:$5.5 billion]",
    "[m:US$2.7bn], [m:€30m], [m:30 €], [m:£1.2 million] and [m:billions of dollars]",
    "[m:$2-3 billion], [m:$2 billion to $3 billion], [m:between $2 billion and $5 billion]",
    "up from [m:$2 billion] to [m:$5 billion]",
    "at [m:$20 million] a year",
    # percentages
    "[p:47%] against [p:18 percent], [p:10–12 %], [p:five per cent], [p:20 percentage points]",
    "it rose from [p:18%] to [p:47%], or by [p:18% to 47%]",
    # dates
    "on [d:Feb. 16, 2024] and [d:31 March 2024], [d:last year], in [d:2023], in [d:November]",
    "dated [d:2024-03-31] and [d:Mon, Apr 08 2024 06:39 AM EST]",
    "in [d:the 1990s], the ['90s] and [d:20th century]".replace("['90s]", "[d:'90s]"),
    "[d:2019–2023], [d:Q1 2024], [d:two years ago], over the [d:past two years]",
    "may it march in [d:May] or [d:March 2024]",
    "the [d:2022] total of [f:377]",
    "in the [f:three months] to [d:30 June], between [d:March 5] and [d:March 12, 2024]",
    # names
    "so said [n:Kai-Fu Lee] of [n:01.AI] to the [n:Boston Consulting Group]",
    "a model called [n:LLaMA], one called [n:iFlytek], by [n:CB Insights] for [n:CNBC]",
    "so [n:Ursula von der Leyen] met [n:J. R. Smith] at the [n:University of Tokyo]",
    "The firm met Mr. [n:Lee] and CEO [n:Ann Roe] and [n:Johnson & Johnson]",
    "Chips are scarce. [n:Nvidia] said so. Large models win.",
    "Acting alone, [n:Acme]'s rival won. [n:Acme] lost.",
    "The Chinese firm builds AI and the Western LLMs are behind",
    "with the [n:iPhone 16], with [n:Llama 1] and with [n:GPT-4] to [n:Acme] [f:68] times",
    "the [n:U.S. Congress], the [n:U.S.] AI lead and the [n:Microsoft]-backed firm",
    "see https://example.org/Foo/2024 or ann.roe2024@example.org",
    "How Great Firms Lose Their Way and Find It in [f:12] Steps",
    # quotations
    "he said [q:“it is “very” good”] and left",
    "[q:‘Never’] again, she’s sure; the firms' gap isn't [q:'big news']",
    '[q:"We won,"] he said, [q:"and went on to the end',
    "he called it [q:「done」] and [q:«over»] and [q:»gone«]",
    'a [f:6]" nail',
]
# The same with facts inside a quotation: those are listed after it.
OTHERS = [
    ("de", "Das sind [m:2,5 Millionen Euro] und [f:1.151] mehr, [p:12 Prozent], im [d:März 2024]"),
    ("de", "Er nannte es [q:„gut“] und die Lage bei [n:OpenAI] ernst"),
    ("fr", "soit [f:31 milliards], [m:31 milliards de dollars] et [f:12 000] personnes, en [d:mars 2024]"),
    ("fr", "selon [n:Jean-Paul de la Tour], [q:« oui »]"),
    ("es", "invirtió [m:2.700 millones de dólares] en [d:marzo de 2024]"),
    ("ru", "вложила [m:31 млрд долларов], [p:47 процентов], сказал [n:Иван Петров]"),
    ("ar", "[m:٣١ مليار دولار] و [f:١٬١٥١] صفقة [p:٤٧٪]"),
    (
        "zh",
        "[d:２０２３年]投资[m:31亿美元]，增长[p:４７％]，[f:1.5亿]用户，[m:三十一亿美元]，[p:百分之四十七]",
    ),
    ("ja", "[d:2023年8月]に[n:ポール・トリオロ]は[q:「遅れ」]と[n:OpenAI]で[f:3万]人"),
]


def _marked(example):
    text, expected, opened = "", [], None
    for part in re.split(r"(\[[fmpdnq]:|\])", example):
        if re.fullmatch(r"\[[fmpdnq]:", part):
            opened = (len(text), KINDS[part[1]])
        elif part == "]" and opened:
            expected.append((opened[0], len(text), opened[1]))
            opened = None
        else:
            text += part
    if opened:
        expected.append((opened[0], len(text), opened[1]))
    return text, expected


def _shown(text, found):
    return [(text[start:end], kind) for start, end, kind in found]


@pytest.mark.parametrize("example", ENGLISH)
def test_english(example):
    text, expected = _marked(example)
    assert _shown(text, facts(text, 0, len(text), "en")) == _shown(text, expected)


@pytest.mark.parametrize(("language", "example"), OTHERS)
def test_other_languages(language, example):
    text, expected = _marked(example)
    assert _shown(text, facts(text, 0, len(text), language)) == _shown(text, expected)


def test_offsets_are_code_points_of_the_whole_text():
    text = "🧪🧪 first line\nin 2023 it paid $31 billion 🧪 to 68 firms"
    start = text.index("\n") + 1
    assert _shown(text, facts(text, start, len(text))) == [
        ("2023", "date"),
        ("$31 billion", "money"),
        ("68", "figure"),
    ]


def test_a_quotation_holds_facts_and_comes_before_them():
    text = "she said: “We paid $2 billion to Ann Roe.” Nobody knew."
    assert _shown(text, facts(text, 0, len(text))) == [
        ("“We paid $2 billion to Ann Roe.”", "quotation"),
        ("$2 billion", "money"),
        ("Ann Roe", "name"),
    ]


def test_an_open_quotation_ends_with_its_line():
    text = "“We won and\nwe lost.” So be it."
    assert _shown(text, facts(text, 0, len(text))) == [("“We won and", "quotation")]


def test_a_title_gives_only_the_names_that_the_article_shows():
    text = "Acme Leads While Chips Stay Scarce\nthe makers of chips lead, and so does Acme"
    assert _shown(text, facts(text, 0, len(text))) == [("Acme", "name"), ("Acme", "name")]


def test_german_nouns_are_no_names():
    text = "die neue Regierung und Angela Merkel sehen die Lage"
    assert _shown(text, facts(text, 0, len(text), "de")) == [("Angela Merkel", "name")]


def test_first_mentions_tell_a_name_once():
    text = "it was Ann Roe in Paris, and then Roe in Paris with 68 and 68"
    kept = first_mentions(text, facts(text, 0, len(text)))
    assert [text[f.start : f.end] for f in kept] == ["Ann Roe", "Paris", "68", "68"]


PIECES = st.sampled_from(
    "$ 31 billion % to – 10 12 two three years May 2024 Feb. 16, “ ” \" ' ‘ ’ « » „ 「 」 Ann Roe U.S. of the . ! , "
    "\n 亿 万 三 ٣ １ % ％ € - 1,151 a between and The AI https://x.org @ 01.AI iPhone 16 é 🧪 \u00a0 \u0301 s".split(
        " "
    )
)


@example([(".", ""), ("U.S.", " "), ("31", ""), ("The", "")], "")  # a number that begins another word
@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(PIECES, st.sampled_from(["", " "])), max_size=40),
    st.sampled_from(["", "en", "de", "fr"]),
)
def test_facts_are_in_order_and_apart(pieces, language):
    text = "".join(piece + space for piece, space in pieces)
    found = facts(text, 0, len(text), language)
    assert found == sorted(found, key=lambda f: (f.start, -f.end))
    assert all(text[f.start : f.end].strip() == text[f.start : f.end] != "" for f in found)
    assert all("\n" not in text[f.start : f.end] for f in found)
    for quoted in (True, False):
        some = [f for f in found if (f.kind == "quotation") is quoted]
        assert all(before.end <= after.start for before, after in zip(some, some[1:], strict=False))
    for quotation in (f for f in found if f.kind == "quotation"):
        for f in found:
            inside = quotation.start <= f.start and f.end <= quotation.end
            assert inside or f.end <= quotation.start or f.start >= quotation.end


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_no_text_breaks_it(text):
    assert all(0 <= f.start < f.end <= len(text) for f in facts(text, 0, len(text)))


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,",
        "1-",
        "一",
        "A",
        "Abc ",
        "a.",
        '"',
        "“",
        "'a ",
        "a@",
        "two-",
        "1 000 ",
        "$",
        "A-",
        "May 1 to ",
    ],
)
def test_a_long_line_of_anything_comes_to_an_end(piece):
    """Were the time a square of the length, this would take minutes."""
    text = (piece * 50_000)[:50_000]
    assert all(0 <= f.start < f.end <= len(text) for f in facts(text, 0, len(text)))


def _left(text, *claims):
    """The words of the facts that these claims leave uncovered; claims are words of the text."""
    found = first_mentions(text, facts(text, 0, len(text), "en"))
    places = [(text.index(words), text.index(words) + len(words)) for words in claims]
    return [text[found[i].start : found[i].end] for i in uncovered(text, found, places)]


@pytest.mark.parametrize(
    ("claims", "left"),
    [
        ([], ["two to three years", "$1 billion", "“it is far behind, and slow”"]),
        (["two to three"], ["two to three years", "$1 billion", "“it is far behind, and slow”"]),
        (["by two to three years, for"], ["$1 billion", "“it is far behind, and slow”"]),
        (["$1 billion", "it is far behind"], ["two to three years", "“it is far behind, and slow”"]),
        (["it is far behind", "and slow"], ["two to three years", "$1 billion"]),
        (["It trails by two to three years, for a $1 billion, said: “it is far behind, and slow”"], []),
    ],
)
def test_what_covers_a_fact(claims, left):
    text = "It trails by two to three years, for a $1 billion, said: “it is far behind, and slow”"
    assert _left(text, *claims) == left


def test_a_long_claim_covers_what_lies_behind_a_short_one():
    assert _left("It has 5 ships and 7 boats", "It has 5 ships and 7 boats", "has", "ships") == []
