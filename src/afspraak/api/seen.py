"""One row, as its viewer sees it; a foreign one and none at all are told alike."""

from collections.abc import Callable
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Model

from afspraak.agreements.models import Agreement, AgreementVersion
from afspraak.api.problem import Missing
from afspraak.parties.models import Organisation, Person, Relation
from afspraak.rights.querysets import ScopedQuerySet
from afspraak.rights.question import Question
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Fact, Ticket

Row = TypeVar("Row", bound=Model)


def one(rows: ScopedQuerySet[Row], id_: UUID) -> Row:
    """The row of an id among these. Raises Missing."""
    found = rows.filter(pk=id_).first()
    if found is None:
        raise Missing
    return found


def ticket_seen(viewer: Viewer, ticket: UUID) -> Ticket:
    """A ticket with how it stands."""
    return one(Ticket.objects.seen_by(viewer).select_related("standing", "relation"), ticket)


def fact_seen(viewer: Viewer, fact: UUID) -> Fact:
    """A fact with its relation and its text."""
    return one(Fact.objects.seen_by(viewer).select_related("relation", "words"), fact)


def relation_seen(viewer: Viewer, relation: UUID) -> Relation:
    """A relation."""
    return relation_sent(viewer, relation)()


def relation_sent(viewer: Viewer, relation: UUID) -> Callable[[], Relation]:
    """The same in what is sent `together`."""
    rows = _RELATIONS.sent(viewer, relation=relation)

    def read() -> Relation:
        if not (found := rows()):
            raise Missing
        return found[0]

    return read


_RELATIONS: Final = Question(
    lambda viewer, relation: Relation.objects.seen_by(viewer).filter(pk=relation)
)


def agreement_seen(viewer: Viewer, agreement: UUID) -> Agreement:
    """An agreement."""
    return one(Agreement.objects.seen_by(viewer).select_related("relation"), agreement)


def version_seen(viewer: Viewer, version: UUID) -> AgreementVersion:
    """A version of an agreement, with its bytes."""
    return one(AgreementVersion.objects.seen_by(viewer), version)


def organisation_seen(viewer: Viewer, organisation: UUID) -> Organisation:
    """An organisation."""
    return one(Organisation.objects.seen_by(viewer), organisation)


def person_seen(viewer: Viewer, person: UUID) -> Person:
    """Somebody."""
    return one(Person.objects.seen_by(viewer), person)
