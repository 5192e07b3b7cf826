"""Which promises come near or were missed, and how far the customer's notice of each is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from afspraak.clocks.models import Assessment, Standing, State
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.time import HOUR, datetime_of, instant_of
from afspraak.notices.models import Kind, NoticeState, Obligation
from afspraak.parties.identity import Identity
from afspraak.web.rows import (
    Badge,
    TicketRow,
    Works,
    late_badge,
    promise_of,
    rank,
    rows_of,
    slack_of,
)
from afspraak.web.speaking import Speaking

NEAR: Final = 2 * HOUR
"""So much service time ahead is looked: nearer than this, it is time to say it."""
LOOKED_AT: Final = 40
"""So many of the clocks due first."""
LATE: Final = 30


@dataclass(frozen=True, slots=True)
class Risky:
    """A promise at risk or missed. `told` says how far its notice is; empty: nobody began one."""

    row: TicketRow
    badge: Badge
    promise: str
    ticket: UUID
    clause: str
    cycle: int
    spent: str
    told: str


def risky_of(identity: Identity, speaking: Speaking) -> tuple[list[Risky], list[Risky]]:
    """What comes near (within two hours of service, or with a warning reached), and what was missed
    and is still to be done; the least time first.
    """
    near = _near(identity, speaking)
    late = _late(identity)
    standings = {each.ticket_id: each for each in (*near, *_standings(late, identity))}
    lines = {
        row.number: row for row in rows_of(list(standings.values()), identity.viewer, speaking)
    }
    ranked = {row.number: place for place, row in enumerate(rank(lines.values()))}
    works = Works([standings[each.ticket_id] for each in late], identity.viewer)
    spent, told = _spent(standings, identity), _told(standings, identity)
    found = []
    for clock in (*_leading(near, identity), *late):
        standing = standings[clock.ticket_id]
        row = lines.get(standing.ticket.number)
        if row is None:
            continue
        key = f"{clock.ticket_id}/{clock.clause}/{clock.cycle}"
        badge, promise = _stands(clock, standing, row, works, speaking)
        percent = "" if clock.missed_at else spent.get(key, "")
        where = (clock.ticket_id, clock.clause, clock.cycle)
        found.append(Risky(row, badge, promise, *where, percent, told.get(key, "")))
    found.sort(key=lambda each: ranked[each.row.number])
    missed = {(each.ticket_id, each.clause, each.cycle) for each in late}
    coming = [each for each in found if (each.ticket, each.clause, each.cycle) not in missed]
    coming = [each for each in coming if each.spent or (each.row.slack or 0) <= NEAR]
    gone = [each for each in found if (each.ticket, each.clause, each.cycle) in missed]
    return coming[:LATE], gone


def _near(identity: Identity, speaking: Speaking) -> list[Standing]:
    """The open tickets due first."""
    rows = Standing.objects.seen_by(identity.viewer).filter(
        supplier_id=identity.organisation,
        is_open=True,
        due_at__isnull=False,
        due_at__gte=datetime_of(speaking.at),
    )
    return list(rows.select_related("ticket").order_by("due_at", "ticket_id")[:LOOKED_AT])


def _leading(standings: Iterable[Standing], identity: Identity) -> list[Assessment]:
    clauses = {each.ticket_id: each.leads for each in standings}
    rows = Assessment.objects.seen_by(identity.viewer).filter(
        ticket_id__in=clauses, state=State.RUNNING, promisor=SUPPLIER
    )
    return [each for each in rows if each.clause == clauses[each.ticket_id]]


def _late(identity: Identity) -> list[Assessment]:
    """What was missed and is still to be done, the newest first."""
    rows = Assessment.objects.seen_by(identity.viewer).filter(
        supplier_id=identity.organisation,
        missed_at__isnull=False,
        satisfied_at=None,
        promisor=SUPPLIER,
        on_trial=False,
        ticket__standing__is_open=True,
    )
    return list(rows.order_by("-missed_at", "ticket_id")[:LATE])


def _standings(clocks: Iterable[Assessment], identity: Identity) -> list[Standing]:
    ids = [each.ticket_id for each in clocks]
    rows = Standing.objects.seen_by(identity.viewer).filter(ticket_id__in=ids)
    return list(rows.select_related("ticket"))


def _stands(
    clock: Assessment, standing: Standing, row: TicketRow, works: Works, speaking: Speaking
) -> tuple[Badge, str]:
    """How one clock stands, and what it is about: a missed one by itself, whatever else leads."""
    if clock.missed_at is None:
        return row.badge, row.promise
    due = instant_of(clock.missed_at)
    slack = slack_of(works.hours(standing, clock), speaking.at, due)
    return late_badge(slack, speaking), promise_of(clock, due, speaking)


def _spent(tickets: Mapping[UUID, Standing], identity: Identity) -> dict[str, str]:
    """`75`: the part of the target that is spent, by the newest warning of each promise."""
    rows = Obligation.objects.seen_by(identity.viewer).filter(
        ticket_id__in=tickets, kind=Kind.WARNING
    )
    found: dict[str, str] = {}
    for key, percent in rows.order_by("percent").values_list("subject_key", "percent"):
        found[key.rpartition("/")[0]] = str(percent)
    return found


def _told(tickets: Mapping[UUID, Standing], identity: Identity) -> dict[str, str]:
    """How far the notice of each promise is, in a word."""
    rows = Obligation.objects.seen_by(identity.viewer).filter(
        ticket_id__in=tickets, kind__in=(Kind.AHEAD, Kind.BREACH)
    )
    words: dict[str, str] = {
        NoticeState.DRAFT: _("waits for approval"),
        NoticeState.SENT: _("told"),
        NoticeState.FAILED: _("not delivered"),
        NoticeState.WITHHELD: _("not sent"),
    }
    found: dict[str, str] = {}
    for key, state in rows.order_by("owed_at").values_list("subject_key", "notices__state"):
        found[key] = words.get(state, _("on its way")) if state else _("being drafted")
    return found
