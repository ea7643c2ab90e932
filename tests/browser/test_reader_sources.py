"""Sources of every kind, added in the reader; each test ends with what the database holds."""

import pytest
from playwright.sync_api import expect

from annotations.models import Evidence, Source, SourceDetails
from annotations.services.claims import mark
from annotations.services.evidence import NewSource, add_evidence
from tests.browser.test_reader_claims import new_article, open_reader, press, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def form(page, live_server, sign_in, ana, article, desk, place):
    """Ana's reader with the form that adds a source to the claim of the bridges open."""
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    open_reader(page, live_server, sign_in, ana, article)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={span}")
    page.wait_for_load_state("networkidle")
    press(page, "e")
    expect(page.locator("#add-source form")).to_be_visible()
    return page


def choose(page, kind: str) -> None:
    page.get_by_label("Kind").select_option(label=kind)


def details() -> SourceDetails:
    return SourceDetails.objects.current().select_related("source").get()


def test_a_web_page_with_its_archived_copy(form, shot):
    form.get_by_label("Address", exact=True).fill("city.example/bridges")
    form.get_by_label("Title or name").fill("Bridges of the city")
    form.get_by_label("Address of an archived copy").fill("https://archive.example/1")
    form.get_by_label("Captured at").fill("2026-03-31T14:05")
    shot(form, "source-web")
    form.keyboard.press("Control+Enter")
    saved(form, "source added")
    now = details()
    assert (now.url, now.archived_url) == ("https://city.example/bridges", "https://archive.example/1")
    assert now.captured_at.isoformat() == "2026-03-31T14:05:00+00:00"
    assert now.accessed_on
    expect(form.locator(".source")).to_contain_text("archived copy, captured 31 March 2026")


def test_a_person_stays_at_the_desk(form, shot):
    choose(form, "Person")
    expect(form.get_by_label("Publisher")).to_be_hidden()
    form.get_by_label("Title or name").fill("M. Okafor")
    form.get_by_label("Who they are").fill("City engineer")
    form.get_by_label("Reached how").fill("by telephone")
    form.get_by_label("Reached on").fill("2026-04-02")
    form.get_by_label("On the record").select_option("no")
    shot(form, "source-person")
    form.keyboard.press("Control+Enter")
    saved(form, "source added")
    now = details()
    assert (now.person_role, now.reached_how, now.on_record) == ("City engineer", "by telephone", False)
    assert now.source.tier == "desk"
    expect(form.locator(".source")).to_contain_text("by telephone on 2 April 2026 · not on the record")


def test_a_calculation(form):
    choose(form, "Calculation")
    form.get_by_label("The working").fill("18 + 13 = 31")
    form.keyboard.press("Control+Enter")
    saved(form, "source added")
    assert details().note == "18 + 13 = 31"


@pytest.mark.parametrize(
    ("name", "media_type", "content", "kind"),
    [("r.pdf", "application/pdf", PDF, "document"), ("p.png", "image/png", PNG, "image")],
)
def test_a_document_goes_up_and_comes_down(form, shot, name, media_type, content, kind):
    choose(form, "Document or picture")
    form.locator("#f-file-new").set_input_files({"name": name, "mimeType": media_type, "buffer": content})
    expect(form.locator("#uploaded")).to_contain_text("It is kept")
    form.get_by_label("What does it show?").fill("The register, page 3")
    shot(form, "source-document")
    form.keyboard.press("Control+Enter")
    saved(form, "source added")
    assert details().source.kind == kind
    with form.expect_download() as download:
        form.get_by_role("link", name="Download").click()
    assert download.value.path().read_bytes() == content


def test_saved_while_its_document_is_on_the_way(form):
    choose(form, "Document or picture")
    held = []
    form.route("**/documents/", lambda route: held.append(route))
    form.locator("#f-file-new").set_input_files(
        {"name": "r.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    form.get_by_label("What does it show?").fill("The register")
    form.keyboard.press("Control+Enter")
    expect(form.locator("#toast")).to_contain_text("when its document has been sent")
    press(form, "v")
    saved(form, "verified")
    assert not Evidence.objects.exists()
    held[0].continue_()
    saved(form, "source added")
    assert details().file.endswith(".pdf")


def test_a_wrong_file_is_refused_before_and_after_it_is_sent(form):
    choose(form, "Document or picture")
    file = form.locator("#f-file-new")
    file.set_input_files({"name": "x.html", "mimeType": "text/html", "buffer": b"<script>1</script>"})
    expect(form.locator("#uploaded")).to_contain_text("neither a PDF, a PNG nor a JPEG")
    file.set_input_files({"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"<script>1</script>"})
    expect(form.locator("#toast")).to_contain_text("neither a PDF, a PNG nor a JPEG")
    assert not Source.objects.exists()


WRONG = {"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"<script>1</script>"}


def test_no_source_waits_for_a_file_that_was_refused(form):
    choose(form, "Document or picture")
    form.locator("#f-file-new").set_input_files(WRONG)
    expect(form.locator("#uploaded")).to_contain_text("neither a PDF, a PNG nor a JPEG")
    form.get_by_label("What does it show?").fill("The register, on paper")
    form.keyboard.press("Control+Enter")
    saved(form, "source added")


def test_what_was_written_of_a_file_that_is_refused_later_is_kept(form):
    choose(form, "Document or picture")
    held = []
    form.route("**/documents/", lambda route: held.append(route))
    form.locator("#f-file-new").set_input_files(WRONG)
    form.get_by_label("What does it show?").fill("The register")
    form.keyboard.press("Control+Enter")
    expect(form.locator("#toast")).to_contain_text("when its document has been sent")
    held[0].continue_()
    expect(form.locator("#toast")).to_contain_text("The source is not saved, what you wrote of it is kept.")
    form.reload()
    expect(form.get_by_label("What does it show?")).to_have_value("The register")
    assert not Source.objects.exists()


def test_a_known_source_is_suggested_and_taken_by_keyboard(form, desk, ana, place, shot):
    other = mark(desk, author=ana, place=place("harbour")).span_id
    source = NewSource("web", {"title": "Harbour register", "url": "https://harbour.example/r"})
    add_evidence(desk, author=ana, span_id=other, source=source)
    form.get_by_label("Title or name").press_sequentially("harb")
    expect(form.locator("#known [role=option]")).to_contain_text(f"already cited for claim {other}")
    shot(form, "source-known")
    form.keyboard.press("ArrowDown")
    form.keyboard.press("Enter")
    expect(form.locator(".chosen")).to_contain_text("Harbour register")
    form.keyboard.press("Control+Enter")
    saved(form, "source added")
    assert Source.objects.count() == 1
    assert Evidence.objects.current().count() == 2


def test_an_article_is_picked_by_its_title(form, desk, edith):
    other = new_article(desk, edith, "Other\nThe city has 31 bridges.")
    choose(form, "Article of this collection")
    form.get_by_label("Title of the article").press_sequentially("oth")
    expect(form.locator("#known [role=option]")).to_have_count(1)
    form.keyboard.press("ArrowDown")
    form.keyboard.press("Enter")
    form.get_by_label("The words that settle it").fill("31 bridges")
    form.keyboard.press("Control+Enter")
    saved(form, "source added")
    assert details().source.article_id == other.pk
    assert details().title == "Other"


def test_enter_in_an_empty_form_is_the_same_source_again(form, live_server, desk, ana, place, article):
    other = mark(desk, author=ana, place=place("harbour")).span_id
    add_evidence(desk, author=ana, span_id=other, source=NewSource("web", {"title": "Register"}))
    form.reload()
    form.wait_for_load_state("networkidle")
    press(form, "e", "Enter")
    saved(form, "source added again: Register")
    assert Source.objects.count() == 1


def test_the_form_on_a_phone(new_page, live_server, sign_in, ana, article, desk, place, axe, shot):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    sign_in(page, ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={span}")
    page.wait_for_load_state("networkidle")
    page.locator("#add-source > summary").click()
    choose(page, "Document or picture")
    shot(page, "source-phone")
    assert axe(page) == []


@pytest.fixture
def register(desk, ana, place):
    other = mark(desk, author=ana, place=place("harbour")).span_id
    details = {"title": "Harbour register", "url": "https://harbour.example/register"}
    return add_evidence(desk, author=ana, span_id=other, source=NewSource("web", details))


def test_the_suggestions_pass_axe(
    new_page, live_server, sign_in, ana, article, desk, place, register, axe, shot
):
    span = mark(desk, author=ana, place=place("31 bridges")).span_id
    page = sign_in(new_page(), ana)
    page.goto(f"{live_server.url}/c/desk/articles/{article.pk}/?claim={span}")
    page.wait_for_load_state("networkidle")
    press(page, "e")
    page.get_by_label("Address", exact=True).press_sequentially("harbour.example/register")
    expect(page.locator("#known [role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    shot(page, "source-suggested")
    assert axe(page) == []


def test_an_address_that_is_a_source_already_is_cited_instead(register, form):
    form.get_by_label("Address", exact=True).press_sequentially("http://www.harbour.example/register/")
    expect(form.locator("#already")).to_contain_text("already a source here: Harbour register")
    expect(form.locator("#said")).to_contain_text("already a source here: Harbour register. Arrow down")
    form.keyboard.press("Tab")
    assert form.evaluate("document.activeElement.textContent") == "Cite that one"
    form.keyboard.press("Enter")
    expect(form.locator(".chosen")).to_contain_text("Harbour register")
    expect(form.locator("#already")).to_have_count(0)
    form.keyboard.press("Control+Enter")
    saved(form, "source added")
    assert Source.objects.count() == 1


def test_fields_stand_apart_and_a_box_beside_its_label(form):
    fields = form.locator("#add-source .facts > .field:visible input:not([type=hidden], [type=checkbox])")
    boxes = [each.bounding_box() for each in fields.all()]
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            beside = abs(one["y"] - other["y"]) < one["height"]
            assert not beside or one["x"] + one["width"] + 8 <= other["x"]
    middles = [
        box["y"] + box["height"] / 2
        for each in form.locator("#add-source .f-is_primary :is(span:not(.hint), [type=checkbox])").all()
        if (box := each.bounding_box())
    ]
    assert len(middles) == 2
    assert abs(middles[0] - middles[1]) < 2


def test_the_details_are_told_apart_by_a_dot_that_begins_no_line(phone, article):
    """On a phone by room alone."""
    page = phone(article)
    assert not any(shown for _, shown in dots(page))
    page.set_viewport_size({"width": 1024, "height": 800})
    wide = dots(page)
    assert any(shown for _, shown in wide)
    assert all(shown != first for first, shown in wide)


def dots(page) -> list[list[bool]]:
    """Of each detail, whether it begins a line, and whether a dot is seen before it."""
    return page.locator(".reader-about").evaluate("""about => {
      const edge = about.getBoundingClientRect().left;
      const clips = getComputedStyle(about).overflowX === "clip";
      return [...about.children].map((each, n, all) => {
        const { left } = each.getBoundingClientRect();
        const dot = getComputedStyle(each, "::before");
        const cut = dot.position === "absolute" && clips && left + parseFloat(dot.left) < edge;
        const shown = dot.content !== "none" && !cut;
        return [n === 0 || left < all[n - 1].getBoundingClientRect().left, shown];
      });
    }""")
