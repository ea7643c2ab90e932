"""Query parameters that narrow a list. Each may be repeated, for OR."""

from rest_framework.request import Request

from annotations.api.problems import invalid
from annotations.exports import filters
from annotations.exports.filters import Filters
from annotations.models import ArticleDetails

ARTICLES_BY = ("publisher", "language", "role")


def claim_filters(request: Request) -> Filters:
    try:
        return filters.read(request.query_params.getlist)
    except filters.Refused as refused:
        raise invalid(str(refused), refused.name) from refused


def refuse_unknown(request: Request, *known: str) -> None:
    """A misspelt filter, or the last `at` of two, would give another dataset than the one asked for, in silence."""
    if unknown := sorted(set(request.query_params) - set(known)):
        name = unknown[0][:50]
        raise invalid(f"There is no parameter {name}. Known are {', '.join(known)}.", name)
    for name in sorted(set(known) - {*filters.NAMES, *ARTICLES_BY}):
        if len(request.query_params.getlist(name)) > 1:
            raise invalid(f"{name} is said once: filters alone may be repeated.", name)


def article_filters(request: Request) -> dict[str, list[str]]:
    wanted = {
        "publisher__in": texts(request, "publisher"),
        "language__lower__in": filters.lowered(texts(request, "language")),
        "role__in": one_of(request, "role", ArticleDetails.Role.values),
    }
    return {lookup: values for lookup, values in wanted.items() if values}


def one_of(request: Request, name: str, known: list[str]) -> list[str]:
    try:
        return filters.one_of(name, request.query_params.getlist(name), known)
    except filters.Refused as refused:
        raise invalid(str(refused), name) from refused


def texts(request: Request, name: str) -> list[str]:
    try:
        return filters.texts(name, request.query_params.getlist(name))
    except filters.Refused as refused:
        raise invalid(str(refused), name) from refused
