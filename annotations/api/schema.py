"""schema/ and docs/: the OpenAPI document, and a page that a person can read."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from annotations.api.base import ApiView, answer


@lru_cache
def document() -> dict[str, Any]:
    generated: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return generated


@extend_schema(exclude=True)
class Schema(ApiView):
    def get(self, request: Request) -> HttpResponse:
        return answer(document())


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "annotations/api_docs.html", {"document": document()})
