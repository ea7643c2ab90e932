import socket

import pytest

from annotations.imports import Draft, read_upload

LONG = "The first harbour raised $31 billion in 1,151 deals last year, according to a registry that counts every deal."
NEXT = (
    "The second harbour raised two billion, and says that this is enough for its plans in the years to come."
)
LAST = (
    "In the end both harbours will need more ships than anyone has built in the last ten years, say builders."
)

PAGE = f"""<!doctype html><html lang="en-GB" dir="ltr"><head><meta charset="utf-8">
<title>Two harbours race for ships | Harbour Post</title>
<meta property="og:site_name" content="Harbour Post">
<meta property="article:published_time" content="2024-05-02T23:30:00-05:00">
<meta name="author" content="Ada Quill"><link rel="canonical" href="https://harbour.example/race">
<script>document.write("never seen")</script><style>p {{ color: red }}</style></head><body>
<div class="cookie-banner"><p>We use cookies to improve this site.</p><button>Accept all</button></div>
<nav><ul><li><a href="/">Home</a><li><a href="/sea">Sea</a></ul></nav>
<article><h1>Two harbours <em>race</em> for ships</h1>
<p class="standfirst">Both say that they lead.</p>
<p class="byline">By Ada Quill</p><time datetime="2024-05-02">2 May 2024</time>
<figure><img src="http://tracker.example/x.png" alt="not seen"><figcaption>The quay at dawn.</figcaption></figure>
<p>{LONG}</p>
<p>{NEXT}<br>After a line break it
   goes    on&nbsp;here, with no word lost.</p>
<h2>What comes next</h2>
<ul><li>More ships<ul><li>and more sailors</li></ul></li><li>Less steel</li></ul>
<table><tr><th>Year</th><th>Deals</th></tr><tr><td>2023</td><td>68</td></tr></table>
<p>Read more: <a href="/other">Another story of the sea</a></p>
<p hidden>Hidden one</p><p style="display: none">Hidden two</p><template><p>Hidden three</p></template>
<noscript>Hidden four</noscript><!-- Hidden five --><dialog>Hidden six</dialog>
<p>{LAST}</p></article>
<aside><h2>Most read</h2><a href="/q">A story of sails</a></aside>
<footer><p>© 2024 Harbour Post Ltd. All rights reserved.</p></footer></body></html>"""


def table(draft: Draft) -> list[tuple[str, str]]:
    return [(block["role"], draft.text[block["start"] : block["end"]]) for block in draft.blocks]


def body(html: str) -> list[str]:
    page = f"<html><body><article>{html}</article></body></html>"
    return read_upload("a.html", page.encode(), "text/html; charset=utf-8").lines()


def test_every_visible_line_in_document_order_with_its_role():
    assert table(read_upload("a.html", PAGE.encode())) == [
        ("furniture", "We use cookies to improve this site."),
        ("furniture", "Accept all"),
        ("furniture", "Home"),
        ("furniture", "Sea"),
        ("headline", "Two harbours race for ships"),
        ("deck", "Both say that they lead."),
        ("byline", "By Ada Quill"),
        ("byline", "2 May 2024"),
        ("caption", "The quay at dawn."),
        ("body", LONG),
        ("body", NEXT),
        ("body", "After a line break it goes on\xa0here, with no word lost."),
        ("body", "What comes next"),
        ("body", "More ships"),
        ("body", "and more sailors"),
        ("body", "Less steel"),
        ("body", "Year\tDeals"),
        ("body", "2023\t68"),
        ("furniture", "Read more: Another story of the sea"),
        ("body", LAST),
        ("furniture", "Most read"),
        ("furniture", "A story of sails"),
        ("furniture", "© 2024 Harbour Post Ltd. All rights reserved."),
    ]


def test_metadata_of_the_page_with_reasons():
    draft = read_upload("a.html", PAGE.encode())
    assert draft.metadata == {
        "title": "Two harbours race for ships",
        "publisher": "Harbour Post",
        "byline": "Ada Quill",
        "published_on": "2024-05-02",
        "url": "https://harbour.example/race",
        "language": "en-GB",
        "direction": "ltr",
    }
    assert draft.reasons["publisher"] == "the page's metadata"
    assert draft.reasons["language"] == "the page's lang attribute"
    assert draft.warnings == []


def test_nothing_is_fetched(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("an import must not open a connection")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    page = PAGE.replace(
        "<head>", '<head><base href="http://evil.example/"><link rel=stylesheet href="//evil.example/x">'
    )
    assert read_upload("a.html", page.encode()).title == "Two harbours race for ships"


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>a<b>b</b>c <i> d</i></p>", ["abc d"]),
        ("<p>a<br>b<br/>c</p>", ["a", "b", "c"]),
        ("<pre>a  b\n  c\n</pre>", ["a  b", "  c"]),
        ("<div>a<p>b</p>c</div>", ["a", "b", "c"]),
        ("<ol><li>a<ol><li>b<li>c</ol><li>d</ol>", ["a", "b", "c", "d"]),
        ("<dl><dt>a<dd>b</dl>", ["a", "b"]),
        (
            "<table><caption>t</caption><tr><td>a<td>b<tr><td><p>c</p><p>d</p><td>e</table>",
            ["t", "a\tb", "c", "d", "e"],
        ),
        ("<details><summary>a</summary><p>b</p></details>", ["a", "b"]),
        ("<p>a<!-- x -->b<?pi x?>c<script>x</script>d</p>", ["abcd"]),
        ("<p>a<span hidden>x</span>b</p><p hidden=until-found>c</p>", ["ab", "c"]),
        ("<p>漢<ruby>字<rp>(</rp><rt>じ</rt><rp>)</rp></ruby></p>", ["漢字(じ)"]),
        ("<p>&lt;b&gt; &amp; &copy; &#128169; &eacute; e&#769;</p>", ["<b> & © 💩 é e\u0301"]),
        ("<p>a&nbsp;b\u200fc</p>", ["a\xa0b\u200fc"]),
        ("<p>a<wbr>b<img alt=x>c</p>", ["abc"]),
        ("<p>a</p>\n\n<p> </p><p>b", ["a", "b"]),
        ("<blockquote>a<footer>b</footer></blockquote>", ["a", "b"]),
        ("<section><h3>a</h3>b</section>", ["a", "b"]),
        ("<p>a<textarea>b\nc</textarea></p>", ["a", "b", "c"]),
        ("<custom-tag>a</custom-tag><custom-tag>b</custom-tag>", ["a", "b"]),
    ],
)
def test_lines(html, lines):
    assert body(html) == lines


def test_control_characters_written_as_references_shift_no_block():
    assert body("<p>a&#13;b</p><p>&#1;</p><p>&#x85;c</p>")[0] == "a b"


def test_a_right_to_left_page():
    page = (
        "<html lang=ar dir=rtl><body><article><h1>ميناءان يتسابقان لبناء السفن</h1>"
        "<p>قال الميناء الأول إنه بنى تسع سفن في العام الماضي، أي ضعف ما بناه منافسه في الخليج.</p>"
        "<p>اقرأ أيضا: قصة أخرى عن الميناء</p></article></body></html>"
    )
    draft = read_upload("a.html", page.encode())
    assert (draft.language, draft.direction, draft.title) == ("ar", "rtl", "ميناءان يتسابقان لبناء السفن")
    assert [role for role, _ in table(draft)] == ["headline", "body", "furniture"]


def test_a_page_whose_lang_is_wrong_keeps_the_guess_and_says_so():
    page = f"<html lang=fr><body><p>{LONG}</p><p>{NEXT}</p></body></html>"
    draft = read_upload("a.html", page.encode())
    assert draft.language == "en"
    assert any("says that its language is fr" in warning for warning in draft.warnings)


def test_json_ld_gives_the_date_of_its_newsroom():
    page = (
        '<html><head><script type="application/ld+json">{"datePublished":"2024-03-31T23:55:00-04:00"}'
        f"</script></head><body><h1>Two harbours race</h1><p>{LONG}</p></body></html>"
    )
    assert read_upload("a.html", page.encode()).published_on == "2024-03-31"


def test_a_page_without_a_heading_gets_the_title_that_its_head_gives():
    page = f"<html><head><title>Ship news of the week</title></head><body><p>{LONG}</p><p>{NEXT}</p></body></html>"
    draft = read_upload("a.html", page.encode())
    assert (draft.title, draft.reasons["title"]) == ("Ship news of the week", "the page's metadata")
    assert "headline" not in [role for role, _ in table(draft)]


def test_a_page_without_any_title_gets_none():
    page = f"<html><body><p>{LONG}</p><p>{NEXT}</p></body></html>"
    draft = read_upload("a.html", page.encode())
    assert draft.title == ""
    assert any("no headline" in warning for warning in draft.warnings)


def test_a_paragraph_that_trafilatura_leaves_out_amid_the_article_stays_work():
    page = PAGE.replace(
        "<h2>What comes next</h2>", '<div class="promo-box"><p>Steel prices rose by 47 % in a year.</p></div>'
    )
    roles = {text: role for role, text in table(read_upload("a.html", page.encode()))}
    assert roles["Steel prices rose by 47 % in a year."] == "body"


def test_javascript_addresses_are_no_address_of_the_article():
    page = PAGE.replace("https://harbour.example/race", "javascript:alert(1)")
    assert read_upload("a.html", page.encode()).url == ""


@pytest.mark.parametrize(
    "page", ["plain words, no element", "<p>unclosed <b>tags <i>all over", "</p></div>stray"]
)
def test_broken_pages_are_read_as_browsers_do(page):
    assert read_upload("a.html", page.encode()).text


@pytest.mark.parametrize(
    "opening",
    [
        '<div class="content-sidebar-wrap has-comments">',
        "<form action=/>",
        '<div class="published author">',
        "<aside>",
    ],
)
def test_an_element_around_the_whole_page_says_nothing_about_its_lines(opening):
    text = f"<h1>Two harbours race</h1><p>{LONG}</p><p>{NEXT}</p>"
    page = f"<html><body class='social subscribe'>{opening}{text}</body></html>"
    assert [role for role, _ in table(read_upload("a.html", page.encode()))] == ["headline", "body", "body"]


def test_a_box_of_figures_set_aside_in_the_article_stays_work():
    box = "<aside><p>Key figures: the first harbour counts 1,151 deals, the second one 68 in the same year.</p></aside>"
    draft = read_upload("a.html", PAGE.replace("<h2>What comes next</h2>", box).encode())
    roles = {text: role for role, text in table(draft)}
    assert next(role for text, role in roles.items() if text.startswith("Key figures")) == "body"


def test_a_long_page_without_any_structure_keeps_every_paragraph_as_work():
    page = "<html><body>" + "".join(f"{LONG} {n}.<br><br>" for n in range(30)) + "</body></html>"
    assert {role for role, _ in table(read_upload("a.html", page.encode()))} == {"body"}


def test_points_below_the_headline_are_the_deck_and_the_author_s_box_is_no_work():
    page = (
        "<html><head><meta name=author content='Ada Quill'></head><body><article><h1>Two harbours race</h1>"
        "<ul><li>Ships are scarce.</li><li>Steel is too.</li></ul><div class=author><p>Ada Quill</p><p>Editor</p>"
        "<p>Has corrected texts on ships and the sea for eleven years, and sails on Sundays.</p></div>"
        f"<p>{LONG}</p><ul><li>One more ship.</li></ul><p>{NEXT}</p>"
        "<p>Written by Bo Lens and first published in Spanish by Puerto Hoy.</p></article></body></html>"
    )
    draft = read_upload("a.html", page.encode())
    roles = [role for role, _ in table(draft)]
    assert roles == "headline deck deck byline byline furniture body body body byline".split()
    assert draft.byline == "Bo Lens"
    assert any("Two bylines" in warning and "Ada Quill" in warning for warning in draft.warnings)


def test_a_headline_longer_than_any_field_is_left_to_a_person():
    draft = read_upload("page.html", f"<h1>{'long ' * 160}</h1><p>One line.</p>".encode())

    assert draft.title == ""
    assert any("more than 500 characters" in warning for warning in draft.warnings)
    assert "long long" in draft.text


def test_a_byte_order_mark_as_the_first_line_shifts_no_role():
    paragraph = (
        "The harbour said on Tuesday that it had built nine ships last year, twice as many as its rival."
    )
    page = f"<html><body><main><p>\ufeff</p><p>{paragraph}</p><p>{paragraph} Again.</p></main></body></html>"
    draft = read_upload("a.html", page.encode())
    assert [block["role"] for block in draft.blocks] == ["body", "body"]
