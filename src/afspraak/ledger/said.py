"""What two sides say to each other beside the facts, as leaves of their relation's log: ids, codes
and times. Words stay in the rows, which are appended.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol
from uuid import UUID

from django.db import transaction

from afspraak.ledger.actions import OpenLog, open_logs
from afspraak.ledger.canonical import Json
from afspraak.rights.parties import Between
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
