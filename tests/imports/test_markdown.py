from annotations.imports import read_pasted, read_upload

SOURCE = b"""---
title: "Two harbours race for ships"
author: Ada Quill
date: 2024-05-02T10:00:00Z
url: https://harbour.example/race
tags: [a, b]
---
# Two harbours *race*

The first harbour raised **$31 billion** in
1,151 deals, says [the registry](https://registry.example/), which counts each deal.

- nine ships
- six cranes

| Year | Deals |
|------|-------|
| 2023 | 68    |

> A quotation.

    code  stays

READ MORE: [another story](/other)
"""


def test_what_a_reader_sees_is_kept():
    assert read_upload("a.md", SOURCE).lines() == [
        "Two harbours race",
        "The first harbour raised $31 billion in 1,151 deals, says the registry, which counts each deal.",
        "nine ships",
        "six cranes",
        "Year\tDeals",
        "2023\t68",
        "A quotation.",
        "code  stays",
        "READ MORE: another story",
    ]


def test_roles_and_front_matter():
    draft = read_upload("a.md", SOURCE)
    roles = [block["role"] for block in draft.blocks]
    assert (roles[0], roles[1], roles[-1]) == ("headline", "body", "furniture")
    assert draft.metadata == {
        "title": "Two harbours race for ships",
        "publisher": "",
        "byline": "Ada Quill",
        "published_on": "2024-05-02",
        "url": "https://harbour.example/race",
        "language": "en",
        "direction": "ltr",
    }
    assert draft.reasons["title"] == "the front matter of the file"


def test_html_inside_markdown_is_rendered_and_what_it_hides_is_hidden():
    assert read_upload(
        "a.md", b"A<br>b\n\n<div>c</div>\n\n<script>x</script>\n\n<p hidden>y</p>"
    ).lines() == ["A", "b", "c"]


def test_front_matter_that_is_no_metadata_is_left_out_and_harms_nothing():
    draft = read_upload(
        "a.md", b"---\nurl: javascript:alert(1)\nx: !!python/object:os.system\n---\nShips came.\n"
    )
    assert (draft.lines(), draft.url) == (["Ships came."], "")


def test_two_rules_are_no_front_matter_in_the_middle_of_a_text():
    assert read_upload("a.md", b"Ships\n\n---\ntitle: x\n---\n").lines() == ["Ships", "title: x"]


def test_a_paste_can_be_said_to_be_markdown():
    assert read_pasted("**Ships** came.", format="markdown").text == "Ships came."
    assert read_pasted("**Ships** came.").text == "**Ships** came."
