"""How I read: from the reader's dialog at once, or by the form on the account page."""

from functools import cache
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from annotations.access import Seat
from annotations.forms.preferences import ReadingForm
from annotations.services.preferences import preferences_of, root_classes, save_preferences
from annotations.views.account import account_page
from annotations.views.answers import toast
from annotations.views.shortcuts import shortcuts


def reader_preferences(seat: Seat) -> dict[str, Any]:
    """What the reader's page needs of them: classes, and the dialog of keys and of how one reads."""
    may = {"marks": seat.may_annotate, "reviews": seat.is_reviewer, "edits": seat.is_editor}
    chosen = preferences_of(seat.user)
    dialog = _keys_dialog(tuple(may.items()), tuple(chosen.items()))
    return {"root_classes": root_classes(seat.user), "keys_dialog": dialog}


@cache
def _keys_dialog(may: tuple[tuple[str, bool], ...], chosen: tuple[tuple[str, str], ...]) -> SafeString:
    """It takes a third of the reader's page to make, and a few hundred are all that there are."""
    context = {"reading_form": ReadingForm(initial=dict(chosen)), "shortcuts": shortcuts(**dict(may))}
    return render_to_string("annotations/_keys_dialog.html", context)


@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    form = ReadingForm(request.POST)
    by_script = request.headers.get("HX-Request") == "true"
    if not form.is_valid():
        if by_script:
            return HttpResponse(toast("Not saved: that is no choice here.", trouble=True), status=422)
        return account_page(request, status=422, reading_form=form)
    save_preferences(request.user, form.chosen)  # type: ignore[arg-type]
    if by_script:
        return HttpResponse(toast(f"{form.words} Saved for you.", aside=True))
    messages.success(request, "Saved. The reader opens like this on every device.")
    return redirect("account")
