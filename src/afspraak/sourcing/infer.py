"""From what was to what could be promised.

Find the promise behind a log's record, and propose targets (SLA 2.0).

`infer` looks for the contract (service hours, a target for each priority, the events it runs
between, what pauses it) that reproduces the outcomes, or the deadlines, which the log itself
recorded.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from afspraak.sourcing.infer_closed import COUNTRIES, SILENT, public_holidays, silent_dates
from afspraak.sourcing.infer_dates import judge_on, with_own_dates
from afspraak.sourcing.infer_ground import DUE, Ground
from afspraak.sourcing.infer_hours import DAY_SECONDS, Dates, wall_seconds
from afspraak.sourcing.infer_judge import WITHIN, Judge, Kind, rows_recorded
from afspraak.sourcing.infer_log import MISSING, SECOND, Bools, Ints, Recorded, pick, sample
from afspraak.sourcing.infer_moves import Choices, choices
from afspraak.sourcing.infer_polish import Polished, polish
from afspraak.sourcing.infer_promise import Promise, kept
from afspraak.sourcing.infer_remainder import Remainder, remainder
from afspraak.sourcing.infer_search import search
from afspraak.sourcing.infer_split import with_own_hours
from afspraak.sourcing.infer_tried import Tried, by_unit, tried

ZONES: Final = ("Europe/Amsterdam", "America/New_York", "Australia/Sydney")
"""Zones tried beside the log's own.

One of each way of changing the clock: another hour is but another opening time.
"""
_SURVEYED: Final = 3000
_SEARCHED: Final = 60_000
_MARGIN: Final = 10
_YEAR: Final = 366
_FAR: Final = 10 * _YEAR
"""What lies ten years from the log's reports is a slip of the pen, and is taken for ten years."""
_POLISHED: Final = 3


@dataclass(frozen=True)
class Confusion:
    """Recorded against promised, in tickets."""

    made_kept: int
    made_late: int
    missed_kept: int
    missed_late: int

    @property
    def agree(self) -> int:
        """Tickets of which both say the same."""
        return self.made_kept + self.missed_late


@dataclass(frozen=True, eq=False)
class Inferred:
    """The promise that best explains a log's record, how well, and what else was tried.

    For outcomes `agree` counts equal verdicts, `confusion` holds them by label and `remainder` what
    no contract mends; for deadlines `agree` counts those within a minute and `exact` those equal to
    the second. `wrong` are the rows of the log (not of its recorded part) that disagree.
    """

    kind: Kind
    agree: int
    total: int
    exact: int | None
    promise: Promise
    hours_alike: Polished
    confusion: dict[str, Confusion]
    remainder: Remainder | None
    tried: tuple[Tried, ...]
    rules_tried: int
    wrong: Ints
    dates: Dates


def infer(
    log: Recorded,
    *,
    kind: Kind,
    zones: Iterable[str] = ZONES,
    countries: Iterable[str] = COUNTRIES,
    tell: Callable[[str], None] | None = None,
) -> Inferred | None:
    """The promise behind the recorded outcomes (or deadlines) of a log.

    None where it recorded none.

    `zones` and `countries` are what is tried beside the log's own zone and open days; `tell` hears
    what is being done.
    """
    rows = rows_recorded(log, kind)
    if len(rows) == 0:
        return None
    say = tell or (lambda _: None)
    recorded = pick(log, rows)
    dates = dates_of(recorded, countries)
    full = Judge(Ground(recorded, dates), kind, len(rows))
    whole = full if len(rows) <= _SEARCHED else _on_sample(full, _SEARCHED)
    small = whole if len(rows) <= _SURVEYED else _on_sample(full, _SURVEYED)
    ends = (DUE,) if kind is Kind.DEADLINES else tuple(log.ends)
    own = log.zone or ""
    others = (zone for zone in zones if zone != own)
    options = choices(whole.ground, ends, (own, *others))
    say(f"{len(rows)} recorded {kind.value}: looking for the promise behind them")
    found = search(small, whole, options)
    say(f"{len(small.seen) + len(whole.seen)} rules tried; the best explains {found[0].agree}")
    best = max(
        (polish(whole, each.rule) for each in found[:_POLISHED]), key=lambda each: each.worth
    )
    dated, rule = with_own_dates(whole, best.promise)
    if dated is not whole:
        best = polish(dated, rule)
    promise = with_own_hours(dated, best.promise, options)
    searched = Searched(small, whole, dated, options)
    return _result(full, searched, best, promise, rows)


@dataclass(frozen=True, eq=False)
class Searched:
    """The judges of a search.

    On a small part of the log, on the whole, and on it with the closed dates found.
    """

    small: Judge
    whole: Judge
    dated: Judge
    options: Choices


def _on_sample(full: Judge, most: int) -> Judge:
    part = sample(full.ground.log, most)
    return Judge(Ground(part, full.ground.dates), full.kind, len(full.ground))


def dates_of(log: Recorded, countries: Iterable[str]) -> Dates:
    """All dates that the log speaks of, with the sets of closed dates that a calendar may name."""
    instants = [
        *log.starts.values(),
        *log.ends.values(),
        log.waits.from_at,
        log.waits.until_at,
        log.due_at,
    ]
    known = np.concatenate([at[at != MISSING] for at in instants]) // (DAY_SECONDS * SECOND)
    reported = next(iter(log.starts.values()))
    reported = reported[reported != MISSING]
    early, late = np.quantile(reported, (0.001, 0.999)) // (DAY_SECONDS * SECOND)
    first = max(int(known.min()), int(early) - _FAR) - _MARGIN
    last = min(max(int(known.max()), log.as_of // (DAY_SECONDS * SECOND)), int(late) + _FAR)
    begin = max(first, int(early) - _YEAR)
    closed = public_holidays(countries, begin, min(last, int(late) + _YEAR) - begin)
    silent = silent_dates(wall_seconds(reported, log.zone or ""))
    if silent:
        closed[SILENT] = silent
    return Dates(first, last + _MARGIN - first + 1, closed)


def _result(
    full: Judge, searched: Searched, best: Polished, promise: Promise, rows: Ints
) -> Inferred:
    judge = judge_on(full, searched.dated.ground.dates)
    outcomes = full.kind is Kind.OUTCOMES
    right, exact = (
        (_same_outcome(judge, promise), None) if outcomes else same_deadline(judge, promise)
    )
    if full is not searched.whole:
        promise = _on_all(judge, promise, right)
    judges = tuple(dict.fromkeys((searched.small, searched.whole, searched.dated)))
    return Inferred(
        kind=full.kind,
        agree=int(np.count_nonzero(right)),
        total=len(rows),
        exact=exact,
        promise=promise,
        hours_alike=best,
        confusion=_confusion(judge, promise, right) if outcomes else {},
        remainder=remainder(judge, promise, ~right) if outcomes else None,
        tried=(
            *tried(judges, promise.rule, searched.options),
            *by_unit(searched.dated, promise.rule),
        ),
        rules_tried=sum(len(each.seen) for each in judges),
        wrong=rows[~right],
        dates=judge.ground.dates,
    )


def _on_all(full: Judge, promise: Promise, right: Bools) -> Promise:
    """A promise found on part of a log, with its counts taken from all of it."""
    codes = full.ground.log.keys[promise.rule.key].codes
    lines = []
    for line in promise.lines:
        here = codes == line.code
        agree = int(np.count_nonzero(right[here]))
        target = replace(line.target, cases=int(here.sum()), agree=agree, best=agree)
        lines.append(replace(line, target=target))
    return replace(promise, lines=tuple(lines))


def _same_outcome(judge: Judge, promise: Promise) -> Bools:
    same: Bools = kept(judge, promise) == judge.made
    return same


def same_deadline(judge: Judge, promise: Promise) -> tuple[Bools, int]:
    """(n,) whether the due instant lies within a minute of the recorded one; how many are equal."""
    log = judge.ground.log
    exact = _reached(judge, promise, 0) & ~_reached(judge, promise, -1)
    before = WITHIN + 1
    near = _reached(judge, promise, WITHIN) & ~_reached(judge, promise, -before)
    assert len(near) == len(log.ids)
    return near, int(np.count_nonzero(exact))


def _reached(judge: Judge, promise: Promise, later: int) -> Bools:
    """(n,) whether the target has been spent `later` seconds after the recorded deadline."""
    log = judge.ground.log
    moved = replace(log, due_at=log.due_at + later * SECOND)
    other = Judge(Ground(moved, judge.ground.dates), judge.kind, len(log.ids))
    codes = log.keys[promise.rule.key].codes
    reached = np.zeros(len(log.ids), dtype=np.bool_)
    for line in promise.lines:
        here = codes == line.code
        rule = replace(promise.rule, hours=line.hours)
        reached[here] = other.ground.spent_reaches(rule, line.target.unit, line.target.value)[here]
    return reached


def _confusion(judge: Judge, promise: Promise, right: Bools) -> dict[str, Confusion]:
    codes = judge.ground.log.keys[promise.rule.key].codes
    made = judge.made
    found = {}
    for line in promise.lines:
        here = codes == line.code
        counts = [
            int(np.count_nonzero(here & recorded & same))
            for recorded in (made, ~made)
            for same in (right, ~right)
        ]
        found[line.label] = Confusion(counts[0], counts[1], counts[3], counts[2])
    return found
