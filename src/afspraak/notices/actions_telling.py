"""How an agreement is told, an alarm that nobody watches: written here and nowhere else."""

from collections.abc import Iterable

from afspraak.agreements.models import Agreement
from afspraak.clocks.beats import Silence
from afspraak.notices.actions import Owing, owe
from afspraak.notices.models import Kind, Telling
from afspraak.parties.models import Relation
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM


def set_telling(*, agreement: Agreement, breach_by_itself: bool, warn_days: int) -> Telling:
    """How this agreement wants to be told from now on, where its text says nothing of it."""
    told = {"breach_by_itself": breach_by_itself, "warn_days": warn_days}
    parties = parties_of(agreement)
    changed = Telling.objects.seen_by(SYSTEM).filter(agreement=agreement).update(**told)
    if not changed:
        Telling.objects.bulk_create([Telling(agreement=agreement, **parties, **told)])
    return Telling.objects.seen_by(SYSTEM).get(agreement=agreement)


def raise_alarms(*, silences: Iterable[Silence], at: int) -> int:
    """Every supplier's administrators are told that nobody watches, once for each silence; how many
    alarms that makes.
    """
    suppliers = list(
        Relation.objects.seen_by(SYSTEM)
        .order_by("supplier_id")
        .values_list("supplier_id", flat=True)
        .distinct()
    )
    owings = [
        Owing(
            kind=Kind.ALARM,
            parties={"supplier_id": supplier},
            key=silence.key,
            for_at=at if silence.since_at is None else silence.since_at,
        )
        for silence in silences
        for supplier in suppliers
    ]
    owe(owings=owings, at=at)
    return len(owings)
