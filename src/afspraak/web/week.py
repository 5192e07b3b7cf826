"""The figures of a week: per day, per week until it, per level and service; each with the way to
the tickets behind it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from afspraak.clocks.daily import Due, due_by_day, reported_in
from afspraak.clocks.models import State
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.figures import Tally
from afspraak.engine.periods import Period
from afspraak.engine.time import Refusal, local_date, parse_date, zone_of
from afspraak.reports.bars import LEAST, WIDTH, Bar, Rect
from afspraak.reports.columns import Columns, Count, columns
from afspraak.reports.tables import Cell, Table, missed, number, share, table
from afspraak.web.agreed import words_in
from afspraak.web.overseen import Overseen, behind
from afspraak.web.speaking import Speaking

A_WEEK: Final = timedelta(days=7)
BEFORE: Final = 7
"""So many weeks before it are drawn beside it."""
LEVELS: Final = ("platinum", "gold", "silver", "bronze", "custom")


@dataclass(frozen=True, slots=True)
class Line:
    """A level, or a service within one: what was reported and what became of what was due."""

    level: str
    level_name: str
    service: str
    reported: int
    met: int
    missed: int
    share: str
    bar: Bar
    urls: Mapping[str, str]
    is_level: bool


@dataclass(frozen=True, slots=True)
class Week:
    """One week."""

    name: str
    is_this: bool
    days: Columns
    weeks: Columns
    days_table: Table
    weeks_table: Table
    lines: tuple[Line, ...]
    before: str
    after: str


def monday_of(told: str, speaking: Speaking) -> date:
    """The Monday of the week in which a date lies; this week's where none is named, and never a
    later one.
    """
    today = local_date(zone_of(speaking.zone), speaking.at)
    try:
        on = min(parse_date(told), today)
    except Refusal:
        on = today
    return max(on, date(2000, 1, 3)) - timedelta(days=on.weekday())


def week_of(over: Overseen, monday: date) -> Week:
    """The figures of the week that begins on a Monday, until now."""
    speaking = over.speaking
    first = monday - BEFORE * A_WEEK
    next_on, zone = monday + A_WEEK, zone_of(speaking.zone)
    found = due_by_day(over.named, Period(first, next_on), zone, over.viewer, speaking.at)
    mine = [each for each in found if each.on >= monday]
    own = Period(monday, next_on)
    reported = reported_in(over.named, own, zone, over.viewer)
    today = local_date(zone, speaking.at)
    days, weeks = _days(mine, monday, speaking), _weeks(found, first, monday)
    return Week(
        name=_span(monday, speaking),
        is_this=next_on > today,
        days=columns(days, _("Promises due, day by day: kept and missed")),
        weeks=columns(weeks, _("Promises due, week by week: kept and missed")),
        days_table=_as_table(days, _("Day"), _("Day by day"), speaking),
        weeks_table=_as_table(weeks, _("Week"), _("Week by week"), speaking),
        lines=tuple(_lines(mine, reported, own, over)),
        before=_week_url(monday - A_WEEK),
        after="" if next_on > today else _week_url(next_on),
    )


def _span(monday: date, speaking: Speaking) -> str:
    sunday = monday + timedelta(days=6)
    return f"{speaking.texts.on_date(monday)} – {speaking.texts.on_date(sunday)}"  # noqa: RUF001 - the typographer's dash


def _week_url(monday: date) -> str:
    return f"{reverse('today')}?{urlencode({'week': monday.isoformat()})}#week"


# Plots --------------------------------------------------------------------------------------------


def _days(found: Iterable[Due], monday: date, speaking: Speaking) -> list[Count]:
    sums: dict[date, Tally] = {}
    for each in found:
        sums[each.on] = sums.get(each.on, Tally()) + each.tally
    made = []
    for place in range(7):
        on = monday + timedelta(days=place)
        counted = sums.get(on, Tally())
        state = State.MISSED if counted.missed else State.MET
        link = behind(Period(on, on + timedelta(days=1)), state=state, promisor=SUPPLIER)
        name = speaking.texts.weekday(on.weekday())
        made.append(_count(name, speaking.texts.day(on), counted, link))
    return made


def _weeks(found: Iterable[Due], first: date, monday: date) -> list[Count]:
    sums: dict[date, Tally] = {}
    for each in found:
        start = each.on - timedelta(days=each.on.weekday())
        sums[start] = sums.get(start, Tally()) + each.tally
    made = []
    start = first
    while start <= monday:
        name = str(start.isocalendar().week)
        told = _("week %(n)s") % {"n": name}
        counted = sums.get(start, Tally())
        made.append(_count(name, told, counted, _week_url(start), is_marked=start == monday))
        start += A_WEEK
    return made


def _count(name: str, told: str, counted: Tally, link: str, *, is_marked: bool = False) -> Count:
    slots = {"when": told, "met": counted.met, "missed": counted.missed}
    words = _("%(when)s: %(met)s kept, %(missed)s missed") % slots
    return Count(name, counted.met, counted.missed, words, link, is_marked)


def _as_table(counts: Iterable[Count], head: str, caption: str, speaking: Speaking) -> Table:
    texts = speaking.texts
    rows = [
        [
            Cell(each.name, "head"),
            number(texts, each.met),
            missed(texts, each.missed),
            share(texts, Tally(each.met, each.missed)),
        ]
        for each in counts
    ]
    names = [texts.say("promises", name) for name in ("met", "missed", "share")]
    return table(caption, [head, *names], rows)


# Per level and service ----------------------------------------------------------------------------


def _lines(
    found: Iterable[Due], reported: Mapping[tuple[str, str], int], period: Period, over: Overseen
) -> Iterable[Line]:
    """Each level, then its services; the levels in their own order."""
    sums: dict[tuple[str, str], Tally] = {key: Tally() for key in reported}
    for each in found:
        key = (each.level, each.service)
        sums[key] = sums.get(key, Tally()) + each.tally
    names = _names(over, {service for _level, service in sums})
    levels = sorted({level for level, _service in sums}, key=_place)
    for level in levels:
        inside = sorted((key for key in sums if key[0] == level), key=lambda key: names[key[1]])
        whole = sum((sums[key] for key in inside), Tally())
        told = sum(reported.get(key, 0) for key in inside)
        yield _line({"level": level}, "", Counted(told, whole), period, over.speaking)
        for key in inside:
            equal = {"level": level, "service": key[1]}
            counted = Counted(reported.get(key, 0), sums[key])
            yield _line(equal, names[key[1]], counted, period, over.speaking)


def _place(level: str) -> tuple[int, str]:
    return (LEVELS.index(level) if level in LEVELS else len(LEVELS)), level


def _names(over: Overseen, services: set[str]) -> dict[str, str]:
    """What each service is called, by the first agreement that has it."""
    names = {key: key or _("no service named") for key in services}
    left = {key for key in services if key}
    for each in over.held:
        if not left or each.signed is None:
            continue
        here = left & each.signed.document.services.keys()
        if here:
            words = words_in(each.signed.data, over.speaking.texts.language)
            names |= {key: words.services.show(key) for key in here}
            left -= here
    return names


@dataclass(frozen=True, slots=True)
class Counted:
    """What a line tells: how many were reported, and what became of what was due."""

    reported: int
    due: Tally


def _line(
    equal: Mapping[str, str], name: str, counted: Counted, period: Period, speaking: Speaking
) -> Line:
    """`equal` are the columns that it is about: a level, or a level and a service."""
    level, due = equal["level"], counted.due
    return Line(
        level=level,
        level_name=speaking.texts.word("level", level) if level else _("no level named"),
        service=name,
        reported=counted.reported,
        met=due.met,
        missed=due.missed,
        share=share(speaking.texts, due).text,
        bar=_bar(due),
        urls={
            "reported": behind(period, **equal),
            "met": behind(period, state=State.MET, promisor=SUPPLIER, **equal),
            "missed": behind(period, state=State.MISSED, promisor=SUPPLIER, **equal),
        },
        is_level="service" not in equal,
    )


def _bar(counted: Tally) -> Bar:
    """Kept, then missed, across the whole width."""
    slots = {"met": counted.met, "missed": counted.missed}
    label = _("%(met)s kept, %(missed)s missed") % slots
    if not counted.cases:
        return Bar((), label)
    late = max(LEAST, counted.missed * WIDTH // counted.cases) if counted.missed else 0
    late = WIDTH if not counted.met else late
    rects = (Rect(0, WIDTH - late, "ours"), Rect(WIDTH - late, late, "late"))
    return Bar(tuple(each for each in rects if each.width), label)
