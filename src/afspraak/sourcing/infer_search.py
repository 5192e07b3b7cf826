"""The search itself: wide and coarse on a sample first, then uphill on the whole log.

Nothing about any log is written in: candidates come from the log's own events, states, fields and
dates.
"""

from collections.abc import Iterable
from dataclasses import replace
from heapq import nlargest
from itertools import product
from typing import Final

from afspraak.sourcing.infer_ground import Rule
from afspraak.sourcing.infer_hours import Hours, Week
from afspraak.sourcing.infer_judge import Judge, Kind, Weighed
from afspraak.sourcing.infer_moves import COARSE, FINE, Choices, neighbours
from afspraak.sourcing.infer_weeks import DAY_SETS, grid, lunches, usual_day, whole_days

_EVENTS_KEPT: Final = 8
_EVENTS_GAP: Final = 0.08
_SEEDS: Final = 40
_CLIMBS: Final = 6
_FINISHES: Final = 3
_BROKEN: Final = 3
_CLOSINGS: Final = range(-120, 121, 15)
_STEPS_MOST: Final = 40
_HOUR: Final = 60


def survey_weeks() -> list[Week]:
    """A few calendars that are near enough to any other one to tell which events matter."""
    return [*whole_days(), *grid(DAY_SETS[:1], range(0, 24 * _HOUR, 2 * _HOUR), (10 * _HOUR,))]


def coarse_weeks(kind: Kind) -> list[Week]:
    """Windows on Mon-Fri, Mon-Sat, all days and Sun-Thu, near enough to any other for a climb.

    Outcomes fade slowly around the true hours; a deadline is right or wrong, so its net is finer.
    """
    mesh = 2 if kind is Kind.OUTCOMES else 1
    opens = range(0, 24 * _HOUR, mesh * _HOUR)
    wide = grid(DAY_SETS[:1], opens, range(4 * _HOUR, 17 * _HOUR, mesh * _HOUR))
    others = grid(DAY_SETS[1:], opens, range(8 * _HOUR, 17 * _HOUR, 2 * mesh * _HOUR))
    return [*whole_days(), *wide, *others]


def survey(judge: Judge, options: Choices) -> list[Rule]:
    """The most promising pairs of events, with and without pauses: one rule each, best first."""
    waits = [frozenset[str]()] + ([frozenset(options.waits)] if options.waits else [])
    zone, key = options.zones[0], options.keys[0]
    best: list[Weighed] = []
    for start, end, paused in product(options.starts, options.ends, waits):
        rules = [Rule(start, end, key, paused, Hours(week, zone=zone)) for week in survey_weeks()]
        best.append(max((judge.weigh(rule) for rule in rules), key=lambda each: each.score))
    kept = nlargest(_EVENTS_KEPT, best, key=lambda each: each.score)
    enough = kept[0].score - _EVENTS_GAP * len(judge.ground)
    return [each.rule for each in kept if each.score >= enough]


def comb(judge: Judge, rules: list[Rule]) -> list[Rule]:
    """The best hours of the coarse grid for these rules, best first.

    None of them is near another of the same events.
    """
    weighed = [
        judge.weigh(replace(rule, hours=replace(rule.hours, week=week)))
        for week in coarse_weeks(judge.kind)
        for rule in rules
    ]
    chosen: list[Rule] = []
    for each in sorted(weighed, key=lambda each: -each.score):
        if not any(_near(each.rule, other) for other in chosen):
            chosen.append(each.rule)
        if len(chosen) == _SEEDS:
            break
    return chosen


def _near(one: Rule, other: Rule) -> bool:
    """The same events, and hours that one step of a climb would bring together."""
    if replace(one, hours=other.hours) != other:
        return False
    first, second = one.hours.week, other.hours.week
    if {bool(spans) for spans in first} != {bool(spans) for spans in second}:
        return False
    edges = zip(usual_day(first)[0], usual_day(second)[0], strict=True)
    return all(abs(here - there) <= _HOUR for here, there in edges)


def climb(judge: Judge, rule: Rule, options: Choices, steps: tuple[int, ...]) -> Weighed:
    """Uphill from a rule, always to the best neighbour, until none is better."""
    best = judge.weigh(rule)
    for _ in range(_STEPS_MOST):
        near = neighbours(best.rule, options, judge.ground, steps)
        top = max((judge.weigh(each) for each in near), key=lambda each: each.score, default=best)
        if top.score <= best.score:
            break
        best = top
    return best


def search(small: Judge, whole: Judge, options: Choices) -> list[Weighed]:
    """The best rules on the whole ground, best first.

    They are found coarsely on `small`, chosen and finished on `whole`.
    """
    seeds = [whole.weigh(rule) for rule in comb(small, survey(small, options))]
    chosen = nlargest(_CLIMBS, seeds, key=lambda each: each.score)
    climbed = _distinct(climb(whole, each.rule, options, COARSE) for each in chosen)
    found = _distinct(climb(whole, each.rule, options, FINE) for each in climbed[:_FINISHES])
    return _distinct([*found, *_with_breaks(whole, found[0], options)])


def _with_breaks(judge: Judge, best: Weighed, options: Choices) -> list[Weighed]:
    """The best rule with a break in its days: two steps at once, the first of them downhill."""
    if best.agree == len(judge.ground) or any(len(spans) > 1 for spans in best.rule.hours.week):
        return []
    weeks = (week for week in lunches(best.rule.hours.week, _CLOSINGS) if week is not None)
    hours = (replace(best.rule.hours, week=week) for week in weeks)
    broken = [judge.weigh(replace(best.rule, hours=each)) for each in hours]
    tops = nlargest(_BROKEN, broken, key=lambda each: each.score)
    return [climb(judge, each.rule, options, FINE) for each in tops]


def _distinct(found: Iterable[Weighed]) -> list[Weighed]:
    """Each rule once, best first."""
    by_rule = {each.rule: each for each in found}
    return sorted(by_rule.values(), key=lambda each: -each.score)
