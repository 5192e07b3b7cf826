"""Checks of prices: indexation and its fixed part, instalments, volumes, hours."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from afspraak.language.document import Document
from afspraak.language.draft import Draft
from afspraak.language.faults import Fault
from afspraak.language.nodes import Path
from afspraak.language.schema_prices import (
    HourlyClause,
    IndexationClause,
    PrepaidHoursClause,
    ProjectPriceClause,
    ReductionClause,
    StandingFeeClause,
    VolumeClause,
)
from afspraak.language.values import show

_WHOLE: Final = Fraction(1)
BELGIAN_FIXED_PART: Final = Fraction(20, 100)
"""The part of a price that may not follow an index (law of 30 March 1976, article 57)."""


def indexation(draft: Draft) -> Iterator[Fault]:
    """The parts make the whole, dates are in order, and Belgian law has its fixed fifth."""
    document = draft.document
    for path, clause in draft.clauses(IndexationClause):
        total = clause.fixed + sum((part.share for part in clause.parts), Fraction(0))
        if total != _WHOLE:
            fact = f"the fixed part and the cost parameters make {_percent(total)}"
            yield draft.fault(path, fact, "let them make 100 % together")
        if is_belgian(draft.document) and clause.fixed < BELGIAN_FIXED_PART:
            fact = f"{show(clause.fixed)} of the price is fixed, and Belgian law asks 20 %"
            remedy = "let at most 80 % follow cost parameters (law of 30 March 1976, article 57)"
            yield draft.fault((*path, "fixed"), fact, remedy)
        if clause.cap is not None and clause.floor is not None and clause.floor > clause.cap:
            yield draft.fault(
                (*path, "floor"),
                "the floor lies above the cap",
                "let the cap be the higher of the two",
            )
        base = (clause.base_month.year, clause.base_month.month)
        if base > (clause.first_on.year, clause.first_on.month):
            fact = (
                f"the base month {clause.base_month} comes after {clause.first_on}, the first time"
            )
            yield draft.fault((*path, "base_month"), fact, "take a month before it")
        if not document.term.from_on <= clause.first_on < document.term.until_on:
            yield draft.fault(
                (*path, "first_on"),
                f"{clause.first_on} lies outside the term",
                "index within the term",
            )


def is_belgian(document: Document) -> bool:
    """Whether Belgian law governs: as stated, else by the zone of the agreement."""
    stated = document.jurisdiction
    return stated.country == "BE" if stated is not None else document.zone == "Europe/Brussels"


def _percent(part: Fraction) -> str:
    return show(part)


def instalments(draft: Draft) -> Iterator[Fault]:
    """The instalments of a project make its sum."""
    for path, clause in draft.clauses(ProjectPriceClause):
        total = sum((each.part for each in clause.instalments), Fraction(0))
        if clause.instalments and total != _WHOLE:
            yield draft.fault(
                (*path, "instalments"),
                f"the instalments make {_percent(total)}",
                "let them make 100 %",
            )


def hours(draft: Draft) -> Iterator[Fault]:
    """What is paid by the hour is a rate per hour; a ceiling needs no period, a period needs a
    ceiling.
    """
    for path, clause in draft.clauses(HourlyClause):
        yield from _per_hour(draft, (*path, "rate"), clause.rate.unit, str(clause.rate))
        if (
            clause.outside_hours is not None
            and clause.calendar is None
            and draft.document.usual_calendar is None
        ):
            remedy = "name the calendar whose hours are meant"
            yield draft.fault((*path, "outside_hours"), "outside hours of no calendar", remedy)
        if clause.ceiling is None:
            fact = f"{clause.id} is open-ended: no ceiling, no warning"
            yield draft.fault(
                path, fact, "add a ceiling if the customer is to be warned", note=True
            )
    for path, prepaid in draft.clauses(PrepaidHoursClause):
        if prepaid.afterwards is not None:
            yield from _per_hour(
                draft, (*path, "afterwards"), prepaid.afterwards.unit, str(prepaid.afterwards)
            )


def _per_hour(draft: Draft, path: Path, unit: str, shown: str) -> Iterator[Fault]:
    if unit != "hour":
        yield draft.fault(path, f"{shown} is no rate per hour", "write it as EUR 95.00 / hour")


def volumes(draft: Draft) -> Iterator[Fault]:
    """Bands that join, from few to many; what holds outside them, where that is a clause."""
    for path, clause in draft.clauses(VolumeClause):
        expected: int | None = None
        for place, band in enumerate(clause.bands):
            low, high = band.units
            if high < low or (expected is not None and low != expected):
                fact = f"the band from {low} to {high} does not join the one before"
                yield draft.fault(
                    (*path, "bands", place),
                    fact,
                    "let each band begin one after the last one's end",
                )
            expected = high + 1
        if (clause.outside == "hourly") != (clause.by_clause is not None):
            remedy = "name the hourly clause in by_clause when, and only when, outside is hourly"
            yield draft.fault(path, f"outside is {clause.outside}", remedy)


def standing_fees(draft: Draft) -> Iterator[Fault]:
    """A standing fee is per month, quarter or year; its id is no service's."""
    for path, clause in draft.clauses(StandingFeeClause):
        if not clause.fee.per:
            yield draft.fault(
                (*path, "fee"),
                f"{clause.fee} names no period",
                "write it per month, quarter or year",
            )
        if clause.id in draft.document.services:
            yield draft.fault(
                (*path, "id"), f"{clause.id} is a service as well", "give the clause another id"
            )


def reductions(draft: Draft) -> Iterator[Fault]:
    """A reduction takes away a part, never more than all."""
    for path, clause in draft.clauses(ReductionClause):
        if isinstance(clause.reduction, Fraction) and clause.reduction > _WHOLE:
            fact = f"a reduction of {show(clause.reduction)} is more than the price"
            yield draft.fault((*path, "reduction"), fact, "write at most 100 %")
