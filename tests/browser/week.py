"""What one person at the desk does in one go, for the week in test_week.py: each waits for what that person sees."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from annotations.services.samples import Corpus
from tests.browser.fingers import IN_HAND
from tests.browser.test_reader_claims import press, saved

KEYS = {"verified": "v", "disputed": "d", "needs_source": "n"}
SAID = {"verified": "verified", "disputed": "disputed", "needs_source": "needs source"}


@dataclass
class Week:
    """`quotes`: name of a claim in seeds/work.json → words that it has; `claims`: name → its number, once marked."""

    url: str
    corpus: Corpus = field(default_factory=Corpus)
    claims: dict[str, int] = field(default_factory=dict)

    @property
    def quotes(self) -> dict[str, str]:
        return {claim["key"]: claim["quote"] for claim in self.corpus.claims}

    def article(self, key: str) -> dict[str, str]:
        return next(article for article in self.corpus.articles if article["key"] == key)

    def named(self, number: str | None) -> str:
        return next(name for name, claim in self.claims.items() if str(claim) == number)

    def open(self, page: Page, path: str) -> Page:
        page.goto(f"{self.url}{path}")
        return page


def import_read(page: Page, title: str, publisher: str) -> None:
    """The second half of an import: what was read is looked at, named and stored."""
    expect(page.get_by_role("heading", name="Look, correct, import")).to_be_visible()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Publisher").fill(publisher)
    page.get_by_role("button", name="Import this article").click()
    expect(page.locator("#article")).to_be_focused()


def mark_sentence(page: Page, words: str) -> int:
    """By keyboard: j to the sentence with these words, m. The claim's number."""
    press(page)
    for _ in range(40):
        page.keyboard.press("j")
        if words in page.evaluate(IN_HAND):
            break
    page.keyboard.press("m")
    saved(page, "is marked to check")
    return in_card(page)


def in_card(page: Page) -> int:
    return int(page.locator("#card[data-n]").get_attribute("data-n") or 0)


def begin(week: Week, page: Page) -> None:
    """From my desk to the first claim that waits."""
    week.open(page, "/")
    expect(page.get_by_role("link", name="Begin with the first")).to_be_visible()
    page.keyboard.press("u")
    page.wait_for_url("**/articles/**")
    listening(page)


def open_claim(week: Week, page: Page, name: str) -> None:
    """In the reader, from the list of claims."""
    expect(page.locator("#article")).to_be_focused()
    page.locator(f"#c{week.claims[name]} a").first.click()
    expect(page.locator("#card")).to_have_attribute("data-n", str(week.claims[name]))


def listening(page: Page) -> None:
    expect(page.locator("#card[data-n]")).to_be_visible()
    expect(page.locator("#article")).to_be_focused()


def onward(page: Page) -> None:
    """u; and once more where nothing here waits, but elsewhere."""
    before = in_card(page)
    press(page, "u")
    elsewhere = page.locator("a[data-onward]")
    expect(page.locator(f"#card[data-n]:not([data-n='{before}']), a[data-onward]").first).to_be_visible()
    if elsewhere.is_visible():
        page.keyboard.press("u")
        expect(page.locator(f"#card[data-n]:not([data-n='{before}'])")).to_be_visible()
    listening(page)


def judge(page: Page, verdict: str) -> None:
    number = in_card(page)
    press(page, KEYS[verdict])
    saved(page, f"Claim {number}: {SAID[verdict]}")


def go_to(week: Week, page: Page, name: str) -> None:
    """With u, from claim to claim, as far as this one."""
    for _ in week.claims:
        if week.named(str(in_card(page))) == name:
            return
        onward(page)
    raise AssertionError(f"u does not come to {name}")


def judge_all(week: Week, page: Page, verdicts: Mapping[str, str]) -> None:
    for name, verdict in verdicts.items():
        go_to(week, page, name)
        judge(page, verdict)


def cite(page: Page, title: str, *, first_hand: bool = False, contradicts: bool = False) -> None:
    press(page, "e")
    form = page.locator("#add-source form")
    expect(form).to_be_visible()
    form.get_by_label("Title or name").fill(title)
    if first_hand:
        form.get_by_label("First hand").check()
    if contradicts:
        form.get_by_text("Contradicts", exact=True).click()
        form.get_by_label("Title or name").focus()
    page.keyboard.press("Control+Enter")
    saved(page, "source added")


def comment(page: Page, words: str) -> None:
    page.locator("#comments").get_by_label("Add a comment").fill(words)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#comments")).to_contain_text(words)
