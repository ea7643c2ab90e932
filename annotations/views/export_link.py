"""A link to an export, from the dataset page: what `POST export/links/` makes, for who is signed in."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from annotations import access
from annotations.access_head import known_head
from annotations.exports.formats import FORMATS
from annotations.forms.dataset import DatasetForm
from annotations.services.export_links import make_link
from annotations.views.pages import collection_page

LIVES = {"3600": timedelta(hours=1), "86400": timedelta(days=1)}


@require_POST
def export_link(request: HttpRequest, slug: str) -> HttpResponse:
    """What cannot be meant is said by the dataset page, to which one is sent back."""
    seat = access.seat(request.user, slug)
    form = DatasetForm(request.GET, head=known_head(seat), offered={})
    back = f"/c/{slug}/dataset/?{request.GET.urlencode()}"
    name, lives = request.POST.get("format", ""), LIVES.get(request.POST.get("expires_in", "3600"))
    if not form.is_valid() or name not in FORMATS or lives is None:
        return redirect(back)
    at = form.cleaned_data["at"]
    asked = [("format", name), ("at", str(at)), *form.asked()]
    link = make_link(seat.user, seat.collection, asked, timezone.now() + lives)
    url = request.build_absolute_uri(f"/api/v1/collections/{slug}/export/?{link.query}")
    context = {"url": url, "until": link.until, "at": at, "back": back}
    return collection_page(
        request, seat, "annotations/dataset_link.html", context, here="dataset", status=201
    )
