"""What an open term has measured, as a picture: a dot for each report, month by month, in hours of
service; the middle and the stated quantile of each month. Figures here, markup in its template.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _

from afspraak.amending.experience import Measured
from afspraak.amending.proposal import amount, quantile_of
from afspraak.engine.time import HOUR, Duration, ServiceTime, WorkingDays
from afspraak.reports.texts import Texts

WIDTH: Final = 640
HEIGHT: Final = 230
LEFT: Final = 44
TOP: Final = 24
FLOOR: Final = 196
HALF: Final = Fraction(1, 2)
LABELS: Final = 6
"""At most so many months are named below the picture."""


@dataclass(frozen=True, slots=True)
class Column:
    """One month: where it stands, its name, its two quantiles, how many, and how many still run."""

    x: str
    wide: str
    name: str
    is_named: bool
    cases: int
    running: int
    middle: str
    middle_y: str
    high: str
    high_y: str
    longest: str


@dataclass(frozen=True, slots=True)
class Line:
    """A height that means something: the proposal, an agreed value."""

    y: str
    name: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Dots (x, y), months, the steps of the scale, and lines."""

    dots: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    steps: tuple[Line, ...]
    lines: tuple[Line, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = FLOOR


def picture_of(
    found: Sequence[Measured], high: Fraction, value: Duration | None, texts: Texts
) -> Picture | None:
    """The picture; None where nothing is done yet."""
    spent = [each.spent for each in found if each.spent is not None]
    if not spent:
        return None
    unit = type(spent[-1])
    months = sorted({each.on.replace(day=1) for each in found})
    tops = [amount(each) for each in spent if isinstance(each, unit)]
    tops += [amount(value)] if isinstance(value, unit) else []
    scale = _Scale(max(tops), unit)
    wide = Fraction(WIDTH - LEFT, len(months))
    dots, columns = [], []
    for place, month in enumerate(months):
        mine = [each for each in found if each.on.replace(day=1) == month]
        done = [each.spent for each in mine if isinstance(each.spent, unit)]
        start = LEFT + place * wide
        dots += [
            (_figure(start + wide * Fraction(number + 1, len(done) + 1)), scale.y(each))
            for number, each in enumerate(done)
        ]
        is_named = len(months) <= LABELS or place % (len(months) // LABELS + 1) == 0
        columns.append(
            _column(month, (start, wide), mine, done, high, scale, texts, is_named=is_named)
        )
    lines = [Line(scale.y(value), texts.duration(value))] if isinstance(value, unit) else []
    return Picture(tuple(dots), tuple(columns), tuple(scale.steps(texts)), tuple(lines))


class _Scale:
    """From nothing at the floor to the longest at the top, in whole steps."""

    def __init__(self, most: int, unit: type[Duration]) -> None:
        self.unit = unit
        one = 1 if unit is WorkingDays else HOUR
        self.step = one
        while self.step * 6 < most:
            self.step *= 2
        self.count = max(1, -(-most // self.step))
        self.most = self.step * self.count

    def y(self, value: Duration) -> str:
        """How high a value stands."""
        return _figure(FLOOR - (FLOOR - TOP) * Fraction(amount(value), self.most))

    def steps(self, texts: Texts) -> list[Line]:
        """The steps, from the floor on."""
        values = [self.step * number for number in range(self.count + 1)]
        made = [
            WorkingDays(each) if self.unit is WorkingDays else ServiceTime(each) for each in values
        ]
        return [Line(self.y(each), _short(each, texts)) for each in made]


def took(value: Duration, texts: Texts) -> str:
    """How long something took: `4:00`, `3 werkdagen`; no working day is the day itself."""
    if isinstance(value, WorkingDays) and not value.days:
        return _("the same day")
    return texts.duration(value)


def _short(value: Duration, texts: Texts) -> str:
    """`6:00`, or a number of days."""
    return texts.number(value.days) if isinstance(value, WorkingDays) else texts.duration(value)


def _column(  # noqa: PLR0917  (what one month is drawn from)
    month: date,
    at: tuple[Fraction, Fraction],
    mine: Sequence[Measured],
    done: Sequence[Duration],
    high: Fraction,
    scale: _Scale,
    texts: Texts,
    *,
    is_named: bool,
) -> Column:
    middle, upper = quantile_of(done, HALF), quantile_of(done, high)
    longest = max(done, key=amount, default=None)
    return Column(
        x=_figure(at[0]),
        wide=_figure(at[1]),
        name=texts.month(month, year=True),
        is_named=is_named,
        cases=len(mine),
        running=sum(each.spent is None for each in mine),
        middle="" if middle is None else took(middle, texts),
        middle_y="" if middle is None else scale.y(middle),
        high="" if upper is None else took(upper, texts),
        high_y="" if upper is None else scale.y(upper),
        longest="" if longest is None else took(longest, texts),
    )


def _figure(exact: Fraction | int) -> str:
    """Tenths of a unit, as SVG writes them."""
    tenths = round(Fraction(exact) * 10)
    return f"{tenths // 10}.{tenths % 10}"
