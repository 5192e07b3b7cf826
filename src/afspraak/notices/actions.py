"""The only place where notices are written: owed first, addressed and sent afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import OperationalError
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from afspraak.engine.time import datetime_of
from afspraak.ledger.ids import new_id
from afspraak.notices.models import Kind, Obligation

ADDRESS: Final = "afspraak.address"
"""The job that finds out whom an obligation is owed to (`worker`)."""
SEND: Final = "afspraak.send"
"""The job that hands over what may leave."""


@dataclass(frozen=True, slots=True)
class Owing:
    """Why somebody must be told: `key` is the same whenever the same thing is found again."""

    kind: Kind
    parties: dict[str, UUID]
    key: str
    for_at: int
    ticket: UUID | None = None
    agreement: UUID | None = None
    clause: str = ""
    percent: int = 100
    told: list[dict[str, Any]] | None = None


def owe(*, owings: Iterable[Owing], at: int) -> None:
    """Record what must be told, each once, in the transaction that made it so."""
    rows = [
        Obligation(
            **each.parties,
            id=new_id(at),
            kind=each.kind,
            ticket_id=each.ticket,
            agreement_id=each.agreement,
            clause=each.clause,
            subject_key=each.key,
            percent=each.percent,
            told=each.told,
            for_at=datetime_of(each.for_at),
            owed_at=datetime_of(at),
        )
        for each in owings
    ]
    if rows:
        Obligation.objects.bulk_create(rows, ignore_conflicts=True)
        defer(ADDRESS)


def defer(task: str, **words: Any) -> None:
    """Leave a job for the worker: it exists if and only if this transaction is kept. Raises
    OperationalError, as any other statement does, where the database is lost.
    """
    try:
        app.configure_task(task, queue="notices").defer(**words)
    except ConnectorException as fault:
        raise OperationalError(f"no job could be left: {fault.__cause__}") from fault.__cause__
