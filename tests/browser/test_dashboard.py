"""The front page's charts in a browser: both schemes, both widths, and on paper."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotations.models import Collection, Revision
from annotations.services.claims import Opinion, mark, tag
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
