"""A promise found: hours, unit and target of every group, and what it says of each ticket."""

from dataclasses import dataclass, replace

import numpy as np

from afspraak.sourcing.infer_ground import Rule, Unit
from afspraak.sourcing.infer_hours import DAY_SECONDS, Hours, Week
from afspraak.sourcing.infer_judge import Judge, Kind
from afspraak.sourcing.infer_log import Bools, Ints
from afspraak.sourcing.infer_targets import Target, cut_target, mode_target
from afspraak.sourcing.infer_weeks import usual_day


@dataclass(frozen=True)
class Line:
    """What one group was promised: the hours its clock runs in, and the target.

    `when` are its values of the rule's fields (as a label, and as a condition), the hours its clock
    runs in, and the target.
    """

    label: str
    code: int
    when: tuple[tuple[str, str], ...]
    hours: Hours
    target: Target


@dataclass(frozen=True)
class Promise:
    """A rule with all its targets. `rule.hours` are the hours of most lines."""

    rule: Rule
    lines: tuple[Line, ...]

    @property
    def agree(self) -> int:
        """Tickets whose record the promise reproduces."""
        return sum(line.target.agree for line in self.lines)


def day_seconds(week: Week) -> int:
    """Open seconds of the usual open date, 0 where nobody would count in such days (24x7)."""
    length = sum(closes - opens for opens, closes in usual_day(week)) * 60
    return 0 if length == DAY_SECONDS else length


def promise_of(judge: Judge, rule: Rule, units: tuple[Unit, ...]) -> Promise:
    """The rule with the best target for each group.

    `units`: one for each label of its field.
    """
    key = judge.ground.log.keys[rule.key]
    lines = (
        Line(
            label,
            code,
            tuple(key.when(code).items()),
            rule.hours,
            target_of(judge, rule, code, unit),
        )
        for code, (label, unit) in enumerate(zip(key.labels, units, strict=True))
        if (key.codes == code).any()
    )
    return Promise(rule, tuple(lines))


def target_of(judge: Judge, rule: Rule, code: int, unit: Unit) -> Target:
    """One group's best target under a rule, in a unit."""
    rows = judge.ground.log.keys[rule.key].codes == code
    day = day_seconds(rule.hours.week)
    if judge.kind is Kind.DEADLINES:
        values, window = judge.due_values(rule, unit)
        return mode_target(values[rows], unit, window)
    values = judge.ground.values(rule, unit)[rows]
    return cut_target(values, judge.made[rows], unit, day, judge.part_cost)


def kept(judge: Judge, promise: Promise) -> Bools:
    """(n,) whether each ticket was in time under the promise (T7)."""
    codes = judge.ground.log.keys[promise.rule.key].codes
    in_time = np.zeros(len(codes), dtype=np.bool_)
    for line in promise.lines:
        rows = codes == line.code
        values = line_values(judge, promise, line)[rows]
        in_time[rows] = values <= (
            line.target.value if line.target.unit is Unit.DAYS else 2 * line.target.value
        )
    return in_time


def unexplained_late(judge: Judge, promise: Promise) -> Ints:
    """Rows that more closed time could explain.

    They are made on record and late under the promise, or have another deadline.
    """
    if judge.kind is Kind.OUTCOMES:
        return np.flatnonzero(judge.made & ~kept(judge, promise))
    codes = judge.ground.log.keys[promise.rule.key].codes
    other = np.zeros(len(codes), dtype=np.bool_)
    for line in promise.lines:
        rows = codes == line.code
        values, within = judge.due_values(replace(promise.rule, hours=line.hours), line.target.unit)
        other[rows] = np.abs(values[rows] - line.target.value) > within
    return np.flatnonzero(other)


def line_values(judge: Judge, promise: Promise, line: Line) -> Ints:
    """(n,) every ticket's value in the unit and hours of a line."""
    return judge.ground.values(replace(promise.rule, hours=line.hours), line.target.unit)
