"""A log moved by whole weeks along the wall clock: what happened on a Tuesday at nine happens on a
Tuesday at nine.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from afspraak.engine.facts import Fact
from afspraak.engine.time import DAY, local_date, noon_offset

WEEK: Final = 7 * DAY


def weeks_to_end_at(last: int, at: int) -> int:
    """By how many whole weeks a log that ends at `last` is moved so that it ends at `at` or up to a
    week later: what lies later is what has not happened yet.
    """
    return -((last - at) // WEEK)


@dataclass(frozen=True, slots=True)
class Move:
    """So many weeks later, on the wall clocks of a zone; nothing beyond `until_at` (microseconds).

    A local time in a gap or a doubled hour keeps its distance to noon.
    """

    weeks: int
    zone: ZoneInfo
    until_at: int
    _shifts: dict[int, int] = field(default_factory=dict)

    def instant(self, at: int) -> int:
        """The instant moved."""
        day = at // DAY
        shift = self._shifts.get(day)
        if shift is None:
            on = local_date(self.zone, at)
            there = on + timedelta(weeks=self.weeks)
            shift = self.weeks * WEEK + noon_offset(self.zone, on) - noon_offset(self.zone, there)
            self._shifts[day] = shift
        return at + shift

    def facts(self, log: list[Fact]) -> list[Fact]:
        """A ticket's facts moved, without those that have not happened yet."""
        return [
            moved
            for fact in log
            if (moved := self._fact(fact)).recorded_at <= self.until_at >= moved.happened_at
        ]

    def _fact(self, fact: Fact) -> Fact:
        def at(instant: int | None) -> int | None:
            return None if instant is None else self.instant(instant)

        changes = {
            name: at(value) if isinstance(value, int) and not isinstance(value, bool) else value
            for name, value in fact.changes.items()
        }
        return Fact(
            code=fact.code,
            happened_at=self.instant(fact.happened_at),
            recorded_at=self.instant(fact.recorded_at),
            position=fact.position,
            by=fact.by,
            recorded_by=fact.recorded_by,
            id=fact.id,
            of=fact.of,
            to=fact.to,
            why=fact.why,
            cause=fact.cause,
            agreed=fact.agreed,
            until=at(fact.until),
            reported_at=at(fact.reported_at),
            fields=fact.fields,
            changes=changes,
        )
