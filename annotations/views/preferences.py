"""How I read: from the reader's dialog at once, or by the form on the account page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from annotations.access import Seat
from annotations.forms.preferences import ReadingForm
from annotations.services.preferences import preferences_of, root_classes, save_preferences
from annotations.views.account import account_page
from annotations.views.answers import toast
from annotations.views.shortcuts import shortcuts


def reader_preferences(seat: Seat) -> dict[str, Any]:
    """What the reader's page needs of them: classes, the dialog's fields, the keys."""
    return {
        "root_classes": root_classes(seat.user),
        "reading_form": ReadingForm(initial=preferences_of(seat.user)),
        "shortcuts": shortcuts(seat),
    }


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
