"""The first quarter of an hour of a new supplier (`/setup/`): what is done, and what comes next.

Nothing of it is kept: each step looks at what exists, so it is right whichever way things came.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from afspraak.agreements.models import Agreement, Catalogue
from afspraak.clocks.load import grounds_known
from afspraak.engine.in_force import newest_in_force
from afspraak.parties.actions_access import person_of
from afspraak.parties.identity import Identity
from afspraak.parties.models import Invitation, Membership, Organisation, Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.postgresql.base import kept_plans
from afspraak.tickets.models import NumberSeries, Ticket
from afspraak.web.setup_mail import AUTHSERV, is_ours, ways
from afspraak.web.setup_places import serves, url_of
from afspraak.web.visit import Visit, known

DONE: Final = "done"
WAITING: Final = "waiting"
OPEN: Final = "open"
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Stands:
    """How far a step is: its state, and what there is to say of it."""

    state: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what, why, how far; where it is done, empty for whom that place does not open."""

    key: str
    title: str
    why: str
    stands: Stands
    action: str
    url: str
    is_next: bool = False

    @property
    def is_done(self) -> bool:
        """Whether nothing more is asked."""
        return self.stands.state == DONE


@require_safe
@stated(Right.READ_PARTIES)
@kept_plans()
def first_steps(request: Visit) -> HttpResponse:
    """The page. A customer sets up its people, and has no such steps."""
    identity = known(request)
    if not serves(identity):
        return HttpResponseRedirect(reverse("setup_people"))
    own = Organisation.objects.seen_by(identity.viewer).get(pk=identity.organisation)
    steps = _with_next(list(steps_of(own, identity, request.at)))
    told = {
        "own": own,
        "steps": steps,
        "done": sum(each.is_done for each in steps),
        "next": next((each for each in steps if each.is_next), None),
        "later": [(name, why, url) for name, why, url in _later(identity) if url],
    }
    return render(request, "setup/first_steps.html", told)


def _with_next(steps: list[Step]) -> list[Step]:
    """The first that is open, and theirs to do, comes next; what waits for others holds nobody
    up.
    """
    first = next((each.key for each in steps if each.stands.state == OPEN and each.url), "")
    return [replace(each, is_next=each.key == first) for each in steps]


def steps_of(own: Organisation, identity: Identity, at: int) -> Iterator[Step]:
    """The steps in their order."""
    place = url_of("setup_organisations", identity)
    yield Step(
        "own",
        _("Your own organisation"),
        _("Agreements name their parties by register number; customers call the number."),
        _own(own, identity),
        _("Fill it in"),
        place and reverse("setup_organisation", args=[identity.organisation]),
    )
    yield Step(
        "colleague",
        _("A colleague"),
        _("A promise has somebody who answers for it when you are away."),
        _colleague(identity),
        _("Invite a colleague"),
        url_of("setup_people", identity),
    )
    yield Step(
        "services",
        _("Services, levels and hours"),
        _("What you offer, at which level, in which hours: agreements are made from it."),
        _services(identity),
        _("Say what you offer"),
        url_of("setup_services", identity),
    )
    yield Step(
        "customer",
        _("A first customer"),
        _("Name and register number are enough to begin."),
        _customer(identity),
        _("Add a customer"),
        place,
    )
    yield from _last_steps(identity, at)


def _last_steps(identity: Identity, at: int) -> Iterator[Step]:
    yield Step(
        "agreement",
        _("Its agreement"),
        _("From a template, checked line by line, signed by both: from then on the clocks run."),
        _agreement(identity, at),
        _("Make an agreement"),
        url_of("setup_agreements", identity),
    )
    yield Step(
        "mail",
        _("Mail"),
        _("Reports come in by mail, and answers find their ticket."),
        _mail(identity),
        _("See what is missing"),
        url_of("setup_mail", identity),
    )
    yield Step(
        "report",
        _("Try a report"),
        _("As if the phone rang: the verdict stands there before anything is saved."),
        _report(identity),
        _("To the desk"),
        reverse("desk") if identity.may(Right.WORK_TICKETS) else "",
    )


# How far each is ----------------------------------------------------------------------------------


def _own(row: Organisation, identity: Identity) -> Stands:
    series = NumberSeries.objects.seen_by(identity.viewer).filter(organisation=row)
    missing = [
        name
        for name, is_there in (
            (_("register number"), bool(row.register)),
            (_("telephone"), bool(row.phone)),
            (_("ticket numbers"), series.exists()),
        )
        if not is_there
    ]
    if not missing:
        return Stands(DONE, f"{row.name}, {row.register}")
    return Stands(OPEN, _("still missing: %s") % ", ".join(missing))


def _colleague(identity: Identity) -> Stands:
    members = Membership.objects.seen_by(identity.viewer).filter(
        organisation_id=identity.organisation, until_at=None
    )
    others = members.exclude(person_id=person_of(identity.actor)).count()
    if others:
        told = ngettext("%(n)s colleague", "%(n)s colleagues", others)
        return Stands(DONE, told % {"n": others})
    asked = Invitation.objects.seen_by(identity.viewer).filter(
        organisation_id=identity.organisation, used_at=None
    )
    first = asked.order_by("-created_at", "id").first()
    return Stands(WAITING, _("%s was invited") % first.email) if first else Stands(OPEN)


def _services(identity: Identity) -> Stands:
    rows = Catalogue.objects.seen_by(identity.viewer).filter(organisation_id=identity.organisation)
    last = rows.order_by("-recorded_at", "id").defer("document").first()
    return Stands(DONE, last.reference) if last else Stands(OPEN)


def _customer(identity: Identity) -> Stands:
    rows = Relation.objects.seen_by(identity.viewer).filter(supplier_id=identity.organisation)
    count = rows.count()
    told = ngettext("%(n)s customer", "%(n)s customers", count)
    return Stands(DONE, told % {"n": count}) if count else Stands(OPEN)


def _agreement(identity: Identity, at: int) -> Stands:
    rows = Agreement.objects.seen_by(identity.viewer).filter(supplier_id=identity.organisation)
    found = list(
        rows.order_by("-created_at").only("reference", "relation_id", "supplier_id")[:MOST]
    )
    if not found:
        return Stands(OPEN)
    running = _running(found, identity, at)
    if running is None:
        newest = found[0].reference
        return Stands(WAITING, _("%s waits for its signatures or its first day") % newest)
    return Stands(DONE, _("%s holds") % running.reference)


def _running(found: list[Agreement], identity: Identity, at: int) -> Agreement | None:
    """One that every party has signed, and whose first day has come."""
    relations = {each.relation_id: each.supplier_id for each in found}
    grounds = grounds_known(relations, identity.viewer).values()
    holds = newest_in_force((each for ground in grounds for each in ground.versions), at)
    return next((each for each in found if str(each.pk) in holds), None)


def _mail(identity: Identity) -> Stands:
    if not is_ours(identity):
        return Stands(WAITING, _("No mail comes in for you here"))
    needed = [each for each in ways() if each.setting != AUTHSERV]
    missing = [each.name for each in needed if not each.is_there]
    if not missing:
        return Stands(DONE, needed[0].said)
    return Stands(OPEN, _("still missing: %s") % ", ".join(missing))


def _report(identity: Identity) -> Stands:
    rows = Ticket.objects.seen_by(identity.viewer).filter(supplier_id=identity.organisation)
    first = rows.order_by("id").first()
    return Stands(DONE, f"{first.number}: {first.title}") if first else Stands(OPEN)


# And then -----------------------------------------------------------------------------------------


def _later(identity: Identity) -> Iterator[tuple[str, str, str]]:
    """What nobody needs in the first quarter of an hour."""
    yield (
        _("Warnings and rates"),
        _("who is warned when, and what an hour outside agreements costs"),
        url_of("setup_warnings", identity),
    )
    yield (
        _("Monitors"),
        _("outages that open and close by themselves"),
        url_of("setup_monitors", identity),
    )
    yield _("Webhooks"), _("the team's chat is told as well"), url_of("setup_webhooks", identity)
    yield _("Tokens"), _("for your own programs"), url_of("setup_tokens", identity)
