"""What a text would have come to on last year's tickets: how often each target would have been
kept, and what that is worth in money. What history does not tell is counted apart.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from afspraak.engine.credits import bill
from afspraak.engine.fees import invoiced, round_money
from afspraak.engine.figures import Tally, scope_of
from afspraak.engine.periods import Period, period_of
from afspraak.engine.terms import Promise, Terms, governing_rule
from afspraak.engine.time import HOUR, Duration, Refusal, ServiceTime, WorkingDays

FEW: Final = 20
"""Fewer cases are shown as counts (A3)."""


@dataclass(frozen=True, slots=True)
class Case:
    """One promise on one ticket of last year: what it was about, when it was due, and what it took;
    `spent` is None where it is not done yet, `at_least` what it took until now.
    """

    measure: str
    service: str
    level: str
    priority: str
    due_on: date
    spent: Duration | None
    at_least: Duration | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A case under the target that would have held for it. `is_kept` is None where the two are not
    of one kind (hours and days), or it is not known yet.
    """

    case: Case
    rule: int
    target: Duration
    is_kept: bool | None


@dataclass(frozen=True, slots=True)
class Achieved:
    """One target beside what was achieved; `untold` cases say nothing about it."""

    rule: int
    target: Duration
    kept: int
    cases: int
    untold: int

    @property
    def share(self) -> Fraction | None:
        """The exact share, none for few cases."""
        return Fraction(self.kept, self.cases) if self.cases >= FEW else None


def judged(terms: Terms, promise: Promise, cases: Iterable[Case]) -> Iterator[Judged]:
    """Last year's cases of a promise's measure, each under the rule that would have won (C3)."""
    known: dict[tuple[str, str, str], int | None] = {}  # few combinations, many cases
    for case in cases:
        if case.measure != promise.measure:
            continue
        key = (case.service, case.level, case.priority)
        if key not in known:
            known[key] = _governing(terms, promise, case)
        place = known[key]
        target = None if place is None else promise.rules[place].target
        if place is not None and isinstance(target, ServiceTime | WorkingDays):
            yield Judged(case, place, target, _kept(case, target))


def _governing(terms: Terms, promise: Promise, case: Case) -> int | None:
    """Which rule of a promise wins; None where none does."""
    told = {"service": case.service, "level": case.level, "priority": case.priority}
    try:
        rule = governing_rule(terms.fields, promise.rules, _known(told, terms))
    except Refusal:
        return None
    return promise.rules.index(rule)


def _known(told: Mapping[str, str], terms: Terms) -> dict[str, str]:
    """What was reported, as far as this text has it; the level is that of its own services."""
    found = {name: each for name, each in told.items() if each in terms.fields.values.get(name, ())}
    return found | {
        name: terms.fields.level_of[found["service"]]
        for name in ("level",)
        if found.get("service") in terms.fields.level_of
    }


def _kept(case: Case, target: Duration) -> bool | None:
    spent = case.spent if case.spent is not None else case.at_least
    if spent is None or type(spent) is not type(target):
        return None
    is_within = _size(spent) <= _size(target)
    return is_within if case.spent is not None or not is_within else None


def _size(each: Duration) -> int:
    return each.microseconds if isinstance(each, ServiceTime) else each.days


def achieved(found: Sequence[Judged]) -> list[Achieved]:
    """What history achieved of each target that has cases, in the order of the rules."""
    rules = sorted({each.rule for each in found})
    told = []
    for rule in rules:
        own = [each for each in found if each.rule == rule]
        known = [each for each in own if each.is_kept is not None]
        kept = sum(bool(each.is_kept) for each in known)
        told.append(Achieved(rule, own[0].target, kept, len(known), len(own) - len(known)))
    return told


# In money -----------------------------------------------------------------------------------------


def consequences(terms: Terms, cases: Sequence[Case]) -> dict[str, Decimal]:
    """Consequence clause -> what it would have come to over the year of the cases. Availability and
    dated promises are not in the cases: clauses that hang on them are not named.
    """
    promises = {each.clause: each for each in terms.promises}
    sums: dict[str, Fraction] = {}
    for each in terms.consequences:
        promise = promises.get(each.of)
        if promise is None:
            continue
        total = Fraction(0)
        for period, tallies in _tallies(terms, promise, each.per, cases).items():
            try:
                fees = invoiced(terms.monthly_fees, period, period)
                total += bill([each], tallies, fees).exact
            except Refusal:
                continue
        sums[each.clause] = total
    return {clause: round_money(total, "half_up") for clause, total in sums.items()}


def _tallies(
    terms: Terms, promise: Promise, per: str, cases: Sequence[Case]
) -> dict[Period, dict[tuple[str, str], Tally]]:
    """By period and scope: how often it would have been kept and missed."""
    found: dict[Period, dict[tuple[str, str], Tally]] = {}
    by = promise.share.by if promise.share else "service"
    for each in judged(terms, promise, cases):
        if each.is_kept is None:
            continue
        case = each.case
        scope = scope_of(
            by, {"service": case.service, "level": case.level, "priority": case.priority}
        )
        period = _period(case.due_on, per)
        own = found.setdefault(period, {})
        key = (promise.clause, scope)
        own[key] = own.get(key, Tally()) + Tally(**{"met" if each.is_kept else "missed": 1})
    return found


def _period(on: date, per: str) -> Period:
    known = per if per in ("month", "quarter", "year") else "year"
    return period_of(on, known, Period(on, on))  # type: ignore[arg-type]  # one of the three


def standstill(
    terms: Terms, cases: Sequence[Case], per_hour: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Promise of resolution -> what keeping it would have saved in a year: the hours of service
    that tickets stood still beyond the target, at what an hour costs by the customer's own account.
    """
    found: dict[str, Decimal] = {}
    for promise in terms.promises:
        if promise.measure != "resolution":
            continue
        total, known = Fraction(0), False
        for each in judged(terms, promise, cases):
            cost = per_hour.get(each.case.service)
            if cost is None or each.is_kept is None:
                continue
            known = True
            spent = each.case.spent or each.case.at_least
            if isinstance(spent, ServiceTime) and isinstance(each.target, ServiceTime):
                over = max(spent.microseconds - each.target.microseconds, 0)
                total += Fraction(over, HOUR) * Fraction(cost)
        if known:
            found[promise.clause] = round_money(total, "half_up")
    return found
