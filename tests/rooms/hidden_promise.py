"""Made-up logs with a promise hidden in them, judged by the engine's own calendars.

It is what `infer` must find again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from afspraak.engine.hours import Calendar, Hours, Interval, lay_out
from afspraak.engine.time import HOUR, MINUTE, Duration, ServiceTime, WorkingDays, datetime_of
from afspraak.sourcing.infer_log import MISSING, Key, Recorded, Waits

FIRST = date(2023, 1, 2)
WAITING = ("Pending customer", "Pending supplier", "On hold")


@dataclass(frozen=True)
class Hidden:
    """The promise to hide."""

    week: Mapping[str, str]
    targets: Mapping[str, Duration]
    zone: str = "Europe/Amsterdam"
    closed: frozenset[date] = frozenset()
    ends: str = "first Resolved"
    pauses: Sequence[str] = ()
    noise: float = 0.0
    own_week: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def calendar(name: str, zone: str, week: Mapping[str, str], closed: frozenset[date]) -> Calendar:
    """`{"mon-fri": "08:00-18:00"}` -> a calendar of 2022 to 2027."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    days: list[tuple[Interval, ...]] = [()] * 7
    for which, text in week.items():
        first, _, last = which.partition("-")
        spans = tuple(_interval(each) for each in text.split(","))
        for day in range(names.index(first), names.index(last or first) + 1):
            days[day] = spans
    cover = (date(2022, 1, 1), date(2028, 1, 1))
    return Calendar(name, zone, tuple(days), closed, {}, cover)


def _interval(text: str) -> Interval:
    opens, closes = (int(each[:2]) * 60 + int(each[3:]) for each in text.strip().split("-"))
    return Interval(opens, closes if closes > opens else closes + 1440)


def due_instant(
    hours: Hours, start: int, target: Duration, pauses: Sequence[tuple[int, int]]
) -> int | None:
    """T6 and K6, step by step: None where a pause without end holds the clock."""
    if isinstance(target, WorkingDays):
        return _due_on_day(hours, start, target.days, pauses)
    left, at = target.microseconds, start
    for begun, done in pauses:
        due = hours.deadline(at, left)
        if due <= begun:
            return due
        left -= hours.elapsed(at, max(begun, at))
        at = max(at, done)
    return hours.deadline(at, left)


def _due_on_day(hours: Hours, start: int, days: int, pauses: Sequence[tuple[int, int]]) -> int:
    for closing in hours.closings[hours.start_day(start) + 1 :]:
        if not any(begun < closing < done for begun, done in pauses):
            days -= 1
            if days == 0:
                return closing
    raise AssertionError("the calendar is too short")


def make_log(
    hidden: Hidden, count: int, seed: int, *, deadlines: bool = False, declared: str | None = None
) -> Recorded:
    """`count` tickets of one year, minutes whole.

    Outcomes as the hidden promise judges them (or its deadlines).
    """
    rng = np.random.default_rng(seed)
    main = lay_out(calendar("main", hidden.zone, hidden.week, hidden.closed))
    own = {
        name: lay_out(calendar(name, hidden.zone, week, hidden.closed))
        for name, week in hidden.own_week.items()
    }
    labels = tuple(hidden.targets)
    codes = rng.choice(len(labels), count, p=_falling(len(labels)))
    reported = np.sort(_arrivals(rng, count, hidden.zone))
    work = (
        np.exp(rng.normal(0, 1.3, count))
        * np.array([_typical(hidden.targets[name]) for name in labels])[codes]
    )
    columns: dict[str, list[int]] = {
        name: [] for name in ("first Active", "first Resolved", "last Resolved", "closed_at")
    }
    spans: list[tuple[int, int, int, int]] = []
    made, due_at = [], []
    for row in range(count):
        start = int(reported[row])
        own_spans, resolved = _history(rng, row, start, int(work[row]))
        spans += own_spans
        reopened = rng.random() < 0.04
        last = resolved + (_minutes(rng, 8 * HOUR) if reopened else 0)
        instants = {
            "first Active": start + _minutes(rng, HOUR // 2),
            "first Resolved": resolved,
            "last Resolved": last,
            "closed_at": last + 5 * 24 * HOUR + _minutes(rng, HOUR),
        }
        for name, at in instants.items():
            columns[name].append(at)
        name = labels[codes[row]]
        paused = [
            (begun, done) for _, state, begun, done in own_spans if WAITING[state] in hidden.pauses
        ]
        due = due_instant(own.get(name, main), start, hidden.targets[name], paused)
        assert due is not None
        due_at.append(due)
        made.append(int(instants[hidden.ends] <= due) ^ int(rng.random() < hidden.noise))
    table = np.array(spans, dtype=np.int64).reshape(-1, 4)
    ends = {name: np.array(column, dtype=np.int64) for name, column in columns.items()}
    return Recorded(
        ids=tuple(f"T{row}" for row in range(count)),
        keys={
            "priority": Key(
                ("priority",), tuple((each,) for each in labels), codes.astype(np.int64)
            ),
            "": Key((), ((),), np.zeros(count, dtype=np.int64)),
        },
        starts={"reported": reported, "first Active": ends["first Active"]},
        ends={
            name: ends[name]
            for name in ("first Resolved", "last Resolved", "closed_at", "first Active")
        },
        waits=Waits(WAITING, table[:, 0], table[:, 1], table[:, 2], table[:, 3]),
        made=np.full(count, -1) if deadlines else np.array(made, dtype=np.int64),
        due_at=np.array(due_at, dtype=np.int64) if deadlines else np.full(count, MISSING),
        as_of=int(ends["closed_at"].max()) + HOUR,
        zone=declared,
    )


def _falling(count: int) -> np.ndarray:
    weights = np.array([0.08, 0.2, 0.42, 0.3][:count]) if count > 1 else np.ones(1)
    return weights / weights.sum()


def _minutes(rng: np.random.Generator, scale: int) -> int:
    return int(rng.exponential(scale)) // MINUTE * MINUTE


def _typical(target: Duration) -> float:
    hours = (
        target.days * 24 if isinstance(target, WorkingDays) else target.microseconds / HOUR * 1.6
    )
    return max(hours, 0.5) * HOUR


def _arrivals(rng: np.random.Generator, count: int, zone: str) -> np.ndarray:
    """Mostly by day on working days in the zone, some at night and in the weekend.

    Whole minutes, UTC.
    """
    hour = np.array(
        [1] * 7 + [8, 30, 40, 38, 34, 22, 28, 36, 34, 28, 14] + [4] * 4 + [2] * 2, dtype=float
    )
    weekday = np.array([22, 20, 19, 19, 17, 3, 2], dtype=float)
    found = []
    for _ in range(count):
        week = int(rng.integers(0, 52))
        on = FIRST + timedelta(days=7 * week + int(rng.choice(7, p=weekday / weekday.sum())))
        minute = int(rng.choice(24, p=hour / hour.sum())) * 60 + int(rng.integers(0, 60))
        base = (on - date(1970, 1, 1)).days * 24 * HOUR + minute * MINUTE
        ahead = datetime_of(base).astimezone(ZoneInfo(zone)).utcoffset()
        found.append(base - (0 if ahead is None else int(ahead.total_seconds()) * 1_000_000))
    return np.array(found, dtype=np.int64)


def _history(
    rng: np.random.Generator, row: int, start: int, work: int
) -> tuple[list[tuple[int, int, int, int]], int]:
    """Waiting spans (row, state, from, until) in turn, and the instant of the first solution."""
    spans: list[tuple[int, int, int, int]] = []
    work = max(work, MINUTE)
    at = start
    left = work
    for _ in range(int(rng.choice(3, p=[0.6, 0.3, 0.1]))):
        step = int(left * rng.random() * 0.8)
        begun = (at + step) // MINUTE * MINUTE
        done = begun + max(_minutes(rng, 14 * HOUR), MINUTE)
        spans.append((row, int(rng.choice(3, p=[0.6, 0.25, 0.15])), begun, done))
        left -= step
        at = done
    return spans, (at + left) // MINUTE * MINUTE


def hours_of(count: float) -> Duration:
    """So many hours of service time."""
    return ServiceTime(int(count * HOUR))
