"""T17: scripts typed into every field are words on every page. A dialog, a script error or a violation of the CSP
fails the test by itself: see conftest."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Annotation, Article, CollectionSettings, Source, SourceDetails, User
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, set_checkable, tag
from annotations.services.evidence import Citation, NewSource, add_evidence
from annotations.services.ledger import commit
from annotations.services.notes import keep_note
from annotations.services.rulings import rule
from annotations.services.settings import change_settings
from tests.conftest import blocks_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ATTACKS = [
    "\"'><script>alert(1)</script><img src=x onerror=alert(2)>",
    "'--></title></textarea></style></script><svg onload=alert(3)><a href=javascript:alert(4)>x</a>",
    '</template><details open ontoggle=alert(5)><iframe srcdoc="<script>alert(6)</script>">{{7*7}}',
]
WICKED = [
    "javascript:alert(7)",
    "data:text/html,<script>alert(8)</script>",
    "https://x.example/?\"'><img src=x onerror=alert(9)>",
]
PLANTED = """() => [...document.querySelectorAll(
  "script:not([src]), img[src=x], svg[onload], iframe, [ontoggle], [onerror]," +
  "[href^='javascript:' i], [href^='data:' i]",
)].map(each => each.outerHTML)"""
WORDS = """() => document.body.textContent + "\\n" +
  [...document.querySelectorAll("input, textarea")].map(each => each.value).join("\\n")"""


def wicked_sources(desk, author, claim: int, attack: str) -> None:
    """Of each kind of field; the addresses as an older version might have stored them, past the checks of today."""
    cited = Citation(locator=f"LOCATOR{attack}", excerpt=f"EXCERPT{attack}")
    details = {"title": f"TITLE{attack}", "publisher": f"PUBLISHER{attack}"}
    add_evidence(desk, author=author, span_id=claim, source=NewSource("web", details), citation=cited)
    person = {"title": "Ada", "person_role": f"PERSON{attack}"}
    add_evidence(desk, author=author, span_id=claim, source=NewSource("person", person))
    sum_up = NewSource("calculation", {"title": "Sum", "note": f"WORKING{attack}"})
    add_evidence(desk, author=author, span_id=claim, source=sum_up)
    for url in WICKED:
        with commit(desk, author=author, action="fill") as revision:
            source = Source.objects.create(collection=desk, kind="web", tier="public")
        SourceDetails.objects.create(
            collection=desk, source=source, title=f"URL{attack}", url=url, created_in=revision.number
        )
        add_evidence(desk, author=author, span_id=claim, source=source.pk)


@pytest.fixture(params=ATTACKS, ids=["tags", "endings", "late"])
def scene(request, desk, edith, ana, ben):
    """An article of attacks, with claims in each state whose every field is one: (attack, article, claims)."""
    attack = request.param
    User.objects.filter(pk=edith.pk).update(is_staff=True, is_superuser=True, display_name=f"EDITH{attack}")
    User.objects.filter(pk__in=[ana.pk, ben.pk]).update(display_name=f"REVIEWER{attack}")
    text = f"HEAD{attack}\nFirst{attack} line.\nSecond{attack} line.\nThird{attack} line."
    named = {"title": f"ARTICLE{attack}", "byline": f"BYLINE{attack}", "publisher": f"OUTLET{attack}"}
    details = Details(**named, language="en", url=WICKED[-1], blocks=blocks_of(text))
    article = Article.objects.get(
        pk=import_article(desk, author=edith, text=text, details=details).article_id
    )

    def place(word: str) -> Place:
        quote = f"{word}{attack}"
        return Place(article.pk, text.index(quote), text.index(quote) + len(quote), quote)

    said = Opinion("disputed", f"WHY{attack}", problem="figure", should_read=f"READ{attack}", must_fix=True)
    ruled = tag(desk, author=ana, target=place("First"), opinion=said, base=None).span_id
    wicked_sources(desk, ana, ruled, attack)
    keep_note(author=ana, span_id=ruled, text=f"NOTE{attack}")
    rule(desk, author=edith, span_id=ruled, verdict="disputed", rationale=f"RATIONALE{attack}", base=None)
    contested = tag(desk, author=ana, target=place("Second"), opinion=said, base=None).span_id
    tag(desk, author=ben, target=place("Second"), opinion=Opinion("verified"), base=None)
    reason = {"not_checkable": True, "reason": f"REASON{attack}"}
    unfit = set_checkable(desk, author=ana, target=place("Third"), **reason).span_id
    mark(desk, author=ana, place=place("HEAD"))
    return attack, article, {"ruled": ruled, "contested": contested, "unfit": unfit}


def harmless(page: Page, address: str, attack: str, *shown: str) -> None:
    page.goto(address)
    if "/articles/" in address:  # the reader fetches more
        page.wait_for_load_state("networkidle")
    assert page.evaluate(PLANTED) == [], address
    words = page.evaluate(WORDS)
    for field in shown:
        assert f"{field}{attack}" in words, (address, field)


CARD = (
    "WHY",
    "READ",
    "TITLE",
    "PUBLISHER",
    "LOCATOR",
    "EXCERPT",
    "PERSON",
    "WORKING",
    "URL",
    "RATIONALE",
    "EDITH",
)


def test_in_the_reader_attacks_are_words(new_page, live_server, sign_in, desk, ana, ben, edith, scene):
    attack, article, claims = scene
    at = f"{live_server.url}/c/desk/articles/{article.pk}/"
    hers, his = sign_in(new_page(), ana), sign_in(new_page(), ben)
    harmless(hers, f"{at}?claim={claims['ruled']}", attack, *CARD, "NOTE", "OUTLET", "First", "HEAD")
    harmless(his, f"{at}?claim={claims['ruled']}", attack, *CARD, "REVIEWER")
    harmless(his, f"{at}?claim={claims['unfit']}", attack, "REASON", "Third")
    harmless(sign_in(new_page(), edith), f"{at}?claim={claims['contested']}", attack, "WHY", "REVIEWER")
    # Two windows: what is stored and what was typed, side by side.
    harmless(hers, f"{at}?claim={claims['contested']}", attack, "WHY")
    mine = Annotation.objects.current().get(span=claims["contested"], reviewer=ana)
    changed = Opinion("needs_source", f"ELSEWHERE{attack}")
    tag(desk, author=ana, target=claims["contested"], opinion=changed, base=mine.pk)
    hers.locator("#why > summary").click()
    hers.locator("#why textarea[name=why]").fill(f"TYPED{attack}")
    hers.locator("#why button").click()
    expect(hers.locator("#card.conflict")).to_contain_text(f"ELSEWHERE{attack}")
    expect(hers.locator("#card.conflict")).to_contain_text(f"TYPED{attack}")
    assert hers.evaluate(PLANTED) == []


def test_on_the_other_pages_attacks_are_words(new_page, live_server, sign_in, desk, ana, edith, scene):
    attack, article, _ = scene
    page = sign_in(new_page(), ana)
    for path, *shown in (
        ("/", "ARTICLE"),
        ("/c/desk/", "ARTICLE", "Second"),
        ("/c/desk/articles/", "ARTICLE", "OUTLET"),
        ("/c/desk/claims/", "First", "Second", "Third"),
        ("/c/desk/history/", "First", "EDITH"),
        ("/c/desk/dataset/", "OUTLET"),
    ):
        harmless(page, live_server.url + path, attack, *shown)
    page.goto(f"{live_server.url}/c/desk/articles/")
    page.locator("[name=q]").fill(attack)
    page.locator("[name=q]").press("Enter")
    expect(page.locator("[name=q]")).to_have_value(attack)
    assert page.evaluate(PLANTED) == []
    page = sign_in(new_page(), edith)
    harmless(
        page,
        f"{live_server.url}/c/desk/articles/{article.pk}/details/",
        attack,
        "ARTICLE",
        "BYLINE",
        "OUTLET",
    )
    live = CollectionSettings.objects.current().get()
    change_settings(desk, author=edith, base=live.pk, changes={"name": f"DESK{attack}"})
    for path in ("/", "/c/desk/", "/c/desk/settings/"):
        harmless(page, live_server.url + path, attack, "DESK")


def test_a_wicked_file_is_a_name_and_words(page, live_server, sign_in, edith, scene):
    attack, *_ = scene
    sign_in(page, edith).goto(f"{live_server.url}/c/desk/articles/import/")
    # A name has no slash, and browsers send its quotes as %22.
    name = "FILE" + attack.replace("/", "").replace('"', "")
    html = f"<html><title>{attack}</title><body><h1>INSIDE</h1><p>Words {attack} and more.</p></html>"
    page.locator("input[type=file]").set_input_files(
        [
            {"name": f"{name}.txt", "mimeType": "text/plain", "buffer": f"TEXT{attack}\nA line.".encode()},
            {"name": f"{name}.html", "mimeType": "text/html", "buffer": html.encode()},
            {"name": f"{name}.exe", "mimeType": "text/plain", "buffer": b"\x00\x01"},
        ]
    )
    page.get_by_role("button", name="Read").first.click()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(PLANTED) == []
    words = page.evaluate(WORDS)
    assert f"TEXT{attack}" in words
    assert words.count(name) >= 2


LEDGER = {
    "annotation": ("WHY", "READ"),
    "evidence": ("LOCATOR", "EXCERPT"),
    "sourcedetails": ("TITLE", "PUBLISHER"),
    "ruling": ("RATIONALE",),
    "claimstate": ("REASON",),
    "articledetails": ("ARTICLE", "BYLINE", "OUTLET"),
    "user": ("EDITH",),
}


def test_in_administration_attacks_are_words(page, live_server, sign_in, edith, scene):
    attack, *_ = scene
    sign_in(page, edith)
    for model, shown in LEDGER.items():
        base = f"{live_server.url}/admin/annotations/{model}/"
        harmless(page, base, attack)
        rows = page.locator("#result_list th a").evaluate_all("links => links.map(link => link.href)")
        seen = ""
        for address in rows:
            harmless(page, address, attack)
            seen += page.evaluate(WORDS)
        assert rows, model
        for field in shown:
            assert f"{field}{attack}" in seen, (model, field)
