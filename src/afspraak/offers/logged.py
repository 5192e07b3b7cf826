"""What was agreed to and promised before a contract, as leaves of the relation's log: ids, codes
and times. Words stay in the rows, which are appended.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol
from uuid import UUID

from django.db import transaction

from afspraak.engine.time import Refusal
from afspraak.ledger.actions import OpenLog, open_logs
from afspraak.ledger.canonical import Json
from afspraak.parties.actions import Actor
from afspraak.rights.parties import Between, party_of
from afspraak.rights.viewer import SYSTEM


class Row(Protocol):
    """A row with an id of its own."""

    id: UUID


@contextmanager
def logged(between: Between, at: int) -> Iterator[OpenLog]:
    """One transaction on a relation's log, which is locked before any row is written."""
    relation = between.relation_id
    with transaction.atomic():
        log = open_logs(relations=[relation], viewer=SYSTEM, at=at)[relation]
        yield log
        log.keep()


def put_in(log: OpenLog, row: Row, code: str, told: Mapping[str, Json]) -> None:
    """A leaf for a row."""
    log.append(kind="said", subject_id=row.id, body={**told, "code": code, "row": str(row.id)})


def refuse_stranger(row: Between, actor: Actor) -> None:
    """Refuses who acts for neither side."""
    if party_of(row, actor.organisation) is None:
        raise Refusal("only the two sides speak of what lies between them")
