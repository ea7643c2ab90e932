"""A week at the desk: edith edits, ana, ben and chidi review two articles of the sample corpus, from the import to
what is agreed, contested and decided. Each person sits at a browser of their own; each step leaves its picture,
where AIGAP_SHOTS says or else in the test's own directory, which the test prints."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotations.services.settings import set_member
from annotations.services.verify import verify
from tests.browser.conftest import SCHEMES, camera
from tests.browser.fingers import HANDHELD, tap
from tests.browser.test_reader_claims import press, saved
from tests.browser.test_reader_lost import all_saved, kept
from tests.browser.week import (
    Week,
    begin,
    cite,
    comment,
    go_to,
    import_read,
    judge,
    judge_all,
    listening,
    mark_sentence,
    open_claim,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
IN_THE_END = {
    "ranking": ("ruled", "verified"),
    "valuation": ("ruled", "disputed"),
    "strain": ("agreed", "needs_source"),
    "china-68-again": ("contested", None),
    "ernie-shortly": ("agreed", "disputed"),
}


@pytest.fixture
def people(new_page, sign_in, desk, edith, ana, ben, person):
    """name → a browser with that person signed in; ben has a telephone too, and a reader comes from outside."""
    chidi = set_member(desk, person("chidi"), "reviewer").user
    pages = {user.username: sign_in(new_page(), user) for user in (edith, ana, ben, chidi)}
    return pages | {"ben's telephone": sign_in(new_page(**HANDHELD), ben), "reader": new_page()}


@pytest.fixture
def pictures(tmp_path) -> Path:
    return Path(os.environ.get("AIGAP_SHOTS", tmp_path))


@pytest.fixture
def shot(pictures):
    """In the light alone, unless somebody asks for pictures."""
    return camera(pictures, SCHEMES if "AIGAP_SHOTS" in os.environ else ("light",))


def test_a_week_at_the_desk(live_server, people, shot, pictures, record_property):
    week = Week(live_server.url)
    edith, ana, ben, chidi = (people[name] for name in ("edith", "ana", "ben", "chidi"))
    monday_edith_sets_the_desk_up(week, edith, shot)
    monday_edith_brings_two_articles_in(week, edith, shot)
    monday_edith_spreads_them(week, edith, shot)
    tuesday_ana_judges_all_and_loses_the_line_once(week, ana, shot)
    tuesday_ben_begins_on_his_telephone(week, people["ben's telephone"], shot)
    tuesday_ben_goes_on_at_his_desk(week, ben, shot)
    wednesday_chidi_judges_and_asks_ben(week, chidi, shot)
    wednesday_ben_answers(week, ben, shot)
    thursday_edith_looks_how_it_goes(week, edith, shot)
    thursday_edith_sends_a_review_back(week, edith, shot)
    thursday_ben_stands_by_it(week, ben, shot)
    thursday_edith_decides(week, edith, shot)
    thursday_edith_accepts_what_all_agree_on(week, edith, shot)
    friday_edith_undoes_two_changes_and_the_undoing(week, edith, shot)
    friday_edith_looks_at_the_proof_sheet(week, edith, shot)
    friday_edith_drafts_a_correction(week, edith, shot)
    friday_edith_publishes_it(week, edith, people["reader"], shot)
    in_the_end_export_and_pages_say_the_same(week, edith, shot)
    shot(edith, "week-21-front", full_page=True)
    assert len(list(pictures.glob("week-*.png"))) >= 21
    record_property("screenshots", str(pictures))
    print(f"Screenshots of the week: {pictures}")


def monday_edith_sets_the_desk_up(week: Week, edith: Page, shot) -> None:
    week.open(edith, "/c/desk/settings/")
    edith.get_by_label("Opinions that a claim needs").fill("2")
    expect(edith.get_by_label("Blind:")).not_to_be_checked()
    edith.get_by_label("Public:").check()
    edith.get_by_role("button", name="Save settings").click()
    expect(edith.get_by_text("Settings saved.")).to_be_visible()
    shot(edith, "week-01-monday-settings")


def monday_edith_brings_two_articles_in(week: Week, edith: Page, shot) -> None:
    """One from its file, one pasted; and marks in each what is to be checked."""
    uploaded, pasted = week.article("quayside"), week.article("briefing-desk")
    week.open(edith, "/c/desk/articles/import/")
    edith.get_by_label("Files").set_input_files([week.corpus.folder / uploaded["file"]])
    edith.get_by_role("button", name="Read").click()
    shot(edith, "week-02-monday-import")
    import_read(edith, uploaded["title"], uploaded["publisher"])
    for name in ("ranking", "valuation", "strain"):
        week.claims[name] = mark_sentence(edith, week.quotes[name])
    week.open(edith, "/c/desk/articles/import/")
    edith.get_by_label("Or paste the text").fill((week.corpus.folder / pasted["file"]).read_text())
    edith.get_by_role("button", name="Read").click()
    import_read(edith, "In Brief", pasted["publisher"])
    for name in ("china-68-again", "ernie-shortly"):
        week.claims[name] = mark_sentence(edith, week.quotes[name])
    shot(edith, "week-03-monday-marked")
    week.open(edith, "/c/desk/")
    expect(edith.get_by_role("heading", name="5 claims")).to_be_visible()
    expect(edith.get_by_role("heading", name="2 articles")).to_be_visible()


def monday_edith_spreads_them(week: Week, edith: Page, shot) -> None:
    edith.get_by_role("link", name="Assignments").click()
    for name in ("Ana", "Ben", "Chidi"):
        expect(edith.get_by_label(name, exact=True)).to_be_checked()
    expect(edith.get_by_label("People for each article")).to_have_value("2")
    edith.get_by_label("All below").check()
    edith.get_by_role("button", name="Preview").click()
    expect(edith.get_by_role("heading", name="Who would get what")).to_be_visible()
    shot(edith, "week-04-monday-spread")
    edith.get_by_role("button", name="Make 4 assignments").click()
    expect(edith.locator("#notices")).to_contain_text("4 assignments made")
    expect(edith.locator("main")).to_contain_text("Every article has somebody.")


def tuesday_ana_judges_all_and_loses_the_line_once(week: Week, ana: Page, shot) -> None:
    begin(week, ana)
    go_to(week, ana, "ranking")
    judge(ana, "verified")
    cite(ana, "Ranking of open models, as published that day", first_hand=True)
    judge_all(week, ana, {"valuation": "verified", "strain": "needs_source", "ernie-shortly": "disputed"})
    go_to(week, ana, "china-68-again")
    ana.context.set_offline(True)
    press(ana, "v")
    kept(ana, "Not saved: no connection.")
    shot(ana, "week-05-tuesday-offline")
    ana.context.set_offline(False)
    all_saved(ana)
    expect(ana.locator("#trouble")).to_be_empty()
    week.open(ana, "/")
    expect(ana.get_by_role("heading", name="Nothing waits for you.")).to_be_visible()
    shot(ana, "week-06-tuesday-done")


def tuesday_ben_begins_on_his_telephone(week: Week, ben: Page, shot) -> None:
    week.open(ben, "/")
    ben.get_by_role("link", name=week.quotes["valuation"]).tap()
    expect(ben.locator("#card")).to_have_attribute("data-n", str(week.claims["valuation"]))
    tap(ben.locator("#toolbar"), "Disputed")
    saved(ben, f"Claim {week.claims['valuation']}: disputed")
    shot(ben, "week-07-tuesday-telephone")


def tuesday_ben_goes_on_at_his_desk(week: Week, ben: Page, shot) -> None:
    begin(week, ben)
    judge_all(week, ben, {"ranking": "verified", "strain": "needs_source"})
    expect(ben.locator("#card")).to_contain_text("You: Needs source")
    shot(ben, "week-08-tuesday-desk")


def wednesday_chidi_judges_and_asks_ben(week: Week, chidi: Page, shot) -> None:
    begin(week, chidi)
    go_to(week, chidi, "china-68-again")
    judge(chidi, "disputed")
    cite(chidi, "Deals of 2023, as counted by the fund itself", contradicts=True)
    chidi.locator("#comments > summary").click()
    comment(chidi, "Did the funds tell you another number, @ben?")
    shot(chidi, "week-08-wednesday-question")
    judge_all(week, chidi, {"ernie-shortly": "disputed"})
    week.open(chidi, "/")
    expect(chidi.get_by_role("heading", name="Nothing waits for you.")).to_be_visible()


def wednesday_ben_answers(week: Week, ben: Page, shot) -> None:
    week.open(ben, "/")
    expect(ben.get_by_role("region", name="You are mentioned")).to_contain_text("@ben?")
    shot(ben, "week-09-wednesday-mentioned")
    ben.keyboard.press("u")
    expect(ben.locator("#comments")).to_contain_text("You are asked to answer.")
    listening(ben)
    comment(ben, "They did: 65, and two of those fell through.")
    week.open(ben, "/")
    expect(ben.get_by_role("region", name="You are mentioned")).to_have_count(0)


def thursday_edith_looks_how_it_goes(week: Week, edith: Page, shot) -> None:
    week.open(edith, "/c/desk/")
    expect(edith.get_by_role("heading", name="How the work goes")).to_be_visible()
    expect(edith.get_by_role("region", name="Reviewers disagree")).to_contain_text("$1 billion")
    shot(edith, "week-10-thursday-front", full_page=True)
    week.open(edith, "/c/desk/agreement/")
    edith.get_by_role("link", name="As they stand now").first.click()
    expect(edith.get_by_role("heading", name="All together")).to_be_visible()
    shot(edith, "week-11-thursday-agreement", full_page=True)


def thursday_edith_sends_a_review_back(week: Week, edith: Page, shot) -> None:
    week.open(edith, "/").keyboard.press("u")
    expect(edith.locator("h1")).to_have_text(f"Claim {week.claims['valuation']}")
    edith.locator(".send-back").get_by_role("link", name="Ben").click()
    edith.get_by_label("What to look at again").locator("visible=true").fill("Valued by whom, and when?")
    shot(edith, "week-12-thursday-send-back")
    edith.keyboard.press("Control+Enter")
    expect(edith.locator("main")).to_contain_text("not looked at again yet")


def thursday_ben_stands_by_it(week: Week, ben: Page, shot) -> None:
    week.open(ben, "/")
    expect(ben.get_by_role("region", name="Sent back to you")).to_contain_text("Valued by whom, and when?")
    ben.keyboard.press("u")
    listening(ben)
    shot(ben, "week-13-thursday-sent-back")
    cite(ben, "Filing of the round, with the price of a share", first_hand=True, contradicts=True)
    ben.locator("#stand-by > summary").click()
    ben.get_by_label("Why you stand by it").fill("By its own investors, and only a month later.")
    ben.keyboard.press("Control+Enter")
    expect(ben.locator("#sent-back")).to_have_count(0)
    expect(ben.locator("#comments")).to_contain_text("only a month later")


def thursday_edith_decides(week: Week, edith: Page, shot) -> None:
    week.open(edith, "/")
    shot(edith, "week-13-thursday-desk")
    expect(edith.locator("main")).to_contain_text("only a month later")
    edith.get_by_role("region", name="To decide").get_by_role("link").first.click()
    expect(edith.locator("h1")).to_have_text(f"Claim {week.claims['valuation']}")
    expect(edith.locator(".turn")).to_contain_text("1 of 2 to decide")
    expect(edith.locator(".said .opinion").first).to_contain_text("Disputed")
    edith.wait_for_load_state("networkidle")  # its keys listen
    edith.keyboard.press("d")
    expect(edith.get_by_label("Why", exact=True)).to_be_focused()
    edith.keyboard.type("The filing has another sum.")
    shot(edith, "week-14-thursday-decision")
    edith.keyboard.press("Control+Enter")
    expect(edith.locator(".notice")).to_contain_text("is decided: disputed.")
    edith.wait_for_load_state("networkidle")
    edith.keyboard.press("]")
    expect(edith.locator("h1")).to_have_text(f"Claim {week.claims['china-68-again']}")


def thursday_edith_accepts_what_all_agree_on(week: Week, edith: Page, shot) -> None:
    week.open(edith, "/c/desk/claims/accept/")
    expect(edith.get_by_role("heading", name="1 claim to accept")).to_be_visible()
    expect(edith.get_by_role("heading", name="2 claims left out")).to_be_visible()
    shot(edith, "week-15-thursday-accept")
    edith.get_by_label("Why", exact=True).fill("Seen on the list itself.")
    edith.get_by_role("button", name="Accept these claims").click()
    expect(edith.locator("#notices")).to_contain_text("1 claim accepted")


def friday_edith_undoes_two_changes_and_the_undoing(week: Week, edith: Page, shot) -> None:
    """Chidi's last opinion and his source: gone together, and back together."""
    week.open(edith, "/c/desk/history/")
    edith.locator(".history .who", has_text="Chidi").first.click()
    edith.wait_for_url("**/history/?person=*")
    for words in (week.quotes["ernie-shortly"], "source"):
        edith.locator(".history > li", has_text=words).first.get_by_role("checkbox").check()
    edith.get_by_role("button", name="Undo ticked").click()
    expect(edith.get_by_role("heading", name="Undo 2 changes?")).to_be_visible()
    shot(edith, "week-16-friday-undo")
    edith.get_by_role("button", name="Undo 2 changes").click()
    expect(edith.locator("#notices")).to_contain_text("2 changes are undone.")
    assert status(week, edith, "ernie-shortly") == ("open", None)
    week.open(edith, "/c/desk/history/")
    edith.locator(".history > li").first.get_by_role("button").click()
    expect(edith.locator("#notices")).to_contain_text("is undone.")
    assert status(week, edith, "ernie-shortly") == ("agreed", "disputed")


def friday_edith_looks_at_the_proof_sheet(week: Week, edith: Page, shot) -> None:
    week.open(edith, "/c/desk/articles/")
    edith.get_by_role("link", name=week.article("quayside")["title"], exact=True).click()
    edith.get_by_role("link", name="Proof sheet").click()
    expect(edith.locator(".proof-claims > ol > li")).to_have_count(3)
    expect(edith.locator("main")).to_contain_text("The filing has another sum.")
    shot(edith, "week-17-friday-proof", full_page=True)


def friday_edith_drafts_a_correction(week: Week, edith: Page, shot) -> None:
    """It is refused to readers as long as nobody said when the article appeared: so she says that."""
    edith.get_by_role("link", name="Back to the article").click()
    open_claim(week, edith, "valuation")
    edith.locator("#correction summary").click()
    edith.get_by_label("It should read").last.fill("The company was valued later, at another sum.")
    edith.get_by_label("The correction").fill("We gave a value that no filing has.")
    edith.keyboard.press("Control+Enter")
    saved(edith, "the correction is saved.")
    expect(edith.locator(".correction")).to_contain_text("details do not say on which day it was published")
    expect(edith.get_by_role("button", name="Publish the correction")).to_have_count(0)
    shot(edith, "week-18-friday-not-yet")
    title = week.article("quayside")["title"]
    edith.locator(".correction").get_by_role("link", name="Correct the details").click()
    edith.get_by_label("Published").fill("2024-03-31")
    edith.get_by_role("button", name="Save details").click()
    expect(edith.get_by_role("status").first).to_contain_text("Details saved")
    edith.get_by_role("link", name=title).first.click()


def friday_edith_publishes_it(week: Week, edith: Page, reader: Page, shot) -> None:
    open_claim(week, edith, "valuation")
    edith.get_by_role("button", name="Publish the correction").click()
    saved(edith, "the correction is published.")
    week.open(reader, "/public/desk/corrections/")
    expect(reader.locator(".told")).to_contain_text("We gave a value that no filing has.")
    assert reader.context.cookies() == []
    shot(reader, "week-19-friday-public")


def exported(week: Week, page: Page) -> dict[str, tuple[str, str | None]]:
    rows = page.request.get(f"{week.url}/api/v1/collections/desk/export/?format=json").json()
    return {week.named(str(row["id"])): (row["status"], row["verdict"]) for row in rows}


def status(week: Week, page: Page, name: str) -> tuple[str, str | None]:
    return exported(week, page)[name]


def in_the_end_export_and_pages_say_the_same(week: Week, edith: Page, shot) -> None:
    assert exported(week, edith) == IN_THE_END
    week.open(edith, "/c/desk/")
    tally = edith.locator(".tally")
    for words in ("2Decided", "2Agreed", "1Reviewers disagree"):
        expect(tally).to_contain_text(words)
    week.open(edith, "/c/desk/claims/")
    for name, (state, verdict) in IN_THE_END.items():
        line = edith.locator("#claims > li").filter(has_text=f"Claim {week.claims[name]}")
        for word in filter(None, (state, verdict)):
            expect(line.locator(f".badge.{word}").first).to_be_visible()
    shot(edith, "week-20-the-end")
    assert list(verify()) == []
