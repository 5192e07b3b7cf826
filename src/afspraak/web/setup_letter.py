"""An invitation's link by mail, through the desk's own server, beside the request."""

import os

from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from afspraak.notices.settings import SettingRefused, desk_address, smtp_server
from afspraak.parties.models import Invitation


def leaves_mail() -> bool:
    """Whether mail leaves this installation."""
    try:
        return bool(desk_address(os.environ) and smtp_server(os.environ))
    except SettingRefused:
        return False


def send_link(*, invitation: Invitation, link: str) -> None:
    """The link, in the language of the page on which it was asked for. Of what people wrote only
    the organisation's name stands in it, on one line.
    """
    name = " ".join(invitation.organisation.name.split())
    subject = _("%(name)s invites you") % {"name": name}
    body = _(
        "%(name)s invites you to Afspraak. Open this link within a day; it works once:\n\n"
        "%(link)s\n\nIf you expected no invitation, you need do nothing."
    ) % {"name": name, "link": link}
    EmailMessage(subject, body, to=[invitation.email]).send()
