"""From what was asked to what the walk takes: whose word it is follows from who asks, never from
what they say.
"""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from afspraak.api.auth import need
from afspraak.api.facts_asked import (
    Changes,
    Corrected,
    FactAsked,
    Fields,
    FromSource,
    Merged,
    Reported,
)
from afspraak.api.problem import Contradicted, Missing
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.time import instant_of
from afspraak.parties.identity import Identity
from afspraak.parties.models import Person, Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import Forbidden
from afspraak.rights.parties import Between, party_of
from afspraak.rights.viewer import Viewer
from afspraak.tickets.costs import STATES_COST
from afspraak.tickets.happened import OF_SUPPLIER, Happened
from afspraak.tickets.models import Fact, Ticket

_MONEY: Final = frozenset({"cost_agreed", "cost_declined"})
_OF: Final[Mapping[str, frozenset[str]]] = {
    "answer": frozenset({"question"}),
    "cost_agreed": STATES_COST,
    "cost_declined": STATES_COST,
}
"""Which codes a fact may name in `of`; any, where nothing is said."""


_ID: Final = re.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def speaks_for(row: Between, identity: Identity) -> str:
    """The party that speaks: that of the organisation acted for. Raises Forbidden for an
    organisation of theirs that has no part in it.
    """
    party = party_of(row, identity.organisation)
    if party is None:
        raise Forbidden("act for one of the two: name it in Afspraak-Organisation")
    return party


def _source(asked: FromSource, at: int) -> dict[str, Any]:
    return {
        "happened_at": at if asked.happened_at is None else asked.happened_at,
        "source": asked.source,
        "source_id": asked.source_id or "",
    }


# Reports --------------------------------------------------------------------------------------


def report_of(asked: Reported, relation: Relation, identity: Identity, at: int) -> Happened:
    """A report as the walk takes it."""
    party = speaks_for(relation, identity)
    if party == SUPPLIER:
        need(identity, Right.WORK_TICKETS)
    elif asked.priority is not None:
        raise Forbidden("a customer states the impact; the contract gives its priority")
    if asked.priority is not None and asked.impact is not None:
        raise Contradicted("priority: the impact gives it: state one of the two")
    stated = {name: getattr(asked, name) for name in ("service", "impact", "kind", "site")}
    stated["priority"] = asked.priority
    return Happened(
        relation=relation.id,
        code="reported",
        recorded_by=party,
        by=CUSTOMER,
        person=identity.actor.person,
        reporter=_reporter(asked.reporter, relation, identity, party),
        title=asked.title,
        words=asked.words,
        foreign=asked.foreign or "",
        fields={name: value for name, value in stated.items() if value is not None},
        **_source(asked, at),
    )


def _reporter(
    named: UUID | None, relation: Relation, identity: Identity, party: str
) -> UUID | None:
    """A customer's user reports for himself; others may name somebody of the customer's people."""
    own = identity.actor.person
    if identity.organisation in identity.viewer.limited:
        if named not in (None, own):
            raise Missing
        return own
    if named is None:
        return own if party == CUSTOMER else None
    people = Person.objects.seen_by(identity.viewer)
    if not people.filter(id=named, organisation_id=relation.customer_id).exists():
        raise Missing
    return named


# Facts of a ticket ----------------------------------------------------------------------------


def happened(
    asked: FactAsked, relation: Relation, identity: Identity, at: int, ticket: Ticket | None
) -> Happened:
    """A fact as the walk takes it; `ticket` is None in a batch that names it by another's word."""
    party = speaks_for(relation, identity)
    _check_rights(asked.code, party, identity)
    told: dict[str, Any] = {
        name: value
        for name in ("to", "until", "cost", "cause", "agreed")
        if (value := getattr(asked, name, None)) is not None
    }
    if (of := getattr(asked, "of", None)) is not None:
        told["of"] = of if ticket is None else _named(ticket, of, asked.code, identity.viewer)
    if isinstance(fields := getattr(asked, "fields", None), Fields):
        told["fields"] = _stated(fields)
    if isinstance(asked, Corrected):
        told["changes"] = _changes(asked.set)
    if isinstance(asked, Merged):
        told |= _merged(asked, relation, identity.viewer)
    return Happened(
        relation=relation.id,
        code=asked.code,
        recorded_by=party,
        by=_by(asked, party),
        ticket=ticket.id if ticket else None,
        person=identity.actor.person,
        id=asked.id or "",
        words=asked.words,
        **told,
        **_source(asked, at),
    )


def incident_told(asked: FactAsked, identity: Identity, at: int) -> Happened:
    """What the supplier tells all tickets of an incident: the walk puts each ticket to it."""
    told = {
        name: value
        for name in ("until", "cost")
        if (value := getattr(asked, name, None)) is not None
    }
    return Happened(
        relation=identity.organisation,  # replaced by each ticket's own
        code=asked.code,
        recorded_by=SUPPLIER,
        person=identity.actor.person,
        words=asked.words,
        **told,
        **_source(asked, at),
    )


def _by(asked: FactAsked, party: str) -> str:
    """Who did it, where the code does not say: whoever tells it, unless named (an answer)."""
    named: str | None = getattr(asked, "by", None)
    own_word = {"answer", "confirmed", "corrected", "contribution"} | _MONEY
    return named or (party if asked.code in own_word else "")


def _check_rights(code: str, party: str, identity: Identity) -> None:
    if code in _MONEY:
        need(identity, Right.AGREE_COST)
    if party == SUPPLIER:
        need(identity, Right.WORK_TICKETS)
    elif code in OF_SUPPLIER:
        raise Forbidden(f"{code}: only the supplier says that; a customer may contradict it")


def _named(ticket: Ticket, of: str, code: str, viewer: Viewer) -> str:
    """What a fact names is a fact of the same ticket, of a kind that can be named so: as the law
    calls it.
    """
    facts = Fact.objects.seen_by(viewer).filter(ticket_id=ticket.id)
    row = facts.filter(Q(data__id=of) | Q(id=UUID(of)) if _ID.fullmatch(of) else Q(data__id=of))
    found = row.order_by("seq").first()
    if found is None:
        raise Missing
    if found.code not in _OF.get(code, {found.code}):
        raise Contradicted(f"{code}: `of` names a fact {found.code}: name the one that it is about")
    return str(found.data.get("id") or found.id)


def _stated(fields: Fields) -> dict[str, str]:
    found = {name: value for name, value in fields if value is not None}
    if not found:
        raise Contradicted("fields: nothing is stated: name at least one")
    return found


def _changes(asked: Changes) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: value for name in ("happened_at", "until") if (value := getattr(asked, name))
    }
    if asked.fields is not None:
        found["fields"] = _stated(asked.fields)
    if not found:
        raise Contradicted("set: nothing is changed: name at least one field")
    return found


def _merged(asked: Merged, relation: Relation, viewer: Viewer) -> dict[str, Any]:
    """The other ticket's earliest report (K8)."""
    report = (
        Fact.objects.seen_by(viewer)
        .filter(ticket_id=asked.ticket, relation_id=relation.id, code="reported")
        .order_by("happened_at")
        .first()
    )
    if report is None:
        raise Missing
    return {
        "reported_at": instant_of(report.happened_at),
        "more": {"ticket": str(asked.ticket)},
    }
