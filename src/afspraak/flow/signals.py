"""The walk of what monitors tell: a service went down or came up, for every agreement whose service
it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import transaction

from afspraak.engine.facts import SUPPLIER
from afspraak.engine.time import Refusal
from afspraak.flow.facts import Taken, take_facts
from afspraak.intake.load import watched_as
from afspraak.intake.models import Watched
from afspraak.ledger.actions import open_logs
from afspraak.rights.viewer import Viewer
from afspraak.tickets.happened import AHEAD, Happened
from afspraak.tickets.models import Fact

BEGAN: Final = "outage_began"
ENDED: Final = "outage_ended"


@dataclass(frozen=True, slots=True)
class Heard:
    """One service went down or came up, as a monitor saw it, at its own instant (microseconds).

    `key` is the same for a repetition and for nothing else. `occurrence` names the outage, and both
    its beginning and its end carry it; of a monitor that names only what it watches it is empty,
    and `watched` tells which of its outages ends.
    """

    source: str
    key: str
    occurrence: str
    watched: str
    label: str
    is_down: bool
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Listened:
    """What came of signals: facts that are new, facts that were known, labels that stand for
    nothing.
    """

    facts: int
    repeated: int
    unknown: tuple[str, ...]


def take_signals(
    *, heard: Sequence[Heard], organisation: UUID, viewer: Viewer, at: int
) -> Listened:
    """Take what a supplier's monitor tells, all of it or nothing. A label that stands for nothing
    is told back, and does not hold up the others. Raises Refusal for what lies in the future.
    """
    refuse_ahead(heard, at)
    labels = dict.fromkeys(each.label for each in heard)
    with transaction.atomic():
        known = watched_as(organisation=organisation, labels=labels, viewer=viewer)
        relations = {each.relation_id for watched in known.values() for each in watched}
        open_logs(relations=relations, viewer=viewer, at=at)
        walk = _Walk(viewer, at)
        for each in heard:
            walk.hear(each, known.get(each.label, ()))
        taken = walk.taken()
    repeated = sum(each.is_repeated for each in taken)
    unknown = tuple(label for label in labels if label not in known)
    return Listened(len(taken) - repeated, repeated, unknown)


def refuse_ahead(heard: Iterable[Heard], at: int) -> None:
    """What has not happened yet is nobody's fact."""
    for each in heard:
        if each.at > at + AHEAD:
            raise Refusal(f"{each.label}: it lies in the future: set the monitor's clock right")


class _Walk:
    """Signals as facts, many in one step; one that needs to know what is open waits for those
    before it.
    """

    def __init__(self, viewer: Viewer, at: int) -> None:
        self._viewer, self._at = viewer, at
        self._told: list[Happened] = []
        self._taken: list[Taken] = []

    def hear(self, heard: Heard, watched: Iterable[Watched]) -> None:
        """One signal, for each service that its label stands for."""
        if not heard.occurrence:
            self.taken()
        for each in watched:
            told = _fact(heard, each, self._viewer)
            if told is not None:
                self._told.append(told)

    def taken(self) -> list[Taken]:
        """Everything until now, taken."""
        if self._told:
            self._taken += take_facts(told=self._told, viewer=self._viewer, at=self._at)
            self._told = []
        return self._taken


def _fact(heard: Heard, watched: Watched, viewer: Viewer) -> Happened | None:
    """The fact, by a name that both ends of the outage know. A monitor that names no occurrence
    says once that it is down, and that it is up only of what it had said was down: else there is
    nothing to tell.
    """
    source_id, name = _names(heard, watched)
    if not heard.occurrence:
        before = _said(heard, watched, viewer)
        began = _open(before)
        if bool(began) == heard.is_down and source_id not in {each.source_id for each in before}:
            return None
        name = name if heard.is_down else began
    return Happened(
        relation=watched.relation_id,
        code=BEGAN if heard.is_down else ENDED,
        happened_at=heard.at,
        recorded_by=SUPPLIER,
        agreement=watched.agreement_id,
        id=name if heard.is_down else "",
        of="" if heard.is_down else name,
        words=heard.text,
        more={"service": watched.service, "monitor": heard.watched, "label": heard.label},
        source=heard.source,
        source_id=source_id,
    )


def _names(heard: Heard, watched: Watched) -> tuple[str, str]:
    """By which a signal is one fact (F2), and by which its outage is known: for one service of one
    agreement.
    """
    whose = f"{watched.agreement_id}/{watched.service}"
    outage = f"{heard.source}/{heard.occurrence or heard.key}/{whose}"
    return _short(f"{heard.key}/{whose}"), _short(outage)


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


def _said(heard: Heard, watched: Watched, viewer: Viewer) -> list[Fact]:
    """What this monitor has said of this service, in the order in which it happened."""
    rows = Fact.objects.seen_by(viewer).filter(
        relation_id=watched.relation_id,
        agreement_id=watched.agreement_id,
        ticket=None,
        code__in=(BEGAN, ENDED),
        source=heard.source,
        data__more__monitor=heard.watched,
        data__more__service=watched.service,
    )
    return list(rows.order_by("happened_at", "seq"))


def _open(said: Iterable[Fact]) -> str:
    """The outage that has not ended; empty where none is."""
    opened = ""
    for fact in said:
        opened = fact.data["id"] if fact.code == BEGAN else ""
    return opened
