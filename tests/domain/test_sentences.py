"""Each example is written with | where one sentence ends; the bars are taken out before cutting."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.sentences import sentences

EXAMPLES = [
    "",
    "   ",
    "No stop at all",
    "One sentence.",
    "He left. |She stayed.",
    "He left.   |She stayed.  ",
    "In an interview, Mr. Lee spoke of his firm. |It is young.",
    "Ms. Ortiz met Dr. Ahn and Prof. Kim. |They agreed.",
    "Rival U.S. AI firms lead. |Others follow.",
    "The gap with the U.S. is wide.",
    "It relies on the U.S. |The rest is local.",
    "Leading A.I. Labs said so.",
    "A year of generative A.I. |However, nothing came of it.",
    "He met U.S. President Joe R. Doe.",
    "The author J. R. Smith wrote it. |It sold.",
    "J.-P. Martin and W. E. B. Cole came.",
    "Its rival 01.AI raised $2.7 billion. |Amounts differ.",
    "It rose 3.5 percent. |Then it fell 1.25 points.",
    "It took 1.5-2.5 years, pp. 12-14, see Fig. 3 and No. 5 there.",
    "He said no. |Nobody asked.",
    "No. |That is wrong.",
    "Acme Inc. Chief Ann Roe resigned.",
    "She works at Acme Inc. |She likes it.",
    "Acme Inc. (Nasdaq: ACME) and Foo Corp. Ltd. merged.",
    "On Jan. 5 and Nov. 30, 2023, it closed. |On Sat. Jan. 6 it reopened.",
    "It closed in Jan. |The year went on.",
    "It opened at 5 p.m. Monday.",
    "It opened at 5 p.m. |The crowd left.",
    "Models, e.g. Llama, i.e. the open ones, vs. Closed ones.",
    "Chips, models, etc. are scarce.",
    "Smith et al. Nature 2020 is cited. |See Smith et al. (2020) too.",
    "It closed its Series A. |Moon raised money.",
    "She holds a Ph.D. from Ohio. |Her Ph.D. Thesis is known.",
    "They moved to St. Louis, Mo. |They liked it.",
    "Version v2.0 of example.com/a.b?c=d came. |See www.example.org.",
    "iPhone sales fell. |iPad sales rose.",
    "It was approx. five, or c. 1900.",
    "Well... |Nobody knew. |The gap … grew.",
    "The lag […] is real. |They said [...] it closes.",
    "Wait . . . what now?",
    "Really? |Yes! |No?! |What?? |Stop!!!",
    "“Is it over?” she asked. |“It is,” he said.",
    '"Is it over?" Ms. Lee asked. |Nobody spoke.',
    "“We lead.” |“They follow.” |He smiled.",
    "He said: “We lead. |They follow.” |Then he left.",
    "(It was late.) |[He slept.] |She (a doctor) left.",
    "It grew.[12] |It shrank.[3][4] |It ended.¹ |Done.",
    "Yahoo! Finance has it. |It is slow!",
    'He said "No." |Then he left the "U.S." |The end.',
    "It is so (see p. 5). |See Sec. 5(a). |Q. Why? |A. Because. |B. No.",
    "Mr. and Mrs. Doe, Jr. went. |About 12. |Then 13.",
    "China leads the U.S. China has more.",
    "Why it matters. |China is near.",
    "• 01.AI made a chatbot. |It works.",
    "Apples are red. |• Pears are green. |• Plums are blue",
    "1. First point. |2. Second point. |It was 2023. |We left.",
    "a) One thing. |(b) Another thing.",
    "IV. The fourth part. |It ends.",
    "Xi. |Then the others.",
    "It rose. |$5 billion came in. |2023 was good.",
    "It was good. |— She left. |– He stayed.",
    "— Stop! — he cried. |Nobody stopped.",
    "Great! |🎉 We won. 🎉🎉",
    "He “left.”|Then she came.",
    "Der Vertrag gilt, d.h. z.B. am Montag, bzw. Dr. Braun lügt. |Ja.",
    "Il est venu. |« Bonjour ! » |Elle part.",
    "¿Qué pasó? |¡Nada! |Dijo la Sra. López.",
    "Он жил в 2023 г. Москва росла, т.е. Быстро. |Всё.",
    "هل هذا صحيح؟ |نعم. |قال د. أحمد ذلك.",
    "یہ سچ ہے۔ |وہ گیا۔",
    "差距正在缩小。|他同意！|是吗？|是的。",
    "他说：“差距很大。”|我们不同意。",
    "“差距很大。”李开复说。|没有人回答。",
    "《你好！世界》上映了。|很好。",
    "价格是3.5亿美元。|2023年增长。|“好。”|“不好。”|‘对。’",
    '他说"好。"|然后走了。',
    "増加率は３．５％だ。|次も同じ。",
    "「すごい！」と言った。|彼は帰った。",
    "（終わり。）|『次。』|そうだ。",
    "真的吗?|是的!|版本2.0好。",
    "यह सच है। |वह गया। |डॉ. सिंह आए॥",
    "ประเทศไทย มีคนมาก พ.ศ. 2567 ดร. สมชาย",
    "그는 갔다. |그녀는 왔다.",
    "THE U.S. IS AHEAD",
    "!!! ... And then it began. |It ended.",
]


@pytest.mark.parametrize("marked", EXAMPLES)
def test_a_block_is_cut_at_its_bars(marked):
    block = marked.replace("|", "")
    expected = [piece.strip() for piece in marked.split("|") if piece.strip()]

    found = [block[start:end] for start, end in sentences(block, 0, len(block))]

    assert found == expected


def test_german_ordinals_do_not_end_a_sentence_in_german_only():
    block = "Er kam am 5. März an."

    assert len(sentences(block, 0, len(block), "de-AT")) == 1
    assert len(sentences(block, 0, len(block), "en")) == 2


def test_words_that_begin_sentences_depend_on_the_language():
    block = "Il vit aux U.S.A. Les autres non."

    assert len(sentences(block, 0, len(block), "fr")) == 2


def test_a_line_end_inside_the_range_cuts():
    assert sentences("Mr.\nLee\nleft", 0, 12) == [(0, 3), (4, 7), (8, 12)]


def test_the_surroundings_of_a_block_do_not_matter():
    block = "Mr. Lee left. U.S. AI won."
    text = f"He said Dr.\n{block}\nthe end."

    inside = sentences(text, 12, 12 + len(block))

    assert [(start - 12, end - 12) for start, end in inside] == sentences(block, 0, len(block))


PIECES = st.sampled_from(
    (
        'Mr. |U.S.|A|b| |\u00a0|. |...|?!|。|」|”|"|(|)|• |1.|\n|《|》|iPhone|The '
        "|said |ก|د|।|؟|🎉|\u200f|–|[12]|３．５|…|é"
    ).split("|")
)
BLOCKS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=80))


@given(text=BLOCKS, data=st.data())
def test_sentences_cover_the_block_in_order_and_stay_inside(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    spans = sentences(text, start, end)

    edges = [start, *(edge for span in spans for edge in span), end]
    assert edges == sorted(edges)
    assert all(left < right for left, right in spans)
    assert all(text[left:right] == text[left:right].strip() for left, right in spans)
    gaps = [text[edges[i] : edges[i + 1]] for i in range(0, len(edges), 2)]
    assert not "".join(gaps).strip()


@given(text=BLOCKS)
def test_only_the_block_itself_decides(text):
    around = f"1中《{text}said 》2"

    assert sentences(around, 3, 3 + len(text)) == [(a + 3, b + 3) for a, b in sentences(text, 0, len(text))]


@pytest.fixture
def count_lines():
    """Counts the lines of Python that a call runs: work without a clock."""

    def count(call):
        lines = 0

        def trace(frame, event, argument):
            nonlocal lines
            lines += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            call()
        finally:
            sys.settrace(before)
        return lines

    return count


HOSTILE = [
    "A. ",
    "! ",
    ". ",
    ".",
    '"',
    " ",
    "1. ",
    " •",
    "《好。",
    '."',
    ".(",
    ".[1] ",
    ". ( [ {",
    '?" Aa Bb Cc ',
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_the_work_grows_with_the_length_only(unit, count_lines):
    short = count_lines(lambda: sentences(unit * 200, 0, len(unit) * 200))
    long = count_lines(lambda: sentences(unit * 2000, 0, len(unit) * 2000))

    assert long <= 10.5 * short + 200


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_million_characters_ends(unit):
    text = (unit * 1_000_000)[:1_000_000]

    assert len(sentences(text, 0, len(text))) <= len(text)
