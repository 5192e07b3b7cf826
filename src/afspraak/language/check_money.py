"""Checks of prices and consequences (SEMANTICS A3, A5, A7-A9): bands in order, caps that fit, parts
that make a whole.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Final

from afspraak.language.document import Clause
from afspraak.language.draft import Draft
from afspraak.language.faults import Fault
from afspraak.language.nodes import Path
from afspraak.language.schema_base import ClauseBase
from afspraak.language.schema_consequences import (
    BonusClause,
    CapClause,
    CreditClause,
    PenaltyClause,
    ReliefClause,
)
from afspraak.language.schema_promises import AvailabilityClause, TicketPromiseClause
from afspraak.language.terms_money import ConsequenceClause, period_of
from afspraak.language.values import Money, show

_WHOLE: Final = Fraction(1)


def consequences(draft: Draft) -> Iterator[Fault]:
    """Credits, bonuses and penalties: what they rest on, their bands, their caps."""
    clauses = {clause.id: clause for clause in draft.document.clauses}
    for path, clause in draft.clauses(ClauseBase):
        if not isinstance(clause, CreditClause | BonusClause | PenaltyClause):
            continue
        if clause.of in clauses:
            yield from _basis(draft, path, clause, clauses[clause.of])
            yield from _fee(draft, path, clause, clauses[clause.of])
            yield from _cap(draft, path, clause)
        yield from _order(draft, path, clause)
        yield from _sizes(draft, path, clause)


def _basis(draft: Draft, path: Path, clause: ConsequenceClause, of: Clause) -> Iterator[Fault]:
    """Bands need a share; a period that is stated is the share's; a penalty is not claimed by who
    owes it.
    """
    share = (
        of.share
        if isinstance(of, TicketPromiseClause)
        else of
        if isinstance(of, AvailabilityClause)
        else None
    )
    if clause.bands and share is None:
        fact = f"bands, and {of.id} promises no share"
        yield draft.fault((*path, "bands"), fact, f"add share: to {of.id}, or use per_miss")
    if share is not None and clause.per is not None and clause.per != share.per:
        fact = f"it counts per {clause.per}, and the share of {of.id} per {share.per}"
        yield draft.fault((*path, "per"), fact, "leave per out, or make the two equal")
    promisor = getattr(of, "promisor", "")
    if isinstance(clause, PenaltyClause) and draft.document.role(
        clause.claimed_by
    ) == draft.document.role(promisor):
        fact = f"{clause.claimed_by} would claim its own penalty"
        yield draft.fault((*path, "claimed_by"), fact, "name the other party")
    if share is not None:
        yield from _beside(draft, path, clause, share.at_least)


def _fee(draft: Draft, path: Path, clause: ConsequenceClause, of: Clause) -> Iterator[Fault]:
    """A part of a service's fee needs a share that is judged service by service (A3, A7)."""
    share = of.share if isinstance(of, TicketPromiseClause) else None
    whole = share is not None and share.by != "service"
    parts = any(isinstance(amount, Fraction) for _, amount in _amounts(path, clause))
    if whole and parts and clause.base == "fee_of_service":
        fact = f"a part of fee_of_service, and the share of {of.id} is not judged by service"
        remedy = f"write by: service in the share of {of.id}, or base: fee_of_agreement"
        yield draft.fault(path, fact, remedy)


def _beside(
    draft: Draft, path: Path, clause: ConsequenceClause, at_least: Fraction
) -> Iterator[Fault]:
    """No credit while the promise is kept, no bonus while it isn't."""
    for place, band in enumerate(clause.bands or ()):
        edge = _edge(band)
        if isinstance(clause, BonusClause) and edge < at_least:
            fact = f"a bonus from {show(edge)}, below the promised {show(at_least)}"
            yield draft.fault((*path, "bands", place), fact, "reward only what was kept")
        if not isinstance(clause, BonusClause) and edge > at_least:
            fact = (
                f"a {clause.type} below {show(edge)}, where {show(at_least)} was promised and kept"
            )
            yield draft.fault((*path, "bands", place), fact, f"begin at {show(at_least)} or lower")


def _edge(band: object) -> Fraction:
    edge = getattr(band, "below", None)
    found = getattr(band, "at_least", None) if edge is None else edge
    assert isinstance(found, Fraction)
    return found


def _amount(band: object) -> Fraction | Money:
    found = next(
        getattr(band, name) for name in ("credit", "bonus", "penalty") if hasattr(band, name)
    )
    assert isinstance(found, Fraction | Money)
    return found


def _order(draft: Draft, path: Path, clause: ConsequenceClause) -> Iterator[Fault]:
    """Each band goes further than the one before, and gives more."""
    bands = clause.bands or ()
    for place, (before, band) in enumerate(pairwise(bands), start=1):
        at: Path = (*path, "bands", place)
        rising = isinstance(clause, BonusClause)
        if (_edge(band) <= _edge(before)) if rising else (_edge(band) >= _edge(before)):
            fact = f"the band at {show(_edge(band))} does not go further than {show(_edge(before))}"
            yield draft.fault(
                at, fact, f"list bands from {'low to high' if rising else 'high to low'}, each once"
            )
        less, more = _amount(before), _amount(band)
        if type(less) is not type(more):
            yield draft.fault(
                at, "a share and a sum in one list of bands", "write all as shares or all as sums"
            )
        elif _number(more) <= _number(less):
            yield draft.fault(
                at, f"{show(more)} is not more than {show(less)}", "let each band give more"
            )


def _number(amount: Fraction | Money) -> Fraction:
    return Fraction(amount.amount) if isinstance(amount, Money) else amount


def _amounts(path: Path, clause: ConsequenceClause) -> Iterator[tuple[Path, Fraction | Money]]:
    """What the bands give and what a miss gives, with their paths."""
    for place, band in enumerate(clause.bands or ()):
        yield (*path, "bands", place), _amount(band)
    per_miss = getattr(clause, "per_miss", None)
    if per_miss is not None:
        yield (*path, "per_miss"), per_miss


def _sizes(draft: Draft, path: Path, clause: ConsequenceClause) -> Iterator[Fault]:
    for at, amount in _amounts(path, clause):
        if isinstance(amount, Fraction) and amount > _WHOLE:
            yield draft.fault(
                at, f"{show(amount)} is more than the whole fee", "write at most 100 %"
            )


def _cap(draft: Draft, path: Path, clause: ConsequenceClause) -> Iterator[Fault]:
    cap = clause.cap
    if cap is None:
        return
    at, value = (*path, "cap"), getattr(cap, f"per_{cap.per}")
    if cap.per != (per := period_of(draft.document, clause)):
        fact = f"the cap is per {cap.per}, and the {clause.type} per {per}"
        yield draft.fault(at, fact, "state the cap for the same period")
    if isinstance(value, Fraction):
        if cap.of is None:
            yield draft.fault(
                at, f"{show(value)} of what?", "add of: fee_of_service or fee_of_agreement"
            )
        if value > _WHOLE:
            yield draft.fault(at, f"a cap of {show(value)} is no cap", "write at most 100 %")
        if cap.of == "fee_of_service" and clause.base == "fee_of_agreement":
            remedy = "let the cap be a part of the same fee"
            yield draft.fault(at, "a cap of fee_of_service on a base of fee_of_agreement", remedy)
    elif cap.of is not None:
        yield draft.fault(at, f"a sum ({show(value)}) is no part of {cap.of}", "leave of out")


def caps(draft: Draft) -> Iterator[Fault]:
    """One cap for each kind of consequence."""
    first: dict[str, Path] = {}
    for path, clause in draft.clauses(CapClause):
        if clause.over in first:
            fact = (
                f"a cap over {clause.over} stands in line {draft.line(first[clause.over])} already"
            )
            yield draft.fault(path, fact, "keep one of them")
        first.setdefault(clause.over, path)
        yield from _other_periods(draft, path, clause)


def _other_periods(draft: Draft, path: Path, cap: CapClause) -> Iterator[Fault]:
    """A cap per quarter says nothing of what is reckoned per month (A7)."""
    known = {clause.id for clause in draft.document.clauses}
    for clause in draft.document.clauses:
        if isinstance(clause, CreditClause | BonusClause | PenaltyClause) and clause.of in known:
            per = period_of(draft.document, clause)
            if clause.type == cap.over and per != cap.per:
                fact = f"the cap is per {cap.per}, and {clause.id} is reckoned per {per}"
                yield draft.fault((*path, "per"), fact, "reckon both over the same period")


def reliefs(draft: Draft) -> Iterator[Fault]:
    """Relief comes from another party's miss; on one ticket only between promises about tickets
    (A8).
    """
    clauses = {clause.id: clause for clause in draft.document.clauses}
    for path, clause in draft.clauses(ReliefClause):
        other = clauses.get(clause.when_missed)
        for name in clause.of:
            promise = clauses.get(name)
            if promise is None or other is None:
                continue
            if getattr(promise, "promisor", "") == getattr(other, "promisor", None):
                fact = f"{name} and {other.id} are promises of the same party"
                yield draft.fault(path, fact, "relief follows a miss of another party (A8)")
            tickets = isinstance(promise, TicketPromiseClause) and isinstance(
                other, TicketPromiseClause
            )
            if clause.on == "same_ticket" and not tickets:
                fact = f"{name} and {other.id} are not both promises about tickets"
                yield draft.fault(path, fact, "write on: same_period")
