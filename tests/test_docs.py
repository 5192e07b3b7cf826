"""What a user can type or set is written down, and what is written down leads somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

import x
from afspraak.cli.app import app
from afspraak.web.catalogue import messages, po_of

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
HANDBOOKS = (
    *("nl/servicedesk", "nl/klant", "fr/guichet", "fr/client", "fr/quart-d-heure"),
    *("en/desk", "en/customer"),
)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
SETTING = re.compile(r"\bAFSPRAAK_[A-Z_]+\b")


def commands(command: TyperCommand | TyperGroup, name: str) -> Iterator[str]:
    """The full names of the commands that do something, groups walked."""
    if isinstance(command, TyperGroup):
        for part, inner in command.commands.items():
            if not inner.hidden:
                yield from commands(inner, f"{name} {part}")
    else:
        yield name


@pytest.mark.parametrize("command", list(commands(typer.main.get_command(app), "afspraak")))
def test_every_command_is_written_down(command: str) -> None:
    page = ROOT / "docs" / "commands.md"
    written = README + (page.read_text("utf-8") if page.exists() else "")
    assert re.search(rf"{re.escape(command)}\b", written), f"{command}: not in README, commands.md"


@pytest.mark.parametrize("command", list(x.COMMANDS))
def test_every_command_of_x_is_in_the_readme(command: str) -> None:
    assert f"x.py {command}" in README


def test_every_setting_is_written_down_and_no_other() -> None:
    sources = [ROOT / "x.py", *(ROOT / "src").rglob("*.py"), ROOT / "tests" / "conftest.py"]
    used = {name for path in sources for name in SETTING.findall(path.read_text("utf-8"))}
    written = set(SETTING.findall((ROOT / "docs" / "settings.md").read_text("utf-8")))
    assert used == written


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("0*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_page_of_the_law_is_named_in_its_list() -> None:
    folder = ROOT / "docs" / "rules"
    listed = set(LINK.findall((folder / "README.md").read_text("utf-8")))
    assert {path.name for path in folder.glob("*.md")} - listed == {"README.md"}


@pytest.mark.parametrize("page", HANDBOOKS)
def test_a_handbook_calls_things_as_the_screens_do(page: str) -> None:
    """What stands in bold, and is no sentence, is a word of the screens in that language."""
    language = page[:2]
    found = messages(po_of("nl" if language == "en" else language))
    said = found.keys() if language == "en" else found.values()
    words = {plain(word) for each in said for word in each.split("\0")}
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    bold = [each for each in re.findall(r"\*\*([^*]+)\*\*", text) if not each.endswith(".")]
    assert [each for each in bold if plain(each) not in words] == []


def plain(word: str) -> str:
    """A word as it is compared: of one size, with one kind of apostrophe."""
    return word.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
