"""Tickets as lines of a list: how long there is left, for what, and whose turn it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField, F, Func, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from afspraak.clocks.load import grounds_known, signed_in
from afspraak.clocks.models import Standing
from afspraak.engine.facts import CUSTOMER, SUPPLIER, THIRD_PARTY
from afspraak.engine.hours import Hours
from afspraak.engine.terms import Promise
from afspraak.engine.time import HOUR, MINUTE, Refusal, WorkingDays, datetime_of
from afspraak.parties.named import organisations_named
from afspraak.reports.speech import measure
from afspraak.reports.texts import Language, Texts
from afspraak.rights.viewer import Viewer
from afspraak.web.agreed import words_in
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


class Due(NamedTuple):
    """What says when a ticket is due, and in which hours: all that ranking needs. `due` and
    `looked` in microseconds: when it is due, and when it was last looked at.
    """

    ticket_id: UUID
    relation_id: UUID
    version_id: UUID | None
    leads: str
    service: str
    level: str
    priority: str
    due: int | None
    looked: int


class Line(NamedTuple):
    """A ticket's standing with its name: all that its line tells."""

    ticket_id: UUID
    relation_id: UUID
    supplier_id: UUID
    customer_id: UUID
    version_id: UUID | None
    leads: str
    service: str
    level: str
    priority: str
    is_frozen: bool
    is_late: bool
    turn: str
    outside: str
    due: int | None
    number: str
    title: str


class Micros(Func):
    """An instant in microseconds since 1970: numbers are read much faster than datetimes. Exact
    until 2255: the seconds as a double are less than a quarter of a microsecond off, and rounded.
    """

    template = "(date_part('epoch', %(expressions)s) * 1e6)::bigint"
    output_field = BigIntegerField()


def due_of(rows: QuerySet[Standing]) -> list[Due]:
    """Rows as they are ranked: read from the index alone, and made into no models."""
    told = rows.annotate(due=Micros("due_at"), looked=Micros("looked_at"))
    return [Due._make(row) for row in told.values_list(*Due._fields)]


def lines_of(rows: QuerySet[Standing]) -> list[Line]:
    """Rows as lines tell them, in their order."""
    told = rows.annotate(due=Micros("due_at"), number=F("ticket__number"), title=F("ticket__title"))
    return [Line._make(row) for row in told.values_list(*Line._fields)]


def rows_of(
    lines: Sequence[Line], viewer: Viewer, speaking: Speaking, works: "Works | None" = None
) -> list[TicketRow]:
    """Lines as they are shown, in their order."""
    works = works or Works({each.relation_id: each.supplier_id for each in lines}, viewer)
    customers = organisations_named((each.customer_id for each in lines), viewer)
    return [_row(each, customers.get(each.customer_id, ""), works, speaking) for each in lines]


@dataclass(frozen=True, slots=True)
class Leading:
    """The promise whose clock leads a ticket, and the hours in which it runs."""

    promise: Promise
    hours: Hours


class Works:
    """What leads some tickets, by the versions that they fall under."""

    def __init__(self, relations: Mapping[UUID, UUID], viewer: Viewer) -> None:
        """`relations`: each with its supplier."""
        self._grounds = grounds_known(relations, viewer) if relations else {}
        self._leading: dict[tuple[UUID | None, str, str, str, str], Leading | None] = {}

    def leading(self, row: Due | Line) -> Leading | None:
        """What leads a ticket; None where nothing does, or its version is not seen."""
        key = (row.version_id, row.leads, row.service, row.level, row.priority)
        if key not in self._leading:
            self._leading[key] = self._find(row)
        return self._leading[key]

    def slack(self, row: Due | Line, at: int) -> int | None:
        """The service time left on it in microseconds; None where no clock runs."""
        if row.due is None:
            return None
        leading = self.leading(row)
        return slack_of(leading.hours if leading else None, at, row.due)

    def called(self, row: Due | Line, language: Language) -> str:
        """A ticket's service by the name that its version gives it in a language; else its key."""
        ground = self._grounds.get(row.relation_id)
        if ground is None or row.version_id is None or not row.service:
            return row.service
        try:
            names = words_in(signed_in(ground, str(row.version_id)).data, language).services
        except KeyError:
            return row.service
        return names.show(row.service)

    def _find(self, row: Due | Line) -> Leading | None:
        ground = self._grounds.get(row.relation_id)
        if ground is None or row.version_id is None:
            return None
        try:
            clocks = ground.clockwork(str(row.version_id)).clocks
        except KeyError:
            return None
        found = next((each for each in clocks if each.promise.clause == row.leads), None)
        if found is None:
            return None
        try:
            case = {"service": row.service, "level": row.level, "priority": row.priority}
            return Leading(found.promise, found.choice.hours(found.choice.rule(case)))
        except Refusal:
            return Leading(found.promise, found.hours)


def _row(each: Line, customer: str, works: Works, speaking: Speaking) -> TicketRow:
    due = each.due
    leading, slack = works.leading(each), works.slack(each, speaking.at)
    is_late = due is not None and due < speaking.at
    hours = leading.hours if leading else None
    return TicketRow(
        number=each.number,
        title=each.title,
        customer=customer,
        service=works.called(each, speaking.texts.language),
        level=each.level,
        level_name=speaking.texts.word("level", each.level),
        badge=_badge(each, due, slack, hours, speaking, is_late=is_late),
        promise=_promise(leading, due, speaking),
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
    each: Line,
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
        return Badge("late", "late", _past(-slack, texts))
    left = texts.about(slack)
    if slack > LONG and hours is not None:
        days = hours.days_elapsed(hours.start_day(speaking.at), speaking.at, due)
        left = texts.duration(WorkingDays(days)) if days > 1 else left
    if slack <= NEAR:
        return Badge("soon", "running", _("%(time)s left") % {"time": left})
    return Badge("running", "running", _("%(time)s left") % {"time": left})


def _past(past: int, texts: Texts) -> str:
    """By how much service time it is too late, once that is a minute."""
    return _("%(time)s too late") % {"time": texts.about(past)} if past >= MINUTE else _("too late")


def _promise(leading: Leading | None, due: int | None, speaking: Speaking) -> str:
    if leading is None:
        return ""
    name = measure(speaking.texts, leading.promise.promisor, leading.promise.measure)
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


def ranked(found: Sequence[Due], works: Works, at: int) -> list[Due]:
    """Least service time left first; what has no deadline last."""
    left = [works.slack(each, at) for each in found]
    places = sorted(range(len(left)), key=lambda place: (left[place] is None, left[place] or 0))
    return [found[place] for place in places]


# Drawing ------------------------------------------------------------------------------------------

MOST_DRAWN: Final = 20_000


def drawn(
    template: str, found: Sequence[Due], viewer: Viewer, speaking: Speaking, works: Works
) -> SafeString:
    """Tickets as HTML, by a template for one of them, in their order. What is told of one changes
    when it was looked at, when it falls due, and with the minute: so for everybody who looks at the
    same queue in the same minute its line is read and drawn once.
    """
    known = _drawn_in(speaking.at // MINUTE)
    if len(known) > MOST_DRAWN:
        known.clear()
    keys = {_key(template, each, speaking): each.ticket_id for each in found}
    lines = {key: known.get(key) for key in keys}
    missing = {ticket: key for key, ticket in keys.items() if lines[key] is None}
    if missing:
        rows = Standing.objects.seen_by(viewer).filter(ticket_id__in=list(missing))
        read = lines_of(rows)
        for line, row in zip(read, rows_of(read, viewer, speaking, works), strict=True):
            key = missing[line.ticket_id]
            lines[key] = known[key] = render_to_string(template, {"each": row})
    return SafeString("".join(filter(None, lines.values())))


Key = tuple[str, UUID, int, bool, str, str]


def _key(template: str, each: Due, speaking: Speaking) -> Key:
    is_past = each.due is not None and each.due < speaking.at
    words = speaking.texts.language, speaking.zone
    return template, each.ticket_id, each.looked, is_past, *words


@lru_cache(maxsize=2)
def _drawn_in(_minute: int) -> dict[Key, SafeString]:
    """What was drawn in this minute; that of the minutes before is forgotten."""
    return {}
