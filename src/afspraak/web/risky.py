"""Which promises come near or were missed, and how far the customer's notice of each is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from afspraak.clocks.models import Assessment, Standing, State
from afspraak.clocks.queue import queue
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.time import HOUR, datetime_of, instant_of
from afspraak.notices.models import Kind, NoticeState, Obligation
from afspraak.parties.identity import Identity
from afspraak.rights.postgresql.base import kept_plans
from afspraak.web.rows import Line, TicketRow, Works, lines_of, rows_of
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
    ticket: UUID
    clause: str
    cycle: int
    spent: str
    told: str


def risky_of(identity: Identity, speaking: Speaking) -> tuple[list[Risky], list[Risky]]:
    """What comes near (within two hours of service, or with a warning reached), and what was missed
    and is still to be done; the least time first.
    """
    near, late = _near(identity, speaking), _late(identity)
    lines = {each.ticket_id: each for each in (*near, *_lines(late, identity))}
    spent, told = _owed(lines, identity)
    works = Works({each.relation_id: each.supplier_id for each in lines.values()}, identity.viewer)
    coming = [
        each
        for each in _leading(near, identity)
        if _spent_of(each, spent) or _is_near(lines[each.ticket_id], works, speaking.at)
    ]
    clocks = [*coming, *(each for each in late if each.ticket_id in lines)]
    shown = [_of_clock(lines[each.ticket_id], each) for each in clocks]
    rows = rows_of(shown, identity.viewer, speaking, works)
    found = [_one(*each, spent, told) for each in zip(clocks, rows, strict=True)]
    return _ranked(found[: len(coming)])[:LATE], _ranked(found[len(coming) :])


def _is_near(line: Line, works: Works, at: int) -> bool:
    slack = works.slack(line, at)
    return slack is not None and slack <= NEAR


def _of_clock(line: Line, clock: Assessment) -> Line:
    """A ticket's line as one of its clocks tells it: a missed one by itself, whatever leads."""
    if clock.missed_at is None:
        return line
    due = instant_of(clock.missed_at)
    return line._replace(leads=clock.clause, due=due, is_late=True, is_frozen=False)


def _one(
    clock: Assessment, row: TicketRow, spent: Mapping[str, int], told: Mapping[str, str]
) -> Risky:
    where = (clock.ticket_id, clock.clause, clock.cycle)
    return Risky(row, *where, _spent_of(clock, spent), told.get(_key(clock), ""))


def _spent_of(clock: Assessment, spent: Mapping[str, int]) -> str:
    return "" if clock.missed_at else str(spent.get(_key(clock), ""))


def _key(clock: Assessment) -> str:
    return f"{clock.ticket_id}/{clock.clause}/{clock.cycle}"


def _ranked(found: Iterable[Risky]) -> list[Risky]:
    return sorted(found, key=lambda each: (each.row.slack is None, each.row.slack or 0))


def _near(identity: Identity, speaking: Speaking) -> list[Line]:
    """The open tickets due first."""
    rows = queue("running", viewer=identity.viewer, organisation=identity.organisation)
    with kept_plans():
        return lines_of(rows.filter(due_at__gte=datetime_of(speaking.at))[:LOOKED_AT])


def _leading(lines: Iterable[Line], identity: Identity) -> list[Assessment]:
    clauses = {each.ticket_id: each.leads for each in lines}
    rows = Assessment.objects.seen_by(identity.viewer).filter(
        ticket__id__one_of=clauses, state=State.RUNNING, promisor=SUPPLIER
    )
    with kept_plans():
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
    with kept_plans():
        return list(rows.order_by("-missed_at", "ticket_id")[:LATE])


def _lines(clocks: Iterable[Assessment], identity: Identity) -> list[Line]:
    ids = [each.ticket_id for each in clocks]
    rows = Standing.objects.seen_by(identity.viewer).filter(ticket__id__one_of=ids)
    with kept_plans():
        return lines_of(rows) if ids else []


def _owed(tickets: Iterable[UUID], identity: Identity) -> tuple[dict[str, int], dict[str, str]]:
    """Of each promise the part of its target that is spent, in percent, by its newest warning; and
    how far its notice is, in a word.
    """
    rows = Obligation.objects.seen_by(identity.viewer).filter(
        ticket__id__one_of=tickets, kind__in=(Kind.WARNING, Kind.AHEAD, Kind.BREACH)
    )
    words: dict[str, str] = {
        NoticeState.DRAFT: _("waits for approval"),
        NoticeState.SENT: _("told"),
        NoticeState.FAILED: _("not delivered"),
        NoticeState.WITHHELD: _("not sent"),
    }
    spent: dict[str, int] = {}
    told: dict[str, str] = {}
    told_of = ("kind", "subject_key", "percent", "notices__state")
    with kept_plans():
        known = list(rows.order_by("owed_at").values_list(*told_of))
    for kind, key, percent, state in known:
        if kind == Kind.WARNING:
            promise = key.rpartition("/")[0]
            spent[promise] = max(percent, spent.get(promise, 0))
        else:
            told[key] = words.get(state, _("on its way")) if state else _("being drafted")
    return spent, told
