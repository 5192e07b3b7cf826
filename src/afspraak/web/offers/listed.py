"""Offers (`/offers/`): what was offered and how it stands, and what was agreed to and not signed,
with the days that have gone by since.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from afspraak.engine.time import instant_of, local_date, zone_of
from afspraak.offers.models import Assent, Offer, OfferEvent
from afspraak.offers.waiting import Waiting, waiting_of
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation, Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.own import speaking_to
from afspraak.web.rows import Badge
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

MOST: Final = 200
NEAR_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer in a list."""

    offer: Offer
    other: Organisation
    valid: str
    badge: Badge


@dataclass(frozen=True, slots=True)
class WaitRow:
    """What was agreed to and not signed."""

    assent: Assent
    other: Organisation
    agreed: str
    days: str
    tone: str
    replaced: str


@require_safe
@stated(Right.NEGOTIATE)
def offers(request: Visit) -> HttpResponse:
    """The page."""
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    own = Q(supplier_id=identity.organisation) | Q(customer_id=identity.organisation)
    rows = Offer.objects.seen_by(identity.viewer).filter(own).select_related("supplier", "customer")
    found = list(rows.order_by("-made_at", "-id")[:MOST])
    serves = Relation.objects.seen_by(identity.viewer).filter(supplier_id=identity.organisation)
    told = {
        "offers": _rows(found, identity, speaking),
        "waiting": waits_of(identity, speaking),
        "may_offer": serves.exists(),
        "now": speaking.now(),
    }
    return render(request, "offers/list.html", told)


def _rows(rows: list[Offer], identity: Identity, speaking: Speaking) -> list[OfferRow]:
    events = OfferEvent.objects.seen_by(identity.viewer).filter(offer__in=rows)
    happened: dict[object, list[str]] = {}
    for offer, what in events.order_by("at", "id").values_list("offer_id", "what"):
        happened.setdefault(offer, []).append(what)
    today = local_date(zone_of(speaking.zone), speaking.at)
    return [
        OfferRow(
            row,
            other_of(row, identity),
            speaking.texts.on_date(row.valid_on),
            state_of(row, happened.get(row.pk, []), today),
        )
        for row in rows
    ]


def other_of(row: Offer | Assent | Relation, identity: Identity) -> Organisation:
    """The side that one does not act for."""
    return row.supplier if row.customer_id == identity.organisation else row.customer


def state_of(offer: Offer, happened: Sequence[str], today: date) -> Badge:
    """How an offer stands, by all that happened to it, in order."""
    if OfferEvent.What.ACCEPTED in happened:
        return Badge("soon", "running", _("accepted, not signed"))
    if OfferEvent.What.DECLINED in happened:
        return Badge("none", "none", _("declined"))
    if over := _over(offer, today):
        return Badge("none", "none", over)
    if happened[-1:] == [OfferEvent.What.ASKED]:
        return Badge("soon", "running", _("a question waits"))
    is_new = OfferEvent.What.SEEN not in happened
    return Badge("running", "running", _("not seen yet") if is_new else _("seen, not answered"))


def _over(offer: Offer, today: date) -> str:
    """Why it cannot be answered; empty where it can."""
    if offer.withdrawn_at is not None:
        return _("withdrawn")
    if today > offer.valid_on:
        return _("no longer valid")
    return _("not shown yet") if offer.shown_at is None else ""


def waits_of(
    identity: Identity, speaking: Speaking, relation: Relation | None = None
) -> list[WaitRow]:
    """What was agreed to, and no contract in force has replaced: the longest ago first."""
    found = waiting_of(identity.organisation, identity.viewer, relation)
    return [_wait(each, identity, speaking) for each in _oldest_first(found)]


def _oldest_first(found: Iterable[Waiting]) -> list[Waiting]:
    return sorted(found, key=lambda each: each.assent.agreed_at)


def _wait(each: Waiting, identity: Identity, speaking: Speaking) -> WaitRow:
    days = each.days(local_date(zone_of(speaking.zone), speaking.at), zone_of(speaking.zone))
    return WaitRow(
        each.assent,
        other_of(each.assent, identity),
        speaking.texts.on_date(speaking.texts.on(instant_of(each.assent.agreed_at))),
        ngettext("%(n)s day not signed", "%(n)s days not signed", days) % {"n": days},
        "late" if days > NEAR_DAYS else "soon",
        each.named_by,
    )
