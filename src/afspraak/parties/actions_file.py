"""The only place where a customer's file and who is in are written."""

from uuid import UUID

from afspraak.engine.time import DAY, Refusal, datetime_of
from afspraak.ledger.ids import new_id
from afspraak.parties.actions import Actor
from afspraak.parties.models import FileEntry, Presence, Relation
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import Viewer

LONGEST_IN = DAY
"""Nobody is in for longer than this without saying so again."""


def write_in_file(
    *, relation: Relation, heading: str, body: str, actor: Actor, at: int
) -> FileEntry:
    """A line of the customer's file: what was learnt about them, dated, by either side."""
    assert actor.person is not None, "a person writes, or a token that a person made"
    if heading not in FileEntry.Heading.values:
        raise Refusal("what is the line about? choose a heading")
    if not body:
        raise Refusal("there is nothing in the line: write a few words")
    entry = FileEntry(
        id=new_id(at),
        **parties_of(relation),
        heading=heading,
        body=body[:500],
        person_id=actor.person,
        written_at=datetime_of(at),
    )
    entry.save(force_insert=True)
    return entry


def strike_out(*, entry: UUID, viewer: Viewer, at: int) -> bool:
    """A line holds no more; it stays in the file's history. Whether it held until now."""
    rows = FileEntry.objects.seen_by(viewer).filter(pk=entry, ended_at=None)
    return rows.update(ended_at=datetime_of(at)) > 0


def come_in(*, actor: Actor, until_at: int, viewer: Viewer, at: int) -> Presence:
    """Somebody is in from now until then, whatever they said before."""
    assert actor.person is not None, "a person comes in"
    if not at < until_at <= at + LONGEST_IN:
        raise Refusal("until when are you in? give a time within a day from now")
    leave(actor=actor, viewer=viewer, at=at)
    presence = Presence(
        id=new_id(at),
        organisation_id=actor.organisation,
        person_id=actor.person,
        from_at=datetime_of(at),
        until_at=datetime_of(until_at),
    )
    presence.save(force_insert=True)
    return presence


def leave(*, actor: Actor, viewer: Viewer, at: int) -> bool:
    """Somebody is no longer in; whether they were."""
    if actor.person is None:
        return False
    now = datetime_of(at)
    rows = Presence.objects.seen_by(viewer).filter(
        organisation_id=actor.organisation, person=actor.person, until_at__gt=now
    )
    return rows.update(until_at=now) > 0
