"""The statistical plots of a page, drawn by Vega-Lite and handed over as SVG whose colours are the
page's own variables, so that one picture is right in light, in dark and on paper.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import altair as alt
import vl_convert

WIDTH: Final = 352
"""Plots are as narrow as a phone and stand side by side on a desk: their letters keep one size."""

# Vega-Lite wants colours; these stand for the page's variables and are replaced in the SVG.
INK, MUTED, LINE, BLUE, LATE, PAPER = (f"#0{n}0{n}0{n}" for n in range(1, 7))
HEAT: Final = tuple(f"#1{n}1{n}1{n}" for n in range(6))
_VARIABLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        INK: "--ink",
        MUTED: "--muted",
        LINE: "--line",
        BLUE: "--ours",
        LATE: "--late",
        PAPER: "--sheet",
        **{colour: f"--heat-{place}" for place, colour in enumerate(HEAT)},
    }
)
_PERCENT: Final = "format(datum.value * 100, '.0f') + ' %'"
_COUNT: Final = "datum.value ? format(datum.value, '~s') : '0'"
_FONT: Final = "Inter, system-ui, sans-serif"


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """One month's share in thousandths; `few`: fewer cases than a share is shown for (A3)."""

    month: str
    thousandths: int | None
    few: bool


@dataclass(frozen=True, slots=True)
class BarOf:
    """One bar of the distribution, from a tenth of the target."""

    tenth: int
    met: int
    missed: int


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One square: its column and row, its class 0 to 5, and whether more was missed than usual."""

    column: int
    row: int
    shade: int
    marked: bool


def monthly(points: Sequence[MonthPoint], promised: int | None, label: str) -> str:
    """Share per month as a line; open circles for few cases; a rule at the promised thousandths."""
    values = [
        {"place": place, "share": point.thousandths / 1000, "few": point.few}
        for place, point in enumerate(points)
        if point.thousandths is not None
    ]
    scale = alt.Scale(domain=[_floor(points, promised), 1], zero=False, nice=False)
    y = alt.Y("share:Q", scale=scale, axis=alt.Axis(labelExpr=_PERCENT, tickCount=5, title=None))
    base = alt.Chart(alt.InlineData(values=values)).encode(x=_months(points), y=y)
    line = base.mark_line(color=BLUE, strokeWidth=2)
    dots = base.mark_point(size=48, strokeWidth=2, color=BLUE, filled=False, opacity=1).encode(
        fill=alt.condition("datum.few", alt.value(PAPER), alt.value(BLUE))
    )
    layers: list[alt.Chart] = [line, dots]
    if promised is not None:
        at = alt.Chart(alt.InlineData(values=[{"at": promised / 1000}]))
        height = alt.Y("at:Q", scale=scale)
        rule = at.mark_rule(color=INK, strokeDash=[4, 3]).encode(y=height)
        told = at.mark_text(text=label, dy=-6, align="right", color=INK, fontSize=11)
        place = {"y": height, "x": alt.value(WIDTH - 46)}
        halo = at.mark_text(
            text=label, dy=-6, align="right", stroke=PAPER, strokeWidth=4, fontSize=11
        )
        layers = [rule, *layers, halo.encode(**place), told.encode(**place)]
    return _svg(alt.layer(*layers).properties(width=WIDTH - 44, height=150))


def _floor(points: Sequence[MonthPoint], promised: int | None) -> float:
    """The lowest tenth drawn: shares lie close together, and the axis says where it starts."""
    known = [each.thousandths for each in points if each.thousandths is not None]
    return min(9, min([*known, promised or 1000]) // 100) / 10


def _months(points: Sequence[MonthPoint]) -> alt.X:
    names = dict(enumerate(point.month for point in points))
    axis = alt.Axis(
        labelExpr=_label(names), labelAngle=0, labelOverlap=True, title=None, grid=False
    )
    return alt.X("place:O", scale=alt.Scale(domain=list(names)), axis=axis)


def spread(bars: Sequence[BarOf], in_time: str, late: str) -> str:
    """Tickets per tenth of the target; the rule stands at the target, the late side is red and says
    so.
    """
    values = [
        {
            "from": bar.tenth / 10,
            "to": (bar.tenth + 1) / 10,
            "count": count,
            "late": is_late,
            "zero": 0,
        }
        for bar in bars
        for count, is_late in ((bar.met, False), (bar.missed, True))
        if count
    ]
    axis = alt.Axis(
        labelExpr=f"{_PERCENT} + (datum.value < 3 ? '' : '+')",
        values=[0, 0.5, 1, 1.5, 2, 2.5, 3],
        title=None,
        grid=False,
    )
    scale = alt.Scale(domain=[0, 3.1], nice=False)
    columns = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(stroke=PAPER, strokeWidth=1)
        .encode(
            x=alt.X("from:Q", scale=scale, axis=axis),
            x2="to:Q",
            y=alt.Y("count:Q", axis=alt.Axis(tickCount=4, title=None, labelExpr=_COUNT)),
            y2="zero:Q",
            color=alt.condition("datum.late", alt.value(LATE), alt.value(BLUE)),
        )
    )
    at = alt.Chart(alt.InlineData(values=[{"at": 1}]))
    rule = at.mark_rule(color=INK, strokeWidth=1.5).encode(x="at:Q")
    before = at.mark_text(text=in_time, align="right", dx=-6, color=BLUE, fontSize=11)
    after = at.mark_text(text=late, align="left", dx=6, color=LATE, fontSize=11)
    sides = [each.encode(x="at:Q", y=alt.value(6)) for each in (before, after)]
    return _svg(alt.layer(columns, rule, *sides).properties(width=WIDTH - 44, height=150))


def heat(
    cells: Sequence[HeatCell], columns: Mapping[int, str], rows: Sequence[str], *, size: int
) -> str:
    """Squares of `size` by column and row; `columns` are the labels of some columns. A triangle
    marks where more was missed than usual.
    """
    width = size * (max((cell.column for cell in cells), default=0) + 1)
    values = [
        {"c": cell.column, "r": cell.row, "s": cell.shade, "m": cell.marked} for cell in cells
    ]
    x = alt.X(
        "c:O",
        scale=alt.Scale(domain=list(range(width // size)), padding=0),
        axis=alt.Axis(
            values=list(columns),
            labelExpr=_label(columns),
            labelAngle=0,
            labelAlign="left" if len(columns) < 10 else "center",  # noqa: PLR2004 - months or hours
            labelOverlap=False,
            orient="top",
            title=None,
            domain=False,
            ticks=False,
        ),
    )
    y = alt.Y(
        "r:O",
        scale=alt.Scale(domain=list(range(len(rows))), padding=0),
        axis=alt.Axis(
            labelExpr=_label(dict(enumerate(rows))), title=None, domain=False, ticks=False
        ),
    )
    base = alt.Chart(alt.InlineData(values=values)).encode(x=x, y=y)
    shade = alt.Color("s:O", scale=alt.Scale(domain=list(range(6)), range=list(HEAT)), legend=None)
    squares = base.mark_rect(stroke=PAPER, strokeWidth=1.5).encode(color=shade)
    marks = base.mark_point(
        shape="triangle-up",
        size=size * 2.6,
        filled=True,
        color=LATE,
        opacity=1,
        stroke=PAPER,
        strokeWidth=0.8,
    ).transform_filter("datum.m")
    return _svg(alt.layer(squares, marks).properties(width=width, height=size * len(rows)))


def _label(names: Mapping[int, str]) -> str:
    """A Vega expression that names an axis's numbers; only our own words stand in it."""
    pairs = ", ".join(f"'{place}': '{_plain(name)}'" for place, name in names.items())
    return f"({{{pairs}}})[datum.value] || ''"


def _plain(text: str) -> str:
    return re.sub(r"[^\w .:-]", "", text)


def _svg(chart: alt.LayerChart | alt.FacetChart) -> str:
    """The picture as SVG for inline use: the page's variables for colours, no background of its
    own, hidden from screen readers, which have the caption and the table.
    """
    chart = chart.configure(
        background="transparent", font=_FONT, view=alt.ViewConfig(stroke=None)
    ).configure_axis(
        labelColor=MUTED,
        labelFontSize=11,
        gridColor=LINE,
        domainColor=LINE,
        tickColor=LINE,
        labelPadding=5,
    )
    drawn = vl_convert.vegalite_to_svg(chart.to_json())
    for colour, variable in _VARIABLES.items():
        drawn = drawn.replace(f'"{colour}"', f'"var({variable})"')
    drawn = re.sub(r'<rect [^>]*fill="transparent"/>', "", drawn, count=1)
    drawn = re.sub(r' aria-[a-z]+="[^"]*"| role="[^"]*"', "", drawn)
    return re.sub(r"<svg ", '<svg aria-hidden="true" focusable="false" ', drawn, count=1)
