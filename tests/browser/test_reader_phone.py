"""What is done with claims at a desk, done with a thumb: 390 by 844, taps only, nothing hidden by the sheet."""

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Article, ClaimLink, ClaimState, Span
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, tag
from tests.browser.fingers import CENTRE, in_hand, in_the_bar, open_claim, select, tap
from tests.browser.test_reader_claims import new_article, saved
from tests.conftest import blocks_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINE = "There are 31 bridges in the harbour, the mayor said."


@pytest.fixture
def claim(desk, ben, place) -> int:
    """Ben disputes "31 bridges in the harbour"."""
    target = place("31 bridges in the harbour")
    return tag(desk, author=ben, target=target, opinion=Opinion("disputed", "Count."), base=None).span_id


def quotes() -> set[str]:
    return set(ClaimState.objects.current().values_list("span__quote", flat=True))


@pytest.fixture
def long_article(desk, edith):
    lines = [f"Line {n}: the bridge of the old harbour was opened again in {1900 + n}." for n in range(40)]
    return new_article(desk, edith, "\n".join(lines))


def stood_low(page, words: str) -> None:
    """The words are as low in the window as a thumb may find them."""
    page.evaluate(
        """async words => {
          const line = [...document.querySelectorAll(".block")].find(each => each.textContent.includes(words));
          for (let again = 0; again < 9; again++) { // lines take their true height when they are seen
            scrollBy(0, line.getBoundingClientRect().bottom - innerHeight + 90);
            await new Promise(requestAnimationFrame);
          }
        }""",
        words,
    )
    select(page, words)
    assert page.evaluate(CENTRE, words)["y"] > 700


# What opens over the words in hand


def test_the_sheet_does_not_open_over_the_words_it_is_about(phone, ana, long_article, well_placed):
    page = phone(long_article)
    stood_low(page, "again in 1930")
    in_the_bar(page, "Needs source")
    saved(page, "needs source")
    well_placed(page, "phone-low")


def test_nor_does_the_question(phone, desk, ana, ben, long_article, well_placed):
    quote = "again in 1930."
    start = long_article.text.index(quote)
    mark(desk, author=ben, place=Place(long_article.pk, start, start + len(quote), quote))
    page = phone(long_article)
    stood_low(page, "in 1930")
    in_the_bar(page, "Verified")
    expect(page.locator("#join")).to_be_visible()
    well_placed(page, "phone-low-join")
    tap(page.locator("#join"), "New claim")
    saved(page, "verified")
    well_placed(page, "phone-low-new")


# Disputed, and then?


def test_what_is_wrong_and_how_it_should_read(phone, ana, article, well_placed):
    page = phone(article)
    select(page, "31 bridges")
    in_the_bar(page, "Disputed")
    saved(page, "disputed")
    page.get_by_text("What is wrong?").tap()
    page.get_by_label("What is wrong", exact=True).select_option(label="Figure is wrong")
    page.get_by_label("It should read").tap()
    page.keyboard.insert_text("29 bridges")
    page.get_by_label("Must be put right").tap()
    page.get_by_label("Why", exact=True).tap()
    page.keyboard.insert_text("The register has 29.")
    well_placed(page, "phone-disputed-form")
    tap(page.locator("#why"), "Save")
    saved(page, "saved")
    now = Annotation.objects.current().get()
    assert (now.problem, now.should_read, now.must_fix, now.why) == (
        "figure",
        "29 bridges",
        True,
        "The register has 29.",
    )
    mine = page.locator(".opinion.mine")
    expect(mine).to_contain_text("Figure is wrong · must be put right")
    expect(mine).to_contain_text("Should read: 29 bridges")
    well_placed(page, "phone-disputed-card")


def test_whom_one_asked_and_by_when(phone, ana, article, well_placed):
    page = phone(article)
    select(page, "31 bridges")
    in_the_bar(page, "Needs source")
    saved(page, "needs source")
    page.get_by_text("Whom did you ask?").tap()
    page.get_by_label("Asked whom").tap()
    page.keyboard.insert_text("The harbour office")
    page.get_by_label("Answer due").fill("2026-02-02")  # a telephone has a calendar of its own
    well_placed(page, "phone-asked-form")
    tap(page.locator("#why"), "Save")
    saved(page, "saved")
    expect(page.locator(".opinion.mine")).to_contain_text(
        "Asked The harbour office · overdue since 2 February"
    )
    assert Annotation.objects.current().get().due_on.isoformat() == "2026-02-02"
    well_placed(page, "phone-asked-card")


# Join and move


@pytest.mark.parametrize("answer", ["Join claim", "New claim"])
def test_join_claim_12(phone, ana, article, claim, answer, well_placed):
    page = phone(article)
    select(page, "31 bridges")
    in_the_bar(page, "Verified")
    prompt = page.locator("#join")
    expect(prompt.get_by_role("heading")).to_have_text(f"Join claim {claim}?")
    well_placed(page, "phone-join")
    tap(prompt, answer)
    saved(page, "verified")
    expect(prompt).to_have_count(0)
    joined = answer == "Join claim"
    assert quotes() == {"31 bridges in the harbour"} | (set() if joined else {"31 bridges"})
    assert (Annotation.objects.get(reviewer=ana).span_id == claim) is joined
    well_placed(page, f"phone-{'joined' if joined else 'made-new'}")


def test_a_claim_is_moved_with_its_opinions_and_back(phone, ben, article, claim, well_placed):
    page = phone(article, user=ben)
    open_claim(page, claim)
    tap(page.locator("#card"), "Move", "link")
    panel = page.locator("#placing")
    expect(panel).to_contain_text(f"Move claim {claim}")
    in_the_bar(page, "Shorter")
    tap(page.locator("#toolbar"), "Start earlier")
    expect(panel.locator(".quote")).to_have_text("are 31 bridges in the")
    tap(page.locator("#toolbar"), "More")
    well_placed(page, "phone-move")
    tap(panel, "Save the place")
    saved(page, "has moved")
    there = ClaimState.objects.current().get().span
    assert there.quote == "are 31 bridges in the"
    kept = Annotation.objects.current().get()
    assert (kept.span, kept.reviewer, kept.verdict, kept.why) == (there, ben, "disputed", "Count.")
    expect(page.locator(".opinion.mine")).to_contain_text("Count.")
    well_placed(page, "phone-moved")
    in_the_bar(page, "Undo")
    saved(page, "Undone: move")
    assert quotes() == {"31 bridges in the harbour"}


def test_two_claims_are_merged_by_an_editor(phone, desk, edith, ana, article, claim, place, well_placed):
    other = tag(desk, author=ana, target=place(LINE), opinion=Opinion("verified"), base=None).span_id
    page = phone(article, user=edith)
    open_claim(page, claim)
    card = page.locator("#card")
    tap(card, "Merge with", "link")
    expect(card.get_by_role("link", name=str(other))).to_be_visible()
    well_placed(page, "phone-merge-with")
    tap(card, str(other), "link")
    expect(card).to_contain_text(f"Merge claim {other} into claim {claim}?")
    expect(card).to_contain_text(f"Everything said of claim {other} will be said of claim {claim}.")
    well_placed(page, "phone-merge")
    tap(card, f"Merge into claim {claim}")
    saved(page, f"Claim {other} is merged into claim {claim}")
    assert set(Annotation.objects.current().values_list("span", "verdict")) == {
        (claim, "disputed"),
        (claim, "verified"),
    }
    assert ClaimLink.objects.current().get().span_id == other
    well_placed(page, "phone-merged")


def test_a_claim_is_split_into_parts(phone, desk, ana, article, place, well_placed):
    whole = mark(desk, author=ana, place=place(LINE)).span_id
    page = phone(article)
    open_claim(page, whole)
    tap(page.locator("#card"), "Split into parts", "link")
    panel = page.locator("#placing")
    expect(panel).to_contain_text(f"Split claim {whole}")
    for part in ("31 bridges in the harbour", "the mayor said"):
        select(page, part)
        tap(panel, "Add this part")
    expect(panel.locator(".claim-links li")).to_have_count(2)
    well_placed(page, "phone-split")
    tap(panel, "Save 2 parts")
    saved(page, f"Claim {whole} has 2 parts")
    in_hand(page, LINE)
    first = Span.objects.exclude(pk=whole).order_by("start")[0]
    well_placed(page, "phone-whole")
    page.locator("#card .parts-of a").first.tap()
    expect(page.locator("#card")).to_have_attribute("data-n", str(first.pk))
    in_the_bar(page, "Verified")
    saved(page, "verified")
    expect(page.locator(f"#c{whole} .in-parts")).to_have_text("in parts: 1 to check, 1 waiting")
    well_placed(page, "phone-part")


# Quotations


def test_the_fact_that_it_was_said_and_the_wording(phone, desk, edith, ana, well_placed):
    text = "Harbour\n“We have 31 bridges,” the mayor said.\nNobody asked."
    page = phone(new_article(desk, edith, text))
    select(page, "“We have 31 bridges,” the mayor said.")
    in_the_bar(page, "Disputed")
    saved(page, "disputed")
    expect(page.locator("#card .offer")).to_contain_text("It quotes somebody")
    well_placed(page, "phone-quotation")
    tap(page.locator("#card .offer"), "That it was said", "link")
    expect(page.locator(".aspect[aria-current]")).to_contain_text("That it was said")
    in_the_bar(page, "Verified")
    saved(page, "verified")
    tap(page, "Needs source: the wording")
    saved(page, "needs source")
    rows = page.locator(".aspect")
    expect(rows).to_contain_text(["What is claimed", "That it was said", "The wording"])
    verdicts = Annotation.objects.current().values_list("span__aspect", "verdict")
    assert dict(verdicts) == {"fact": "disputed", "said": "verified", "wording": "needs_source"}
    expect(page.locator(".ref")).to_have_count(1)
    expect(page.locator("#claims .claim")).to_have_count(3)
    well_placed(page, "phone-aspects")


# The line under the bar

ABOUT = """() => [...document.querySelectorAll(".reader-about > *")].map(each => {
  const range = document.createRange();
  range.selectNodeContents(each);
  const { top, bottom } = range.getBoundingClientRect();
  return { words: each.textContent, top, bottom };
})"""


def test_what_is_said_of_the_article_stands_on_one_line(phone, desk, edith, shot):
    blocks, url = blocks_of("Ferries\nThree."), "https://daily.example/ferries"
    details = Details(title="Ferries", publisher="Daily", url=url, blocks=blocks)
    stored = import_article(desk, author=edith, text="Ferries\nThree.", details=details)
    page = phone(Article.objects.get(pk=stored.article_id))
    shot(page, "phone-about")
    told = page.evaluate(ABOUT)
    assert [each["words"] for each in told][:2] == ["Daily", "Where it was found"]
    assert abs(told[1]["top"] - told[0]["top"]) < 1
    assert told[1]["bottom"] - told[1]["top"] < 30
