from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_POST


@require_POST
@login_required
def insert_one_row(request: HttpRequest) -> HttpResponse:
    """The least a Django view that stores anything can do: session, CSRF, one INSERT, a few bytes back."""
    assert request.user.pk is not None
    LogEntry.objects.create(
        user_id=request.user.pk, object_repr="baseline", action_flag=ADDITION, change_message="one row"
    )
    return HttpResponse("stored", content_type="text/plain")


urlpatterns = [path("baseline/", insert_one_row), path("", include("aigap.urls"))]
