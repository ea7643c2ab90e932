"""docs/: the OpenAPI document as a page. No script and no style but our own: the CSP allows no other."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.api.problem_examples import PROBLEMS
from annotations.api.problems import MEDIA_TYPE
from annotations.api.schema import document

Facts = dict[str, Any]
PREFIX = "/api/v1/"


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "annotations/api_docs.html", described(document()) | {"root": settings.PUBLIC_URL})


def described(schema: Facts) -> Facts:
    groups: dict[str, list[Facts]] = defaultdict(list)
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append(_operation(path, method, operation))
    shapes = [
        {
            "name": _plain(name),
            "about": _about(shape),
            "fields": list(_fields(shape)),
            "example": _example(shape),
        }
        for name, shape in schema["components"]["schemas"].items()
        if "properties" in shape
    ]
    problems = [
        {"name": name, "status": body["status"], "code": body["code"], "example": _written(body)}
        for name, body in PROBLEMS.items()
    ]
    return {"groups": sorted(groups.items()), "shapes": shapes, "problems": problems}


def _operation(path: str, method: str, operation: Facts) -> Facts:
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path.removeprefix(PREFIX),
        "summary": operation["summary"],
        "about": operation.get("description", ""),
        "parameters": [
            {**each, "kind": _kind(each["schema"])}
            for each in operation.get("parameters", ())
            if each["in"] != "path"
        ],
        "takes": _contents(operation.get("requestBody", {})),
        "answers": [
            {
                "code": code,
                "about": answer["description"],
                "gives": _contents(answer),
                "problems": _problems(answer),
            }
            for code, answer in operation["responses"].items()
        ],
    }


def _contents(body: Facts) -> list[Facts]:
    return [
        {"media_type": media_type, "names": list(_names(content.get("schema", {})))}
        for media_type, content in body.get("content", {}).items()
    ]


def _problems(answer: Facts) -> list[Facts]:
    """Name and code of each that may come."""
    examples = answer.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
    return [{"name": name.lower(), "code": example["value"]["code"]} for name, example in examples.items()]


def _names(schema: Facts) -> Iterator[str]:
    """The shapes that a schema is made of."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        below = document()["components"]["schemas"][name]
        if "oneOf" not in below:
            yield _plain(name)
            return
        schema = below
    for each in [
        *schema.get("oneOf", ()),
        *schema.get("anyOf", ()),
        *schema.get("allOf", ()),
        schema.get("items") or {},
    ]:
        if each:
            yield from _names(each)


def _fields(shape: Facts) -> Iterator[Facts]:
    needed = set(shape.get("required", ()))
    for name, schema in shape["properties"].items():
        yield {
            "name": name,
            "kind": _kind(schema),
            "names": list(_names(schema)),
            "about": schema.get("description", ""),
            "needed": name in needed,
        }


def _about(shape: Facts) -> str:
    return " ".join(str(shape.get("description", "")).split())


def _example(shape: Facts) -> str:
    return _written(shape["example"]) if "example" in shape else ""


def _written(example: Any) -> str:
    return json.dumps(example, indent=2, ensure_ascii=False)


def _kind(schema: Facts) -> str:
    values = [str(value) for value in schema.get("enum", ()) if value not in ("", None)]
    if values:
        return " | ".join(values)
    if schema.get("type") == "array":
        inner = _kind(schema["items"])
        return f"list of {inner}" if inner else "list"
    if names := list(_names(schema)):
        return " | ".join(names)
    words = schema.get("format") or schema.get("type", "")
    least, most = schema.get("minimum"), schema.get("maximum", schema.get("maxLength"))
    if least is not None and most is not None and most < 10_000:
        return f"{words} {least}–{most}"
    return f"{words} ≤ {most:,}" if "maxLength" in schema else str(words)


def _plain(name: str) -> str:
    """ClaimOut is what comes out: readers know it as Claim."""
    return name.removesuffix("Out")
