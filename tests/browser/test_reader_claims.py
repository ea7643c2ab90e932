"""What a fact-checker does in the reader, in a real browser: each test ends with what the database holds."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Annotation, Article, ClaimState, Evidence, PrivateNote, SourceDetails, Span
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, tag
from tests.browser.conftest import PHONE
from tests.conftest import blocks_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True),
]
RECT = """async ([start, end]) => {
  const { toRange, blockAt } = await import(document.querySelector("link[href*='/offsets.']").href);
  blockAt(start).scrollIntoView({ block: "center" });
  const boxes = [...toRange({ start, end }).getClientRects()].filter(box => box.width);
  const first = boxes[0], last = boxes.at(-1);
  const rtl = getComputedStyle(blockAt(start)).direction === "rtl";
  return { from: [rtl ? first.right - 1 : first.left + 1, first.top + first.height / 2],
           to: [rtl ? last.left + 1 : last.right - 1, last.top + last.height / 2] };
}"""


@pytest.fixture
def reader(page, live_server, sign_in, ana, article):
    """Ana's reader, open at the bridges."""
    return open_reader(page, live_server, sign_in, ana, article)


def open_reader(page: Page, live_server, sign_in, user, article) -> Page:
    sign_in(page, user)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/")
    # The scripts listen, and what they fetch first is there.
    expect(page.locator("#article, #sentences").locator("visible=true")).to_be_focused()
    expect(page.locator("#left[data-later]")).to_have_count(0)
    return page


def new_article(desk, editor, text, language="en", direction="ltr") -> Article:
    details = Details(title="Other", language=language, direction=direction, blocks=blocks_of(text))
    return Article.objects.get(pk=import_article(desk, author=editor, text=text, details=details).article_id)


def drag(page: Page, start: int, end: int) -> None:
    box = page.evaluate(RECT, [start, end])
    page.mouse.move(*box["from"])
    page.mouse.down()
    page.mouse.move(*box["to"], steps=4)
    page.mouse.up()


def drag_words(page: Page, article: Article, words: str) -> tuple[int, int]:
    start = article.text.index(words)
    drag(page, start, start + len(words))
    return start, start + len(words)


def saved(page: Page, words: str) -> None:
    expect(page.locator("#toast")).to_contain_text(words)
    expect(page.locator("#article")).to_have_attribute("aria-busy", "false")


def press(page: Page, *keys: str) -> None:
    page.locator("#article").focus()
    for key in keys:
        page.keyboard.press(key)


def only_span() -> tuple[int, int, str]:
    span = Span.objects.get()
    assert span.article.text[span.start : span.end] == span.quote
    return span.start, span.end, span.quote


# Selecting


def test_drag_then_a_button_beside_the_selection(reader, article):
    start, end = drag_words(reader, article, "31 bridges")
    bar = reader.locator("#beside-selection")
    expect(bar).to_be_visible()
    sentence = reader.locator("#b18").bounding_box()
    box = bar.bounding_box()
    assert box["y"] >= sentence["y"] + sentence["height"] - 30 or box["y"] + box["height"] <= sentence["y"]
    bar.get_by_role("button", name="Disputed").click()
    saved(reader, "disputed")
    assert only_span() == (start, end, "31 bridges")
    assert Annotation.objects.get().verdict == "disputed"
    expect(reader.locator(".h.d")).to_have_text("31 bridges")
    expect(bar).to_be_hidden()


def test_double_click_takes_the_word(reader, article):
    start = article.text.index("harbour")
    x, y = reader.evaluate(RECT, [start, start + 7])["from"]
    reader.mouse.dblclick(x + 8, y)
    press(reader, "m")
    saved(reader, "marked to check")
    assert only_span() == (start, start + 7, "harbour")
    assert ClaimState.objects.get().status == "to_check"


def test_triple_click_takes_the_line_and_no_more(reader, article):
    line = article.text.split("\n")[1]
    start = article.text.index(line)
    x, y = reader.evaluate(RECT, [start, start + 5])["from"]
    reader.mouse.click(x + 5, y, click_count=3)
    press(reader, "v")
    saved(reader, "verified")
    assert only_span() == (start, start + len(line), line)


def test_a_drag_over_two_lines(reader, article):
    start, end = article.text.index("the mayor"), article.text.index(" open")
    drag(reader, start, end)
    press(reader, "n")
    saved(reader, "needs source")
    assert only_span() == (start, end, "the mayor said.\nTwo more")
    expect(reader.locator(".h.n")).to_have_count(2)
    expect(reader.locator(".ref")).to_have_count(1)


def test_an_emoji_before_it_does_not_shift_the_offsets(reader, article):
    start, end = drag_words(reader, article, "counted")
    press(reader, "v")
    saved(reader, "verified")
    assert only_span() == (start, end, "counted")
    assert (start, end) == (10, 17)


@pytest.mark.parametrize(
    ("text", "words", "language", "direction"),
    [
        (
            "عنوان الخبر\nأعلنت الشركة عن استثمار بقيمة 2.7 مليار دولار هذا العام.",
            "استثمار بقيمة",
            "ar",
            "rtl",
        ),
        ("标题在此\n人工智能公司获得了二十亿美元投资。差距正在缩小。", "二十亿美元", "zh", "ltr"),
        ("見出し\n東京の企業が二千億円を調達した。次の文です。", "二千億円", "ja", "ltr"),
        ("Title\nThe family 👩‍👩‍👧‍👦 has a 🏴‍☠️ flag, 3 cats and 👍🏽.", "👩‍👩‍👧‍👦 has a 🏴‍☠️", "en", "ltr"),
        (
            "Title\nCafe\u0301 society: re\u0301sume\u0301s of 12 people.",
            "re\u0301sume\u0301s of 12",
            "fr",
            "ltr",
        ),
    ],
)
def test_every_script_is_stored_exactly(
    page, live_server, sign_in, desk, edith, ana, text, words, language, direction
):
    other = new_article(desk, edith, text, language, direction)
    reader = open_reader(page, live_server, sign_in, ana, other)
    start, end = drag_words(reader, other, words)
    press(reader, "d")
    saved(reader, "disputed")
    assert only_span() == (start, end, words)
    assert "".join(reader.locator(".h.d").all_text_contents()) == words


def test_half_a_family_becomes_the_whole(page, live_server, sign_in, desk, edith, ana):
    other = new_article(desk, edith, "Title\nA 👩‍👩‍👧‍👦 of four.")
    reader = open_reader(page, live_server, sign_in, ana, other)
    at = other.text.index("👩")
    reader.evaluate(
        """async at => {
          const { toRange } = await import(document.querySelector("link[href*='/offsets.']").href);
          const range = toRange({ start: at + 2, end: at + 3 });
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        at,
    )
    reader.evaluate(
        "document.querySelector('#b6').dispatchEvent(new MouseEvent('click', {bubbles: true, detail: 1}))"
    )
    expect(reader.locator("#beside-selection")).to_be_visible()
    press(reader, "v")
    saved(reader, "verified")
    assert only_span() == (at, at + 7, "👩‍👩‍👧‍👦")


# Keyboard only


def test_the_keyboard_alone(reader, article):
    second = article.text.split("\n")[1]
    start = article.text.index(second)
    press(reader, "j", "j", "v")
    saved(reader, "verified")
    assert only_span() == (start, start + len(second), second)
    press(reader, "d")
    saved(reader, "disputed")
    assert Annotation.objects.current().get().verdict == "disputed"
    press(reader, "z")
    saved(reader, "Undone")
    assert Annotation.objects.current().get().verdict == "verified"
    press(reader, "z")
    saved(reader, "Undone: verdict")
    assert not Annotation.objects.current().exists()
    assert not ClaimState.objects.current().exists()
    expect(reader.locator(".h")).to_have_count(0)


def test_words_are_added_and_taken_by_arrows(reader, article):
    press(reader, "j", "j", "j", "k", *["Shift+ArrowLeft"] * 2, *["Shift+Alt+ArrowRight"] * 2, "m")
    saved(reader, "marked")
    assert only_span()[2] == "31 bridges in the harbour, the mayor"
    press(reader, "Shift+ArrowRight", "Shift+Alt+ArrowLeft", "m")
    expect(reader.locator("#join")).to_be_visible()
    reader.keyboard.press("Shift+Enter")
    saved(reader, "marked")
    assert Span.objects.order_by("pk").last().quote == "are 31 bridges in the harbour, the mayor said"


def test_arrows_are_mirrored_from_right_to_left(page, live_server, sign_in, desk, edith, ana):
    other = new_article(desk, edith, "عنوان\nأعلنت الشركة عن استثمار كبير هذا العام.", "ar", "rtl")
    reader = open_reader(page, live_server, sign_in, ana, other)
    press(reader, "j", "j", *["Shift+ArrowRight"] * 4, "m")
    saved(reader, "marked")
    assert only_span()[2] == "أعلنت الشركة عن استثمار"


def test_a_figure_keeps_its_sign(reader, article):
    press(reader, "j", "j", "j", *["Shift+Alt+ArrowRight"] * 9, "m")
    saved(reader, "marked")
    assert only_span()[2] == "$2 billion."


def test_not_checkable_asks_why(reader):
    press(reader, "j", "j", "x")
    expect(reader.locator("#not-checkable")).to_be_visible()
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("Enter")
    saved(reader, "cannot be checked")
    state = ClaimState.objects.get()
    assert (state.status, state.reason) == ("not_checkable", "prediction")
    expect(reader.locator("#article")).to_be_focused()


def test_why_is_kept_when_the_verdict_changes(reader):
    press(reader, "j", "j", "v")
    saved(reader, "verified")
    press(reader, "w")
    reader.keyboard.type("I counted them.")
    reader.keyboard.press("Control+Enter")
    saved(reader, "reasons")
    press(reader, "d")
    saved(reader, "disputed")
    mine = Annotation.objects.current().get()
    assert (mine.verdict, mine.why) == ("disputed", "I counted them.")
    expect(reader.locator("#card")).to_contain_text("I counted them.")


def test_a_source_and_the_same_again(reader, ana):
    press(reader, "j", "j", "v")
    saved(reader, "verified")
    press(reader, "e")
    reader.keyboard.type("Bridge register")
    reader.get_by_label("Address", exact=True).fill("https://harbour.example/register")
    reader.get_by_label("Contradicts").check()
    reader.get_by_label("Where in it").fill("page 4")
    reader.keyboard.press("Control+Enter")
    saved(reader, "source added")
    expect(reader.locator(".source.contradicts")).to_contain_text("Bridge register")
    press(reader, "j", "n")
    saved(reader, "needs source")
    press(reader, "e")
    reader.keyboard.press("Enter")
    saved(reader, "source added")
    first, second = Evidence.objects.order_by("pk")
    assert (first.stance, first.locator, second.stance) == ("contradicts", "page 4", "supports")
    assert first.source_id == second.source_id
    assert SourceDetails.objects.get().url == "https://harbour.example/register"


def test_a_source_is_changed_and_removed(reader):
    press(reader, "j", "j", "v")
    saved(reader, "verified")
    press(reader, "e")
    reader.keyboard.type("Bridge register")
    reader.keyboard.press("Enter")
    saved(reader, "source added")
    reader.locator(".source summary").click()
    reader.locator(".source").get_by_label("Where in it").fill("page 5")
    reader.locator(".source").get_by_label("Background").check()
    reader.locator(".source").get_by_role("button", name="Save").click()
    saved(reader, "source changed")
    assert (Evidence.objects.current().get().locator, Evidence.objects.current().get().stance) == (
        "page 5",
        "background",
    )
    reader.locator(".source summary").click()
    reader.locator(".source").get_by_role("button", name="Remove").click()
    saved(reader, "source removed")
    assert not Evidence.objects.current().exists()


def test_what_is_wrong_with_a_source_is_said_and_the_rest_is_kept(reader):
    press(reader, "j", "j", "v")
    saved(reader, "verified")
    press(reader, "e")
    reader.keyboard.type("Bridge register")
    reader.get_by_label("Address", exact=True).fill("no address")
    reader.keyboard.press("Enter")
    saved(reader, "it begins with https://")
    expect(reader.get_by_label("Address", exact=True)).to_be_focused()
    reader.keyboard.press("Control+A")
    reader.keyboard.type("https://harbour.example/register")
    reader.keyboard.press("Enter")
    saved(reader, "source added")
    details = SourceDetails.objects.get()
    assert (details.title, details.url) == ("Bridge register", "https://harbour.example/register")


def test_the_card_is_closed(reader, article):
    drag_words(reader, article, "31 bridges")
    press(reader, "m")
    saved(reader, "marked")
    reader.get_by_role("button", name="Close this claim").click()
    expect(reader.locator("#card")).to_contain_text("Choose a claim")
    expect(reader.locator("#article")).to_be_focused()
    reader.keyboard.press("v")
    reader.wait_for_timeout(200)
    assert not Annotation.objects.exists()


def test_a_note_to_myself(reader, ana):
    press(reader, "j", "j", "m")
    saved(reader, "marked")
    reader.locator("#note summary").click()
    reader.locator("#note textarea").fill("Ask the harbour master.")
    reader.locator("#note").get_by_role("button", name="Save").click()
    saved(reader, "note is kept")
    assert PrivateNote.objects.get().text == "Ask the harbour master."
    expect(reader.locator(".private")).to_have_text("Ask the harbour master.")


def test_withdraw_and_unmark(reader):
    press(reader, "j", "j", "v")
    saved(reader, "verified")
    reader.get_by_role("button", name="Withdraw").click()
    saved(reader, "withdrawn")
    assert ClaimState.objects.current().get().status == "to_check"
    reader.get_by_role("button", name="Remove the mark").click()
    saved(reader, "no longer marked")
    assert not ClaimState.objects.current().exists()
    expect(reader.locator("#claims .claim")).to_have_count(0)
    press(reader, "z")
    saved(reader, "Undone")
    assert ClaimState.objects.current().get().status == "to_check"
    expect(reader.locator("#claims .claim")).to_have_count(1)


def test_letters_can_be_switched_off(reader, article):
    press(reader, "?")
    reader.get_by_label("Keys of one letter", exact=True).select_option("off")
    reader.get_by_role("button", name="Close").click()
    press(reader, "j", "v")
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    assert not Span.objects.exists()
    reader.reload()
    reader.wait_for_load_state("networkidle")
    press(reader, "j", "m")
    reader.get_by_role("button", name="Next sentence").click()
    reader.locator("#toolbar").get_by_role("button", name="Mark to check").click()
    saved(reader, "marked")
    assert Span.objects.get().start == 0


# Together


def test_overlaps_show_their_depth_and_both_numbers(reader, article):
    drag_words(reader, article, "31 bridges in the harbour")
    press(reader, "v")
    saved(reader, "verified")
    drag_words(reader, article, "harbour, the mayor")
    press(reader, "d")
    saved(reader, "disputed")
    runs = [(span.get_attribute("class"), span.text_content()) for span in reader.locator(".block .h").all()]
    assert runs == [("h v", "31 bridges in the "), ("h mix x2", "harbour"), ("h d", ", the mayor")]
    expect(reader.locator(".ref")).to_have_count(2)
    first, last = Span.objects.order_by("pk")
    assert (first.quote, last.quote) == ("31 bridges in the harbour", "harbour, the mayor")


def test_text_and_list_lead_to_each_other(reader, article):
    for words in ("31 bridges", "$2 billion"):
        drag_words(reader, article, words)
        press(reader, "m")
        saved(reader, "marked")
        expect(reader.locator("#card .quote")).to_have_text(words)
    assert reader.locator("#claims .words").all_text_contents() == ["31 bridges", "$2 billion"]
    reader.locator("#claims a").first.click()
    expect(reader.locator("#card .quote")).to_have_text("31 bridges")
    x, y = reader.evaluate(RECT, [article.text.index("billion"), article.text.index("billion") + 7])["from"]
    reader.mouse.click(x + 6, y)
    expect(reader.locator("#card .quote")).to_have_text("$2 billion")
    press(reader, "v")
    saved(reader, "verified")
    assert Annotation.objects.get().span.quote == "$2 billion"
    line = reader.locator("#b18").bounding_box()
    reader.mouse.click(line["x"] + 46, line["y"] + 14)
    expect(reader.locator("#card .quote")).to_have_text("31 bridges")
    reader.keyboard.press("d")
    saved(reader, "disputed")
    assert Annotation.objects.latest("pk").span.quote == "31 bridges"


def test_a_click_behind_the_last_letter_still_means_its_claim(reader, article):
    _, end = drag_words(reader, article, "31 bridges")
    press(reader, "m", "Escape")
    saved(reader, "marked")
    x, y = reader.evaluate(RECT, [end - 1, end])["to"]
    with reader.expect_response("**/card/**"):
        reader.mouse.click(x - 2, y)
    reader.wait_for_function("() => CSS.highlights.has('hand')")
    reader.keyboard.press("v")
    saved(reader, "verified")
    assert Annotation.objects.get().span.quote == "31 bridges"


def test_next_brings_what_needs_me(page, live_server, sign_in, desk, ana, ben, article, place):
    tag(desk, author=ana, target=place("$2 billion"), opinion=Opinion("disputed"), base=None)
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    reader = open_reader(page, live_server, sign_in, ben, article)
    press(reader, "u")
    expect(reader.locator("#card .quote")).to_have_text("31 bridges")
    press(reader, "v")
    saved(reader, "verified")
    assert Annotation.objects.filter(reviewer=ben).get().span.quote == "31 bridges"


def test_a_stale_verdict_shows_both_and_loses_neither(reader, desk, ana, article, place):
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    saved(reader, "verified")
    first = Annotation.objects.get()
    # Another window of Ana's: disputed, with a reason.
    tag(desk, author=ana, target=first.span_id, opinion=Opinion("disputed", "It is 30."), base=first.pk)
    press(reader, "n")
    card = reader.locator("#card.conflict")
    expect(card).to_contain_text("Disputed")
    expect(card).to_contain_text("Needs source")
    assert Annotation.objects.current().get().verdict == "disputed"
    card.get_by_role("button", name="Keep mine").click()
    saved(reader, "needs source")
    mine = Annotation.objects.current().get()
    assert (mine.verdict, mine.why) == ("needs_source", "It is 30.")


def test_a_stale_verdict_can_stay_as_stored(reader, desk, ana, article):
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    saved(reader, "verified")
    first = Annotation.objects.get()
    tag(desk, author=ana, target=first.span_id, opinion=Opinion("disputed", "It is 30."), base=first.pk)
    press(reader, "n")
    reader.get_by_role("link", name="Keep what is stored").click()
    expect(reader.locator("#card.conflict")).to_have_count(0)
    expect(reader.locator("#card")).to_contain_text("It is 30.")
    assert Annotation.objects.current().get().verdict == "disputed"
    press(reader, "v")
    saved(reader, "verified")
    assert Annotation.objects.current().get().verdict == "verified"


def test_a_click_says_where_the_sentences_begin(reader, article):
    x, y = reader.evaluate(RECT, [article.text.index("open"), article.text.index("open") + 4])["from"]
    reader.mouse.click(x + 4, y)
    press(reader, "j", "m")
    saved(reader, "marked")
    assert only_span()[2] == article.text.split("\n")[2]


def test_a_claim_in_the_address_is_in_hand(page, live_server, sign_in, desk, ana, article, place):
    written = tag(desk, author=ana, target=place("$2 billion"), opinion=Opinion("disputed"), base=None)
    sign_in(page, ana).goto(
        f"{live_server.url}/c/desk/articles/{article.pk}/?claim={written.span_id}#r{written.span_id}"
    )
    page.wait_for_load_state("networkidle")
    press(page, "v")
    saved(page, "verified")
    assert Annotation.objects.current().get().verdict == "verified"


def test_not_checkable_after_a_verdict_of_mine(reader, article):
    drag_words(reader, article, "31 bridges")
    press(reader, "v")
    saved(reader, "verified")
    press(reader, "x")
    reader.keyboard.press("Enter")
    saved(reader, "cannot be checked")
    assert ClaimState.objects.current().get().status == "not_checkable"
    reader.get_by_role("button", name="It can be checked").click()
    saved(reader, "can be checked again")
    assert ClaimState.objects.current().get().status == "open"


def test_what_i_write_survives_an_answer_to_something_else(reader, article):
    reader.route("**/tag/", lambda route: (reader.wait_for_timeout(700), route.continue_()))
    press(reader, "j", "j", "m")
    saved(reader, "marked")
    press(reader, "v")
    reader.locator("#note summary").click()
    reader.locator("#note textarea").fill("Half a thou")
    expect(reader.locator("#article")).to_have_attribute("aria-busy", "false")
    expect(reader.locator(".h.v")).to_have_count(1)
    expect(reader.locator("#note textarea")).to_have_value("Half a thou")


def test_a_viewer_reads_and_judges_nothing(page, live_server, sign_in, desk, ana, vera, article, place):
    tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None)
    reader = open_reader(page, live_server, sign_in, vera, article)
    expect(reader.locator(".h.d")).to_have_text("31 bridges")
    expect(reader.locator("#toolbar").get_by_role("button", name="Verified")).to_have_count(0)
    asked = []
    reader.on("request", lambda request: asked.append(request.method))
    press(reader, "j", "v", "m", "x", "z")
    reader.wait_for_timeout(300)
    assert "POST" not in asked
    expect(reader.locator("#not-checkable")).to_be_hidden()


def test_a_key_judges_the_claim_in_hand_whatever_its_aspect(
    page, live_server, sign_in, desk, ana, article, place
):
    """What was said, and whether it is so: two claims at one place, each with its own verdict."""
    fact = mark(desk, author=ana, place=place("31 bridges")).span_id
    said = mark(desk, author=ana, place=place("31 bridges", aspect="said")).span_id
    reader = open_reader(page, live_server, sign_in, ana, article)
    for claim, key, verdict in (
        (said, "v", "verified"),
        (fact, "d", "disputed"),
        (said, "n", "needs_source"),
    ):
        reader.locator(f"#c{claim} a").click()
        expect(reader.locator(f"#card[data-n='{claim}']")).to_be_visible()
        press(reader, key)
        saved(reader, f"Claim {claim}: {verdict.replace('_', ' ')}")
    live = Annotation.objects.current().values_list("span", "verdict")
    assert dict(live) == {said: "needs_source", fact: "disputed"}
    assert Span.objects.count() == 2
    reader.reload()
    reader.locator(f"#c{said} a").click()
    expect(reader.locator(f"#card[data-n='{said}']")).to_be_visible()
    press(reader, "d")
    saved(reader, f"Claim {said}: disputed")


def test_several_claims_here_stand_below_their_number_and_can_be_closed(reader, desk, ana, place):
    for words in ("31 bridges in the harbour", "bridges", "bridges in"):
        mark(desk, author=ana, place=place(words))
    reader.reload()
    reader.locator(".h.x3").click()
    expect(reader.locator("#card h2")).to_have_text("3 claims here")
    head, rows = (reader.locator(f"#card > {each}").bounding_box() for each in ("header", "ol"))
    assert head["y"] + head["height"] <= rows["y"]
    assert head["width"] == rows["width"]
    expect(reader.get_by_role("button", name="Close this claim")).to_have_count(0)
    reader.get_by_role("button", name="Close this list").click()
    expect(reader.locator("#card")).to_contain_text("Choose a claim, or select some words.")


@pytest.fixture
def lines(desk, edith, ana) -> Article:
    """Forty lines, of each of which two words are a claim."""
    text = "\n".join(f"Line {n} of the harbour." for n in range(40))
    article = new_article(desk, edith, text)
    for n in range(40):
        quote = f"Line {n} of"
        start = text.index(quote)
        mark(desk, author=ana, place=Place(article.pk, start, start + len(quote), quote))
    return article


IN_HAND = """() => {
  const { top, bottom } = [...CSS.highlights.get("hand")][0].getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}"""


@pytest.mark.parametrize("path", ["", "?beside={}"])
def test_the_list_goes_along_with_the_sentence_in_hand(
    page, live_server, sign_in, desk, edith, ana, lines, path
):
    open_reader(page, live_server, sign_in, ana, lines)
    page.goto(page.url + path.format(new_article(desk, edith, "Another text.").pk))
    page.wait_for_load_state("networkidle")
    row, claims = page.locator("#claims .claim[aria-current]"), page.locator(".claims-section")
    for key, presses, words in (("j", 35, "Line 34 of"), ("k", 30, "Line 4 of")):
        press(page, *[key] * presses)
        expect(row.locator(".words")).to_have_text(words)
        expect(row).to_be_in_viewport(ratio=1)
        page.wait_for_function(IN_HAND)
        expect(page.locator("#article")).to_be_focused()
    claims.evaluate("list => list.scrollTo(0, 500)")
    page.evaluate("document.dispatchEvent(new CustomEvent('swapped'))")  # by what others do
    expect(row).to_have_count(1)
    assert claims.evaluate("list => list.scrollTop") == 500


def test_on_a_phone_the_text_stays_and_the_row_is_marked(new_page, live_server, sign_in, ana, lines):
    page = open_reader(new_page(viewport=PHONE), live_server, sign_in, ana, lines)
    press(page, *["j"] * 35)
    row = page.locator("#claims .claim[aria-current]")
    expect(row.locator(".words")).to_have_text("Line 34 of")
    page.wait_for_function(IN_HAND)
    expect(row).not_to_be_in_viewport()


@pytest.mark.parametrize("path", ["", "?beside={}"])
def test_a_claim_of_a_list_that_was_scrolled_is_in_sight(
    page, live_server, sign_in, desk, edith, ana, lines, path
):
    open_reader(page, live_server, sign_in, ana, lines)
    page.goto(page.url + path.format(new_article(desk, edith, "Another text.").pk))
    page.locator("#claims .claim a").last.click()
    expect(page.locator("#card .quote")).to_be_in_viewport(ratio=1)
    assert page.locator(".claims-section").evaluate("list => list.scrollTop") > 400
