"""Hours of a group's own: P1 around the clock while the others keep office hours.

The search looks for one calendar that serves all groups. Here each group may leave it, for another
group's hours or for hours found on its own tickets alone, if it gains more tickets than telling
them costs.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np

from afspraak.sourcing.infer_ground import Ground, Rule
from afspraak.sourcing.infer_hours import Hours
from afspraak.sourcing.infer_judge import Judge, Weighed
from afspraak.sourcing.infer_log import pick, sample
from afspraak.sourcing.infer_moves import COARSE, FINE, Choices
from afspraak.sourcing.infer_promise import Line, Promise, target_of
from afspraak.sourcing.infer_search import climb, comb
from afspraak.sourcing.infer_weeks import oddness

_GROUPS_MOST: Final = 12
_OWN_HOURS_COST: Final = 1.5
_SAMPLE: Final = 3000
_SEEDS: Final = 2


def with_own_hours(judge: Judge, promise: Promise, options: Choices) -> Promise:
    """The promise with own hours for those of its groups that clearly had them."""
    doubtful = sorted(promise.lines, key=lambda line: line.target.agree - line.target.cases)
    lines = {line.code: line for line in promise.lines}
    for line in doubtful[:_GROUPS_MOST]:
        if line.target.cases - line.target.best <= _OWN_HOURS_COST * judge.part_cost:
            continue
        used = dict.fromkeys(each.hours for each in lines.values())
        lines[line.code] = _best_line(judge, promise.rule, line, options, used)
    return replace(promise, lines=tuple(lines[line.code] for line in promise.lines))


def _best_line(
    judge: Judge, rule: Rule, line: Line, options: Choices, used: Iterable[Hours]
) -> Line:
    """The line as it is, in another group's hours or in hours of its own: what is worth most."""
    own = _own_hours(judge, rule, line, options)
    known = [(hours, _OWN_HOURS_COST / 3 * (hours != line.hours)) for hours in used]
    known.append((own.rule.hours, _OWN_HOURS_COST + oddness(own.rule.hours.week)))
    best, most = line, float(line.target.agree)
    for hours, cost in known:
        weighed = judge.weigh(replace(rule, hours=hours))
        target = target_of(judge, weighed.rule, line.code, weighed.units[line.code])
        worth = target.agree - judge.part_cost * cost
        if worth > most:
            best, most = replace(line, hours=hours, target=target), worth
    return best


def _own_hours(judge: Judge, rule: Rule, line: Line, options: Choices) -> Weighed:
    """The best hours for the group's own tickets."""
    rows = np.flatnonzero(judge.ground.log.keys[rule.key].codes == line.code).astype(np.int64)
    own = pick(judge.ground.log, rows)
    whole = Judge(Ground(own, judge.ground.dates), judge.kind, len(rows))
    small = Judge(Ground(sample(own, _SAMPLE), judge.ground.dates), judge.kind, len(rows))
    fixed = replace(options, starts=(rule.start,), ends=(rule.end,), keys=(rule.key,), waits=())
    seeds = [rule, *comb(small, [rule])[:_SEEDS]]
    climbed = max(
        (climb(small, seed, fixed, COARSE) for seed in seeds), key=lambda each: each.score
    )
    return climb(whole, climbed.rule, fixed, FINE)
