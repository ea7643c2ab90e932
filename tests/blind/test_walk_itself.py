"""That the walk finds what leaks: a rule that shows a field, a number that counts, an address that is new."""

import re

import pytest
from django.db.models import Q

from annotations import access_desk, access_head
from annotations.exports.formats import FORMATS
from annotations.exports.rows import Builder
from annotations.models import ClaimState
from annotations.views import comment_section
from tests.blind.comparing import differences
from tests.blind.hidden_work import everything
from tests.blind.test_walk import told, walked, walked_once

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_a_field_that_shows_is_found(fate, monkeypatch):
    def all_of_them(seat, rows):
        return rows.filter(Q(author=seat.user) | Q(pk__gt=0), collection=seat.collection)

    monkeypatch.setattr(access_desk, "visible_comments", all_of_them)
    monkeypatch.setattr(comment_section._SAID, "_by_sight", {})
    loud, quiet = walked(fate, "ana", everything, only=frozenset({"article-card"}))
    monkeypatch.undo()
    comment_section._SAID._by_sight.clear()
    assert any("HIDDEN-comment-edited" in each for each in told(loud))
    assert [each.partition(":")[0] for each in differences(loud, quiet)] == ["article-card"]


def test_a_number_that_counts_is_found(fate, monkeypatch):
    """No word of anybody's comes back: the change that is told as the last is one that nobody shows."""
    monkeypatch.setattr(access_head, "known_head", lambda seat: seat.collection.head)
    loud, quiet = walked(fate, "ana", everything, only=frozenset({"api-changes", "api-spans"}))
    assert told(loud) == []
    found = differences(loud, quiet)
    assert [each.partition(":")[0] for each in found] == ["api-spans", "api-changes"]
    assert "ETag" in found[0]


def test_an_order_that_depends_is_found(fate, monkeypatch):
    """What others have done most to comes first."""
    rows = Builder.rows

    def by_versions(self, page):
        return sorted(rows(self, page), key=lambda row: -ClaimState.objects.filter(span=row["id"]).count())

    monkeypatch.setattr(Builder, "rows", by_versions)
    loud, quiet = walked(fate, "ana", everything, only=frozenset({"api-export"}))
    assert told(loud) == []
    assert differences(loud, quiet)


def test_a_word_in_a_packed_file_is_found(fate, monkeypatch):
    """Compressed, it stands in no answer as it is written."""
    rows = Builder.rows

    def noted(self, page):
        return [row | {"quote": "HIDDEN-packed"} for row in rows(self, page)]

    monkeypatch.setattr(Builder, "rows", noted)
    walk = walked_once(fate, "ana", None, only=frozenset({"api-export"}))
    found = {name for each in told(walk) for name in re.findall(r"format=(\w+)", each.partition(": ")[0])}
    assert found >= set(FORMATS) - {"claimreview", "averitec"}


def test_what_is_new_is_named(fate, settings):
    settings.ROOT_URLCONF = "tests.blind.more_urls"
    only = frozenset({"rumours", "rumour"})
    read, _ = walked(fate, "ana", everything, only=only)
    assert read.missing == {
        "PARAMETERS: whisper of rumours",
        "FILLINGS: {rumour_id} of rumour, /c/{slug}/rumours/{rumour_id}/",
    }
    written, _ = walked(fate, "ana", everything, "write", only=only)
    assert "FIELDS: shout of rumours" in written.missing
