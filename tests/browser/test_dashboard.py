"""The front page's charts in a browser: both schemes, both widths, and on paper."""

import base64
from datetime import timedelta
from itertools import combinations

import pytest
from django.utils import timezone

from annotations.models import Collection, Revision
from annotations.services.claims import Opinion, mark, tag
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.ledger import insert_row

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def weeks(desk, ana, ben, place):
    """Some weeks of work, of which the revisions tell."""
    for who, verdict in ((ana, "disputed"), (ben, "verified")):
        opinion = Opinion(verdict, problem="figure" if verdict == "disputed" else "")
        tag(desk, author=who, target=place("31 bridges"), opinion=opinion, base=None)
    tag(desk, author=ana, target=place("$2 billion"), opinion=Opinion("verified"), base=None)
    mark(desk, author=ana, place=place("harbour"))
    old = Collection.objects.create(slug="weeks", head=30)
    Revision.objects.filter(collection=old).count()
    for n in range(1, 31):
        tally = {"agreed:verified": n, "ruled:disputed": n // 4, "not_checkable": n // 6}
        tally |= {"contested": n // 5, "open": 8 - n // 5, "to_check": 40 - n}
        at = timezone.now() - timedelta(days=40 - n)
        insert_row(
            Revision,
            collection_id=old.pk,
            number=n,
            author_id=None,
            created_at=at,
            action="fill",
            tally=tally,
        )


def test_the_charts_fit_and_are_accessible(
    new_page, live_server, sign_in, axe, shot, edith, weeks, monkeypatch
):
    from annotations.views import charts

    told = charts.course
    monkeypatch.setattr(charts, "course", lambda seat, today: told(_weeks(seat), today))
    page, wrong = sign_in(new_page(), edith), []
    page.goto(f"{live_server.url}/c/desk/")
    page.locator("summary", has_text="The same as a table").click()
    for width, height in ((1280, 800), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        shot(page, f"dashboard-{width}", full_page=True)
        wrong += [f"{width}: {fault}" for fault in axe(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{width}: scrolls sideways")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 800, "height": 1100})
    shot(page, "dashboard-print", full_page=True)
    assert not wrong, wrong


def _weeks(seat):
    from dataclasses import replace

    return replace(seat, collection=Collection.objects.get(slug="weeks"))


GREY = """async ([png, boxes]) => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  return boxes.map(([x, y, width, height]) => {
    const { data } = canvas.getImageData(x, y, width, height);
    const grey = (column, row) => {
      const at = 4 * (row * width + column);
      return 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
    };
    let [mean, across, down] = [0, 0, 0];
    for (let row = 1; row < height; row++) for (let column = 1; column < width; column++) {
      mean += grey(column, row);
      across += Math.abs(grey(column, row) - grey(column - 1, row));
      down += Math.abs(grey(column, row) - grey(column, row - 1));
    }
    return [mean, across, down].map((each) => each / ((width - 1) * (height - 1)));
  });
}"""
"""Of each box how light it is in grey, and how much that changes across and down."""


@pytest.mark.parametrize("media", ["light", "dark", "print"])
def test_the_verdicts_are_told_apart_in_grey(
    new_page, live_server, sign_in, desk, edith, weeks, ana, place, media
):
    for quote, verdict in (("mayor", "disputed"), ("May", "needs_source")):
        tag(desk, author=ana, target=place(quote), opinion=Opinion(verdict), base=None)
    verified = tag(
        desk, author=ana, target=place("There are"), opinion=Opinion("verified"), base=None
    ).span_id
    add_evidence(desk, author=ana, span_id=verified, source=NewSource("web", {"title": "Register"}))
    page = sign_in(new_page(), edith)
    page.emulate_media(**({"media": "print"} if media == "print" else {"color_scheme": media}))
    page.goto(f"{live_server.url}/c/desk/")
    bar = page.locator("svg.stacked")
    edge = bar.bounding_box()
    boxes = [each.bounding_box() for each in bar.locator("rect").all()]
    assert len(boxes) == 5
    inner = [
        [int(box["x"] - edge["x"]) + 3, 3, int(box["width"]) - 6, int(box["height"]) - 6] for box in boxes
    ]
    png = base64.b64encode(bar.screenshot()).decode()
    told = new_page().evaluate(GREY, [png, inner])
    alike = [
        (one, other)
        for one, other in combinations(told, 2)
        if max(abs(a - b) for a, b in zip(one, other, strict=True)) < 12
    ]
    assert not alike, told
