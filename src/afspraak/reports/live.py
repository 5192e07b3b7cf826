"""Rows -> a replay: an agreement's own tickets under the versions that were signed, as of a moment.
The figures are a replay's, whoever asks for them.
"""

from collections.abc import Iterable
from dataclasses import replace

from afspraak.agreements.load import Signed, versions_of
from afspraak.agreements.models import Agreement
from afspraak.clocks.load import Extension, extensions_of, longer
from afspraak.clocks.models import Standing
from afspraak.clocks.said import services_said
from afspraak.clocks.uptime import maintenance_of, outages_of
from afspraak.engine.periods import Period
from afspraak.engine.time import parse_date
from afspraak.reports.contracts import Contract
from afspraak.reports.contracts_read import contract_of
from afspraak.reports.of_period import OfPeriod, PeriodReplayer
from afspraak.reports.replay import Logged, as_it_stands
from afspraak.reports.uptimes import ServiceLog
from afspraak.rights.viewer import Viewer
from afspraak.tickets.stored import logs_of


def contracts_of(agreement: Agreement, viewer: Viewer) -> list[Contract]:
    """The versions that every party signed, as a replay takes them; their calendars as far as facts
    extended them (C1).
    """
    signed = versions_of([agreement.relation_id], viewer).get(agreement.relation_id, ())
    extended = extensions_of([agreement.id], viewer).get(agreement.id, ())
    return [
        _contract(each, extended)
        for each in signed
        if each.row.agreement_id == agreement.id and _is_signed(each)
    ]


def _is_signed(each: Signed) -> bool:
    return set(each.version.parties) <= set(each.version.signed_at)


def _contract(each: Signed, extended: Iterable[Extension]) -> Contract:
    document, version = each.document, each.version
    signed_at = max(version.signed_at.values())
    contract = contract_of(document, each.data, document.id, signed_at=signed_at)
    calendars = dict(contract.terms.calendars)
    for name, until_on, closed in extended:
        dates = frozenset(map(parse_date, closed))
        calendars[name] = longer(calendars[name], parse_date(until_on), dates)
    return replace(contract, terms=replace(contract.terms, calendars=calendars))


def period_of_agreement(
    agreement: Agreement, viewer: Viewer, period: Period, as_of: int
) -> OfPeriod | None:
    """The agreement's whole time until a moment, and one period of it; None where no version was
    signed. The viewer must be one of its parties: nobody else sees all that is counted.
    """
    contracts = contracts_of(agreement, viewer)
    if not contracts:
        return None
    logs = list(logged_of(agreement, viewer))
    moments = [fact.happened_at for each in logs for fact in each.facts]
    span = (min(moments, default=as_of), as_of)
    replayer = PeriodReplayer(
        period,
        contracts,
        span,
        as_of,
        strict=True,
        worst=0,
        log=services_of(agreement, viewer, as_of),
    )
    for each in logs:
        ticket, read = as_it_stands(each, as_of)
        replayer.take(read, ticket)
    return replayer.close_both()


def logged_of(agreement: Agreement, viewer: Viewer) -> Iterable[Logged]:
    """The tickets that the agreement governs, by their numbers."""
    rows = Standing.objects.seen_by(viewer).filter(agreement=agreement)
    numbers = dict(rows.values_list("ticket_id", "ticket__number"))
    logs = logs_of(numbers, viewer)
    for ticket in sorted(numbers, key=numbers.__getitem__):
        yield Logged(numbers[ticket], "", logs.get(ticket, []))


def services_of(agreement: Agreement, viewer: Viewer, as_of: int) -> ServiceLog:
    """What is known of the agreement's services: outages, and maintenance."""
    said = services_said(agreement.id, viewer)
    return ServiceLog(
        [("", each) for each in outages_of(said, as_of)],
        [("", each) for each in maintenance_of(said, as_of)],
        is_there=True,
    )
