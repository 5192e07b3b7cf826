"""The only place where what came in is written: stored first, settled once."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from afspraak.engine.time import Refusal, datetime_of
from afspraak.host.files import keep_file
from afspraak.intake.models import Attachment, Incoming, Loaded, State, Watched, Why
from afspraak.ledger.ids import new_id
from afspraak.notices.actions import defer
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import Viewer
from afspraak.tickets.manifest import Manifest
from afspraak.tickets.models import Fact, Ticket

TAKE: Final = "afspraak.take_mail"
"""The job that reads and walks what a door has stored."""
MOST_FILES: Final = 20
"""Files beside one fact."""
MOST_ATTEMPTS: Final = 5
"""After so many tries that failed by a fault of ours, a mail waits for a person, not the queue."""


# Mails --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail at the door: its name there, its bytes (of one that is too large, the first of
    `size`), when our server took it (microseconds).
    """

    name: str
    raw: bytes = field(repr=False)
    size: int
    received_at: int


def store_mail(*, arrived: Arrived, organisation: UUID, viewer: Viewer, at: int) -> Incoming:
    """Keep a mail as it came, once: its bytes on disk, then its row. From here on it is not lost.

    It counts as received no later than now, whatever its server's clock says (K1).
    """
    digest = keep_file(arrived.raw)
    row = Incoming(
        id=new_id(at),
        organisation_id=organisation,
        name=arrived.name[:600],
        sha256=digest,
        size=arrived.size,
        received_at=datetime_of(min(arrived.received_at, at)),
        stored_at=datetime_of(at),
    )
    Incoming.objects.bulk_create([row], ignore_conflicts=True)
    rows = Incoming.objects.seen_by(viewer)
    return rows.get(organisation_id=organisation, sha256=digest)


def walk_later() -> None:
    """Leave what is stored to a worker."""
    defer(TAKE)


def lock_mail(*, mail: UUID, states: Iterable[State], viewer: Viewer) -> Incoming | None:
    """A mail that stands in one of these states, locked until the transaction ends; None where
    another was first.
    """
    rows = Incoming.objects.seen_by(viewer).select_for_update(skip_locked=True, of=("self",))
    return rows.filter(id=mail, state__in=list(states)).first()


def note_claims(*, mail: Incoming, claims: Mapping[str, Any]) -> None:
    """What a mail says of itself, for whoever decides about it."""
    for name, value in claims.items():
        setattr(mail, name, value)
    mail.save(update_fields=list(claims))


def settle_mail(
    *,
    mail: Incoming,
    state: State,
    at: int,
    why: Why | None = None,
    detail: str = "",
    by: UUID | None = None,
    **became: Any,
) -> None:
    """What became of a mail; `became` names its fact, ticket and relation, or the notice."""
    mail.state, mail.why, mail.detail = state, why or "", detail[:400]
    mail.settled_at, mail.settled_by_id = datetime_of(at), by
    for name, value in became.items():
        setattr(mail, name, value)
    told = ["state", "why", "detail", "settled_at", "settled_by", *became]
    mail.save(update_fields=told)


def note_failure(*, mail: UUID, why: str, viewer: Viewer, at: int) -> None:
    """A try that failed by no fault of the mail's; after a few it is set apart."""
    row = Incoming.objects.seen_by(viewer).get(id=mail)
    row.attempts, row.detail = row.attempts + 1, why[:400]
    row.save(update_fields=["attempts", "detail"])
    if row.attempts >= MOST_ATTEMPTS:
        settle_mail(mail=row, state=State.SET_APART, why=Why.FAULT, detail=why, at=at)


# Files --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that came along and is kept: its name and type as the sender claims them."""

    name: str
    content_type: str
    size: int
    sha256: str


def enclose(*, files: Iterable[Enclosed], fact: Fact, ticket: Ticket, at: int) -> None:
    """Files beside a fact."""
    Attachment.objects.bulk_create(
        _attachment(each, fact, ticket, place, at) for place, each in enumerate(files)
    )


def _attachment(file: Enclosed, fact: Fact, ticket: Ticket, place: int, at: int) -> Attachment:
    return Attachment(
        id=new_id(at),
        **parties_of(fact),
        ticket=ticket,
        fact=fact,
        place=place,
        name=file.name[:200],
        content_type=file.content_type[:150],
        size=file.size,
        sha256=file.sha256,
    )


def add_file(*, file: Enclosed, fact: Fact, actor: Actor, viewer: Viewer, at: int) -> Attachment:
    """One file more beside a fact. Raises Refusal where there are as many as may be."""
    held = Attachment.objects.seen_by(viewer).filter(fact=fact)
    with transaction.atomic():
        place = held.aggregate(last=Max("place"))["last"]
        place = 0 if place is None else place + 1
        if place >= MOST_FILES:
            raise Refusal(
                "this fact has %(most)s files: tell another one, and add it there",
                most=str(MOST_FILES),
            )
        assert fact.ticket is not None, "files stand beside facts of tickets"
        row = _attachment(file, fact, fact.ticket, place, at)
        row.save(force_insert=True)
        note_in_audit(
            actor=actor, action="add_file", subject="attachment", subject_id=row.id, at=at
        )
    return row


# Monitors and imports -----------------------------------------------------------------------------


def watch_label(
    *, organisation: UUID, label: str, relation: UUID, agreement: UUID, service: str, at: int
) -> None:
    """What a monitor calls a service of an agreement; again is the same as once."""
    Watched.objects.bulk_create(
        [
            Watched(
                id=new_id(at),
                organisation_id=organisation,
                label=label,
                relation_id=relation,
                agreement_id=agreement,
                service=service,
                made_at=datetime_of(at),
            )
        ],
        ignore_conflicts=True,
    )


def unwatch_label(*, organisation: UUID, label: str, viewer: Viewer, at: int) -> int:
    """A label means nothing any more; how many services it stood for."""
    rows = Watched.objects.seen_by(viewer).filter(organisation_id=organisation, label=label)
    return rows.filter(ended_at=None).update(ended_at=datetime_of(at))


def begin_load(*, organisation: UUID, manifest: Manifest, at: int, **told: Any) -> Loaded:
    """Where an import's facts come from, written before the first of them."""
    file = manifest.input
    return Loaded.objects.create(
        id=new_id(at),
        organisation_id=organisation,
        input_name=file.name if file else manifest.kind,
        input_sha256=file.sha256 if file else "",
        said=json.loads(manifest.to_json()),
        tickets=0,
        facts=0,
        repeated=0,
        loaded_at=datetime_of(at),
        **told,
    )


def end_load(*, load: Loaded, tickets: int, facts: int, repeated: int) -> None:
    """How much of it there was."""
    load.tickets, load.facts, load.repeated = tickets, facts, repeated
    load.is_whole = True
    load.save(update_fields=["tickets", "facts", "repeated", "is_whole"])
