"""What stands above every page, and what the keyboard leads to: only the places that somebody may
go to.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.web.addresses import address
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
        return {"menu": (), "places": (), "setup_places": ()}
    places, set_up = _places(identity), places_of(identity, request.path_info)
    here = max(
        (url for _name, url, _key in places if request.path_info.startswith(url)),
        key=len,
        default="",
    )
    shown = [Place(name, url, key, url == here) for name, url, key in places]
    further = [*_further(identity), *_without_letter(set_up)]
    return {
        "menu": shown,
        "places": [*shown, *(Place(*each, is_here=False) for each in further)],
        "setup_places": set_up if request.path_info.startswith(address("setup")) else [],
    }


def _without_letter(set_up: Iterable[SetupPlace]) -> Iterator[tuple[str, str, str]]:
    """What only the palette leads to: the places of the set-up, and one's own account."""
    for each in set_up:
        yield each.name, each.url, ""
    yield _("Second factor"), address("mfa_index"), ""
    yield _("Password"), address("account_change_password"), ""


def _places(identity: Identity) -> list[tuple[str, str, str]]:
    found = _of_staff(identity) if serves(identity) else _of_customer(identity)
    entry = entry_of(identity)
    return [*found, (_("Set-up"), entry, "i")] if entry else found


def _further(identity: Identity) -> list[tuple[str, str, str]]:
    """Pages that stand in no menu, but are a letter away, and in the palette. One letter means one
    page, whoever presses it.
    """
    return _further_of_staff(identity) if serves(identity) else _further_of_customer(identity)


def _further_of_staff(identity: Identity) -> list[tuple[str, str, str]]:
    found = [
        (_("Within two hours"), address("ahead"), "s"),
        (_("My board"), address("board"), "o"),
        (_("Dates"), address("keeping"), "p"),
    ]
    if identity.may(Right.WORK_TICKETS):
        found.append((_("Reply templates"), address("replies"), "j"))
    if identity.may(Right.NEGOTIATE):
        found += _of_negotiator()
    if identity.may(Right.OVERSEE):
        found.append((_("What may still be missed"), address("today_budgets"), "e"))
        found.append((_("The statement"), address("today_statements"), "a"))
    return found


def _further_of_customer(identity: Identity) -> list[tuple[str, str, str]]:
    found = []
    if identity.may(Right.WRITE_TICKETS):
        found.append((_("Report something"), address("new"), "r"))
        found.append((_("Not satisfied?"), address("complaint"), "c"))
    if identity.may(Right.READ_AGREEMENTS):
        found.append((_("My promises"), address("mine_promises"), "l"))
    if identity.may(Right.NEGOTIATE):
        found += _of_negotiator()
        found.append((_("Dates"), address("keeping"), "p"))
    return found


def _of_negotiator() -> list[tuple[str, str, str]]:
    return [
        (_("Agreements in the making"), address("drafts"), "h"),
        (_("Offers"), address("offers"), "f"),
        (_("To be signed"), address("signing"), "z"),
        (_("Archive"), address("archive"), "x"),
    ]


def _of_staff(identity: Identity) -> list[tuple[str, str, str]]:
    found = []
    if identity.may(Right.OVERSEE):
        found.append((_("Today"), address("today"), "t"))
    if identity.may(Right.WORK_TICKETS):
        found.append((_("Desk"), address("desk"), "b"))
    found.append((_("Queue"), address("queue"), "w"))
    if identity.may(Right.READ_NOTICES):
        found.append((_("At risk"), address("at_risk"), "k"))
    if identity.may(Right.NEGOTIATE):
        found.append((_("Agreements"), address("agreements"), "n"))
    if identity.may(Right.READ_FIGURES):
        found.append((_("Reports"), address("reports"), "v"))
    if identity.may(Right.WORK_TICKETS):
        found.append((_("Complaints"), address("complaints"), "c"))
    return found


def _of_customer(identity: Identity) -> list[tuple[str, str, str]]:
    found = []
    if identity.may(Right.READ_TICKETS):
        found.append((_("My tickets"), address("mine"), "m"))
    if identity.may(Right.READ_AGREEMENTS):
        found.append((_("My services"), address("mine_services"), "d"))
    if identity.may(Right.NEGOTIATE):
        found.append((_("Agreements"), address("agreements"), "n"))
    if identity.may(Right.READ_FIGURES):
        found.append((_("Reports"), address("reports"), "v"))
    return found
