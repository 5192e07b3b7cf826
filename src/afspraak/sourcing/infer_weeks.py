"""Weekly hours as values: the ones a search begins with, their neighbours, and how odd they are."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise, product
from typing import Final

from afspraak.sourcing.infer_hours import ALWAYS, DAY_MINUTES, Span, Week, on_days

WEEKDAYS: Final = range(5)
DAY_SETS: Final = (range(5), range(6), range(7), (6, 0, 1, 2, 3))
_LONG_DAY: Final = 6 * 60
_LUNCH_MARGIN: Final = 120
_LUNCHES: Final = (30, 60)
LUNCH_CLOSINGS: Final = (-60, -30, 0, 30, 60)
_USUAL_LENGTH: Final = 9 * 60
_LENGTH_TASTE: Final = 0.05  # for an hour more or less
_BREAK_TASTE: Final = 0.02
_TASTE: Final = ((60, 0.0), (30, 0.15), (15, 0.3), (5, 0.6), (1, 1.0))
_DAYS_TASTE: Final = {
    frozenset(range(5)): 0.0,
    frozenset(range(6)): 0.3,
    frozenset(range(7)): 0.2,
    frozenset((6, 0, 1, 2, 3)): 0.3,
}


def normal(week: Iterable[Iterable[Span]]) -> Week | None:
    """Spans in order, touching or overlapping ones of a date as one.

    None where no week remains or a span is too long.
    """
    days = []
    for spans in week:
        joined: list[Span] = []
        for opens, closes in sorted(spans):
            if closes <= opens:
                continue
            if joined and opens <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
            else:
                joined.append((opens, closes))
        if joined and joined[-1][1] - joined[0][0] > DAY_MINUTES:
            return None
        days.append(tuple(joined))
    return tuple(days) if any(days) else None


def shifted(week: Week, minutes: int) -> Week | None:
    """The whole week later (or earlier) on the clock.

    A span that leaves its date moves to the next one.
    """
    days: list[list[Span]] = [[] for _ in range(7)]
    for weekday, spans in enumerate(week):
        for opens, closes in spans:
            days_over = (opens + minutes) // DAY_MINUTES
            base = opens + minutes - days_over * DAY_MINUTES
            days[(weekday + days_over) % 7].append((base, base + closes - opens))
    return normal(days)


def grid(
    day_sets: Iterable[Iterable[int]], opens: Iterable[int], lengths: Iterable[int]
) -> Iterator[Week]:
    """Every window of one of the lengths (minutes) from one of `opens` on, on each set of days."""
    for days, start, length in product(list(day_sets), list(opens), list(lengths)):
        yield on_days(days, (start, start + length))


def whole_days() -> list[Week]:
    """24x7, and whole days of the usual sets of weekdays."""
    return [ALWAYS, *(on_days(days, (0, DAY_MINUTES)) for days in DAY_SETS[:2])]


def usual_day(week: Week) -> tuple[Span, ...]:
    """The commonest hours among the week's open dates."""
    return Counter(spans for spans in week if spans).most_common(1)[0][0]


def _edge_moved(spans: tuple[Span, ...], place: int, by: int, moved: str) -> list[Span]:
    changed = list(spans)
    if place < len(spans):
        opens, closes = spans[place]
        changed[place] = (opens + by, closes) if moved == "opens" else (opens, closes + by)
    return changed


def edges_moved(week: Week, steps: Iterable[int]) -> Iterator[Week | None]:
    """Openings or closings of all dates moved by each step (minutes), or the whole week."""
    most = max(len(spans) for spans in week)
    for by in steps:
        yield shifted(week, by)
        for place, moved in product(range(most), ("opens", "closes")):
            yield within(normal(_edge_moved(spans, place, by, moved) for spans in week))
        for place in range(most - 1):
            yield within(normal(_break_moved(spans, place, by) for spans in week))


def _break_moved(spans: tuple[Span, ...], place: int, by: int) -> list[Span]:
    changed = list(spans)
    if place + 1 < len(spans):
        changed[place] = (spans[place][0], spans[place][1] + by)
        changed[place + 1] = (spans[place + 1][0] + by, spans[place + 1][1])
    return changed


def days_changed(week: Week, steps: Iterable[int]) -> Iterator[Week | None]:
    """One weekday taken out, put in, or its first opening or last closing moved by each step."""
    usual = usual_day(week)
    steps = list(steps)
    for weekday, spans in enumerate(week):
        others = [list(each) for each in week]
        options: list[Iterable[Span]] = [()] if spans else [usual]
        if spans != usual and spans:
            options.append(usual)
        for by in steps if spans else ():
            options.append(_edge_moved(spans, 0, by, "opens"))
            options.append(_edge_moved(spans, len(spans) - 1, by, "closes"))
        for option in options:
            yield within(normal([*others[:weekday], option, *others[weekday + 1 :]]))


def evened(week: Week) -> Iterator[Week | None]:
    """All open dates alike, or all but one: after each of the patterns that the week has."""
    patterns = dict.fromkeys(spans for spans in week if spans)
    if len(patterns) == 1:
        return
    for pattern, kept in product(patterns, range(-1, 7)):
        yield normal(
            pattern if spans and weekday != kept else spans for weekday, spans in enumerate(week)
        )


def windows_moved(week: Week, steps: Iterable[int]) -> Iterator[Week | None]:
    """The first opening and the last closing of all dates moved by one of the steps each."""
    for open_later, close_later in product(list(steps), repeat=2):
        days = []
        for spans in week:
            edges = list(spans)
            if edges:
                edges[0] = (edges[0][0] + open_later, edges[0][1])
                edges[-1] = (edges[-1][0], edges[-1][1] + close_later)
            days.append(edges)
        yield within(normal(days))


def lunches(week: Week, closings: Iterable[int] = LUNCH_CLOSINGS) -> Iterator[Week | None]:
    """A break put into every long day, its closing moved or not; or the breaks taken out."""
    if any(len(spans) > 1 for spans in week):
        yield normal([(spans[0][0], spans[-1][1])] if spans else () for spans in week)
        return
    opens, closes = usual_day(week)[0]
    if closes - opens < _LONG_DAY:
        return
    first = -(-(opens + _LUNCH_MARGIN) // 30) * 30
    for start, length in product(range(first, closes - _LUNCH_MARGIN, 30), _LUNCHES):
        broken = normal(_split(spans, start, start + length) for spans in week)
        for by in closings:
            if broken is not None:
                yield within(normal(_edge_moved(spans, 1, by, "closes") for spans in broken))


def _split(spans: tuple[Span, ...], start: int, end: int) -> list[Span]:
    pieces: list[Span] = []
    for opens, closes in spans:
        pieces += [(opens, min(closes, start)), (max(opens, end), closes)]
    return [(opens, closes) for opens, closes in pieces if opens < closes]


def within(week: Week | None) -> Week | None:
    """The week if every span starts on its own date and ends on the next at the latest."""
    if week is None or any(
        spans and not 0 <= spans[0][0] <= spans[-1][0] < DAY_MINUTES for spans in week
    ):
        return None
    return week


def oddness(week: Week) -> float:
    """What a week costs to tell, in parts of a rule.

    0 for 24x7, more for halves of hours, breaks, uneven days.
    """
    if week == ALWAYS:
        return 0.0
    days = frozenset(weekday for weekday, spans in enumerate(week) if spans)
    patterns = {spans for spans in week if spans}
    if patterns == {((0, DAY_MINUTES),)}:
        return 0.5 + _DAYS_TASTE.get(days, 1.0)
    edges = {edge % DAY_MINUTES for spans in patterns for span in spans for edge in span}
    taste = sum(next(cost for step, cost in _TASTE if edge % step == 0) for edge in edges)
    breaks = max(len(spans) for spans in patterns) - 1
    nights = 0.5 if any(spans[-1][1] > DAY_MINUTES for spans in patterns) else 0.0
    return (
        1.0
        + _DAYS_TASTE.get(days, 1.0)
        + taste
        + nights
        + breaks
        + _unusual(week)
        + (len(patterns) - 1)
    )


def _unusual(week: Week) -> float:
    """A trifle for unusual days and for breaks far from the middle.

    It decides where nothing else does.
    """
    spans = usual_day(week)
    length = sum(closes - opens for opens, closes in spans)
    middle = spans[0][0] + spans[-1][1]
    aside = sum(abs(before[1] + after[0] - middle) for before, after in pairwise(spans))
    return _LENGTH_TASTE * abs(length - _USUAL_LENGTH) / 60 + _BREAK_TASTE * aside / 60
