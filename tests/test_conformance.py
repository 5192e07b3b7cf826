"""The tables of cases in tests/cases, one test each, and what `afspraak conformance` says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from case_tables import CASES, FILES, TABLES

from afspraak.cli.app import app
from afspraak.cli.conformance import answer, report, run
from afspraak.cli.conformance_calendars import Calendars
from afspraak.cli.conformance_compare import agrees
from afspraak.cli.conformance_figures import FIGURE_ASKS
from afspraak.engine.time import Refusal

GIVEN = 113
CALENDARS = {path: Calendars(calendars) for path, (calendars, _) in TABLES.items()}
PARAMETERS = [
    pytest.param(path, case, id=f"{path.stem}: {case['name']}")
    for path, (_, cases) in TABLES.items()
    for case in cases
]
RIGHT = """
cases:
  - name: a
    rule: T9
    source: own
    ask: due_date
    zone: UTC
    from: "2027-01-31"
    add: 1 month
    expect: {"on": "2027-02-28"}
"""
CRASHING = """
  - {name: b, rule: T6, source: own, ask: deadline, calendar: c, from: "2027-01-31T00:00:00Z",
     target: PT1H, expect: {refused: c}}
"""
WRONG = RIGHT.replace('expect: {"on": "2027-02-28"}', 'expect: {"on": "2027-03-03"}')


@pytest.mark.parametrize(("path", "case"), PARAMETERS)
def test_case(path: Path, case: dict) -> None:
    outcome = run(path.name, case, CALENDARS[path])
    assert outcome.passed, str(outcome)


def test_the_given_cases_and_many_of_our_own_are_here() -> None:
    own = sum(path.stem.startswith("own-") for path in FILES for _ in TABLES[path][1])
    assert len(PARAMETERS) - own == GIVEN
    assert own >= 60
    asked = {case["ask"] for _, cases in TABLES.values() for case in cases}
    assert asked >= {"deadline", "elapsed", "clock", *FIGURE_ASKS}


def test_no_two_cases_of_a_file_have_one_name() -> None:
    for path, (_, cases) in TABLES.items():
        names = [case["name"] for case in cases]
        assert len(names) == len(set(names)), path.name


def test_every_case_names_its_rules_and_whose_behaviour_it_is() -> None:
    for path, (_, cases) in TABLES.items():
        for case in cases:
            assert case["rule"], path.name
            assert case["source"], path.name


# A case must be able to fail ----------------------------------------------------------------------


def otherwise(expected: object) -> Iterator[object]:
    """The same expectation with one leaf changed, for each of its leaves."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            for changed in otherwise(value):
                yield {**expected, key: changed}
    elif isinstance(expected, list):
        yield [*expected, "one more"]
        for place, value in enumerate(expected):
            for changed in otherwise(value):
                yield [*expected[:place], changed, *expected[place + 1 :]]
    elif isinstance(expected, bool):
        yield not expected
    elif isinstance(expected, int):
        yield expected + 1
    else:
        yield "2001-01-01T00:00:00Z" if expected is None or "T" in str(expected) else "otherwise"


@pytest.mark.parametrize(("path", "case"), PARAMETERS)
def test_case_would_fail_if_it_expected_something_else(path: Path, case: dict) -> None:
    changed = list(otherwise(case["expect"]))
    assert changed
    for expected in changed:
        outcome = run(path.name, {**case, "expect": expected}, CALENDARS[path])
        assert not outcome.passed, f"{expected} passes, too"


def test_an_expectation_of_nothing_is_not_met() -> None:
    assert agrees({}, {"on": 1})
    path = CASES / "own-dates.yaml"
    case = TABLES[path][1][0]
    assert not run(path.name, {**case, "expect": {}}, CALENDARS[path]).passed


@pytest.mark.parametrize("ask", sorted(FIGURE_ASKS))
def test_an_unknown_key_is_refused_by_every_ask(ask: str) -> None:
    calendars, case = next(
        (calendars, case)
        for calendars, cases in TABLES.values()
        for case in cases
        if case["ask"] == ask and "refused" not in case["expect"]
    )
    with pytest.raises(Refusal, match="fortnight"):
        answer({**case, "fortnight": "1"}, calendars)


def test_an_unknown_ask_is_refused() -> None:
    with pytest.raises(Refusal, match="nothing can be asked by 'weather'"):
        answer({"ask": "weather"}, {})


# The report ---------------------------------------------------------------------------------------


def test_the_last_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command itself: a failing case is told with its file, name, rule, and both answers."""
    right, wrong = tmp_path / "right.yaml", tmp_path / "wrong.yaml"
    right.write_text(RIGHT)
    wrong.write_text(WRONG)
    assert command("conformance", str(right)) == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"
    assert command("conformance", str(right), str(wrong)) == 1
    first, *told, last = capsys.readouterr().out.splitlines()
    assert first == "wrong.yaml: a (T9)"
    assert "2027-03-03" in told[0]
    assert "2027-02-28" in told[1]
    assert last == "1 passed, 1 failed"


def command(*words: str) -> int:
    """Runs `afspraak`, and gives its exit status."""
    with pytest.raises(SystemExit) as left:
        app(list(words))
    return int(left.value.code or 0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cases: {}", "a list of `cases`"),
        ("cases: [1]", "is one"),
        ("calendars: [1]\ncases: []", "is a table"),
        ("cases: []\nspare: 1", "spare"),
        ("cases: []\ncases: []", "duplicate"),
        ("cases: [", "expected"),
        (None, "No such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_failure(
    tmp_path: Path, text: str | None, told: str
) -> None:
    path = tmp_path / "file.yaml"
    if text is not None:
        path.write_text(text)
    lines: list[str] = []
    assert not report([path], lines.append)
    assert lines[-1] == "0 passed, 1 failed"
    assert told in lines[0]


def test_a_fault_of_ours_fails_its_case_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    (tmp_path / "file.yaml").write_text(RIGHT + CRASHING)
    monkeypatch.setattr(Calendars, "asked", crash)
    lines: list[str] = []
    assert not report([tmp_path / "file.yaml"], lines.append)
    assert lines[-1] == "1 passed, 1 failed"
    assert "ZeroDivisionError" in lines[0]
