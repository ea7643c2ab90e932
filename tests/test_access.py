"""Rights that change: what somebody could do once does not stay."""

import pytest
from django.core.exceptions import PermissionDenied

from annotations import access, access_undo
from annotations.models import CollectionSettings
from annotations.services.claims import Opinion, tag
from annotations.services.rulings import rule, withdraw_ruling
from annotations.services.settings import change_settings, set_member
from annotations.services.undo import undo

pytestmark = pytest.mark.django_db


def live(desk):
    return CollectionSettings.objects.current().get(collection=desk).pk


def test_who_is_no_editor_any_more_undoes_nothing_of_an_editors(desk, edith, ana, place):
    claim = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None).span_id
    change_settings(desk, author=edith, base=live(desk), changes={"blind": True})
    settings = desk.head
    ruled = rule(desk, author=edith, span_id=claim, verdict="disputed", rationale="Counted.", base=None)
    withdrawn = withdraw_ruling(desk, author=edith, span_id=claim, base=ruled.version)
    again = undo(desk, author=edith, number=withdrawn.revision)
    set_member(desk, edith, "reviewer")

    seat = access.seat(edith, "desk")
    for number in (settings, ruled.revision, withdrawn.revision, again):
        with pytest.raises(PermissionDenied):
            access_undo.undoable(seat, number)


def test_reviewers_undo_their_own_opinions_and_the_undoing_of_them(desk, ana, ben, place):
    tagged = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("verified"), base=None)
    undone = undo(desk, author=ana, number=tagged.revision)

    assert access_undo.undoable(access.seat(ana, "desk"), undone).number == undone
    with pytest.raises(PermissionDenied):
        access_undo.undoable(access.seat(ben, "desk"), undone)
