"""The caller's card: what the desk must know before the caller has finished the sentence."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afspraak.clocks.models import Assessment, Duty, State
from afspraak.clocks.queue import queue
from afspraak.engine.facts import CUSTOMER
from afspraak.engine.hours import Hours
from afspraak.engine.time import Refusal, datetime_of, local_date, zone_of
from afspraak.language.schema_people import PeopleClause, UserSupportClause
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation, Person, Relation
from afspraak.reports.speech import capital
from afspraak.rights.postgresql.base import kept_plans
from afspraak.rights.viewer import Viewer
from afspraak.web.agreed import Agreed, agreed_at
from afspraak.web.dossier import FileShown, file_of
from afspraak.web.entitled import entitled
from afspraak.web.keeping.knowledge import knowledge_line
from afspraak.web.rows import MOST_ON_CARD, Line, TicketRow, lines_of, rows_of
from afspraak.web.speaking import Speaking, language
from afspraak.web.things import owner_of, things_of

MOST_OVERDUE: Final = 100
"""Nobody needs to hear of more."""
MOST_PEOPLE: Final = 30
"""So many of a customer's people are named; the search finds the others."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose on a form; `key` is what the contract calls it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A service as it was agreed: its level, and whether its hours run now."""

    key: str
    name: str
    level: str
    level_name: str
    is_open: bool
    hours: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A thing of the agreement's own ledger: whose it is, and which service it belongs to."""

    key: str
    name: str
    service: str


@dataclass(frozen=True, slots=True)
class People:
    """Who of a customer may be on the line: the first by name, and how many more there are."""

    named: tuple[Person, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """Who is on the line and what was agreed with them."""

    relation: Relation
    customer: Organisation
    person: Person | None
    people: People
    agreed: Agreed | None
    offered: tuple[Offered, ...]
    impacts: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    sites: tuple[Choice, ...]
    open_tickets: tuple[TicketRow, ...]
    lines: tuple[tuple[str, str], ...]
    """What else there is to know: (name, text)."""
    assets: tuple[Asset, ...] = ()
    file: FileShown | None = None

    @property
    def initials(self) -> str:
        """Two letters for a face."""
        words = (self.person or self.customer).name.split()
        return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()


def relation_with(customer: UUID, identity: Identity) -> Relation | None:
    """The acting supplier's relation with a customer, if it is seen."""
    rows = Relation.objects.seen_by(identity.viewer).select_related("customer", "supplier")
    with kept_plans():
        return rows.filter(supplier_id=identity.organisation, customer_id=customer).first()


def card_of(
    relation: Relation,
    identity: Identity,
    at: int,
    person: UUID | None = None,
    *,
    is_whole: bool = False,
) -> tuple[Card, Speaking]:
    """The card, and how to speak about it: on the wall of the agreement's zone. `is_whole`: with
    who may be on the line and the customer's file, which are for the supplier's desk.
    """
    viewer = identity.viewer
    agreed = agreed_at(relation, viewer, language(), at)
    speaking = Speaking(agreed.document.zone if agreed else relation.customer.zone, at)
    people = Person.objects.seen_by(viewer).filter(organisation_id=relation.customer_id)
    with kept_plans():
        who = people.filter(pk=person).first() if person else None
    tickets = tuple(rows_of(_open_tickets(relation, identity), viewer, speaking))
    card = Card(
        relation=relation,
        customer=relation.customer,
        person=who,
        people=_people(people) if is_whole and who is None else People(),
        agreed=agreed,
        offered=tuple(_offered(agreed, speaking)) if agreed else (),
        impacts=_impacts(agreed),
        kinds=_named(agreed, agreed.document.ticket_kinds if agreed else ()),
        sites=_named(agreed, agreed.document.sites if agreed else ()),
        open_tickets=tickets,
        lines=tuple(_lines(relation, agreed, tickets, identity, speaking)),
        assets=_assets(agreed),
        file=file_of(relation, viewer, speaking) if is_whole else None,
    )
    return card, speaking


def _people(rows: QuerySet[Person]) -> People:
    with kept_plans():
        named = tuple(rows[:MOST_PEOPLE])
        return People(named, rows.count() - len(named) if len(named) == MOST_PEOPLE else 0)


def _open_tickets(relation: Relation, identity: Identity) -> list[Line]:
    """What runs, due first; then what stands still."""
    found: list[Line] = []
    for part in ("running", "frozen", "without_deadline"):
        if len(found) >= MOST_ON_CARD:
            break
        rows = queue(
            part,
            viewer=identity.viewer,
            organisation=relation.supplier_id,
            customer_id=relation.customer_id,
        )
        with kept_plans():
            found += lines_of(rows[:MOST_ON_CARD])
    return found[:MOST_ON_CARD]


def _offered(agreed: Agreed, speaking: Speaking) -> Iterator[Offered]:
    for key, service in agreed.document.services.items():
        hours = hours_of_service(agreed, key)
        yield Offered(
            key,
            agreed.words.services.show(key),
            service.level,
            agreed.words.enums["level"].show(service.level),
            hours is not None and hours.is_open(speaking.at),
            "" if hours is None else opening(hours, speaking),
        )


def hours_of_service(agreed: Agreed, service: str) -> Hours | None:
    """The hours in which a service's solution is promised: those of the row for any priority."""
    for clock in agreed.clockwork.clocks:
        if clock.promise.measure == "resolution":
            case = agreed.clockwork.terms.fields.complete({"service": service})
            try:
                return clock.choice.hours(clock.choice.rule(case))
            except Refusal:
                return clock.hours
    return next(iter(agreed.clockwork.hours.values()), None)


def opening(hours: Hours, speaking: Speaking) -> str:
    """`open until 17:30`, `opens tomorrow 08:30`, `day and night`."""
    place = bisect_right(hours.edges, speaking.at)
    if place >= len(hours.edges):
        return _("outside the calendar of the agreement")
    edge, is_open = hours.edges[place], place % 2 == 1
    if is_open and place == len(hours.edges) - 1:
        return _("day and night")
    told = _("open until %(at)s") if is_open else _("closed, opens %(at)s")
    return told % {"at": speaking.moment(edge)}


def _impacts(agreed: Agreed | None) -> tuple[Choice, ...]:
    if agreed is None:
        return ()
    keys = dict.fromkeys(row.impact for row in agreed.document.priority_from)
    return _named(agreed, keys)


def _named(agreed: Agreed | None, keys: "tuple[str, ...] | dict[str, None]") -> tuple[Choice, ...]:
    if agreed is None:
        return ()
    return tuple(Choice(key, capital(agreed.words.words.show(key))) for key in keys)


def _assets(agreed: Agreed | None) -> tuple[Asset, ...]:
    """What the agreement says who owns, by its label."""
    if agreed is None:
        return ()
    return tuple(
        Asset(
            each.id,
            f"{each.name} ({each.id}) · {owner_of(agreed, each.owner)}",
            each.service or "",
        )
        for each in things_of(agreed)
    )


def _lines(
    relation: Relation,
    agreed: Agreed | None,
    tickets: tuple[TicketRow, ...],
    identity: Identity,
    speaking: Speaking,
) -> Iterator[tuple[str, str]]:
    if agreed is not None:
        document = agreed.document
        for support in document.of_type(UserSupportClause):
            everyone = support.who == "everyone"
            yield _("May report"), _("everybody") if everyone else _("key users only")
        team = [
            f"{each.name} ({each.function})"
            for clause in document.of_type(PeopleClause)
            for each in clause.people
        ]
        if team:
            yield _("Team"), ", ".join(team)
        today = local_date(zone_of(document.zone), speaking.at)
        known = knowledge_line(agreed, agreed.signed.row.agreement_id, identity.viewer, today)
        if known:
            yield _("Can show that they know it"), known
        for each in entitled(relation, agreed, identity.viewer, speaking):
            slots = {"what": each.what, "told": ", ".join(filter(None, (each.amount, each.left)))}
            yield _("Entitled to"), _("%(what)s: %(told)s") % slots
    waiting = sum(each.turn == CUSTOMER for each in tickets)
    if waiting:
        told = ngettext("%(n)s question to answer", "%(n)s questions to answer", waiting)
        yield _("Their turn"), told % {"n": waiting}
    late = overdue(relation, identity.viewer, speaking.at)
    if late:
        told = ngettext("%(n)s promise overdue", "%(n)s promises overdue", late)
        yield _("Promised by them"), told % {"n": late if late < MOST_OVERDUE else f"{late}+"}


def overdue(relation: Relation, viewer: Viewer, at: int) -> int:
    """The customer's own promises that are late and still open, answers and what is dated: how
    many, and no more than so many of each are counted.
    """
    now = datetime_of(at)
    answers = Assessment.objects.seen_by(viewer).filter(
        relation=relation, promisor=CUSTOMER, missed_at__isnull=False, satisfied_at=None
    )
    duties = Duty.objects.seen_by(viewer).filter(
        relation=relation, promisor=CUSTOMER, satisfied_at=None, due_at__lt=now
    )
    still = answers.filter(ticket__standing__is_open=True).values("ticket_id")[:MOST_OVERDUE]
    with kept_plans():
        late = still.count() + duties.exclude(state=State.VOID).count()
    return min(late, MOST_OVERDUE)
