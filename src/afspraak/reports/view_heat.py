"""When reports came in: by weekday and hour, and by day, with where it went wrong."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from afspraak.reports import plots
from afspraak.reports.cube import Hour
from afspraak.reports.replay import Replay
from afspraak.reports.tables import Cell, missed, number, table
from afspraak.reports.texts import Texts
from afspraak.reports.view_plots import Figure

HALF: Final = 27
"""Weeks of a calendar side by side: half a year fits a phone."""
MOST_HALVES: Final = 8
_SHADES: Final = 5
_WEEK: Final = 7
_ROOM: Final = 4
"""Weeks that a month's name takes with its year."""
_ENOUGH: Final = 5
"""Squares with fewer reports are never marked."""
_CLEARLY: Final = (3, 2)
"""Marked is where the missed part is at least this many times the usual one."""


class _Looks:
    """How squares look: a fifth of them each shade, and a mark where clearly more was missed than
    usual.
    """

    def __init__(self, squares: Iterable[Hour]) -> None:
        known = list(squares)
        counts = sorted(square.tickets for square in known)
        self.edges = [
            counts[len(counts) * fifth // _SHADES] for fifth in range(1, _SHADES) if counts
        ]
        self.tickets = sum(counts)
        self.missed = sum(square.missed for square in known)

    def of(self, square: Hour | None) -> tuple[int, bool]:
        """Its shade, 0 to 5, and whether it is marked."""
        if square is None or not square.tickets:
            return 0, False
        more, than = _CLEARLY
        clearly = square.missed * self.tickets * than >= self.missed * square.tickets * more
        return 1 + bisect_right(self.edges, square.tickets), bool(
            square.missed and clearly and square.tickets >= _ENOUGH
        )


def by_week(texts: Texts, replay: Replay) -> Figure:
    """Reports by weekday and hour."""
    squares: dict[tuple[int, int], Hour] = {}
    for (on, hour), found in replay.arrivals.hours.items():
        _add(squares.setdefault((on.weekday(), hour), Hour()), found)
    names = [texts.weekday(day) for day in range(_WEEK)]
    looks = _Looks(squares.values())
    cells = [
        plots.HeatCell(hour, day, *looks.of(squares.get((day, hour))))
        for day in range(_WEEK)
        for hour in range(24)
    ]
    columns = {hour: str(hour) for hour in range(0, 24, 3)}
    rows = [
        [
            Cell(f"{names[day]} {hour}:00", "head"),
            number(texts, found.tickets),
            missed(texts, found.missed),
        ]
        for (day, hour), found in sorted(squares.items())
    ]
    day, hour = max(squares, key=lambda place: squares[place].tickets, default=(0, 0))
    busiest = squares.get((day, hour), Hour()).tickets
    return Figure(
        texts.say("heat", "week"),
        (plots.heat(cells, columns, names, size=13),),
        texts.say("heat", "alt_week", weekday=names[day], hour=str(hour), n=texts.number(busiest)),
        table(texts.say("heat", "week"), _heat_heads(texts, "weekday"), rows),
    )


def by_day(texts: Texts, replay: Replay) -> Figure:
    """Reports by day, half a year a picture."""
    days: dict[date, Hour] = {}
    for (on, _), found in replay.arrivals.hours.items():
        _add(days.setdefault(on, Hour()), found)
    names = [texts.weekday(day) if day in (0, 2, 4) else "" for day in range(_WEEK)]
    rows = [
        [
            Cell(texts.on_date(on), "head"),
            number(texts, days[on].tickets),
            missed(texts, days[on].missed),
        ]
        for on in sorted(days)
    ]
    looks = _Looks(days.values())
    busiest = max(days, key=lambda on: days[on].tickets, default=replay.dates.from_on)
    count = days.get(busiest, Hour()).tickets
    return Figure(
        texts.say("heat", "year"),
        tuple(_half(texts, days, looks, first, names) for first in _halves(replay)),
        texts.say("heat", "alt_year", day=texts.on_date(busiest), n=texts.number(count)),
        table(texts.say("heat", "year"), _heat_heads(texts, "day"), rows),
    )


def _halves(replay: Replay) -> list[date]:
    """The Mondays at which the pictures begin, over the days with reports."""
    known = [on for on, _ in replay.arrivals.hours]
    if not known:
        return []
    first, last = min(known), max(known)
    monday = first - timedelta(days=first.weekday())
    count = (last - monday).days // (HALF * _WEEK) + 1
    return [monday + timedelta(weeks=HALF * place) for place in range(count)][:MOST_HALVES]


def _half(
    texts: Texts, days: Mapping[date, Hour], looks: _Looks, monday: date, names: Sequence[str]
) -> str:
    cells = []
    for week in range(HALF):
        start = monday + timedelta(weeks=week)
        for day in range(_WEEK):
            square = days.get(start + timedelta(days=day))
            cells.append(plots.HeatCell(week, day, *looks.of(square)))
    return plots.heat(cells, dict(_months(texts, monday)), names, size=12)


def _months(texts: Texts, monday: date) -> Iterator[tuple[int, str]]:
    """The weeks that a month's name stands over: where one begins and has room; January's with its
    year, and so the first if the next one is far enough.
    """
    starts = [monday + timedelta(weeks=week) for week in range(HALF)]
    begins = [week for week, start in enumerate(starts) if start.day <= _WEEK]
    if begins[0] >= _ROOM:
        yield 0, texts.month(starts[0], year=True)
    for week in begins:
        if week <= HALF - _ROOM:
            yield week, texts.month(starts[week], year=starts[week].month == 1)


def _add(total: Hour, found: Hour) -> None:
    total.tickets += found.tickets
    total.missed += found.missed


def _heat_heads(texts: Texts, name: str) -> tuple[str, ...]:
    return tuple(texts.say("heat", each) for each in (name, "reports", "missed"))
