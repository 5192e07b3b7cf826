"""What changes agreements, in the demonstration: the supplier's catalogue, what hurt the customers
that signed some terms open, and the supplier's word on one of these.
"""

from typing import Final
from uuid import UUID

from afspraak import flow
from afspraak.agreements.actions_catalogue import add_catalogue
from afspraak.agreements.load import Signed
from afspraak.agreements.models import Agreement
from afspraak.amending.actions import Word
from afspraak.amending.load import signed_now
from afspraak.cli.demo_offers import catalogue_of
from afspraak.engine.time import Rhythm, add, datetime_of, local_date, zone_of
from afspraak.language.schema_promises import OpenTermClause
from afspraak.parties.actions import Actor
from afspraak.parties.models import Membership
from afspraak.parties.roles import Role
from afspraak.rights.viewer import SYSTEM

KIND: Final = "incident"
WORDS: Final = "Wie hierop wacht, kan niet verder."
VALUE: Final = "PT8H"
_MONTH: Final = Rhythm(months=1)


def add_amending(*, supplier: UUID, person: UUID, at: int) -> int:
    """The rows; of how many agreements."""
    data = catalogue_of(datetime_of(at).year)
    add_catalogue(data=data, name="catalogus.yaml", actor=Actor(supplier, person), at=at)
    done = 0
    for row in Agreement.objects.seen_by(SYSTEM).filter(supplier_id=supplier):
        signed = signed_now(row, SYSTEM, at)
        if signed is not None and signed.document.of_type(OpenTermClause):
            _hurt(row, signed, at)
            _say(row, signed, Actor(supplier, person), at)
            done += 1
    return done


def _hurt(row: Agreement, signed: Signed, at: int) -> None:
    """The customer's manager marks what most of the business hangs on: the first service."""
    manager = Membership.objects.seen_by(SYSTEM).filter(
        organisation_id=row.customer_id, role=Role.CUSTOMER_MANAGER
    )
    member = manager.first()
    kinds = signed.document.ticket_kinds
    kind = KIND if not kinds or KIND in kinds else kinds[0]
    flow.mark_hurt(
        agreement=row.id,
        service=next(iter(signed.document.services)),
        kind=kind,
        hurts=True,
        words=WORDS,
        actor=Actor(row.customer_id, member.person_id if member else None),
        viewer=SYSTEM,
        at=at,
    )


def _say(row: Agreement, signed: Signed, actor: Actor, at: int) -> None:
    """The supplier's word on the first open term, from the month after next."""
    today = local_date(zone_of(signed.document.zone), at)
    from_on = add(today.replace(day=1), _MONTH, 2)
    term = signed.document.of_type(OpenTermClause)[0].id
    if from_on < signed.document.term.until_on:
        word = Word(term, VALUE, from_on, open_tickets=False)
        flow.say_of_term(agreement=row.id, word=word, actor=actor, viewer=SYSTEM, at=at)
