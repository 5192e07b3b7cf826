"""One row, as its viewer sees it; a foreign one and none at all are told alike."""

from collections.abc import Callable, Iterable
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
    return relations_sent(viewer, [relation])()[relation]


def relations_sent(viewer: Viewer, ids: Iterable[UUID]) -> Callable[[], dict[UUID, Relation]]:
    """Several, each of which must be there, in what is sent `together`."""
    wanted = sorted(set(ids))
    rows = _RELATIONS.sent(viewer, ids=wanted)

    def read() -> dict[UUID, Relation]:
        found = {each.id: each for each in rows()}
        if len(found) < len(wanted):
            raise Missing
        return found

    return read


_RELATIONS: Final = Question(
    lambda viewer, ids: Relation.objects.seen_by(viewer).filter(pk__in=ids)
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
