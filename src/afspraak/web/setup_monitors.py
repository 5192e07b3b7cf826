"""Monitors (`/setup/monitors/`): where they send, and which service each of their words stands for.

Whoever brings in agreements says so: a word that stands for nothing opens no outage, and an outage
counts in what was promised.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from afspraak.agreements.load import versions_of
from afspraak.agreements.models import Agreement
from afspraak.engine.time import Refusal, instant_of
from afspraak.flow.labels import map_label, unmap_label
from afspraak.flow.signals import BEGAN, ENDED
from afspraak.intake.models import Watched
from afspraak.notices.drafting import link_to
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.models import Fact
from afspraak.web.agreed import words_in
from afspraak.web.own import speaking_to
from afspraak.web.refusing import refused
from afspraak.web.setup_confirm import Ending, confirm
from afspraak.web.setup_forms import Labelling
from afspraak.web.setup_places import url_of
from afspraak.web.speaking import language
from afspraak.web.visit import Visit, known

MOST: Final = 300
HEARD: Final = 8
PROGRAMS: Final = (
    ("Prometheus Alertmanager", "alertmanager"),
    ("Uptime Kuma", "uptime-kuma"),
    ("Zabbix", "zabbix"),
)
"""What understands us: the program, and the end of the address that it sends to."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An outage that began or ended because a monitor said so."""

    service: str
    customer: str
    said: str


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.WRITE_AGREEMENTS)
def monitors(request: Visit) -> HttpResponse:
    """The page: addresses, words, and what was heard."""
    identity = known(request)
    services = _services(identity)
    form = Labelling(
        [(key, name) for key, name, _agreement, _service in services],
        request.POST if request.method == "POST" else None,
    )
    if form.is_bound and form.is_valid() and _mapped(request, form, services):
        return HttpResponseRedirect(reverse("setup_monitors"))
    base = link_to("/api/v1/monitors/")
    told = {
        "programs": [(name, base + end) for name, end in PROGRAMS],
        "tokens": url_of("setup_tokens", identity),
        "agreements": url_of("setup_agreements", identity),
        "labels": _labels(identity),
        "heard": _heard(request),
        "form": form if services else None,
    }
    return render(request, "setup/monitors.html", told, status=422 if form.errors else 200)


Service = tuple[str, str, Agreement, str]
"""A choice: its key, how it reads, the agreement, and the service in it."""


def _services(identity: Identity) -> list[Service]:
    """Every service of every agreement that one's own organisation keeps."""
    rows = Agreement.objects.seen_by(identity.viewer).filter(supplier_id=identity.organisation)
    agreements = {each.pk: each for each in rows.select_related("customer")[:MOST]}
    signed = versions_of({each.relation_id for each in agreements.values()}, identity.viewer)
    found: dict[str, Service] = {}
    for each in (version for versions in signed.values() for version in versions):
        agreement = agreements.get(each.row.agreement_id)
        if agreement is None:
            continue
        words = words_in(each.data, language()).of_field("service")
        for service in each.terms.fields.values.get("service", ()):
            name = f"{agreement.customer.name}: {words.show(service)} ({agreement.reference})"
            found[f"{agreement.pk}/{service}"] = (
                f"{agreement.pk}/{service}", name, agreement, service,
            )  # fmt: skip
    return sorted(found.values(), key=lambda each: each[1].casefold())


def _mapped(request: Visit, form: Labelling, services: list[Service]) -> bool:
    """Whether the word stands for the service now; where not, the form says why."""
    identity, told = known(request), form.cleaned_data
    agreement, service = next(each[2:] for each in services if each[0] == told["service"])
    try:
        map_label(
            label=told["label"],
            agreement=agreement,
            service=service,
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
    except Refusal as refusal:
        form.add_error("label", refused(refusal))
        return False
    messages.success(request, _("%s is known now.") % told["label"])
    return True


def _labels(identity: Identity) -> list[Watched]:
    rows = Watched.objects.seen_by(identity.viewer).filter(
        organisation_id=identity.organisation, ended_at=None
    )
    return list(rows.select_related("agreement__customer").order_by("label", "service")[:MOST])


def _heard(request: Visit) -> list[Heard]:
    """What monitors said last."""
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    watched = Watched.objects.seen_by(identity.viewer).filter(organisation_id=identity.organisation)
    rows = Fact.objects.seen_by(identity.viewer).filter(
        agreement_id__in=watched.values("agreement_id"),
        ticket=None,
        code__in=(BEGAN, ENDED),
        data__more__has_key="monitor",
    )
    return [
        Heard(
            service=str(each.data["more"].get("service", "")),
            customer=each.customer.name,
            said=(_("down since %s") if each.code == BEGAN else _("up again, %s"))
            % speaking.moment(instant_of(each.happened_at)),
        )
        for each in rows.select_related("customer").order_by("-logged_at", "-seq")[:HEARD]
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.WRITE_AGREEMENTS)
def end_label(request: Visit, watched: UUID) -> HttpResponse:
    """A monitor's word stands for nothing any more, once that was confirmed."""
    identity = known(request)
    row = next((each for each in _labels(identity) if each.pk == watched), None)
    if row is None:
        raise Http404
    label = row.label
    ending = Ending(
        title=_("Listen to %s no more?") % label,
        what=[
            _("What a monitor says of it opens and closes no outage any more, for any customer."),
            _("What was heard before stays, and counts."),
        ],
        button=_("End it"),
        done=_("%s stands for nothing any more.") % label,
        back="setup_monitors",
    )
    return confirm(
        request,
        ending,
        lambda: unmap_label(
            label=label, actor=identity.actor, viewer=identity.viewer, at=request.at
        ),
    )
