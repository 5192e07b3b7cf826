"""The walk of a period's report: sending it is the evidence of the promise to report (K10)."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from afspraak.agreements.models import Agreement
from afspraak.engine.facts import SUPPLIER
from afspraak.flow.facts import Taken, take_fact
from afspraak.notices.actions import Owing, owe
from afspraak.notices.models import Kind
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import Viewer
from afspraak.tickets.happened import Happened


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is sent: which promise and date it keeps, its period, the PDF's SHA-256, and
    what the supplier proposes.
    """

    agreement: Agreement
    clause: str
    planned_on: date
    period: str
    sha256: str
    proposals: str


def send_report(*, report: Report, actor: Actor, viewer: Viewer, at: int) -> Taken:
    """Record that the report was handed over, once for its date, and tell the customer. Raises
    Refusal.
    """
    agreement = report.agreement
    parties = parties_of(agreement)
    key = f"{agreement.id}/{report.clause}/{report.planned_on}/report"
    with transaction.atomic():
        taken = take_fact(told=_told(report, key, actor, at), viewer=viewer, at=at)
        owing = Owing(
            kind=Kind.REPORT,
            parties=parties,
            key=key,
            for_at=at,
            agreement=agreement.id,
            clause=report.clause,
        )
        owe(owings=[owing], at=at)
        note_in_audit(
            actor=actor, action="send_report", subject="agreement", subject_id=agreement.id, at=at,
            planned_on=report.planned_on.isoformat(), sha256=report.sha256,
        )  # fmt: skip
    return taken


def _told(report: Report, key: str, actor: Actor, at: int) -> Happened:
    return Happened(
        relation=report.agreement.relation_id,
        code="evidence",
        happened_at=at,
        recorded_by=SUPPLIER,
        agreement=report.agreement.id,
        person=actor.person,
        words=report.proposals,
        more={
            "clause": report.clause,
            "for_on": report.planned_on.isoformat(),
            "period": report.period,
            "sha256": report.sha256,
        },
        source_id=key,
    )
