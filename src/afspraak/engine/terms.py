"""The terms of a contract as frozen values, and which rule wins (SEMANTICS C3-C5). Conditions are
data, never code.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from types import MappingProxyType
from typing import Final, Literal

from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.hours import Calendar
from afspraak.engine.time import Duration, Refusal, Rhythm

Measure = Literal[
    "first_response", "next_response", "diagnosis", "resolution", "expectation", "answer"
]
MEASURES: Final[tuple[Measure, ...]] = (
    "first_response",
    "next_response",
    "diagnosis",
    "resolution",
    "expectation",
    "answer",
)
FIELDS: Final = ("service", "level", "priority", "kind", "site")
"""The finite fields that conditions are made of (C3). A service implies its level."""

Case = Mapping[str, str]
"""One combination of the finite fields: field -> value."""


# Targets and the rules that choose them (C3) -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trial:
    """The period [from_on, until_on) in which an open term runs on a trial value, without
    consequence (K11).
    """

    from_on: date
    until_on: date
    value: Duration | None


@dataclass(frozen=True, slots=True)
class Open:
    """A target that was signed open (K11): measured until the amendment that fills it in, or on
    trial.
    """

    term: str
    trial: Trial | None = None


@dataclass(frozen=True, slots=True)
class BestEffort:
    """Nothing was promised here: no clock, said plainly."""


Target = Duration | Open | BestEffort


@dataclass(frozen=True, slots=True)
class Rule:
    """One row {when, value}: the target where every named field has the named value.

    `clause` is where it stands; `name` what an `exception_to` may call it by; `calendar` its own,
    if it is not the promise's.
    """

    clause: str
    target: Target
    when: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    exception_to: tuple[str, ...] = ()
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """The finite fields of a contract: their values, and the level of each service."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    level_of: Mapping[str, str] = field(default_factory=dict)

    def complete(self, case: Case) -> Case:
        """The case with what its service implies (C3)."""
        level = self.level_of.get(case.get("service", ""))
        return case if level is None else {**case, "level": level}

    def cases(self) -> Iterator[Case]:
        """Every combination that can occur; a service brings its level."""
        free = [
            name
            for name, values in self.values.items()
            if values and not (name == "level" and self.level_of)
        ]
        for chosen in product(*(self.values[name] for name in free)):
            yield self.complete(dict(zip(free, chosen, strict=True)))

    def implies(self, when: Case, other: Case) -> bool:
        """Whether every case that meets `when` meets `other` by the fields themselves."""
        known = self.complete(when)
        return all(known.get(name) == value for name, value in other.items())


def beats(fields: Fields, rule: Rule, other: Rule) -> bool:
    """C3: more specific by the fields themselves and not the other way round, or an exception that
    names it.
    """
    if rule.name and rule.name in other.exception_to:
        return False
    if other.name and other.name in rule.exception_to:
        return True
    return fields.implies(rule.when, other.when) and not fields.implies(other.when, rule.when)


def winners(fields: Fields, rules: Sequence[Rule], case: Case) -> list[Rule]:
    """The matching rules that no other matching rule beats: one is an answer, none a gap, several a
    tie (C3).
    """
    known = fields.complete(case)
    matching = [
        rule for rule in rules if all(known.get(name) == value for name, value in rule.when.items())
    ]
    unbeaten = [
        rule
        for rule in matching
        if not any(beats(fields, other, rule) for other in matching if other is not rule)
    ]
    return unbeaten or matching  # exceptions that beat each other in a circle tie


def governing_rule(fields: Fields, rules: Sequence[Rule], case: Case) -> Rule:
    """The one rule that wins; refuses a gap and a tie, naming the clauses (C3, T8)."""
    best = winners(fields, rules, case)
    if len(best) == 1:
        return best[0]
    told = (
        ", ".join(f"{name} {value}" for name, value in case.items())
        or "a report that states no priority"
    )
    if not best:
        raise _gap(rules, case, told)
    clauses = " and ".join(
        f"{rule.clause}{f' ({rule.name})' if rule.name else ''}" for rule in best
    )
    raise Refusal(
        "%(clauses)s both hold for %(told)s: mark one as exception_to the other",
        clauses=clauses,
        told=told,
    )


def _gap(rules: Sequence[Rule], case: Case, told: str) -> Refusal:
    """Names the field that the rules ask for and the case lacks."""
    asked = dict.fromkeys(name for rule in rules for name in rule.when)
    lacking = [name for name in asked if name != "level" and name not in case]
    if not lacking:
        return Refusal("no target was promised for %(told)s", told=told)
    return Refusal(
        "no target was promised for %(told)s: the report states no %(lacking)s",
        told=told,
        lacking=" and no ".join(lacking),
    )


@dataclass(frozen=True, slots=True)
class Conflict:
    """A combination that no rule covers, or that several tie on (C3), found at checking time."""

    case: Case
    rules: tuple[Rule, ...]


def conflicts(fields: Fields, rules: Sequence[Rule]) -> Iterator[Conflict]:
    """Every gap and tie, by trying every combination of the finite fields (C3); one per set of
    rules.
    """
    seen: set[tuple[int, ...]] = set()
    for case in fields.cases():
        best = winners(fields, rules, case)
        key = tuple(sorted(id(rule) for rule in best))
        if len(best) != 1 and key not in seen:
            seen.add(key)
            yield Conflict(case, tuple(best))


# Promises --------------------------------------------------------------------------------------

Scope = Literal["promise", "service", "level", "priority", "agreement"]
Period = Literal["month", "quarter", "year", "term"]


@dataclass(frozen=True, slots=True)
class Share:
    """`at_least` of the cases per period, over the scope (A3)."""

    at_least: Fraction
    per: Period
    by: Scope = "promise"


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise about tickets (C5, K1-K9): who owes what, within which target, on which calendar.

    `pauses` are the parties whose having the question freezes the clock (K6); `acceptance` is the
    window in which a solution may be rejected (K5, None: until accepted); `reopen` what a rejection
    does; `armed_by` what starts an update's cycle (K3).
    """

    clause: str
    measure: Measure
    rules: tuple[Rule, ...]
    calendar: str
    promisor: str = SUPPLIER
    pauses: frozenset[str] = frozenset()
    acceptance: Duration | None = None
    reopen: Literal["continue", "restart"] = "continue"
    armed_by: Literal["contact", "interval"] = "contact"
    share: Share | None = None
    beneficiary: str = CUSTOMER


@dataclass(frozen=True, slots=True)
class Availability:
    """A service is up for at least this part of the calendar's open time, per period (A4).

    Maintenance is agreed downtime if announced `notice` before it starts, within `at_most` hours a
    period.
    """

    clause: str
    services: tuple[str, ...]
    at_least: Fraction
    per: Period
    calendar: str
    notice: Duration | None = None
    at_most: Duration | None = None
    promisor: str = SUPPLIER


@dataclass(frozen=True, slots=True)
class Recurring:
    """A dated duty of either side that comes back and needs evidence (K10): first_on, then every
    `every`.
    """

    clause: str
    promisor: str
    what: str
    first_on: date
    every: Rhythm | None
    evidence: str = "upload"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A dated step of either side; a late step that it depends on moves it (K10)."""

    clause: str
    promisor: str
    due_on: date
    after: tuple[str, ...] = ()
    acceptance: Duration | None = None


@dataclass(frozen=True, slots=True)
class OpenTerm:
    """A clause that measured weeks fill in (K11): whose target, in whose words wished, tried when,
    filled in by when.
    """

    clause: str
    of: str
    fill_on: date
    trial: Trial | None
    wish: str = ""
    quantile: Fraction = Fraction(9, 10)
    confidence: Fraction = Fraction(95, 100)
    bounds: tuple[Duration, Duration] | None = None


# Consequences (A5, A7-A9) ------------------------------------------------------------------------

Base = Literal["fee_of_service", "fee_of_agreement"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A part of a base, or a sum of money in the agreement's currency; exactly one of the two."""

    part: Fraction | None = None
    money: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """Below (a credit) or from (a bonus) this share, this amount: that band only, not cumulative
    (A7).
    """

    edge: Fraction
    amount: Amount


@dataclass(frozen=True, slots=True)
class EarnBack:
    """A credit is earned back after this many consecutive periods kept (A9), up to `part` of it."""

    periods: int
    part: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Consequence:
    """A credit, a bonus or a penalty (A7, A9): per miss or by the band of the period's exact share.

    `cap` is per period for this clause, `agreement_cap` a part of the agreement's fee of the period
    over all credits.
    """

    clause: str
    kind: Literal["credit", "bonus", "penalty"]
    of: str
    base: Base
    per: Period
    bands: tuple[Band, ...] = ()
    per_miss: Amount | None = None
    cap: Amount | None = None
    agreement_cap: Fraction | None = None
    earn_back: EarnBack | None = None
    rounding: Literal["half_up", "half_even", "down", "up"] = "half_up"
    bearer: str = SUPPLIER
    always: bool = True
    beside_damages: bool = True
    notice_of_default: bool = False
    claim_within: Rhythm | None = None


@dataclass(frozen=True, slots=True)
class Relief:
    """Misses of these promises are relieved where another party missed `when_missed` first (A8)."""

    clause: str
    of: tuple[str, ...]
    when_missed: str
    on: Literal["same_ticket", "same_period"] = "same_ticket"


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything of one signed version that the engine runs on. Dates in the agreement's zone; fees
    per service and month in the agreement's currency.
    """

    id: str
    law: int
    zone: str
    currency: str
    from_on: date
    until_on: date
    fields: Fields
    calendars: Mapping[str, Calendar]
    promises: tuple[Promise, ...]
    availabilities: tuple[Availability, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    open_terms: tuple[OpenTerm, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    reliefs: tuple[Relief, ...] = ()
    priority_of: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))
    """(impact, service or '' for any) -> priority."""
    monthly_fees: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    periods_from_start: bool = False
    numbers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Clause id -> its number in the signed text, as `3.2`."""
    version: str = "1"
    version_from_on: date | None = None
    """From when this version holds, if later than the term's start; two flags of C1 beside it."""
    open_tickets: bool = False
    signed_late: bool = False
