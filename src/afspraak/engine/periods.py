"""Months, quarters and years on the wall of the agreement's zone (SEMANTICS T9, A2), and terms that
renew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from afspraak.engine.time import Refusal, Rhythm, add, local_date, start_of_date

Per = Literal["month", "quarter", "year", "term"]
_QUARTER, _YEAR = 3, 12
_ONE_DAY: Final = timedelta(days=1)
_MONTHS: Final = {"month": 1, "quarter": _QUARTER, "year": _YEAR}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The dates [from_on, until_on) of one month, quarter, year or term."""

    from_on: date
    until_on: date

    def spans(self, zone: ZoneInfo) -> tuple[int, int]:
        """Its instants [from, until) in the agreement's zone."""
        return start_of_date(zone, self.from_on), start_of_date(zone, self.until_on)

    def __str__(self) -> str:
        months = (
            (self.until_on.year - self.from_on.year) * 12 + self.until_on.month - self.from_on.month
        )
        if self.from_on.day != 1 or self.until_on.day != 1 or months not in _MONTHS.values():
            return f"{self.from_on}..{self.until_on}"
        if months == 1:
            return f"{self.from_on:%Y-%m}"
        if months == _QUARTER and self.from_on.month % _QUARTER == 1:
            return f"{self.from_on.year}-Q{self.from_on.month // 3 + 1}"
        return (
            str(self.from_on.year)
            if self.from_on.month == 1 and months == _YEAR
            else f"{self.from_on}..{self.until_on}"
        )


def period_of(on: date, per: Per, term: Period, *, from_start: bool = False) -> Period:
    """The period that a date belongs to: the calendar's, unless the contract counts from its start
    (T9).
    """
    if per == "term":
        return term
    months = _MONTHS[per]
    if not from_start:
        first = on.month - (on.month - 1) % months
        start = date(on.year, first, 1)
        return Period(start, add(start, Rhythm(months=months)))
    if on < term.from_on:
        raise Refusal(
            f"{on} lies before the contract's start ({term.from_on}), from which its periods count"
        )
    number = ((on.year - term.from_on.year) * 12 + on.month - term.from_on.month) // months
    if add(term.from_on, Rhythm(months=months), number) > on:
        number -= 1
    step = Rhythm(months=months)
    return Period(add(term.from_on, step, number), add(term.from_on, step, number + 1))


def period_at(
    instant: int, zone: ZoneInfo, per: Per, term: Period, *, from_start: bool = False
) -> Period:
    """The period of an instant, by its local date in the agreement's zone (A2)."""
    return period_of(local_date(zone, instant), per, term, from_start=from_start)


def periods(per: Per, term: Period, *, from_start: bool = False) -> Iterator[Period]:
    """The periods that touch a term, in order."""
    on = term.from_on
    while on < term.until_on:
        period = period_of(on, per, term, from_start=from_start)
        yield period
        on = period.until_on


@dataclass(frozen=True, slots=True)
class Term:
    """A contract's term [from_on, until_on), how it renews by itself, at most how many times, and
    the notice that ends it (T9).
    """

    from_on: date
    until_on: date
    tacit: Rhythm | None = None
    notice: Rhythm | None = None
    at_most: int | None = None

    def __post_init__(self) -> None:
        """Refuses a term that ends before it starts (T2)."""
        if self.until_on < self.from_on:
            raise Refusal(f"the term ends ({self.until_on}) before it starts ({self.from_on})")


def notice_by(term: Term, end_on: date) -> date:
    """The last date on which notice prevents renewal at `end_on`: counted back from it (T9). Where
    no notice was agreed, the last date of the term.
    """
    return end_on - _ONE_DAY if term.notice is None else add(end_on, term.notice, -1)


def end_of_term(term: Term, notice_given_on: date | None, as_of_on: date) -> date:
    """The end as it stands on a date: each time nobody gave notice in time, it has renewed by
    itself (T9).
    """
    end, times = term.until_on, 0
    while term.tacit is not None and times != term.at_most:
        last = notice_by(term, end)
        if notice_given_on is not None and notice_given_on <= min(last, as_of_on):
            return end
        if as_of_on <= last:
            return end
        times += 1
        end = add(term.until_on, term.tacit, times)
    return end
