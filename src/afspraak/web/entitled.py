"""What is paid for or may be used, and what is left of it: by the hours that were booked on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afspraak.engine.periods import Period, period_of
from afspraak.engine.time import local_date, zone_of
from afspraak.language.schema_prices import PrepaidHoursClause
from afspraak.language.schema_promises import EntitlementClause
from afspraak.language.text.lexicon import Lexicon
from afspraak.parties.models import Relation
from afspraak.rights.postgresql.base import kept_plans
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Booking
from afspraak.web.agreed import Agreed
from afspraak.web.saying import title_named
from afspraak.web.speaking import Speaking
from afspraak.web.timeline import hours_of


@dataclass(frozen=True, slots=True)
class Entitled:
    """Something to use up. `left` is empty where nobody counts it (only hours are booked), and for
    who sees only their own tickets, and so not all that was booked.
    """

    what: str
    amount: str
    left: str = ""
    is_unused: bool = False


def entitled(
    relation: Relation, agreed: Agreed, viewer: Viewer, speaking: Speaking
) -> Iterator[Entitled]:
    """What the agreement entitles to, each period, and the hours that were paid ahead."""
    words, document = agreed.words, agreed.document
    whole = Period(document.term.from_on, document.term.until_on)
    today = local_date(zone_of(document.zone), speaking.at)

    def left(hours: int, clause: str, period: Period) -> tuple[str, bool]:
        if relation.customer_id in viewer.limited:
            return "", False
        used = _booked(relation, clause, viewer, period)
        return _("%(time)s left") % {"time": hours_of(hours * 60 - used)}, not used

    for clause in document.of_type(EntitlementClause):
        what, per = words.words.show(clause.what), words.units.show(clause.per)
        amount = f"{_counted(clause.amount, clause.unit, words)} / {per}"
        if clause.unit == "hours":
            period = period_of(today, clause.per, whole)
            yield Entitled(what, amount, *left(clause.amount, clause.id, period))
        else:
            yield Entitled(what, amount)
    for prepaid in document.of_type(PrepaidHoursClause):
        title = title_named(agreed, prepaid.id, speaking)
        amount = _counted(prepaid.hours, "hours", words)
        yield Entitled(title, amount, *left(prepaid.hours, prepaid.id, whole))


def _booked(relation: Relation, clause: str, viewer: Viewer, period: Period) -> int:
    """The minutes that were booked on a clause in a period."""
    rows = Booking.objects.seen_by(viewer).filter(
        relation=relation,
        clause=clause,
        worked_on__gte=period.from_on,
        worked_on__lt=period.until_on,
    )
    with kept_plans():
        return rows.aggregate(minutes=Sum("minutes"))["minutes"] or 0


def _counted(number: int, unit: str, words: Lexicon) -> str:
    """`8 hours`; another unit by its name in the agreement."""
    if unit == "hours":
        return ngettext("%(n)s hour", "%(n)s hours", number) % {"n": number}
    return f"{number} {words.units.show(unit)}"
