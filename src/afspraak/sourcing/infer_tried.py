"""The rules tried: how well the best rule did with each value of each of its parts."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from afspraak.sourcing.infer_ground import Rule, Unit
from afspraak.sourcing.infer_hours import ALWAYS, DAY_MINUTES, Hours, Week
from afspraak.sourcing.infer_judge import Judge
from afspraak.sourcing.infer_moves import Choices

_SHOWN: Final = 12
_TAKEN: Final = 2


@dataclass(frozen=True)
class Tried:
    """One value of one aspect, the best rule that has it, and how many records that explains."""

    aspect: str
    value: str
    rule: Rule
    agree: int


def kind_of_hours(hours: Hours) -> str:
    """A calendar's kind in words."""
    days = tuple(weekday for weekday, spans in enumerate(hours.week) if spans)
    patterns = {spans for spans in hours.week if spans}
    names = {tuple(range(5)): "Mon-Fri", tuple(range(6)): "Mon-Sat", tuple(range(7)): "every day"}
    where = names.get(days, "other days")
    if patterns == {((0, DAY_MINUTES),)}:
        return "24x7" if hours.week == ALWAYS else f"whole days, {where}"
    broken = "with a break" if any(len(spans) > 1 for spans in patterns) else "without a break"
    return f"opening hours, {where}, {broken}"


def aspects(rule: Rule) -> dict[str, str]:
    """What a rule says, aspect by aspect."""
    return {
        "start": rule.start,
        "end": rule.end,
        "targets by": rule.key or "nothing: one for all",
        "pauses": ", ".join(sorted(rule.waits)) or "none",
        "calendar": kind_of_hours(rule.hours),
        "closed dates": rule.hours.closed or "none",
        "zone": rule.hours.zone or "the log's own clock",
    }


def tried(judges: tuple[Judge, ...], best: Rule, options: Choices) -> list[Tried]:
    """For every aspect and value, how well a rule with it can do.

    Taken is the best of the rules weighed, and of the found rule with that value put in.

    What is shown is measured by the last judge, also of rules that were weighed by the others only.
    """
    whole = judges[-1]
    top: dict[tuple[str, str], list[tuple[float, Rule]]] = defaultdict(list)
    for judge in judges:
        for each in judge.seen.values():
            for place in aspects(each.rule).items():
                _keep(top[place], each.score / len(judge.ground), each.rule)
    found: list[Tried] = []
    changed = list(_changed(best, options))
    for (aspect, value), kept in top.items():
        rules = [rule for _, rule in kept]
        rules += [rule for rule in changed if aspects(rule)[aspect] == value]
        if aspects(best)[aspect] == value:
            rules = [best]
        result = max((whole.weigh(rule) for rule in rules), key=lambda each: each.agree)
        found.append(Tried(aspect, value, result.rule, result.agree))
    return list(_shown(found))


def _keep(kept: list[tuple[float, Rule]], share: float, rule: Rule) -> None:
    """The best few, each once; scores of different grounds compare as shares."""
    if len(kept) == _TAKEN and share <= kept[-1][0]:
        return
    if all(rule != other for _, other in kept):
        kept[:] = sorted([*kept, (share, rule)], key=lambda each: -each[0])[:_TAKEN]


def _changed(best: Rule, options: Choices) -> Iterator[Rule]:
    yield from (replace(best, start=name) for name in options.starts)
    yield from (replace(best, end=name) for name in options.ends)
    yield from (replace(best, key=name) for name in options.keys)
    yield from (replace(best, waits=waits) for waits in _wait_sets(best, options))
    yield from (replace(best, hours=replace(best.hours, closed=name)) for name in options.closed)
    yield from (
        replace(best, hours=replace(best.hours, week=week))
        for week in _plain_weeks(best.hours.week)
    )


def _wait_sets(best: Rule, options: Choices) -> Iterator[frozenset[str]]:
    yield frozenset[str]()
    yield frozenset(options.waits)
    yield from (best.waits ^ {name} for name in options.waits)


def _plain_weeks(week: Week) -> Iterator[Week]:
    yield ALWAYS
    yield tuple(((0, DAY_MINUTES),) if spans else () for spans in week)
    yield tuple(((spans[0][0], spans[-1][1]),) if spans else () for spans in week)


def _shown(found: list[Tried]) -> Iterator[Tried]:
    """The best few values of every aspect, aspects in the order of `aspects`."""
    by_aspect: dict[str, list[Tried]] = defaultdict(list)
    for each in found:
        by_aspect[each.aspect].append(each)
    for aspect in ("start", "end", "targets by", "pauses", "calendar", "closed dates", "zone"):
        ranked = sorted(by_aspect.get(aspect, ()), key=lambda each: (-each.agree, each.value))
        yield from ranked[:_SHOWN]


def by_unit(whole: Judge, best: Rule) -> list[Tried]:
    """The found rule with all its targets in one kind of duration (T5)."""
    return [
        Tried("duration", unit.value, best, int(whole.agreements(best, unit).sum()))
        for unit in Unit
    ]
