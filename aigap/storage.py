"""Static files under hashed names. One stylesheet reaches the browser; its components stay files of their own."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLES = ("annotations/css/site.css", "annotations/css/reader.css")
IMPORT = re.compile(r'@import url\("([\w.-]+)"\) layer\((\w+)\);')


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """collectstatic puts the text of each `@import url("…") layer(…)` of a bundle in its place: one request, not 22.

    Without collectstatic (tests, runserver) the browser follows the imports itself.
    """

    # Our modules import each other by hashed names too: kept for ever, and two deployments never mix.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "annotations/js/*.js",
            (
                (r'(?P<matched>from "(?P<url>\./[\w.-]+)";)', 'from "%(url)s";'),
                (r'(?P<matched>import "(?P<url>\./[\w.-]+)";)', 'import "%(url)s";'),
                (r'(?P<matched>import\("(?P<url>\./[\w.-]+)"\))', 'import("%(url)s")'),
            ),
        ),
    )

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        for name in BUNDLES:
            if name in paths and not dry_run:
                Path(self.path(name)).write_text(bundled(name, paths), encoding="utf-8")
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)


def bundled(name: str, paths: dict[str, Any]) -> str:
    def text_of(name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as file:
            return str(file.read().decode())

    def component(found: re.Match[str]) -> str:
        text = text_of(posixpath.join(posixpath.dirname(name), found[1]))
        return f"@layer {found[2]} {{\n{text}}}"

    return IMPORT.sub(component, text_of(name))
