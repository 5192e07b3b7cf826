"""The slow judge's dates: terms, rhythms and notice, month by month (SEMANTICS T9)."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from oracle_hours import Refused, end_of_date


def months_of(term: str) -> int:
    """Months in `3 months` or `1 year`; refuses anything else."""
    match = re.fullmatch(r"([0-9]+) (month|year)s?", term)
    if not match or int(match[1]) < 1:
        raise Refused(f"term {term!r} is malformed")
    return int(match[1]) * (12 if match[2] == "year" else 1)


def in_month(year: int, month: int, day: int) -> dt.date:
    """That day of the month, or the last one that exists."""
    while True:
        try:
            return dt.date(year, month, day)
        except ValueError:
            day -= 1


def move(date: dt.date, months: int) -> dt.date:
    """The date that many months on (or back), one month at a time; the day is kept in mind."""
    year, month = date.year, date.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        elif month == 0:
            year, month = year - 1, 12
    return in_month(year, month, date.day)


def add_to_date(date: dt.date, term: str) -> dt.date:
    """The date after a term."""
    return move(date, months_of(term))


def count_back(end: dt.date, notice: str) -> dt.date:
    """The last date for a notice: counted back from the end."""
    return move(end, -months_of(notice))


def rhythm(first: dt.date, every: str, times: int) -> list[dt.date]:
    """The first dates of a rhythm, each counted from the first."""
    return [move(first, months_of(every) * n) for n in range(times)]


def due_on(zone: ZoneInfo, date: dt.date) -> int:
    """The instant at which a promise due on a date is due: the end of that local date."""
    return end_of_date(zone, date)
