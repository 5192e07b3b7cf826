"""A term as a line: what was signed, what renewed by itself, today, the dates of notice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _

from afspraak.amending.renewal import Course
from afspraak.reports.texts import Texts

WIDTH: Final = 640
LEFT: Final = 12
RIGHT: Final = 628
EDGES: Final = (90, 550)
"""Left and right of these a name begins or ends at its mark, so that it stays in the picture."""


ABOVE: Final = (14, 30)
BELOW: Final = (110, 142)
"""Where names stand, in lanes: above the line what ends, below it what begins and wants notice."""
NAME: Final = 170
"""So wide is a name at most, on a phone too: a nearer one goes to the next lane."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A date on the line: where, of which kind, its name, how high that is, and how it stands."""

    x: int
    kind: str
    name: str
    on: str
    anchor: str
    y: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the line, [x, until)."""

    x: int
    until: int
    kind: str


@dataclass(frozen=True, slots=True)
class TermLine:
    """The picture in words and figures."""

    stretches: tuple[Stretch, ...]
    marks: tuple[Mark, ...]
    told: str


def term_line(course: Course, on: date, texts: Texts) -> TermLine:
    """From the beginning until the second end that is ahead, or the only one."""
    last = course.rounds[min(1, len(course.rounds) - 1)].ends_on
    last = max(last, on)
    days = max((last - course.from_on).days, 1)

    def x_of(one: date) -> int:
        part = Fraction((one - course.from_on).days, days)
        return int(LEFT + (RIGHT - LEFT) * min(max(part, Fraction(0)), Fraction(1)))

    lanes = {"end": _Lanes(ABOVE), "notice": _Lanes(BELOW)}
    lanes["begin"] = lanes["notice"]
    marks = [
        _mark(x_of(one), kind, name, texts.on_date(one), lanes)
        for kind, name, one in _dates(course, on, last)
    ]
    stretches = [Stretch(x_of(course.from_on), x_of(course.until_on), "held")]
    if course.next.ends_on > course.until_on:
        stretches.append(Stretch(x_of(course.until_on), x_of(course.next.ends_on), "held"))
    if last > course.next.ends_on and course.next.renews_until is not None:
        stretches.append(Stretch(x_of(course.next.ends_on), x_of(last), "renewed"))
    told = "; ".join(f"{each.name} {each.on}" for each in marks)
    return TermLine(tuple(stretches), tuple(marks), told)


def _dates(course: Course, on: date, last: date) -> Iterator[tuple[str, str, date]]:
    yield "begin", _("begins"), course.from_on
    yield "now", _("today"), on
    for each in course.rounds:
        if each.ends_on > last:
            return
        if each.notice_on is not None and each.notice_on >= course.from_on:
            yield "notice", _("notice by"), each.notice_on
        yield "end", _("ends"), each.ends_on


class _Lanes:
    """Heights for names, so that two that are near each other do not overlap."""

    def __init__(self, heights: tuple[int, ...]) -> None:
        self._free = dict.fromkeys(heights, -NAME)

    def height_at(self, x: int) -> int:
        """The first lane that is free there, else the one whose last name is farthest."""
        free = [each for each, taken in self._free.items() if x - taken >= NAME]
        found = free[0] if free else min(self._free, key=lambda each: self._free[each])
        self._free[found] = x
        return found


def _mark(x: int, kind: str, name: str, on: str, lanes: Mapping[str, _Lanes]) -> Mark:
    anchor = "start" if x < EDGES[0] else "end" if x > EDGES[1] else "middle"
    y = lanes[kind].height_at(x) if kind in lanes else 0
    return Mark(x, kind, name, on, anchor, y)
