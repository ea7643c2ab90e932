"""People of a collection whose name begins like what is typed behind an @."""

from html import escape

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from annotations import access, access_desk
from annotations.domain.mentions import begins, handle
from annotations.models import User
from annotations.views.lone import with_scripts

MOST = 8
LOOKED_THROUGH = 500
LONGEST = 60


@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """?q=…: a listbox; nothing where nobody is called so. Members are no secret, in a blind collection either."""
    seat = access.seat(request.user, slug)
    access_desk.commenting(seat)
    if not with_scripts(request):
        return redirect("collection", slug)
    typed = request.GET.get("q", "").strip()[:LONGEST]
    rows = access_desk.namable(seat)[:LOOKED_THROUGH]
    found = [user for user in rows if begins(typed, user.username, user.display_name)]
    options = "".join(_option(index, user) for index, user in enumerate(found[:MOST]))
    html = f'<ul id="named" class="known" role="listbox" aria-label="People here">{options}</ul>'
    return HttpResponse(html if options else "")


def _option(index: int, user: User) -> str:
    return (
        f'<li role="option" id="named-{index}" aria-selected="false" data-name="{escape(str(user))}"'
        f' data-value="{escape(handle(user.username, user.display_name))}"><span dir="auto">{escape(str(user))}</span>'
        f' <span class="about">{escape(user.username)}</span></li>'
    )
