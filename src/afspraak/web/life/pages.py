"""Agreements by where they are in their lives (`/agreements/`), and one of them with all that can
be done with it (`/agreements/<id>/`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from afspraak.agreements.attention import concerns_of
from afspraak.agreements.load import Signed, as_signed
from afspraak.agreements.models import Agreement, AgreementVersion, Draft
from afspraak.clocks.in_force import held_at
from afspraak.engine.in_force import Version, newest_in_force
from afspraak.engine.time import local_date, zone_of
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.postgresql.base import kept_plans
from afspraak.web.attention import concern_named
from afspraak.web.life.places import Held, parts_of
from afspraak.web.life.stages import STAGES, Standing, standing_of
from afspraak.web.own import speaking_to
from afspraak.web.rows import Badge
from afspraak.web.setup_agreements import other_of, state_of
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Row:
    """An agreement in the list."""

    agreement: Agreement
    other: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of one agreement, and how it stands."""

    row: AgreementVersion
    from_on: str
    until_on: str
    badge: Badge


@require_safe
@stated(Right.READ_AGREEMENTS)
def agreements(request: Visit) -> HttpResponse:
    """All that one sees, by stage."""
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    rows = list(_rows(identity, speaking))
    groups = [
        (key, _(name), [each for each in rows if each.standing.key == key])
        for key, name in STAGES.items()
    ]
    told = {"groups": [each for each in groups if each[2]], "count": len(rows)}
    return render(request, "life/list.html", told)


def _rows(identity: Identity, speaking: Speaking) -> Iterator[Row]:
    rows = Agreement.objects.seen_by(identity.viewer).select_related("supplier", "customer")
    found = list(rows.order_by("customer__name", "reference")[:MOST])
    versions = AgreementVersion.objects.seen_by(identity.viewer).filter(agreement__in=found)
    signed = as_signed(list(versions.defer("document").order_by("number")), identity.viewer)
    by_agreement: dict[UUID, list[Signed]] = {}
    for each in signed:
        by_agreement.setdefault(each.row.agreement_id, []).append(each)
    for row in found:
        mine = [each.version for each in by_agreement.get(row.pk, ())]
        newest = newest_in_force(mine, speaking.at)
        yield Row(row, other_of(row, identity).name, standing_of(mine, newest, speaking))


@require_safe
@stated(Right.READ_AGREEMENTS)
def agreement(request: Visit, agreement: UUID) -> HttpResponse:
    """One agreement: where it is, what comes near, its versions, and where everything is done."""
    identity = known(request)
    rows = Agreement.objects.seen_by(identity.viewer)
    with kept_plans():
        named = rows.select_related("supplier", "customer", "owner", "relation")
        row = named.filter(pk=agreement).first()
        if row is None:
            raise Http404
        told = _told(row, identity, request.at)
    return render(request, "life/agreement.html", told)


def _told(row: Agreement, identity: Identity, at: int) -> dict[str, object]:
    """All that its page says."""
    speaking = speaking_to(identity, at)
    signed, drafts = _signed(row, identity), _drafts(row, identity)
    versions = [each.version for each in signed]
    newest = newest_in_force(versions, at)
    held = Held(row, signed, len(drafts), has_begun=bool(newest))
    return {
        "agreement": row,
        "other": other_of(row, identity).name,
        "standing": standing_of(versions, newest, speaking),
        "versions": [_shown(each, newest, speaking) for each in reversed(signed)],
        "concerns": list(_concerns(row, identity, speaking)),
        "drafts": drafts,
        "parts": parts_of(held, identity, at),
    }


def _signed(row: Agreement, identity: Identity) -> Sequence[Signed]:
    versions = AgreementVersion.objects.seen_by(identity.viewer).filter(agreement=row)
    return as_signed(list(versions.defer("document").order_by("number")), identity.viewer)


def _shown(each: Signed, newest: Mapping[str, Version], speaking: Speaking) -> VersionRow:
    zone = zone_of(speaking.zone)
    from_on, until_on = (
        speaking.texts.on_date(at.astimezone(zone).date())
        for at in (each.row.from_at, each.row.until_at)
    )
    return VersionRow(each.row, from_on, until_on, state_of(each.version, newest, speaking))


def _concerns(row: Agreement, identity: Identity, speaking: Speaking) -> Iterator[tuple[str, str]]:
    """(what, when or about what) of the version in force."""
    for held in held_at({row.relation_id: row.supplier_id}, identity.viewer, speaking.at):
        if held.agreement != row.pk or held.signed is None:
            continue
        terms = held.signed.terms
        on = local_date(zone_of(terms.zone), speaking.at)
        for concern in concerns_of(held.signed.document, terms, held.covers, on):
            yield concern_named(held, concern, speaking)


def _drafts(row: Agreement, identity: Identity) -> list[Draft]:
    drafts = Draft.objects.seen_by(identity.viewer)
    return list(drafts.filter(agreement=row, closed_at__isnull=True))
