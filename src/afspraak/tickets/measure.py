"""Measures the profile of an imported log (`tickets.profile`); run by hand and by a test."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from afspraak.engine.facts import CUSTOMER
from afspraak.engine.hours import Calendar, Hours, Interval, lay_out
from afspraak.engine.time import MINUTE, datetime_of
from afspraak.tickets.import_log import FACTS
from afspraak.tickets.profile import STEPS, WHOLE, Profile, Quantiles

_COLUMNS: Final = ("ticket", "fact", "happened_at", "to", "priority", "state")
_SATURDAY: Final = 5
_NEW: Final = "New"
_END: Final = frozenset(("answer", "solved", "accepted", "voided"))


class _Step(NamedTuple):
    ticket: str
    fact: str
    at: int
    to: str | None
    priority: str | None
    state: str | None


def measure(folder: Path) -> Profile:
    """The profile of the log in `folder`, whose people work about 08:00-18:00 on its own clock."""
    seen = _Seen()
    for _, steps in groupby(_steps(folder), key=attrgetter("ticket")):
        seen.take(list(steps))
    count = max(seen.tickets, 1)
    return Profile(
        weekdays=_shares(seen.weekdays),
        working=_shares(seen.working),
        weekend=_shares(seen.weekend),
        first_step=_quantiles(seen.first),
        solved=_quantiles(seen.solved),
        customer_waits=_quantiles(seen.customer),
        third_party_waits=_quantiles(seen.third),
        rejected_after=_quantiles(seen.rejected_after),
        questions=_shares(seen.questions),
        third_party=WHOLE * seen.with_third // count,
        at_once=WHOLE * seen.at_once // count,
        rejected=WHOLE * seen.with_rejection // count,
        reclassified=WHOLE * seen.with_change // count,
        upgrades=WHOLE * seen.upgrades // max(seen.changes, 1),
    )


def _steps(folder: Path) -> Iterator[_Step]:
    file = pq.ParquetFile(folder / FACTS)
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, columns=list(_COLUMNS))
        at = table["happened_at"].cast(pa.int64()).to_pylist()
        others = [at if name == "happened_at" else table[name].to_pylist() for name in _COLUMNS]
        yield from map(_Step._make, zip(*others, strict=True))


def _shares(counts: Sequence[int]) -> tuple[int, ...]:
    whole = max(sum(counts), 1)
    return tuple(WHOLE * count // whole for count in counts)


def _quantiles(minutes: list[int]) -> Quantiles:
    minutes.sort()
    last = len(minutes) - 1
    return tuple(minutes[last * step // STEPS] for step in range(STEPS + 1)) if minutes else ()


def _office() -> Hours:
    day = (Interval(8 * 60, 18 * 60),)
    week = (day, day, day, day, day, (), ())
    return lay_out(
        Calendar("office", "UTC", week, frozenset(), {}, (date(2000, 1, 1), date(2040, 1, 1)))
    )


class _Seen:
    """What was counted so far."""

    def __init__(self) -> None:
        self.hours = _office()
        self.tickets = self.at_once = self.with_third = self.with_rejection = 0
        self.with_change = self.changes = self.upgrades = 0
        self.weekdays, self.working, self.weekend = [0] * 7, [0] * 24, [0] * 24
        self.questions = [0] * 4
        self.first: list[int] = []
        self.solved: list[int] = []
        self.customer: list[int] = []
        self.third: list[int] = []
        self.rejected_after: list[int] = []

    def take(self, steps: Sequence[_Step]) -> None:
        start = next(step.at for step in steps if step.fact == "reported")
        self.tickets += 1
        self._arrival(start)
        waited = self._waits(steps)
        work = [step for step in steps if step.state not in (None, _NEW)]
        if work:
            self.first.append(self._minutes(start, work[0].at))
            self.at_once += work[0].fact == "solved"
        end = next((step.at for step in steps if step.fact == "solved"), None)
        if end is not None:
            self.solved.append(max(self._minutes(start, end) - waited, 0))
        self._rejections(steps)
        self._changes(steps)

    def _minutes(self, start: int, end: int) -> int:
        return self.hours.elapsed(start, max(start, end)) // MINUTE

    def _arrival(self, at: int) -> None:
        moment = datetime_of(at)
        weekday = moment.weekday()
        self.weekdays[weekday] += 1
        (self.weekend if weekday >= _SATURDAY else self.working)[moment.hour] += 1

    def _waits(self, steps: Sequence[_Step]) -> int:
        """Counts the questions; the minutes that they took until the first solution."""
        asked = [place for place, step in enumerate(steps) if step.fact == "question"]
        ours = sum(steps[place].to == CUSTOMER for place in asked)
        self.questions[min(ours, 3)] += 1
        self.with_third += ours < len(asked)
        waited = 0
        for place in asked:
            end = next((step.at for step in steps[place + 1 :] if step.fact in _END), None)
            if end is not None:
                minutes = self._minutes(steps[place].at, end)
                (self.customer if steps[place].to == CUSTOMER else self.third).append(minutes)
                if all(step.fact != "solved" for step in steps[:place]):
                    waited += minutes
        return waited

    def _rejections(self, steps: Sequence[_Step]) -> None:
        solved_at = None
        self.with_rejection += any(step.fact == "rejected" for step in steps)
        for step in steps:
            if step.fact == "solved":
                solved_at = step.at
            elif step.fact == "rejected" and solved_at is not None:
                self.rejected_after.append((step.at - solved_at) // MINUTE)

    def _changes(self, steps: Sequence[_Step]) -> None:
        """Priorities sort from the most urgent one on."""
        now = None
        before = self.changes
        for step in steps:
            if step.fact == "reclassified" and step.priority and now:
                self.changes += 1
                self.upgrades += step.priority < now
            now = step.priority or now
        self.with_change += self.changes > before
