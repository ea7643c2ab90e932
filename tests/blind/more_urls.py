"""aigap's addresses, and some of which the walk has never heard."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from aigap.urls import handler404, handler500
from aigap.urls import urlpatterns as known


def rumours(request: HttpRequest, slug: str, rumour_id: int = 0) -> HttpResponse:
    if request.method == "GET":
        return HttpResponse(request.GET.get("whisper"))
    return HttpResponse(request.POST.get("shout"))


urlpatterns = [
    path("c/<slug:slug>/rumours/", rumours, name="rumours"),
    path("c/<slug:slug>/rumours/<int:rumour_id>/", rumours, name="rumour"),
    *known,
]
__all__ = ["handler404", "handler500", "urlpatterns"]
