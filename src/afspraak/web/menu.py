"""What stands above every page: only the places that somebody may go to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.web.setup_places import SetupPlace, entry_of, places_of, serves

if TYPE_CHECKING:
    from afspraak.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the menu, and the letter that leads there after a `g`."""

    name: str
    url: str
    key: str
    is_here: bool


def menu(request: HttpRequest) -> dict[str, object]:
    """For every template: the menu; on a page of the set-up also its places."""
    identity = getattr(cast("Visit", request), "identity", None)
    if identity is None:
        return {"menu": (), "setup_places": ()}
    places = _places(identity)
    here = max(
        (url for _name, url, _key in places if request.path_info.startswith(url)),
        key=len,
        default="",
    )
    return {
        "menu": [Place(name, url, key, url == here) for name, url, key in places],
        "setup_places": _setup_places(identity, request.path_info),
    }


def _setup_places(identity: Identity, path: str) -> list[SetupPlace]:
    return places_of(identity, path) if path.startswith(reverse("setup")) else []


def _places(identity: Identity) -> list[tuple[str, str, str]]:
    found = _of_staff(identity) if serves(identity) else _of_customer(identity)
    entry = entry_of(identity)
    return [*found, (_("Set-up"), entry, "i")] if entry else found


def _of_staff(identity: Identity) -> list[tuple[str, str, str]]:
    found = []
    if identity.may(Right.OVERSEE):
        found.append((_("Today"), reverse("today"), "t"))
    if identity.may(Right.WORK_TICKETS):
        found.append((_("Desk"), reverse("desk"), "b"))
    found.append((_("Queue"), reverse("queue"), "w"))
    if identity.may(Right.READ_NOTICES):
        found.append((_("At risk"), reverse("at_risk"), "k"))
    if identity.may(Right.READ_FIGURES):
        found.append((_("Reports"), reverse("reports"), "v"))
    if identity.may(Right.WORK_TICKETS):
        found.append((_("Complaints"), reverse("complaints"), "c"))
    return found


def _of_customer(identity: Identity) -> list[tuple[str, str, str]]:
    found = []
    if identity.may(Right.READ_TICKETS):
        found.append((_("My tickets"), reverse("mine"), "m"))
    if identity.may(Right.READ_AGREEMENTS):
        found.append((_("My services"), reverse("mine_services"), "d"))
    if identity.may(Right.READ_FIGURES):
        found.append((_("Reports"), reverse("reports"), "v"))
    return found
