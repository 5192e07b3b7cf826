"""`afspraak conformance FILE...`: tables of cases through the engine (conformance/FORMAT.md)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from afspraak.cli.conformance_calendars import Calendars
from afspraak.cli.conformance_clocks import CLOCK_ASKS
from afspraak.cli.conformance_compare import agrees, readable
from afspraak.cli.conformance_facts import only
from afspraak.cli.conformance_figures import FIGURE_ASKS
from afspraak.cli.conformance_read import Table
from afspraak.engine.time import Refusal, parse_duration, show_duration

_ASKS: Final[Mapping[str, Callable[[Table, Calendars], object]]] = MappingProxyType(
    {**CLOCK_ASKS, **FIGURE_ASKS},
)


def answer(case: Table, calendars: Table) -> object:
    """One case's answer: an instant (deadline), microseconds (elapsed), a table (all others); or a
    Refusal.
    """
    return _answer(case, Calendars(calendars))


def _answer(case: Table, calendars: Calendars) -> object:
    ask = case.get("ask")
    asker = _ASKS.get(str(ask))
    if asker is None:
        raise Refusal(f"nothing can be asked by {ask!r}: it may be {', '.join(_ASKS)}")
    return asker(case, calendars)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case that was run: whether it passed, and if not what came."""

    file: str
    name: str
    rule: str
    expected: object
    came: object
    passed: bool

    def __str__(self) -> str:
        told = f"  expected: {self.expected}\n  came:     {self.came}"
        return f"{self.file}: {self.name} ({self.rule})\n{told}"


def report(paths: Iterable[Path], say: Callable[[str], object]) -> bool:
    """Says every failing case, then `N passed, N failed`; whether none failed."""
    passed, failed = 0, 0
    for path in paths:
        for outcome in run_file(path):
            if outcome.passed:
                passed += 1
            else:
                failed += 1
                say(str(outcome))
    say(f"{passed} passed, {failed} failed")
    return not failed


def run_file(path: Path) -> Iterator[Outcome]:
    """Every case of a file; a file that cannot be read is one failure."""
    try:
        written, cases = read(path)
    except (OSError, ValueError, YAMLError, RecursionError) as error:
        yield Outcome(
            path.name, "the file itself", "", "a table of cases", str(error), passed=False
        )
        return
    calendars = Calendars(written)
    for case in cases:
        yield run(path.name, case, calendars)


def read(path: Path) -> tuple[Table, list[Table]]:
    """A file's calendars and cases (YAML 1.2, read strictly)."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    document = yaml.load(path.read_text(encoding="utf-8"))
    if not isinstance(document, dict) or not isinstance(document.get("cases"), list):
        raise Refusal("a file of cases has `calendars` and a list of `cases`")
    only(document, {"calendars", "cases"})
    calendars, cases = document.get("calendars") or {}, document["cases"]
    if not isinstance(calendars, dict) or not all(isinstance(case, dict) for case in cases):
        raise Refusal("`calendars` is a table, and each of the `cases` is one")
    return calendars, cases


def run(file: str, case: Table, calendars: Calendars) -> Outcome:
    """One case, judged. A fault of ours fails that case and spoils no other."""
    expected = case.get("expect")
    came: object
    try:
        answered = _answer(case, calendars)
        passed = _passes(case, expected, answered)
        came = _readable(case, answered)
    except Refusal as refusal:
        came = f"refused: {refusal}"
        passed = _is_expected(expected, refusal)
    except Exception as error:  # noqa: BLE001 - a table of two thousand cases is told to its end
        came, passed = f"a fault of the engine: {error!r}", False
    return Outcome(file, str(case.get("name")), str(case.get("rule")), expected, came, passed)


def _passes(case: Table, expected: object, came: object) -> bool:
    if case.get("ask") == "deadline":
        return not isinstance(expected, Mapping) and agrees(expected, came, "due_at")
    if case.get("ask") == "elapsed":
        assert isinstance(came, int)
        told = show_duration(came)
        return not isinstance(expected, Mapping) and parse_duration(expected) == parse_duration(
            told
        )
    return isinstance(expected, Mapping) and bool(expected) and agrees(expected, came)


def _readable(case: Table, came: object) -> object:
    if case.get("ask") == "elapsed" and isinstance(came, int):
        return show_duration(came)
    return readable(came, "due_at")


def _is_expected(expected: object, refusal: Refusal) -> bool:
    """Whether a refusal was expected, by the word that its message must contain (T8, C3)."""
    if not isinstance(expected, Mapping) or set(expected) != {"refused"}:
        return False
    return bool(expected["refused"]) and str(expected["refused"]).lower() in str(refusal).lower()
