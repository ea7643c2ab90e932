"""What a file says of itself: whose claims, as of when, under which licence, and where the same is to be had again."""

from datetime import UTC
from urllib.parse import urlencode

from django.conf import settings
from django.utils.encoding import iri_to_uri

from annotations.exports.claimschema import ADDRESS, MEDIA_TYPE
from annotations.exports.dataset import Dataset


def address(dataset: Dataset, name: str) -> str:
    """Of the dataset in this format, at this revision, with these filters: it always gives the same claims."""
    query = urlencode({"format": name, "at": dataset.at} | dataset.filters.given(), doseq=True)
    slug = dataset.seat.collection.slug
    return f"{settings.PUBLIC_URL}/api/v1/collections/{slug}/export/?{query}"


def home(dataset: Dataset) -> str:
    """The collection's page, with a slash."""
    return f"{settings.PUBLIC_URL}/c/{dataset.seat.collection.slug}/"


def about(dataset: Dataset, name: str) -> dict[str, str]:
    said, told = dataset.settings(), dataset.told_at()
    return {
        "collection": dataset.seat.collection.slug,
        "name": said.name,
        "description": said.description,
        "language": said.language,
        "license": said.license,
        "revision": str(dataset.at),
        "written_at": f"{told.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}" if told else "",
        "address": address(dataset, name),
        "schema": f"{settings.PUBLIC_URL}{ADDRESS}",
    }


def links(dataset: Dataset) -> str:
    """As a Link header, for formats that have no place for it: where fields are described, and the licence."""
    said = [f'<{settings.PUBLIC_URL}{ADDRESS}>; rel="describedby"; type="{MEDIA_TYPE}"']
    if license := license_iri(dataset.settings().license):
        said.append(f'<{iri_to_uri(license)}>; rel="license"')
    return ", ".join(said)


def license_iri(license: str) -> str | None:
    """Of one SPDX identifier; an expression of several has none."""
    plain = license and license.replace("-", "").replace(".", "").replace("+", "").isalnum()
    return f"https://spdx.org/licenses/{license}" if plain else None
