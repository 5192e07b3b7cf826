"""What was said before it is signed (`/drafts/<id>/said/`, `/agreements/<id>/said/`): consents that
are in force nowhere, promises made on the way, and what became of each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak.agreements.drafts import NoSuchDraft, draft_of
from afspraak.agreements.models import Agreement, AgreementVersion, Draft
from afspraak.engine.time import Refusal, datetime_of, zone_of
from afspraak.host.files import keep_file
from afspraak.intake.kinds import MOST_BYTES
from afspraak.offers.actions_offers import Said, let_assent_go, record_assent, replace_assents
from afspraak.offers.actions_pledges import (
    Told,
    clauses_of,
    decline_pledge,
    settle_pledge,
    show_pledge,
    write_pledge,
)
from afspraak.offers.load import NotThere, ends_in, one, said_of
from afspraak.offers.models import Assent, Offer
from afspraak.offers.models_promised import Pledge, PledgeEnd, Side
from afspraak.offers.pledges import is_settled
from afspraak.parties.identity import Identity
from afspraak.parties.models import Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.parties import party_of
from afspraak.web.filled import moment_of, one_of, text_of, uuid_of
from afspraak.web.offers.filled import Faults
from afspraak.web.offers.listed import other_of, waits_of
from afspraak.web.own import own_zone, speaking_to
from afspraak.web.refusing import refused
from afspraak.web.rows import Badge
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

MOST: Final = 200
Text = Draft | AgreementVersion


@dataclass(frozen=True, slots=True)
class Place:
    """Between whom, and which contract it is about: a draft, or an agreement's newest version."""

    relation: Relation
    url: str
    name: str
    text: Text | None
    draft: Draft | None


@dataclass(frozen=True, slots=True)
class PledgeShown:
    """A promise made on the way, and what became of it."""

    row: Pledge
    who: str
    said: str
    badge: Badge
    ends: tuple[str, ...]
    is_mine: bool
    is_open: bool


@require_safe
@stated(Right.NEGOTIATE)
def of_draft(request: Visit, draft: UUID) -> HttpResponse:
    """What was said around a contract in the making."""
    return _page(request, _of_draft(draft, known(request)), Faults())


@require_safe
@stated(Right.NEGOTIATE)
def of_agreement(request: Visit, agreement: UUID) -> HttpResponse:
    """What was said around an agreement."""
    return _page(request, _of_agreement(agreement, known(request)), Faults())


@require_POST
@stated(Right.NEGOTIATE)
def tell_of_draft(request: Visit, draft: UUID) -> HttpResponse:
    """Something was said, or became of what was said."""
    return _told(request, _of_draft(draft, known(request)))


@require_POST
@stated(Right.NEGOTIATE)
def tell_of_agreement(request: Visit, agreement: UUID) -> HttpResponse:
    """The same, around an agreement."""
    return _told(request, _of_agreement(agreement, known(request)))


def _of_draft(pk: UUID, identity: Identity) -> Place:
    try:
        row = draft_of(pk, identity.viewer)
    except NoSuchDraft as gone:
        raise Http404 from gone
    relation = _relation(row.relation_id, identity)
    return Place(relation, reverse("offers_said_draft", args=[pk]), row.name, row, row)


def _of_agreement(pk: UUID, identity: Identity) -> Place:
    row = Agreement.objects.seen_by(identity.viewer).filter(pk=pk).first()
    if row is None:
        raise Http404
    relation = _relation(row.relation_id, identity)
    versions = AgreementVersion.objects.seen_by(identity.viewer).filter(agreement=row)
    newest = versions.order_by("-number").first()
    return Place(relation, reverse("offers_said", args=[pk]), row.reference, newest, None)


def _relation(pk: UUID, identity: Identity) -> Relation:
    """The relation, for who acts for one of its two sides."""
    rows = Relation.objects.seen_by(identity.viewer).select_related("supplier", "customer")
    row = rows.filter(pk=pk).first()
    if row is None or party_of(row, identity.organisation) is None:
        raise Http404
    return row


# What is told -------------------------------------------------------------------------------------


def _told(request: Visit, place: Place) -> HttpResponse:
    acts = {
        "assent": _assent,
        "replace": _replace,
        "let_go": _let_go,
        "pledge": _pledge,
        "show": _show,
        "clause": _clause,
        "decline": _decline,
    }
    act = acts.get(one_of(request.POST, "do", acts))
    if act is None:
        raise Http404
    faults = Faults()
    try:
        act(request, place, faults)
    except Refusal as refusal:
        faults["whole"] = refused(refusal)
    if faults:
        return _page(request, place, faults)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(place.url)


def _assent(request: Visit, place: Place, faults: Faults) -> None:
    identity, told = known(request), request.POST
    agreed_at = moment_of(told, "agreed_at", own_zone(identity, request.at))
    if agreed_at is None:
        faults["agreed_at"] = _("Give a date and a time.")
    said = Said(
        Assent.How(one_of(told, "how", Assent.How.values) or Assent.How.CALL),
        Side(one_of(told, "giver", Side.values) or Side.CUSTOMER),
        faults.words(told, "by_name", 200), faults.words(told, "words", 2000),
        agreed_at or 0, _offer(told.get("offer", ""), place, identity),
    )  # fmt: skip
    if not faults:
        record_assent(relation=place.relation, said=said, actor=identity.actor, at=request.at)


def _offer(told: str, place: Place, identity: Identity) -> UUID | None:
    rows = Offer.objects.seen_by(identity.viewer).filter(relation=place.relation)
    return next((each for each in rows.values_list("id", flat=True) if str(each) == told), None)


def _replace(request: Visit, place: Place, faults: Faults) -> None:
    identity = known(request)
    if place.text is None:
        raise Http404
    chosen = set(request.POST.getlist("assent"))
    rows = Assent.objects.seen_by(identity.viewer).filter(relation=place.relation)
    assents = [each for each in rows if str(each.pk) in chosen]
    if not assents:
        faults["whole"] = _("Choose what this contract replaces.")
        return
    replace_assents(assents=assents, by=place.text, actor=identity.actor, at=request.at)


def _let_go(request: Visit, place: Place, faults: Faults) -> None:
    del faults
    identity, pk = known(request), uuid_of(request.POST, "one")
    rows = Assent.objects.seen_by(identity.viewer).filter(relation=place.relation)
    row = rows.filter(pk=pk).first() if pk else None
    if row is None:
        raise Http404
    why = text_of(request.POST, "why", 1000)
    let_assent_go(assent=row, why=why, actor=identity.actor, at=request.at)


def _pledge(request: Visit, place: Place, faults: Faults) -> None:
    identity, told = known(request), request.POST
    said_on = faults.day(told, "said_on")
    by_name, words = faults.words(told, "by_name", 200), faults.words(told, "words", 2000)
    sha256 = _evidence(request, faults)
    if faults or said_on is None:
        return
    write_pledge(
        relation=place.relation,
        told=Told(
            Side(one_of(told, "promisor", Side.values) or Side.SUPPLIER),
            by_name, words, said_on,
            Pledge.Place(one_of(told, "place", Pledge.Place.values) or Pledge.Place.OTHER),
            text_of(told, "to_name", 200), text_of(told, "evidence", 1000), sha256,
            place.draft.pk if place.draft else None,
        ),
        is_shown=told.get("shown") == "yes",
        actor=identity.actor,
        at=request.at,
    )  # fmt: skip


def _evidence(request: Visit, faults: Faults) -> str:
    """The file that shows it, kept by what it holds; empty where none was handed in."""
    file = request.FILES.get("file")
    if file is None:
        return ""
    if file.size is None or file.size > MOST_BYTES:
        faults["file"] = _("That file is too large: at most 10 MB.")
        return ""
    return keep_file(file.read())


def _one(request: Visit, place: Place) -> Pledge:
    pk = uuid_of(request.POST, "one")
    rows = Pledge.objects.seen_by(known(request).viewer).filter(relation=place.relation)
    try:
        return one(rows, pk) if pk else _gone()
    except NotThere as gone:
        raise Http404 from gone


def _gone() -> Pledge:
    raise Http404


def _show(request: Visit, place: Place, faults: Faults) -> None:
    del faults
    show_pledge(pledge=_one(request, place), actor=known(request).actor, at=request.at)


def _clause(request: Visit, place: Place, faults: Faults) -> None:
    del faults
    row = _one(request, place)
    if place.text is None:
        raise Http404
    clause = text_of(request.POST, "clause", 80)
    settle_pledge(
        pledge=row, clause=clause, by=place.text, actor=known(request).actor, at=request.at
    )


def _decline(request: Visit, place: Place, faults: Faults) -> None:
    del faults
    row, why = _one(request, place), text_of(request.POST, "why", 1000)
    decline_pledge(pledge=row, why=why, actor=known(request).actor, at=request.at)


# The page -----------------------------------------------------------------------------------------


def _page(request: Visit, place: Place, faults: Faults) -> HttpResponse:
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    clauses = () if place.text is None else clauses_of(place.text)
    local = datetime_of(request.at).astimezone(zone_of(speaking.zone))
    pledges = _pledges(place, clauses, identity, speaking)
    offers = Offer.objects.seen_by(identity.viewer).filter(relation=place.relation)
    told = {
        "place": place,
        "other": other_of(place.relation, identity),
        "waiting": waits_of(identity, speaking, place.relation),
        "pledges": pledges,
        "open": sum(each.is_open for each in pledges),
        "clauses": clauses,
        "offers": offers[:20],
        "hows": how_names().items(),
        "places": place_names().items(),
        "sides": [("supplier", place.relation.supplier.name),
                  ("customer", place.relation.customer.name)],
        "local": f"{local:%Y-%m-%dT%H:%M}",
        "today": f"{local:%Y-%m-%d}",
        "faults": faults,
        "told": request.POST,
    }  # fmt: skip
    return render(request, "offers/said.html", told, status=422 if faults else 200)


def _pledges(
    place: Place, clauses: Iterable[str], identity: Identity, speaking: Speaking
) -> list[PledgeShown]:
    """Every promise made between the two, those that want an end first."""
    rows = Pledge.objects.seen_by(identity.viewer).filter(relation=place.relation)
    found = [row for row in rows[:MOST] if row.draft_id in (None, _draft_id(place, row))]
    told = PledgeEnd.objects.seen_by(identity.viewer).filter(pledge__in=found)
    read = told.select_related("person", "organisation", "draft", "version__agreement")
    named = list(read.order_by("at", "id"))
    ends = ends_in(named)
    shown = []
    for row in found:
        known_clauses = frozenset(clauses) if place.text is not None else None
        is_open = not is_settled(said_of(row), ends, known_clauses)
        mine = tuple(_ended(each) for each in named if each.pledge_id == row.pk)
        shown.append(_shown(row, mine, identity, speaking, is_open=is_open))
    return sorted(shown, key=lambda each: not each.is_open)


def _draft_id(place: Place, row: Pledge) -> UUID | None:
    """Around a draft its own promises; around an agreement all."""
    return place.draft.pk if place.draft else row.draft_id


def _shown(
    row: Pledge, ends: tuple[str, ...], identity: Identity, speaking: Speaking, *, is_open: bool
) -> PledgeShown:
    is_mine = row.organisation_id == identity.organisation
    badge = Badge("soon", "running", _("open")) if is_open else Badge("kept", "kept", _("ended"))
    slots = {"who": row.by_name, "to": row.to_name}
    who = _("%(who)s to %(to)s") % slots if row.to_name else row.by_name
    said = f"{speaking.texts.on_date(row.said_on)}, {place_names()[row.place]}"
    return PledgeShown(row, who, said, badge, ends, is_mine, is_open)


def _ended(each: PledgeEnd) -> str:
    by = each.person.name if each.person else each.organisation.name
    if each.how == PledgeEnd.How.DECLINED:
        return _("declined by %(who)s: %(why)s") % {"who": by, "why": each.why}
    of = each.draft.name if each.draft else each.version.agreement.reference if each.version else ""
    return _("clause %(clause)s of %(of)s, says %(who)s") % {
        "clause": each.clause,
        "of": of,
        "who": by,
    }


def how_names() -> dict[str, str]:
    """In which ways somebody agrees before it is signed."""
    return {
        "call": _("by telephone"),
        "mail": _("in a mail"),
        "handshake": _("a handshake"),
        "work": _("work that began"),
        "offer": _("an offer accepted"),
    }


def place_names() -> dict[str, str]:
    """Where something is promised on the way."""
    return {
        "mail": _("in a mail"),
        "call": _("by telephone"),
        "meeting": _("at a meeting"),
        "dinner": _("at a dinner"),
        "offer": _("in an offer"),
        "other": _("elsewhere"),
    }
