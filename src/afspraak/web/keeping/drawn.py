"""The plan of deliveries as a picture: bars on a line of time, arrows from what is waited for to
what waits. Places in units of the picture, made here; the page only draws them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from afspraak.engine.time import Rhythm, add
from afspraak.keeping.plan import Bar, Picture
from afspraak.web.speaking import Speaking

WIDE: Final = 900
NAMES: Final = 200
"""Room for the names, at the left."""
ROW: Final = 44
TOP: Final = 26
THICK: Final = 14
FEW: Final = 62
"""Up to so many days there is a rule for each week; beyond, one for each month."""


@dataclass(frozen=True, slots=True)
class Named:
    """A step by its words: its name, all of it in a line, whose it is, whether it is late."""

    name: str
    told: str
    who: str
    side: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class BarDrawn:
    """A step: where its bar stands, where the contract had its end, where it was done."""

    named: Named
    y: int
    x: float
    width: float
    planned_x: float
    done_x: float | None


@dataclass(frozen=True, slots=True)
class PlanDrawn:
    """The whole: its size, its bars, the arrows as paths, the rules with their dates, and now."""

    height: int
    bars: tuple[BarDrawn, ...]
    arrows: tuple[str, ...]
    rules: tuple[tuple[float, str], ...]
    now_x: float | None
    width: int = WIDE


def drawn(
    picture: Picture,
    named: Mapping[str, Named],
    today: date,
    speaking: Speaking,
) -> PlanDrawn:
    """The picture in its own units; `named` by clause."""
    scale = (WIDE - NAMES - 10) / max(picture.days, 1)

    def at(days: float) -> float:
        return round(NAMES + days * scale, 1)

    bars = tuple(_bar(each, named[each.clause], at) for each in picture.bars)
    places = {each.row: each for each in picture.bars}
    arrows = tuple(
        _arrow(at(places[before].end), places[before].row, at(places[after].start), after)
        for before, after in picture.arrows
    )
    now = (today - picture.from_on).days + 0.5
    return PlanDrawn(
        TOP + ROW * len(bars),
        bars,
        arrows,
        tuple((at((on - picture.from_on).days), told) for on, told in _rules(picture, speaking)),
        at(now) if 0 <= now <= picture.days else None,
    )


def _bar(each: Bar, named: Named, at: Callable[[float], float]) -> BarDrawn:
    x = at(each.start)
    return BarDrawn(
        named=named,
        y=TOP + each.row * ROW,
        x=x,
        width=max(round(at(each.end) - x, 1), 3),
        planned_x=at(each.planned),
        done_x=None if each.done is None else at(each.done),
    )


def _arrow(from_x: float, from_row: int, to_x: float, to_row: int) -> str:
    """From the end of a bar down (or up) to the beginning of another, with a corner."""
    from_y = TOP + from_row * ROW + ROW - 18 + THICK / 2
    to_y = TOP + to_row * ROW + ROW - 18 + THICK / 2
    turn = round(max(from_x, to_x) + 8, 1) if to_x < from_x + 8 else round(to_x - 8, 1)
    back = "" if to_x >= from_x + 8 else f"V{(from_y + to_y) / 2}H{round(to_x - 8, 1)}"
    return f"M{from_x},{from_y}H{turn}{back}V{to_y}H{to_x}"


def _rules(picture: Picture, speaking: Speaking) -> Iterator[tuple[date, str]]:
    """Mondays, or the firsts of months where that would be too many."""
    until_on = picture.from_on + timedelta(days=picture.days)
    if picture.days <= FEW:
        on = picture.from_on + timedelta(days=-picture.from_on.weekday() % 7)
        while on < until_on:
            yield on, speaking.texts.day(on)
            on += timedelta(days=7)
        return
    step = max(1, picture.days // 365)
    on = add(picture.from_on.replace(day=1), Rhythm(months=1))
    while on < until_on:
        yield on, speaking.texts.month(on, year=on.month == 1)
        on = add(on, Rhythm(months=step))
