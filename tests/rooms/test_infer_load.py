"""From an export of a help desk to the promise behind it: through the importer, as a user would."""

import csv
import json
from datetime import date
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from afspraak.cli.app import app
from afspraak.engine.hours import Calendar, Interval, lay_out
from afspraak.engine.time import HOUR, MINUTE, datetime_of, zone_of

MAPPING = """
mapping: 1
name: desk
basis: log
note: a made log
file: {delimiter: ";", encoding: utf-8}
dates: {format: "%d-%m-%Y %H:%M", zone: Europe/Amsterdam}
nulls: [""]
ticket: id
reported: {at: opened}
instants:
  - {column: hold_from, fact: question, to: customer}
  - {column: hold_until, fact: answer}
  - {column: done, fact: solved}
priority: {column: prio, words: {"1": P1, "2": P2}}
outcome: OUTCOME
"""
TARGETS = {"1": 4 * HOUR, "2": 20 * HOUR}
WEEK = ((Interval(480, 720), Interval(750, 1050)),) * 5 + ((), ())
DESK = lay_out(
    Calendar(
        "desk",
        "Europe/Amsterdam",
        WEEK,
        frozenset(),
        {},
        (date(2025, 12, 1), date(2027, 1, 1)),
    )
)


def local(at: int) -> str:
    return f"{datetime_of(at).astimezone(zone_of('Europe/Amsterdam')):%d-%m-%Y %H:%M}"


def write_log(path: Path, seed: int) -> None:
    """A year of a desk open 08:00-12:00 and 12:30-17:30; the clock waits for the customer."""
    random = Random(seed)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(("id", "prio", "opened", "hold_from", "hold_until", "done", "due", "kept"))
        for number in range(1500):
            opened = DESK.from_at + (40 * 24 + random.randrange(250 * 24)) * HOUR
            opened += random.randrange(60) * MINUTE
            prio = random.choice("12")
            hold, back = None, None
            if random.random() < 0.4:
                hold = opened + random.randrange(1, 150) * MINUTE
                back = hold + random.randrange(60, 4000) * MINUTE
            spent = int(TARGETS[prio] * random.lognormvariate(-0.3, 0.8)) // MINUTE * MINUTE
            due, done = (after(opened, hold, back, span) for span in (TARGETS[prio], spent))
            cells = (opened, hold, back, done, due)
            shown = ["" if at is None else local(at) for at in cells]
            rows.writerow((number, prio, *shown, "ja" if done <= due else "nee"))


def after(opened: int, hold: int | None, back: int | None, span: int) -> int:
    """When `span` has been spent, the hold not counted."""
    due = DESK.deadline(opened, span)
    if hold is None or back is None or due <= hold:
        return due
    return DESK.deadline(back, span - DESK.elapsed(opened, hold))


@pytest.mark.parametrize(
    ("outcome", "recorded"),
    [
        ('{made: kept, when_true: "ja", when_false: "nee"}', "outcomes"),
        ("{deadline: due}", "deadlines"),
    ],
)
def test_the_promise_behind_an_export_is_found(tmp_path, outcome, recorded):
    write_log(tmp_path / "export.csv", seed=5)
    (tmp_path / "desk.yaml").write_text(MAPPING.replace("OUTCOME", outcome), encoding="utf-8")
    run("import", tmp_path / "export.csv", "--mapping", tmp_path / "desk.yaml", "--out", tmp_path)
    run("infer", "--facts", tmp_path, "--json", tmp_path / "found.json")
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert found["recorded"] == recorded
    assert found["agreement"]["agree"] >= 0.995 * found["agreement"]["total"] == 0.995 * 1500
    (clause,) = found["contract"]["clauses"]
    assert clause["measure"] == "resolution"
    assert clause["pauses"] == ["customer"]
    assert found["contract_needs"] == []
    if recorded == "outcomes":
        return  # a lunch break of half an hour decides too few of 1 500 outcomes to be seen
    targets = {target["when"]["priority"]: target["value"] for target in clause["targets"]}
    assert targets == {"P1": "PT4H", "P2": "PT20H"}
    (calendar,) = found["contract"]["calendars"].values()
    assert calendar["week"] == {"mon-fri": ["08:00-12:00", "12:30-17:30"]}


def run(*arguments: object) -> None:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    assert result.exit_code == 0, result.output
