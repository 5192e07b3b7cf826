"""Who sits at the table (`/drafts/<id>/table/`): who negotiates and who signs for each side, in
which position and by which mandate; a signer without one is warned about.
"""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from afspraak import flow
from afspraak.engine.time import Refusal
from afspraak.language.text.words import texts_of
from afspraak.making.actions import Seated
from afspraak.making.load import seats_of
from afspraak.making.models import Seat
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.filled import one_of, text_of, uuid_of
from afspraak.web.making.seen import Seen, framed, seen
from afspraak.web.refusing import refused
from afspraak.web.speaking import language
from afspraak.web.visit import Visit


@dataclass(frozen=True, slots=True)
class SeatShown:
    """Somebody at the table; `warning` where they would sign without a mandate."""

    name: str
    position: str
    mandate: str
    signs: bool
    warning: str
    seat: Seat | None
    """None for a signer whom the text names."""


@dataclass(frozen=True, slots=True)
class SideShown:
    """One side of the table."""

    name: str
    is_own: bool
    seats: tuple[SeatShown, ...]
    lacks_signer: bool


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.NEGOTIATE)
def table(request: Visit, draft: UUID) -> HttpResponse:
    """The page; posted, somebody of one's own side sits down or leaves."""
    there = seen(request, draft, request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        return _page(request, there)
    try:
        _posted(request, there)
    except Refusal as refusal:
        return _page(request, there, refused(refusal))
    except flow.NoSuchProposal as fault:
        raise Http404 from fault
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("draft_table", args=[there.draft.pk]))


def _posted(request: Visit, there: Seen) -> None:
    told = request.POST
    if one_of(told, "do", ("leave",)):
        left = uuid_of(told, "seat")
        if left is None:
            raise Http404
        flow.unseat(seat=left, **there.ours)
        return
    seated = Seated(
        text_of(told, "name", 200),
        text_of(told, "position", 120),
        Seat.Part(one_of(told, "part", Seat.Part.values) or Seat.Part.NEGOTIATES),
        Seat.Mandate(one_of(told, "mandate", Seat.Mandate.values)),
    )
    flow.seat(draft=there.draft.pk, seated=seated, **there.ours)


def _page(request: Visit, there: Seen, fault: str = "") -> HttpResponse:
    draft, own = there.draft, there.identity.organisation
    seats = seats_of(draft, there.identity.viewer)
    sides = [
        _side(
            there,
            key,
            each.name,
            [s for s in seats if s.organisation_id == each.pk],
            each.pk == own,
        )
        for key, each in (("supplier", draft.supplier), ("customer", draft.customer))
    ]
    told = framed(there, "draft_table") | {
        "sides": sides,
        "mandates": list(_mandates().items()),
        "fault": fault,
        "told": request.POST if fault else {},
    }
    return render(request, "making/table.html", told, status=422 if fault else 200)


def _side(there: Seen, key: str, name: str, seats: list[Seat], is_own: bool) -> SideShown:  # noqa: FBT001
    shown = [_seat(each) for each in seats]
    named = {each.name.casefold() for each in shown if each.signs}
    shown += [each for each in _signers(there, key) if each.name.casefold() not in named]
    return SideShown(name, is_own, tuple(shown), not any(each.signs for each in shown))


def _seat(row: Seat) -> SeatShown:
    signs = row.part == Seat.Part.SIGNS
    warning = ""
    if signs and not row.mandate:
        warning = _("would sign without a mandate: what they sign may not bind their side")
    mandate = _mandates().get(row.mandate, "")
    return SeatShown(row.name, row.position, mandate, signs, warning, row)


def _signers(there: Seen, key: str) -> list[SeatShown]:
    """Whom the text itself names as signers: there, nobody stands without a mandate."""
    document = there.opened.readable
    party = None if document is None else document.parties.get(key)
    names = _mandates()
    return [
        SeatShown(each.name, each.function, names.get(each.mandate, ""), True, "", None)  # noqa: FBT003  (a signer)
        for each in (party.signers if party else ())
    ]


def _mandates() -> dict[str, str]:
    """Mandate -> what it is called in a contract of the reader's language."""
    enums = texts_of(language(), "words")["enums"]
    assert isinstance(enums, dict)
    return {str(key): str(each) for key, each in enums["mandate"].items()}
