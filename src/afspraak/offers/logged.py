"""What was agreed to and promised before a contract, as leaves of the relation's log: ids, codes
and times. Words stay in the rows, which are appended.
"""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from afspraak.engine.time import Refusal
from afspraak.ledger.actions import open_logs
from afspraak.ledger.canonical import Json
from afspraak.parties.actions import Actor
from afspraak.rights.parties import Between
from afspraak.rights.viewer import SYSTEM


class Row(Between, Protocol):
    """A row between two organisations, with an id of its own."""

    id: UUID
    relation_id: UUID


def put_in_log(row: Row, code: str, told: Mapping[str, Json], at: int) -> None:
    """A leaf for a row, in the transaction that writes it."""
    log = open_logs(relations=[row.relation_id], viewer=SYSTEM, at=at)[row.relation_id]
    log.append(kind="said", subject_id=row.id, body={**told, "code": code, "row": str(row.id)})
    log.keep()


def refuse_stranger(row: Between, actor: Actor) -> None:
    """Refuses who acts for neither side."""
    if actor.organisation not in (row.supplier_id, row.customer_id):
        raise Refusal("only the two sides speak of what lies between them")
