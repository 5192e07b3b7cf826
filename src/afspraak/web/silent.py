"""Relations that have gone quiet, as a supplier's manager reads them: who says less, since when."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from afspraak.clocks.models import Pulse
from afspraak.clocks.pulse import CONTACTS, NOT_HELD, Sign
from afspraak.engine.facts import SUPPLIER
from afspraak.web.overseen import Overseen

SHOWN: Final = 8
COUNTED: Final = 200


@dataclass(frozen=True, slots=True)
class Silent:
    """A relation, and what of it is less than it was."""

    customer: str
    url: str
    since: str
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Silents:
    """How many there are (at most), and those that went quiet last."""

    count: int
    is_more: bool
    lines: tuple[Silent, ...]


def silents_of(over: Overseen) -> Silents:
    """As of the last look: once a day."""
    rows = (
        Pulse.objects.seen_by(over.viewer)
        .filter(supplier_id=over.organisation, quiet_since__isnull=False)
        .select_related("customer")
        .order_by("-quiet_since", "customer__name")
    )
    found = list(rows[: COUNTED + 1])
    lines = tuple(_silent(each, over) for each in found[:SHOWN])
    return Silents(min(len(found), COUNTED), len(found) > COUNTED, lines)


def _silent(row: Pulse, over: Overseen) -> Silent:
    assert row.quiet_since is not None
    return Silent(
        customer=row.customer.name,
        url=reverse("dossier", args=[row.relation_id]),
        since=over.speaking.texts.month(row.quiet_since, year=True),
        signs=tuple(_told(row)),
    )


def _told(row: Pulse) -> Iterator[str]:
    yield from map(_sign, row.quiet_signs)
    if NOT_HELD in row.quiet:
        yield _("the last review was not held")


def _sign(each: Sign) -> str:
    """`the customer's words: 12 a month at first, lately 3 and 4`."""
    slots = {
        "usual": each.usual,
        "lately": _(" and ").join(map(str, each.lately)),
    }
    is_ours = each.side == SUPPLIER
    if each.what == CONTACTS:
        told = (
            _("our words: %(usual)s a month at first, lately %(lately)s")
            if is_ours
            else _("their words: %(usual)s a month at first, lately %(lately)s")
        )
    else:
        told = (
            _("our days here: %(usual)s a month at first, lately %(lately)s")
            if is_ours
            else _("their days here: %(usual)s a month at first, lately %(lately)s")
        )
    return told % slots
