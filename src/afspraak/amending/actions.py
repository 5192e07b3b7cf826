"""The only place where rows of this room are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max

from afspraak.agreements.models import Agreement, Draft
from afspraak.amending.models import Hurt, IndexValue, TermWord
from afspraak.engine.time import datetime_of
from afspraak.ledger.ids import new_id
from afspraak.parties.actions import Actor
from afspraak.rights.parties import parties_of
from afspraak.rights.querysets import SharedQuerySet
from afspraak.rights.viewer import SYSTEM


@dataclass(frozen=True, slots=True)
class Word:
    """What one side says of an open term: the value as the contract writes it, from when it holds,
    and whether for tickets that are open then.
    """

    term: str
    value: str
    from_on: date
    open_tickets: bool


@dataclass(frozen=True, slots=True)
class Entered:
    """An index's value in a month (by its first day), and where it was read."""

    series: str
    month: date
    value: Decimal
    source: str


def mark_hurt(
    *,
    agreement: Agreement,
    service: str,
    kind: str,
    hurts: bool,
    words: str,
    actor: Actor,
    at: int,
) -> Hurt:
    """The customer's mark on a kind of report."""
    return Hurt.objects.create(
        **parties_of(agreement),
        id=new_id(at),
        number=_newest(Hurt.objects.seen_by(SYSTEM).filter(agreement=agreement)) + 1,
        agreement=agreement,
        service=service,
        kind=kind,
        hurts=hurts,
        words=words[:400],
        person_id=actor.person,
        said_at=datetime_of(at),
    )


def keep_word(
    *, agreement: Agreement, word: Word, draft: Draft | None, actor: Actor, at: int
) -> TermWord:
    """One side's word on an open term, and the amendment that it completed, if it did."""
    return TermWord.objects.create(
        **parties_of(agreement),
        id=new_id(at),
        number=_newest(TermWord.objects.seen_by(SYSTEM).filter(agreement=agreement)) + 1,
        agreement=agreement,
        term=word.term,
        value=word.value,
        from_on=word.from_on,
        open_tickets=word.open_tickets,
        organisation_id=actor.organisation,
        person_id=actor.person,
        draft=draft,
        said_at=datetime_of(at),
    )


def enter_values(
    *, agreement: Agreement, values: Sequence[Entered], actor: Actor, at: int
) -> list[IndexValue]:
    """Values of indexes, for the two of an agreement."""
    there = IndexValue.objects.seen_by(SYSTEM).filter(relation_id=agreement.relation_id)
    newest = _newest(there)
    rows = [
        IndexValue(
            **parties_of(agreement),
            id=new_id(at),
            number=newest + place,
            series=each.series[:200],
            month=each.month,
            value=each.value,
            source=each.source[:200],
            organisation_id=actor.organisation,
            person_id=actor.person,
            entered_at=datetime_of(at),
        )
        for place, each in enumerate(values, 1)
    ]
    return IndexValue.objects.bulk_create(rows)


def _newest(rows: SharedQuerySet[Any]) -> int:
    """The highest number so far: whoever writes holds the relation's log, so that it stays so."""
    found: int | None = rows.aggregate(newest=Max("number"))["newest"]
    return found or 0
