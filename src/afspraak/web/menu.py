"""What stands above every page: only the places that somebody may go to."""

from collections.abc import Iterable, Iterator
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
    """For every template: the menu, where the palette leads, and the places of the set-up."""
    identity = getattr(cast("Visit", request), "identity", None)
    if identity is None:
        return {"menu": (), "setup_places": (), "palette": ()}
    places, set_up = _places(identity), places_of(identity, request.path_info)
    here = max(
        (url for _name, url, _key in places if request.path_info.startswith(url)),
        key=len,
        default="",
    )
    return {
        "menu": [Place(name, url, key, url == here) for name, url, key in places],
        "setup_places": set_up if request.path_info.startswith(reverse("setup")) else [],
        "palette": [*((name, url) for name, url, _key in places), *_further(set_up)],
    }


def _further(set_up: Iterable[SetupPlace]) -> Iterator[tuple[str, str]]:
    """What the palette offers beside the menu: the places of the set-up, and one's own account."""
    for each in set_up:
        yield each.name, each.url
    yield _("Second factor"), reverse("mfa_index")
    yield _("Password"), reverse("account_change_password")


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
