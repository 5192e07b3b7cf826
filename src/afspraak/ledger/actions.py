"""Appending to a relation's log: one writer at a time, a gap-free sequence, times that never go
back (SEMANTICS F2).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from uuid import UUID

from afspraak.engine.time import datetime_of, instant_of
from afspraak.ledger.canonical import Json
from afspraak.ledger.leaf import Text, leaf_of
from afspraak.ledger.models import Head, Leaf
from afspraak.ledger.tree import Range
from afspraak.rights.insert import Values, insert_values, rewrite_rows
from afspraak.rights.parties import parties_of
from afspraak.rights.postgresql.base import kept_plans
from afspraak.rights.question import Question
from afspraak.rights.viewer import Viewer

NO_TEXTS: Final[Mapping[str, Text]] = {}


class NoSuchLog(LookupError):
    """A relation that does not exist, or that the viewer does not see: the two are told alike."""


class OpenLog:
    """A relation's log, locked until the transaction ends: what is appended, and when it counts as
    logged. Nothing stands in the database before `keep`.
    """

    __slots__ = ("_head", "_is_moved", "_new", "_tree", "logged_at")

    def __init__(self, head: Head, at: int) -> None:
        self._head = head
        self._tree = Range.from_bytes(bytes(head.edge)) if head.edge else Range()
        assert self._tree.size == head.size, f"{head.relation_id}: the tree is not of this size"
        last = 0 if head.logged_at is None else instant_of(head.logged_at)
        self.logged_at = max(at, last)
        """In microseconds: now, or the last entry's instant where the clock went back."""
        self._new: list[Values] = []
        self._is_moved = False

    @property
    def relation(self) -> UUID:
        """Whose log it is."""
        return self._head.relation_id

    @property
    def parties(self) -> dict[str, UUID]:
        """The three keys that every row of the relation carries."""
        return parties_of(self._head)

    @property
    def ground(self) -> int | None:
        """The number of what the relation's tickets are judged by; None while this transaction
        itself is changing it.
        """
        return None if self._is_moved else self._head.ground

    def move_ground(self) -> None:
        """What the relation's tickets are judged by is changed in this transaction."""
        self._head.ground += 1
        self._is_moved = True

    def append(
        self,
        *,
        kind: str,
        subject_id: UUID,
        body: dict[str, Json],
        texts: Mapping[str, Text] = NO_TEXTS,
    ) -> int:
        """Put one thing that happened into the log; its place in it, from 0."""
        seq = self._tree.size
        leaf = leaf_of(
            relation=self.relation,
            seq=seq,
            kind=kind,
            logged_at=self.logged_at,
            body=body,
            texts=texts,
        )
        self._tree = self._tree.append(leaf.hash)
        self._new.append(
            {
                **self.parties,
                "seq": seq,
                "kind": kind,
                "subject_id": subject_id,
                "body": leaf.data,
                "leaf_hash": leaf.hash,
                "logged_at": datetime_of(self.logged_at),
            }
        )
        return seq

    def keep(self) -> None:
        """Write the new entries and the head that follows from them."""
        keep_logs([self])

    def taken_down(self) -> tuple[list[Values], Head] | None:
        """The new entries and the head that follows from them, to be written; None where nothing
        is new.
        """
        if not (self._new or self._is_moved):
            return None
        head, new = self._head, self._new
        self._new = []
        head.size, head.edge = self._tree.size, self._tree.to_bytes()
        head.logged_at = datetime_of(self.logged_at)
        return new, head


OpenLogs = dict[UUID, OpenLog]
"""The locked logs of relations."""


def keep_logs(logs: Iterable[OpenLog]) -> None:
    """Write what is new in these logs: all entries in one statement, all heads in another."""
    taken = [each for log in logs if (each := log.taken_down()) is not None]
    insert_values(Leaf, [entry for entries, _ in taken for entry in entries])
    rewrite_rows([head for _, head in taken], key=("relation_id",), every=True)


def begin_log(*, relation: UUID, supplier: UUID, customer: UUID) -> None:
    """A relation's empty log."""
    Head.objects.bulk_create(
        [Head(relation_id=relation, supplier_id=supplier, customer_id=customer)]
    )


def open_logs(*, relations: Iterable[UUID], viewer: Viewer, at: int) -> OpenLogs:
    """Lock the logs of these relations, always in the same order. Raises NoSuchLog.

    This comes first in every transaction that appends: whoever waits, waits here.
    """
    return logs_locked(relations=relations, viewer=viewer)(at)


def logs_locked(*, relations: Iterable[UUID], viewer: Viewer) -> Callable[[int], OpenLogs]:
    """The same in what is sent `together`: the logs as of a moment, once that is answered."""
    wanted = sorted(set(relations))
    heads = _LOCKED.sent(viewer, relations=wanted)

    def opened(at: int) -> OpenLogs:
        found = {head.relation_id: OpenLog(head, at) for head in heads()}
        if missing := [each for each in wanted if each not in found]:
            raise NoSuchLog(f"there is no relation {missing[0]}")
        return found

    return opened


_LOCKED: Final = Question(
    lambda viewer, relations: (
        Head.objects.seen_by(viewer)
        .select_for_update()
        .order_by("relation_id")
        .filter(pk__in=relations)
    )
)


def stands_at(relations: Iterable[UUID], viewer: Viewer) -> dict[UUID, int]:
    """When something was last appended to each of these logs, in microseconds; none is locked."""
    heads = Head.objects.seen_by(viewer).filter(pk__in=set(relations), logged_at__isnull=False)
    return {head.relation_id: instant_of(head.logged_at) for head in heads if head.logged_at}


def grounds_stand_at(relations: Iterable[UUID], viewer: Viewer) -> dict[UUID, int]:
    """The number of each relation's ground (`Head.ground`), of those that the viewer sees."""
    heads = Head.objects.seen_by(viewer).filter(relation_id__one_of=relations)
    with kept_plans():
        return dict(heads.values_list("relation_id", "ground"))
