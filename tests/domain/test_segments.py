from html.parser import HTMLParser
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.segments import TONES, Mark, article_html, block_html, look, segments

TEXT = "Alpha beta gamma.\nDelta <b>epsilon</b> & zeta.\n\nEta theta."


def blocks_of(text, role="body"):
    blocks, start = [], 0
    for line in text.split("\n"):
        end = start + len(line)
        blocks.append({"start": start, "end": end, "role": role, "reason": "", "sentences": [[start, end]]})
        start = end + 1
    return blocks


def mark(number, start, end, tone="v"):
    return Mark(number, start, end, tone, f"Claim {number}")


class Flat(HTMLParser):
    """Reads the markup back: text, class of each character, where each link stands, deepest nesting."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.text, self.classes, self.links, self.open, self.nested = "", [], {}, [], False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a":
            self.links[int(attrs["id"][1:])] = len(self.text)
        if tag == "span":
            self.nested |= any(name == "span" for name, _ in self.open)
        self.open.append((tag, attrs.get("class", "")))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        self.text += data
        inner = self.open[-1][1] if self.open[-1][0] == "span" else ""
        self.classes += [inner.removeprefix("h ")] * len(data)


@st.composite
def marked_texts(draw):
    text = draw(st.text(alphabet="ab <&>\"'\n\u00a0\u0301\u200d😀العربي漢字", min_size=1, max_size=120))
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)), st.sampled_from(TONES))
    drawn = draw(st.lists(places, max_size=14))
    spans = [(min(a, b), max(a, b), tone) for a, b, tone in drawn if a != b]
    return text, [mark(n + 1, a, b, tone) for n, (a, b, tone) in enumerate(spans)]


def covering(marks, position):
    counts = dict.fromkeys(TONES, 0)
    for each in marks:
        counts[each.tone] += each.start <= position < each.end
    return look(counts)


@given(marked_texts())
def test_runs_agree_with_a_model_that_asks_every_character(case):
    text, marks = case
    runs = segments(0, len(text), marks)
    flat = [name for left, right, name in runs for _ in range(left, right)]
    assert flat == [covering(marks, position) for position in range(len(text))]
    assert all(a[2] != b[2] and a[1] == b[0] for a, b in pairwise(runs))


@given(marked_texts())
def test_a_block_reads_back_as_its_slice_with_the_right_looks(case):
    text, marks = case
    for block in blocks_of(text):
        read = Flat(block_html(text, block, marks))
        assert read.text == text[block["start"] : block["end"]]
        assert read.classes == [covering(marks, at) for at in range(block["start"], block["end"])]
        assert not read.nested


@given(marked_texts())
def test_the_article_is_its_blocks_and_every_claim_is_cited_once(case):
    text, marks = case
    blocks = blocks_of(text)
    whole = article_html(text, blocks, marks)
    assert Flat(whole).text == text.replace("\n", "")
    filled = [each for each in marks if text[each.start : each.end].strip()]
    assert {each.id for each in filled} <= Flat(whole).links.keys()
    assert whole.count('class="ref') == len(Flat(whole).links)


@given(marked_texts())
def test_a_link_stands_where_its_claim_ends(case):
    text, marks = case
    block = {"start": 0, "end": len(text), "role": "body", "reason": "", "sentences": []}
    assert Flat(block_html(text, block, marks)).links == {each.id: each.end for each in marks}


def test_the_markup_of_a_block():
    (block, *_) = blocks_of(TEXT)
    html = block_html(TEXT, block, [Mark(31, 6, 10, "d", 'Claim 31: disputed, 2 "reviewers"')])
    assert html == (
        '<p class="block" id="b0" data-start="0" data-s="0,17" dir="auto">Alpha '
        '<span class="h d">beta</span><a class="ref d" id="r31" href="#c31" data-n="31" tabindex="-1" '
        'aria-label="Claim 31: disputed, 2 &quot;reviewers&quot;"></a> gamma.</p>'
    )


def test_text_is_escaped():
    assert "&lt;b&gt;epsilon&lt;/b&gt; &amp; zeta." in block_html(TEXT, blocks_of(TEXT)[1], [])


def test_depth_shows_to_three():
    marks = [mark(n, 0, 10) for n in range(5)]
    assert segments(0, 12, marks[:1]) == [(0, 10, "v"), (10, 12, "")]
    assert segments(0, 12, marks[:2]) == [(0, 10, "v x2"), (10, 12, "")]
    assert segments(0, 12, marks) == [(0, 10, "v x3"), (10, 12, "")]


def test_two_verdicts_are_mixed_and_a_bare_mark_does_not_mix():
    assert segments(0, 9, [mark(1, 0, 9, "v"), mark(2, 3, 6, "d")]) == [
        (0, 3, "v"),
        (3, 6, "mix x2"),
        (6, 9, "v"),
    ]
    assert segments(0, 9, [mark(1, 0, 9, "m"), mark(2, 3, 6, "d")])[1] == (3, 6, "d x2")


def test_neighbours_of_equal_look_are_one_run():
    assert segments(0, 9, [mark(1, 0, 4), mark(2, 4, 9)]) == [(0, 9, "v")]


def test_a_claim_over_two_blocks_is_cited_in_the_last():
    first, second, *_ = blocks_of(TEXT)
    over = mark(7, 6, 23)
    assert 'id="r7"' not in block_html(TEXT, first, [over])
    assert 'id="r7"' in block_html(TEXT, second, [over])


def test_an_end_behind_the_line_is_cited_on_the_line():
    first, second, *_ = blocks_of(TEXT)
    assert 'id="r7"' in block_html(TEXT, first, [mark(7, 6, 18)])
    assert 'id="r7"' not in block_html(TEXT, second, [mark(7, 6, 18)])


def test_neighbouring_furniture_is_folded_together():
    blocks = blocks_of("Home\nNews\nThe story.\nShare")
    for index in (0, 1, 3):
        blocks[index]["role"] = "furniture"
    html = article_html("Home\nNews\nThe story.\nShare", blocks, [])
    assert html.count("<details") == 2
    assert '<summary aria-label="2 lines around the article"></summary>' in html
    assert Flat(html).text == "HomeNewsThe story.Share"


def test_long_overlaps_do_not_grow_the_page():
    text = "word " * 2000
    (block,) = blocks_of(text.strip())
    marks = [mark(n, n, 9000 + n) for n in range(900)]
    assert block_html(text, block, marks).count("<span") == 5
