import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.domain.roles import ROLES, guess_roles

PARAGRAPH = "The harbour said on Tuesday that it had built nine ships last year, twice as many as its rival."


def roles(*lines: str) -> list[str]:
    return [role for role, _ in guess_roles("\n\n".join(lines).split("\n"))]


def role_in_body(line: str) -> str:
    return roles("Two harbours race to build ships", PARAGRAPH, line, PARAGRAPH)[2]


def test_headline_byline_date_and_body():
    found = roles(
        "Two harbours race to build ships", "By Ada Quill", "Mon, May 06 2024 06:39 AM EST", PARAGRAPH
    )
    assert found == ["headline", "byline", "byline", "body"]


def test_no_headline_is_invented_for_a_text_that_opens_with_a_paragraph():
    assert roles(f" date 2024-05-06 {PARAGRAPH}", "What comes next", PARAGRAPH) == ["body", "body", "body"]


@pytest.mark.parametrize("line", [PARAGRAPH, "A single line.", "Ships", "Short and no sentence"])
def test_a_text_of_one_line_is_body(line):
    assert roles(line) == ["body"]


def test_a_headline_may_end_with_an_abbreviation_but_not_with_a_full_stop():
    assert roles("Ships rival those built in the U.S.", PARAGRAPH)[0] == "headline"
    assert roles("He went home at noon.", PARAGRAPH)[0] == "body"


def test_a_text_with_hard_line_breaks_has_no_headline_in_mid_sentence():
    lines = ["The harbour said that it had built nine", "ships last year, twice as many", "as its rival."]
    assert [role for role, _ in guess_roles(lines)] == ["body", "body", "body"]


def test_breadcrumbs_and_a_section_label_stand_above_the_headline():
    found = roles("Home\xa0>\xa0News\xa0>\xa0Sea", "Shipping", "Two harbours race to build ships", PARAGRAPH)
    assert found == ["furniture", "furniture", "headline", "body"]


def test_summary_points_between_headline_and_text_are_the_deck_and_later_ones_are_body():
    found = roles(
        "Two harbours race",
        "  • Ships are scarce.",
        "  • Steel is too.",
        PARAGRAPH,
        "  • Nine ships.",
        PARAGRAPH,
    )
    assert found == ["headline", "deck", "deck", "body", "body", "body"]


def test_a_standfirst_above_the_byline_is_the_deck():
    found = roles(
        "Two harbours race", "Both say that they lead, and neither shows its books", "By Ada Quill", PARAGRAPH
    )
    assert found == ["headline", "deck", "byline", "body"]


def test_caption_and_credit_before_the_body():
    lines = [
        "Two harbours race",
        "",
        "By Ada Quill",
        "",
        PARAGRAPH,
        "(Photo : B. LENS/Bay Agency)",
        "",
        PARAGRAPH,
    ]
    assert [role for role, _ in guess_roles(lines)] == ["headline", "byline", "caption", "credit", "body"]


def test_the_box_about_the_author_is_no_work():
    bio = "Reporter with ten years at sea, passionate about knots. LinkedIn"
    found = roles("Two harbours race", "ada-quill", "Ada Quill", "Staff Writer", bio, PARAGRAPH)
    assert found == ["headline", "furniture", "byline", "byline", "furniture", "body"]


def test_a_note_about_the_author_below_the_text():
    assert (
        roles(
            "Two harbours race", "By Ada Quill", PARAGRAPH, "Ada Quill is a reporter in the harbour office."
        )[3]
        == "furniture"
    )


@pytest.mark.parametrize(
    "line",
    [
        "READ NEXT:\xa0A Shipwright Charged With Theft",
        "READ MORE: How steel got scarce",
        "Related | The owner keeps saying that his harbour is open",
        "Lee también: Otra historia del puerto",
        "Lire aussi : Une autre histoire du port",
        "Mehr zum Thema: Ein anderer Hafen",
        "関連記事：別の港の話",
        "相关阅读：另一个港口的故事",
        "اقرأ أيضا: قصة أخرى عن الميناء",
        "Читайте также: другая история порта",
        "© 2024 HARBOUR POST, All rights reserved. Do not reproduce without permission.",
        "Copyright 2024 Harbour Post",
        "Join the Conversation",
        "Related Articles",
        "Latest Updates",
        "Advertisement",
        "No comments Twitter Flipboard E-mail",
        "Share on Facebook",
        "Leave a comment",
        "Tags: ships, steel, harbours",
        "4 min read",
        "We use cookies to make this site work.",
    ],
)
def test_furniture_amid_the_text(line):
    assert role_in_body(line) == "furniture"


@pytest.mark.parametrize(
    "line",
    [
        "What comes next",
        "Is the harbour ahead?",
        "Recent developments:",
        "  • Nine ships were built in May.",
        "Read more than one report before you judge.",
        "Related costs rose by half.",
        "By Monday, the harbour had built nine ships.",
        "By then it was too late",
        "Share prices fell by 4% on Tuesday.",
        "Source code for the crane is open.",
        "Comments by the minister were met with laughter.",
        "Photos from orbit show nine ships.",
        "Copyright law is the next front.",
        "In May 2024 the harbour closed.",
        "Kai Ferrer is a writer and owns two ships.",
        "The picture is mixed: nine ships, no crews.",
        "Tuesday",
    ],
)
def test_what_looks_like_furniture_but_is_text_stays_body(line):
    assert role_in_body(line) == "body"


@pytest.mark.parametrize(
    "line",
    [
        "(Photo: B. Lens)",
        "Image | Harbour Post with Midjourney",
        "Photograph by B. Lens",
        "B. Lens/AFP via Getty Images",
    ],
)
def test_picture_credits(line):
    assert role_in_body(line) == "credit"


@pytest.mark.parametrize(
    "line", ["File photo: the quay at dawn", "Pictured: the new crane", "Figure 2: ships by year"]
)
def test_captions(line):
    assert role_in_body(line) == "caption"


@pytest.mark.parametrize(
    "line",
    [
        "By Ada Quill and Bo Lens",
        "Written by Ada Quill, science desk",
        "Von Ada Quill",
        "作者：李明",
        "بقلم: ليلى حداد",
    ],
)
def test_bylines(line):
    assert role_in_body(line) == "byline"


def test_short_lines_below_the_furniture_at_the_end_are_furniture():
    found = roles("Two harbours race", PARAGRAPH, "Join the Conversation", "Real Time Charts", "Home o Index")
    assert found[2:] == ["furniture"] * 3


def test_a_paragraph_below_furniture_is_still_work():
    assert roles("Two harbours race", PARAGRAPH, "Advertisement", "The end", PARAGRAPH)[2:] == [
        "furniture",
        "body",
        "body",
    ]


def test_hints_stand():
    lines = ["Two harbours race", "Advertisement", PARAGRAPH]
    assert guess_roles(lines, {1: ("body", "the page says so")})[1] == ("body", "the page says so")


def test_a_chinese_article():
    body = "港口周二表示，去年共建造了九艘船，是海湾对岸竞争对手的两倍，但今年的订单已经减少了一半以上。"
    found = roles(
        "两个港口竞相造船", "作者：李明", "2024年5月6日", body, "新的起重机", body, "版权所有 2024 港口日报"
    )
    assert found == ["headline", "byline", "byline", "body", "body", "body", "furniture"]


LINES = st.lists(
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\n"))
    | st.sampled_from(
        [
            "",
            "By Ada Quill",
            "Home > News",
            PARAGRAPH,
            "(Photo: x)",
            "READ NEXT: y",
            "Writer",
            "1 May 2024",
            "• a",
        ]
    ),
    max_size=30,
)


@settings(deadline=None)
@given(LINES)
def test_every_line_that_is_not_blank_has_one_role_and_a_reason(lines):
    found = guess_roles(lines)
    assert len(found) == sum(1 for line in lines if line and not line.isspace())
    assert all(role in ROLES and reason for role, reason in found)


@pytest.mark.parametrize(
    "line", ["By " + "Aa " * 120, "A > " * 90, "12 " * 120 + "2024", "a" * 100_000, "(" * 5000]
)
def test_lines_made_to_make_patterns_run_away_are_read(line):
    assert len(guess_roles([line] * 50)) == 50


@pytest.mark.parametrize("outlet", ["The Counting House Post", "Daily Tide of Quayside", "harbour.example"])
def test_an_outlets_name_between_breadcrumbs_and_headline_is_furniture(outlet):
    found = roles("Home > News > Sea", outlet, "Two harbours race to build ships", PARAGRAPH)
    assert found == ["furniture", "furniture", "headline", "body"]


def test_a_line_that_is_the_copyright_holder_is_not_the_headline():
    found = roles(
        "Sinoport Technology Today and Tomorrow",
        "Harbours race",
        PARAGRAPH,
        "© 2024 Sinoport Technology Today and Tomorrow",
    )
    assert found[:2] == ["furniture", "headline"]


def test_an_outlets_name_is_no_headline_even_where_there_is_no_other():
    found = roles("Home > Sea", "The Lantern", PARAGRAPH, "© 2024 The Lantern. All rights reserved.")
    assert found == ["furniture", "furniture", "body", "furniture"]


def test_a_headline_with_a_deck_below_is_no_outlet():
    found = roles("AI Gap Narrows in Two Years", "Ships, steel and chips: what the harbours say", PARAGRAPH)
    assert found[0] == "headline"
    assert roles("The Ship in the News", "By Ada Quill", PARAGRAPH)[0] == "headline"
