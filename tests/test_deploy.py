"""What an installation is set up with is true: every file, command, probe and setting it names."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from ruamel.yaml import YAML
from typer.core import TyperGroup

from afspraak.cli.app import app
from afspraak.project.urls import urlpatterns
from afspraak.web import urls

ROOT = Path(__file__).resolve().parent.parent
UNITS = sorted((ROOT / "deploy").iterdir())
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COMPOSE = YAML(typ="safe").load((ROOT / "compose.yaml").read_text("utf-8"))
PORT = "8000"


def said(name: str, text: str) -> list[str]:
    """What a unit says by this name, or a Dockerfile by this instruction."""
    return [found[1] for found in re.finditer(rf"^{name}[= ](.+)$", text, re.MULTILINE)]


def is_command(words: list[str]) -> bool:
    """Whether the command line knows these words, with the options that stand there."""
    command = typer.main.get_command(app)
    while isinstance(command, TyperGroup) and words and words[0] in command.commands:
        command, words = command.commands[words[0]], words[1:]
    known = {option for parameter in command.params for option in parameter.opts}
    return (
        not isinstance(command, TyperGroup)
        and {word for word in words if word.startswith("-")} <= known
    )


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_of_ours_and_stands_in_the_handbook(unit: Path) -> None:
    text = unit.read_text("utf-8")
    assert text in OPERATING
    assert f"deploy/{unit.name}" in OPERATING
    for line in said("ExecStart", text):
        program, *words = shlex.split(line)
        assert program.endswith("/bin/afspraak")
        assert is_command(words)
    if unit.suffix == ".timer":
        assert unit.with_suffix(".service") in UNITS
    assert said("User", text) == ["afspraak"] * (unit.suffix == ".service")


def test_the_image_holds_what_it_copies_and_runs_as_nobody_special() -> None:
    copied = [source for line in said("COPY", DOCKERFILE) for source in line.split()[:-1]]
    ours = [source for source in copied if not source.startswith(("--", "/"))]
    kept = said("!", (ROOT / ".dockerignore").read_text("utf-8").replace("!", "! "))
    assert ours
    for source in ours:
        assert (ROOT / source).exists()
        assert source in kept
    assert all(":" in line.split()[0] for line in said("FROM", DOCKERFILE))
    last = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    (user,) = said("USER", last)
    assert f"useradd --system --uid 10001 --create-home --home-dir /var/lib/afspraak {user}" in last
    assert last.index("USER") < last.index("CMD")


def test_the_image_starts_and_is_probed_as_it_is_served() -> None:
    command = YAML(typ="safe").load(said("CMD", DOCKERFILE)[-1])
    assert command[0] == "afspraak"
    assert is_command(command[1:])
    (probe,) = said("HEALTHCHECK", DOCKERFILE)
    assert f"http://127.0.0.1:{PORT}/healthz" in probe
    assert "healthz" in {str(each.pattern) for each in urls.ours}
    assert urlpatterns
    assert said("EXPOSE", DOCKERFILE) == [PORT]
    assert f"`AFSPRAAK_PORT` | `{PORT}`" in SETTINGS


def test_the_composition_keeps_what_must_survive_and_lets_it_stop() -> None:
    (service,) = COMPOSE["services"].values()
    (data,) = said("VOLUME", DOCKERFILE)
    assert [volume.split(":")[1] for volume in service["volumes"]] == [data]
    assert [volume.split(":")[0] for volume in service["volumes"]] == list(COMPOSE["volumes"])
    assert f"AFSPRAAK_DATA={data}" in DOCKERFILE
    (grace,) = said("TimeoutStopSec", (ROOT / "deploy" / "afspraak.service").read_text("utf-8"))
    assert service["stop_grace_period"] == f"{grace}s"
    assert all(port.endswith(f":{PORT}") for port in service["ports"])


def named() -> Iterator[str]:
    for path in (*UNITS, ROOT / "Dockerfile", ROOT / "compose.yaml", ROOT / "docs/containers.md"):
        yield from re.findall(r"\bAFSPRAAK_[A-Z_]+\b", path.read_text("utf-8"))


def test_every_setting_that_is_named_is_one() -> None:
    assert set(named()) - set(re.findall(r"\bAFSPRAAK_[A-Z_]+\b", SETTINGS)) == set()


@pytest.mark.parametrize("page", ["containers.md", "monitoring.md"])
def test_what_a_page_gives_to_be_copied_can_be_read(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    blocks = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert blocks
    assert all(isinstance(YAML(typ="safe").load(block), dict) for block in blocks)


@pytest.mark.parametrize("page", ["operating.md", "containers.md", "monitoring.md"])
def test_every_command_that_a_page_types_is_one(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8").replace("\\\n", " ")
    typed = re.findall(r"^[$#] (?:.*[/ ])?afspraak ((?!afspraak)[a-z].*)$", text, re.MULTILINE)
    assert [line for line in typed if not is_command(shlex.split(line, comments=True))] == []
