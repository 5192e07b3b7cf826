"""The calendars of a file of cases (conformance/FORMAT.md): each judged when a case asks it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, TypeVar

from afspraak.engine.hours import Hours, Uncovered, lay_out
from afspraak.engine.time import Refusal, datetime_of
from afspraak.language.calendars import calendar_of, cover_of

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 9990
_Table = Mapping[str, object]
_Answer = TypeVar("_Answer")


class Calendars:
    """The calendars of a file, each laid out when a case asks it; without a cover, over a window
    that grows.
    """

    def __init__(self, written: Mapping[str, object]) -> None:
        self._written = written
        self._laid_out: dict[str, Hours] = {}

    def asked(self, name: object, at: int, question: Callable[[Hours], _Answer]) -> _Answer:
        """The answer of `question` on the calendar `name`, from around the instant `at` on."""
        written = self._written.get(str(name))
        if not isinstance(written, Mapping):
            raise Refusal(f"there is no calendar {name!r} in this file")
        year = datetime_of(at).year
        if not _FIRST_YEAR < year < _LAST_YEAR:
            raise Refusal(f"calendar {name} has no answer about the year {year}")
        back, on = 2, 2
        while True:
            window = (
                date(max(_FIRST_YEAR, year - back), 1, 1),
                date(min(_LAST_YEAR, year + on), 1, 1),
            )
            hours = self._hours(str(name), written, window)
            try:
                return question(hours)
            except Uncovered as beyond:
                if cover_of(str(name), written) or not self._can_grow(hours, beyond):
                    raise
                before = beyond.at < hours.from_at
            back, on = (back * 2, on) if before else (back, on * 2)

    def _hours(self, name: str, written: _Table, window: tuple[date, date]) -> Hours:
        known = self._laid_out.get(name)
        if known is None:
            known = self._laid_out[name] = lay_out(calendar_of(name, written, window))
        first, until = known.calendar.cover
        if not cover_of(name, written) and not first <= window[0] <= window[1] <= until:
            window = min(first, window[0]), max(until, window[1])
            known = self._laid_out[name] = lay_out(calendar_of(name, written, window))
        return known

    @staticmethod
    def _can_grow(hours: Hours, beyond: Uncovered) -> bool:
        """Whether more years could hold the answer: not where no weekday has hours (it never opens
        again).
        """
        calendar = hours.calendar
        first, until = calendar.cover
        if beyond.at < hours.from_at:
            return first.year > _FIRST_YEAR
        if beyond.at > hours.until_at:
            return datetime_of(beyond.at).year < _LAST_YEAR
        opens_again = any(calendar.week) or any(
            until <= on and on.year < _LAST_YEAR for on in calendar.exceptions
        )
        return until.year < _LAST_YEAR and opens_again
