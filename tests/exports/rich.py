"""Rows in which everything occurs, and what a file is made of."""

from collections.abc import Iterator
from typing import Any

from annotations import access
from annotations.exports.dataset import Dataset
from annotations.models import Collection
from annotations.services.fill import fill
from annotations.services.settings import create_collection


def filled(slug: str = "full") -> Dataset:
    """120 claims made up for load, in 5 articles."""
    collection = create_collection(slug, author=None, name="Full", license="CC-BY-4.0", language="en")
    fill(collection, articles=5, spans=120)
    return whole(slug)


def whole(slug: str = "desk") -> Dataset:
    collection = Collection.objects.get(slug=slug)
    return Dataset(access.desk_seat(collection), collection.head)


def paths(value: Any, above: str = "") -> Iterator[str]:
    """Of every key: `reviews[].at`. A key of an object alone is named too."""
    if isinstance(value, list):
        for each in value:
            yield from paths(each, f"{above}[]")
    elif isinstance(value, dict):
        for name, below in value.items():
            here = f"{above}.{name}" if above else name
            yield here + "[]" * isinstance(below, list)
            yield from paths(below, here)
