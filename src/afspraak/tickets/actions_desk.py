"""The only place where a desk's own things beside its tickets are written: reply templates,
bookings of time, saved views of the queue.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from afspraak.engine.time import Refusal, datetime_of
from afspraak.ledger.ids import new_id
from afspraak.parties.actions import Actor
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Booking, ReplyTemplate, SavedView, Ticket

MOST_MINUTES = 24 * 60
"""A booking is of one day."""


@dataclass(frozen=True, slots=True)
class Worked:
    """Time that was worked: on which date, how many minutes (below zero takes some back), at what,
    and under which clause it is charged by the hour, if under any.
    """

    worked_on: date
    minutes: int
    what: str
    clause: str = ""


def book(*, ticket: Ticket, actor: Actor, worked: Worked, at: int) -> Booking:
    """Write down time worked on a ticket; the customer sees what is charged by the hour."""
    assert actor.person is not None, "a person books, or a token that a person made"
    if not worked.minutes or abs(worked.minutes) > MOST_MINUTES:
        raise Refusal("a booking is of one day: give between 1 minute and 24 hours")
    if not worked.what:
        raise Refusal("what was done? say it in a few words: whoever reads the bill asks")
    booking = Booking(
        id=new_id(at),
        **parties_of(ticket),
        ticket=ticket,
        person_id=actor.person,
        worked_on=worked.worked_on,
        minutes=worked.minutes,
        what=worked.what[:300],
        clause=worked.clause,
        is_shared=bool(worked.clause),
        booked_at=datetime_of(at),
    )
    booking.save(force_insert=True)
    return booking


def keep_template(
    *, organisation: UUID, name: str, texts: dict[str, str], at: int
) -> ReplyTemplate:
    """A reply that is given often; `texts` by language, one at least."""
    if not name or not any(texts.values()):
        raise Refusal("a template has a name, and a text in one language at least")
    made = ReplyTemplate(
        id=new_id(at),
        organisation_id=organisation,
        name=name[:100],
        made_at=datetime_of(at),
        **{language: texts.get(language, "") for language in ("nl", "fr", "en")},
    )
    made.save(force_insert=True)
    return made


def end_template(*, template: UUID, viewer: Viewer, at: int) -> bool:
    """It is offered no more; whether it was until now."""
    rows = ReplyTemplate.objects.seen_by(viewer).filter(pk=template, ended_at=None)
    return rows.update(ended_at=datetime_of(at)) > 0


def save_view(*, actor: Actor, name: str, query: str, is_shared: bool, at: int) -> SavedView:
    """Filters of the queue under a name, for oneself or for all colleagues."""
    assert actor.person is not None, "a person saves"
    if not name:
        raise Refusal("what is the view called? give it a name")
    view = SavedView(
        id=new_id(at),
        organisation_id=actor.organisation,
        person_id=actor.person,
        name=name[:80],
        query=query[:400],
        is_shared=is_shared,
        made_at=datetime_of(at),
    )
    view.save(force_insert=True)
    return view


def forget_view(*, view: UUID, person: UUID, viewer: Viewer) -> bool:
    """One's own view is gone; whether it was there."""
    gone, _ = SavedView.objects.seen_by(viewer).filter(pk=view, person_id=person).delete()
    return gone > 0
