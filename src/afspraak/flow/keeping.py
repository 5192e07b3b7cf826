"""The walk of an agreement's life: evidence with its paper, who sees to a promise, what is said of
people, things and the end.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from afspraak.agreements.actions_owners import name_owner as write_owner
from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Duty
from afspraak.engine.time import Refusal
from afspraak.flow.duties import keep_duties
from afspraak.flow.facts import Taken, take_fact
from afspraak.keeping.actions import Paper, Said, write_down
from afspraak.keeping.models import Entry, Subject
from afspraak.ledger.actions import open_logs
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.parties.models import Membership, Person, PersonQuerySet
from afspraak.rights.parties import party_of
from afspraak.rights.viewer import SYSTEM, Viewer
from afspraak.tickets.happened import Happened


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What proves that a dated promise was kept: for which date, in which words, by which paper."""

    clause: str
    for_on: date | None
    words: str = ""
    paper: Paper | None = None
    once: str = ""
    """The form's own name for it, so that it is taken once."""
    ticket: str = ""
    """The number of a ticket that shows it."""


def side_of(agreement: Agreement, actor: Actor) -> str:
    """For which of the two sides somebody speaks. Refuses everybody else."""
    found = party_of(agreement, actor.organisation)
    if found is None:
        raise Refusal("only the two sides of an agreement speak of it")
    return found


def hand_in(
    *, agreement: Agreement, handed_in: HandedIn, actor: Actor, viewer: Viewer, at: int
) -> Taken:
    """Evidence of a dated promise: a fact, and beside it the paper, if there is one."""
    side = side_of(agreement, actor)
    more = {"clause": handed_in.clause}
    if handed_in.for_on is not None:
        more["for_on"] = handed_in.for_on.isoformat()
    if handed_in.ticket:
        more["ticket"] = handed_in.ticket
    if handed_in.paper is not None:
        more["sha256"] = handed_in.paper.sha256
    told = Happened(
        relation=agreement.relation_id,
        code="evidence",
        happened_at=at,
        recorded_by=side,
        by=side,
        agreement=agreement.id,
        person=actor.person,
        words=handed_in.words,
        more=more,
        source_id=f"form/{handed_in.once}" if handed_in.once else "",
    )
    with transaction.atomic():
        taken = take_fact(told=told, viewer=viewer, at=at)
        if handed_in.paper is not None and not taken.is_repeated:
            beside = Said(
                Subject.EVIDENCE,
                handed_in.clause,
                "paper",
                handed_in.for_on,
                {"fact": str(taken.fact.id)},
                paper=handed_in.paper,
            )
            write_down(agreement=agreement, said=[beside], side=side, actor=actor, at=at)
    return taken


def answer_delivery(
    *, agreement: Agreement, of: UUID, words: str, actor: Actor, viewer: Viewer, at: int,
    is_accepted: bool,
) -> Taken:  # fmt: skip
    """What was delivered is accepted, or rejected with the reason. Raises Refusal."""
    side = side_of(agreement, actor)
    told = Happened(
        relation=agreement.relation_id,
        code="evidence_confirmed" if is_accepted else "evidence_rejected",
        happened_at=at,
        recorded_by=side,
        by=side,
        agreement=agreement.id,
        person=actor.person,
        words=words,
        of=str(of),
        source_id=f"form/{of}/{'accepted' if is_accepted else 'rejected'}",
    )
    return take_fact(told=told, viewer=viewer, at=at)


def name_owner(
    *, agreement: Agreement, clause: str, person: UUID | None, actor: Actor, viewer: Viewer, at: int
) -> None:
    """From now on somebody of one's own side sees to a dated promise of it. Refuses a promise that
    is not of that side, and a person who does not work there.
    """
    side = side_of(agreement, actor)
    duties = Duty.objects.seen_by(viewer).filter(agreement=agreement, clause=clause)
    if not duties.filter(promisor__in=(side, "both")).exists():
        raise Refusal("that is no dated promise of your side")
    if person is not None and not works_at(actor.organisation, viewer).filter(id=person).exists():
        raise Refusal("that person does not work at your organisation")
    with transaction.atomic():
        write_owner(
            agreement=agreement, clause=clause, organisation=actor.organisation, person=person,
            at=at,
        )  # fmt: skip
        note_in_audit(
            actor=actor, action="name_promise_owner", subject="agreement",
            subject_id=agreement.id, at=at, clause=clause,
        )  # fmt: skip


def works_at(organisation: UUID, viewer: Viewer) -> PersonQuerySet:
    """Who has a role there now, by name."""
    here = Membership.objects.seen_by(SYSTEM).filter(organisation_id=organisation, until_at=None)
    return Person.objects.seen_by(viewer).filter(id__in=here.values("person_id"))


def say(*, agreement: Agreement, said: list[Said], actor: Actor, at: int) -> list[Entry]:
    """What a side says of people, things or the end; a notice ends the dates behind the end
    that it reaches. Refuses who is of neither side.
    """
    side, relation = side_of(agreement, actor), agreement.relation_id
    with transaction.atomic():
        log = open_logs(relations=[relation], viewer=SYSTEM, at=at)[relation]
        entries = write_down(
            agreement=agreement, said=said, side=side, actor=actor, at=log.logged_at, log=log
        )
        log.keep()
        if any(each.subject == Subject.NOTICE for each in said):
            keep_duties(agreement=agreement, viewer=SYSTEM, at=log.logged_at)
        for subject in sorted({each.subject for each in said}):
            note_in_audit(
                actor=actor, action=f"say_of_{subject}", subject="agreement",
                subject_id=agreement.id, at=at,
            )  # fmt: skip
    return entries
