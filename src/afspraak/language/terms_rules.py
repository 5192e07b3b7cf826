"""The finite fields and the promises about tickets: document -> the engine's rules (SEMANTICS C3,
C5, K11).
"""

from dataclasses import replace
from typing import Final

from afspraak.engine import terms
from afspraak.engine.terms import BestEffort, Fields, Open, Promise, Rule, Trial
from afspraak.language.document import Document
from afspraak.language.schema_base import LEVELS
from afspraak.language.schema_prices import (
    HourlyClause,
    PrepaidHoursClause,
    ProjectPriceClause,
    StandingFeeClause,
    StartUpClause,
)
from afspraak.language.schema_promises import (
    OpenTermClause,
    TargetRow,
    TicketPromiseClause,
    TrialPart,
)

_PRICES: Final = (
    HourlyClause,
    PrepaidHoursClause,
    ProjectPriceClause,
    StandingFeeClause,
    StartUpClause,
)


def fields_of(document: Document) -> Fields:
    """The finite fields of conditions, with the level that each service implies (C3)."""
    level_of = {key: service.level for key, service in document.services.items()}
    used = set(level_of.values())
    values: dict[str, tuple[str, ...]] = {
        "service": tuple(document.services),
        "level": tuple(level for level in LEVELS if level in used),
        "priority": document.priorities,
        "kind": document.ticket_kinds,
        "site": document.sites,
    }
    return Fields({name: found for name, found in values.items() if found}, level_of)


def best_effort_services(document: Document) -> tuple[str, ...]:
    """Services for which nobody pays to stand ready: best effort, no clock.

    A contract that states no price at all (an inferred promise, a what-if) says nothing about it.
    """
    standing = {
        service for clause in document.of_type(StandingFeeClause) for service in clause.services
    }
    prices = any(isinstance(clause, _PRICES) for clause in document.clauses)
    if not prices and all(service.fee is None for service in document.services.values()):
        return ()
    return tuple(
        key for key, each in document.services.items() if each.fee is None and key not in standing
    )


def trial_of(part: TrialPart | None) -> Trial | None:
    """The trial period of an open term."""
    return None if part is None else Trial(part.from_on, part.until_on, part.value)


def rules_of(document: Document, clause: TicketPromiseClause) -> tuple[Rule, ...]:
    """The rows of a promise as rules; a supplier's promise on a service without standing fee is
    best effort.
    """
    open_terms = {term.id: term for term in document.of_type(OpenTermClause)}
    rules = tuple(_rule(clause, row, open_terms) for row in clause.targets)
    without = best_effort_services(document) if clause.promisor == "supplier" else ()
    if not rules or not without:
        return rules
    named = tuple(
        rule if rule.name else replace(rule, name=f"row-{place}")
        for place, rule in enumerate(rules, start=1)
    )
    names = tuple(rule.name for rule in named)
    return (
        *named,
        *(Rule(clause.id, BestEffort(), {"service": key}, "", names) for key in without),
    )


def _rule(
    clause: TicketPromiseClause, row: TargetRow, open_terms: dict[str, OpenTermClause]
) -> Rule:
    target: terms.Target = BestEffort()
    if row.value is not None:
        target = row.value
    elif row.open is not None:
        term = open_terms.get(row.open)
        target = Open(row.open, trial_of(term.trial) if term else None)
    return Rule(
        clause.id, target, row.when.fields(), row.name or "", row.exception_to, row.calendar or ""
    )


def promise_of(document: Document, clause: TicketPromiseClause) -> Promise:
    """A promise about tickets as the engine runs it (K1-K9)."""
    promisor = document.role(clause.promisor)
    share = None
    if clause.share is not None:
        share = terms.Share(clause.share.at_least, clause.share.per, clause.share.by)
    return Promise(
        clause=clause.id,
        measure=clause.measure,
        rules=rules_of(document, clause),
        calendar=clause.calendar,
        promisor=promisor,
        pauses=frozenset(document.role(party) for party in clause.pauses),
        acceptance=clause.acceptance,
        reopen=clause.reopen,
        armed_by=clause.armed_by or "contact",
        share=share,
        beneficiary="supplier" if promisor == "customer" else "customer",
    )
