"""What the demonstration's agreements live through: owners, evidence, a swap, proofs, things."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from afspraak import flow
from afspraak.agreements.load import versions_of
from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Duty, State
from afspraak.engine.time import local_date, zone_of
from afspraak.keeping.actions import Said
from afspraak.keeping.models import Subject
from afspraak.language.schema_people import KnowledgeClause, PeopleClause
from afspraak.parties.actions import Actor
from afspraak.parties.models import Person
from afspraak.rights.viewer import SYSTEM

ZONE: Final = "Europe/Amsterdam"
HANDED_IN: Final = 6
"""So many dates are kept by evidence."""


def live(*, relation: UUID, at: int) -> None:
    """Fill the pages of every agreement of a relation: small, and the same each time."""
    for agreement in Agreement.objects.seen_by(SYSTEM).filter(relation_id=relation):
        flow.look_at_duties(agreement=agreement, at=at, is_quiet=True)
        people = Person.objects.seen_by(SYSTEM)
        ours = people.filter(organisation_id=agreement.supplier_id).order_by("created_at").first()
        theirs = people.filter(organisation_id=agreement.customer_id).order_by("created_at").first()
        if ours is not None and theirs is not None:
            _hand_in(agreement, Actor(agreement.supplier_id, ours.pk), at)
            _say(agreement, Actor(agreement.supplier_id, ours.pk), at)


def _hand_in(agreement: Agreement, actor: Actor, at: int) -> None:
    """The newest dates of the supplier were kept; somebody sees to each of its clauses."""
    rows = Duty.objects.seen_by(SYSTEM).filter(agreement=agreement, promisor="supplier")
    for clause in sorted(set(rows.values_list("clause", flat=True))):
        flow.name_owner(
            agreement=agreement, clause=clause, person=actor.person, actor=actor, viewer=SYSTEM,
            at=at,
        )  # fmt: skip
    late = rows.filter(state=State.MISSED, satisfied_at=None).order_by("-due_at")
    for row in list(late[:HANDED_IN])[1:]:
        flow.hand_in(
            agreement=agreement,
            handed_in=flow.HandedIn(row.clause, row.planned_on, "Ligt in het dossier."),
            actor=actor, viewer=SYSTEM, at=at,
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
