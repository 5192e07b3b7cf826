"""Tickets as lines of a list: how long there is left, for what, and whose turn it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from afspraak.clocks.load import grounds_of
from afspraak.clocks.models import Assessment, Standing
from afspraak.engine.clockwork import Clockwork
from afspraak.engine.facts import CUSTOMER, SUPPLIER, THIRD_PARTY
from afspraak.engine.hours import Hours
from afspraak.engine.time import HOUR, Refusal, WorkingDays, datetime_of, instant_of
from afspraak.parties.models import Organisation
from afspraak.reports.speech import measure
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Ticket
from afspraak.web.speaking import Speaking

MOST_ON_CARD: Final = 8
NEAR: Final = HOUR
"""With this much service time left, or less, a line is marked as near."""
LONG: Final = 16 * HOUR
"""More than this is told in working days."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as colour, shape and word."""

    tone: str
    sign: str
    word: str


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One line. `slack` is the service time left in microseconds, None where no clock runs;
    `due` the instant for the countdown.
    """

    number: str
    title: str
    customer: str
    service: str
    level: str
    level_name: str
    badge: Badge
    promise: str
    due: str
    due_iso: str
    turn: str
    whose: str
    is_late: bool
    is_frozen: bool
    slack: int | None


def rows_of(standings: Sequence[Standing], viewer: Viewer, speaking: Speaking) -> list[TicketRow]:
    """Standings as lines, in their order."""
    tickets = Ticket.objects.seen_by(viewer).in_bulk([each.ticket_id for each in standings])
    customers = _names({each.customer_id for each in standings}, viewer)
    clocks = _leading(standings, viewer)
    works = Works(standings, viewer)
    return [
        _row(
            each,
            tickets[each.ticket_id],
            customers.get(each.customer_id, ""),
            clocks.get(each.ticket_id),
            works,
            speaking,
        )
        for each in standings
        if each.ticket_id in tickets
    ]


def _names(ids: Iterable[UUID], viewer: Viewer) -> dict[UUID, str]:
    rows = Organisation.objects.seen_by(viewer).filter(id__in=list(ids))
    return dict(rows.values_list("id", "name"))


def _leading(standings: Sequence[Standing], viewer: Viewer) -> dict[UUID, Assessment]:
    """The clock that leads each ticket, as it was kept."""
    leads = {each.ticket_id: each.leads for each in standings if each.leads}
    found: dict[UUID, Assessment] = {}
    for row in Assessment.objects.seen_by(viewer).filter(ticket_id__in=leads, satisfied_at=None):
        if row.clause == leads[row.ticket_id]:
            found[row.ticket_id] = row
    return found


class Works:
    """The clocks of the versions that some tickets fall under, read when first asked for."""

    def __init__(self, standings: Iterable[Standing], viewer: Viewer) -> None:
        relations = {each.relation_id: each.supplier_id for each in standings}
        self._grounds = grounds_of(relations, viewer) if relations else {}

    def clockwork(self, row: Standing) -> Clockwork | None:
        """Of the version that governs a ticket; None where none does, or none that is seen."""
        ground = self._grounds.get(row.relation_id)
        if ground is None or row.version_id is None:
            return None
        try:
            return ground.clockwork(str(row.version_id))
        except KeyError:
            return None

    def hours(self, row: Standing, clock: Assessment | None) -> Hours | None:
        """The hours in which a leading clock runs."""
        work = self.clockwork(row)
        if work is None or clock is None:
            return None
        for each in work.clocks:
            if each.promise.clause == clock.clause:
                try:
                    case = {"service": row.service, "level": row.level, "priority": row.priority}
                    return each.choice.hours(each.choice.rule(case))
                except Refusal:
                    return each.hours
        return None


def _row(  # noqa: PLR0917 - what a line is made of, each read once above
    each: Standing,
    ticket: Ticket,
    customer: str,
    clock: Assessment | None,
    works: Works,
    speaking: Speaking,
) -> TicketRow:
    due = None if each.due_at is None else instant_of(each.due_at)
    hours = works.hours(each, clock)
    slack = None if due is None else slack_of(hours, speaking.at, due)
    is_late = each.is_late or (due is not None and due < speaking.at)
    return TicketRow(
        number=ticket.number,
        title=ticket.title,
        customer=customer,
        service=each.service,
        level=each.level,
        level_name=speaking.texts.word("level", each.level),
        badge=_badge(each, due, slack, hours, speaking, is_late=is_late),
        promise=promise_of(clock, due, speaking),
        due="" if due is None else speaking.moment(due),
        due_iso="" if due is None else datetime_of(due).isoformat(),
        turn=each.turn,
        whose=whose(each.turn),
        is_late=is_late,
        is_frozen=each.is_frozen,
        slack=slack,
    )


def slack_of(hours: Hours | None, at: int, due: int) -> int:
    """Service time from now to the due instant, below zero where that has passed; where its hours
    are not known, clock time.
    """
    try:
        if hours is None:
            return due - at
        return hours.elapsed(at, due) if due >= at else -hours.elapsed(due, at)
    except Refusal:
        return due - at


def _badge(
    each: Standing,
    due: int | None,
    slack: int | None,
    hours: Hours | None,
    speaking: Speaking,
    *,
    is_late: bool,
) -> Badge:
    texts = speaking.texts
    if each.outside:
        return Badge("none", "none", _("not covered"))
    if each.is_frozen:
        return Badge("frozen", "frozen", _("frozen"))
    if due is None or slack is None:
        return Badge("none", "running", _("no deadline"))
    if is_late:
        return late_badge(slack, speaking)
    left = texts.about(slack)
    if slack > LONG and hours is not None:
        days = hours.days_elapsed(hours.start_day(speaking.at), speaking.at, due)
        left = texts.duration(WorkingDays(days)) if days > 1 else left
    if slack <= NEAR:
        return Badge("soon", "running", _("%(time)s left") % {"time": left})
    return Badge("running", "running", _("%(time)s left") % {"time": left})


def late_badge(slack: int, speaking: Speaking) -> Badge:
    """So much service time too late."""
    past = -slack if slack < 0 else 0
    return Badge("late", "late", _("%(time)s too late") % {"time": speaking.texts.about(past)})


def promise_of(clock: Assessment | None, due: int | None, speaking: Speaking) -> str:
    if clock is None:
        return ""
    name = measure(speaking.texts, clock.promisor, clock.measure)
    if due is None:
        return name
    return _("%(promise)s before %(at)s") % {"promise": name, "at": speaking.moment(due)}


def whose(turn: str) -> str:
    """Whose turn it is, in a word."""
    return {
        SUPPLIER: _("ours"),
        CUSTOMER: _("the customer's"),
        THIRD_PARTY: _("a third party's"),
    }.get(turn, "")


def rank(rows: Iterable[TicketRow]) -> Iterator[TicketRow]:
    """Least service time first; what has no deadline last."""
    return iter(sorted(rows, key=lambda row: (row.slack is None, row.slack or 0)))
