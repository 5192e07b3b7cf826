"""Mutants of one file of the engine: which single changes of the law no test notices.

    python bench/mutants.py --file time.py --tests tests/engine/test_time.py tests/engine/judged

prints every survivor with its line, then how many were killed. Inside functions the changes are
mutmut's; constants, patterns, defaults and decorated functions, which it leaves alone, are changed
by `mutations.py`. With `--most N` a seeded sample is tried; name the quickest tests first.

Two lanes. In the first the tests are collected once, and each mutant is a forked process in which
the changed function's code takes the place of the old: a few milliseconds before the first test.
Where the changed function ran while the tests were collected, or is no function, a survivor is
tried again in the second lane: a process that has not imported the engine yet, with the mutant as
its file.
"""

import argparse
import contextlib
import gc
import importlib
import io
import json
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import entry_points
from mmap import mmap
from pathlib import Path
from struct import Struct
from types import CodeType, FrameType, FunctionType, ModuleType

import pytest
from _pytest.main import pytest_runtestloop as run_all
from mutations import Mutant, mutants_of

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("src", "tests", "docs", "locks", "pyproject.toml", "README.md", "x.py")
HEAVY = ("hypothesis", "holidays", "ruamel.yaml", "tzdata", "zoneinfo", "decimal", "numpy")
QUIET = (
    "--hypothesis-profile=mutants",
    "-x",
    "-q",
    "-s",
    "--tb=no",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",  # Hypothesis is imported already
)
WARM = "keep what the tests keep, as calendars laid out; not for mutants of what makes these"
PLACE = Struct("I")
MEMORY = 4 << 30
PATIENCE = 5
"""A mutant that takes so many times the unchanged law's CPU time, and so many seconds more, runs
for ever: killed.
"""


# One forked process -----------------------------------------------------------------------------


def alone(work: Iterator[int], seconds: int) -> bool:
    """Whether `work`, in a process of its own that prints nothing, gives 0 within its CPU time."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        status = 1
        with contextlib.suppress(BaseException):
            status = next(work)
        os._exit(status)
    return os.waitpid(child, 0)[1] == 0


def timed(work: Iterator[int]) -> tuple[bool, int]:
    """The same without a limit to speak of, and the limit that follows from it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    passed = alone(work, 3600)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    return passed, PATIENCE + round(PATIENCE * spent)


# The first lane: tests collected once, code exchanged in place ------------------------------------


class InPlace:
    """A plugin of pytest: tries every mutant on the tests of one collection. `left` are the numbers
    of those that no test noticed; `doubtful` those of them that must be tried afresh.
    """

    def __init__(self, name: str, original: str, mutants: Sequence[Mutant], *, warm: bool) -> None:
        self.name = name
        self.warm = warm
        self.original = codes(original)
        self.mutants = mutants
        self.left: list[int] = []
        self.doubtful: list[int] = []
        self.killer = mmap(-1, 4)  # shared with the forked processes: the test that noticed
        self.fails = True  # until the tests have passed without a mutant
        self.places: dict[str, int] = {}
        self.ran: set[tuple[str, str]] = set()
        sys.setprofile(self._seen)

    def _seen(self, frame: FrameType, event: str, _: object) -> None:
        """Notes what ran while the tests were collected."""
        if event == "call":
            self.ran.add((frame.f_code.co_filename, frame.f_code.co_qualname))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        sys.setprofile(None)
        if session.testsfailed:
            return True
        module = importlib.import_module(self.name)
        if self.warm:
            run_all(session)
        ran = {name for file, name in self.ran if file == module.__file__}
        gc.freeze()
        passed, seconds = timed(self._tried(session, module, {}))
        self.fails = not passed
        for number, mutant in enumerate(self.mutants if passed else ()):
            changed = changes(self.original, codes(mutant.source)) if mutant.in_function else {}
            inside = bool(changed) and all(live(module, name) for name in changed)
            if inside and not alone(self._tried(session, module, changed), seconds):
                self._first_next_time(session)
                continue
            self.left.append(number)
            if not inside or ran & {name.split(".<locals>")[0] for name in changed}:
                self.doubtful.append(number)
        return True

    def _first_next_time(self, session: pytest.Session) -> None:
        """A test that noticed one mutant often notices the next one."""
        (place,) = PLACE.unpack(self.killer[:])
        session.items.insert(0, session.items.pop(place))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.killer[:] = PLACE.pack(self.places[report.nodeid])

    def _tried(
        self, session: pytest.Session, module: ModuleType, changed: Mapping[str, CodeType]
    ) -> Iterator[int]:
        self.killer[:] = PLACE.pack(0)
        self.places = {item.nodeid: place for place, item in enumerate(session.items)}
        for name, code in changed.items():
            function = live(module, name)
            assert function is not None
            function.__code__ = code
        run_all(session)
        yield 1 if session.testsfailed else 0


def codes(source: str) -> dict[str, CodeType]:
    """The code of every function and method of a file, by its qualified name."""
    found: dict[str, CodeType] = {}
    inside = [compile(source, "mutant", "exec")]
    while inside:
        for each in inside.pop().co_consts:
            if isinstance(each, CodeType) and "<" not in each.co_name:
                is_class = not each.co_flags & 0x2  # neither optimised nor with locals of its own
                (inside.append(each) if is_class else found.update({each.co_qualname: each}))
    return found


def changes(old: Mapping[str, CodeType], new: Mapping[str, CodeType]) -> dict[str, CodeType]:
    """The functions whose code is another; none where they are not the same functions."""
    if old.keys() != new.keys():
        return {}
    return {name: code for name, code in new.items() if code != old[name]}


def live(module: ModuleType, name: str) -> FunctionType | None:
    """The function by its qualified name, without its decorator."""
    found: object = module
    for part in name.split("."):
        found = vars(found).get(part)
    found = getattr(found, "fget", found)
    found = getattr(found, "__wrapped__", found)
    return found if isinstance(found, FunctionType) else None


def left_in_place(
    name: str, source: str, mutants: Sequence[Mutant], chosen: argparse.Namespace
) -> tuple[list[int], list[int]] | None:
    """Which survive the first lane, and which of them are doubtful; None where the tests fail by
    themselves.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        tried = InPlace(name, source, mutants, warm=chosen.warm)
        with contextlib.suppress(BaseException), contextlib.redirect_stdout(io.StringIO()):
            pytest.main([*QUIET, *chosen.tests], plugins=[tried])
        told = json.dumps(None if tried.fails else (tried.left, tried.doubtful))
        os.write(writer, told.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="ascii") as answer:
        told = answer.read()
    os.waitpid(child, 0)
    found: tuple[list[int], list[int]] | None = json.loads(told)
    return found


# The second lane: a fresh process for each --------------------------------------------------------


def afresh(tests: list[str]) -> Iterator[int]:
    yield int(pytest.main([*QUIET, *tests]))


def confirmed(
    file: Path, mutants: Sequence[Mutant], left: list[int], doubtful: list[int], tests: list[str]
) -> Iterator[Mutant]:
    """The survivors, the doubtful ones only if a process that imports them notices nothing."""
    original = file.read_text(encoding="utf-8")
    passed, seconds = timed(afresh(tests)) if doubtful else (True, 0)
    assert passed, "the tests fail without a mutant"
    for number in left:
        mutant = mutants[number]
        file.write_text(mutant.source, encoding="utf-8")
        if (
            number not in doubtful
            or (  # the first file alone mostly notices, and is read sooner
                alone(afresh(tests[:1]), seconds) and alone(afresh(tests), seconds)
            )
        ):
            yield mutant
    file.write_text(original, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--file", required=True, help="a file of src/afspraak/engine")
    parser.add_argument("--tests", nargs="+", required=True)
    parser.add_argument("--most", type=int, default=10**6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--warm", action="store_true", help=WARM)
    chosen = parser.parse_args()
    sys.dont_write_bytecode = True
    for name in HEAVY:
        importlib.import_module(name)
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    with tempfile.TemporaryDirectory() as folder:
        for name in COPIED:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, Path(folder) / name)
        os.chdir(folder)
        sys.path.insert(0, str(Path(folder) / "src"))
        return report(Path(folder) / "src/afspraak/engine" / chosen.file, chosen)


def report(file: Path, chosen: argparse.Namespace) -> int:
    """Tries every mutant; 1 if the tests fail without one."""
    began = time.monotonic()
    source = file.read_text(encoding="utf-8")
    found = list(mutants_of(file.name, source))
    total = len(found)
    if total > chosen.most:
        sample = sorted(random.Random(chosen.seed).sample(range(total), chosen.most))
        found = [found[number] for number in sample]
    name = ".".join(file.relative_to(Path.cwd() / "src").with_suffix("").parts)
    left = left_in_place(name, source, found, chosen)
    if left is None:
        print(f"{file.name}: the tests fail without a mutant")
        return 1
    number = 0
    for mutant in confirmed(file, found, *left, chosen.tests):
        number += 1
        print(f"{file.name}:{mutant.line}: {mutant.told}", flush=True)
    killed = len(found) - number
    print(
        f"{file.name}: {len(found)} of {total} mutants, {killed} killed, {number} survived:"
        f" {100 * killed / len(found):.1f} % in {time.monotonic() - began:.0f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
