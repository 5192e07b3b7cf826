"""Who owns what (`/agreements/<id>/assets/`): the register of things, begun with what was signed,
kept by both sides, also from a CSV file.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.engine.time import Refusal
from afspraak.keeping.actions import Said
from afspraak.keeping.load import entries_of, of_thing
from afspraak.keeping.models import Subject
from afspraak.keeping.things import (
    AT_EXIT,
    COLUMNS,
    MOST_BYTES,
    NEEDED,
    OWNERS,
    Held,
    Thing,
    read_csv,
    register_of,
    thing_in,
    written,
)
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.agreed import Agreed
from afspraak.web.filled import text_of
from afspraak.web.keeping.seen import Life, for_a_side, life_of
from afspraak.web.once import FIELD, fresh, once
from afspraak.web.refusing import refused
from afspraak.web.things import things_of
from afspraak.web.visit import Visit

SHOWN_FAULTS: Final = 100


@dataclass(frozen=True, slots=True)
class ThingShown:
    """A line of the register as it is read."""

    held: Held
    owner: str
    service: str
    at_exit: str
    since: str
    until: str
    said: str
    signed: str


@require_safe
@stated(Right.READ_AGREEMENTS)
def assets(request: Visit, agreement: UUID) -> HttpResponse:
    """The page."""
    return _page(request, life_of(request, agreement))


def signed_things(agreed: Agreed | None) -> list[Thing]:
    """What the version says who owns."""
    if agreed is None:
        return []
    return [
        Thing(
            label=each.id,
            name=each.name,
            owner=agreed.document.role(each.owner),
            of="" if each.owner in ("supplier", "customer") else _third(agreed, each.owner),
            service=each.service or "",
            number=each.number,
            until_on=each.replaced_on,
            at_exit=each.at_exit,
        )
        for each in things_of(agreed)
    ]


def _third(agreed: Agreed, owner: str) -> str:
    try:
        return agreed.document.party(owner).name
    except KeyError:
        return owner


def register(life: Life) -> list[Held]:
    """Every thing: as it was signed, and what either side has said of it since."""
    told = []
    if life.sees_all:
        rows = entries_of(life.agreement.pk, life.identity.viewer, Subject.THING)
        told = [of_thing(each) for each in rows]
    return register_of(signed_things(life.agreed), told)


def _page(
    request: Visit, life: Life, fault: str = "", form: str = "", **more: object
) -> HttpResponse:
    services = life.agreed.document.services if life.agreed else {}
    words = life.agreed.words if life.agreed else None
    told: dict[str, object] = {
        "life": life,
        "fault": fault,
        "form": form,
        "now": life.speaking.now(),
        "rows": [thing_shown(each, life) for each in register(life)],
        "owners": [(each, owner_named(each, life)) for each in OWNERS],
        "exits": [(each, exit_named(each, life)) for each in AT_EXIT],
        "services": [(each, words.services.show(each)) for each in services] if words else [],
        "columns": ",".join(COLUMNS),
        "needed": ", ".join(NEEDED),
        "may_write": life.sees_all and life.identity.may(Right.WRITE_EVIDENCE),
        "given": request.POST,
        "once": fresh(),
        "field": FIELD,
        **more,
    }
    return render(request, "keeping/assets.html", told, status=422 if fault else 200)


def owner_named(owner: str, life: Life) -> str:
    """Whose it is, as people say it: one's own, rented, of a third party."""
    if owner == "supplier":
        return _("%(name)s: rented") % {"name": life.agreement.supplier.name}
    if owner == "customer":
        return _("%(name)s: own") % {"name": life.agreement.customer.name}
    return _("a third party")


def exit_named(at_exit: str, life: Life) -> str:
    """What becomes of it at the end, in the words of the contract's language tables."""
    if life.agreed is None:
        return at_exit
    return life.agreed.words.enums["at_exit"].show(at_exit)


def thing_shown(each: Held, life: Life) -> ThingShown:
    """A line, in words."""
    thing, texts = each.thing, life.speaking.texts
    services = life.agreed.document.services if life.agreed else {}
    words = life.agreed.words if life.agreed else None
    at = texts.on_date(texts.on(each.said_at)) if each.said_at is not None else ""
    slots = {"who": life.name_of(each.side), "on": at}
    return ThingShown(
        held=each,
        owner=thing.of or owner_named(thing.owner, life),
        service=words.services.show(thing.service) if words and thing.service in services else "",
        at_exit=exit_named(thing.at_exit, life),
        since=texts.on_date(thing.from_on) if thing.from_on else "",
        until=texts.on_date(thing.until_on) if thing.until_on else "",
        said=_("kept by %(who)s, %(on)s") % slots if at else _("as it was signed"),
        signed=_signed(each, life),
    )


def _signed(each: Held, life: Life) -> str:
    """What was signed, where the register says another thing."""
    if not each.differs or each.signed is None:
        return ""
    owner = each.signed.of or owner_named(each.signed.owner, life)
    return f"{owner}; {exit_named(each.signed.at_exit, life)}"


# What is done there -------------------------------------------------------------------------------


@require_POST
@stated(Right.WRITE_EVIDENCE)
def keep(request: Visit, agreement: UUID) -> HttpResponse:
    """A thing, anew or as it is now; or struck out."""
    life = for_a_side(life_of(request, agreement))
    label = text_of(request.POST, "label", 80)
    if request.POST.get("do") == "strike":
        held = next((each for each in register(life) if each.thing.label == label), None)
        if held is None or held.is_gone:
            raise Http404
        said = [Said(Subject.THING, label, "struck", data=written(held.thing))]
        return _say(request, life, said)
    try:
        thing = thing_in(_filled(request.POST), _services(life))
    except Refusal as refusal:
        return _page(request, life, refused(refusal), "thing")
    return _say(request, life, [_kept(thing)])


def _filled(told: QueryDict) -> dict[str, str]:
    return {name: text_of(told, name, 400) for name in COLUMNS}


def _services(life: Life) -> list[str]:
    return list(life.agreed.document.services) if life.agreed else []


def _kept(thing: Thing) -> Said:
    return Said(Subject.THING, thing.label, "kept", data=dict(written(thing)))


def _say(request: Visit, life: Life, said: list[Said]) -> HttpResponse:
    made = once(
        request,
        lambda: flow.say(
            agreement=life.agreement, said=said, actor=life.identity.actor, at=request.at
        ),
    )
    if made is not None:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("keeping_assets", args=[life.agreement.pk]))


@require_POST
@stated(Right.WRITE_EVIDENCE)
def bring_in(request: Visit, agreement: UUID) -> HttpResponse:
    """Things from a CSV file: looked at first; kept when that is asked, and nothing is wrong."""
    life = for_a_side(life_of(request, agreement))
    file = request.FILES.get("csv")
    content = file.read(MOST_BYTES + 1) if file else request.POST.get("text", "").encode()
    if not content.strip():
        return _page(request, life, _("Which file? Choose one, or paste its lines."), "csv")
    try:
        read = read_csv(content, _services(life))
    except Refusal as refusal:
        return _page(request, life, refused(refusal), "csv")
    if read.faults:
        faults = [(each.line, refused(each.why)) for each in read.faults[:SHOWN_FAULTS]]
        fault = _("Nothing is kept yet: some lines have faults.")
        text = content.decode("utf-8-sig", "replace")
        return _page(request, life, fault, "csv", faults=faults, text=text)
    known = {each.thing.label: each.thing for each in register(life) if not each.is_gone}
    if request.POST.get("do") == "keep":
        new = [each for each in read.things if known.get(each.label) != each]
        return _say(request, life, [_kept(each) for each in new])
    preview = [
        (thing_shown(Held(each, None), life), each.label in known, known.get(each.label) == each)
        for each in read.things
    ]
    text = content.decode("utf-8-sig")
    return _page(request, life, form="csv", preview=preview, text=text)
