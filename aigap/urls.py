from django.contrib import admin
from django.urls import include, path

from aigap.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("annotations.api.urls")),
    path("", include("annotations.urls")),
]

handler404 = "annotations.views.errors.not_there"
handler500 = "annotations.views.errors.broken"
