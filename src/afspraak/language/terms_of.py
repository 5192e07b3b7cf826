"""The document's typed terms as the engine's frozen values: what was signed is what runs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from afspraak.engine.hours import Calendar, Interval, joined
from afspraak.engine.terms import Availability, Delivery, OpenTerm, Recurring, Relief, Terms
from afspraak.engine.time import add
from afspraak.language.document import Document
from afspraak.language.holidays import holidays_between
from afspraak.language.schema_base import Language
from afspraak.language.schema_consequences import (
    BonusClause,
    CreditClause,
    PenaltyClause,
    ReliefClause,
)
from afspraak.language.schema_frame import ServiceCalendar
from afspraak.language.schema_people import ExitClause
from afspraak.language.schema_prices import IndexationClause
from afspraak.language.schema_promises import (
    AvailabilityClause,
    DeliveryClause,
    OpenTermClause,
    RecurringPromiseClause,
    ReportingClause,
    ReviewClause,
    TicketPromiseClause,
)
from afspraak.language.terms_money import consequence_of, monthly_fees
from afspraak.language.terms_rules import fields_of, promise_of, trial_of
from afspraak.language.text.numbers import clause_numbers
from afspraak.language.values import weekdays

Cover = tuple[date, date]


def terms_of(document: Document, cover: Cover | None = None) -> Terms:
    """A checked document -> the terms that the engine runs on; `cover` widens the calendars for a
    what-if.
    """
    return Terms(
        id=document.id,
        law=int(document.law),
        zone=document.zone,
        currency=document.currency,
        from_on=document.term.from_on,
        until_on=document.term.until_on,
        fields=fields_of(document),
        calendars=calendars_of(document, cover),
        promises=tuple(
            promise_of(document, clause) for clause in document.of_type(TicketPromiseClause)
        ),
        availabilities=tuple(
            _availability(document, clause) for clause in document.of_type(AvailabilityClause)
        ),
        recurring=tuple(_recurring(document)),
        deliveries=tuple(
            Delivery(
                clause.id,
                document.role(clause.promisor),
                clause.due_on,
                clause.after,
                clause.acceptance,
            )
            for clause in document.of_type(DeliveryClause)
        ),
        open_terms=tuple(_open_term(clause) for clause in document.of_type(OpenTermClause)),
        consequences=tuple(
            consequence_of(document, clause)
            for clause in document.clauses
            if isinstance(clause, CreditClause | BonusClause | PenaltyClause)
        ),
        reliefs=tuple(
            Relief(clause.id, clause.of, clause.when_missed, clause.on)
            for clause in document.of_type(ReliefClause)
        ),
        priority_of={
            (row.impact, row.service or ""): row.priority for row in document.priority_from
        },
        monthly_fees=monthly_fees(document),
        numbers=clause_numbers(document),
        periods_from_start=document.term.periods == "from_start",
        version=str(document.version.number) if document.version else "1",
        version_from_on=document.version.from_on if document.version else None,
        open_tickets=document.version is not None and document.version.open_tickets,
        signed_late=document.version is not None and document.version.signed_late,
    )


# Calendars (T4, T8) ------------------------------------------------------------------------------


def calendars_of(document: Document, cover: Cover | None = None) -> dict[str, Calendar]:
    """The calendars over their own covers, or widened to hold `cover` as well (a what-if).

    Holidays are those that were frozen; where none were, or beyond the frozen cover, the library is
    asked.
    """
    return {
        name: calendar_of(name, part, document.language, cover)
        for name, part in document.calendars.items()
    }


def calendar_of(
    name: str, part: ServiceCalendar, language: Language, cover: Cover | None = None
) -> Calendar:
    """One calendar as it is written; the holidays' names, which it does without, are asked in
    `language`.
    """
    wide = (
        part.cover
        if cover is None
        else (min(part.cover[0], cover[0]), max(part.cover[1], cover[1]))
    )
    week: list[tuple[Interval, ...]] = [()] * 7
    for days, hours in part.week.items():
        for day in weekdays(days):
            week[day] = joined(name, hours)
    return Calendar(
        name=name,
        zone=part.zone,
        week=tuple(week),
        closed=frozenset(part.closed).union(_holidays(part, language, wide)),
        exceptions={on: joined(name, hours) for on, hours in part.exceptions.items()},
        cover=wide,
    )


def _holidays(part: ServiceCalendar, language: Language, cover: Cover) -> set[date]:
    frozen = set(part.holiday_dates or ())
    if part.holidays is None or (part.holiday_dates is not None and cover == part.cover):
        return frozen
    asked = set(holidays_between(part.holidays, cover, language))
    if part.holiday_dates is None:
        return asked
    return frozen | {on for on in asked if not part.cover[0] <= on < part.cover[1]}


# Dated and measured promises ---------------------------------------------------------------------


def _availability(document: Document, clause: AvailabilityClause) -> Availability:
    agreed = clause.maintenance
    return Availability(
        clause=clause.id,
        services=clause.services,
        at_least=clause.at_least,
        per=clause.per,
        calendar=clause.calendar,
        notice=agreed.announced if agreed else None,
        at_most=agreed.at_most if agreed else None,
        promisor=document.role(clause.promisor),
    )


def _recurring(document: Document) -> Iterator[Recurring]:
    """Every dated duty that comes back, and the plan for the exit, which comes once (K10)."""
    for clause in document.clauses:
        if isinstance(clause, RecurringPromiseClause | ReportingClause | ReviewClause):
            promisor, what = document.role(clause.promisor), _what(clause)
            yield Recurring(
                clause.id, promisor, what, clause.first_on, clause.every, clause.evidence
            )
        elif isinstance(clause, IndexationClause) and clause.notice is not None:
            first = add(clause.first_on, clause.notice, -1)
            promisor = document.role(clause.promisor)
            yield Recurring(clause.id, promisor, "indexation_notice", first, clause.every, "notice")
        elif isinstance(clause, ExitClause) and clause.plan_on is not None:
            yield Recurring(
                clause.id, document.role(clause.promisor), "exit_plan", clause.plan_on, None
            )


def _what(clause: RecurringPromiseClause | ReportingClause | ReviewClause) -> str:
    if isinstance(clause, RecurringPromiseClause):
        return clause.what
    return "report" if isinstance(clause, ReportingClause) else "review_meeting"


def _open_term(clause: OpenTermClause) -> OpenTerm:
    """An open term; without `propose` the engine's own quantile and confidence hold (K11)."""
    plain = OpenTerm(clause.id, clause.of, clause.fill_on, trial_of(clause.trial), clause.wish)
    if clause.propose is None:
        return plain
    propose = clause.propose
    return replace(
        plain, quantile=propose.quantile, confidence=propose.confidence, bounds=propose.bounds
    )
