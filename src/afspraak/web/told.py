"""What customers are told of promises that are not kept: drafts that wait, and what became of what
left: delivered or not, answered, and whether the new word was kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from afspraak.clocks.models import Assessment, State
from afspraak.clocks.word import WORD
from afspraak.engine.facts import CUSTOMER
from afspraak.engine.time import datetime_of, instant_of
from afspraak.notices.models import Kind, Notice, NoticeState
from afspraak.parties.identity import Identity
from afspraak.parties.named import Names, organisations_named, people_named
from afspraak.rights.postgresql.base import kept_plans
from afspraak.tickets.models import Fact
from afspraak.web.rows import Badge
from afspraak.web.speaking import Speaking

SHOWN: Final = 40
LATELY: Final = timedelta(days=30)
TO_CUSTOMER: Final = (Kind.AHEAD, Kind.BREACH, Kind.DUTY_MISSED)
READ: Final = (
    *("title", "body", "language", "asks", "state", "failure", "made_at", "sent_at", "send_after"),
    *("recipient_id", "recipient_organisation_id", "taken_by_id", "decided_by_id"),
    *("ticket__number", "obligation__clause"),
)
"""What pages tell of a notice; three tables' other columns would be most of the work."""
ANSWERS: Final = ("customer_contact", "answer", "accepted", "rejected")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that waits for somebody's word; `id` as it stands in the page. `needs_word`: nobody
    has said yet when it will be.
    """

    id: str
    notice: Notice
    about: str
    to: str
    holder: str
    needs_word: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Left:
    """A notice after it was decided on: where it is, whether it was answered, and the new word."""

    notice: Notice
    about: str
    to: str
    badge: Badge
    by: str
    answered: str
    word: Badge | None
    is_failed: bool


def notices_of(identity: Identity) -> QuerySet[Notice]:
    """What an organisation tells its customers of promises not kept."""
    rows = Notice.objects.seen_by(identity.viewer).filter(
        sender_id=identity.organisation, obligation__kind__in=TO_CUSTOMER
    )
    ours = rows.exclude(recipient_organisation_id=identity.organisation)
    related = {each.partition("__")[0] for each in READ if "__" in each}
    return ours.select_related(*related).only(*READ)


def told_by(identity: Identity, speaking: Speaking) -> tuple[list[Waiting], list[Left]]:
    """The drafts, the oldest first; and what was decided on lately, the newest first, what failed
    before all else.
    """
    drafts, decided = _drafts(identity), _decided(identity, speaking)
    names = _names([*drafts, *decided], identity)
    waiting = [_waiting(each, names, identity) for each in drafts]
    left = _left_of(decided, names, identity, speaking)
    return waiting, sorted(left, key=lambda each: not each.is_failed)


def _drafts(identity: Identity) -> list[Notice]:
    rows = notices_of(identity).filter(state=NoticeState.DRAFT).order_by("made_at", "id")
    with kept_plans():
        return list(rows[:SHOWN])


def _decided(identity: Identity, speaking: Speaking) -> list[Notice]:
    since = datetime_of(speaking.at) - LATELY
    rows = notices_of(identity).exclude(state=NoticeState.DRAFT).filter(made_at__gte=since)
    with kept_plans():
        return list(rows.order_by("-made_at", "-id")[:SHOWN])


def _names(rows: Sequence[Notice], identity: Identity) -> Names:
    """What those are called whom these notices name, organisations and people."""
    people = {
        each for row in rows for each in (row.recipient_id, row.taken_by_id, row.decided_by_id)
    }
    organisations = {row.recipient_organisation_id for row in rows}
    return {
        **organisations_named(organisations, identity.viewer),
        **people_named(people, identity.viewer),
    }


def _waiting(row: Notice, names: Names, identity: Identity) -> Waiting:
    return Waiting(
        id=str(row.pk),
        notice=row,
        about=_about(row),
        to=_to(row, names),
        holder=_name(row.taken_by_id, names),
        needs_word=bool(row.asks),
        is_mine=row.taken_by_id is not None and row.taken_by_id == identity.actor.person,
    )


def _left_of(
    rows: Sequence[Notice], names: Names, identity: Identity, speaking: Speaking
) -> list[Left]:
    tickets = [each.ticket_id for each in rows if each.ticket_id]
    answers, words = _answers(tickets, identity), _words(tickets, identity)
    return [_left(each, names, answers, words, speaking) for each in rows]


def _left(
    row: Notice,
    names: Names,
    answers: dict[UUID, list[int]],
    words: dict[UUID, Assessment],
    speaking: Speaking,
) -> Left:
    ticket = row.ticket_id
    sent = instant_of(row.sent_at) if row.sent_at else None
    after = [] if ticket is None or sent is None else answers.get(ticket, [])
    answered = next((at for at in after if sent is not None and at >= sent), None)
    word = words.get(ticket) if ticket else None
    return Left(
        notice=row,
        about=_about(row),
        to=_to(row, names),
        badge=badge_of(row, speaking),
        by=_name(row.decided_by_id, names),
        answered="" if answered is None else speaking.moment(answered),
        word=None if word is None else _word_badge(word, speaking),
        is_failed=row.state == NoticeState.FAILED,
    )


def badge_of(row: Notice, speaking: Speaking) -> Badge:
    """Where a notice is, as colour, shape and word."""
    if row.state == NoticeState.SENT and row.sent_at is not None:
        at = {"at": speaking.moment(instant_of(row.sent_at))}
        return Badge("kept", "kept", _("delivered %(at)s") % at)
    if row.state == NoticeState.FAILED:
        return Badge("late", "late", _("not delivered"))
    if row.state == NoticeState.WITHHELD:
        return Badge("none", "none", _("not sent"))
    if row.state == NoticeState.DRAFT:
        return Badge("soon", "running", _("waits for approval"))
    at = {"at": speaking.moment(instant_of(row.send_after))}
    return Badge("running", "running", _("leaves %(at)s") % at)


def _word_badge(word: Assessment, speaking: Speaking) -> Badge:
    due = "" if word.due_at is None else speaking.moment(instant_of(word.due_at))
    if word.state == State.MET:
        return Badge("kept", "kept", _("our word kept (%(at)s)") % {"at": due})
    if word.state == State.MISSED:
        return Badge("late", "late", _("our word broken (%(at)s)") % {"at": due})
    return Badge("running", "running", _("our word: before %(at)s") % {"at": due})


def _answers(tickets: Sequence[UUID], identity: Identity) -> dict[UUID, list[int]]:
    """When the customer said something, by ticket."""
    rows = Fact.objects.seen_by(identity.viewer).filter(
        ticket_id__in=tickets, code__in=ANSWERS, recorded_by__in=(CUSTOMER, "supplier")
    )
    found: dict[UUID, list[int]] = {}
    for ticket, at in rows.order_by("happened_at").values_list("ticket_id", "happened_at"):
        found.setdefault(ticket, []).append(instant_of(at))
    return found


def _words(tickets: Sequence[UUID], identity: Identity) -> dict[UUID, Assessment]:
    """The newest stated expectation of each ticket."""
    rows = Assessment.objects.seen_by(identity.viewer).filter(ticket_id__in=tickets, measure=WORD)
    return {each.ticket_id: each for each in rows.exclude(state=State.VOID).order_by("start_at")}


def _about(row: Notice) -> str:
    return row.ticket.number if row.ticket else row.obligation.clause


def _to(row: Notice, names: Names) -> str:
    known = (row.recipient_id, row.recipient_organisation_id)
    return ", ".join(filter(None, (_name(each, names) for each in known)))


def _name(pk: UUID | None, names: Names) -> str:
    return "" if pk is None else names.get(pk, "")
