"""The walk of a fact: recorded once, judged, kept, told; one transaction, and the answer holds the
verdict.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db import transaction

from afspraak.clocks.actions import Judged, store
from afspraak.clocks.judge import Ground, Judgement, judge, nearing, next_look
from afspraak.clocks.load import grounds_at
from afspraak.clocks.verdict import Verdict, verdict_of
from afspraak.engine.facts import Fact as Told
from afspraak.engine.time import instant_of
from afspraak.flow.accepting import refuse_rejection
from afspraak.flow.agreements import FOLLOW
from afspraak.flow.begun import Begun, Name, begin_walk
from afspraak.flow.contacts import contacts_of
from afspraak.flow.costs import refuse_beyond_limit
from afspraak.flow.covers import COVER_EXTENDED, refuse_unknown_calendar
from afspraak.flow.duties import follow_evidence, refuse_unknown_evidence
from afspraak.flow.impacts import with_priority
from afspraak.flow.owed import owings_of
from afspraak.ledger.actions import OpenLog, keep_logs
from afspraak.notices.actions import defer, owe
from afspraak.rights.planned import together
from afspraak.rights.viewer import Viewer
from afspraak.tickets.actions import keep, open_ticket, write_down
from afspraak.tickets.evidence import EVIDENCE_CODES, check_more
from afspraak.tickets.happened import Happened, check_telling
from afspraak.tickets.models import Fact, Ticket, Words
from afspraak.tickets.stored import logs_of, told_of

ASK_OTHERS = "afspraak.ask_others"
"""The job that opens a third party's ticket for a question, and brings its answer back (C5)."""


NONE_FRESH: Final[Mapping[UUID, list[Told]]] = MappingProxyType({})


class NoSuchTicket(LookupError):
    """A ticket that does not exist, or that the viewer does not see: the two are told alike."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of something that was told: its fact, its ticket, and the verdict on it.
    `is_repeated`: it was known already, and nothing was written.
    """

    fact: Fact
    ticket: Ticket | None
    judgement: Judgement | None
    is_repeated: bool = False

    @property
    def verdict(self) -> Verdict | None:
        """The verdict on its ticket, if it has one."""
        return None if self.judgement is None else verdict_of(self.judgement)


def take_fact(
    *,
    told: Happened,
    viewer: Viewer,
    at: int,
    is_whole: bool = False,
) -> Taken:
    """Take one thing that happened: recorded, judged and owed in one transaction.

    Raises Refusal for what the law or the contract does not know, NoSuchTicket, NoSuchLog.
    """
    return take_facts(told=[told], viewer=viewer, at=at, is_whole=is_whole)[0]


def take_facts(
    *,
    told: Sequence[Happened],
    viewer: Viewer,
    at: int,
    is_quiet: bool = False,
    is_whole: bool = False,
    begun: Begun | None = None,
) -> list[Taken]:
    """Take many in one transaction: all of them, or none. `is_quiet`: nobody is told (an import's
    history). `is_whole`: what is refused here ends the caller's transaction, too, which saves a
    savepoint; `begun`: how the caller has begun it.
    """
    with transaction.atomic(savepoint=not is_whole):
        begun = begun or begin_walk(names=map(_name_of, told), viewer=viewer)
        logs = begun.logs(at)
        walk = Walk(logs, viewer, at)
        placed = walk.record(told, before=begun.known())
        judged = judge_tickets(walk.touched, logs, viewer, fresh=walk.fresh, new=walk.opened)
        with together():
            keep_logs(logs.values())
            walk.keep()
            stored = store(judged=judged, viewer=viewer)
        if not is_quiet:
            said = contacts_of((each.fact, each.ticket) for each in placed if not each.is_repeated)
            owe(owings=[*owings_of(judged, stored), *said], at=at)
            pass_on(placed)
        handed_in = [each.fact for each in placed if _is_evidence(each)]
        for relation in {each.relation_id for each in handed_in}:
            theirs = [each for each in handed_in if each.relation_id == relation]
            follow_evidence(theirs, viewer, logs[relation].logged_at, is_quiet=is_quiet)
    judgements = {each.ticket.id: each.judgement for each in judged}
    return [
        Taken(each.fact, each.ticket, judgements.get(each.ticket.id), each.is_repeated)
        if each.ticket
        else each
        for each in placed
    ]


def _name_of(told: Happened) -> Name:
    return told.relation, told.source, told.source_id


def _is_evidence(taken: Taken) -> bool:
    return not taken.is_repeated and taken.fact.code in EVIDENCE_CODES


# Recording ----------------------------------------------------------------------------------------


class Walk:
    """The rows of one transaction as they are made: what is known, what is new."""

    def __init__(self, logs: Mapping[UUID, OpenLog], viewer: Viewer, at: int) -> None:
        self._logs = logs
        self._viewer = viewer
        self._at = at
        self._tickets: dict[UUID, Ticket] = {}
        self._foreign: dict[tuple[UUID, str], Ticket] = {}
        self._grounds: dict[UUID, Ground] = {}
        self._stated: dict[tuple[object, ...], Mapping[str, str]] = {}
        """What reports state, with the priority of their impact: many state the same at once."""
        self._opened: list[Ticket] = []
        self._facts: list[Fact] = []
        self._words: list[Words] = []
        self.fresh: dict[UUID, list[Told]] = {}
        """What this walk adds to each ticket's log."""
        self._touched: dict[UUID, Ticket] = {}

    @property
    def opened(self) -> frozenset[UUID]:
        """The tickets that this walk opens."""
        return frozenset(each.id for each in self._opened)

    @property
    def touched(self) -> list[Ticket]:
        """The tickets that these facts speak of."""
        return list(self._touched.values())

    def record(self, told: Sequence[Happened], before: Iterable[Fact]) -> list[Taken]:
        """Every fact with its place; those that came before are known (F2), and stay."""
        known = {(row.relation_id, row.source, row.source_id): row for row in before}
        self._find_tickets(told)
        placed: list[Taken] = []
        for each in told:
            fact = known.get((each.relation, each.source, each.source_id))
            if fact is None:
                taken = self._record(each)
                if each.source_id:
                    known[each.relation, each.source, each.source_id] = taken.fact
            else:
                taken = Taken(fact, self._ticket_behind(fact), None, is_repeated=True)
            placed.append(taken)
            self._touch(taken.ticket)
        return placed

    def _record(self, told: Happened) -> Taken:
        log = self._logs[told.relation]
        fields = self._with_priority(told)
        check_telling(told, log.logged_at)
        refuse_unknown_calendar(told, self._viewer)
        if told.code == COVER_EXTENDED:
            log.move_ground()
        check_more(told)
        refuse_unknown_evidence(told, self._viewer)
        refuse_rejection(told, self._viewer, log.logged_at, self._facts)
        refuse_beyond_limit(told, self._viewer, log.logged_at, self._facts)
        ticket = self._ticket_of(told) if told.subject == "ticket" else None
        fact, words = write_down(log=log, told=told, fields=fields, ticket=ticket, at=self._at)
        self._facts.append(fact)
        if words is not None:
            self._words.append(words)
        if ticket is not None:
            self.fresh.setdefault(ticket.id, []).append(told_of(fact))
        return Taken(fact, ticket, None)

    def _ticket_behind(self, fact: Fact) -> Ticket | None:
        """The ticket of a fact that is known: of one told twice in this walk it is not kept yet."""
        return self._tickets.get(fact.ticket_id) or fact.ticket if fact.ticket_id else None

    def _find_tickets(self, told: Sequence[Happened]) -> None:
        ids = {each.ticket for each in told if each.ticket}
        names = {each.foreign for each in told if each.foreign}
        if not ids and not names:
            return
        seen = Ticket.objects.seen_by(self._viewer).filter(relation_id__in=self._logs)
        if ids:
            self._tickets |= {row.id: row for row in seen.filter(id__in=ids)}
        if names:
            for row in seen.filter(foreign__in=names):
                self._tickets[row.id] = self._foreign[row.relation_id, row.foreign] = row

    def keep(self) -> None:
        """Write the rows down."""
        keep(tickets=self._opened, words=self._words, facts=self._facts)

    def _ticket_of(self, told: Happened) -> Ticket:
        """The ticket that a fact speaks of; a report opens one."""
        found = self._tickets.get(told.ticket) if told.ticket else None
        if found is None and told.foreign:
            found = self._foreign.get((told.relation, told.foreign))
        if found is not None and found.relation_id == told.relation:
            return found
        if not self._opens(told):
            raise NoSuchTicket(f"there is no ticket {told.ticket or told.foreign or ''}".strip())
        return self._open(told)

    def _opens(self, told: Happened) -> bool:
        """A report opens a ticket; of another system's ticket whatever we hear of first does."""
        if told.ticket is not None or told.subject != "ticket":
            return False
        if told.foreign:
            return (told.relation, told.foreign) not in self._foreign
        return told.code == "reported"

    def _open(self, told: Happened) -> Ticket:
        ticket = open_ticket(
            log=self._logs[told.relation],
            title=told.title,
            at=self._at,
            reporter=told.reporter or told.person,
            foreign=told.foreign,
            third_party_of=UUID(asked) if (asked := told.more.get("third_party_of")) else None,
        )
        self._tickets[ticket.id] = ticket
        if told.foreign:
            self._foreign[told.relation, told.foreign] = ticket
        self._opened.append(ticket)
        return ticket

    def _touch(self, ticket: Ticket | None) -> None:
        if ticket is not None:
            self._touched[ticket.id] = ticket

    def _with_priority(self, told: Happened) -> Mapping[str, str]:
        """What it states: an impact gives its priority by the governing contract's own table."""
        impact = told.fields.get("impact")
        if impact is None or "priority" in told.fields:
            return told.fields
        key = (told.relation, told.happened_at, *told.fields.items())
        fields = self._stated.get(key)
        if fields is None:
            ground = self._ground(told.relation)
            fields = with_priority(told.fields, ground, told.happened_at, self._at)
            self._stated[key] = fields
        return fields

    def _ground(self, relation: UUID) -> Ground:
        """What a relation's tickets are judged by; asked once, unless this walk changes it."""
        log = self._logs[relation]
        found = self._grounds.get(relation)
        if found is None or log.ground is None:
            found = self._grounds[relation] = grounds_in([log], self._viewer)[relation]
        return found


# Judging ------------------------------------------------------------------------------------------


def judge_tickets(
    tickets: Sequence[Ticket],
    logs: Mapping[UUID, OpenLog],
    viewer: Viewer,
    fresh: Mapping[UUID, list[Told]] = NONE_FRESH,
    new: frozenset[UUID] = frozenset(),
) -> list[Judged]:
    """Tickets whose relations are locked, judged as of the moment that their logs stand at. `fresh`
    are facts that are not in the database yet, `new` the tickets that are not.
    """
    if not tickets:
        return []
    grounds = grounds_in((logs[each.relation_id] for each in tickets), viewer)
    old = [each.id for each in tickets if each.id not in new]
    facts = logs_of(old, viewer) if old else {}
    alike: dict[tuple[object, ...], Judged] = {}
    found = []
    for ticket in tickets:
        log = [*facts.get(ticket.id, ()), *fresh.get(ticket.id, ())]
        as_of, is_new = logs[ticket.relation_id].logged_at, ticket.id in new
        same = _same(ticket, log) if is_new else None
        judged = alike.get(same) if same else None
        if judged is None:
            judged = judged_at(ticket, log, grounds[ticket.relation_id], as_of, is_new=is_new)
            if same:
                alike[same] = judged
        else:
            judged = judged.of(ticket)
        found.append(judged)
    return found


def _same(ticket: Ticket, log: Sequence[Told]) -> tuple[object, ...] | None:
    """What the law reads of a ticket of which only its report is known. Reports of one relation
    that agree in all of this have one judgement: many come in at one instant, and about the same.
    """
    if len(log) != 1 or log[0].code != "reported":
        return None
    told = log[0]
    times = told.happened_at, told.recorded_at
    return ticket.relation_id, *times, told.by, told.recorded_by, *told.fields.items()


def grounds_in(logs: Iterable[OpenLog], viewer: Viewer) -> dict[UUID, Ground]:
    """What the tickets of locked relations are judged by."""
    relations = {log.relation: (log.parties["supplier_id"], log.ground) for log in logs}
    return grounds_at(relations, viewer)


def judged_at(
    ticket: Ticket, log: Sequence[Told], ground: Ground, as_of: int, *, is_new: bool = False
) -> Judged:
    """One ticket as of a moment, and when to look again."""
    judgement = judge(log, ground, as_of)
    steps = nearing(judgement, _ladder(judgement, ground))
    reached = tuple(step for step in steps if step.at <= as_of)
    return Judged(ticket, judgement, next_look(judgement, steps, log), is_new, reached)


def _ladder(judgement: Judgement, ground: Ground) -> Sequence[tuple[int, str]]:
    return ground.ladder(judgement.governing.version.agreement) if judgement.governing else ()


# Telling ------------------------------------------------------------------------------------------


def pass_on(taken: Iterable[Taken]) -> None:
    """A question to a third party opens its ticket there; what it solves is answered here. A cover
    that was extended is followed up on the tickets there are.
    """
    for each in taken:
        if each.fact.code == COVER_EXTENDED and not each.is_repeated:
            since = instant_of(each.fact.recorded_at)
            defer(FOLLOW, agreement=str(each.fact.agreement_id), since=since)
        asks = each.fact.code == "question" and each.fact.data.get("to") == "third_party"
        solves = each.fact.code == "solved" and bool(each.ticket and each.ticket.third_party_of_id)
        if (asks or solves) and not each.is_repeated:
            defer(ASK_OTHERS, fact=str(each.fact.id))
