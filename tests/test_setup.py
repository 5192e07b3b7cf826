"""The set-up of x.py: what it takes over from pip, and when it has something to do."""

import ast
import os
import subprocess
from pathlib import Path

import pytest

import x

PIP_CONFIG = """\
:env:.cert='/etc/ssl/one.pem'
:env:.disable-pip-version-check='1'
global.cert='/etc/ssl/other.pem'
global.extra-index-url='https://one.example/simple\\nhttps://two.example/simple'
global.find-links='wheels more-wheels'
global.index-url='https://mirror.example/simple'
install.index-url='https://install.example/simple'
user.name='nobody'
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project in which nothing is set up yet, and installing only leaves a Python."""
    (tmp_path / "locks").mkdir()
    for level in x.LEVELS:
        (tmp_path / "locks" / f"{level}.txt").write_text(f"{level}==1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    for name, value in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "BOOT": tmp_path / ".boot",
        "LOCKS": tmp_path / "locks",
        "STAMP": tmp_path / ".venv" / "stamp",
    }.items():
        monkeypatch.setattr(x, name, value)
    monkeypatch.setattr(x, "stamp", lambda level: STAMP(level, tmp_path))
    monkeypatch.setattr(x, "tool", lambda name, venv=tmp_path / ".venv": TOOL(name, venv))
    return tmp_path


STAMP, TOOL = x.stamp, x.tool


class Installs:
    """Stands in for x.install: notes each level asked for, and makes .venv as it would."""

    def __init__(self) -> None:
        self.levels: list[str] = []
        self.fails = False

    def __call__(self, level: str) -> None:
        self.levels.append(level)
        python = x.tool("python")
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        if self.fails:
            raise x.SetupError("no network")


@pytest.fixture
def installs(project: Path, monkeypatch: pytest.MonkeyPatch) -> Installs:
    stand_in = Installs()
    monkeypatch.setattr(x, "install", stand_in)
    return stand_in


def test_the_environment_beats_install_which_beats_global() -> None:
    assert x.read_pip_settings(PIP_CONFIG) == {
        "cert": "/etc/ssl/one.pem",
        "extra-index-url": "https://one.example/simple\nhttps://two.example/simple",
        "find-links": "wheels more-wheels",
        "index-url": "https://install.example/simple",
        "disable-pip-version-check": "1",
    }


def test_pips_settings_are_said_in_uvs_words() -> None:
    told = x.uv_environment(x.read_pip_settings(PIP_CONFIG), {"PATH": "bin"})
    assert told == {
        "PATH": "bin",
        "SSL_CERT_FILE": "/etc/ssl/one.pem",
        "UV_DEFAULT_INDEX": "https://install.example/simple",
        "UV_FIND_LINKS": "wheels,more-wheels",
        "UV_INDEX": "https://one.example/simple https://two.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_SYSTEM_CERTS": "1",
    }


def test_what_is_set_for_uv_itself_stays() -> None:
    mine = {"UV_DEFAULT_INDEX": "https://mine.example", "UV_SYSTEM_CERTS": "0"}
    told = x.uv_environment({"index-url": "https://pips.example"}, mine)
    assert told["UV_DEFAULT_INDEX"] == "https://mine.example"
    assert told["UV_SYSTEM_CERTS"] == "0"


def test_a_pip_without_settings_tells_nothing() -> None:
    assert x.read_pip_settings("") == {}


def test_the_stamp_changes_with_level_place_lock_and_project(project: Path) -> None:
    stamps = {x.stamp("run"), x.stamp("test")}
    (project / "locks" / "run.txt").write_text("run==2\n")
    stamps.add(x.stamp("run"))
    (project / "pyproject.toml").write_text("[project]\nname = 'afspraak'\n")
    stamps.add(x.stamp("run"))
    assert len(stamps) == 4
    assert x.stamp("run") == x.stamp("run")


def test_a_second_set_up_has_nothing_to_do(installs: Installs) -> None:
    x.set_up("run")
    x.set_up("run")
    assert installs.levels == ["run"]


def test_an_environment_for_tests_serves_the_demo(installs: Installs) -> None:
    x.set_up("test")
    x.set_up("run")
    assert installs.levels == ["test"]


def test_a_stale_environment_keeps_its_level(installs: Installs, project: Path) -> None:
    x.set_up("test")
    (project / "locks" / "test.txt").write_text("test==2\n")
    x.set_up("run")
    assert installs.levels == ["test", "test"]


def test_a_half_finished_set_up_is_done_again(installs: Installs) -> None:
    installs.fails = True
    with pytest.raises(x.SetupError):
        x.set_up("run")
    assert not x.is_ready("run")
    installs.fails = False
    x.set_up("run")
    assert x.is_ready("run")
    assert installs.levels == ["run", "run"]


def test_a_python_that_went_away_is_noticed(installs: Installs) -> None:
    x.set_up("run")
    x.tool("python").unlink()
    assert not x.is_ready("run")


def test_a_broken_stamp_counts_as_none(installs: Installs) -> None:
    x.set_up("run")
    x.STAMP.write_text("")
    assert not x.is_ready("run")


def test_when_uv_fails_pip_does_it(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[Path] = []

    def failing(*_: object) -> None:
        raise subprocess.CalledProcessError(2, ["uv"])

    monkeypatch.setattr(x, "find_uv", lambda: Path("uv"))
    monkeypatch.setattr(x, "install_with_uv", failing)
    monkeypatch.setattr(x, "install_with_pip", done.append)
    x.install("run")
    assert done == [project / "locks" / "run.txt"]
    assert "trying venv and pip" in capsys.readouterr().err


def test_without_ensurepip_the_one_line_is_said(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(x.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(x.SetupError, match=r"sudo apt-get install -y python3\.\d+-venv"):
        x.make_venv(project / ".venv")


def test_an_old_python_can_read_as_far_as_the_message() -> None:
    ast.parse(Path(x.__file__).read_text(encoding="utf-8"), feature_version=(3, 7))


def test_an_unknown_command_prints_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert x.main(["dance"]) == 2
    assert x.main(["--help"]) == 0
    assert "x.py demo" in capsys.readouterr().out


def test_an_unknown_level_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert x.main(["setup", "everything"]) == 1
    assert "run, test, bench" in capsys.readouterr().err


def test_compiled_files_are_kept_where_none_may_lie_beside_the_sources(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX")
    x.keep_compiled()
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
    assert Path(os.environ["PYTHONPYCACHEPREFIX"]).is_relative_to(x.VENV)
