"""Many reports and facts at once, as an integration has them: all are taken, or none."""

from dataclasses import replace
from typing import Final

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from afspraak import flow
from afspraak.api.admission import takes, written
from afspraak.api.auth import Call, need
from afspraak.api.facts_asked import BatchAsked, BatchItem, FactItem
from afspraak.api.facts_told import happened, report_of
from afspraak.api.kinds import Shown
from afspraak.api.problem import Contradicted, Missing
from afspraak.api.shown_verdicts import TakenShown, all_told
from afspraak.parties.identity import Identity
from afspraak.parties.models import Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import Forbidden, stated
from afspraak.rights.planned import be_patient
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Ticket

router = Router()
PATIENCE: Final = 20
"""Seconds that a batch waits for another one of the same customers: most take one or two."""


class BatchShown(Shown):
    """What became of each item, in their order; a ticket's verdict is the one after all of them."""

    taken: list[TakenShown] = Field(max_length=1000)


@router.post("/facts:batch", response=BatchShown)
@takes(most=10_000_000)
@stated(Right.WRITE_TICKETS)
def take_batch(request: Call, body: BatchAsked) -> HttpResponse:
    """Take up to 1000 reports and facts, in this order, in one transaction: one that is refused
    refuses them all. A fact names its ticket by its id, or by what its own system calls it
    (`foreign`), which a report earlier in the same batch may have opened.
    """
    identity = request.identity
    if body.history:
        _check_historian(identity)
    be_patient(seconds=PATIENCE)
    batch = Batch(body, identity)
    told = [batch.told(each, request.at) for each in body.items]
    taken = flow.take_facts(
        told=told, viewer=identity.viewer, at=request.at, is_quiet=body.history, is_whole=True
    )
    return written({"taken": all_told(taken, identity)})


def _check_historian(identity: Identity) -> None:
    """A history states when things were recorded, so it could backdate: only a token that was given
    this very right tells one; never somebody at the desk. Raises Forbidden.
    """
    need(identity, Right.WRITE_HISTORY)
    if identity.is_person:
        raise Forbidden("a history is told by a token that was made for it: make one")


class Batch:
    """The rows that the items of a batch name, read at once."""

    def __init__(self, asked: BatchAsked, identity: Identity) -> None:
        self._identity, self._history, items = identity, asked.history, asked.items
        viewer = identity.viewer
        relations = Relation.objects.seen_by(viewer).filter(
            id__in={each.relation for each in items}
        )
        self._relations = {row.id: row for row in relations}
        wanted = {each.ticket for each in items if isinstance(each, FactItem) and each.ticket}
        tickets = Ticket.objects.seen_by(viewer).filter(id__in=wanted)
        self._tickets = {row.id: row for row in tickets}
        called = {each.foreign for each in items if each.foreign}
        known = Ticket.objects.seen_by(viewer).filter(
            relation_id__in=self._relations, foreign__in=called
        )
        self._known = set(known.values_list("relation_id", "foreign"))

    def told(self, item: BatchItem, at: int) -> Happened:
        """An item as the walk takes it. Raises Missing for what it names and nobody sees."""
        relation = self._relations.get(item.relation)
        if relation is None:
            raise Missing
        if self._history and relation.supplier_id != self._identity.organisation:
            raise Forbidden("a history is told by the supplier: it is labelled as its import")
        if isinstance(item, FactItem):
            told = self._fact(item, relation, at)
        else:
            if item.service is None and not self._history:
                raise Contradicted("service: only a history's report may lack it: name it")
            told = report_of(item, relation, self._identity, at)
            self._known.add((relation.id, item.foreign or ""))
        if item.recorded_at is None and not self._history:
            return told
        if not self._history:
            raise Contradicted("recorded_at: only a history carries its own: leave it out")
        return replace(told, recorded_at=item.recorded_at, is_imported=True)

    def _fact(self, item: FactItem, relation: Relation, at: int) -> Happened:
        if (item.ticket is None) == (item.foreign is None):
            raise Contradicted("a fact names its ticket by `ticket` or by `foreign`: give one")
        ticket = self._tickets.get(item.ticket) if item.ticket else None
        if item.ticket is not None and (ticket is None or ticket.relation_id != relation.id):
            raise Missing
        told = happened(item.fact, relation, self._identity, at, None)
        if ticket is not None:
            return replace(told, ticket=ticket.id)
        if not self._history and (relation.id, item.foreign or "") not in self._known:
            raise Missing
        return replace(told, foreign=item.foreign or "")
