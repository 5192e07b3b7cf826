"""The plots of a page, each with what it shows in words and as a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from afspraak.engine.figures import Tally
from afspraak.engine.time import Rhythm, add
from afspraak.reports import plots
from afspraak.reports.cube import FARTHEST, Key
from afspraak.reports.groups import Group
from afspraak.reports.replay import Replay
from afspraak.reports.tables import Cell, Table, missed, number, share, table
from afspraak.reports.texts import Texts


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot: its title, the picture as SVG, the same in a sentence and in a table."""

    title: str
    svgs: tuple[str, ...]
    alt: str
    table: Table


# Month by month ----------------------------------------------------------------------------------


def monthly(texts: Texts, replay: Replay, groups: Sequence[Group]) -> Iterator[Figure]:
    """Attainment per month of the due instant (A2), a plot for each promise that has verdicts."""
    for group in groups:
        sums = replay.cube.by(group.clauses, _month)
        months = list(_between(sorted(on for on in sums if sums[on].cases)))
        if not months:
            continue
        tallies = {on: sums[on] for on in months if on in sums}
        points = [
            plots.MonthPoint(
                texts.month(on),
                _thousandths(tallies[on].shown if on in tallies else None),
                on in tallies and (tallies[on].is_few or _goes_on(replay, on)),
            )
            for on in months
        ]
        promised = _thousandths(group.at_least)
        told = "" if group.at_least is None else texts.share(group.at_least, 3)
        rows = [
            [
                Cell(texts.month(on, year=True), "head"),
                number(texts, tallies[on].met),
                missed(texts, tallies[on].missed),
                share(texts, tallies[on]),
            ]
            for on in months
            if on in tallies
        ]
        head = (texts.say("monthly", "month"), *_heads(texts, "met", "missed", "share"))
        title = group.title(texts)
        yield Figure(
            title,
            (plots.monthly(points, promised, f"{texts.say('monthly', 'promised')} {told}"),),
            _monthly_alt(texts, title, tallies),
            table(f"{texts.say('monthly', 'title')}: {title}", head, rows),
        )


def _goes_on(replay: Replay, month: date) -> bool:
    """Whether the month was not over: of what is due in it only a part has its verdict."""
    return add(month, Rhythm(months=1)) > replay.dates.until_on


def _month(key: Key) -> date | None:
    return None if key.due_on is None else key.due_on.replace(day=1)


def _between(months: Sequence[date]) -> Iterator[date]:
    """Every month from the first to the last, the empty ones too."""
    if not months:
        return
    on = months[0]
    while on <= months[-1]:
        yield on
        on = add(on, Rhythm(months=1))


def _monthly_alt(texts: Texts, title: str, tallies: Mapping[date, Tally]) -> str:
    shares = {on: each.shown for on, each in tallies.items() if each.shown is not None}
    if not shares:
        return texts.say("monthly", "alt_none", promise=title)
    low, high = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
    return texts.say(
        "monthly",
        "alt",
        promise=title,
        low=texts.share(shares[low]),
        low_month=texts.month(low, year=True),
        high=texts.share(shares[high]),
        high_month=texts.month(high, year=True),
    )


def _thousandths(part: Fraction | None) -> int | None:
    return None if part is None else int(part * 1000)


def _heads(texts: Texts, *names: str) -> tuple[str, ...]:
    return tuple(texts.say("promises", name) for name in names)


# Against the target ------------------------------------------------------------------------------


def spread(texts: Texts, replay: Replay, groups: Sequence[Group]) -> Iterator[Figure]:
    """How long it took in tenths of the target, a plot for each promise that has verdicts."""
    for group in groups:
        bars = replay.spread.bars(group.clauses)
        if not bars:
            continue
        values = [plots.BarOf(tenth, bars[tenth].met, bars[tenth].missed) for tenth in sorted(bars)]
        rows = [
            [
                Cell(_range(texts, each.tenth), "head"),
                number(texts, each.met),
                missed(texts, each.missed),
            ]
            for each in values
        ]
        head = (texts.say("spread", "bar"), *_heads(texts, "met", "missed"))
        title = group.title(texts)
        met, late = sum(each.met for each in values), sum(each.missed for each in values)
        yield Figure(
            title,
            (plots.spread(values, texts.say("spread", "in_time"), texts.say("spread", "late")),),
            texts.say(
                "spread", "alt", promise=title, met=texts.number(met), missed=texts.number(late)
            ),
            table(f"{texts.say('spread', 'title')}: {title}", head, rows),
        )


def _range(texts: Texts, tenth: int) -> str:
    if tenth >= FARTHEST:
        return texts.say("spread", "beyond", n=texts.number(tenth * 10))
    return texts.say("spread", "range", **{"from": str(tenth * 10), "until": str(tenth * 10 + 10)})
