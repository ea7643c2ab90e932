"""What the pages of docs/ promise is what there is."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMANDS = ROOT / "annotations" / "management" / "commands"


def test_every_command_is_documented_and_no_other() -> None:
    page = (ROOT / "docs/reference/commands.md").read_text()
    documented = set(re.findall(r"^\| `(\w+)", page, re.MULTILINE))

    assert documented == {path.stem for path in COMMANDS.glob("*.py")} - {"__init__"}


def test_every_decision_is_listed() -> None:
    listed = set(re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (ROOT / "docs/adr/README.md").read_text()))

    assert listed == {path.name for path in (ROOT / "docs/adr").glob("[0-9]*.md")}


def test_every_link_of_the_docs_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert broken == []
