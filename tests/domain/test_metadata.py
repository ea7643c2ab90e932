import pytest

from annotations.domain.dates import find_dates, is_date_line
from annotations.domain.languages import guess_direction, guess_language
from annotations.domain.metadata import copyright_holder, guess_metadata
from annotations.domain.roles import guess_roles

PARAGRAPH = "The harbour said on 3 March 2021 that it had built nine ships, twice as many as its rival across the bay."


def metadata(*lines: str):
    found = guess_roles("\n\n".join(lines).split("\n"))
    return guess_metadata(lines, [role for role, _ in found])


def test_all_fields_from_a_web_text():
    found = metadata(
        "Two harbours race to build ships", "By Ada Quill", "May 6, 2024 11:55 AM EDT", PARAGRAPH,
        "© 2024 HARBOURPOST, All rights reserved. Do not reproduce without permission.",
    )  # fmt: skip
    assert (found.title, found.byline, found.published_on) == (
        "Two harbours race to build ships",
        "Ada Quill",
        "2024-05-06",
    )
    assert (found.publisher, found.language, found.direction) == ("HARBOURPOST", "en", "ltr")
    assert set(found.reasons) == {
        "title",
        "publisher",
        "byline",
        "published_on",
        "url",
        "language",
        "direction",
    }
    assert found.warnings == []


def test_a_text_without_a_headline_has_no_title_and_says_so():
    found = metadata(f" date 2024-05-06 {PARAGRAPH}", PARAGRAPH)
    assert found.title == ""
    assert "none is invented" in found.reasons["title"]
    assert found.published_on == "2024-05-06"
    assert any("no headline" in warning for warning in found.warnings)


def test_dates_and_names_inside_the_body_are_not_the_articles_own():
    found = metadata(
        "Two harbours race to build ships", PARAGRAPH, "On May 1, 2020 Bo Lens wrote it down, by hand."
    )
    assert (found.published_on, found.byline, found.publisher) == (None, "", "")
    assert found.reasons["published_on"] == "no line gives a date"


def test_two_bylines_the_sentence_wins_and_both_are_named():
    found = metadata(
        "Two harbours race to build ships", "Ada Quill", "Writer", PARAGRAPH,
        "This article was written by Bo Lens and originally published in Spanish on Puerto Hoy.",
    )  # fmt: skip
    assert (found.byline, found.publisher) == ("Bo Lens", "Puerto Hoy")
    assert "another edition" in found.reasons["publisher"]
    assert any("Two bylines: Bo Lens" in warning and "Ada Quill" in warning for warning in found.warnings)


def test_the_same_name_twice_is_no_contradiction():
    assert metadata("Two harbours race", "Ada Quill", "Writer", "By Ada Quill", PARAGRAPH).warnings == []


def test_a_text_cut_off_in_mid_word():
    found = metadata(
        "Two harbours race", PARAGRAPH, PARAGRAPH.rstrip(".") + ", and more of them are being plan"
    )
    assert any("cut off" in warning and "plan" in warning for warning in found.warnings)


@pytest.mark.parametrize("end", [".", "。", ".”", "!", '."', ")."])
def test_a_text_that_ends_well_is_not_cut_off(end):
    assert not any(
        "cut off" in w for w in metadata("Two harbours race", PARAGRAPH.rstrip(".") + end).warnings
    )


def test_a_publishing_date_goes_before_an_update():
    found = metadata("Two harbours race", "Updated: 9 May 2024", "Published: 6 May 2024", PARAGRAPH)
    assert found.published_on == "2024-05-06"


def test_a_date_that_reads_as_two_days_is_left_to_a_person():
    found = metadata("Two harbours race", "03/04/2024", PARAGRAPH)
    assert found.published_on is None
    assert any("two different days" in warning for warning in found.warnings)


def test_two_dates_that_disagree_are_named():
    found = metadata("Two harbours race", "6 May 2024", "7 May 2024", PARAGRAPH)
    assert found.published_on == "2024-05-06"
    assert any("2024-05-07" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("Mar 31, 2024 11:55 AM EDT", "2024-03-31"),
        ("Mon, Apr 08 2024 06:39 AM EST", "2024-04-08"),
        ("2024-03-31", "2024-03-31"),
        ("2024-03-31T23:59:00Z", "2024-03-31"),
        ("Published: Sunday 31st March 2024, 10.30 GMT", "2024-03-31"),
        ("31 de marzo de 2024", "2024-03-31"),
        ("31 mars 2024 à 10h30", "2024-03-31"),
        ("1er avril 2024", "2024-04-01"),
        ("31. März 2024", "2024-03-31"),
        ("31.03.2024", "2024-03-31"),
        ("31 de março de 2024", "2024-03-31"),
        ("31 marzo 2024", "2024-03-31"),
        ("31 maart 2024", "2024-03-31"),
        ("31 марта 2024", "2024-03-31"),
        ("٣١ مارس ٢٠٢٤", "2024-03-31"),
        ("31 במרץ 2024", "2024-03-31"),
        ("31 मार्च 2024", "2024-03-31"),
        ("2024年3月31日", "2024-03-31"),
        ("2024년 3월 31일", "2024-03-31"),
        ("03/31/2024", "2024-03-31"),
        ("31/03/2024", "2024-03-31"),
        ("04/04/2024", "2024-04-04"),
        ("Feb. 29, 2024", "2024-02-29"),
    ],
)
def test_date_lines(line, iso):
    assert [date.iso for date in find_dates(line)] == [iso]
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line", ["Feb 30, 2024", "2024", "version 2024-3-311", "31 ships 2024", "12/13/14", "99.99.2024"]
)
def test_no_dates(line):
    assert find_dates(line) == []


def test_an_ambiguous_date_is_found_but_not_read():
    assert [date.iso for date in find_dates("03/04/2024")] == [""]


@pytest.mark.parametrize("line", ["The harbour opened on 31 March 2024", "Mar 31, 2024 was a bad day"])
def test_a_sentence_with_a_date_is_no_date_line(line):
    assert not is_date_line(line)


@pytest.mark.parametrize(
    ("language", "direction", "text"),
    [
        ("en", "ltr", "The harbour has built more ships than its rival, and that is not all of it."),
        ("es", "ltr", "El puerto ha construido más barcos que su rival, pero no todos los que dice."),
        (
            "fr",
            "ltr",
            "Le port a construit plus de navires que son rival, mais pas tous ceux qui sont dans la liste.",
        ),
        (
            "de",
            "ltr",
            "Der Hafen hat mehr Schiffe gebaut als der Konkurrent, aber nicht alle sind auf dem Meer.",
        ),
        (
            "pt",
            "ltr",
            "O porto construiu mais navios do que o seu rival, mas não todos os que estão na lista.",
        ),
        (
            "it",
            "ltr",
            "Il porto ha costruito più navi del suo rivale, ma non tutte quelle che sono nella lista.",
        ),
        ("nl", "ltr", "De haven heeft meer schepen gebouwd dan de rivaal, maar niet alle staan op de lijst."),
        ("ar", "rtl", "قال الميناء إنه بنى تسع سفن في العام الماضي، أي ضعف ما بناه منافسه في الخليج."),
        ("he", "rtl", "הנמל בנה תשע ספינות בשנה שעברה, פי שניים מהמתחרה שלו במפרץ."),
        ("fa", "rtl", "بندر گفت که سال گذشته نه کشتی ساخته است که دو برابر رقیب آن در خلیج است."),
        ("zh", "ltr", "港口去年建造了九艘船，是竞争对手的两倍。"),
        ("ja", "ltr", "港は昨年、九隻の船を建造し、競争相手の二倍に達した。"),
        ("ko", "ltr", "항구는 지난해 배 아홉 척을 건조했으며 이는 경쟁 항구의 두 배이다."),
        (
            "ru",
            "ltr",
            "Порт построил в прошлом году девять судов, вдвое больше, чем его соперник, и это ещё не всё.",
        ),
        ("hi", "ltr", "बंदरगाह ने पिछले साल नौ जहाज बनाए, जो उसके प्रतिद्वंद्वी से दोगुने हैं और यह सब नहीं है।"),
        (
            "uk",
            "ltr",
            "Порт збудував торік дев'ять суден, удвічі більше, ніж його суперник у затоці, і це ще не все.",
        ),
        ("", "ltr", "Nvidia OpenAI 42 Gemini"),
        ("", "ltr", "12,345 — 67%"),
        ("", "ltr", "ok"),
    ],
)
def test_language_and_direction(language, direction, text):
    assert guess_language(text) == language
    assert guess_direction(text) == direction


@pytest.mark.parametrize(
    ("line", "holder"),
    [
        ("© 2024 HARBOURPOST, All rights reserved. Do not reproduce without permission.", "HARBOURPOST"),
        ("Copyright © 2023-2024 Harbour Post. All Rights Reserved.", "Harbour Post"),
        ("© Harbour Post 2024", "Harbour Post"),
        ("(c) 2024 by The Bay Times", "The Bay Times"),
        ("© 2024. All rights reserved.", ""),
        ("All rights reserved.", ""),
        ("版权所有 2024", ""),
    ],
)
def test_copyright_holder(line, holder):
    assert copyright_holder(line) == holder


def test_the_outlets_name_above_the_headline_is_the_publisher_and_never_the_title():
    lines = [
        "Home > News",
        "The Counting House Post",
        "Two harbours race to build ships",
        "A sentence of text.",
    ]
    roles = ["furniture", "furniture", "headline", "body"]
    found = guess_metadata(lines, roles)
    assert (found.title, found.publisher) == (lines[2], lines[1])


def test_two_headlines_are_said():
    found = guess_metadata(["One headline here", "Another one there"], ["headline", "headline"])
    assert any("More than one line is a headline" in warning for warning in found.warnings)
