"""What the pages of docs/ promise is what there is."""

import re
from pathlib import Path

from django.apps import apps

from annotations.models import VersionRow

ROOT = Path(__file__).parents[1]
COMMANDS = ROOT / "annotations" / "management" / "commands"


def test_every_command_is_documented_and_no_other() -> None:
    page = (ROOT / "docs/reference/commands.md").read_text()
    documented = set(re.findall(r"^\| `(\w+)", page, re.MULTILINE))

    assert documented == {path.stem for path in COMMANDS.glob("*.py")} - {"__init__"}


def test_every_decision_is_listed() -> None:
    listed = set(re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (ROOT / "docs/adr/README.md").read_text()))

    assert listed == {path.name for path in (ROOT / "docs/adr").glob("[0-9]*.md")}


def test_every_column_of_the_data_model_is_described_and_no_other() -> None:
    page = (ROOT / "docs/data-model.md").read_text().split("## Every column")[1].split("## What a claim")[0]
    described: dict[str, set[str]] = {}
    for part in page.split("### ")[1:]:
        title, cells = part.split("\n", 1)[0], re.findall(r"^\| (`.*?`) \|", part, re.MULTILINE)
        model = title.removesuffix(" ▣")
        for name in ", ".join(cells).replace("`", "").split(", "):
            if name[0].isupper():
                model = name.split(".")[0]
            described.setdefault(model, set()).add(name.split(".")[-1])
    columns = {}
    for model in apps.get_app_config("annotations").get_models():
        versioned = {"collection", "created_in", "retired_in"} if issubclass(model, VersionRow) else set()
        fields = (*model._meta.concrete_fields, *model._meta.many_to_many)
        columns[model.__name__] = {field.name for field in fields} - versioned - {"id"}
    del columns["User"]  # Django's own table, with what ## Users names

    assert described == columns


def test_every_link_of_the_docs_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert broken == []
