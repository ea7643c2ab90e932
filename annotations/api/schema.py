"""schema/: the OpenAPI document, made once a process; schema/claim.json: the JSON Schema of a row."""

from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from annotations.api.base import ApiView, answer
from annotations.api.examples import EXAMPLES
from annotations.exports import claimschema


@lru_cache
def document() -> dict[str, Any]:
    generated: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    for name, example in EXAMPLES.items():
        generated["components"]["schemas"][name]["example"] = example
    return generated


@extend_schema(exclude=True)
class Schema(ApiView):
    def get(self, request: Request) -> HttpResponse:
        return answer(document())


@extend_schema(exclude=True)
class ClaimSchema(ApiView):
    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(claimschema.FILE.read_bytes(), claimschema.MEDIA_TYPE)
