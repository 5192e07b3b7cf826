"""Rows -> what a report says beside its figures, and which reports an agreement promises."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from afspraak.agreements.load import Signed, versions_of
from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Duty
from afspraak.engine.periods import Period, period_of
from afspraak.engine.terms import Terms
from afspraak.engine.time import Rhythm, add, datetime_of, instant_of, zone_of
from afspraak.language.document import Document
from afspraak.language.schema_promises import ReportingClause
from afspraak.language.text.lexicon import clause_titles, lexicon_of
from afspraak.language.values import Rate
from afspraak.reports.plain_values import About, CostAgreed, DatedDuty, ServiceHeld
from afspraak.reports.texts import Language
from afspraak.rights.viewer import Viewer
from afspraak.tickets.costs import sum_of, sums_of
from afspraak.tickets.models import Fact

_CALENDAR: Final = {1: "month", 3: "quarter", 12: "year"}


@dataclass(frozen=True, slots=True)
class Promised:
    """A report that is due on a date: for which period, and the fact that it was sent, if so."""

    duty: Duty
    period: Period
    sent: Fact | None

    @property
    def sent_at(self) -> int | None:
        """When it was sent: the moment that it speaks of (F5)."""
        return None if self.sent is None else instant_of(self.sent.happened_at)


def reports_of(agreement: Agreement, viewer: Viewer) -> list[Promised]:
    """Every report that an agreement promises, by date."""
    signed = _newest(agreement, viewer)
    if signed is None:
        return []
    clauses = {each.id: each for each in signed.document.of_type(ReportingClause)}
    sent = _sent(agreement, viewer)
    rows = Duty.objects.seen_by(viewer).filter(agreement=agreement, clause__in=clauses)
    return [
        Promised(
            row,
            period_reported(clauses[row.clause].every, row.planned_on, signed.terms),
            sent.get((row.clause, row.planned_on)),
        )
        for row in rows.order_by("planned_on", "clause")
    ]


def _newest(agreement: Agreement, viewer: Viewer) -> Signed | None:
    signed = versions_of([agreement.relation_id], viewer).get(agreement.relation_id, ())
    mine = [each for each in signed if each.row.agreement_id == agreement.id]
    return mine[-1] if mine else None


def _sent(agreement: Agreement, viewer: Viewer) -> dict[tuple[str, date], Fact]:
    """The reports that were sent: evidence that names the bytes."""
    rows = Fact.objects.seen_by(viewer).filter(agreement=agreement, code="evidence", ticket=None)
    found = {}
    for row in rows.select_related("words", "person").order_by("seq"):
        more = row.data.get("more", {})
        if more.get("sha256") and more.get("for_on"):
            found[more["clause"], date.fromisoformat(more["for_on"])] = row
    return found


def period_reported(every: Rhythm, planned_on: date, terms: Terms) -> Period:
    """The period that a report is about: the calendar's last month, quarter or year that had ended
    when it is due; in any other rhythm the time since the report before it.
    """
    per = _CALENDAR.get(every.months) if not every.days else None
    if per is None or terms.periods_from_start:
        return Period(max(terms.from_on, add(planned_on, every, -1)), planned_on)
    current = period_of(planned_on, per, Period(terms.from_on, terms.until_on))  # type: ignore[arg-type]  # a word of Per
    start = add(current.from_on, every, -1)
    return Period(start, current.from_on)


# Beside the figures -------------------------------------------------------------------------------


def about_of(
    agreement: Agreement, viewer: Viewer, promised: Promised, language: Language, as_of: int
) -> About | None:
    """What the report says beside its figures; None without a version."""
    signed = _newest(agreement, viewer)
    if signed is None:
        return None
    document = signed.document
    words = promised.sent.words if promised.sent else None
    return About(
        supplier=agreement.supplier.name,
        customer=agreement.customer.name,
        reference=agreement.reference,
        services=list(services_held(document, language)),
        costs=list(_costs(agreement, viewer, promised.period, signed.terms, as_of)),
        duties=list(_duties(agreement, viewer, promised.period, document, language)),
        proposals=words.body if words else "",
    )


def services_held(document: Document, language: Language) -> Iterator[ServiceHeld]:
    """Every service of a document, as people call it."""
    lexicon = lexicon_of(document, language)
    for key, service in document.services.items():
        units = "" if service.units is None else str(service.units)
        unit = service.fee.unit if isinstance(service.fee, Rate) else ""
        if units and unit:
            units = f"{units} × {lexicon.units.show(unit)}"  # noqa: RUF001 - so many times
        yield ServiceHeld(key, lexicon.services.show(key), service.level, units)


def _costs(
    agreement: Agreement, viewer: Viewer, period: Period, terms: Terms, as_of: int
) -> Iterator[CostAgreed]:
    """Extra cost agreed within the period, as it was proposed."""
    start, end = (datetime_of(each) for each in period.spans(zone_of(terms.zone)))
    rows = Fact.objects.seen_by(viewer).filter(
        ticket__standing__agreement=agreement,
        code="cost_agreed",
        recorded_at__lte=datetime_of(as_of),
        happened_at__gte=start,
        happened_at__lt=end,
    )
    consents = list(rows.select_related("ticket").order_by("ticket_id", "seq"))
    sums = sums_of(map(sum_of, consents), viewer)
    for row in consents:
        assert row.ticket is not None
        yield CostAgreed(row.ticket.number, instant_of(row.happened_at), sums.get(sum_of(row), ""))


def _duties(
    agreement: Agreement, viewer: Viewer, period: Period, document: Document, language: Language
) -> Iterator[DatedDuty]:
    titles = clause_titles(document, language)
    rows = Duty.objects.seen_by(viewer).filter(
        agreement=agreement, due_on__gte=period.from_on, due_on__lt=period.until_on
    )
    for row in rows.order_by("due_on", "clause"):
        title = titles.get(row.clause, row.clause)
        yield DatedDuty(title, row.promisor, row.due_on, row.state, row.clause)
