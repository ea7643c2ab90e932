"""The design system keeps its own rules."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

pytestmark = pytest.mark.one_database

CSS = Path(settings.BASE_DIR) / "annotations" / "static" / "annotations" / "css"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
COLOUR = re.compile(r"#[0-9a-f]{3,8}(?![\w-])|\b(?:rgb|hsl|oklch)a?\(|\blight-dark\(", re.IGNORECASE)
ALONE = {"accept.css", "admin.css", "claim-page.css", "proof.css", "public.css"}
"""Of one page each, beside the bundles."""
UNSAYABLE = ("annotation", "stance", "outcome", "orphaned", "lease", "statement")


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda sheet: sheet.name)
def test_colours_come_from_tokens_alone(sheet):
    rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    named = [line.strip() for line in rules.splitlines() if COLOUR.search(line)]
    assert sheet.name == "tokens.css" or not named, named
    assert "gradient(" not in rules


def test_every_component_is_in_a_bundle_in_a_known_layer():
    bundles = [(CSS / name).read_text() for name in ("site.css", "reader.css")]
    layers = re.search(r"@layer ([\w, ]+);", bundles[0])[1].split(", ")
    found = [re.findall(r'@import url\("([\w.-]+)"\) layer\((\w+)\);', bundle) for bundle in bundles]
    names = [name for imports in found for name, _ in imports]
    assert sorted(names) == sorted(
        {sheet.name for sheet in CSS.glob("*.css")} - {"site.css", "reader.css", *ALONE}
    )
    assert {layer for imports in found for _, layer in imports} <= set(layers)


def test_collectstatic_puts_the_components_into_one_hashed_file(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    bundled = {"BACKEND": "aigap.storage.BundledStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": bundled}
    call_command("collectstatic", interactive=False, verbosity=0)
    [sheet] = [
        path for path in (tmp_path / "annotations" / "css").glob("site.*.css") if path.name != "site.css"
    ]
    text = sheet.read_text()
    assert "@import" not in text
    assert text.index("@layer tokens {") < text.index("@layer components {")
    assert ".button {" in text
    assert finders.find("annotations/css/site.css")


@pytest.mark.parametrize("page", sorted(TEMPLATES.rglob("*.html")), ids=lambda page: page.name)
def test_pages_carry_no_inline_script_or_style_and_speak_our_words(page):
    html = page.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|hx-on|js:|javascript:", html)
    said = re.sub(r"<[^>]*>|{%.*?%}|{{.*?}}|{#.*?#}", " ", html, flags=re.DOTALL).lower()
    assert not [word for word in UNSAYABLE if re.search(rf"\b{word}s?\b", said)]
