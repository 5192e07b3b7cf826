"""Mail (`/setup/mail/`): whether it comes in and goes out, what is missing, and trying it.

Servers and passwords are settings of the installation (docs/settings.md): no page shows or keeps
them. What came and went stands in the rows.
"""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak.engine.time import instant_of
from afspraak.intake.load import is_desk
from afspraak.intake.models import Incoming, State
from afspraak.notices.models import Notice, NoticeState
from afspraak.notices.settings import (
    ADDRESS,
    KEYS,
    SMTP,
    SettingRefused,
    desk_address,
    desk_organisation,
    smtp_server,
    token_keys,
)
from afspraak.notices.smtp import Fate
from afspraak.parties.actions_access import person_of
from afspraak.parties.identity import Identity
from afspraak.parties.models import Person
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.models import NumberSeries
from afspraak.web.once import fresh, once
from afspraak.web.own import speaking_to
from afspraak.web.posting import bytes_of, hand_over
from afspraak.web.setup_letter import leaves_mail
from afspraak.web.visit import Visit, known

IMAP: Final = "AFSPRAAK_MAIL_IMAP_URL"
AUTHSERV: Final = "AFSPRAAK_MAIL_AUTHSERV_ID"
Reading = Callable[[Mapping[str, str]], str]
WAIT_SECONDS: Final = 8
"""For so long the page waits for the server's word; then it says that the mail is on its way."""


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that mail needs: whether it is there, what of it may be shown, what else to do."""

    name: str
    is_there: bool
    said: str
    setting: str


@require_safe
@stated(Right.WRITE_PARTIES)
def mail(request: Visit) -> HttpResponse:
    """How it stands."""
    is_desk_here = is_ours(known(request))
    told = {
        "is_desk": is_desk_here,
        "has_numbers": is_desk_here or _has_numbers(request),
        "ways": ways() if is_desk_here else (),
        "came": _came(request),
        "went": _went(request),
        "to": _own_address(request),
        "once": fresh(),
        "may_try": is_desk_here and leaves_mail(),
    }
    return render(request, "setup/mail.html", told)


def ways() -> tuple[Way, ...]:
    """What mail needs, in the order in which it is set up. A server is shown by its host alone."""
    return (
        _way(_("the desk's address"), ADDRESS, _address),
        _way(_("the server that takes our mail"), SMTP, _smtp_host),
        _way(_("the mailbox that is read"), IMAP, _imap_host),
        _way(_("the keys by which answers find their ticket"), KEYS, _has_keys),
        _way(_("the server whose word about senders counts"), AUTHSERV, _authserv),
    )


def _way(name: str, setting: str, read: Reading) -> Way:
    try:
        said = read(os.environ)
    except SettingRefused as refusal:
        return Way(name, is_there=False, said=str(refusal), setting=setting)
    return Way(name, bool(said), said or "", setting)


def _address(environ: Mapping[str, str]) -> str:
    return desk_address(environ) or ""


def _smtp_host(environ: Mapping[str, str]) -> str:
    server = smtp_server(environ)
    return f"{server.host}:{server.port}" if server else ""


def _imap_host(environ: Mapping[str, str]) -> str:
    """The host alone: whether the whole of it can be used, the fetching itself says."""
    try:
        return urlsplit(environ.get(IMAP, "")).hostname or ""
    except ValueError:
        return ""


def _has_keys(environ: Mapping[str, str]) -> str:
    return _("yes") if token_keys(environ) else ""


def _authserv(environ: Mapping[str, str]) -> str:
    return environ.get(AUTHSERV, "").strip()


# Whose desk it is, and what came and went ---------------------------------------------------------


def is_ours(identity: Identity) -> bool:
    """Whether this installation receives mail for the organisation acted for."""
    named = desk_organisation(os.environ)
    return is_desk(organisation=identity.organisation, named=named, viewer=identity.viewer)


def _has_numbers(request: Visit) -> bool:
    identity = known(request)
    rows = NumberSeries.objects.seen_by(identity.viewer)
    return rows.filter(organisation_id=identity.organisation).exists()


def _came(request: Visit) -> dict[str, object]:
    """What came in: the last, and how many wait for a person."""
    identity = known(request)
    rows = Incoming.objects.seen_by(identity.viewer).filter(organisation_id=identity.organisation)
    last = rows.order_by("-received_at", "id").first()
    speaking = speaking_to(identity, request.at)
    return {
        "last": speaking.moment(instant_of(last.received_at)) if last else "",
        "apart": rows.filter(state=State.SET_APART).count(),
    }


def _went(request: Visit) -> dict[str, object]:
    """What went out: the last, and how many could not."""
    identity = known(request)
    rows = Notice.objects.seen_by(identity.viewer).filter(sender_id=identity.organisation)
    last = rows.filter(state=NoticeState.SENT).order_by("-sent_at", "id").first()
    speaking = speaking_to(identity, request.at)
    at = last.sent_at if last else None
    return {
        "last": speaking.moment(instant_of(at)) if at else "",
        "failed": rows.filter(state=NoticeState.FAILED).count(),
    }


# Trying it ----------------------------------------------------------------------------------------


def _own_address(request: Visit) -> str:
    """Where a mail to try it goes: to whoever asks, and nobody else."""
    identity = known(request)
    row = Person.objects.seen_by(identity.viewer).filter(pk=person_of(identity.actor)).first()
    return row.email if row else ""


@require_POST
@stated(Right.WRITE_PARTIES)
def try_mail(request: Visit) -> HttpResponse:
    """A mail to oneself, and what the server said of it."""
    to = _own_address(request)
    if not to or not is_ours(known(request)) or not leaves_mail():
        messages.error(request, _("No mail can leave yet: the list says what is missing."))
    elif once(request, lambda: True):
        _say(request, _tried(to), to)
    return HttpResponseRedirect(reverse("setup_mail"))


def _tried(to: str) -> tuple[Fate, str] | None:
    """What became of it; None where the server has not answered yet."""
    server, desk = smtp_server(os.environ), desk_address(os.environ)
    assert server is not None, "looked at before"
    assert desk is not None, "looked at before"
    mail = EmailMessage(_("A mail to try it"), _("It works: mail leaves here."), to=[to])
    try:
        sent = hand_over(bytes_of(mail, desk), server, desk, to).result(WAIT_SECONDS)
    except NotYet:
        return None
    return sent.fate, f"{sent.code or ''} {sent.text}".strip()


def _say(request: Visit, tried: tuple[Fate, str] | None, to: str) -> None:
    if tried is None:
        messages.info(request, _("On its way: the server takes its time."))
    elif tried[0] is Fate.ACCEPTED:
        messages.success(request, _("The server has taken it: look in the mailbox of %s.") % to)
    else:
        told = {"said": tried[1]}
        messages.error(request, _("The server did not take it. It said: %(said)s") % told)
