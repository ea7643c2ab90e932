"""Which build of aigap writes a file: another one may write other bytes."""

from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

VERSION = "0.1.0"
"""Of aigap, as in pyproject.toml."""
WRITERS = ("orjson", "pyarrow")
HERE = Path(__file__).parents[1]


@lru_cache
def build() -> str:
    """The version, and a digest of the code and the libraries that rows are made with: of two states of a working copy
    that have one version neither is given the other's files."""
    digest = sha256()
    for file in sorted([*HERE.glob("access*.py"), *HERE.glob("exports/*.*"), *HERE.glob("domain/*.py")]):
        digest.update(file.read_bytes())
    for name in WRITERS:
        digest.update(_installed(name).encode())
    return f"{VERSION}-{digest.hexdigest()[:16]}"


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
