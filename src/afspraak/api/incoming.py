"""What other machines bring: a mail from one's own mail server, what monitors see."""

import logging
import os
from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from afspraak.api.admission import takes
from afspraak.api.auth import Call
from afspraak.api.kinds import Shown
from afspraak.api.monitors import Answer, Refused, alertmanager, uptime_kuma, zabbix
from afspraak.api.problem import FaultShown, Missing, invalid, problem
from afspraak.api.signals import listen
from afspraak.flow.signals import Listened
from afspraak.intake.actions import Arrived, store_mail, walk_later
from afspraak.intake.load import is_desk
from afspraak.notices.settings import desk_organisation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated

router = Router()
log = logging.getLogger("afspraak.api")
MAIL = "message/rfc822"
MOST_MAIL = 25 * 1024 * 1024


class MailShown(Shown):
    """A mail that is kept: a worker reads it. The same bytes again are the same mail."""

    mail: UUID


@router.post("/mail", response={202: MailShown})
@takes(MAIL, most=MOST_MAIL)
@stated(Right.WRITE_MAIL)
def take_mail(request: Call) -> Status[MailShown] | HttpResponse:
    """Hand a mail over, as your mail server has it. With this answer it is stored for good."""
    identity, at = request.identity, request.at
    _check_desk(request)
    raw = request.read(MOST_MAIL + 1)
    if not raw.strip():
        return invalid("body", "there is no mail in it", "send the whole message")
    arrived = Arrived("http", raw, len(raw), at)
    row = store_mail(
        arrived=arrived, organisation=identity.organisation, viewer=identity.viewer, at=at
    )
    walk_later()
    return Status(202, MailShown(mail=row.id))


def _check_desk(request: Call) -> None:
    """Only the supplier whose desk this installation is receives mail here."""
    identity, named = request.identity, desk_organisation(os.environ)
    if not is_desk(organisation=identity.organisation, named=named, viewer=identity.viewer):
        raise Missing


class HeardShown(Shown):
    """What came of a monitor's message: facts that are new, those that were known, and labels that
    stand for no service: map them with `afspraak monitor map`.
    """

    facts: int
    repeated: int
    unknown: list[str]


@router.post("/monitors/alertmanager", response=HeardShown)
@stated(Right.WRITE_SERVICES)
def hear_alertmanager(request: Call) -> HeardShown | HttpResponse:
    """Prometheus Alertmanager's webhook, version 4."""
    return _heard(request, alertmanager)


@router.post("/monitors/zabbix", response=HeardShown)
@stated(Right.WRITE_SERVICES)
def hear_zabbix(request: Call) -> HeardShown | HttpResponse:
    """What our media type for Zabbix sends (docs/mail.md)."""
    return _heard(request, zabbix)


@router.post("/monitors/uptime-kuma", response=HeardShown)
@stated(Right.WRITE_SERVICES)
def hear_uptime_kuma(request: Call) -> HeardShown | HttpResponse:
    """Uptime Kuma's webhook."""
    return _heard(request, uptime_kuma)


def _heard(request: Call, read: Callable[[bytes], Answer]) -> HeardShown | HttpResponse:
    found = listen(request.body, read, request.identity, request.at)
    if not isinstance(found, Listened):
        return problem(409, faults=[_shown(each) for each in found])  # no form is described here
    if found.unknown:
        log.warning("%d labels stand for no service: the answer names them", len(found.unknown))
    return HeardShown(facts=found.facts, repeated=found.repeated, unknown=list(found.unknown))


def _shown(fault: Refused) -> FaultShown:
    return FaultShown(place=fault.place, fact=fault.fact[:500], remedy=fault.remedy)
