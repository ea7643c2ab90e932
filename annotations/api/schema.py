"""schema/: the OpenAPI document, made once a process."""

from functools import lru_cache
from typing import Any

from django.http import HttpResponse
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
