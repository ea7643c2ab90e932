"""Query parameters that narrow a list. Each may be repeated, for OR."""

from rest_framework.request import Request

from annotations.api.base import MAX_ID
from annotations.api.problems import invalid
from annotations.exports.rows import Filters
from annotations.models import ArticleDetails, Status, Verdict


def claim_filters(request: Request) -> Filters:
    return Filters(
        status=one_of(request, "status", Status.values),
        verdict=one_of(request, "verdict", Verdict.values),
        article=ids(request, "article"),
        publisher=texts(request, "publisher"),
    )


CLAIM_PARAMETERS = ("status", "verdict", "article", "publisher")


def refuse_unknown(request: Request, *known: str) -> None:
    """A misspelt filter would give another dataset than the one asked for, in silence."""
    if unknown := sorted(set(request.query_params) - set(known)):
        name = unknown[0][:50]
        raise invalid(f"There is no parameter {name}. Known are {', '.join(known)}.", name)


def article_filters(request: Request) -> dict[str, list[str]]:
    wanted = {
        "publisher__in": texts(request, "publisher"),
        "language__in": texts(request, "language"),
        "role__in": one_of(request, "role", ArticleDetails.Role.values),
    }
    return {lookup: values for lookup, values in wanted.items() if values}


def one_of(request: Request, name: str, known: list[str]) -> list[str]:
    given = request.query_params.getlist(name)
    if set(given) - set(known):
        raise invalid(f"{name} is one of {', '.join(known)}.", name)
    return given


def ids(request: Request, name: str) -> list[int]:
    given = request.query_params.getlist(name)
    if not all(
        each.isascii() and each.isdigit() and 0 < len(each) < 20 and int(each) <= MAX_ID for each in given
    ):
        raise invalid(f"{name} is the id of an article.", name)
    return [int(each) for each in given]


def texts(request: Request, name: str) -> list[str]:
    given = request.query_params.getlist(name)
    if any("\0" in each or len(each) > 500 for each in given):
        raise invalid(f"{name} is a text of at most 500 characters.", name)
    return given
