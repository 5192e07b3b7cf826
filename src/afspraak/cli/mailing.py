"""The doors of mail: fetch, the pipe, and what waits for a person."""

# ruff: noqa: PLC0415 - what knows rows is read once Django is ready

import logging
import os
import sys
from datetime import UTC, datetime
from typing import BinaryIO, Final
from uuid import UUID

from afspraak.cli.faults import fault
from afspraak.cli.ready import make_ready
from afspraak.cli.running import stopping
from afspraak.engine.time import instant_of

TRY_AGAIN: Final = 75
"""EX_TEMPFAIL of sysexits.h: the mail server keeps the mail, and offers it again."""
log = logging.getLogger(__name__)


def now() -> int:
    """The clock of this door, in microseconds."""
    return instant_of(datetime.now(UTC))


def fetch(*, watch: bool, every: int) -> int:
    """Fetches and takes, once or until SIGTERM; 1 if something failed."""
    make_ready("system")
    from django.db import DatabaseError, close_old_connections

    from afspraak.mail.fetch import fetch_mail

    stop = stopping()
    while True:
        try:
            polled, walked = fetch_mail(os.environ, now)
        except DatabaseError:
            if not watch:
                raise
            log.exception("the database does not answer; mail waits")
            close_old_connections()
        else:
            became = ", ".join(f"{count} {state}" for state, count in walked.settled.items())
            print(f"{polled.taken} fetched; {became or 'nothing to settle'}", flush=True)
            if polled.fault:
                print(polled.fault, file=sys.stderr)
            if not watch:
                return 1 if polled.fault or polled.failed or walked.failed else 0
        if stop.wait(every):
            return 0


def take(*, store_only: bool) -> int:
    """One mail from standard input: stored it is ours, until then the server keeps it."""
    try:
        make_ready("system")
        _store(sys.stdin.buffer)
    except Exception as error:  # noqa: BLE001  (whatever it is, the mail must not be lost)
        print(f"not stored: {type(error).__name__}: {error}", file=sys.stderr)
        return TRY_AGAIN
    if store_only:
        return 0
    from afspraak.mail.fetch import walk_mail

    try:
        walk_mail(os.environ, now)
    except Exception:  # it is stored: a worker takes it
        log.exception("stored, and not yet taken")
    return 0


def _store(source: BinaryIO) -> None:
    """Of a mail that is too large only its beginning is kept, and how long it was."""
    from afspraak.intake.actions import Arrived
    from afspraak.mail.imap import HEADER_BYTES
    from afspraak.mail.take import desk_of, store

    desk = desk_of(os.environ)
    raw, at = source.read(desk.limits.raw_bytes + 1), now()
    size = len(raw)
    while more := len(source.read(HEADER_BYTES)):
        size += more
    if size > desk.limits.raw_bytes:
        raw = raw[:HEADER_BYTES]
    store(Arrived("pipe", raw, size, at), desk, at)


# What waits for a person --------------------------------------------------------------------------


def waiting() -> None:
    """A line for each mail that was set apart, the newest first."""
    make_ready("system")
    from afspraak.cli.whose import supplier
    from afspraak.intake.models import Incoming, State
    from afspraak.rights.viewer import SYSTEM

    rows = Incoming.objects.seen_by(SYSTEM).filter(organisation=supplier(), state=State.SET_APART)
    for each in rows.order_by("-received_at", "id")[:200]:
        came = each.received_at.isoformat(timespec="minutes")
        print(f"{each.id}  {came}  {each.why}  {each.sender or '-'}  {each.subject!r}")


def place(which: str, customer: str, ticket: str) -> None:
    """Says whose mail it is, in the supplier's name."""
    make_ready("system")
    from afspraak.cli.whose import relation
    from afspraak.flow.letters import place_letter
    from afspraak.intake.models import Incoming
    from afspraak.mail.reader import Reader
    from afspraak.mail.take import desk_of, read_again
    from afspraak.parties.actions import Actor
    from afspraak.rights.viewer import SYSTEM
    from afspraak.tickets.models import Ticket

    desk, theirs, at = desk_of(os.environ), relation(customer), now()
    row = Incoming.objects.seen_by(SYSTEM).filter(id=_id(which)).first()
    tickets = Ticket.objects.seen_by(SYSTEM).filter(relation=theirs, number=ticket)
    about = tickets.values_list("id", flat=True).first() if ticket else None
    if row is None or (ticket and about is None):
        raise fault(which if row is None else ticket, "there is none", "see `mail waiting`")
    with Reader(desk.limits) as reader:
        letter = read_again(row, desk, reader, at)
    settled = place_letter(
        mail=row.id,
        letter=letter,
        relation=theirs.id,
        ticket=about,
        actor=Actor(desk.supplier),
        viewer=SYSTEM,
        at=at,
    )
    assert settled.taken is not None
    assert settled.taken.ticket is not None
    print(f"{settled.state}: {settled.taken.ticket.number}")


def dismiss(which: str, why: str) -> None:
    """Says that nothing comes of it, in the supplier's name."""
    make_ready("system")
    from afspraak.flow.letters import NoSuchMail, dismiss_mail
    from afspraak.mail.take import supplier_of
    from afspraak.parties.actions import Actor
    from afspraak.rights.viewer import SYSTEM

    actor = Actor(supplier_of(os.environ))
    try:
        dismiss_mail(mail=_id(which), why=why, actor=actor, viewer=SYSTEM, at=now())
    except NoSuchMail as missing:
        raise fault(which, str(missing), "see `mail waiting`") from missing


def _id(which: str) -> UUID:
    try:
        return UUID(which)
    except ValueError as error:
        raise fault(which, "this is no id", "take one of `mail waiting`") from error
