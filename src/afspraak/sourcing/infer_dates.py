"""Closed dates that no list of public holidays knows.

A company's own, a bridge day, the two weeks of summer.

With the hours found, closing one date (or a run of them) more is tried for every date of the log;
what explains more records than it costs to tell is kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from afspraak.sourcing.infer_ground import Ground, Rule
from afspraak.sourcing.infer_hours import DAY_SECONDS, MONDAY, Dates, wall_seconds
from afspraak.sourcing.infer_judge import FOUND, Judge
from afspraak.sourcing.infer_log import SECOND
from afspraak.sourcing.infer_promise import Promise, unexplained_late

_RUNS: Final = (1, 2, 5, 7, 12, 14)
_RUN_COST: Final = 0.7
_ROUNDS: Final = 15
_DATES_MOST: Final = 1100


def with_own_dates(judge: Judge, promise: Promise) -> tuple[Judge, Rule]:
    """The rule with further closed dates, and a judge that knows them.

    Both as they were where none earns its keep.
    """
    rule = promise.rule
    dates = judge.ground.dates
    base = dates.closed.get(rule.hours.closed, frozenset())
    best = judge.weigh(rule).agree
    found = base
    trials = list(_runs(_doubtful(judge, promise), base))
    for _ in range(_ROUNDS):
        if not trials:
            break
        agrees = _agreements(judge, rule, [found | run for run in trials])
        top = max(range(len(trials)), key=agrees.__getitem__)
        if agrees[top] - best <= _RUN_COST * judge.part_cost:
            break
        found = found | trials[top]
        trials = [
            run
            for run, agree in zip(trials, agrees, strict=True)
            if agree > best and not run <= found
        ]
        best = max(agrees)
    if found == base:
        return judge, rule
    found = base | {day for day in found if rule.hours.week[(day + MONDAY) % 7]}
    name = f"{rule.hours.closed}{FOUND}"
    known = Dates(dates.first, dates.count, {**dates.closed, name: found})
    return judge_on(judge, known), replace(rule, hours=replace(rule.hours, closed=name))


def _doubtful(judge: Judge, promise: Promise) -> frozenset[int]:
    """Dates on which two tickets or more were open that more closed time could explain.

    They are recorded as made, and late under the promise.

    For deadlines: tickets whose recorded deadline is not the promised one.
    """
    seen = judge.ground.windows(promise.rule.start, promise.rule.end, promise.rule.waits)
    rows = unexplained_late(judge, promise)
    zone = promise.rule.hours.zone
    first = wall_seconds(seen.start[rows] * SECOND, zone) // DAY_SECONDS - judge.ground.dates.first
    last = wall_seconds(seen.end[rows] * SECOND, zone) // DAY_SECONDS - judge.ground.dates.first
    change = np.zeros(judge.ground.dates.count + 1, dtype=np.int64)
    np.add.at(change, first, 1)
    np.add.at(change, np.minimum(last + 1, judge.ground.dates.count), -1)
    found = np.flatnonzero(np.cumsum(change) > 1) + judge.ground.dates.first
    return frozenset(found.tolist()) if len(found) <= _DATES_MOST else frozenset()


def _runs(days: frozenset[int], base: frozenset[int]) -> Iterator[frozenset[int]]:
    """Every date, and every run of dates, among those given."""
    for start in sorted(days):
        for length in _RUNS:
            run = frozenset(range(start, start + length))
            if run <= days | base and not run <= base:
                yield run


def _agreements(judge: Judge, rule: Rule, sets: Iterable[frozenset[int]]) -> list[int]:
    dates = judge.ground.dates
    named = {f"trial {place}": closed for place, closed in enumerate(sets)}
    trial = judge_on(judge, Dates(dates.first, dates.count, named))
    return [
        trial.weigh(replace(rule, hours=replace(rule.hours, closed=name))).agree for name in named
    ]


def judge_on(judge: Judge, dates: Dates) -> Judge:
    """The same judge where other sets of closed dates are known."""
    return Judge(Ground(judge.ground.log, dates), judge.kind, judge.full_count)
