"""What the demonstration's agreements live through: owners, evidence, a swap, proofs, things."""

from datetime import timedelta
from typing import Final
from uuid import UUID
from zlib import crc32

from afspraak import flow
from afspraak.agreements.load import versions_of
from afspraak.agreements.models import Agreement
from afspraak.archive.actions import Carers
from afspraak.clocks.judge_duties import FILL_IN
from afspraak.clocks.models import Duty
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.time import DAY, HOUR, datetime_of, instant_of, local_date, zone_of
from afspraak.flow.archive import take_care
from afspraak.keeping.actions import Said
from afspraak.keeping.models import Subject
from afspraak.language.schema_people import KnowledgeClause, PeopleClause
from afspraak.parties.actions import Actor
from afspraak.parties.models import Person, Relation
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.happened import Happened

ZONE: Final = "Europe/Amsterdam"
SOURCE: Final = "demo"
AHEAD: Final = 2 * DAY + 9 * HOUR
"""So long before they are due dates are kept."""
SLIPS: Final = 9
"""One date in so many is forgotten."""


def live(*, relation: UUID, at: int) -> None:
    """Fill the pages of every agreement of a relation: small, and the same each time."""
    for agreement in Agreement.objects.seen_by(SYSTEM).filter(relation_id=relation):
        flow.look_at_duties(agreement=agreement, at=at, is_quiet=True)
        _hand_in(agreement, at)
        person = _first_of(agreement.supplier_id)
        if person is not None and _first_of(agreement.customer_id) is not None:
            actor = Actor(agreement.supplier_id, person)
            _name_owners(agreement, actor, at)
            if _is_seen_to(agreement.reference):
                take_care(agreement=agreement, carers=Carers(person), actor=actor, at=at)
            _say(agreement, actor, at)
    for row in Relation.objects.seen_by(SYSTEM).filter(pk=relation).select_related("supplier"):
        flow.look_at_relation(relation=row, at=at)


def _is_seen_to(what: str) -> bool:
    """Whether it is seen to, the same each time; of many things a few are not."""
    return crc32(what.encode()) % SLIPS != 0


def _first_of(organisation: UUID) -> UUID | None:
    rows = Person.objects.seen_by(SYSTEM).filter(organisation_id=organisation)
    return rows.order_by("created_at").values_list("pk", flat=True).first()


def _hand_in(agreement: Agreement, at: int) -> None:
    """What was due is in, in time, as another system recorded it then; now and again not."""
    rows = Duty.objects.seen_by(SYSTEM).filter(agreement=agreement, due_at__lt=datetime_of(at))
    told = [
        _evidence(agreement, row)
        for row in rows.exclude(what=FILL_IN).order_by("due_at", "clause")
        if _is_seen_to(f"{agreement.reference}/{row.clause}/{row.planned_on:%m}")
    ]
    if told:
        flow.take_facts(told=told, viewer=SYSTEM, at=at, is_quiet=True)


def _evidence(agreement: Agreement, row: Duty) -> Happened:
    side = CUSTOMER if row.promisor == CUSTOMER else SUPPLIER
    kept_at = instant_of(row.due_at) - AHEAD
    return Happened(
        relation=agreement.relation_id,
        code="evidence",
        happened_at=kept_at,
        recorded_at=kept_at,
        recorded_by=side,
        by=side,
        agreement=agreement.pk,
        words="Ligt in het dossier.",
        more={"clause": row.clause, "for_on": row.planned_on.isoformat()},
        source=SOURCE,
        source_id=f"{agreement.pk}/{row.clause}/{row.planned_on}",
        is_imported=True,
    )


def _name_owners(agreement: Agreement, actor: Actor, at: int) -> None:
    """Somebody sees to each of the supplier's clauses."""
    rows = Duty.objects.seen_by(SYSTEM).filter(agreement=agreement, promisor=SUPPLIER)
    for clause in sorted(set(rows.values_list("clause", flat=True))):
        flow.name_owner(
            agreement=agreement, clause=clause, person=actor.person, actor=actor, viewer=SYSTEM,
            at=at,
        )  # fmt: skip


def _say(agreement: Agreement, actor: Actor, at: int) -> None:
    signed = versions_of([agreement.relation_id], SYSTEM).get(agreement.relation_id, ())
    document = next(each.document for each in signed if each.row.agreement_id == agreement.pk)
    today = local_date(zone_of(ZONE), at)
    said = [
        Said(
            Subject.THING, "fw-01", "kept",
            data={"label": "fw-01", "name": "Firewall in de serverkast", "owner": "supplier",
                  "at_exit": "bought"},
        )
    ]  # fmt: skip
    for clause in document.of_type(PeopleClause):
        data = {"leaves": clause.people[0].name, "comes": "Noor Smit", "seniority": "senior"}
        on = today + timedelta(days=45)
        said.append(Said(Subject.PERSON, "", "announced", on, data, "Andere functie"))
    for known in document.of_type(KnowledgeClause):
        said += [
            Said(
                Subject.PERSON, "Bilal Aydin", "proof", today - timedelta(days=200),
                {"knows": what}, "Training gevolgd",
            )
            for what in (*known.services, *known.software)
        ]  # fmt: skip
    flow.say(agreement=agreement, said=said, actor=actor, at=at)
