"""Every flow of the reader by keyboard alone. The focus is never lost, and each action says once what happened."""

import time

import pytest
from playwright.sync_api import expect

from annotations.models import (
    Annotation,
    Article,
    ArticleDetails,
    ArticleWork,
    ClaimState,
    Evidence,
    Ruling,
    SourceDetails,
)
from annotations.services.claims import Opinion, mark, tag
from tests.browser.test_reader_claims import open_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WATCH = """
window.__said = [];
window.__lost = [];
let opened = false;
const watch = () => {
  const said = document.getElementById("said");
  if (said && !said.watched) {
    said.watched = new MutationObserver(() => said.textContent && window.__said.push(said.textContent.trim()));
    said.watched.observe(said, { childList: true, characterData: true, subtree: true });
  }
  const nowhere = !document.activeElement || document.activeElement === document.body;
  opened ||= !nowhere;
  if (opened && nowhere && !document.hidden) window.__lost.push(performance.now());
  requestAnimationFrame(watch);
};
document.addEventListener("DOMContentLoaded", watch);
"""
WHERE = """() => {
  const now = document.activeElement;
  const named = now.labels?.[0] ?? now;
  return (now.getAttribute("aria-label") || named.textContent || now.id).trim().replace(/\\s+/g, " ").slice(0, 80);
}"""


class Keys:
    """A person without a mouse. `said()`: what was announced since the last time; each press looks for the focus."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, words):
        self.page.keyboard.type(words)
        return self

    def where(self) -> str:
        return self.page.evaluate(WHERE)

    def tab_to(self, name: str, back: bool = False):
        for _ in range(90):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            if self.where().startswith(name):
                return self
        raise AssertionError(f"{name} is not to be reached with Tab")

    def settle(self):
        expect(self.page.locator("#article")).not_to_have_attribute("aria-busy", "true")
        self.page.wait_for_load_state("networkidle")
        time.sleep(0.15)
        assert self.page.evaluate("window.__lost") == [], "the focus was on nothing"
        return self

    def said(self) -> list[str]:
        self.settle()
        return self.page.evaluate("window.__said.splice(0)")

    def says(self, words: str, *keys):
        """These keys say one thing, and it has these words in it."""
        self.said()
        self.press(*keys)
        until = time.monotonic() + 5
        heard = self.said()
        while not heard and time.monotonic() < until:
            heard = self.said()
        assert len(heard) == 1, (keys, heard)
        assert words in heard[0], (keys, heard)
        return self

    def is_in_the_text(self):
        expect(self.page.locator("#article, #sentences").locator("visible=true")).to_be_focused()
        return self


@pytest.fixture
def keys(page, live_server, sign_in, ana, article):
    page.add_init_script(WATCH)
    return Keys(open_reader(page, live_server, sign_in, ana, article))


@pytest.fixture
def as_edith(page, live_server, sign_in, edith, article):
    page.add_init_script(WATCH)
    return Keys(open_reader(page, live_server, sign_in, edith, article))


def test_from_the_import_page_to_the_reader(page, live_server, sign_in, desk, edith):
    page.add_init_script(WATCH)
    sign_in(page, edith)
    page.goto(f"{live_server.url}/c/desk/articles/import/")
    keys = Keys(page)
    keys.tab_to("Or paste the text").type("Ferries\nThree ferries cross the harbour.")
    keys.tab_to("Read").press("Enter")
    expect(page.get_by_role("heading", name="Look, correct, import")).to_be_visible()
    keys.tab_to("Import this article").press("Enter")
    expect(page.locator("#article")).to_be_focused()
    keys.press("j", "j")
    keys.says("marked", "m").is_in_the_text()
    assert Article.objects.count() == 1
    assert ClaimState.objects.current().get().span.quote == "Three ferries cross the harbour."


def test_choosing_words_says_them(keys):
    keys.says("Bridges 🌉 counted", "j")
    keys.says("There are 31 bridges in the harbour, the mayor said.", "j")
    keys.says("There are 31 bridges in the harbour, the mayor", "Shift+ArrowLeft")
    keys.says("are 31 bridges in the harbour, the mayor", "Alt+Shift+ArrowRight")
    keys.says("There are 31 bridges in the harbour, the mayor said.", "k")
    keys.says("Bridges", "k")
    keys.says("No more sentences this way", "k")
    keys.says("No more sentences this way", "k")
    keys.says("Nothing in hand", "Escape").is_in_the_text()


def test_each_verdict_is_said_once(keys):
    keys.press("j", "j")
    keys.says("is marked to check", "m").is_in_the_text()
    keys.says("verified", "v").is_in_the_text()
    keys.says("disputed", "d").is_in_the_text()
    keys.says("needs source", "n").is_in_the_text()
    keys.says("Undone", "z").is_in_the_text()
    assert Annotation.objects.current().get().verdict == "disputed"


def test_not_checkable_asks_why_in_a_dialog(keys):
    keys.press("j", "j", "x", "ArrowDown")
    keys.says("cannot be checked", "Enter").is_in_the_text()
    assert ClaimState.objects.current().get().reason == "prediction"


@pytest.fixture
def marked(desk, ana, place) -> int:
    return mark(desk, author=ana, place=place("31 bridges")).span_id


def test_claims_are_walked_and_said(keys, desk, ben, place, marked):
    mark(desk, author=ben, place=place("31 bridges in the harbour"))
    keys.page.reload()
    keys.says(f"Claim {marked}. To check. 31 bridges", "u").is_in_the_text()
    keys.says("Claim", "u").is_in_the_text()
    keys.press("Escape")
    keys.said()
    keys.press("j", "j")
    keys.says("2 claims here", "Enter").is_in_the_text()
    keys.tab_to(f"{marked}31 bridges").press("Enter")
    assert "Claim" in keys.said()[-1]


KINDS = {
    "Web page": ("Title or name", "Register"),
    "Person": ("Title or name", "M. Okafor"),
    "Calculation": ("The working", "18 + 13"),
    "Recording": ("Title or name", "The radio"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_of_each_kind(keys, marked, kind):
    label, words = KINDS[kind]
    keys.page.reload()
    keys.press("u").settle()
    keys.press("e").tab_to("Kind", back=True).type(kind[:3])
    keys.tab_to(label).type(words)
    keys.says("source added", "Control+Enter").is_in_the_text()
    assert words in (SourceDetails.objects.get().title, SourceDetails.objects.get().note)
    keys.press("e")
    assert keys.where() not in ("", kind)
    keys.says("source added again", "Enter").is_in_the_text()
    assert Evidence.objects.current().count() == 2


def test_a_document(keys, marked, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = {"name": "r.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}
    # Listened for from the start: a chooser that opens before anybody listens never comes.
    keys.page.on("filechooser", lambda chooser: chooser.set_files(file))
    keys.page.reload()
    keys.press("u").settle()
    keys.press("e").tab_to("Kind", back=True).type("Doc")
    keys.tab_to("PDF, PNG or JPEG")
    keys.press("Enter")
    expect(keys.page.locator("#uploaded")).to_contain_text("It is kept")
    keys.tab_to("What does it show?").type("The register")
    keys.says("source added", "Control+Enter").is_in_the_text()
    assert SourceDetails.objects.get().note == "The register"


def test_why_and_a_note_are_saved_from_their_forms(keys, marked):
    keys.page.reload()
    keys.press("u").settle()
    keys.press("v").settle()
    keys.press("w").type("Counted twice.")
    keys.says("saved", "Control+Enter").is_in_the_text()
    keys.tab_to("Note to myself").press("Enter").tab_to("Note to myself").type("Ask Ben.")
    keys.says("Your note is kept", "Control+Enter").is_in_the_text()
    assert Annotation.objects.current().get().why == "Counted twice."


def test_buttons_of_the_card_keep_the_focus(keys, marked):
    keys.page.reload()
    keys.press("u").settle()
    keys.press("v").settle()
    keys.tab_to("Withdraw")
    keys.says("", "Enter").is_in_the_text()
    keys.tab_to("Remove the mark")
    keys.says("", "Enter").is_in_the_text()
    assert not ClaimState.objects.current().exists()


def test_a_toast_used_or_gone_leaves_the_focus_in_the_text(keys):
    keys.press("j", "j", "v").settle()
    keys.page.locator("#toast button").focus()
    keys.says("Undone", "Enter").is_in_the_text()
    keys.press("v").settle()
    keys.page.locator("#toast button").focus()
    expect(keys.page.locator("#toast")).to_have_count(0, timeout=9000)
    keys.settle().is_in_the_text()


def test_a_claim_is_moved_and_split(keys, marked):
    keys.page.reload()
    keys.press("u").settle()
    keys.says(f"Move claim {marked}", "o").is_in_the_text()
    keys.press(*["Shift+ArrowRight"] * 3)
    keys.says("has moved", "Enter").is_in_the_text()
    keys.press("p").settle()
    keys.press(*["Shift+ArrowLeft"] * 3)
    keys.says("Part 1: 31 bridges", "Enter").is_in_the_text()
    keys.press("Shift+ArrowRight", "Alt+Shift+ArrowRight", "Alt+Shift+ArrowRight", "Shift+ArrowRight")
    keys.said()
    keys.says("Part 2", "Enter")
    keys.says("", "Control+Enter").is_in_the_text()
    assert ClaimState.objects.current().count() == 3


def test_two_claims_are_merged(as_edith, desk, ben, place, marked):
    other = mark(desk, author=ben, place=place("31 bridges in the harbour")).span_id
    keys = as_edith
    keys.page.reload()
    keys.says(f"Claim {marked}", "u")
    keys.press("g").settle()
    expect(keys.page.locator("#card")).to_be_focused()
    expect(keys.page.locator("#card")).to_contain_text(f"Which claim is the same as claim {marked}?")
    keys.tab_to(f"{other} 31 bridges in the harbour").press("Enter")
    expect(keys.page.locator("#card")).to_contain_text(f"Merge claim {other} into claim {marked}?")
    expect(keys.page.locator("#card")).to_be_focused()
    keys.tab_to(f"Merge into claim {marked}")
    keys.says(f"Claim {other} is merged into claim {marked}", "Enter").is_in_the_text()
    assert [state.span_id for state in ClaimState.objects.current()] == [marked]
    keys.says("Undone: merging", "z").is_in_the_text()
    assert {state.span_id for state in ClaimState.objects.current()} == {marked, other}


def test_aspects(keys, marked):
    keys.page.reload()
    keys.press("u").settle()
    keys.says("That it was said", "2").is_in_the_text()
    keys.says("verified", "v").is_in_the_text()
    keys.says("wording", "3").is_in_the_text()
    keys.says(f"Claim {marked}", "1").is_in_the_text()
    assert Annotation.objects.current().get().span.aspect == "said"


def test_views_and_the_dialog_of_keys(keys):
    keys.press("s")
    expect(keys.page.locator("#sentences")).to_be_focused()
    heard = keys.said()
    assert "3 sentences" in heard[0]
    keys.press("j", "v").settle()
    expect(keys.page.locator("#sentences")).to_be_focused()
    keys.press("F2")
    expect(keys.page.get_by_label("Leave the words that you mean")).to_be_focused()
    keys.press("Escape").settle().is_in_the_text()
    keys.press("?").settle()
    assert keys.where() == "Keys and reading"
    keys.press("Escape").settle().is_in_the_text()
    keys.press("s")
    expect(keys.page.locator("#article")).to_be_focused()
    keys.said()
    keys.says("Facts: 3 without a claim", "f").is_in_the_text()
    keys.says("1 of", "Tab").is_in_the_text()
    keys.press("Escape")
    keys.said()
    keys.says("Facts are no longer shown", "Escape").is_in_the_text()


def test_the_question_whether_to_join(keys, desk, ben, place):
    theirs = tag(desk, author=ben, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id
    keys.page.reload()
    keys.press("j", "j")
    keys.says(f"Join claim {theirs}?", "v").is_in_the_text()
    keys.says("Not saved", "Escape").is_in_the_text()
    keys.press("s")
    expect(keys.page.locator("#sentences")).to_be_focused()
    expect(keys.page.locator("#toast")).to_contain_text("Saved for you")
    keys.says(f"Join claim {theirs}?", "v")
    keys.says(f"Claim {theirs}: verified", "Enter").is_in_the_text()
    assert Annotation.objects.current().filter(span=theirs).count() == 2


def test_two_versions_are_compared_and_one_kept(keys, desk, ana, place, marked):
    keys.page.reload()
    keys.press("u").settle()
    tag(desk, author=ana, target=marked, opinion=Opinion("needs_source"), base=None)
    keys.says("it has changed elsewhere", "v").is_in_the_text()
    keys.tab_to("Keep mine")
    keys.says("verified", "Enter").is_in_the_text()
    assert Annotation.objects.current().get().verdict == "verified"


def test_the_details_of_an_article(as_edith, article):
    keys = as_edith
    keys.press("Escape")
    keys.page.goto(f"{keys.page.url}details/")
    keys.tab_to("Title").press("Control+a").type("Bridges, counted again")
    keys.tab_to("Save details")
    with keys.page.expect_navigation():
        keys.press("Enter")
    expect(keys.page.get_by_role("status").first).to_contain_text("Details saved")
    assert ArticleDetails.objects.current().get().title == "Bridges, counted again"


def test_an_article_is_taken_and_handed_over(keys, ana, ben, article):
    keys.tab_to("Take it", back=True).press("Enter").tab_to("Save")
    with keys.page.expect_navigation():
        keys.press("Enter")
    expect(keys.page.locator("#article")).to_be_focused()
    assert ArticleWork.objects.current().get().owner == ana
    keys.tab_to("Stage, hand over", back=True).press("Enter").tab_to("Whose").type("Ben").tab_to("Save")
    with keys.page.expect_navigation():
        keys.press("Enter")
    expect(keys.page.locator("#article")).to_be_focused()
    assert ArticleWork.objects.current().get().owner == ben


def test_a_claim_is_decided(as_edith, desk, ana, ben, place, marked):
    tag(desk, author=ana, target=marked, opinion=Opinion("verified"), base=None)
    tag(desk, author=ben, target=marked, opinion=Opinion("disputed"), base=None)
    keys = as_edith
    keys.page.reload()
    keys.press("u").settle()
    keys.tab_to("Decide").press("Enter").tab_to("Verified").press("ArrowDown")
    keys.tab_to("Why").type("The register says 29.")
    keys.says("decided", "Control+Enter").is_in_the_text()
    assert Ruling.objects.current().get().rationale == "The register says 29."


def test_the_bar_leads_to_what_is_left(keys, marked):
    keys.page.reload()
    keys.tab_to("1 unanswered", back=True)
    keys.says(f"Claim {marked}", "Enter")
    assert keys.where().startswith("1 unanswered")
