"""The tree keeps its own house rules (HOUSE_STYLE); the budgets may shrink, never grow."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src" / "afspraak"
ENGINE = SRC / "engine"
SOURCES = sorted(path for path in SRC.rglob("*.py") if path.parent.name != "migrations")

FILE_LINES = 400
FUNCTION_LINES = 60
MOST_FUNCTION_LINES = 30  # nine functions of ten stay within this
LONGER: dict[str, int] = {}  # "room/file.py:name": lines; an entry leaves when its function shrinks

TEXT = {
    ".md",
    ".py",
    ".toml",
    ".yaml",
    ".yml",
    ".txt",
    ".html",
    ".css",
    ".js",
    ".json",
    ".svg",
    ".service",
    ".timer",
}
TEXT_NAMES = {".dockerignore", ".gitignore", "Dockerfile", "LICENSE", "NOTICE", "Makefile", "run"}
FOLDERS = (".ci", "bench", "deploy", "docs", "locks", "src", "tests")
MACHINE = re.compile(r"(?<![\w.)-])/(?:root|home|work|tmp|opt|Users|mnt)/\w")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|file:///|--(?:extra-)?index-url"
)
NO_ROOMS = {"utils", "common", "core", "helpers", "services", "managers"}
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "localtime"}
DOORS = {"cli", "web", "api", "mail", "worker"}


def inside(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def texts() -> Iterator[Path]:
    """Every text file of the project; what tools leave behind lies elsewhere or is binary."""
    yield from (path for path in ROOT.iterdir() if path.is_file() and is_text(path))
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and is_text(path):
                yield path


def is_text(path: Path) -> bool:
    return path.suffix in TEXT or path.name in TEXT_NAMES


def functions() -> Iterator[tuple[str, int]]:
    """Each function of src and x.py, with its length from `def` to its end."""
    for path in (*SOURCES, ROOT / "x.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                where = path.relative_to(SRC if path in SOURCES else ROOT).as_posix()
                yield f"{where}:{node.name}", node.end_lineno - node.lineno + 1


def imports(path: Path) -> Iterator[str]:
    """The full names that a module imports, relative ones too."""
    package = ["afspraak", *path.relative_to(SRC).parent.parts]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *filter(None, [node.module])])
            yield from (base, *(f"{base}.{name.name}" for name in node.names))


def is_columns(path: Path) -> bool:
    return path.relative_to(ENGINE).parts[0].startswith("columns")


def test_files_are_short() -> None:
    lengths = {inside(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_functions_are_short() -> None:
    over = {name: lines for name, lines in functions() if lines > FUNCTION_LINES}
    assert over == LONGER


def test_nine_functions_of_ten_are_shorter_still() -> None:
    lengths = sorted(lines for _, lines in functions())
    assert lengths[len(lengths) * 9 // 10] <= MOST_FUNCTION_LINES


def test_each_rule_of_the_engine_has_its_page() -> None:
    rules = {path.stem for path in ENGINE.iterdir() if path.suffix == ".py" or is_package(path)}
    pages = {path.stem for path in (ROOT / "docs" / "rules").glob("*.md")}
    rules -= {"__init__"}
    assert rules - pages == set(), "a rule without a page in docs/rules"
    assert pages - rules - {"README"} == set(), "a page in docs/rules without its rule"


def is_package(path: Path) -> bool:
    return (path / "__init__.py").exists()


def test_no_room_has_a_name_that_says_nothing() -> None:
    names = {part for path in SOURCES for part in path.relative_to(SRC).with_suffix("").parts}
    assert names & NO_ROOMS == set()


def test_only_the_engines_columns_know_arrays() -> None:
    for path in ENGINE.rglob("*.py"):
        if is_columns(path):
            continue
        names = set(imports(path))
        arrays = {name for name in names if re.match(r"(numpy|pyarrow|pandas|duckdb)\b", name)}
        columns = {name for name in names if name.startswith("afspraak.engine.columns")}
        assert arrays | columns == set(), inside(path)


@pytest.mark.parametrize("room", ["engine", "language"])
def test_the_law_is_read_without_what_is_heavy(room: str) -> None:
    """The first answer of a fresh process must not wait for arrays, plots or tables."""
    names = [
        ".".join(["afspraak", *path.relative_to(SRC).with_suffix("").parts])
        for path in sorted((SRC / room).rglob("*.py"))
        if room != "engine" or not is_columns(path)
    ]
    heavy = "{'numpy', 'pyarrow', 'pandas', 'altair', 'dask', 'django'}"
    script = f"import sys, {', '.join(names)}; print(*sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_only_doors_read_the_clock() -> None:
    for path in SOURCES:
        if path.relative_to(SRC).parts[0] in DOORS:
            continue
        read = [
            f"{inside(path)}:{node.lineno}"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CLOCKS
            and isinstance(node.func.value, ast.Name | ast.Attribute)
            and ast.unparse(node.func.value).split(".")[-1] in {"datetime", "date", "time"}
        ]
        assert read == []


def test_nothing_unfinished() -> None:
    unfinished = re.compile(r"raise NotImplemented|\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    found = [inside(path) for path in SOURCES if unfinished.search(path.read_text("utf-8"))]
    assert found == []


def test_no_text_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in texts()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if MACHINE.search(line) or REGISTRY.search(line)
    ]
    # x.py must say pip's and uv's words for an index; it names none.
    allowed = ("x.py:", "tests/test_tidy.py:")
    assert [line for line in found if not line.startswith(allowed)] == []


@cache
def locked(level: str) -> dict[str, str]:
    """The requirements of a lock: name (with its marker) -> version."""
    lines = (ROOT / "locks" / f"{level}.txt").read_text("utf-8").replace("\\\n", " ").splitlines()
    pins = {}
    for line in filter(lambda line: line and not line.startswith("#"), lines):
        requirement, *hashes = line.split("--hash=")
        assert hashes, f"{level}: without a hash: {line}"
        parsed = Requirement(requirement.strip())
        pins[f"{parsed.name};{parsed.specifier}"] = str(parsed.specifier)
    return pins


@pytest.mark.parametrize("level", ["boot", "run", "test", "bench"])
def test_locks_pin_every_version_and_name_no_host(level: str) -> None:
    assert all(version.startswith("==") for version in locked(level).values())
    assert "://" not in (ROOT / "locks" / f"{level}.txt").read_text("utf-8")


def test_each_lock_holds_the_one_before_it() -> None:
    for narrow, wide in pairwise(("run", "test", "bench")):
        assert locked(narrow).keys() - locked(wide).keys() == set()


def test_ci_runs_the_readmes_test_command() -> None:
    assert "python3 x.py test" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert "python3 x.py test" in (ROOT / "README.md").read_text("utf-8")
