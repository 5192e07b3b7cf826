"""From a mail's bytes to what became of it: stored first, then read in the limited child, then
walked.

Each step can be cut off and done again: the bytes are one row, the row is settled once, the fact is
one fact. One bad mail is set apart and holds up no other.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import DatabaseError

from afspraak.engine.time import Refusal, datetime_of
from afspraak.flow.letters import Letter, set_mail_apart, take_letter
from afspraak.host.faults import HostFault
from afspraak.host.files import keep_file, read_file
from afspraak.intake.actions import Arrived, Enclosed, note_failure, store_mail
from afspraak.intake.load import waiting_mails
from afspraak.intake.models import Incoming, State, Why
from afspraak.mail import settings
from afspraak.mail.guard import decide
from afspraak.mail.identity import Identity, Trust, identity_of
from afspraak.mail.message import Limits, Mark, Message, Quarantined
from afspraak.mail.reader import Reader
from afspraak.notices.actions_answer import answered_at
from afspraak.notices.reply_token import Keys, ticket_of, tokens_in
from afspraak.notices.settings import (
    ADDRESS,
    ORGANISATION,
    desk_address,
    desk_organisation,
    token_keys,
)
from afspraak.parties.models import Organisation
from afspraak.rights.viewer import SYSTEM, Viewer
from afspraak.tickets.models import NumberSeries

log = logging.getLogger(__name__)
BATCH: Final = 100
FAULTS: Final = (DatabaseError, ArithmeticError, LookupError, ValueError, AssertionError, HostFault)
"""What one mail can raise; a child that does not start is the installation's fault, and stops all.
"""
_SEARCHED: Final = 256 * 1024
_OUR_ID: Final = re.compile(r"<[!-;=?-~]{1,198}>")
_NOT_YET: Final = re.compile(rb"(?im)^action:[ \t]*(?:delayed|relayed|delivered|expanded)\b")
_FAILED: Final = re.compile(rb"(?im)^action:[ \t]*failed\b")
Now = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose mailbox it is: the supplier, its address, the keys of its reply tokens, whose word
    about senders counts, what one mail may cost.
    """

    supplier: UUID
    address: str
    keys: Keys | None
    trust: Trust | None
    limits: Limits


@dataclass(frozen=True, slots=True)
class Walked:
    """How many mails were settled, by what became of them, and how many failed for now."""

    settled: Mapping[str, int]
    failed: int

    @property
    def total(self) -> int:
        """All that were settled."""
        return sum(self.settled.values())


def desk_of(environ: Mapping[str, str]) -> Desk:
    """The desk that this installation receives mail for. Raises SettingRefused, HostFault."""
    address = desk_address(environ)
    if address is None:
        raise HostFault(ADDRESS, "nobody receives mail", "give the desk's address")
    return Desk(
        supplier=supplier_of(environ),
        address=address,
        keys=token_keys(environ),
        trust=settings.trust(environ),
        limits=settings.limits(environ),
    )


def supplier_of(environ: Mapping[str, str]) -> UUID:
    """The organisation whose desk it is: the one that a setting names by its register, else the
    only one that numbers tickets.
    """
    organisations, named = Organisation.objects.seen_by(SYSTEM), desk_organisation(environ)
    if named:
        found = list(organisations.filter(register=named).values_list("id", flat=True))
    else:
        series = NumberSeries.objects.seen_by(SYSTEM).order_by("organisation_id")
        found = list(series.values_list("organisation_id", flat=True)[:2])
    if len(found) != 1:
        fact = (
            f"{len(found) or 'no'} organisations could be meant" if not named else "nobody has it"
        )
        remedy = "give the register number of the supplier whose desk it is, as kvk:12345678"
        raise HostFault(ORGANISATION, fact, remedy)
    return found[0]


def store(arrived: Arrived, desk: Desk, at: int, viewer: Viewer = SYSTEM) -> UUID:
    """Keep a mail; when this returns, it is not lost any more."""
    row = store_mail(arrived=arrived, organisation=desk.supplier, viewer=viewer, at=at)
    return row.id


def walk_waiting(desk: Desk, reader: Reader, now: Now) -> Walked:
    """Settle what is stored, the oldest first; what fails for now waits for the next time."""
    settled: dict[str, int] = {}
    failed = set[UUID]()
    while True:
        waiting = waiting_mails(organisation=desk.supplier, viewer=SYSTEM, most=BATCH + len(failed))
        mails = [each for each in waiting if each not in failed]
        if not mails:
            return Walked(settled, len(failed))
        for mail in mails:
            state = _walk_one(mail, desk, reader, now)
            if state == State.WAITING:  # it failed, or another has it in hand
                failed.add(mail)
            else:
                settled[state] = settled.get(state, 0) + 1


def _walk_one(mail: UUID, desk: Desk, reader: Reader, now: Now) -> str:
    try:
        return walk(mail, desk, reader, now())
    except FAULTS as fault:
        log.exception("mail %s cannot be taken", mail)
        note_failure(mail=mail, why=f"{type(fault).__name__}: {fault}", viewer=SYSTEM, at=now())
        return State.WAITING


def walk(mail: UUID, desk: Desk, reader: Reader, at: int) -> str:
    """Read one mail and settle it; what became of it. Nothing is locked while it is read."""
    row = Incoming.objects.seen_by(SYSTEM).get(id=mail)
    read = reader.read(read_file(row.sha256), size=row.size)
    if isinstance(read, Quarantined):
        detail = f"{read.reason}: {read.detail}" if read.detail else read.reason
        set_mail_apart(mail=mail, why=Why.UNREADABLE, detail=detail, at=at)
        return State.SET_APART
    settled = take_letter(mail=mail, letter=letter_of(read, desk, at), at=at)
    return settled.state if settled is not None else State.WAITING


def read_again(mail: Incoming, desk: Desk, reader: Reader, at: int) -> Letter:
    """A mail that was set apart, as a person places it. Raises Refusal for an unreadable one."""
    read = reader.read(read_file(mail.sha256), size=mail.size)
    if isinstance(read, Quarantined):
        raise Refusal(f"the mail cannot be read ({read.reason}): tell it as a report of your own")
    return letter_of(read, desk, at)


# What a mail is -----------------------------------------------------------------------------------


def letter_of(message: Message, desk: Desk, at: int) -> Letter:
    """A message as the walk takes it: whose it is, and what it may answer to."""
    identity = identity_of(message, desk.trust)
    tokens = _tokens(message, desk)
    marks = message.marks - {Mark.BOUNCE}
    return Letter(
        message_id=message.message_id,
        references=message.references,
        sender=identity.address,
        sender_name=message.sender.name,
        is_verified=identity.is_verified,
        because=identity.because,
        subject=message.subject,
        text=message.text,
        reply=message.reply,
        files=tuple(_enclosed(message)),
        left_out=message.left_out,
        tickets=tuple(_tickets(tokens, desk, identity)),
        has_token=bool(tokens),
        is_proven=identity.is_verified or desk.trust is None,
        is_answerable=_is_answerable(message, identity, desk, at),
        machine=", ".join(sorted(marks)),
        returned=_returned(message) if Mark.BOUNCE in message.marks else None,
    )


def _tokens(message: Message, desk: Desk) -> tuple[str, ...]:
    recipients = (*message.to, *message.cc, *message.delivered_to)
    return tokens_in(desk=desk.address, recipients=recipients, references=message.references)


def _tickets(tokens: Iterable[str], desk: Desk, identity: Identity) -> Iterator[UUID]:
    """The tickets of tokens that we gave to this sender."""
    if desk.keys is None or identity.address is None:
        return
    for token in tokens:
        found = ticket_of(desk.keys, token, sender=identity.address)
        if found is not None:
            yield found


def _enclosed(message: Message) -> Iterator[Enclosed]:
    for each in message.attachments:
        digest = keep_file(each.content)
        yield Enclosed(each.name, each.content_type, len(each.content), digest)


def _is_answerable(message: Message, identity: Identity, desk: Desk, at: int) -> bool:
    if identity.address is None or identity.is_refused:
        return False
    before = answered_at(supplier_id=desk.supplier, address=identity.address, at=at)
    decision = decide(
        message, identity, ours=[desk.address], answered_at=before, at=datetime_of(at)
    )
    return decision.may_answer


def _returned(message: Message) -> tuple[str, ...]:
    """The Message-IDs in a report that a mail was not delivered; none where it only says that it
    takes longer.
    """
    parts = [each.content[:_SEARCHED] for each in message.attachments]
    status = b"\n".join(parts)
    if _NOT_YET.search(status) and not _FAILED.search(status):
        return ()
    said = status.decode("ascii", "replace") + message.text[:_SEARCHED]
    return tuple(dict.fromkeys([*message.references, *_OUR_ID.findall(said)]))[:500]
