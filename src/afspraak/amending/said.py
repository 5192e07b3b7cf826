"""Rows -> what has been said: what hurts, each side's word on open terms, values of indexes. The
newest word counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from afspraak.agreements.models import Agreement
from afspraak.amending.experience import Kind
from afspraak.amending.models import Hurt, IndexValue, TermWord
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Fact
from afspraak.tickets.stored import facts_of_agreements


@dataclass(frozen=True, slots=True)
class Words:
    """The newest word of each side on one open term; `since` the version in force."""

    supplier: TermWord | None = None
    customer: TermWord | None = None

    @property
    def is_agreed(self) -> bool:
        """Whether both have said the same."""
        one, other = self.supplier, self.customer
        return one is not None and other is not None and is_same(one, other)

    @property
    def draft(self) -> UUID | None:
        """The amendment that came of it."""
        found = [each.draft_id for each in (self.supplier, self.customer) if each]
        return next((each for each in found if each), None) if self.is_agreed else None


def is_same(one: TermWord, other: TermWord) -> bool:
    """Whether two words say the same: value, date and choice for open tickets."""
    return (one.value, one.from_on, one.open_tickets) == (
        other.value,
        other.from_on,
        other.open_tickets,
    )


def hurts_of(agreement: Agreement, viewer: Viewer) -> dict[Kind, Hurt]:
    """What hurts the customer now, by kind of report."""
    rows = Hurt.objects.seen_by(viewer).filter(agreement=agreement).order_by("number")
    newest = {(each.service, each.kind): each for each in rows}
    return {kind: each for kind, each in newest.items() if each.hurts}


def words_of(agreement: Agreement, viewer: Viewer) -> Mapping[str, Words]:
    """Each side's newest word on every open term."""
    rows = TermWord.objects.seen_by(viewer).filter(agreement=agreement).select_related("person")
    found: dict[str, Words] = {}
    for each in rows.order_by("number"):
        known = found.get(each.term, Words())
        is_ours = each.organisation_id == agreement.supplier_id
        found[each.term] = Words(each, known.customer) if is_ours else Words(known.supplier, each)
    return found


@dataclass(frozen=True, slots=True)
class Value:
    """The value of an index in a month (its first day), where it was read, and who said so."""

    series: str
    month: date
    value: Decimal
    source: str
    who: str
    said_at: datetime


def values_of(agreement: Agreement, viewer: Viewer) -> dict[tuple[str, date], Value]:
    """The value of each index in each month, for the two of an agreement: entered here, or told as
    a fact of the agreement (F1). The newest counts.
    """
    rows = IndexValue.objects.seen_by(viewer).filter(relation_id=agreement.relation_id)
    found = [
        Value(
            each.series,
            each.month,
            each.value,
            each.source,
            each.organisation.name,
            each.entered_at,
        )
        for each in rows.select_related("organisation").order_by("number")
    ]
    found += map(_told, facts_of_agreements([agreement.id], ("index_value",), viewer))
    ordered = sorted(found, key=lambda each: each.said_at)
    return {(each.series, each.month): each for each in ordered}


def _told(fact: Fact) -> Value:
    more: dict[str, str] = fact.data["more"]
    month = date.fromisoformat(more["month_on"]).replace(day=1)
    by = fact.recorded_by
    return Value(more["index"], month, Decimal(more["value"]), fact.source, by, fact.logged_at)
