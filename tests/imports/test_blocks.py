"""What every draft promises, whatever the text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.imports import ImportRefused, read_pasted, read_upload, reblock

TEXTS = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=400
)
PIECES = st.lists(
    st.sampled_from(
        [
            "\r\n",
            "\r",
            "\n",
            "\ufeff",
            "\u2028",
            "\x85",
            "\xa0",
            "e\u0301",
            "👩\u200d🚀",
            "\u202e",
            "سفن",
            "船。",
            "By Ada Quill",
            "READ NEXT: x",
            "A sentence. And one more.",
            "\x0b",
            "\t",
            " ",
            "© 2024 Bay",
        ]
    ),
    min_size=1,
    max_size=30,
).map("".join)


def check(draft, lines):
    assert [draft.text[block["start"] : block["end"]] for block in draft.blocks] == lines
    for block in draft.blocks:
        assert set(block) == {"start", "end", "role", "reason", "sentences"}
        previous = block["start"]
        for start, end in block["sentences"]:
            assert previous <= start < end <= block["end"]
            previous = end


def draft_or_none(read, *args):
    """Texts without anything to see are refused, and promise nothing."""
    try:
        return read(*args)
    except ImportRefused as refused:
        if refused.code == "empty":
            return None
        raise


@settings(deadline=None)
@given(TEXTS | PIECES)
def test_every_line_that_is_not_blank_is_in_exactly_one_block(text):
    draft = draft_or_none(read_pasted, text)
    if draft is None:
        return
    check(draft, [line for line in draft.text.split("\n") if line and not line.isspace()])


@settings(deadline=None)
@given(PIECES)
def test_a_file_and_the_same_text_pasted_agree(text):
    pasted = draft_or_none(read_pasted, text)
    if pasted is None:
        return
    uploaded = read_upload("a.txt", text.encode())
    assert (uploaded.text, uploaded.blocks) == (pasted.text, pasted.blocks)


@settings(deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6))
def test_html_blocks_slice_back_and_lose_no_letter(pieces):
    page = "<html><body><main>" + "".join(f"<p>{piece}</p>" for piece in pieces) + "</main></body></html>"
    draft = draft_or_none(read_upload, "a.html", page.encode())
    if draft is None:
        return
    check(draft, [line for line in draft.text.split("\n") if line and not line.isspace()])
    letters = [char for char in "".join(pieces) if char.isalnum()]
    assert [char for char in draft.text if char.isalnum()] == letters


def test_reblock_cuts_sentences_anew_and_changes_nothing_else():
    draft = read_pasted("船来了。船走了。\n\nShips came. Ships left.")
    again = reblock(draft.text, draft.blocks, "zh")
    assert [{**block, "sentences": None} for block in again] == [
        {**block, "sentences": None} for block in draft.blocks
    ]
    assert [draft.text[s:e] for s, e in again[0]["sentences"]] == ["船来了。", "船走了。"]


def test_text_is_changed_in_no_other_way_than_announced():
    draft = read_pasted("\ufeffA\xa0b\r\nc\rd\x0b “e” e\u0301\u202e\u2028f")
    assert draft.text == "A\xa0b\nc\nd “e” e\u0301\u202e\u2028f"
    assert any("1 invisible control character was dropped" in warning for warning in draft.warnings)
