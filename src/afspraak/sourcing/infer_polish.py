"""Of the rules that explain as much, the one that a person would have written.

Records leave room: opening at 08:00 and at 08:30 may explain the same tickets. Within that room the
roundest hours and targets are taken, and how wide the room is is told.
"""

from dataclasses import dataclass, replace
from typing import Final

from afspraak.sourcing.infer_ground import Rule, Unit
from afspraak.sourcing.infer_hours import Span
from afspraak.sourcing.infer_judge import Judge, Weighed
from afspraak.sourcing.infer_promise import Promise, day_seconds, promise_of
from afspraak.sourcing.infer_targets import oddness
from afspraak.sourcing.infer_weeks import edges_moved, usual_day, windows_moved

_AROUND: Final = range(-240, 241, 30)
_STEPS: Final = (-60, -30, 30, 60)
_SLACK: Final = 1.5
_COMPARED: Final = 120


@dataclass(frozen=True)
class Polished:
    """The most natural of the rules that explain as much, and what it is worth in tickets.

    `opens` and `closes`: the first and last opening and closing (minutes) that explain as much.
    """

    promise: Promise
    opens: Span
    closes: Span
    worth: float


def polish(judge: Judge, rule: Rule) -> Polished:
    """The roundest of the hours near a rule's that explain as much; of equals the middle one."""
    weighed = _near(judge, rule)
    ranked = sorted(weighed, key=lambda each: -each.score)
    equal = [each for each in ranked if each.score >= ranked[0].score - _SLACK * judge.part_cost]
    promises = [promise_of(judge, each.rule, each.units) for each in equal[:_COMPARED]]
    most = max(each.agree for each in equal)
    alike = [each.rule.hours.week for each in weighed if each.agree >= most]
    opens = [min(spans[0][0] for spans in week if spans) for week in alike]
    closes = [max(spans[-1][1] for spans in week if spans) for week in alike]
    opening, closing = (min(opens), max(opens)), (min(closes), max(closes))

    def preferred(promise: Promise) -> tuple[float, int]:
        usual = usual_day(promise.rule.hours.week)
        aside = abs(2 * usual[0][0] - sum(opening)) + abs(2 * usual[-1][1] - sum(closing))
        return round(_worth(judge, promise), 6), -aside

    chosen = max(promises, key=preferred)
    return Polished(chosen, opening, closing, _worth(judge, chosen))


def _near(judge: Judge, rule: Rule) -> list[Weighed]:
    """The rule with its hours as they are, and with others near them."""
    week = rule.hours.week
    weeks = dict.fromkeys((week, *windows_moved(week, _AROUND), *edges_moved(week, _STEPS)))
    return [
        judge.weigh(replace(rule, hours=replace(rule.hours, week=each)))
        for each in weeks
        if each is not None
    ]


def _worth(judge: Judge, promise: Promise) -> float:
    """Tickets explained, less what hours and targets cost to tell."""
    day = day_seconds(promise.rule.hours.week)
    odd = sum(
        oddness(line.target.value, day)
        for line in promise.lines
        if line.target.unit is not Unit.DAYS
    )
    return promise.agree - judge.part_cost * (judge.parts(promise.rule) + odd)
