"""The walk of a mail that was read: whose it is, which ticket it is about, and so which fact it is.

Nothing is guessed: what cannot be told is set apart for the desk's people, with the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import transaction

from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.time import Refusal, instant_of
from afspraak.flow.contacts import owing_of
from afspraak.flow.facts import NoSuchTicket, Taken, take_fact
from afspraak.flow.letter_facts import Written, about_ticket, report_told
from afspraak.flow.senders import Sender, people_at, relation_with
from afspraak.intake.actions import Enclosed, enclose, lock_mail, note_claims, settle_mail
from afspraak.intake.models import Incoming, State, Why
from afspraak.ledger.actions import NoSuchLog
from afspraak.notices.actions import owe
from afspraak.notices.actions_answer import answer_stranger
from afspraak.notices.actions_send import mark_returned
from afspraak.notices.models import Kind, Notice
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.parties.models import Organisation, Person, Relation
from afspraak.rights.viewer import SYSTEM, Viewer
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Ticket

SOURCE: Final = "mail"
_ID_CHARS: Final = 190
REFUSALS: Final = (Refusal, NoSuchTicket, NoSuchLog)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as the door read it. `sender` is None where it names nobody; `tickets` are those whose
    reply token we gave to this very sender, `has_token` whether there was any token at all;
    `is_answerable`: the program may answer by itself; `is_proven`: its token is enough to know the
    writer by, because no server vouches for anybody here, or ours vouched for this one.
    """

    message_id: str
    references: tuple[str, ...]
    sender: str | None
    sender_name: str
    is_verified: bool
    because: str
    subject: str
    text: str
    reply: str
    files: tuple[Enclosed, ...] = ()
    left_out: tuple[str, ...] = ()
    tickets: tuple[UUID, ...] = ()
    has_token: bool = False
    is_proven: bool = False
    is_answerable: bool = False
    machine: str = ""
    """By which marks it is a machine's; empty for a person's."""
    returned: tuple[str, ...] | None = None
    """Of a mail that says that another was not delivered: the Message-IDs in it."""

    @property
    def said_sha256(self) -> str:
        """What it says, without the marks of its way."""
        parts = [self.sender or "", self.subject, self.text, *(each.sha256 for each in self.files)]
        return sha256("\0".join(parts).encode()).hexdigest()

    def source_id(self, digest: str) -> str:
        """By which the same mail is one fact (F2): its Message-ID, else what it is made of."""
        if not self.message_id:
            return f"sha256:{digest}"
        if len(self.message_id) <= _ID_CHARS:
            return self.message_id
        return f"sha256:{sha256(self.message_id.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Settled:
    """What a mail has come to."""

    state: State
    why: Why | None = None
    detail: str = ""
    taken: Taken | None = None
    notice: Notice | None = None


class NoSuchMail(LookupError):
    """A mail that does not exist, that the viewer does not see, or that is settled already."""


def take_letter(*, mail: UUID, letter: Letter, at: int) -> Settled | None:
    """Settle a mail: once, in one transaction with the fact that it became. None where another was
    first.
    """
    with transaction.atomic():
        row = lock_mail(mail=mail, states=(State.WAITING,), viewer=SYSTEM)
        if row is None:
            return None
        note_claims(mail=row, claims=_claims(letter))
        settled = _settled(row, letter, at)
        _keep(row, letter, settled, at)
        return settled


def set_mail_apart(*, mail: UUID, why: Why, detail: str, at: int) -> None:
    """A mail that could not be read."""
    with transaction.atomic():
        row = lock_mail(mail=mail, states=(State.WAITING,), viewer=SYSTEM)
        if row is not None:
            settle_mail(mail=row, state=State.SET_APART, why=why, detail=detail, at=at)


def _claims(letter: Letter) -> dict[str, object]:
    return {
        "message_id": letter.message_id[:260],
        "sender": (letter.sender or "")[:320],
        "sender_name": letter.sender_name[:200],
        "subject": letter.subject[:300],
        "is_verified": letter.is_verified,
        "said_sha256": letter.said_sha256,
    }


def _settled(row: Incoming, letter: Letter, at: int) -> Settled:
    if letter.returned is not None:
        return _returned(row, letter)
    if letter.machine:
        return Settled(State.IGNORED, detail=letter.machine)
    if letter.sender is None:
        return Settled(State.SET_APART, Why.NO_SENDER, letter.because)
    people = people_at(letter.sender, row.organisation_id, at)
    if letter.tickets and letter.is_proven:
        return _answer(row, letter, people, at)
    why = _why_apart(letter, people)
    if why is None:
        return _report(row, letter, people[0], at)
    if why in (Why.UNVERIFIED, Why.UNKNOWN_SENDER):
        _tell_stranger(row, letter, people, at)
    names = ", ".join(each.person.organisation.name for each in people)
    return Settled(State.SET_APART, why, names if letter.is_verified else letter.because)


def _why_apart(letter: Letter, people: Sequence[Sender]) -> Why | None:
    """Why a mail that answers nothing of ours is no report by itself; None where it is one."""
    if not letter.is_verified:
        return Why.UNVERIFIED
    if letter.has_token:
        return Why.FOREIGN_TOKEN
    if any(each.is_own for each in people):
        return Why.OWN_PEOPLE
    if len(people) > 1:
        return Why.SEVERAL_CUSTOMERS
    return None if people else Why.UNKNOWN_SENDER


def _returned(row: Incoming, letter: Letter) -> Settled:
    """One of ours came back: its notice has failed (the newest that the report names)."""
    why = f"returned: {letter.subject}"
    ids = letter.returned or ()
    notice = mark_returned(message_ids=ids, why=why, supplier=row.organisation_id) if ids else None
    return Settled(State.RETURNED, notice=notice)


def _tell_stranger(row: Incoming, letter: Letter, people: Sequence[Sender], at: int) -> None:
    """Whoever it is hears that the mail came, at most once a day, in words of ours only."""
    if not letter.is_answerable or letter.sender is None:
        return
    supplier = Organisation.objects.seen_by(SYSTEM).get(id=row.organisation_id)
    language = people[0].person.language if people else supplier.language
    answer_stranger(supplier=supplier, address=letter.sender, language=language, at=at)


# Facts --------------------------------------------------------------------------------------------


def _answer(row: Incoming, letter: Letter, people: Sequence[Sender], at: int) -> Settled:
    """What somebody of the ticket's two sides says about it."""
    tickets = Ticket.objects.seen_by(SYSTEM).filter(supplier_id=row.organisation_id)
    ticket = tickets.filter(id__in=letter.tickets).first()
    if ticket is None:
        return Settled(State.SET_APART, Why.NOT_OF_TICKET)
    parties = {ticket.customer_id: CUSTOMER, ticket.supplier_id: SUPPLIER}
    writer = next((each for each in people if each.person.organisation_id in parties), None)
    if writer is None:
        return Settled(State.SET_APART, Why.NOT_OF_TICKET)
    party = parties[writer.person.organisation_id]
    return _taken(row, about_ticket(_written(row, letter, writer.person), ticket, party), at)


def _report(row: Incoming, letter: Letter, sender: Sender, at: int) -> Settled:
    relation = relation_with(row.organisation_id, sender.person.organisation_id)
    if relation is None:
        return Settled(State.SET_APART, Why.UNKNOWN_SENDER)
    return _taken(row, report_told(_written(row, letter, sender.person), relation), at)


def _written(row: Incoming, letter: Letter, person: Person | None) -> Written:
    return Written(
        at=instant_of(row.received_at),
        person=person,
        subject=letter.subject,
        text=letter.text,
        reply=letter.reply or letter.text,
        references=letter.references,
        source=SOURCE,
        source_id=letter.source_id(row.sha256),
    )


def _taken(row: Incoming, told: Happened, at: int) -> Settled:
    """The fact; what the law refuses is set apart, in the law's own words."""
    try:
        taken = take_fact(told=told, viewer=SYSTEM, at=at)
    except REFUSALS as refusal:
        return Settled(State.SET_APART, Why.REFUSED, str(refusal))
    if not taken.is_repeated:
        return Settled(State.PLACED, taken=taken)
    first = Incoming.objects.seen_by(SYSTEM).filter(fact=taken.fact).first()
    if first is not None and first.said_sha256 != row.said_sha256:
        return Settled(State.SET_APART, Why.ID_REUSED, "another mail has the same Message-ID")
    return Settled(State.REPEATED, taken=taken)


def _keep(row: Incoming, letter: Letter, settled: Settled, at: int, by: UUID | None = None) -> None:
    """What became of the mail; of a new fact its files, and of a new report its receipt."""
    became: dict[str, object] = {"notice": settled.notice} if settled.notice else {}
    taken = settled.taken
    if taken is not None and taken.ticket is not None:
        fact, ticket = taken.fact, taken.ticket
        became |= {"fact": fact, "ticket": ticket, "relation_id": ticket.relation_id}
        if not taken.is_repeated:
            enclose(files=letter.files, fact=fact, ticket=ticket, at=at)
            if fact.code == "reported" and letter.is_answerable:
                owe(owings=[owing_of(Kind.RECEIPT, fact, ticket)], at=at)
    detail = settled.detail or "; ".join(letter.left_out)
    settle_mail(
        mail=row, state=settled.state, why=settled.why, detail=detail, at=at, by=by, **became
    )


# What people decide -------------------------------------------------------------------------------


def place_letter(
    *,
    mail: UUID,
    letter: Letter,
    relation: UUID,
    ticket: UUID | None = None,
    reporter: UUID | None = None,
    actor: Actor,
    viewer: Viewer,
    at: int,
) -> Settled:
    """Somebody of the desk says whose mail it is: of a customer, about a ticket or a new one. It
    still counts from when it was received (K1). Raises Refusal, NoSuchMail, NoSuchTicket.
    """
    with transaction.atomic():
        row = _for_person(mail, viewer)
        person = _of_relation(row, relation, reporter)
        written = _written(row, letter, person)
        if ticket is None:
            told = report_told(written, relation)
        else:
            found = Ticket.objects.seen_by(viewer).filter(id=ticket, relation_id=relation).first()
            if found is None:
                raise NoSuchTicket(f"there is no ticket {ticket}")
            told = about_ticket(written, found, CUSTOMER)
        note_claims(mail=row, claims=_claims(letter))
        taken = take_fact(told=told, viewer=viewer, at=at)
        state = State.REPEATED if taken.is_repeated else State.PLACED
        settled = Settled(state, taken=taken)
        _keep(row, letter, settled, at, by=actor.person)
        _audit("place_mail", row, actor, at)
        return settled


def dismiss_mail(*, mail: UUID, why: str, actor: Actor, viewer: Viewer, at: int) -> None:
    """Somebody of the desk says that nothing comes of a mail, and why. It stays."""
    if not why.strip():
        raise Refusal("why does nothing come of it? say it: the decision is kept")
    with transaction.atomic():
        row = _for_person(mail, viewer)
        settle_mail(mail=row, state=State.DISMISSED, why=None, detail=why, at=at, by=actor.person)
        _audit("dismiss_mail", row, actor, at)


def _for_person(mail: UUID, viewer: Viewer) -> Incoming:
    row = lock_mail(mail=mail, states=(State.SET_APART, State.IGNORED), viewer=viewer)
    if row is None:
        raise NoSuchMail(f"there is no mail {mail} that waits for somebody")
    return row


def _of_relation(row: Incoming, relation: UUID, reporter: UUID | None) -> Person | None:
    """Whose mail it is: one of the customer's people, by name or by the address; nobody known."""
    known = Relation.objects.seen_by(SYSTEM).filter(id=relation, supplier_id=row.organisation_id)
    customer = known.values_list("customer_id", flat=True).first()
    if customer is None:
        raise NoSuchLog(f"there is no relation {relation}")
    people = Person.objects.seen_by(SYSTEM).filter(organisation_id=customer)
    if reporter is not None:
        found = people.filter(id=reporter).first()
        if found is None:
            raise Refusal("the reporter is none of this customer's people")
        return found
    return people.filter(email=row.sender.casefold()).exclude(email="").order_by("id").first()


def _audit(action: str, row: Incoming, actor: Actor, at: int) -> None:
    note_in_audit(actor=actor, action=action, subject="mail", subject_id=row.id, at=at)
